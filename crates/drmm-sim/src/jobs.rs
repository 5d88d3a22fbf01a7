//! The jobs that callers have created, and how far each has come.

use std::{collections::HashMap, time::Duration};

use parking_lot::RwLock;

use crate::seed::{Purpose, Seed, Uid};

/// The id of the first job, and the step to the next.
const FIRST_ID: i64 = 7_100_003;
const ID_STEP: i64 = 2;

/// A job on one device, with one component.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) uid: Uid,
    pub(crate) id: i64,
    pub(crate) name: String,
    /// The device, by its position in the account.
    pub(crate) device: u32,
    /// The component, by its position.
    pub(crate) component: u32,
    /// Each variable of the component with the value it runs with.
    pub(crate) variables: Vec<(&'static str, String)>,
    /// Unix milliseconds.
    pub(crate) created_ms: i64,
    /// The same moment on the server's own clock.
    created: Duration,
    /// How long it takes; `None` if its device never gets to it.
    takes: Option<Duration>,
}

/// What a job is to be.
pub(crate) struct Order {
    pub(crate) name: String,
    pub(crate) device: u32,
    pub(crate) component: u32,
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) takes: Option<Duration>,
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Phase {
    Pending,
    Running,
    Done,
}

impl Job {
    /// It waits for a third of its time, then it runs.
    pub(crate) fn phase(&self, now: Duration) -> Phase {
        let age = now.saturating_sub(self.created);
        match self.takes {
            Some(takes) if age >= takes => Phase::Done,
            Some(takes) if age >= takes / 3 => Phase::Running,
            _ => Phase::Pending,
        }
    }

    /// When it began to run, Unix milliseconds; `None` while it waits.
    pub(crate) fn ran_on(&self, now: Duration) -> Option<i64> {
        if self.phase(now) == Phase::Pending {
            return None;
        }
        let waited = self.takes.unwrap_or_default() / 3;
        Some(self.created_ms + i64::try_from(waited.as_millis()).unwrap_or_default())
    }
}

/// All jobs since the server started.
pub(crate) struct Jobs {
    seed: Seed,
    inner: RwLock<Inner>,
}

#[derive(Default)]
struct Inner {
    list: Vec<Job>,
    by_uid: HashMap<Uid, usize>,
}

impl Jobs {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed: Seed(seed),
            inner: RwLock::default(),
        }
    }

    /// Creates a job at a moment, told by both clocks.
    pub(crate) fn create(&self, order: Order, created: Duration, created_ms: i64) -> Job {
        let mut inner = self.inner.write();
        let number = inner.list.len();
        let uid = self
            .seed
            .uid(Purpose::JobUid, u32::try_from(number).unwrap_or_default());
        let job = Job {
            uid,
            id: FIRST_ID + ID_STEP * i64::try_from(number).unwrap_or_default(),
            name: order.name,
            device: order.device,
            component: order.component,
            variables: order.variables,
            created_ms,
            created,
            takes: order.takes,
        };
        inner.list.push(job.clone());
        inner.by_uid.insert(uid, number);
        job
    }

    /// The job with this uid.
    pub(crate) fn find(&self, uid: &str) -> Option<Job> {
        let inner = self.inner.read();
        let number = *inner.by_uid.get(&Uid::parse(uid)?)?;
        inner.list.get(number).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn created_at(seconds: u64, takes: Option<Duration>) -> Job {
        let order = Order {
            name: "a".to_owned(),
            device: 0,
            component: 0,
            variables: Vec::new(),
            takes,
        };
        Jobs::new(1).create(order, Duration::from_secs(seconds), 1_000_000)
    }

    #[test]
    fn a_job_waits_runs_and_ends() {
        let job = created_at(10, Some(Duration::from_secs(3)));
        for (now, phase, ran_on) in [
            (10_000, Phase::Pending, None),
            (10_999, Phase::Pending, None),
            (11_000, Phase::Running, Some(1_001_000)),
            (12_999, Phase::Running, Some(1_001_000)),
            (13_000, Phase::Done, Some(1_001_000)),
        ] {
            let now = Duration::from_millis(now);
            assert_eq!(
                (job.phase(now), job.ran_on(now)),
                (phase, ran_on),
                "{now:?}"
            );
        }
    }

    #[test]
    fn a_job_without_length_is_done_at_once_and_one_without_a_device_never() {
        let now = Duration::from_secs(10);
        assert_eq!(created_at(10, Some(Duration::ZERO)).phase(now), Phase::Done);
        let waiting = created_at(10, None);
        assert_eq!(waiting.phase(now * 1_000_000), Phase::Pending);
        assert_eq!(waiting.ran_on(now * 1_000_000), None);
    }

    #[test]
    fn a_job_is_found_by_its_own_uid() {
        let jobs = Jobs::new(1);
        let order = |name: &str| Order {
            name: name.to_owned(),
            device: 0,
            component: 0,
            variables: Vec::new(),
            takes: None,
        };
        let first = jobs.create(order("first"), Duration::ZERO, 0);
        let second = jobs.create(order("second"), Duration::ZERO, 0);
        assert_ne!((first.uid, first.id), (second.uid, second.id));
        for job in [first, second] {
            assert_eq!(jobs.find(&job.uid.to_string()).unwrap().name, job.name);
        }
        assert!(jobs.find("x").is_none());
    }
}
