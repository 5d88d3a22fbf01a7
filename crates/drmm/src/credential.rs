//! A key and its secret, and the token that its sessions share: fetched by one of them while the
//! others that reach the server in the same way wait.
//!
//! When to fetch is decided in [`crate::token`]; how, in [`crate::grant`].

use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Whether the last session has closed, for jobs that wait elsewhere.
    closed: Arc<AtomicBool>,
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
            closed: Arc::default(),
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

    /// Closes a session; the last one wipes secret and token, and hears `true`.
    pub(crate) fn leave(&self) -> bool {
        let mut state = lock(&self.state);
        state.sessions -= 1;
        if state.sessions > 0 {
            return false;
        }
        state.secret = None;
        state.token.forget();
        self.closed.store(true, Ordering::Release);
        self.changed.notify_all();
        true
    }

    /// Tells this job, too, when the last session closes.
    pub(crate) fn employs(&self, job: &Job) {
        job.depends_on(&self.closed);
    }

    /// A token to use now: the one that is there, or a new one, fetched by one thread while the
    /// others with its transport wait.
    pub(crate) fn token(&self, transport: &Transport, job: &Arc<Job>) -> Result<Token, Stop> {
        let by = std::ptr::from_ref(transport).addr();
        let mut state = lock(&self.state);
        loop {
            if job.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            let CredentialState { secret, token, .. } = &mut *state;
            let Some(secret) = secret else {
                return Err(not_connected().into());
            };
            match token.need(by, Instant::now()) {
                Need::Use(token) => return Ok(token),
                Need::Wait(fetch) => {
                    state = wait(&self.changed, state, None);
                    if let Some(error) = fetch.failure() {
                        return Err(error.clone().into());
                    }
                }
                Need::Fetch(number) => {
                    let secret = secret.clone();
                    job.fetches_token(number);
                    drop(state);
                    let mut unfinished = Unfinished {
                        credential: self,
                        fetch: Some(number),
                    };
                    let pause = |time| self.pause(time, job);
                    let fetched = grant::fetch(transport, &self.key, &secret, job, pause);
                    unfinished.fetch = None;
                    state = lock(&self.state);
                    let result = match fetched {
                        Err(Stop::Cancelled) => {
                            state.token.abandoned(number);
                            Err(Stop::Cancelled)
                        }
                        // Closed meanwhile: whatever came is not kept.
                        _ if state.secret.is_none() => {
                            state.token.failed(number, not_connected(), Instant::now());
                            Err(not_connected().into())
                        }
                        Ok((token, lifetime)) => {
                            Ok(state.token.fetched(number, token, lifetime, Instant::now()))
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

    /// Waits before another attempt, unless the job is cancelled or the last session closes.
    pub(crate) fn pause(&self, time: Duration, job: &Job) -> Result<(), Stop> {
        let until = Instant::now() + time;
        let mut state = lock(&self.state);
        loop {
            if job.is_cancelled() {
                return Err(Stop::Cancelled);
            }
            if state.secret.is_none() {
                return Err(not_connected().into());
            }
            if Instant::now() >= until {
                return Ok(());
            }
            state = wait(&self.changed, state, Some(until));
        }
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
