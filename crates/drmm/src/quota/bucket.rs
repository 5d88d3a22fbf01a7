//! One limit of the account: what this process has used of it, what others use, and when the next
//! request fits.
//!
//! A request holds its place from the moment it is let go until one window after its *answer*: the
//! server counted it somewhere in between, so no window of the server's holds more than ours.
//!
//! What others use is what the server's count says beyond our own. It decays over one window, as
//! the requests that were counted leave it. That holds for people and scripts that come and go. It
//! does not hold among many clients that all wait for the same room: each would take all of it. So
//! a bucket that was refused (429) after it had been told a count keeps to its [`Share`] for a
//! while: most of what it had of the full window, evenly spread, corrected by each later count.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long a server may ask everyone to wait (`Retry-After`), in windows.
const LONGEST_STOP: u32 = 2;

/// How long a bucket may go on being refused before those who wait are told so, in windows.
pub(crate) const PATIENCE: u32 = 15;

/// A share is kept for so many windows without news; then it doubles with each further one. The
/// longer time is for a bucket in which others were known to be the greater part.
const SHARE_HOLDS: (f64, f64) = (3.0, 6.0);

/// A share grows by no more than this with one count: the window may just have been emptier than
/// it usually is.
const SHARE_GROWTH: f64 = 1.5;

/// So many windows after a count changed a share its effect can be counted.
const SETTLING: f64 = 1.2;

/// After a refusal it takes longer: the window that was full has to empty and to fill again.
const REFILLING: f64 = 1.8;

/// The smallest share is this part of what is allowed; the smaller one where others were known to
/// be the greater part.
const SMALLEST_SHARE: (u32, u32) = (8, 32);

/// What was had of a window that was full is too much by this: it was full to the limit and not to
/// the cut-off share, and those who came last had nothing of it.
const CONCESSION: f64 = 0.6;

/// Together all shares are to come to this part of what is allowed: past the cut-off, answers are
/// late.
const AIM: f64 = 0.97;

/// Requests that may go at once within a share although they are to be spread.
const SHARE_BURST: f64 = 2.0;

/// How many requests, in how long, up to which share of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    pub(crate) limit: u32,
    pub(crate) window: Duration,
    pub(crate) cutoff: f64,
}

impl Limits {
    /// The cut-off share of the limit, at least 1: an account that may do nothing is not served by
    /// a wait without end.
    pub(crate) fn allowed(&self) -> u32 {
        // A ratio such as 0.7 has no exact binary form; 10 × 0.7 is to be 7.
        let share = f64::from(self.limit) * self.cutoff.clamp(0.0, 1.0) + 1e-6;
        whole(share).max(1)
    }
}

/// When a request fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Now,
    At(Instant),
    /// When something else has happened: an answer, a calibration.
    Unknown,
}

impl Room {
    /// When both are true.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Now, room) | (room, Self::Now) => room,
            (Self::At(one), Self::At(other)) => Self::At(one.max(other)),
            _ => Self::Unknown,
        }
    }
}

/// One limit and its use.
#[derive(Debug)]
pub(crate) struct Bucket {
    pub(crate) limits: Limits,
    /// Whether the server reports this bucket.
    pub(crate) reported: bool,
    /// When each request in the window was answered, oldest first.
    answered: VecDeque<Instant>,
    in_flight: u32,
    /// What others were last seen to use, and when.
    others: Option<(u32, Instant)>,
    /// Whether others used more than this process at the last count, if there was one.
    crowded: Option<bool>,
    share: Option<Share>,
    stop: Option<Stop>,
    /// The last refusal.
    refused_at: Option<Instant>,
    /// Refusals of requests up to this number have been dealt with.
    dealt_with: u64,
}

/// The part of a contended bucket that this process keeps to.
#[derive(Debug, Clone, Copy)]
struct Share {
    /// Requests in a window.
    size: f64,
    /// The last news of it.
    at: Instant,
    /// When the request after the last one is due, if they are spread evenly.
    due: Instant,
    /// How many windows its effect takes to be seen.
    settles: f64,
}

/// The server has refused requests (429).
#[derive(Debug, Clone, Copy)]
struct Stop {
    began: Instant,
    /// Nobody goes before this; then one goes to see.
    until: Instant,
    refusals: u32,
    /// The request that has gone to see.
    probe: Option<u64>,
}

impl Bucket {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            reported: false,
            answered: VecDeque::new(),
            in_flight: 0,
            others: None,
            crowded: None,
            share: None,
            stop: None,
            refused_at: None,
            dealt_with: 0,
        }
    }

    /// A request with this number is let go.
    pub(crate) fn go(&mut self, number: u64, now: Instant) {
        self.in_flight += 1;
        // What goes beside the queue before that says nothing of the room there will be.
        if let Some(stop) = &mut self.stop
            && stop.until <= now
        {
            stop.probe.get_or_insert(number);
        }
        let interval = self.interval(now);
        if let (Some(share), Some(interval)) = (&mut self.share, interval) {
            share.due = share.due.max(now) + interval;
        }
    }

    /// It was answered, by anything but a refusal: its place is free one window from now.
    pub(crate) fn answered(&mut self, number: u64, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.answered.push_back(now);
        if self.stop.is_some_and(|stop| stop.probe == Some(number)) {
            self.stop = None;
        }
    }

    /// Nobody knows what became of it: it counts, but says nothing of the bucket.
    pub(crate) fn lost(&mut self, number: u64, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.answered.push_back(now);
        self.forget_probe(number);
    }

    /// It never left this machine: its place is free at once.
    pub(crate) fn not_sent(&mut self, number: u64) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.forget_probe(number);
    }

    /// A request was refused, for the sake of another bucket, or (`perhaps`) of this one.
    pub(crate) fn not_counted(&mut self, number: u64, perhaps: bool, now: Instant) {
        self.not_sent(number);
        if perhaps {
            self.refused_at = Some(now);
        }
    }

    /// The server refused the request with this number (429); `last` is the number of the last one
    /// that has gone. Nobody goes until the server says (two windows at most, and a little longer each
    /// time if that was too soon), or a quarter of the window later, then when the window that was full has passed, then a window later each; plus
    /// a tenth of the pause at most (`chance`, 0..1), so that a fleet does not come back in step.
    /// Then one goes to see. Returns the pause, or `None` if the others had been stopped already.
    pub(crate) fn refused(
        &mut self,
        number: u64,
        last: u64,
        now: Instant,
        retry_after: Option<Duration>,
        chance: f64,
    ) -> Option<Duration> {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.forget(now);
        let window = self.limits.window;
        // One that nobody has looked into for long says nothing of today.
        let before = self
            .stop
            .filter(|stop| self.windows_since(stop.until, now) < f64::from(LONGEST_STOP));
        // Those that were under way when it began say nothing new.
        if number <= self.dealt_with {
            if let (Some(asked), Some(stop)) = (retry_after, &mut self.stop) {
                stop.until = stop.until.max(now + asked.min(window * LONGEST_STOP));
            }
            return None;
        }
        let refusals = before.map_or(0, |stop| stop.refusals) + 1;
        let asked = retry_after.unwrap_or(match refusals {
            1 => window / 4,
            2 => window * 3 / 4,
            _ => window,
        });
        // Whoever is told too little again and again would come back into a block.
        let least = (window / 60 * 2_u32.pow(refusals.min(5) - 1)).min(window / 4);
        let asked = asked.max(least).min(window * LONGEST_STOP);
        let pause = asked + (asked / 10).max(window / 60).mul_f64(chance);
        self.dealt_with = last;
        self.stop = Some(Stop {
            began: before.map_or(now, |stop| stop.began),
            until: now + pause,
            refusals,
            probe: None,
        });
        self.concede(now, refusals);
        Some(pause)
    }

    /// The window was full: what is not ours in it is other people's. Whoever has never been told a
    /// count has too little in it to speak of a share.
    fn concede(&mut self, now: Instant, refusals: u32) {
        self.refused_at = Some(now);
        let (allowed, own) = (self.limits.allowed(), self.used());
        if self.crowded.is_none() {
            let not_ours = allowed.saturating_sub(own);
            self.others = Some((not_ours.max(self.others_now(now)), now));
            return;
        }
        let had = f64::from(own) * CONCESSION;
        let size = match self.share {
            Some(share) if refusals > 1 => share.size,
            Some(share) => share.size.min(had.max(share.size * CONCESSION)),
            None => had,
        };
        let due = self.stop.map_or(now, |stop| stop.until);
        self.keep_to(size, due, REFILLING, now);
    }

    fn keep_to(&mut self, size: f64, due: Instant, settles: f64, now: Instant) {
        let size = size.clamp(self.smallest_share(), f64::from(self.limits.allowed()));
        self.share = Some(Share {
            size,
            at: now,
            due,
            settles,
        });
    }

    /// The server's count of everyone's requests in the window; `sure` of our own were answered
    /// before it was asked for. Requests under way may or may not be in its count: only what they
    /// cannot explain is other people's.
    pub(crate) fn counted(&mut self, count: u32, asked: Option<Instant>, now: Instant) {
        self.forget(now);
        let own = self.used();
        let sure = match asked {
            Some(asked) => self.answered.iter().filter(|at| **at < asked).count(),
            None => self.answered.len(),
        };
        let sure = u32::try_from(sure).unwrap_or(u32::MAX);
        let others = if count <= own { 0 } else { count - sure };
        self.others = Some((others, now));
        let is_new = self.crowded.replace(others > own).is_none();
        if others <= own {
            self.share = None;
        } else if let (Some(share), Some(size)) = (self.share, self.share_now(now)) {
            let growth = AIM * f64::from(self.limits.allowed()) / f64::from(count.max(1));
            self.keep_to(size * growth.min(SHARE_GROWTH), share.due, SETTLING, now);
        } else if is_new
            && self
                .refused_at
                .is_some_and(|at| self.windows_since(at, now) < 2.0)
        {
            // It came when the window was full already.
            self.keep_to(f64::from(own), now, SETTLING, now);
        }
    }

    /// When the request fits that has `claimed` others before it, all of them about to go.
    pub(crate) fn room(&self, claimed: u32, now: Instant) -> Room {
        let stopped = match self.stop {
            Some(stop) if stop.until > now => Room::At(stop.until),
            Some(stop) if stop.probe.is_some() || claimed > 0 => Room::Unknown,
            _ => Room::Now,
        };
        let paced = self.paced(claimed, now);
        stopped.and(paced).and(self.in_window(claimed, now))
    }

    /// Stops as the one does that stood for it.
    pub(crate) fn stop_with(&mut self, other: &Self) {
        self.stop = other.stop.map(|stop| Stop {
            probe: None,
            ..stop
        });
        self.dealt_with = other.dealt_with;
    }

    /// Whether the last word on this bucket was a refusal.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// Whether its use has just changed, and is not yet what it is going to be.
    pub(crate) fn settles(&self, now: Instant) -> bool {
        self.share
            .is_some_and(|share| self.windows_since(share.at, now) < share.settles)
    }

    /// Until when nobody goes because of a refusal.
    pub(crate) fn stopped_until(&self, now: Instant) -> Option<Instant> {
        self.stop
            .map(|stop| stop.until)
            .filter(|until| *until > now)
    }

    /// Since when every request has been refused, if the last refusal was lately: one that waits for
    /// something else meanwhile is not worn out by that.
    pub(crate) fn refused_since(&self, now: Instant) -> Option<Instant> {
        let lately = |at| self.windows_since(at, now) <= f64::from(LONGEST_STOP) + 1.0;
        self.stop
            .filter(|_| self.refused_at.is_some_and(lately))
            .map(|stop| stop.began)
    }

    /// Places held by this process.
    pub(crate) fn used(&self) -> u32 {
        self.in_flight
            .saturating_add(u32::try_from(self.answered.len()).unwrap_or(u32::MAX))
    }

    /// Places that others are taken to hold now.
    pub(crate) fn others_now(&self, now: Instant) -> u32 {
        if let Some(size) = self.share_now(now) {
            return self.limits.allowed().saturating_sub(whole(size));
        }
        let Some((seen, at)) = self.others else {
            return 0;
        };
        let left = 1.0 - self.windows_since(at, now);
        whole((f64::from(seen) * left.max(0.0)).ceil())
    }

    /// How much of what is allowed is in use, 0 and up.
    pub(crate) fn pressure(&self, now: Instant) -> f64 {
        f64::from(self.used().saturating_add(self.others_now(now)))
            / f64::from(self.limits.allowed())
    }

    pub(crate) fn forget(&mut self, now: Instant) {
        while self
            .answered
            .front()
            .is_some_and(|at| *at + self.limits.window <= now)
        {
            self.answered.pop_front();
        }
        if self.share.is_some() && self.share_now(now).is_none() {
            self.share = None;
        }
    }

    fn forget_probe(&mut self, number: u64) {
        if let Some(stop) = &mut self.stop
            && stop.probe == Some(number)
        {
            stop.probe = None;
        }
    }

    fn paced(&self, claimed: u32, now: Instant) -> Room {
        let (Some(share), Some(interval)) = (self.share, self.interval(now)) else {
            return Room::Now;
        };
        let due = share.due + interval.mul_f64(f64::from(claimed));
        match due.checked_sub(interval.mul_f64(SHARE_BURST - 1.0)) {
            Some(at) if at > now => Room::At(at),
            _ => Room::Now,
        }
    }

    fn in_window(&self, claimed: u32, now: Instant) -> Room {
        let room = self.limits.allowed().saturating_sub(self.others_now(now));
        let place = claimed.saturating_add(self.used());
        if place < room {
            return Room::Now;
        }
        // So many answers would have to leave the window if others' places did not become free too;
        // those still out have no time yet.
        let most = (place - room) as usize + 1;
        let leaves = |index: usize| Some(*self.answered.get(index)? + self.limits.window);
        let left = |count: usize| place.saturating_sub(u32::try_from(count).unwrap_or(u32::MAX));
        let fits = |index: usize| {
            leaves(index).is_some_and(|at| {
                left(index + 1) < self.limits.allowed().saturating_sub(self.others_now(at))
            })
        };
        // The first answer with which enough has left.
        let (mut first, mut end) = (0, most.min(self.answered.len()));
        while first < end {
            let middle = first.midpoint(end);
            if fits(middle) {
                end = middle;
            } else {
                first = middle + 1;
            }
        }
        let own = leaves(first).filter(|_| first < most);
        match (own, self.when_others_leave(left(first), now)) {
            (Some(own), Some(others)) => Room::At(own.min(others)),
            (Some(at), None) | (None, Some(at)) => Room::At(at),
            (None, None) => Room::Unknown,
        }
    }

    /// When others' use has decayed enough for the request in this `place`, own places staying.
    fn when_others_leave(&self, place: u32, now: Instant) -> Option<Instant> {
        if self.share_now(now).is_some() {
            return None;
        }
        let (seen, at) = self.others?;
        let bearable = self.limits.allowed().checked_sub(place + 1)?;
        if seen <= bearable {
            return None;
        }
        // others_now rounds up, so aim just past the point.
        let share = 1.0 - f64::from(bearable) / f64::from(seen);
        let when = at + self.limits.window.mul_f64(share) + Duration::from_millis(1);
        (when > now).then_some(when)
    }

    /// The share as it is now; `None` if this process keeps to none.
    fn share_now(&self, now: Instant) -> Option<f64> {
        let share = self.share?;
        let holds = if self.crowded == Some(true) {
            SHARE_HOLDS.1
        } else {
            SHARE_HOLDS.0
        };
        // In steps, so that a time that was promised stays true.
        let overdue = (self.windows_since(share.at, now) - holds).ceil().max(0.0);
        let size = share.size * overdue.exp2();
        (size < f64::from(self.limits.allowed())).then_some(size)
    }

    /// The time between two requests of an even share.
    fn interval(&self, now: Instant) -> Option<Duration> {
        let size = self.share_now(now)?;
        Some(self.limits.window.div_f64(size.max(1.0)))
    }

    fn smallest_share(&self) -> f64 {
        let part = if self.crowded == Some(true) {
            SMALLEST_SHARE.1
        } else {
            SMALLEST_SHARE.0
        };
        f64::from((self.limits.allowed() / part).max(1))
    }

    fn windows_since(&self, at: Instant, now: Instant) -> f64 {
        now.saturating_duration_since(at)
            .div_duration_f64(self.limits.window)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates: below 0 is 0, beyond u32 is its largest"
)]
fn whole(number: f64) -> u32 {
    number as u32
}
