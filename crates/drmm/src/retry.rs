//! Which failures are tried again, and after how long.
//!
//! Pure: chance and time are parameters. At most [`ATTEMPTS`] attempts, none of them too late, with full jitter: a random share of
//! a bound that doubles, so that many clients do not come back in step.

use std::time::Duration;

use crate::call::Method;
use crate::error::Error;

/// Attempts for one request, the first included.
pub(crate) const ATTEMPTS: u32 = 4;

/// The bound of the first wait; it doubles with each attempt.
const BASE: Duration = Duration::from_millis(400);

/// A server that asks for a longer pause than this (`Retry-After`) gets this one: up to 30 s were
/// seen.
pub(crate) const LONGEST: Duration = Duration::from_secs(30);

/// How an attempt failed, as far as trying again is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The server cannot have acted: no connection came about, or it said 429.
    NotDone,
    /// The server may have acted: the connection broke, a deadline passed, 5xx, a body cut short.
    Unknown,
    /// Trying again would not help.
    Final,
}

/// The wait before the next attempt, or `None` if there is none. `attempt` is the one that failed,
/// from 1; `chance` is a random number in 0..1.
pub(crate) fn next_attempt(
    method: Method,
    attempt: u32,
    failure: Failure,
    chance: f64,
) -> Option<Duration> {
    let repeatable = match failure {
        Failure::NotDone => true,
        Failure::Unknown => method == Method::Get,
        Failure::Final => false,
    };
    if !repeatable || attempt >= ATTEMPTS {
        return None;
    }
    Some((BASE * 2_u32.pow(attempt - 1)).mul_f64(chance))
}

/// Whether another attempt may begin when attempts and the pauses between them have taken so long:
/// not once they have had the time of two that wait in vain. So the last one ends within three times
/// `timeout`, which is the deadline of one. Waits for a token and for the quota are not counted.
pub(crate) fn in_time(spent: Duration, timeout: Duration) -> bool {
    spent < timeout * 2
}

/// The error of the last attempt, which says how many there were.
pub(crate) fn after(error: Error, attempts: u32) -> Error {
    if attempts == 1 {
        return error;
    }
    let message = format!("{error}, after {attempts} attempts");
    error.with_message(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_are_repeated_and_writes_only_if_nothing_can_have_happened() {
        for method in [Method::Get, Method::Put, Method::Post, Method::Delete] {
            assert!(next_attempt(method, 1, Failure::NotDone, 0.5).is_some());
            assert_eq!(
                next_attempt(method, 1, Failure::Unknown, 0.5).is_some(),
                method == Method::Get
            );
            assert_eq!(next_attempt(method, 1, Failure::Final, 0.5), None);
        }
    }

    #[test]
    fn who_waits_in_vain_tries_twice_and_no_pause_outlasts_the_deadline() {
        let timeout = Duration::from_secs(3);
        assert!(in_time(timeout, timeout));
        assert!(!in_time(timeout * 2, timeout));
        assert!(!in_time(LONGEST, timeout));
        assert!(in_time(LONGEST * 2, Duration::from_secs(100)));
    }

    #[test]
    fn four_attempts_with_growing_bounds() {
        let wait = |attempt, chance| next_attempt(Method::Get, attempt, Failure::Unknown, chance);
        assert_eq!(wait(1, 1.0), Some(BASE));
        assert_eq!(wait(2, 1.0), Some(BASE * 2));
        assert_eq!(wait(3, 1.0), Some(BASE * 4));
        assert_eq!(wait(3, 0.0), Some(Duration::ZERO));
        assert_eq!(wait(4, 1.0), None);
    }
}
