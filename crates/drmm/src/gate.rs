//! The quota's queue as threads meet it: they wait here for their turn.
//!
//! Each waits on a condition of its own: a change wakes those whom it concerns, not hundreds that
//! would only find that others come first.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::job::{Job, Waiting};
use crate::operation::Access;
use crate::quota::{Outcome, Quota, Report, Sent, Ticket, Turn, Usage};
use crate::sync::{lock, wait};

/// A wait shorter than this is not worth a line.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// Whoever waits looks up as often as this, to say how long it still takes.
const LOOK: Duration = Duration::from_secs(1);

/// One account's quota.
#[derive(Debug)]
pub(crate) struct Gate {
    queue: Mutex<Queue>,
    /// Held while somebody finds out whether a 403 is a block.
    asking: Mutex<()>,
}

#[derive(Debug)]
struct Queue {
    quota: Quota,
    waiters: Vec<Waiter>,
}

/// A thread that waits.
#[derive(Debug)]
struct Waiter {
    ticket: Ticket,
    /// Which job it is, by its address: it outlives its waiting.
    job: usize,
    called: Arc<Condvar>,
}

/// A place in the queue, left however its holder goes: even by a panic, or nobody behind it would
/// ever have a turn.
struct Place<'a> {
    gate: &'a Gate,
    job: &'a Job,
    ticket: Ticket,
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
    /// Its job is over.
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
            queue: Mutex::new(Queue {
                quota: Quota::new(window),
                waiters: Vec::new(),
            }),
            asking: Mutex::new(()),
        }
    }

    /// Waits for the turn of one request that was first tried at `since`. `calibrate` is called if
    /// it is time to ask the server what it has counted: it must not wait.
    pub(crate) fn pass(
        &self,
        access: Access,
        since: Instant,
        job: &Job,
        mut calibrate: impl FnMut(Sent),
    ) -> Result<Permit<'_>, Refusal> {
        let (entered, mut told) = (Instant::now(), None);
        let called = Arc::new(Condvar::new());
        let place = self.enter(access, since, job, &called);
        let ticket = place.ticket;
        let mut queue = lock(&self.queue);
        loop {
            if job.is_over() {
                break Err(Refusal::Cancelled);
            }
            let now = Instant::now();
            match queue.quota.turn(ticket, now) {
                Turn::Go(sent) => break Ok(self.permit(sent)),
                Turn::Ask(sent) => {
                    drop(queue);
                    calibrate(sent);
                    queue = lock(&self.queue);
                }
                Turn::Blocked(until) => {
                    break Err(Refusal::Blocked(until.saturating_duration_since(now)));
                }
                Turn::GiveUp(waited) => break Err(Refusal::GivenUp(waited)),
                Turn::Wait { until, ahead } => {
                    let waiting = Waiting { until, ahead };
                    job.wait_for_quota(Some(waiting));
                    // Told once, and again if it takes longer than was said; without a known end, when it has
                    // taken long.
                    let (end, length) = match until {
                        Some(until) => (until, until.saturating_duration_since(now)),
                        None => (entered, now - entered),
                    };
                    if length >= WORTH_TELLING
                        && told.is_none_or(|told| end >= told + WORTH_TELLING)
                    {
                        told = Some(end);
                        job.detail(waiting.text(now));
                    }
                    let look = until.map_or(now + LOOK, |until| until.min(now + LOOK));
                    queue = wait(&called, queue, Some(look));
                }
            }
        }
    }

    fn enter<'a>(
        &'a self,
        access: Access,
        since: Instant,
        job: &'a Job,
        called: &Arc<Condvar>,
    ) -> Place<'a> {
        let mut queue = lock(&self.queue);
        let ticket = queue.quota.enter(access, job.coming(), since);
        queue.waiters.push(Waiter {
            ticket,
            job: std::ptr::from_ref(job).addr(),
            called: Arc::clone(called),
        });
        Place {
            gate: self,
            job,
            ticket,
        }
    }

    /// A calibration has ended.
    pub(crate) fn calibrated(&self, report: Report<'_>) {
        self.change(|quota, now| quota.calibrated(report, now));
    }

    /// The server gives this address no token; says for how long nothing is sent. If nothing else
    /// speaks for a block it may be a firewall, so somebody goes to see a window later.
    pub(crate) fn turned_away(&self, retry_after: Option<Duration>) -> Duration {
        self.change(|quota, now| {
            let doubtful = !quota.suspects_block(false, now);
            let short = doubtful.then(|| quota.window());
            let until = quota.blocked(None, retry_after.or(short), now);
            until.saturating_duration_since(now)
        })
    }

    /// For how long this address is blocked, if it is.
    pub(crate) fn block_left(&self) -> Option<Duration> {
        let now = Instant::now();
        let until = lock(&self.queue).quota.blocked_until(now)?;
        Some(until.saturating_duration_since(now))
    }

    /// Whether a 403 that comes now is a block and no plain «forbidden»: if it may be (`odd`: it
    /// does not look like one of the API's own), `ask` finds out whether another path gets 403 too.
    /// Those that come together wait for one answer; if it did not come (`None`) the next one asks.
    pub(crate) fn is_block(&self, odd: bool, ask: impl FnOnce(Permit<'_>) -> Option<bool>) -> bool {
        let suspected = || lock(&self.queue).quota.suspects_block(odd, Instant::now());
        if self.block_left().is_none() && !suspected() {
            return false;
        }
        let _one_asks = lock(&self.asking);
        if self.block_left().is_some() {
            return true;
        }
        let sent = {
            let mut queue = lock(&self.queue);
            let now = Instant::now();
            if !queue.quota.suspects_block(odd, now) {
                return false;
            }
            queue.quota.go_beside(Access::Read, now)
        };
        let blocked = ask(self.permit(sent));
        if blocked == Some(false) {
            lock(&self.queue).quota.not_blocked(Instant::now());
        }
        blocked.unwrap_or(false)
    }

    pub(crate) fn usage(&self) -> Usage {
        lock(&self.queue).quota.usage(Instant::now())
    }

    /// «quota 12 of 540 in 60 s», of the bucket that holds such a request up first.
    pub(crate) fn text(&self, access: Access) -> String {
        let mut queue = lock(&self.queue);
        let (used, allowed) = queue.quota.tightest(access, Instant::now());
        let window = queue.quota.window().as_secs_f64();
        format!("quota {used} of {allowed} in {window} s")
    }

    /// Makes those who wait for this job look again, to see that it was cancelled.
    pub(crate) fn wake(&self, job: &Job) {
        let job = std::ptr::from_ref(job).addr();
        for waiter in &lock(&self.queue).waiters {
            if waiter.job == job {
                waiter.called.notify_one();
            }
        }
    }

    /// Makes all who wait look again: a credential was closed.
    pub(crate) fn wake_all(&self) {
        for waiter in &lock(&self.queue).waiters {
            waiter.called.notify_one();
        }
    }

    /// Changes the quota, and calls those whom that concerns.
    fn change<T>(&self, act: impl FnOnce(&mut Quota, Instant) -> T) -> T {
        let mut queue = lock(&self.queue);
        let result = act(&mut queue.quota, Instant::now());
        queue.call();
        result
    }

    /// The right that comes with a request that went beside the queue.
    pub(crate) fn permit(&self, sent: Sent) -> Permit<'_> {
        Permit {
            gate: self,
            sent: Some(sent),
        }
    }
}

impl Queue {
    /// Calls those for whom something may have changed.
    fn call(&mut self) {
        if self.waiters.is_empty() {
            return;
        }
        let concerned = self.quota.concerned(Instant::now());
        for waiter in &self.waiters {
            if concerned.contains(&waiter.ticket) {
                waiter.called.notify_one();
            }
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut queue = lock(&self.gate.queue);
        queue.quota.leave(self.ticket);
        queue.waiters.retain(|waiter| waiter.ticket != self.ticket);
        // Before the next one of the same job says that it waits.
        self.job.wait_for_quota(None);
        // The next in the queue is now the first.
        queue.call();
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
        let chance = fastrand::f64();
        self.gate
            .change(|quota, now| quota.refused(sent, retry_after, chance, now))
    }

    /// The server has blocked this address; says for how long.
    pub(crate) fn blocked(mut self, retry_after: Option<Duration>) -> Duration {
        let sent = self.sent.take();
        self.gate.change(|quota, now| {
            let until = quota.blocked(sent, retry_after, now);
            until.saturating_duration_since(now)
        })
    }

    fn end(&mut self, outcome: Outcome) {
        if let Some(sent) = self.sent.take() {
            self.gate
                .change(|quota, now| quota.ended(sent, outcome, now));
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

#[cfg(test)]
#[path = "gate_tests.rs"]
mod tests;
