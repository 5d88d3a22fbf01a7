//! What is measured: a simulator of its own for each row, and a fleet on it.

use std::{collections::HashSet, error::Error, time::Duration};

use clap::ValueEnum;
use drmm_sim::{Config, Counters, Operation, QuotaModel, Received, Server, Settings};
use serde::Serialize;

use crate::{
    client::Kind,
    fleet::{Ending, Fleet},
    process::Work,
};

/// The share of the limit up to which answers are not delayed.
const CUTOFF: f64 = 0.9;
/// A count that no run reaches.
const UNLIMITED: u32 = 1_000_000;
/// Requests of a script that count, and how many of those are writes.
const SCRIPT: f64 = 12.0;
const SCRIPT_READS: f64 = 10.0;
/// Requests of a single process.
const SINGLE: u32 = 2_000;
/// How many warranty dates may be set in a window.
const WARRANTY_LIMIT: u32 = 100;
/// Processes that do not end are killed after so many windows.
const PATIENCE: u32 = 40;
/// Windows in which a fleet reads without a pause.
const PRESSURE_WINDOWS: u32 = 10;
/// The gallery module's: it sleeps five minutes after a 403.
const BLOCK_WAIT_WINDOWS: u32 = 5;

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Case {
    /// Many processes that run a script at the same moment.
    Fleet,
    /// Some processes that read without a pause for ten windows.
    Pressure,
    /// 2,000 requests of one process.
    Single,
}

/// The quota of the account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    pub(crate) limit: u32,
    pub(crate) window: Duration,
}

/// Who is measured, with what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Player {
    Drmm,
    /// The yardstick, which sleeps this part of a window after a 429.
    FixedWait(Part),
}

/// A part of a window, in sixtieths: seconds of the live service's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part(pub(crate) u32);

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) case: Case,
    pub(crate) processes: u32,
    pub(crate) model: QuotaModel,
    pub(crate) player: Player,
    pub(crate) retry_after: bool,
    pub(crate) one_address: bool,
    /// `None` is the control: what the machine alone takes.
    pub(crate) quota: Option<Quota>,
}

/// What came of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) model: QuotaModel,
    pub(crate) client: String,
    pub(crate) retry_after: bool,
    pub(crate) processes: u32,
    /// Addresses that requests came from.
    pub(crate) addresses: usize,
    /// Processes all of whose requests were answered.
    pub(crate) finished: u32,
    pub(crate) answered: u64,
    pub(crate) failed: u64,
    pub(crate) first_failure: Option<String>,
    pub(crate) time_s: f64,
    /// What the design measures by: (requests − limit) / limit windows; none where the time is given.
    pub(crate) formula_s: Option<f64>,
    /// What no schedule can beat, within the limit and within the cut-off's share of it.
    pub(crate) bound_s: Option<f64>,
    pub(crate) cutoff_bound_s: Option<f64>,
    pub(crate) started_within_s: f64,
    pub(crate) status_429: u64,
    pub(crate) most_429_of_one: u64,
    pub(crate) status_403: u64,
    pub(crate) blocks: u64,
    pub(crate) delayed: u64,
    pub(crate) calibrations: u64,
    /// Requests that were neither wanted nor calibrations.
    pub(crate) repeated: u64,
    pub(crate) pressure: Option<Pressure>,
}

/// What a fleet under pressure made of its windows after the first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pressure {
    /// Requests that were let through, as a share of what the cut-off allows, on average.
    pub(crate) share: f64,
    /// The same, of the emptiest and the fullest window.
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) first_429: u64,
    pub(crate) later_429: u64,
    pub(crate) first_delayed: u64,
    pub(crate) later_delayed: u64,
    /// Each window, from the first request on.
    windows: Vec<Window>,
}

/// What came in a window, and what became of it.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Window {
    passed: u32,
    refused: u64,
    delayed: u64,
}

impl Plan {
    /// Measures it.
    pub(crate) fn run(&self) -> Result<Row, Box<dyn Error>> {
        let server = Server::start(self.config())?;
        let ending = self.fleet().run(&server)?;
        Ok(self.row(&ending, &server.counters(), &server.requests()))
    }

    fn config(&self) -> Config {
        let defaults = Settings::default();
        let mut settings = match self.quota {
            Some(quota) => Settings {
                quota_model: self.model,
                window: quota.window,
                limit: quota.limit,
                write_limit: quota.limit,
                cutoff: CUTOFF,
                ..defaults
            },
            None => Settings {
                quota_model: self.model,
                limit: UNLIMITED,
                write_limit: UNLIMITED,
                ..defaults
            },
        };
        let limits = &mut settings.operation_limits;
        limits.insert(Operation::DeviceUdfSet, settings.limit);
        limits.insert(
            Operation::DeviceWarrantyCreate,
            if self.quota.is_some() {
                WARRANTY_LIMIT
            } else {
                UNLIMITED
            },
        );
        Config {
            devices: self.processes.max(1_000),
            retry_after: self.retry_after,
            trust_forwarded_for: true,
            settings,
            ..Config::default()
        }
    }

    fn fleet(&self) -> Fleet {
        let window = self
            .quota
            .map_or(Duration::from_secs(6), |quota| quota.window);
        let (client, wait) = match self.player {
            Player::Drmm => (Kind::Drmm, Duration::ZERO),
            Player::FixedWait(Part(sixtieths)) => (Kind::FixedWait, window * sixtieths / 60),
        };
        let (work, threads, spread) = match self.case {
            // A second, as long as a window has six.
            Case::Fleet => (Work::Script, 1, window / 6),
            Case::Pressure => (Work::Pressure, 4, Duration::from_millis(200)),
            Case::Single => (Work::Reads, 8, Duration::ZERO),
        };
        Fleet {
            processes: self.processes,
            one_address: self.one_address,
            spread,
            client,
            work,
            threads,
            requests: SINGLE.into(),
            time: window * PRESSURE_WINDOWS,
            window,
            wait,
            block_wait: window * BLOCK_WAIT_WINDOWS,
            patience: window * PATIENCE,
        }
    }

    /// For each bucket of the work: how many requests it takes, and how many go in a window.
    fn buckets(&self, quota: Quota) -> Vec<(f64, f64)> {
        let limit = f64::from(quota.limit);
        let processes = f64::from(self.processes);
        let (all, reads) = (SCRIPT * processes, SCRIPT_READS * processes);
        match (self.case, self.model) {
            (Case::Pressure, _) => Vec::new(),
            (Case::Single, _) => vec![(f64::from(SINGLE), limit)],
            (Case::Fleet, QuotaModel::Legacy) => vec![(all, limit)],
            // Reads, all writes, and the writes of the one operation that may be done least often.
            (Case::Fleet, QuotaModel::Modern) => vec![
                (reads, limit),
                (all - reads, limit),
                (processes, f64::from(WARRANTY_LIMIT)),
            ],
        }
    }

    fn longest(&self, windows: impl Fn(f64, f64) -> f64) -> Option<f64> {
        let quota = self.quota?;
        let buckets = self.buckets(quota).into_iter();
        let longest = buckets
            .map(|(requests, limit)| windows(requests, limit).max(0.0))
            .max_by(f64::total_cmp)?;
        Some(longest * quota.window.as_secs_f64())
    }

    fn formula(&self) -> Option<f64> {
        // A single process that keeps below the cut-off has only its share.
        let share = if self.case == Case::Single {
            CUTOFF
        } else {
            1.0
        };
        self.longest(|requests, limit| (requests - limit * share) / (limit * share))
    }

    /// A request goes a window after the one that is a whole limit before it, at the earliest: so the
    /// last one waits whole windows.
    fn bound(&self, share: f64) -> Option<f64> {
        self.longest(|requests, limit| (requests / (limit * share).floor()).ceil() - 1.0)
    }

    fn row(&self, ending: &Ending, counters: &Counters, requests: &[Received]) -> Row {
        let calibrations = counters
            .by_route
            .get("GET /v2/system/request_rate")
            .copied()
            .unwrap_or(0);
        let of_status = |status| counters.by_status.get(&status).copied().unwrap_or(0);
        let needed = ending.answered + ending.failed;
        Row {
            case: match self.quota {
                Some(_) => format!("{:?}", self.case).to_lowercase(),
                None => "control".to_owned(),
            },
            model: self.model,
            client: self.player.to_string(),
            retry_after: self.retry_after,
            processes: self.processes,
            addresses: requests
                .iter()
                .map(|request| request.address)
                .collect::<HashSet<_>>()
                .len(),
            finished: ending.finished,
            answered: ending.answered,
            failed: ending.failed,
            first_failure: ending.first_failure.clone(),
            time_s: ending.time.as_secs_f64(),
            formula_s: self.formula(),
            bound_s: self.bound(1.0),
            cutoff_bound_s: self.bound(CUTOFF),
            started_within_s: ending.started_within.as_secs_f64(),
            status_429: of_status(429),
            most_429_of_one: counters.most_refused,
            status_403: counters.blocked,
            blocks: counters.blocks,
            delayed: counters.delayed,
            calibrations,
            repeated: counters.requests.saturating_sub(needed + calibrations),
            pressure: match (self.case, self.quota) {
                (Case::Pressure, Some(quota)) => pressure(quota, requests),
                _ => None,
            },
        }
    }
}

impl std::fmt::Display for Player {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Drmm => f.write_str("drmm"),
            Self::FixedWait(Part(60)) => f.write_str("fixed wait, a window"),
            Self::FixedWait(Part(sixtieths)) => write!(f, "fixed wait, {sixtieths}/60 of it"),
        }
    }
}

/// Sorts what was received into windows, from the first request on. The last window counts only if
/// it was a whole one.
fn pressure(quota: Quota, requests: &[Received]) -> Option<Pressure> {
    let api: Vec<_> = requests
        .iter()
        .filter(|request| request.path.starts_with("/api/"))
        .collect();
    let start = api.first()?.at;
    let length = u64::try_from(quota.window.as_millis()).ok()?;
    let mut windows: Vec<Window> = Vec::new();
    for request in api {
        let number = usize::try_from((request.at - start) / length).ok()?;
        windows.resize_with(windows.len().max(number + 1), Window::default);
        let window = &mut windows[number];
        match request.status {
            429 => window.refused += 1,
            403 => {}
            _ => window.passed += 1,
        }
        window.delayed += u64::from(request.delayed);
    }
    let allowed = f64::from(quota.limit) * CUTOFF;
    let shares: Vec<f64> = (1..PRESSURE_WINDOWS as usize)
        .map(|number| windows.get(number).map_or(0, |window| window.passed))
        .map(|passed| f64::from(passed) / allowed)
        .collect();
    let (first, later) = windows.split_first()?;
    Some(Pressure {
        share: shares.iter().sum::<f64>() / f64::from(PRESSURE_WINDOWS - 1),
        least: shares.iter().copied().fold(f64::INFINITY, f64::min),
        most: shares.iter().copied().fold(0.0, f64::max),
        first_429: first.refused,
        later_429: later.iter().map(|window| window.refused).sum(),
        first_delayed: first.delayed,
        later_delayed: later.iter().map(|window| window.delayed).sum(),
        windows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota {
        limit: 600,
        window: Duration::from_secs(6),
    };

    fn plan(case: Case, model: QuotaModel, processes: u32) -> Plan {
        Plan {
            case,
            processes,
            model,
            player: Player::Drmm,
            retry_after: false,
            one_address: false,
            quota: Some(QUOTA),
        }
    }

    #[test]
    fn the_formula_and_the_bounds_are_those_of_the_fullest_bucket() {
        let of = |plan: Plan| {
            let tenths = |time: Option<f64>| (time.unwrap() * 10.0).round();
            (
                tenths(plan.formula()),
                tenths(plan.bound(1.0)),
                tenths(plan.bound(CUTOFF)),
            )
        };
        let (legacy, modern) = (QuotaModel::Legacy, QuotaModel::Modern);
        assert_eq!(of(plan(Case::Fleet, legacy, 200)), (180.0, 180.0, 240.0));
        // 2,000 reads.
        assert_eq!(of(plan(Case::Fleet, modern, 200)), (140.0, 180.0, 180.0));
        // 60 processes read as much as goes at once; nothing else takes longer.
        assert_eq!(of(plan(Case::Fleet, modern, 60)), (0.0, 0.0, 60.0));
        assert_eq!(of(plan(Case::Single, legacy, 1)), (162.0, 180.0, 180.0));
        assert_eq!(plan(Case::Pressure, legacy, 20).formula(), None);
        let control = Plan {
            quota: None,
            ..plan(Case::Fleet, legacy, 200)
        };
        assert_eq!((control.formula(), control.bound(1.0)), (None, None));
    }

    #[test]
    fn windows_are_counted_from_the_first_request() {
        let received = |at, status, delayed| Received {
            at,
            method: "GET".to_owned(),
            path: "/api/v2/account".to_owned(),
            query: String::new(),
            body: String::new(),
            content_type: None,
            user_agent: None,
            address: std::net::IpAddr::from([127, 0, 0, 1]),
            delayed,
            status,
        };
        let token = Received {
            path: "/auth/oauth/token".to_owned(),
            ..received(0, 200, false)
        };
        let mut requests = vec![token, received(1_000, 429, true)];
        // The second window of nine is the fullest, the last one is empty.
        requests.extend((0..7).map(|number| received(7_000 + 6_000 * number, 200, false)));
        requests.extend([
            received(12_999, 200, true),
            received(7_500, 429, false),
            received(8_000, 403, false),
        ]);
        let quota = Quota { limit: 10, ..QUOTA };
        let pressure = pressure(quota, &requests).unwrap();
        let percent = |share: f64| (share * 1_000.0).round();
        // Eight requests in nine windows of nine each.
        assert_eq!(percent(pressure.share), 99.0);
        assert_eq!(
            (percent(pressure.least), percent(pressure.most)),
            (0.0, 222.0)
        );
        assert_eq!((pressure.first_429, pressure.later_429), (1, 1));
        assert_eq!((pressure.first_delayed, pressure.later_delayed), (1, 1));
        let fullest = Window {
            passed: 2,
            refused: 1,
            delayed: 1,
        };
        assert_eq!(
            (pressure.windows.len(), &pressure.windows[1]),
            (8, &fullest)
        );
    }
}
