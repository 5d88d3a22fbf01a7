//! The part of a contended bucket that this process keeps to.
//!
//! What others use decays over one window, as the requests that were counted leave it. That holds
//! for people and scripts that come and go. It does not hold among many clients that all wait for
//! the same room: each would take all of it. So a bucket that was refused (429) after it had been
//! told a count keeps to its share for a while: most of what it had of the full window, evenly
//! spread, corrected by each later count.

use std::time::{Duration, Instant};

use super::limits::{Limits, Room};

/// A share is kept for so many windows without news; then it doubles with each further one. The
/// longer time is for a bucket in which others were known to be the greater part.
const HOLDS: (f64, f64) = (3.0, 6.0);

/// A share grows by no more than this with one count while the last refusal is as near as so many
/// windows: the window that was counted may have been emptier than it usually is.
const GROWTH: (f64, f64) = (1.5, 2.0);

/// So many windows after a count changed a share its effect can be counted.
const SETTLING: f64 = 1.2;

/// After a refusal it takes longer: the window that was full has to empty and to fill again.
const REFILLING: f64 = 1.8;

/// The smallest share is this part of what is allowed; the smaller one where others were known to
/// be the greater part.
const SMALLEST: (u32, u32) = (8, 32);

/// What was had of a window that was full is too much by this: it was full to the limit and not to
/// the cut-off share, and those who came last had nothing of it.
const CONCESSION: f64 = 0.6;

/// Together all shares are to come to this part of what is allowed: past the cut-off, answers are
/// late.
const AIM: f64 = 0.97;

/// Requests that may go at once within a share although they are to be spread.
const BURST: f64 = 2.0;

/// A part of what is allowed in a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    /// Requests in a window.
    size: f64,
    /// The last news of it.
    at: Instant,
    /// When the request after the last one is due, if they are spread evenly.
    due: Instant,
    /// When it began, or was refused last.
    refused: Instant,
    /// How many windows its effect takes to be seen.
    settles: f64,
    /// Whether others were known to be the greater part.
    crowded: bool,
}

impl Share {
    /// The window was full, and this process had `own` of it. `again`: that was no news.
    pub(super) fn conceded(
        before: Option<Self>,
        own: u32,
        again: bool,
        crowded: bool,
        due: Instant,
        (limits, now): (Limits, Instant),
    ) -> Self {
        let had = f64::from(own) * CONCESSION;
        let size = match before {
            Some(share) if again => share.size,
            Some(share) => share.size.min(had.max(share.size * CONCESSION)),
            None => had,
        };
        Self::new(size, due, REFILLING, crowded, (limits, now))
    }

    /// What this process had when it came into a window that was full already.
    pub(super) fn found(own: u32, (limits, now): (Limits, Instant)) -> Self {
        Self::new(f64::from(own), now, SETTLING, true, (limits, now))
    }

    /// All together were counted to use so many; others are the greater part of them.
    pub(super) fn counted(self, count: u32, (limits, now): (Limits, Instant)) -> Option<Self> {
        let mut growth = AIM * f64::from(limits.allowed()) / f64::from(count.max(1));
        if limits.windows_since(self.refused, now) < GROWTH.1 {
            growth = growth.min(GROWTH.0);
        }
        let size = self.size(limits, now)? * growth;
        let grown = Self::new(size, self.due, SETTLING, true, (limits, now));
        Some(Self {
            refused: self.refused,
            ..grown
        })
    }

    fn new(
        size: f64,
        due: Instant,
        settles: f64,
        crowded: bool,
        (limits, now): (Limits, Instant),
    ) -> Self {
        let allowed = limits.allowed();
        let part = if crowded { SMALLEST.1 } else { SMALLEST.0 };
        let smallest = f64::from((allowed / part).max(1));
        Self {
            size: size.clamp(smallest, f64::from(allowed)),
            at: now,
            due,
            refused: now,
            settles,
            crowded,
        }
    }

    /// Requests in a window, as it is now; `None` once it has grown to all that is allowed.
    pub(super) fn size(&self, limits: Limits, now: Instant) -> Option<f64> {
        let holds = if self.crowded { HOLDS.1 } else { HOLDS.0 };
        // In steps, so that a time that was promised stays true.
        let overdue = (limits.windows_since(self.at, now) - holds).ceil().max(0.0);
        let size = self.size * overdue.exp2();
        (size < f64::from(limits.allowed())).then_some(size)
    }

    /// A request goes.
    pub(super) fn went(&mut self, limits: Limits, now: Instant) {
        if let Some(interval) = self.interval(limits, now) {
            self.due = self.due.max(now) + interval;
        }
    }

    /// When the request may go that has `claimed` others before it.
    pub(super) fn room(&self, claimed: u32, limits: Limits, now: Instant) -> Room {
        let Some(interval) = self.interval(limits, now) else {
            return Room::Now;
        };
        let due = self.due + interval.mul_f64(f64::from(claimed));
        match due.checked_sub(interval.mul_f64(BURST - 1.0)) {
            Some(at) if at > now => Room::At(at),
            _ => Room::Now,
        }
    }

    /// Whether it has just changed, and what is used is not yet what it is going to be.
    pub(super) fn settles(&self, limits: Limits, now: Instant) -> bool {
        limits.windows_since(self.at, now) < self.settles
    }

    /// The time between two requests that are spread evenly.
    fn interval(&self, limits: Limits, now: Instant) -> Option<Duration> {
        let size = self.size(limits, now)?;
        Some(limits.window.div_f64(size.max(1.0)))
    }
}
