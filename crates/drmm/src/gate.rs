//! The quota's queue as threads meet it: they wait here for their turn.

use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::job::{Job, Waiting};
use crate::operation::Access;
use crate::quota::{Outcome, Quota, Report, Sent, Turn, Usage};
use crate::sync::{lock, wait};

/// A wait shorter than this is not worth a line.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// One account's quota.
#[derive(Debug)]
pub(crate) struct Gate {
    quota: Mutex<Quota>,
    changed: Condvar,
    /// Held while somebody finds out whether a 403 is a block.
    asking: Mutex<()>,
}

/// The right to send one request. Dropped without a word, nobody knows what became of it.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    gate: &'a Gate,
    sent: Option<Sent>,
}

/// Why a request may not go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Its job was cancelled.
    Cancelled,
    /// The server has blocked this address, for so long.
    Blocked(Duration),
    /// The server has refused everything for so long.
    GivenUp(Duration),
}

impl Gate {
    /// The gate of an account whose window is this as long as the server has not told.
    pub(crate) fn new(window: Duration) -> Self {
        Self {
            quota: Mutex::new(Quota::new(window)),
            changed: Condvar::new(),
            asking: Mutex::new(()),
        }
    }

    /// Waits for the turn of one request that was first tried at `since`. `calibrate` is called if it is time to ask the server
    /// what it has counted: it must not wait.
    pub(crate) fn pass(
        &self,
        access: Access,
        since: Instant,
        job: &Job,
        mut calibrate: impl FnMut(Sent),
    ) -> Result<Permit<'_>, Refusal> {
        let mut told = None;
        let mut quota = lock(&self.quota);
        let ticket = quota.enter(access, job.coming(), since);
        let result = loop {
            if job.is_cancelled() {
                quota.leave(ticket);
                break Err(Refusal::Cancelled);
            }
            let now = Instant::now();
            match quota.turn(ticket, now) {
                Turn::Go(sent) => break Ok(self.permit(sent)),
                Turn::Ask(sent) => {
                    drop(quota);
                    calibrate(sent);
                    quota = lock(&self.quota);
                }
                Turn::Blocked(until) => {
                    break Err(Refusal::Blocked(until.saturating_duration_since(now)));
                }
                Turn::GiveUp(waited) => break Err(Refusal::GivenUp(waited)),
                Turn::Wait { until, ahead } => {
                    let waiting = Waiting { until, ahead };
                    job.wait_for_quota(Some(waiting));
                    // Told once, and again if it takes longer than was said.
                    let long = until.filter(|until| {
                        until.saturating_duration_since(now) >= WORTH_TELLING
                            && told.is_none_or(|told| *until >= told + WORTH_TELLING)
                    });
                    if long.is_some() {
                        told = long;
                        job.detail(waiting.text(now));
                    }
                    quota = wait(&self.changed, quota, until);
                }
            }
        };
        drop(quota);
        // The next in the queue is now the first.
        self.changed.notify_all();
        job.wait_for_quota(None);
        result
    }

    /// A calibration has ended.
    pub(crate) fn calibrated(&self, report: Report<'_>) {
        lock(&self.quota).calibrated(report, Instant::now());
        self.changed.notify_all();
    }

    /// The server has blocked this address; says for how long.
    pub(crate) fn blocked(&self, retry_after: Option<Duration>) -> Duration {
        self.block(None, retry_after)
    }

    /// For how long this address is blocked, if it is.
    pub(crate) fn block_left(&self) -> Option<Duration> {
        let now = Instant::now();
        let until = lock(&self.quota).blocked_until(now)?;
        Some(until.saturating_duration_since(now))
    }

    /// Whether a 403 that comes now is a block and no plain «forbidden»: if it may be (`odd`: it
    /// does not look like one of the API's own), `ask` finds out whether another path gets 403 too.
    /// Those that come together wait for one answer.
    pub(crate) fn is_block(&self, odd: bool, ask: impl FnOnce(Permit<'_>) -> bool) -> bool {
        let _one_asks = lock(&self.asking);
        if self.block_left().is_some() {
            return true;
        }
        let sent = {
            let mut quota = lock(&self.quota);
            let now = Instant::now();
            if !quota.suspects_block(odd, now) {
                return false;
            }
            quota.go_beside(Access::Read, now)
        };
        let blocked = ask(self.permit(sent));
        if !blocked {
            lock(&self.quota).not_blocked(Instant::now());
        }
        blocked
    }

    pub(crate) fn usage(&self) -> Usage {
        lock(&self.quota).usage(Instant::now())
    }

    /// «quota 12 of 540 in 60 s», of the bucket that holds such a request up first.
    pub(crate) fn text(&self, access: Access) -> String {
        let mut quota = lock(&self.quota);
        let (used, allowed) = quota.tightest(access, Instant::now());
        let window = quota.window().as_secs_f64();
        format!("quota {used} of {allowed} in {window} s")
    }

    /// Makes everyone who waits look again, to see that they were cancelled.
    pub(crate) fn wake(&self) {
        let _quota = lock(&self.quota);
        self.changed.notify_all();
    }

    /// The right that comes with a request that went beside the queue.
    pub(crate) fn permit(&self, sent: Sent) -> Permit<'_> {
        Permit {
            gate: self,
            sent: Some(sent),
        }
    }

    fn block(&self, sent: Option<Sent>, retry_after: Option<Duration>) -> Duration {
        let now = Instant::now();
        let until = lock(&self.quota).blocked(sent, retry_after, now);
        self.changed.notify_all();
        until.saturating_duration_since(now)
    }
}

impl Permit<'_> {
    /// The server answered, and not with a refusal.
    pub(crate) fn answered(mut self) {
        self.end(Outcome::Answered);
    }

    /// The request never left this machine.
    pub(crate) fn not_sent(mut self) {
        self.end(Outcome::NotSent);
    }

    /// The server refused it for its quota (429): the time for which all such requests stop, or
    /// `None` if they had stopped already.
    pub(crate) fn refused(mut self, retry_after: Option<Duration>) -> Option<Duration> {
        let sent = self.sent.take()?;
        let pause =
            lock(&self.gate.quota).refused(sent, retry_after, fastrand::f64(), Instant::now());
        self.gate.changed.notify_all();
        pause
    }

    /// The server has blocked this address; says for how long.
    pub(crate) fn blocked(mut self, retry_after: Option<Duration>) -> Duration {
        let sent = self.sent.take();
        self.gate.block(sent, retry_after)
    }

    fn end(&mut self, outcome: Outcome) {
        if let Some(sent) = self.sent.take() {
            lock(&self.gate.quota).ended(sent, outcome, Instant::now());
            self.gate.changed.notify_all();
        }
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.end(Outcome::Lost);
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
