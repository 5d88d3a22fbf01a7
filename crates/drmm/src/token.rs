//! When a token is used, fetched or waited for: one fetch at a time, whoever asks.
//!
//! Pure: the clock is a parameter. The API's tokens live 100 h (`expires_in`); one is renewed at
//! 75 % of its life, and once when the server refuses it.

use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// A renewal that failed is tried again after this, while the old token is still valid.
const NEXT_RENEWAL: Duration = Duration::from_secs(60);

/// A token and where it is in its life.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    /// Distinguishes this token from the one before: a refusal names the token it was about.
    pub(crate) number: u64,
    renew_at: Instant,
    expires_at: Instant,
}

/// What someone who needs a token has to do.
#[derive(Debug)]
pub(crate) enum Need {
    /// Use this one.
    Use(Token),
    /// Fetch one, under this number; the others wait until [`TokenState::fetched`],
    /// [`TokenState::failed`] or [`TokenState::abandoned`].
    Fetch(u64),
    /// Wait for the fetch that is under way.
    Wait,
}

/// The token of one key and secret.
#[derive(Debug, Default)]
pub(crate) struct TokenState {
    token: Option<Token>,
    /// The fetch under way. One that was given up may still end: its number is no longer this.
    fetching: Option<u64>,
    fetches: u64,
    /// Fetches that have ended, and how the last one failed: those who waited for it share its fate.
    ended: u64,
    failure: Option<Error>,
}

impl TokenState {
    pub(crate) fn need(&mut self, now: Instant) -> Need {
        match &self.token {
            Some(token)
                if now < token.renew_at || (self.fetching.is_some() && now < token.expires_at) =>
            {
                Need::Use(token.clone())
            }
            _ if self.fetching.is_some() => Need::Wait,
            _ => {
                self.fetches += 1;
                self.fetching = Some(self.fetches);
                Need::Fetch(self.fetches)
            }
        }
    }

    /// A fetch ended well. Its token is kept unless the fetch had been given up.
    pub(crate) fn fetched(
        &mut self,
        fetch: u64,
        secret: Secret,
        lifetime: Duration,
        now: Instant,
    ) -> Token {
        let token = Token {
            secret,
            number: fetch,
            renew_at: now + lifetime.mul_f64(0.75),
            expires_at: now + lifetime,
        };
        if self.end_fetch(fetch, None) {
            self.token = Some(token.clone());
        }
        token
    }

    /// A fetch failed. A token that is still valid stays in use, and the next fetch is a while away,
    /// unless the key is no longer accepted.
    pub(crate) fn failed(&mut self, fetch: u64, error: Error, now: Instant) -> Option<Token> {
        let usable = self
            .token
            .as_mut()
            .filter(|token| now < token.expires_at && error.kind() != ErrorKind::Authentication);
        if let Some(token) = usable {
            token.renew_at = now + NEXT_RENEWAL;
            let token = token.clone();
            self.end_fetch(fetch, None);
            return Some(token);
        }
        self.end_fetch(fetch, Some(error));
        None
    }

    /// A fetch was given up: somebody else may try.
    pub(crate) fn abandoned(&mut self, fetch: u64) {
        self.end_fetch(fetch, None);
    }

    /// The server refused the token with this number; a newer one is kept.
    pub(crate) fn refused(&mut self, number: u64) {
        if self
            .token
            .as_ref()
            .is_some_and(|token| token.number == number)
        {
            self.token = None;
        }
    }

    /// Forgets the token; it is wiped with it.
    pub(crate) fn forget(&mut self) {
        self.token = None;
    }

    /// Fetches that have ended so far: what a waiter notes before it waits.
    pub(crate) fn ended(&self) -> u64 {
        self.ended
    }

    /// Why the fetch failed that ended after `ended` was noted; `None` if it did not.
    pub(crate) fn failure_since(&self, ended: u64) -> Option<&Error> {
        self.failure.as_ref().filter(|_| self.ended > ended)
    }

    /// The time left until the current token expires.
    pub(crate) fn time_left(&self, now: Instant) -> Option<Duration> {
        self.token
            .as_ref()
            .map(|token| token.expires_at.saturating_duration_since(now))
    }

    /// Whether it was the fetch under way that ended.
    fn end_fetch(&mut self, fetch: u64, failure: Option<Error>) -> bool {
        if self.fetching != Some(fetch) {
            return false;
        }
        self.fetching = None;
        self.ended += 1;
        self.failure = failure;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(100);

    fn with_token(now: Instant) -> TokenState {
        let mut state = TokenState::default();
        assert!(matches!(state.need(now), Need::Fetch(_)));
        state.fetched(1, Secret::new("t".into()), LIFE, now);
        state
    }

    #[test]
    fn one_fetches_while_the_others_wait() {
        let now = Instant::now();
        let mut state = TokenState::default();
        assert!(matches!(state.need(now), Need::Fetch(_)));
        for _ in 0..31 {
            assert!(matches!(state.need(now), Need::Wait));
        }
        state.fetched(1, Secret::new("t".into()), LIFE, now);
        assert!(matches!(state.need(now), Need::Use(_)));
    }

    #[test]
    fn renewed_at_three_quarters_while_others_go_on() {
        let now = Instant::now();
        let mut state = with_token(now);
        assert!(matches!(state.need(now + LIFE.mul_f64(0.74)), Need::Use(_)));
        assert!(matches!(
            state.need(now + LIFE.mul_f64(0.76)),
            Need::Fetch(_)
        ));
        assert!(matches!(state.need(now + LIFE.mul_f64(0.77)), Need::Use(_)));
        assert!(matches!(state.need(now + LIFE.mul_f64(1.01)), Need::Wait));
    }

    #[test]
    fn a_refusal_of_an_old_token_does_not_cost_the_new_one() {
        let now = Instant::now();
        let mut state = with_token(now);
        let Need::Use(first) = state.need(now) else {
            panic!("a token")
        };
        state.refused(first.number);
        assert!(matches!(state.need(now), Need::Fetch(_)));
        let second = state.fetched(2, Secret::new("u".into()), LIFE, now);
        state.refused(first.number);
        assert!(matches!(state.need(now), Need::Use(token) if token.number == second.number));
    }

    #[test]
    fn those_who_waited_share_a_failure_and_the_next_tries_again() {
        let now = Instant::now();
        let mut state = TokenState::default();
        assert!(matches!(state.need(now), Need::Fetch(_)));
        let noted = state.ended();
        assert!(matches!(state.need(now), Need::Wait));
        state.failed(1, Error::new(ErrorKind::Authentication, "no"), now);
        assert_eq!(
            state.failure_since(noted).map(Error::kind),
            Some(ErrorKind::Authentication)
        );
        let noted = state.ended();
        assert!(state.failure_since(noted).is_none());
        assert!(matches!(state.need(now), Need::Fetch(_)));
    }

    #[test]
    fn a_fetch_that_was_given_up_neither_blocks_nor_disturbs_the_next() {
        let now = Instant::now();
        let mut state = TokenState::default();
        assert!(matches!(state.need(now), Need::Fetch(1)));
        state.abandoned(1);
        assert!(matches!(state.need(now), Need::Fetch(2)));
        state.fetched(1, Secret::new("late".into()), LIFE, now);
        state.failed(1, Error::new(ErrorKind::Timeout, "late"), now);
        assert!(matches!(state.need(now), Need::Wait));
        state.fetched(2, Secret::new("t".into()), LIFE, now);
        assert!(matches!(state.need(now), Need::Use(token) if token.number == 2));
    }

    #[test]
    fn a_renewal_that_fails_leaves_the_old_token_in_use_while_it_is_valid() {
        let now = Instant::now();
        let mut state = with_token(now);
        let late = now + LIFE.mul_f64(0.8);
        assert!(matches!(state.need(late), Need::Fetch(2)));
        let trouble = Error::new(ErrorKind::Server, "503");
        assert!(
            state
                .failed(2, trouble, late)
                .is_some_and(|token| token.number == 1)
        );
        assert!(matches!(state.need(late), Need::Use(_)));
        let refusal = Error::new(ErrorKind::Authentication, "no");
        state.refused(1);
        assert!(matches!(state.need(late), Need::Fetch(3)));
        assert!(state.failed(3, refusal, late).is_none());
    }
}
