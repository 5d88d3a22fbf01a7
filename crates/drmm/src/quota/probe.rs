//! The request that goes to see whether others may go.

use std::time::{Duration, Instant};

use super::LAPSE;

/// A request that the others wait for, though not for ever.
#[derive(Debug, Clone, Copy)]
pub(super) struct Probe {
    number: u64,
    /// From here on another one may go: this one's answer may be long in coming.
    lapses: Instant,
}

impl Probe {
    pub(super) fn new(number: u64, window: Duration, now: Instant) -> Self {
        Self {
            number,
            lapses: now + window / LAPSE,
        }
    }

    /// Whether the others still wait for it.
    pub(super) fn holds(self, now: Instant) -> bool {
        self.lapses > now
    }

    /// Whether it is the request with this number.
    pub(super) fn is(self, number: u64) -> bool {
        self.number == number
    }
}
