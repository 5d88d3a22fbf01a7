//! What holds whatever happens: random limits, windows, models, latencies, bursts, strangers on the
//! same account, cancellations and clocks that jump, beside a server that counts on its own.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::rate::Count;
use super::world::{JOB, OTHER_WRITE, Server, UDF, ms};
use super::{Outcome, Quota, RateStatus, Report, Sent, Ticket, Turn};
use crate::operation::Access;

/// What a random schedule does at each step.
#[derive(Debug, Clone)]
enum Step {
    /// So many requests of a kind come at once.
    Arrive(Access, u8),
    /// One that waits is cancelled.
    GiveUp(prop::sample::Index),
    /// Others on the account send so many.
    Strangers(Access, u8),
    /// The server tells what it has counted, asked by somebody.
    Report,
    /// Time passes, in ms.
    Pass(u64),
    /// The machine slept, or the clock went back a little.
    Jump(i64),
}

fn access() -> impl Strategy<Value = Access> {
    prop_oneof![4 => Just(Access::Read), 2 => Just(UDF), 1 => Just(JOB), 1 => Just(OTHER_WRITE)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (access(), 1_u8..6).prop_map(|(access, many)| Step::Arrive(access, many)),
        2 => any::<prop::sample::Index>().prop_map(Step::GiveUp),
        2 => (access(), 1_u8..8).prop_map(|(access, many)| Step::Strangers(access, many)),
        1 => Just(Step::Report),
        6 => (0_u64..400).prop_map(Step::Pass),
        1 => (0_u64..5000).prop_map(Step::Pass),
        1 => (-20_i64..20_000).prop_map(Step::Jump),
    ];
    prop::collection::vec(step, 1..250)
}

/// A request on its way.
#[derive(Debug)]
struct Flight {
    sent: Sent,
    /// When the server counts it; then nothing, since it has.
    counted: Option<Instant>,
    refused: bool,
    asks: bool,
    outcome: Outcome,
}

/// One process beside the server, and what it must keep to, reckoned here in another way.
struct Run {
    now: Instant,
    quota: Quota,
    server: Server,
    waiting: Vec<(Ticket, Access)>,
    flights: BTreeMap<(Instant, usize), Flight>,
    numbers: usize,
    latencies: Vec<(u64, f64)>,
    /// What the server told last: others' requests by bucket, and when.
    told: BTreeMap<&'static str, (usize, Instant)>,
    /// Our own requests as the server has counted them.
    own: BTreeMap<&'static str, Vec<Instant>>,
    strangers: bool,
    known: bool,
    last: BTreeMap<&'static str, Ticket>,
    gone: usize,
}

impl Run {
    /// When the answer comes, when the server counts it, and what becomes of it if the server
    /// does not refuse it.
    fn latency(&mut self) -> (Duration, Duration, Outcome) {
        self.numbers += 1;
        let (ms_, share) = self.latencies[self.numbers % self.latencies.len()];
        let outcome = match share {
            0.9.. => Outcome::Lost,
            0.8..0.9 => Outcome::NotSent,
            _ => Outcome::Answered,
        };
        (ms(ms_), ms(ms_).mul_f64(share), outcome)
    }

    fn send(&mut self, sent: Sent, asks: bool) {
        let (answer, counted, outcome) = self.latency();
        let flight = Flight {
            sent,
            counted: (outcome != Outcome::NotSent).then_some(self.now + counted),
            refused: false,
            asks,
            outcome,
        };
        self.flights
            .insert((self.now + answer, self.numbers), flight);
    }

    fn in_window(&self, bucket: &str, at: Instant) -> usize {
        let window = self.server.window;
        let own = self.own.get(bucket).map_or(&[][..], Vec::as_slice);
        own.iter()
            .filter(|counted| **counted <= at && **counted + window > at)
            .count()
    }

    /// What others were last seen to use, decaying over one window; never more than that.
    fn seen(&self, bucket: &str) -> usize {
        let Some((others, at)) = self.told.get(bucket) else {
            return 0;
        };
        let window = self.server.window.as_micros();
        let gone = self
            .now
            .saturating_duration_since(*at)
            .as_micros()
            .min(window);
        usize::try_from(*others as u128 * (window - gone) / window).expect("a part of others")
    }

    /// Everybody goes whose turn it is; then nobody may be waiting while there is room.
    fn pump(&mut self) -> Result<Option<Instant>, TestCaseError> {
        loop {
            let mut wake: Option<Instant> = None;
            let mut went = None;
            for (index, (ticket, access)) in self.waiting.iter().enumerate() {
                match self.quota.turn(*ticket, self.now) {
                    Turn::Go(sent) => {
                        went = Some((Some(index), sent, *access));
                        break;
                    }
                    Turn::Ask(sent) => {
                        went = Some((None, sent, Access::Read));
                        break;
                    }
                    Turn::Wait { until, .. } => {
                        prop_assert!(until.is_none_or(|until| until > self.now));
                        wake = wake.into_iter().chain(until).min();
                    }
                    turn => prop_assert!(false, "{:?}", turn),
                }
            }
            let Some((index, sent, access)) = went else {
                self.nobody_waits_in_vain()?;
                return Ok(wake);
            };
            let Some(index) = index else {
                self.send(sent, true);
                continue;
            };
            self.leaves_others_their_part(access)?;
            let (ticket, _) = self.waiting.remove(index);
            for bucket in self.server.buckets(access) {
                if self.known {
                    let last = self.last.insert(bucket, ticket);
                    // Within a bucket that alone decides, it is first come, first served.
                    if bucket == "read" || bucket == "account" || bucket.starts_with("device") {
                        prop_assert!(last.is_none_or(|last| last < ticket), "out of turn");
                    }
                }
            }
            self.gone += 1;
            self.send(sent, false);
        }
    }

    /// Another request is let go: all of ours that the server may count in one window, and what
    /// others were last seen to use, are not more than is allowed.
    fn leaves_others_their_part(&self, access: Access) -> Result<(), TestCaseError> {
        if !self.known || !self.server.refusals.is_empty() {
            return Ok(());
        }
        for bucket in self.server.buckets(access) {
            let coming = self
                .flights
                .values()
                .filter(|flight| flight.counted.is_some())
                .filter(|flight| self.server.buckets(flight.sent.access).contains(&bucket))
                .count();
            let own = self.in_window(bucket, self.now) + coming + 1;
            let (seen, allowed) = (self.seen(bucket), self.server.allowed(bucket));
            prop_assert!(
                own + seen <= allowed,
                "{bucket}: {own} of our own and {seen} of others, {allowed} allowed"
            );
        }
        Ok(())
    }

    fn nobody_waits_in_vain(&mut self) -> Result<(), TestCaseError> {
        // What was learned long ago is learned again first.
        if !self.known
            || self
                .quota
                .calibration
                .shuts(0, self.server.window, self.now)
        {
            return Ok(());
        }
        let usage = self.quota.usage(self.now);
        if usage
            .buckets
            .iter()
            .any(|bucket| bucket.stopped_until.is_some())
            || !self.server.refusals.is_empty()
        {
            return Ok(());
        }
        for (_, access) in &self.waiting {
            let full = self.server.buckets(*access).iter().any(|name| {
                let bucket = usage.buckets.iter().find(|bucket| bucket.name == *name);
                bucket.is_some_and(|bucket| bucket.own + bucket.others >= bucket.allowed)
            });
            prop_assert!(full, "{access:?} waits while there is room: {usage:?}");
        }
        Ok(())
    }

    /// The server counts what is due until `now`, and what it has then is checked.
    fn count(&mut self) -> Result<(), TestCaseError> {
        let mut due: Vec<_> = self
            .flights
            .iter()
            .filter_map(|(key, flight)| Some((flight.counted.filter(|at| *at <= self.now)?, *key)))
            .collect();
        due.sort();
        for (at, key) in due {
            let flight = self.flights.get_mut(&key).expect("a flight");
            flight.counted = None;
            let access = flight.sent.access;
            if self.server.hit(access, at).is_err() {
                flight.refused = true;
                continue;
            }
            for bucket in self.server.buckets(access) {
                self.own.entry(bucket).or_default().push(at);
                if self.known && self.server.refusals.is_empty() {
                    let (own, allowed) = (self.in_window(bucket, at), self.server.allowed(bucket));
                    prop_assert!(
                        own <= allowed,
                        "{bucket}: {own} in a window, {allowed} allowed"
                    );
                }
            }
        }
        Ok(())
    }

    fn answer(&mut self, key: (Instant, usize)) {
        let flight = self.flights.remove(&key).expect("a flight");
        if flight.refused {
            self.quota.refused(flight.sent, None, 0.3, self.now);
            if flight.asks {
                self.quota.calibrated(Report::Failed, self.now);
            } else {
                let ticket = self.quota.enter(flight.sent.access, 0, self.now);
                self.waiting.push((ticket, flight.sent.access));
            }
            return;
        }
        self.quota.ended(flight.sent, flight.outcome, self.now);
        match flight.outcome {
            Outcome::Answered if flight.asks => self.tell(),
            _ if flight.asks => self.quota.calibrated(Report::Failed, self.now),
            _ => {}
        }
    }

    fn tell(&mut self) {
        let status: RateStatus = self.server.report(self.now);
        let mut counts: Vec<(&'static str, Count)> = Vec::new();
        if self.server.modern {
            counts.push(("read", status.account));
            counts.extend(status.write.map(|count| ("write", count)));
            for name in ["device-udf-set", "device-job-create"] {
                counts.push((name, status.operations[name]));
            }
        } else {
            counts.push(("account", status.account));
        }
        self.quota.calibrated(Report::Told(&status), self.now);
        let usage = self.quota.usage(self.now);
        for (bucket, count) in counts {
            // Of ours the server may have counted any that holds a place.
            let own = usage.buckets.iter().find(|known| known.name == bucket);
            let own = own.map_or(0, |bucket| bucket.own as usize);
            let others = (count.count as usize).saturating_sub(own);
            self.told.insert(bucket, (others, self.now));
        }
        self.known = true;
    }

    /// Everything that happens until `end`.
    fn until(&mut self, end: Instant) -> Result<(), TestCaseError> {
        loop {
            let turn = self.pump()?;
            let answer = self.flights.keys().next().map(|(at, _)| *at);
            match turn.into_iter().chain(answer).min() {
                Some(at) if at <= end => {
                    self.now = self.now.max(at);
                    self.count()?;
                    let due: Vec<_> = self
                        .flights
                        .range(..=(self.now, usize::MAX))
                        .map(|(key, _)| *key)
                        .collect();
                    for key in due {
                        self.answer(key);
                    }
                }
                _ => break,
            }
        }
        self.now = end;
        self.count()
    }
}

proptest! {
    // A case that fails is shrunk for a while, not for as long as CI has.
    #![proptest_config(ProptestConfig {
        max_shrink_time: 20_000,
        ..ProptestConfig::with_cases(400)
    })]

    /// The server's window never holds more than the cut-off share, counting what others were last
    /// seen to use; those who wait go in order; nobody waits while there is room; a cancelled
    /// waiter frees its place; and in the end everybody got there.
    #[test]
    fn never_overrun_in_order_never_idle_and_everybody_gets_there(
        modern in any::<bool>(),
        limit in 4_u32..40,
        cutoff in 0.3_f64..=1.0,
        window in 200_u64..3000,
        strangers in any::<bool>(),
        steps in steps(),
        latencies in prop::collection::vec((0_u64..300, 0.0_f64..=1.0), 1..50),
    ) {
        let now = Instant::now() + ms(100_000);
        let server = Server::new(modern, limit, ms(window), cutoff);
        let mut run = Run {
            now,
            quota: Quota::new(ms(window)),
            server,
            waiting: Vec::new(),
            flights: BTreeMap::new(),
            numbers: 0,
            latencies,
            told: BTreeMap::new(),
            own: BTreeMap::new(),
            strangers,
            known: false,
            last: BTreeMap::new(),
            gone: 0,
        };
        run.tell();
        let (mut arrived, mut cancelled) = (0, 0);
        let mut steps = steps;
        // Time enough, at the end, for all who still wait, though one may go in a window.
        steps.extend((0..1500).map(|_| Step::Pass(window + 300)));
        let scheduled = steps.len() - 1500;
        for (number, step) in steps.into_iter().enumerate() {
            if number > scheduled && run.waiting.is_empty() {
                break;
            }
            let mut end = run.now;
            match step {
                Step::Arrive(access, many) => {
                    for _ in 0..many {
                        arrived += 1;
                        let ticket = run.quota.enter(access, 0, run.now);
                        run.waiting.push((ticket, access));
                    }
                }
                Step::GiveUp(which) if !run.waiting.is_empty() => {
                    let (ticket, _) = run.waiting.remove(which.index(run.waiting.len()));
                    run.quota.leave(ticket);
                    cancelled += 1;
                }
                Step::GiveUp(_) => {}
                Step::Strangers(access, many) if run.strangers => {
                    for _ in 0..many {
                        // A stranger who is refused is not ours to care for.
                        if run.server.hit(access, run.now).is_err() {
                            run.server.refusals.pop();
                        }
                    }
                }
                Step::Strangers(..) => {}
                Step::Report if run.flights.is_empty() => run.tell(),
                Step::Report => {}
                Step::Pass(time) => end += ms(time),
                Step::Jump(time) if time >= 0 => end += ms(time.unsigned_abs()),
                // The server's clock goes on; ours is behind for a moment.
                Step::Jump(time) => {
                    let own = |at, quota: &mut Quota| -> Vec<_> {
                        let buckets = quota.usage(at).buckets.into_iter();
                        buckets.map(|bucket| bucket.own).collect()
                    };
                    let held = own(run.now, &mut run.quota);
                    let before = run.now - ms(time.unsigned_abs());
                    prop_assert_eq!(own(before, &mut run.quota), held);
                }
            }
            run.until(end)?;
        }
        prop_assert!(run.waiting.is_empty(), "{} still wait", run.waiting.len());
        prop_assert!(run.gone >= arrived - cancelled);
    }
}
