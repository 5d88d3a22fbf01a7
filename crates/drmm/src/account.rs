//! The process-wide registry: one [`Account`] for each API origin and key, whoever connects.
//!
//! Its quota is shared by all sessions of the process and outlives them: the server goes on counting.
//! The secret and the token live in a [`Credential`], shared by the sessions that gave the same
//! secret and wiped with the last of them. Connections live in a [`Transport`], shared by the
//! sessions that reach the server in the same way, and closed with the last of them.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, Weak};
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::credential::Credential;
use crate::error::{Error, ErrorKind};
use crate::exchange::Stop;
use crate::gate::Gate;
use crate::grant;
use crate::job::Job;
use crate::options::{Keys, Options, Origin};
use crate::secret::Secret;
use crate::sync::lock;
use crate::token::Token;
use crate::transport::{Settings, Transport};

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
            .find(|credential| credential.join(&digest));
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
        let pause = |time| match job.sleep(time) {
            true => Ok(()),
            false => Err(Stop::Cancelled),
        };
        self.unless_blocked(|| grant::fetch(transport, &keys.key, &keys.secret, job, pause))
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
