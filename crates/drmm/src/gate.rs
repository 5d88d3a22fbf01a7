//! The quota's queue as threads meet it: they wait here for their turn.
//!
//! Each waits on a condition of its own: a change wakes those whom it concerns, not hundreds that
//! would only find that others come first.

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use crate::job::{Job, Waiting};
use crate::operation::Access;
use crate::permit::Permit;
use crate::quota::{Quota, Report, Sent, Ticket, Turn, Usage};
use crate::sync::{lock, wait};

/// A wait shorter than this is not worth a line.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// Whoever waits looks up as often as this, to say how long it still takes.
const LOOK: Duration = Duration::from_secs(1);

/// Whoever has more than this many before it looks up more seldom, as they take longer: each look
/// goes through the queue, and thousands of waiters would do nothing else.
const NEAR: usize = 32;

/// One account's quota.
#[derive(Debug)]
pub(crate) struct Gate {
    queue: Mutex<Queue>,
    /// Called when it is known whether a 403 is a block, or when nobody finds out any more.
    found: Condvar,
    look: Duration,
}

#[derive(Debug)]
struct Queue {
    quota: Quota,
    waiters: Vec<Waiter>,
    /// Requests under way, and whose they are.
    under_way: Vec<(JobId, Sent)>,
    /// Who finds out whether a 403 is a block, until when others wait for that.
    asking: Option<(JobId, Sent, Instant)>,
}

/// Which job it is, by its address: it outlives its waiting and its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct JobId(usize);

impl JobId {
    fn of(job: &Job) -> Self {
        Self(std::ptr::from_ref(job).addr())
    }
}

/// A thread that waits.
#[derive(Debug)]
struct Waiter {
    ticket: Ticket,
    job: JobId,
    called: Arc<Condvar>,
}

/// A place in the queue, left however its holder goes: even by a panic, or nobody behind it would
/// ever have a turn.
struct Place<'a> {
    gate: &'a Gate,
    job: &'a Job,
    ticket: Ticket,
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
                under_way: Vec::new(),
                asking: None,
            }),
            found: Condvar::new(),
            look: LOOK,
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
                Turn::Go(sent) => {
                    queue.under_way.push((JobId::of(job), sent));
                    break Ok(self.permit(sent));
                }
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
                    let look =
                        now + self.look * u32::try_from(1 + ahead / NEAR).unwrap_or(u32::MAX);
                    let look = until.map_or(look, |until| until.min(look));
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
            job: JobId::of(job),
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
    /// Those that come together wait for one answer; if it does not come, the next one asks. `None`
    /// if nobody knows, since `job` was cancelled.
    pub(crate) fn is_block(
        &self,
        odd: bool,
        retry_after: Option<Duration>,
        job: &Job,
        ask: impl FnOnce(Permit<'_>) -> Option<bool>,
    ) -> Option<bool> {
        let mut queue = lock(&self.queue);
        let sent = loop {
            let now = Instant::now();
            if queue.quota.blocked_until(now).is_some() {
                return Some(true);
            }
            if !queue.quota.suspects_block(odd, now) {
                return Some(false);
            }
            if job.is_cancelled() {
                return None;
            }
            match queue.asking {
                Some((_, _, lapses)) if lapses > now => {
                    queue = wait(&self.found, queue, Some(lapses));
                }
                _ => break queue.ask(JobId::of(job), now),
            }
        };
        drop(queue);
        let _asker = Asker { gate: self, sent };
        let blocked = ask(self.permit(sent));
        self.change(|quota, now| match blocked {
            // Before those who wait for the answer look.
            Some(true) => drop(quota.blocked(None, retry_after, now)),
            Some(false) => quota.not_blocked(now),
            None => {}
        });
        blocked
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

    /// Lets nobody wait for this job, which was cancelled: those who wait for its sake look again,
    /// and what its requests would find out others may find out at once.
    pub(crate) fn cancelled(&self, job: &Job) {
        let job = JobId::of(job);
        let mut queue = lock(&self.queue);
        let queue = &mut *queue;
        for (_, sent) in queue.under_way.iter().filter(|(owner, _)| *owner == job) {
            queue.quota.abandoned(*sent);
        }
        queue.asking = queue.asking.filter(|(asker, ..)| *asker != job);
        self.found.notify_all();
        for waiter in &queue.waiters {
            if waiter.job == job {
                waiter.called.notify_one();
            }
        }
        queue.call();
    }

    /// Makes all who wait look again: a credential was closed.
    pub(crate) fn wake_all(&self) {
        for waiter in &lock(&self.queue).waiters {
            waiter.called.notify_one();
        }
    }

    /// Changes the quota, and calls those whom that concerns.
    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut Quota, Instant) -> T) -> T {
        let mut queue = lock(&self.queue);
        let result = act(&mut queue.quota, Instant::now());
        queue.call();
        result
    }

    /// A request is not under way any more.
    pub(crate) fn forget(&self, sent: Sent) {
        let mut queue = lock(&self.queue);
        queue.under_way.retain(|(_, known)| *known != sent);
    }

    /// The right that comes with a request that went beside the queue.
    pub(crate) fn permit(&self, sent: Sent) -> Permit<'_> {
        Permit::new(self, sent)
    }
}

impl Queue {
    /// This job finds out whether a 403 is a block, with this request beside the queue.
    fn ask(&mut self, job: JobId, now: Instant) -> Sent {
        let sent = self.quota.go_beside(Access::Read, now);
        self.under_way.push((job, sent));
        self.asking = Some((job, sent, now + self.quota.lapse()));
        sent
    }

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

/// Who finds out whether a 403 is a block; when it goes, however it does, nobody waits for it.
struct Asker<'a> {
    gate: &'a Gate,
    sent: Sent,
}

impl Drop for Asker<'_> {
    fn drop(&mut self) {
        let mut queue = lock(&self.gate.queue);
        // It may have been given up, and another one asks.
        queue.asking = queue.asking.filter(|(_, sent, _)| *sent != self.sent);
        self.gate.found.notify_all();
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
