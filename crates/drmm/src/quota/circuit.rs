//! Whether the server has blocked this address (403 for every path, after too many 429).
//!
//! While it has, nothing is sent: asking would only keep the block alive. When its time is over one
//! request goes to see; if it is let through, so is everybody.

use std::time::{Duration, Instant};

use super::probe::Probe;

/// A block lasts so many windows if the server does not say: five minutes, as the help says.
const BLOCK: u32 = 5;

/// A 403 within so many windows of a 429 may be a block.
const SUSPICIOUS: u32 = 6;

/// What a request may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// Nothing is blocked.
    Free,
    /// Go and see, alone.
    Probe,
    /// Another one has gone to see.
    Wait,
    /// Blocked until then.
    Blocked(Instant),
}

/// The circuit of one account.
#[derive(Debug, Default)]
pub(crate) struct Circuit {
    blocked_until: Option<Instant>,
    probe: Option<Probe>,
    /// The last 429.
    refused: Option<Instant>,
    /// When a 403 was last found to be none.
    cleared: Option<Instant>,
}

impl Circuit {
    pub(crate) fn pass(&self, now: Instant) -> Pass {
        match self.blocked_until {
            None => Pass::Free,
            Some(until) if until > now => Pass::Blocked(until),
            Some(_) if self.probe.is_some_and(|probe| probe.holds(now)) => Pass::Wait,
            Some(_) => Pass::Probe,
        }
    }

    /// The request with this number goes to see.
    pub(crate) fn go(&mut self, number: u64, window: Duration, now: Instant) {
        if self.blocked_until.is_some() {
            self.probe = Some(Probe::new(number, window, now));
        }
    }

    /// The server answered it, and not with a block.
    pub(crate) fn answered(&mut self, number: u64) {
        if self.probe.is_some_and(|probe| probe.is(number)) {
            (self.blocked_until, self.probe) = (None, None);
        }
    }

    /// It found out nothing.
    pub(crate) fn lost(&mut self, number: u64) {
        self.probe = self.probe.filter(|probe| !probe.is(number));
    }

    /// The address is blocked: as long as the server says, within reason, else for five windows.
    /// Returns the end.
    pub(crate) fn blocked(
        &mut self,
        now: Instant,
        window: Duration,
        retry_after: Option<Duration>,
    ) -> Instant {
        let (least, most) = (window / 6, window * BLOCK * 2);
        let until = now + retry_after.unwrap_or(window * BLOCK).clamp(least, most);
        // A second answer of the same block does not make it longer.
        let until = match self.pass(now) {
            Pass::Blocked(known) if retry_after.is_none() => known,
            _ => until,
        };
        (self.blocked_until, self.probe) = (Some(until), None);
        until
    }

    /// The server said 429: what it does next may be a block.
    pub(crate) fn refused(&mut self, now: Instant) {
        self.refused = Some(now);
    }

    /// Whether a 403 that comes now may be a block and no plain «forbidden». It may if it does not
    /// look like one of the API's own (`odd`), if it follows a 429, and for a request that went to
    /// see; not if another has just been looked into.
    pub(crate) fn suspects(&self, odd: bool, now: Instant, window: Duration) -> bool {
        let within = |at: Option<Instant>, time| {
            at.is_some_and(|at| now.saturating_duration_since(at) < time)
        };
        if self.blocked_until.is_some() {
            return true;
        }
        if within(self.cleared, window) && self.refused <= self.cleared {
            return false;
        }
        odd || within(self.refused, window * SUSPICIOUS)
    }

    /// A 403 was looked into, and is no block.
    pub(crate) fn cleared(&mut self, now: Instant) {
        self.cleared = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Duration = Duration::from_secs(60);

    #[test]
    fn one_goes_to_see_when_the_time_is_over_and_lets_everybody_through() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        let until = circuit.blocked(now, WINDOW, None);
        assert_eq!(until, now + WINDOW * 5);
        assert_eq!(circuit.pass(until - WINDOW), Pass::Blocked(until));
        assert_eq!(circuit.pass(until), Pass::Probe);
        circuit.go(7, WINDOW, until);
        assert_eq!(circuit.pass(until), Pass::Wait);
        circuit.answered(6);
        assert_eq!(circuit.pass(until), Pass::Wait);
        circuit.answered(7);
        assert_eq!(circuit.pass(until), Pass::Free);
    }

    #[test]
    fn a_probe_that_is_blocked_or_lost_lets_nobody_through() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        let until = circuit.blocked(now, WINDOW, Some(WINDOW));
        assert_eq!(until, now + WINDOW);
        circuit.go(7, WINDOW, until);
        circuit.lost(7);
        assert_eq!(circuit.pass(until), Pass::Probe);
        circuit.go(8, WINDOW, until);
        let later = circuit.blocked(until, WINDOW, None);
        assert_eq!(circuit.pass(until), Pass::Blocked(later));
    }

    #[test]
    fn a_probe_whose_answer_does_not_come_lets_another_one_go_to_see() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        let until = circuit.blocked(now, WINDOW, None);
        circuit.go(7, WINDOW, until);
        let lapsed = until + WINDOW / 6;
        assert_eq!(circuit.pass(lapsed - Duration::from_millis(1)), Pass::Wait);
        assert_eq!(circuit.pass(lapsed), Pass::Probe);
        circuit.go(8, WINDOW, lapsed);
        assert_eq!(circuit.pass(lapsed), Pass::Wait);
        circuit.answered(8);
        assert_eq!(circuit.pass(lapsed), Pass::Free);
    }

    #[test]
    fn many_answers_of_one_block_do_not_make_it_longer() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        let until = circuit.blocked(now, WINDOW, None);
        assert_eq!(circuit.blocked(now + WINDOW, WINDOW, None), until);
    }

    #[test]
    fn a_block_that_says_to_come_back_at_once_is_one_all_the_same() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        let until = circuit.blocked(now, WINDOW, Some(Duration::ZERO));
        assert_eq!(until, now + WINDOW / 6);
        assert_eq!(circuit.pass(now), Pass::Blocked(until));
    }

    #[test]
    fn suspicious_is_what_follows_a_429_or_does_not_look_like_the_api() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        assert!(!circuit.suspects(false, now, WINDOW));
        assert!(circuit.suspects(true, now, WINDOW));
        circuit.refused(now);
        assert!(circuit.suspects(false, now + WINDOW * 5, WINDOW));
        assert!(!circuit.suspects(false, now + WINDOW * 6, WINDOW));
    }

    #[test]
    fn one_look_clears_the_others_of_that_window_until_the_next_429() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        circuit.refused(now);
        circuit.cleared(now);
        assert!(!circuit.suspects(true, now + WINDOW / 2, WINDOW));
        assert!(circuit.suspects(true, now + WINDOW, WINDOW));
        circuit.refused(now + WINDOW / 2);
        assert!(circuit.suspects(false, now + WINDOW / 2, WINDOW));
    }
}
