//! What the server allows in a window, and when a request fits into it.

use std::time::{Duration, Instant};

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

    /// How many windows have passed since.
    pub(super) fn windows_since(&self, at: Instant, now: Instant) -> f64 {
        now.saturating_duration_since(at)
            .div_duration_f64(self.window)
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

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float cast saturates: below 0 is 0, beyond u32 is its largest"
)]
pub(super) fn whole(number: f64) -> u32 {
    number as u32
}
