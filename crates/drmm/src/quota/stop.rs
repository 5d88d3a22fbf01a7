//! A bucket that the server refuses (429): nobody goes until it may have room, then one goes to see.

use std::time::{Duration, Instant};

use super::limits::{Limits, Room};
use super::probe::Probe;

/// How long a server may ask everyone to wait (`Retry-After`), in windows.
pub(super) const LONGEST: u32 = 2;

/// The server has refused requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// The first refusal.
    began: Instant,
    /// Nobody goes before this; then one goes to see.
    until: Instant,
    refusals: u32,
    /// The request that has gone to see.
    probe: Option<Probe>,
    window: Duration,
}

impl Stop {
    /// One more refusal. Nobody goes until the server says (two windows at most, and a little longer
    /// each time if that was too soon), or a quarter of the window later, then when the window that
    /// was full has passed, then a window later each; plus a tenth of the pause at most (`chance`,
    /// 0..1), so that a fleet does not come back in step. Gives the pause, too.
    pub(super) fn after(
        before: Option<Self>,
        retry_after: Option<Duration>,
        chance: f64,
        limits: Limits,
        now: Instant,
    ) -> (Self, Duration) {
        let window = limits.window;
        // One that nobody has looked into for long says nothing of today.
        let before =
            before.filter(|stop| limits.windows_since(stop.until, now) < f64::from(LONGEST));
        let refusals = before.map_or(0, |stop| stop.refusals) + 1;
        let asked = retry_after.unwrap_or(match refusals {
            1 => window / 4,
            2 => window * 3 / 4,
            _ => window,
        });
        // Whoever is told too little again and again would come back into a block.
        let least = (window / 60 * 2_u32.pow(refusals.min(5) - 1)).min(window / 4);
        let asked = asked.max(least).min(window * LONGEST);
        let pause = asked + (asked / 10).max(window / 60).mul_f64(chance);
        let stop = Self {
            began: before.map_or(now, |stop| stop.began),
            until: now + pause,
            refusals,
            probe: None,
            window,
        };
        (stop, pause)
    }

    /// The same stop, for another bucket.
    pub(super) fn shared(self) -> Self {
        Self {
            probe: None,
            ..self
        }
    }

    /// One that was under way when it began was refused too: it says nothing new, but may ask for
    /// more time.
    pub(super) fn stretch(&mut self, retry_after: Duration, window: Duration, now: Instant) {
        self.until = self.until.max(now + retry_after.min(window * LONGEST));
    }

    /// When one may go that has `claimed` others before it.
    pub(super) fn room(&self, claimed: u32, now: Instant) -> Room {
        if self.until > now {
            Room::At(self.until)
        } else if self.probe.is_some_and(|probe| probe.holds(now)) || claimed > 0 {
            Room::Unknown
        } else {
            Room::Now
        }
    }

    /// The request with this number goes; the first one after the pause goes to see. What goes
    /// beside the queue before that says nothing of the room there will be.
    pub(super) fn went(&mut self, number: u64, now: Instant) {
        if self.until <= now && !self.probe.is_some_and(|probe| probe.holds(now)) {
            self.probe = Some(Probe::new(number, self.window, now));
        }
    }

    /// The request with this number found out nothing.
    pub(super) fn lost(&mut self, number: u64) {
        self.probe = self.probe.filter(|probe| !probe.is(number));
    }

    /// Whether it was the request with this number that went to see.
    pub(super) fn sent(&self, number: u64) -> bool {
        self.probe.is_some_and(|probe| probe.is(number))
    }

    /// Whether it is the first refusal.
    pub(super) fn is_first(&self) -> bool {
        self.refusals == 1
    }

    pub(super) fn began(&self) -> Instant {
        self.began
    }

    pub(super) fn until(&self) -> Instant {
        self.until
    }
}
