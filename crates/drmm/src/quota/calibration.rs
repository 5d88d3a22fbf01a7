//! When to ask the server what it has counted.
//!
//! Each answer costs a request of the quota that it tells of, so at most one request in fifty is a
//! calibration, and a process with few requests sends none. Beside the first that need it at most
//! five requests go blindly. Later ones come as the need does: sooner when the quota is nearly used
//! up or when others have changed what they do.

use std::time::{Duration, Instant};

use super::LAPSE;

/// Requests that may be let go while the first calibration is under way.
const BLIND: u32 = 5;

/// Whoever needs no more requests than this never calibrates.
const WORTH_CALIBRATING: u64 = 10;

/// A caller that sends one after the other, and does not say how many are to come, calibrates
/// beyond this: much of what it would learn is outdated when it sends the next.
const WORTH_CALIBRATING_ALONE: u64 = 20;

/// At most one request in this many is a calibration.
const SHARE: u64 = 50;

/// A first calibration that fails this often is put off like any other.
const MOST_FAILURES: u64 = 2;

/// What was learned longer ago than this many windows is not knowledge any more.
const STALE: u32 = 4;

/// The state of the quota, as far as it decides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    /// Requests sent so far, calibrations included.
    pub(crate) sent: u64,
    /// Requests in the queue.
    pub(crate) queued: u64,
    /// Requests that are sure to follow.
    pub(crate) coming: u64,
    /// Used share of the fullest bucket.
    pub(crate) pressure: f64,
    /// What this process uses has just changed: a count would not tell what it is going to be.
    pub(crate) settling: bool,
    pub(crate) window: Duration,
}

/// What is known, and when it was learned.
#[derive(Debug, Default)]
pub(crate) struct Calibration {
    state: State,
    asked: u64,
    /// When the server last told.
    told: Option<Instant>,
    /// Others' use had changed between the last two answers by more than a tenth of what is allowed.
    drift: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum State {
    /// Not needed so far; the defaults hold.
    #[default]
    None,
    /// Under way; so many requests were let go since it began.
    Running {
        since: u32,
        first: bool,
        began: Instant,
    },
    /// The server has answered, or will not.
    Known { at: Instant },
}

impl Calibration {
    /// Whether to ask now. If so it has begun, and ends in [`Calibration::told_at`],
    /// [`Calibration::declined`] or [`Calibration::failed`].
    pub(crate) fn begin(&mut self, need: Need, now: Instant) -> bool {
        let due = match self.state {
            State::Running { .. } => false,
            _ if need.settling => false,
            State::None => {
                // Not so early that those who go meanwhile would have to wait for the answer: a
                // long list has it by the time it needs more than it may send blindly.
                let coming = need.coming.min(u64::from(BLIND));
                let foreseen = need.queued > 1 || coming > 0;
                let worth = if foreseen {
                    WORTH_CALIBRATING
                } else {
                    WORTH_CALIBRATING_ALONE
                };
                need.sent + need.queued + coming > worth
            }
            State::Known { at } if self.is_stale(at, need.window, now) => {
                self.affordable((need.sent + need.queued).saturating_add(need.coming))
            }
            State::Known { at } => {
                let pause = if self.drift || need.pressure > 0.75 {
                    need.window / 8
                } else if need.pressure > 0.25 {
                    need.window / 4
                } else {
                    need.window
                };
                now >= at + pause && self.affordable(need.sent)
            }
        };
        if due {
            let first = match self.state {
                State::Known { at } => self.is_stale(at, need.window, now),
                _ => true,
            };
            self.state = State::Running {
                since: 0,
                first,
                began: now,
            };
            self.asked += 1;
        }
        due
    }

    /// A request was let go.
    pub(crate) fn count(&mut self) {
        if let State::Running { since, .. } = &mut self.state {
            *since += 1;
        }
    }

    /// Whether so many more requests have to wait for the answer; not for ever, if it does not come.
    pub(crate) fn shuts(&self, claimed: u32, window: Duration, now: Instant) -> bool {
        match self.state {
            State::Running {
                since,
                first: true,
                began,
            } => since + claimed >= BLIND && now.saturating_duration_since(began) < window / LAPSE,
            _ => false,
        }
    }

    /// The server has told; `drift`: it was not what was expected.
    pub(crate) fn told_at(&mut self, now: Instant, drift: bool) {
        self.state = State::Known { at: now };
        (self.told, self.drift) = (Some(now), drift);
    }

    /// The server will not tell this key: what was known, or the default, holds.
    pub(crate) fn declined(&mut self, now: Instant) {
        self.state = State::Known { at: now };
    }

    /// The question did not get through. If nothing is known yet it is soon asked again.
    pub(crate) fn failed(&mut self, now: Instant) {
        self.state = match self.told {
            None if self.asked < MOST_FAILURES => State::None,
            _ => State::Known { at: now },
        };
    }

    /// The question was not put: it is as if nobody had wanted to.
    pub(crate) fn not_asked(&mut self) {
        self.asked = self.asked.saturating_sub(1);
        self.state = match self.told {
            None => State::None,
            Some(at) => State::Known { at },
        };
    }

    /// When the calibration began that is under way.
    pub(crate) fn began(&self) -> Option<Instant> {
        match self.state {
            State::Running { began, .. } => Some(began),
            _ => None,
        }
    }

    /// When the server last told.
    pub(crate) fn told(&self) -> Option<Instant> {
        self.told
    }

    /// How often it was asked.
    pub(crate) fn asked(&self) -> u64 {
        self.asked
    }

    fn affordable(&self, requests: u64) -> bool {
        (self.asked + 1) * SHARE <= requests
    }

    fn is_stale(&self, at: Instant, window: Duration, now: Instant) -> bool {
        now.saturating_duration_since(at) > window * STALE
    }
}
