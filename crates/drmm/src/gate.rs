//! The quota's queue as threads meet it: they wait here for their turn.

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::job::{Job, Waiting};
use crate::quota::{Bucket, RateStatus, Turn, Usage};
use crate::sync::{lock, wait};

/// A wait shorter than this is not worth a line.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// One account's quota.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    bucket: Mutex<Bucket>,
    changed: Condvar,
}

/// The right to send one request. Dropped without a word it counts as sent.
pub(crate) struct Permit<'a> {
    gate: &'a Gate,
    told: bool,
}

impl Gate {
    /// Waits for the turn of one request; `None` if the job was cancelled. `calibrate` is called
    /// if it is time to ask the server what it has counted: it must not wait.
    pub(crate) fn pass(&self, job: &Job, calibrate: impl FnOnce()) -> Option<Permit<'_>> {
        let (ticket, due) = {
            let mut bucket = lock(&self.bucket);
            let ticket = bucket.enter();
            let due = bucket.begin_calibration(Instant::now(), job.coming());
            (ticket, due)
        };
        if due {
            calibrate();
        }
        let mut told = false;
        let mut bucket = lock(&self.bucket);
        loop {
            if job.is_cancelled() {
                bucket.leave(ticket);
                self.changed.notify_all();
                return None;
            }
            let now = Instant::now();
            match bucket.turn(ticket, now) {
                Turn::Go => {
                    // The next in the queue is now the first.
                    self.changed.notify_all();
                    job.wait_for_quota(None);
                    return Some(Permit {
                        gate: self,
                        told: false,
                    });
                }
                Turn::Wait { until, ahead } => {
                    let waiting = Waiting { until, ahead };
                    job.wait_for_quota(Some(waiting));
                    let long = until
                        .is_some_and(|until| until.saturating_duration_since(now) >= WORTH_TELLING);
                    if long && !told {
                        told = true;
                        job.detail(waiting.text(now));
                    }
                    bucket = wait(&self.changed, bucket, until);
                }
            }
        }
    }

    /// The place that a calibration took when it began.
    pub(crate) fn calibration_permit(&self) -> Permit<'_> {
        Permit {
            gate: self,
            told: false,
        }
    }

    /// The server said 429: the time for which everyone stops, or `None` if they had stopped already.
    pub(crate) fn refused(&self, retry_after: Option<Duration>) -> Option<Duration> {
        let pause = lock(&self.bucket).refused(Instant::now(), retry_after, fastrand::f64());
        self.changed.notify_all();
        pause
    }

    /// The server has told what it counted, or would not.
    pub(crate) fn calibrated(&self, status: Option<RateStatus>) {
        let mut bucket = lock(&self.bucket);
        match status {
            Some(status) => bucket.calibrated(status, Instant::now()),
            None => bucket.calibration_failed(Instant::now()),
        }
        self.changed.notify_all();
    }

    pub(crate) fn usage(&self) -> Usage {
        lock(&self.bucket).usage(Instant::now())
    }

    /// Makes everyone who waits look again, to see that they were cancelled.
    pub(crate) fn wake(&self) {
        let _bucket = lock(&self.bucket);
        self.changed.notify_all();
    }
}

impl Permit<'_> {
    /// The request never left this machine.
    pub(crate) fn not_sent(mut self) {
        self.told = true;
        lock(&self.gate.bucket).not_sent();
        self.gate.changed.notify_all();
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.told {
            lock(&self.gate.bucket).answered(Instant::now());
            self.gate.changed.notify_all();
        }
    }
}

impl Waiting {
    /// «waiting 12 s for API quota, 3 requests ahead».
    pub(crate) fn text(self, now: Instant) -> String {
        let time = match self.until {
            Some(until) => format!(
                "{} s ",
                until.saturating_duration_since(now).as_secs_f64().ceil()
            ),
            None => String::new(),
        };
        let ahead = match self.ahead {
            0 => String::new(),
            1 => ", 1 request ahead".to_owned(),
            ahead => format!(", {ahead} requests ahead"),
        };
        format!("waiting {time}for API quota{ahead}")
    }
}
