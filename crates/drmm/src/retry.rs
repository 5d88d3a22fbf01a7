//! Which failures are tried again, and after how long.
//!
//! Pure: chance and time are parameters. At most [`ATTEMPTS`] attempts, none of them too late, with full jitter: a random share of
//! a bound that doubles, so that many clients do not come back in step.

use std::time::{Duration, SystemTime};

use crate::call::Method;
use crate::error::Error;

/// Attempts for one request, the first included.
const ATTEMPTS: u32 = 4;

/// The bound of the first wait; it doubles with each attempt.
const BASE: Duration = Duration::from_millis(400);

/// A server that asks for a longer pause than this (`Retry-After`) gets this one: up to 30 s were
/// seen.
const LONGEST: Duration = Duration::from_secs(30);

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
fn next_attempt(method: Method, attempt: u32, failure: Failure, chance: f64) -> Option<Duration> {
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

/// Attempts that fail at once, and their pauses, are over by then: a short deadline costs none of
/// them.
const SOON: Duration = Duration::from_secs(5);

/// Whether another attempt may begin when attempts and the pauses between them have taken so long:
/// not once they have had the time of two that wait in vain. So the last one ends within three times
/// `timeout`, which is the deadline of one, or [`SOON`] after one, if that is later. Waits for a token
/// and for the quota are not counted.
fn in_time(spent: Duration, timeout: Duration) -> bool {
    spent < (timeout * 2).max(SOON)
}

/// The attempts at one request.
#[derive(Debug)]
pub(crate) struct Attempts {
    /// How many, the one under way included.
    count: u32,
    /// How long they and the pauses between them have taken.
    spent: Duration,
}

impl Attempts {
    pub(crate) fn first() -> Self {
        Self {
            count: 1,
            spent: Duration::ZERO,
        }
    }

    /// The attempt under way failed after `took`. Gives the pause before the next one, which the
    /// server wants to last for `asked`, or `None` if there is none. `timeout` is the deadline of
    /// one, `chance` a random number in 0..1.
    pub(crate) fn next(
        &mut self,
        method: Method,
        failure: Failure,
        took: Duration,
        asked: Option<Duration>,
        timeout: Duration,
        chance: f64,
    ) -> Option<Duration> {
        self.spent += took;
        let asked = asked.unwrap_or_default().min(LONGEST);
        let pause = next_attempt(method, self.count, failure, chance)?.max(asked);
        if !in_time(self.spent + pause, timeout) {
            return None;
        }
        self.count += 1;
        self.spent += pause;
        Some(pause)
    }

    /// «503; attempt 2 of 4 in 300 ms».
    pub(crate) fn text(&self, error: &Error, pause: Duration) -> String {
        let (count, ms) = (self.count, pause.as_millis());
        format!("{error}; attempt {count} of {ATTEMPTS} in {ms} ms")
    }

    /// The error of the last one, which says how many there were.
    pub(crate) fn error(&self, error: Error) -> Error {
        after(error, self.count)
    }
}

/// The error of the last attempt, which says how many there were, before it says what to do.
fn after(error: Error, attempts: u32) -> Error {
    if attempts == 1 {
        return error;
    }
    let message = match error.message().split_once("; ") {
        Some((what, advice)) => format!("{what}, after {attempts} attempts; {advice}"),
        None => format!("{error}, after {attempts} attempts"),
    };
    error.with_message(message)
}

/// What `Retry-After` asks for: seconds, or a date, which is measured by the server's own clock
/// (its `Date`) if it tells it. `None` if it is neither.
pub(crate) fn asked(text: &str, date: Option<&str>, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = date
        .and_then(|date| httpdate::parse_http_date(date.trim()).ok())
        .unwrap_or(now);
    Some(until.duration_since(now).unwrap_or_default())
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
    fn the_number_of_attempts_comes_before_the_advice() {
        let error = |message: &str| Error::new(crate::ErrorKind::Connection, message);
        assert_eq!(after(error("no"), 1).message(), "no");
        assert_eq!(after(error("no"), 4).message(), "no, after 4 attempts");
        assert_eq!(
            after(error("no; try; it"), 4).message(),
            "no, after 4 attempts; try; it"
        );
    }

    #[test]
    fn retry_after_is_a_number_or_a_date_by_the_servers_clock() {
        let here = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let seconds = |text, date| asked(text, date, here).map(|time| time.as_secs());
        assert_eq!(seconds(" 30 ", None), Some(30));
        assert_eq!(seconds("0", None), Some(0));
        // 784,111,777 s is 08:49:37 on that Sunday, in each of the three forms of RFC 9110.
        for date in [
            "Sun, 06 Nov 1994 08:50:07 GMT",
            "Sunday, 06-Nov-94 08:50:07 GMT",
            "Sun Nov  6 08:50:07 1994",
        ] {
            assert_eq!(seconds(date, None), Some(30), "{date}");
            let server = Some("Sun, 06 Nov 1994 08:50:00 GMT");
            assert_eq!(seconds(date, server), Some(7), "{date}");
            let late = Some("Sun, 06 Nov 1994 08:51:00 GMT");
            assert_eq!(seconds(date, late), Some(0), "{date}");
        }
        for text in ["", "soon", "-1", "1.5", "Sun, 06 Nov 1994"] {
            assert_eq!(seconds(text, None), None, "{text}");
        }
    }

    #[test]
    fn who_waits_in_vain_tries_twice_and_no_pause_outlasts_the_deadline() {
        let timeout = Duration::from_secs(3);
        assert!(in_time(timeout, timeout));
        assert!(!in_time(timeout * 2, timeout));
        assert!(!in_time(LONGEST, timeout));
        assert!(in_time(LONGEST * 2, Duration::from_secs(100)));
        let all_pauses = BASE * (1 + 2 + 4);
        assert!(in_time(all_pauses, Duration::ZERO));
    }

    #[test]
    fn attempts_end_with_their_number_or_their_time_and_pause_as_long_as_asked() {
        let second = Duration::from_secs(1);
        let next = |attempts: &mut Attempts, took, asked| {
            attempts.next(
                Method::Get,
                Failure::Unknown,
                took,
                asked,
                second * 100,
                1.0,
            )
        };
        let mut attempts = Attempts::first();
        assert_eq!(next(&mut attempts, second, None), Some(BASE));
        assert_eq!(
            next(&mut attempts, second, Some(second * 9)),
            Some(second * 9)
        );
        assert_eq!(
            next(&mut attempts, second, Some(second * 99)),
            Some(LONGEST)
        );
        assert_eq!(next(&mut attempts, second, None), None);
        let error = Error::new(crate::ErrorKind::Server, "503");
        assert_eq!(attempts.error(error).message(), "503, after 4 attempts");

        let mut attempts = Attempts::first();
        assert_eq!(next(&mut attempts, second * 100, None), Some(BASE));
        assert_eq!(next(&mut attempts, second * 100, None), None);
        let error = Error::new(crate::ErrorKind::Timeout, "late");
        assert_eq!(
            attempts.text(&error, BASE),
            "late; attempt 2 of 4 in 400 ms"
        );
        assert_eq!(attempts.error(error).message(), "late, after 2 attempts");
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
