//! A server and any number of processes on one account, under a virtual clock.
//!
//! The server counts as the API does and knows nothing of this crate's quota: a request counts at
//! some moment between its sending and its answer, in the buckets of its kind, for one window.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::time::{Duration, Instant};

use super::rate::Count;
use super::{Outcome, Quota, RateStatus, Report, Sent, Ticket, Turn};
use crate::operation::Access;

pub(super) const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A write with a bucket of its own, and one without.
pub(super) const UDF: Access = Access::Write(&["device-udf-set"]);
pub(super) const JOB: Access = Access::Write(&["device-job-create"]);
pub(super) const OTHER_WRITE: Access = Access::Write(&[]);

/// A small generator of random numbers: a run is known by its seed.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// In 0..1.
    pub(super) fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn up_to(&mut self, time: Duration) -> Duration {
        time.mul_f64(self.next())
    }
}

/// The account as the server sees it.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) window: Duration,
    pub(super) cutoff: f64,
    pub(super) limits: BTreeMap<&'static str, u32>,
    pub(super) modern: bool,
    pub(super) retry_after: bool,
    pub(super) counted: BTreeMap<&'static str, VecDeque<Instant>>,
    /// When each 429 was given.
    pub(super) refusals: Vec<Instant>,
    /// When each request was counted in the first bucket.
    pub(super) log: Vec<Instant>,
    pub(super) delayed: usize,
    pub(super) reports: usize,
}

impl Server {
    pub(super) fn new(modern: bool, limit: u32, window: Duration, cutoff: f64) -> Self {
        let limits = [
            ("account", limit),
            ("read", limit),
            ("write", limit),
            ("device-udf-set", limit),
            ("device-job-create", (limit / 4).max(1)),
        ];
        Self {
            window,
            cutoff,
            limits: limits.into(),
            modern,
            retry_after: false,
            counted: BTreeMap::new(),
            refusals: Vec::new(),
            log: Vec::new(),
            delayed: 0,
            reports: 0,
        }
    }

    pub(super) fn buckets(&self, access: Access) -> Vec<&'static str> {
        match access {
            _ if !self.modern => vec!["account"],
            Access::Read => vec!["read"],
            Access::Write(names) => [&["write"], names].concat(),
        }
    }

    pub(super) fn allowed(&self, bucket: &str) -> usize {
        let share = f64::from(self.limits[bucket]) * self.cutoff + 1e-6;
        (1..)
            .take_while(|count| f64::from(*count) <= share)
            .count()
            .max(1)
    }

    pub(super) fn count(&mut self, bucket: &'static str, now: Instant) -> usize {
        let window = self.window;
        let counted = self.counted.entry(bucket).or_default();
        while counted.front().is_some_and(|at| *at + window <= now) {
            counted.pop_front();
        }
        counted.len()
    }

    /// A request comes: the delay of its answer, or for 429 what `Retry-After` would say.
    pub(super) fn hit(&mut self, access: Access, now: Instant) -> Result<Duration, Duration> {
        let buckets = self.buckets(access);
        let mut wait = Duration::ZERO;
        for bucket in &buckets {
            let limit = self.limits[bucket] as usize;
            if self.count(bucket, now) >= limit {
                let counted = &self.counted[bucket];
                let room = counted[counted.len() - limit] + self.window;
                wait = wait.max(room - now);
            }
        }
        if !wait.is_zero() {
            self.refusals.push(now);
            return Err(wait);
        }
        let mut over = false;
        for bucket in buckets {
            let counted = self.counted.entry(bucket).or_default();
            counted.push_back(now);
            over |= counted.len() > self.allowed(bucket);
        }
        self.log.push(now);
        self.delayed += usize::from(over);
        Ok(if over {
            self.window / 60
        } else {
            Duration::ZERO
        })
    }

    pub(super) fn report(&mut self, now: Instant) -> RateStatus {
        self.reports += 1;
        let modern = self.modern;
        let mut count = |bucket| Count {
            limit: self.limits[bucket],
            count: u32::try_from(self.count(bucket, now)).expect("a count"),
        };
        let (account, write, operations) = if modern {
            let operations = ["device-udf-set", "device-job-create"];
            let operations = operations.map(|name| (name.to_owned(), count(name)));
            (count("read"), Some(count("write")), operations.into())
        } else {
            (count("account"), None, BTreeMap::new())
        };
        RateStatus {
            window: self.window,
            cutoff: self.cutoff,
            account,
            write,
            operations,
            asked: None,
        }
    }
}

/// Something that is going to happen.
#[derive(Debug, Clone, PartialEq)]
enum Event {
    /// A caller's next request.
    Call { caller: usize },
    /// A request comes to the server.
    Come {
        sent: Sent,
        access: Access,
        caller: Option<usize>,
        answer: Instant,
    },
    /// An answer comes back.
    Answer {
        sent: Sent,
        caller: Option<usize>,
        outcome: Result<Option<RateStatus>, Option<Duration>>,
    },
    /// Somebody's turn may have come.
    Wake,
}

/// Who sends one request after the other.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) calls: VecDeque<Access>,
    pub(super) waiting: Option<(Ticket, Access)>,
}

/// One process: its quota and its callers.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) quota: Quota,
    pub(super) callers: Vec<Caller>,
    pub(super) done: Option<Instant>,
    pub(super) refused: usize,
    pub(super) latency: Duration,
    wake: Option<Instant>,
}

pub(super) struct World {
    pub(super) start: Instant,
    pub(super) now: Instant,
    pub(super) server: Server,
    pub(super) processes: Vec<Process>,
    pub(super) chance: Chance,
    events: BinaryHeap<Reverse<(Instant, u64, usize)>>,
    pending: BTreeMap<u64, Event>,
    numbers: u64,
    /// After this nobody begins a call.
    pub(super) ends: Option<Instant>,
}

impl World {
    pub(super) fn new(server: Server, seed: u64) -> Self {
        let start = Instant::now();
        Self {
            start,
            now: start,
            server,
            processes: Vec::new(),
            chance: Chance::new(seed),
            events: BinaryHeap::new(),
            pending: BTreeMap::new(),
            numbers: 0,
            ends: None,
        }
    }

    /// A process that begins at `at` with these callers; it takes the server's window for granted.
    pub(super) fn add(&mut self, at: Duration, latency: Duration, callers: Vec<Vec<Access>>) {
        let process = self.processes.len();
        let callers: Vec<Caller> = callers
            .into_iter()
            .map(|calls| Caller {
                calls: calls.into(),
                waiting: None,
            })
            .collect();
        for caller in 0..callers.len() {
            self.plan(self.start + at, process, Event::Call { caller });
        }
        self.processes.push(Process {
            quota: Quota::new(self.server.window),
            callers,
            done: None,
            refused: 0,
            latency,
            wake: None,
        });
    }

    /// Lets happen what is due next; `false` if nothing is.
    pub(super) fn step(&mut self) -> bool {
        let Some(Reverse((at, number, process))) = self.events.pop() else {
            return false;
        };
        self.now = self.now.max(at);
        let event = self.pending.remove(&number).expect("an event");
        self.happen(process, event);
        self.pump(process);
        true
    }

    pub(super) fn run(&mut self) {
        while self.step() {}
    }

    fn plan(&mut self, at: Instant, process: usize, event: Event) {
        self.numbers += 1;
        self.events.push(Reverse((at, self.numbers, process)));
        self.pending.insert(self.numbers, event);
    }

    fn happen(&mut self, process: usize, event: Event) {
        let now = self.now;
        match event {
            Event::Wake => self.processes[process].wake = None,
            Event::Call { caller } => {
                let over = self.ends.is_some_and(|ends| now >= ends);
                let owner = &mut self.processes[process];
                let next = owner.callers[caller].calls.pop_front().filter(|_| !over);
                let Some(access) = next else {
                    owner.done = Some(now);
                    return;
                };
                self.enter(process, caller, access);
            }
            Event::Come {
                sent,
                access,
                caller,
                answer,
            } => {
                let (answer, outcome) = match self.server.hit(access, now) {
                    Err(wait) => {
                        let seconds = Duration::from_secs_f64(wait.as_secs_f64().ceil().max(1.0));
                        let asked = self.server.retry_after.then_some(seconds);
                        (answer, Err(asked))
                    }
                    Ok(_) if caller.is_none() => (answer, Ok(Some(self.server.report(now)))),
                    Ok(delay) => (answer + delay, Ok(None)),
                };
                let event = Event::Answer {
                    sent,
                    caller,
                    outcome,
                };
                self.plan(answer, process, event);
            }
            Event::Answer {
                sent,
                caller,
                outcome,
            } => {
                let chance = self.chance.next();
                let owner = &mut self.processes[process];
                let refused = outcome.is_err();
                match outcome {
                    Ok(status) => {
                        owner.quota.ended(sent, Outcome::Answered, now);
                        if let Some(status) = status {
                            owner.quota.calibrated(Report::Told(&status), now);
                        }
                    }
                    Err(retry_after) => {
                        owner.refused += 1;
                        owner.quota.refused(sent, retry_after, chance, now);
                        if caller.is_none() {
                            owner.quota.calibrated(Report::Failed, now);
                        }
                    }
                }
                let Some(caller) = caller else { return };
                if refused {
                    self.enter(process, caller, sent.access);
                } else {
                    self.plan(now, process, Event::Call { caller });
                }
            }
        }
    }

    fn enter(&mut self, process: usize, caller: usize, access: Access) {
        let now = self.now;
        let owner = &mut self.processes[process];
        let ticket = owner.quota.enter(access, 0, now);
        owner.callers[caller].waiting = Some((ticket, access));
    }

    fn send(&mut self, process: usize, caller: Option<usize>, sent: Sent, access: Access) {
        let most = self.processes[process].latency;
        let latency = most / 2 + self.chance.up_to(most / 2);
        let come = self.now + self.chance.up_to(latency);
        let answer = self.now + latency;
        let event = Event::Come {
            sent,
            access,
            caller,
            answer,
        };
        self.plan(come, process, event);
    }

    /// Lets everybody of a process go whose turn it is.
    pub(super) fn pump(&mut self, process: usize) {
        let now = self.now;
        loop {
            let owner = &mut self.processes[process];
            let mut waiting: Vec<_> = owner
                .callers
                .iter()
                .enumerate()
                .filter_map(|(caller, state)| Some((state.waiting?, caller)))
                .collect();
            waiting.sort_by_key(|((ticket, _), _)| *ticket);
            let mut wake: Option<Instant> = None;
            let mut went = None;
            for ((ticket, access), caller) in waiting {
                match owner.quota.turn(ticket, now) {
                    Turn::Go(sent) => {
                        owner.callers[caller].waiting = None;
                        went = Some((Some(caller), sent, access));
                        break;
                    }
                    Turn::Ask(sent) => {
                        went = Some((None, sent, Access::Read));
                        break;
                    }
                    Turn::Wait { until, .. } => {
                        assert!(
                            until.is_none_or(|until| until > now),
                            "a wait into the past"
                        );
                        wake = wake.into_iter().chain(until).min();
                    }
                    turn => panic!("{turn:?}"),
                }
            }
            let Some((caller, sent, access)) = went else {
                if let Some(at) = wake.filter(|at| owner.wake.is_none_or(|known| *at < known)) {
                    owner.wake = Some(at);
                    self.plan(at, process, Event::Wake);
                }
                return;
            };
            self.send(process, caller, sent, access);
        }
    }
}
