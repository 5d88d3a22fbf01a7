//! One limit of the account: what this process has used of it, what others use, and when the next
//! request fits.
//!
//! A request holds its place from the moment it is let go until one window after its *answer*: the
//! server counted it somewhere in between, so no window of the server's holds more than ours.
//!
//! What others use is what the server's count says beyond our own, decaying over one window; of a
//! bucket that many want, `share.rs` says how much this process keeps to, and after a 429 `stop.rs`
//! says when the next request goes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::limits::{Limits, Room, whole};
use super::share::Share;
use super::stop::{self, Stop};

/// How long a bucket may go on being refused before those who wait are told so, in windows.
pub(crate) const PATIENCE: u32 = 15;

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
        if let Some(stop) = &mut self.stop {
            stop.went(number, now);
        }
        if let Some(share) = &mut self.share {
            share.went(self.limits, now);
        }
    }

    /// It was answered, by anything but a refusal: its place is free one window from now.
    pub(crate) fn answered(&mut self, number: u64, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.answered.push_back(now);
        if self.stop.is_some_and(|stop| stop.sent(number)) {
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
    /// that has gone, and `chance` a random number in 0..1. Gives the pause, or `None` if the others
    /// had been stopped already.
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
        // Those that were under way when it began say nothing new.
        if number <= self.dealt_with {
            if let (Some(asked), Some(stop)) = (retry_after, &mut self.stop) {
                stop.stretch(asked, self.limits.window, now);
            }
            return None;
        }
        let (stop, pause) = Stop::after(self.stop, retry_after, chance, self.limits, now);
        self.dealt_with = last;
        self.stop = Some(stop);
        self.concede(stop, now);
        Some(pause)
    }

    /// The window was full: what is not ours in it is other people's. Whoever has never been told a
    /// count has too little in it to speak of a share.
    fn concede(&mut self, stop: Stop, now: Instant) {
        self.refused_at = Some(now);
        let own = self.used();
        let Some(crowded) = self.crowded else {
            let not_ours = self.limits.allowed().saturating_sub(own);
            self.others = Some((not_ours.max(self.others_now(now)), now));
            return;
        };
        let (again, due) = (!stop.is_first(), stop.until());
        let context = (self.limits, now);
        self.share = Some(Share::conceded(
            self.share, own, again, crowded, due, context,
        ));
    }

    /// The server's count of everyone's requests in the window, `itself` of them the one that asked
    /// for it, at `asked`. Requests that were under way then may or may not be in it: if the count is
    /// more than ours all together, none of them is taken to be.
    pub(crate) fn counted(
        &mut self,
        count: u32,
        asked: Option<Instant>,
        itself: u32,
        now: Instant,
    ) {
        self.forget(now);
        let own = self.used();
        let answered = |asked: Instant| self.answered.iter().filter(|at| **at < asked).count();
        let sure = asked.map_or(self.answered.len(), answered);
        let sure = u32::try_from(sure).unwrap_or(u32::MAX);
        let sure = sure.saturating_add(itself).min(own);
        let others = if count <= own { 0 } else { count - sure };
        self.others = Some((others, now));
        let is_new = self.crowded.replace(others > own).is_none();
        let context = (self.limits, now);
        if others <= own {
            self.share = None;
        } else if let Some(share) = self.share.and_then(|share| share.counted(count, context)) {
            self.share = Some(share);
        } else if is_new
            && self
                .refused_at
                .is_some_and(|at| self.limits.windows_since(at, now) < 2.0)
        {
            self.share = Some(Share::found(own, context));
        }
    }

    /// When the request fits that has `claimed` others before it, all of them about to go.
    pub(crate) fn room(&self, claimed: u32, now: Instant) -> Room {
        let stopped = self.stop.map_or(Room::Now, |stop| stop.room(claimed, now));
        let paced = self
            .share
            .map_or(Room::Now, |share| share.room(claimed, self.limits, now));
        stopped.and(paced).and(self.in_window(claimed, now))
    }

    /// Stops as the one does that stood for it.
    pub(crate) fn stop_with(&mut self, other: &Self) {
        self.stop = other.stop.map(Stop::shared);
        self.dealt_with = other.dealt_with;
    }

    /// Whether the last word on this bucket was a refusal.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.is_some()
    }

    /// Whether its use has just changed, and is not yet what it is going to be.
    pub(crate) fn settles(&self, now: Instant) -> bool {
        self.share
            .is_some_and(|share| share.settles(self.limits, now))
    }

    /// Until when nobody goes because of a refusal.
    pub(crate) fn stopped_until(&self, now: Instant) -> Option<Instant> {
        self.stop
            .map(|stop| stop.until())
            .filter(|until| *until > now)
    }

    /// Since when every request has been refused, if the last refusal was lately: one that waits for
    /// something else meanwhile is not worn out by that.
    pub(crate) fn refused_since(&self, now: Instant) -> Option<Instant> {
        let lately = |at| self.limits.windows_since(at, now) <= f64::from(stop::LONGEST) + 1.0;
        self.stop
            .filter(|_| self.refused_at.is_some_and(lately))
            .map(|stop| stop.began())
    }

    /// Places held by this process.
    pub(crate) fn used(&self) -> u32 {
        self.in_flight
            .saturating_add(u32::try_from(self.answered.len()).unwrap_or(u32::MAX))
    }

    /// Places that are left to others now: what they were last seen to use, or in a contended bucket
    /// all that is not this process's share.
    pub(crate) fn others_now(&self, now: Instant) -> u32 {
        match self.share_now(now) {
            Some(size) => self.limits.allowed().saturating_sub(whole(size)),
            None => self.others_seen(now),
        }
    }

    /// What others were last seen to use, as far as it is still in the window.
    pub(crate) fn others_seen(&self, now: Instant) -> u32 {
        let Some((seen, at)) = self.others else {
            return 0;
        };
        let left = 1.0 - self.limits.windows_since(at, now);
        whole((f64::from(seen) * left.max(0.0)).ceil())
    }

    /// Places that are left to this process now.
    pub(crate) fn remaining(&self, now: Instant) -> u32 {
        let taken = self.used().saturating_add(self.others_now(now));
        self.limits.allowed().saturating_sub(taken)
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

    /// The request with this number is not waited for, if it has gone to see.
    pub(crate) fn forget_probe(&mut self, number: u64) {
        if let Some(stop) = &mut self.stop {
            stop.lost(number);
        }
    }

    /// The share as it is now; `None` if this process keeps to none.
    fn share_now(&self, now: Instant) -> Option<f64> {
        self.share?.size(self.limits, now)
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
}
