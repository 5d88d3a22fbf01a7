//! When a token is used, fetched or waited for: one fetch at a time by each transport, whoever asks.
//! Another transport's fetch may fail, or hang, for reasons of its own: nobody waits for that.
//!
//! Pure: the clock is a parameter. The API's tokens live 100 h (`expires_in`); one is renewed at
//! 75 % of its life, and once when the server refuses it.

use std::sync::{Arc, OnceLock};
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
    /// Wait for this fetch, which is under way, or for anybody else's token.
    Wait(Arc<Fetch>),
}

/// A fetch under way.
#[derive(Debug)]
pub(crate) struct Fetch {
    number: u64,
    /// By which transport.
    by: usize,
    failure: OnceLock<Error>,
}

impl Fetch {
    /// Why it failed, if it did: those who waited for it share its fate.
    pub(crate) fn failure(&self) -> Option<&Error> {
        self.failure.get()
    }
}

/// The token of one key and secret.
#[derive(Debug, Default)]
pub(crate) struct TokenState {
    token: Option<Token>,
    /// The fetches under way. One that was given up may still end: it is no longer here.
    fetching: Vec<Arc<Fetch>>,
    fetches: u64,
}

impl TokenState {
    /// `by` says which transport would fetch, by its address, which it keeps as long as it fetches.
    pub(crate) fn need(&mut self, by: usize, now: Instant) -> Need {
        if let Some(token) = &self.token
            && (now < token.renew_at || (!self.fetching.is_empty() && now < token.expires_at))
        {
            return Need::Use(token.clone());
        }
        if let Some(fetch) = self.fetching.iter().find(|fetch| fetch.by == by) {
            return Need::Wait(Arc::clone(fetch));
        }
        self.fetches += 1;
        self.fetching.push(Arc::new(Fetch {
            number: self.fetches,
            by,
            failure: OnceLock::new(),
        }));
        Need::Fetch(self.fetches)
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
        if self.end(fetch).is_some() {
            self.token = Some(token.clone());
        }
        token
    }

    /// A fetch failed. A token that is still valid stays in use, and the next fetch is a while away,
    /// unless the key is no longer accepted.
    pub(crate) fn failed(&mut self, fetch: u64, error: Error, now: Instant) -> Option<Token> {
        let ended = self.end(fetch);
        let usable = self
            .token
            .as_mut()
            .filter(|token| now < token.expires_at && error.kind() != ErrorKind::Authentication);
        if let Some(token) = usable {
            token.renew_at = token.expires_at.min(now + NEXT_RENEWAL);
            return Some(token.clone());
        }
        if let Some(ended) = ended {
            ended.failure.get_or_init(|| error);
        }
        None
    }

    /// A fetch was given up: somebody else may try.
    pub(crate) fn abandoned(&mut self, fetch: u64) {
        self.end(fetch);
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

    /// The time left until the current token expires.
    pub(crate) fn time_left(&self, now: Instant) -> Option<Duration> {
        self.token
            .as_ref()
            .map(|token| token.expires_at.saturating_duration_since(now))
    }

    /// The fetch with this number, which has ended, unless it had been given up.
    fn end(&mut self, number: u64) -> Option<Arc<Fetch>> {
        let place = self
            .fetching
            .iter()
            .position(|fetch| fetch.number == number)?;
        Some(self.fetching.swap_remove(place))
    }
}

#[cfg(test)]
#[path = "token_tests.rs"]
mod tests;
