//! The process-wide registry: one [`Account`] for each API origin and key, whoever connects.
//!
//! Its quota is shared by all sessions of the process and outlives them: the server goes on counting.
//! The secret and the token live in a [`Credential`], shared by the sessions that gave the same
//! secret and wiped with the last of them. Connections live in a [`Transport`], shared by the
//! sessions that reach the server in the same way, and closed with the last of them.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, LazyLock, Mutex, Weak};
use std::time::{Duration, Instant};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::call::Method;
use crate::error::{Error, ErrorKind};
use crate::exchange::Stop;
use crate::gate::Gate;
use crate::job::Job;
use crate::options::{Keys, Options, Origin};
use crate::retry::{self, Failure};
use crate::route::form;
use crate::secret::Secret;
use crate::sync::{lock, wait};
use crate::token::{Need, Token, TokenState};
use crate::transport::{Authorization, Request, Response, Settings, Transport};

/// Accounts by origin and key.
type Registry = HashMap<(Origin, String), Arc<Account>>;

static ACCOUNTS: LazyLock<Mutex<Registry>> = LazyLock::new(Mutex::default);

/// What all sessions of one origin and key share.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) origin: Origin,
    pub(crate) gate: Gate,
    transports: Mutex<Vec<Weak<Transport>>>,
    salt: [u8; 32],
    credentials: Mutex<Vec<Weak<Credential>>>,
}

impl Account {
    /// The account of these options: the one that is there, or a new one.
    pub(crate) fn of(options: &Options) -> Result<Arc<Self>, Error> {
        let mut accounts = lock(&ACCOUNTS);
        let name = (options.origin.clone(), options.keys.key.clone());
        if let Some(account) = accounts.get(&name) {
            return Ok(Arc::clone(account));
        }
        let account = Arc::new(Self {
            origin: options.origin.clone(),
            gate: Gate::new(options.window),
            transports: Mutex::default(),
            salt: salt()?,
            credentials: Mutex::default(),
        });
        accounts.insert(name, Arc::clone(&account));
        Ok(account)
    }

    /// The way to the server that these options ask for: the one that is in use, or a new one.
    pub(crate) fn transport(&self, settings: Settings) -> Arc<Transport> {
        let mut transports = lock(&self.transports);
        transports.retain(|transport| transport.strong_count() > 0);
        let found = transports
            .iter()
            .filter_map(Weak::upgrade)
            .find(|transport| transport.suits(&settings));
        if let Some(transport) = found {
            return transport;
        }
        let transport = Arc::new(Transport::new(self.origin.clone(), settings));
        transports.push(Arc::downgrade(&transport));
        transport
    }

    /// Opens a session with the credential of these keys.
    pub(crate) fn open(&self, keys: &Keys) -> Arc<Credential> {
        let digest = self.digest(&keys.secret);
        let mut credentials = lock(&self.credentials);
        credentials.retain(|credential| credential.strong_count() > 0);
        let found = credentials
            .iter()
            .filter_map(Weak::upgrade)
            .find(|credential| bool::from(credential.digest.ct_eq(&digest)) && credential.join());
        found.unwrap_or_else(|| {
            let credential = Arc::new(Credential::new(digest, keys.clone()));
            credentials.push(Arc::downgrade(&credential));
            credential
        })
    }

    /// A token to use now, unless this address is blocked.
    pub(crate) fn token(
        &self,
        credential: &Credential,
        transport: &Transport,
        job: &Arc<Job>,
    ) -> Result<Token, Stop> {
        self.unless_blocked(|| credential.token(transport, job))
    }

    /// A new token for whoever asks, which is not kept, unless this address is blocked.
    pub(crate) fn grant(
        &self,
        keys: &Keys,
        transport: &Transport,
        job: &Arc<Job>,
    ) -> Result<Secret, Stop> {
        self.unless_blocked(|| fetch(transport, &keys.key, &keys.secret, job))
            .map(|(token, _)| token)
    }

    /// Asks for a token unless this address is blocked, and takes note if it turns out to be.
    fn unless_blocked<T>(&self, ask: impl FnOnce() -> Result<T, Stop>) -> Result<T, Stop> {
        if let Some(left) = self.gate.block_left() {
            return Err(self.blocked(left).into());
        }
        ask().map_err(|stop| match stop {
            Stop::Failed(error) if error.kind() == ErrorKind::Blocked => self
                .blocked(self.gate.turned_away(error.retry_after()))
                .into(),
            stop => stop,
        })
    }

    /// The error of everyone who comes while this address is blocked.
    pub(crate) fn blocked(&self, left: Duration) -> Error {
        let message = format!(
            "{} has blocked this address, as it does after too many requests; it may answer again in {} s, until \
             then nothing is sent",
            self.origin.host(),
            left.as_secs_f64().ceil()
        );
        Error::new(ErrorKind::Blocked, message)
            .with_status(403)
            .with_retry_after(Some(left))
    }

    fn digest(&self, secret: &Secret) -> [u8; 32] {
        // In one place, where it is wiped: its buffer holds the secret.
        let mut hash = Sha256::new();
        hash.update(self.salt);
        hash.update(secret.expose());
        hash.finalize_reset().into()
    }
}

fn salt() -> Result<[u8; 32], Error> {
    let mut salt = [0; 32];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut salt)
        .map_err(|_| {
            Error::new(
                ErrorKind::System,
                "the operating system gave no random numbers",
            )
        })?;
    Ok(salt)
}

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

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Secret,
    expires_in: Option<f64>,
}

impl Credential {
    fn new(digest: [u8; 32], keys: Keys) -> Self {
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

    /// Joins the sessions of this credential; `false` if the last one has closed.
    fn join(&self) -> bool {
        let mut state = lock(&self.state);
        if state.secret.is_none() {
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
                    let fetched = fetch(transport, &self.key, &secret, job);
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

/// The password grant: form-encoded, both parts URL-encoded. It changes nothing on the server, so
/// it is repeated like a read.
fn fetch(
    transport: &Transport,
    key: &str,
    secret: &Secret,
    job: &Arc<Job>,
) -> Result<(Secret, Duration), Stop> {
    const PATH: &str = "/auth/oauth/token";
    let form = form(&[
        ("grant_type", "password"),
        ("username", key),
        ("password", secret.expose()),
    ]);
    let request = Request {
        method: Method::Post,
        path: PATH,
        authorization: Authorization::PublicClient,
        body: Some(("application/x-www-form-urlencoded", form.as_bytes())),
    };
    let mut attempt = 1;
    let mut spent = Duration::ZERO;
    loop {
        if job.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let started = Instant::now();
        let mut sent = transport.send(&request, job);
        if job.is_cancelled() {
            if let Ok(response) = &mut sent {
                response.body.zeroize();
            }
            return Err(Stop::Cancelled);
        }
        let (error, failure, retry_after) = match sent {
            Ok(mut response) => {
                let ms = started.elapsed().as_millis();
                job.detail(format!("POST {PATH}: {} in {ms} ms", response.status));
                let read = read(&response, transport.origin());
                response.body.zeroize();
                match read {
                    Ok(token) => return Ok(token),
                    Err((error, failure)) => (error, failure, response.retry_after),
                }
            }
            Err(fault) => {
                // The token endpoint creates nothing that a second request would double.
                let failure = if fault.failure == Failure::NotDone {
                    Failure::Unknown
                } else {
                    fault.failure
                };
                (fault.error, failure, None)
            }
        };
        spent += started.elapsed();
        let asked = retry_after.unwrap_or_default().min(retry::LONGEST);
        let pause = retry::next_attempt(Method::Get, attempt, failure, fastrand::f64())
            .map(|pause| pause.max(asked))
            .filter(|pause| retry::in_time(spent + *pause, transport.timeout()));
        let Some(pause) = pause else {
            let error = retry::after(error, attempt);
            return Err(error.with_request(Method::Post.as_str(), PATH).into());
        };
        attempt += 1;
        spent += pause;
        job.detail(format!(
            "POST {PATH}: {error}; attempt {attempt} of {} in {} ms",
            retry::ATTEMPTS,
            pause.as_millis()
        ));
        if !job.sleep(pause) {
            return Err(Stop::Cancelled);
        }
    }
}

fn read(response: &Response, origin: &Origin) -> Result<(Secret, Duration), (Error, Failure)> {
    let host = origin.host();
    let fail = |kind, message: String, failure| {
        let error = Error::new(kind, message)
            .with_status(response.status)
            .with_retry_after(response.retry_after);
        Err((error, failure))
    };
    match response.status {
        200 => match serde_json::from_slice::<TokenAnswer>(&response.body) {
            // A number that is none would make the token outlive the clock.
            Ok(answer) => {
                let lifetime = answer
                    .expires_in
                    .filter(|life| (0.0..1e9).contains(life))
                    .unwrap_or(360_000.0);
                Ok((answer.access_token, Duration::from_secs_f64(lifetime)))
            }
            Err(_) => {
                let failure = if response.html {
                    Failure::Unknown
                } else {
                    Failure::Final
                };
                fail(
                    ErrorKind::Malformed,
                    format!("the token endpoint of {host} did not answer with a token"),
                    failure,
                )
            }
        },
        400 | 401 => fail(
            ErrorKind::Authentication,
            format!("the API key was not accepted by {host}"),
            Failure::Final,
        ),
        403 => fail(
            // A key that is wrong gets 400: here it is the address that is not wanted.
            ErrorKind::Blocked,
            format!("{host} refuses this address (403)"),
            Failure::Final,
        ),
        429 => fail(
            ErrorKind::RateLimited,
            format!("{host} is handing out no tokens for now (429)"),
            Failure::Unknown,
        ),
        status @ 500..=599 => fail(
            ErrorKind::Server,
            format!("the token endpoint of {host} answered {status}"),
            Failure::Unknown,
        ),
        300..=399 => fail(
            ErrorKind::Rejected,
            format!(
                "{}; is the API URL right?",
                response.redirected(&format!("the token endpoint of {host}"))
            ),
            Failure::Final,
        ),
        status => fail(
            ErrorKind::Rejected,
            format!("the token endpoint of {host} answered {status}; is the API URL right?"),
            Failure::Final,
        ),
    }
}
