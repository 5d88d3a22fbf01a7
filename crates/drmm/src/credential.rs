//! A key and its secret, and the token that its sessions share: fetched by one of them while the
//! others wait.
//!
//! When to fetch is decided in [`crate::token`]; how, in [`crate::grant`].

use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use subtle::ConstantTimeEq;

use crate::error::{Error, ErrorKind};
use crate::exchange::Stop;
use crate::grant;
use crate::job::Job;
use crate::options::Keys;
use crate::secret::Secret;
use crate::sync::{lock, wait};
use crate::token::{Need, Token, TokenState};
use crate::transport::Transport;

/// A key and its secret, and the token that they are good for.
#[derive(Debug)]
pub(crate) struct Credential {
    digest: [u8; 32],
    key: String,
    state: Mutex<CredentialState>,
    changed: Condvar,
}

#[derive(Debug)]
struct CredentialState {
    /// `None` once the last session has closed.
    secret: Option<Secret>,
    token: TokenState,
    sessions: usize,
}

impl Credential {
    pub(crate) fn new(digest: [u8; 32], keys: Keys) -> Self {
        let state = CredentialState {
            secret: Some(keys.secret),
            token: TokenState::default(),
            sessions: 1,
        };
        Self {
            digest,
            key: keys.key,
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// Joins the sessions of this credential, if its secret has this digest; `false` if not, or if
    /// the last one has closed.
    pub(crate) fn join(&self, digest: &[u8; 32]) -> bool {
        let mut state = lock(&self.state);
        if !bool::from(self.digest.ct_eq(digest)) || state.secret.is_none() {
            return false;
        }
        state.sessions += 1;
        true
    }

    /// Closes a session; the last one wipes secret and token.
    pub(crate) fn leave(&self) {
        let mut state = lock(&self.state);
        state.sessions -= 1;
        if state.sessions == 0 {
            state.secret = None;
            state.token.forget();
            self.changed.notify_all();
        }
    }

    /// A token to use now: the one that is there, or a new one, fetched by one thread while the
    /// others wait.
    pub(crate) fn token(&self, transport: &Transport, job: &Arc<Job>) -> Result<Token, Stop> {
        let mut state = lock(&self.state);
        loop {
            if job.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let Some(secret) = state.secret.clone() else {
                return Err(not_connected().into());
            };
            match state.token.need(Instant::now()) {
                Need::Use(token) => return Ok(token),
                Need::Wait => {
                    let noted = state.token.ended();
                    state = wait(&self.changed, state, None);
                    if let Some(error) = state.token.failure_since(noted) {
                        return Err(error.clone().into());
                    }
                }
                Need::Fetch(number) => {
                    job.fetches_token(number);
                    drop(state);
                    let mut unfinished = Unfinished {
                        credential: self,
                        fetch: Some(number),
                    };
                    let fetched = grant::fetch(transport, &self.key, &secret, job);
                    unfinished.fetch = None;
                    state = lock(&self.state);
                    let result = match fetched {
                        // Closed meanwhile: the token is not kept.
                        Ok(_) if state.secret.is_none() => {
                            state.token.failed(number, not_connected(), Instant::now());
                            Err(not_connected().into())
                        }
                        Ok((token, lifetime)) => {
                            Ok(state.token.fetched(number, token, lifetime, Instant::now()))
                        }
                        Err(Stop::Cancelled) => {
                            state.token.abandoned(number);
                            Err(Stop::Cancelled)
                        }
                        Err(Stop::Failed(error)) => {
                            let old = state.token.failed(number, error.clone(), Instant::now());
                            old.ok_or_else(|| error.into())
                        }
                    };
                    self.changed.notify_all();
                    return result;
                }
            }
        }
    }

    /// The server refused the token with this number.
    pub(crate) fn refused(&self, number: u64) {
        lock(&self.state).token.refused(number);
    }

    /// Whether the last session has closed.
    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.state).secret.is_none()
    }

    /// The time left until the token expires, if there is one.
    pub(crate) fn time_left(&self) -> Option<Duration> {
        lock(&self.state).token.time_left(Instant::now())
    }

    /// A job was cancelled: if it waits here it comes back, and if it is fetching the token somebody
    /// else may, however long its own request still takes.
    pub(crate) fn cancelled(&self, job: &Arc<Job>) {
        let mut state = lock(&self.state);
        if let Some(fetch) = job.token_fetch() {
            state.token.abandoned(fetch);
        }
        self.changed.notify_all();
    }
}

/// Lets others fetch if the one who does dies of a panic.
struct Unfinished<'a> {
    credential: &'a Credential,
    fetch: Option<u64>,
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let Some(fetch) = self.fetch {
            lock(&self.credential.state).token.abandoned(fetch);
            self.credential.changed.notify_all();
        }
    }
}

pub(crate) fn not_connected() -> Error {
    Error::new(ErrorKind::NotConnected, "the session has been disconnected")
}
