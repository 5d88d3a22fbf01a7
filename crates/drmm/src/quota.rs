//! The account's request quota: a sliding window that is never overrun.
//!
//! Pure: the clock is a parameter. The server counts requests over a sliding window for the whole
//! account (600 in 60 s by default), slows answers down past a cut-off share and refuses past the
//! limit. So this side keeps below the cut-off share, counting what others were last seen to use.
//!
//! A request holds its place from the moment it is let go until one window after its *answer*: the
//! server counted it somewhere in between, so no window of the server's can hold more than ours.
//!
//! One bucket holds everything here. An account of the modern model has more of them; they become
//! a list of [`Bucket`]s beside this one, chosen by the request's route.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// What an account has if nobody says otherwise: 600 requests in 60 s, used up to 90 %.
const DEFAULT: Limits = Limits {
    limit: 600,
    window: Duration::from_secs(60),
    cutoff: 0.9,
};

/// Requests that may be let go while the first calibration is under way.
const BLIND: u32 = 5;

/// A process that sends no more requests than this never calibrates.
const WORTH_CALIBRATING: u64 = 10;

/// At most one request in this many is a calibration.
const CALIBRATION_SHARE: u64 = 50;

/// How many requests, in how long, up to which share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    pub(crate) limit: u32,
    pub(crate) window: Duration,
    pub(crate) cutoff: f64,
}

/// How an account's requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    /// All in one bucket.
    Legacy,
    /// Reads, writes, and each write operation in a bucket of its own.
    Modern,
}

impl Model {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Modern => "modern",
        }
    }
}

/// What `GET /v2/system/request_rate` reports of the bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct RateStatus {
    pub(crate) model: Model,
    pub(crate) limits: Limits,
    /// Requests of everyone in the window, the report's own included.
    pub(crate) count: u32,
}

/// A place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// What the holder of a ticket has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Send the request, then call [`Bucket::answered`] or [`Bucket::not_sent`].
    Go,
    /// Wait: until `until` if that is known, else until something changes.
    Wait {
        until: Option<Instant>,
        ahead: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Calibration {
    /// Not needed so far; the defaults hold.
    None,
    /// Under way; so many requests were let go since it began.
    Running {
        since: u32,
        first: bool,
        began: Instant,
    },
    /// The server has answered, or refused to (then the defaults hold).
    Known { at: Instant },
}

/// One bucket of requests and the queue before it.
#[derive(Debug)]
pub(crate) struct Bucket {
    limits: Limits,
    /// Known once the server has told.
    model: Option<Model>,
    /// When each request in the window was answered, oldest first.
    answered: VecDeque<Instant>,
    in_flight: u32,
    queue: VecDeque<Ticket>,
    tickets: u64,
    sent: u64,
    calibrations: u64,
    calibration: Calibration,
    /// What others were last seen to use, and when. It counts for less as time goes by.
    others: Option<(u32, Instant)>,
    /// The server said 429: nobody goes before this.
    stopped_until: Option<Instant>,
}

/// The state of a bucket, for people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Usage {
    pub(crate) model: Option<Model>,
    pub(crate) limits: Limits,
    pub(crate) allowed: u32,
    pub(crate) own: u32,
    pub(crate) others: u32,
    pub(crate) waiting: usize,
    pub(crate) sent: u64,
    pub(crate) calibrated: Option<Instant>,
}

impl Default for Bucket {
    fn default() -> Self {
        Self {
            limits: DEFAULT,
            model: None,
            answered: VecDeque::new(),
            in_flight: 0,
            queue: VecDeque::new(),
            tickets: 0,
            sent: 0,
            calibrations: 0,
            calibration: Calibration::None,
            others: None,
            stopped_until: None,
        }
    }
}

impl Bucket {
    /// Takes a place at the end of the queue.
    pub(crate) fn enter(&mut self) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.queue.push_back(ticket);
        ticket
    }

    /// Gives the place up without having gone.
    pub(crate) fn leave(&mut self, ticket: Ticket) {
        self.queue.retain(|waiting| *waiting != ticket);
    }

    /// Whether it is this ticket's turn. If it is, the ticket is used up.
    pub(crate) fn turn(&mut self, ticket: Ticket, now: Instant) -> Turn {
        self.forget_old(now);
        let ahead = self
            .queue
            .iter()
            .take_while(|waiting| **waiting != ticket)
            .count();
        let until = match self.room_for(ahead, now) {
            Room::Now if ahead == 0 => {
                self.queue.pop_front();
                self.count_sent();
                return Turn::Go;
            }
            Room::Now | Room::Unknown => None,
            Room::At(until) => Some(until),
        };
        Turn::Wait { until, ahead }
    }

    /// The request was answered: its place is free one window from now.
    pub(crate) fn answered(&mut self, now: Instant) {
        self.in_flight -= 1;
        self.answered.push_back(now);
    }

    /// The request never left this machine: its place is free at once.
    pub(crate) fn not_sent(&mut self) {
        self.in_flight -= 1;
        self.sent -= 1;
        if let Calibration::Running { since, .. } = &mut self.calibration {
            *since = since.saturating_sub(1);
        }
    }

    /// The server refused a request for its quota (429): nobody goes until it says (two windows at
    /// most), or until a quarter of the window has passed, and a random share (`chance`, 0..1) of a
    /// tenth of the window more, so that a fleet does not come back in step. What is not ours in the
    /// full window is other people's, and counts as such from now on. Returns the pause, or `None`
    /// if everyone had stopped already.
    pub(crate) fn refused(
        &mut self,
        now: Instant,
        retry_after: Option<Duration>,
        chance: f64,
    ) -> Option<Duration> {
        self.forget_old(now);
        let window = self.limits.window;
        let asked = retry_after.unwrap_or(window / 4).min(window * 2);
        let pause = asked + window.mul_f64(0.1 * chance);
        let not_ours = self.allowed().saturating_sub(self.in_window());
        self.others = Some((not_ours.max(self.others_now(now)), now));
        let before = self.stopped_until.filter(|until| *until > now);
        self.stopped_until = before.max(Some(now + pause));
        before.is_none().then_some(pause)
    }

    /// Whether to ask the server now what it has counted; `coming` requests are sure to follow those
    /// that have gone and those in the queue. If so, the question goes beside the
    /// queue, takes a place of its own, and ends in [`Bucket::calibrated`] or
    /// [`Bucket::calibration_failed`].
    pub(crate) fn begin_calibration(&mut self, now: Instant, coming: u64) -> bool {
        // Not so early that those who go meanwhile would have to wait for the answer: a long list
        // has it by the time it needs more than it may send blindly.
        let coming = coming.min(u64::from(BLIND));
        let demand = self.sent + self.queue.len() as u64 + coming;
        let due = match self.calibration {
            Calibration::None => demand > WORTH_CALIBRATING,
            Calibration::Running { .. } => false,
            Calibration::Known { at } => {
                (self.calibrations + 1) * CALIBRATION_SHARE <= self.sent
                    && now >= at + self.limits.window / 4
            }
        };
        if due {
            let first = self.calibration == Calibration::None;
            self.calibration = Calibration::Running {
                since: 0,
                first,
                began: now,
            };
            self.calibrations += 1;
            self.in_flight += 1;
            self.sent += 1;
        }
        due
    }

    /// The server's count has come, asked for by [`Bucket::begin_calibration`] or by a caller. The
    /// place of the request itself is given back by [`Bucket::answered`], as always.
    pub(crate) fn calibrated(&mut self, status: RateStatus, now: Instant) {
        self.limits = status.limits;
        self.model = Some(status.model);
        self.forget_old(now);
        let certain = match self.calibration {
            Calibration::Running { began, .. } => {
                self.answered.iter().filter(|at| **at < began).count()
            }
            _ => self.answered.len(),
        };
        // Requests under way may or may not be in the server's count: only what they cannot
        // explain is other people's.
        let own = self.in_window();
        let certain = u32::try_from(certain).unwrap_or(u32::MAX);
        let others = if status.count <= own {
            0
        } else {
            status.count - certain
        };
        self.others = Some((others, now));
        self.calibration = Calibration::Known { at: now };
    }

    /// The server would not say: what was known, or the default, holds.
    pub(crate) fn calibration_failed(&mut self, now: Instant) {
        self.calibration = Calibration::Known { at: now };
    }

    /// Where the bucket stands.
    pub(crate) fn usage(&mut self, now: Instant) -> Usage {
        self.forget_old(now);
        Usage {
            model: self.model,
            limits: self.limits,
            allowed: self.allowed(),
            own: self.in_window(),
            others: self.others_now(now),
            waiting: self.queue.len(),
            sent: self.sent,
            calibrated: match self.calibration {
                Calibration::Known { at } => Some(at),
                _ => None,
            },
        }
    }

    fn count_sent(&mut self) {
        self.in_flight += 1;
        self.sent += 1;
        if let Calibration::Running { since, .. } = &mut self.calibration {
            *since += 1;
        }
    }

    fn forget_old(&mut self, now: Instant) {
        while self
            .answered
            .front()
            .is_some_and(|at| *at + self.limits.window <= now)
        {
            self.answered.pop_front();
        }
    }

    fn in_window(&self) -> u32 {
        self.in_flight
            .saturating_add(u32::try_from(self.answered.len()).unwrap_or(u32::MAX))
    }

    /// The cut-off share of the limit, at least 1: an account that may do nothing is not served by
    /// a wait without end.
    fn allowed(&self) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the limit, a u32"
        )]
        let share =
            (f64::from(self.limits.limit) * self.limits.cutoff.clamp(0.0, 1.0)).floor() as u32;
        share.max(1)
    }

    fn others_now(&self, now: Instant) -> u32 {
        let Some((seen, at)) = self.others else {
            return 0;
        };
        let left = 1.0
            - now
                .saturating_duration_since(at)
                .div_duration_f64(self.limits.window);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and a u32"
        )]
        let others = (f64::from(seen) * left.max(0.0)).ceil() as u32;
        others
    }

    /// When a request that has `ahead` others before it can go.
    fn room_for(&self, ahead: usize, now: Instant) -> Room {
        if let Some(until) = self.stopped_until.filter(|until| *until > now) {
            return Room::At(until);
        }
        if matches!(self.calibration, Calibration::Running { since, first: true, .. } if since >= BLIND)
        {
            return Room::Unknown;
        }
        let others = self.others_now(now);
        let room = self.allowed().saturating_sub(others);
        let used = self.in_window();
        let place = u32::try_from(ahead)
            .unwrap_or(u32::MAX)
            .saturating_add(used);
        if place < room {
            return Room::Now;
        }
        // So many answers must leave the window first; those still out have no time yet.
        let leaving = (place - room) as usize;
        let own = self
            .answered
            .get(leaving)
            .map(|at| *at + self.limits.window);
        let others_gone = self.when_others_leave(place, now);
        match (own, others_gone) {
            (Some(own), Some(others)) => Room::At(own.min(others)),
            (Some(at), None) | (None, Some(at)) => Room::At(at),
            (None, None) => Room::Unknown,
        }
    }

    /// When others' share has decayed enough for the request in this `place`, own places staying.
    fn when_others_leave(&self, place: u32, now: Instant) -> Option<Instant> {
        let (seen, at) = self.others?;
        let bearable = self.allowed().checked_sub(place + 1)?;
        if seen <= bearable {
            return None;
        }
        // others_now rounds up, so aim just past the point.
        let share = 1.0 - f64::from(bearable) / f64::from(seen);
        let when = at + self.limits.window.mul_f64(share) + Duration::from_millis(1);
        (when > now).then_some(when)
    }
}

enum Room {
    Now,
    At(Instant),
    Unknown,
}

#[cfg(test)]
#[path = "quota_tests.rs"]
mod tests;
