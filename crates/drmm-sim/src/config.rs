//! What a server is started with, and the part of it that may change while it runs.

use std::{collections::BTreeMap, io, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{data::MOST_DEVICES, faults::Rule, operation::Operation};

/// How a [`crate::Server`] is started. The default is an account of 10,000 devices on 40 sites.
#[derive(Clone)]
pub struct Config {
    /// Decides all data: the same seed and sizes give the same account.
    pub seed: u64,
    /// Number of sites, at least 1. From two on, one of them is «Deleted Devices».
    pub sites: u32,
    /// Number of devices. Device `n`, counted from 0, has the MAC address 0C9D92 and `n` in six
    /// hexadecimal digits.
    pub devices: u32,
    /// User-defined fields of a device, 30 to 300.
    pub udfs: u16,
    /// Open alerts; `None` is one for every twenty devices, at least 46, and none without devices.
    pub alerts_open: Option<u32>,
    /// Resolved alerts; `None` is twice as many as open ones.
    pub alerts_resolved: Option<u32>,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The API key; `None` makes one from the seed.
    pub key: Option<String>,
    /// Its secret; `None` makes one from the seed.
    pub secret: Option<String>,
    /// Whether a 429 carries `Retry-After`.
    pub retry_after: bool,
    /// Whether the client's address is taken from `X-Forwarded-For`, so that one machine can play many.
    pub trust_forwarded_for: bool,
    /// An OpenAPI file with which every undamaged success is compared;
    /// [`crate::Counters::invalid_answers`] has those that do not fit.
    pub check_answers: Option<PathBuf>,
    /// Fault rules that hold from the start.
    pub faults: Vec<Rule>,
    /// What may change while the server runs.
    pub settings: Settings,
}

/// The part of the configuration that may change while the server runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Added to every API and token response.
    pub latency: Duration,
    /// How long a token that is issued from now on is valid.
    pub token_lifetime: Duration,
    /// How long a job that is created from now on takes, from its creation to its end.
    pub job: Duration,
    /// The quota's sliding window. Its added delay is a sixtieth of it: a second at 60 seconds.
    pub window: Duration,
    /// Which requests share a bucket.
    pub quota_model: QuotaModel,
    /// Requests in one window: all of them in the legacy model, reads in the modern one.
    pub limit: u32,
    /// Writes in one window; only the modern model has a limit of its own for them.
    pub write_limit: u32,
    /// Writes of one operation in one window, in the modern model. One that is not in here has no
    /// bucket of its own.
    pub operation_limits: BTreeMap<Operation, u32>,
    /// The share of the limit above which responses are delayed, 0 to 1.
    pub cutoff: f64,
    /// Adds an unknown scalar, object and array to every account, site, device, alert and component.
    pub extra_fields: bool,
}

/// Which requests share a bucket of the quota.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum QuotaModel {
    /// All of them.
    #[default]
    Legacy,
    /// Reads; writes; and the writes of each operation.
    Modern,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            sites: 40,
            devices: 10_000,
            udfs: 30,
            alerts_open: None,
            alerts_resolved: None,
            port: 0,
            key: None,
            secret: None,
            retry_after: false,
            trust_forwarded_for: false,
            check_answers: None,
            faults: Vec::new(),
            settings: Settings::default(),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            latency: Duration::ZERO,
            token_lifetime: Duration::from_secs(360_000),
            job: Duration::from_secs(3),
            window: Duration::from_secs(60),
            quota_model: QuotaModel::default(),
            limit: 600,
            write_limit: 600,
            operation_limits: Operation::usual_limits(),
            cutoff: 0.9,
            extra_fields: false,
        }
    }
}

impl Config {
    /// The number of open alerts that this configuration asks for.
    pub(crate) fn open_alerts(&self) -> u32 {
        // 46 is nearly twice the number of alert contexts, so each is there.
        let usual = if self.devices == 0 {
            0
        } else {
            (self.devices / 20).max(46)
        };
        self.alerts_open.unwrap_or(usual)
    }

    /// The number of resolved alerts that this configuration asks for.
    pub(crate) fn resolved_alerts(&self) -> u32 {
        self.alerts_resolved
            .unwrap_or_else(|| self.open_alerts().saturating_mul(2))
    }

    /// Refuses sizes that the data could not have; `InvalidInput` with a sentence.
    pub(crate) fn check(&self) -> io::Result<()> {
        let refuse = |sentence: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, sentence));
        if self.sites == 0 {
            return refuse("an account has at least one site");
        }
        if !(30..=300).contains(&self.udfs) {
            return refuse("a device has 30 to 300 user-defined fields");
        }
        if self.devices > MOST_DEVICES {
            return refuse("an account has at most 16,777,216 devices");
        }
        if self.devices == 0 && self.open_alerts().saturating_add(self.resolved_alerts()) > 0 {
            return refuse("alerts need at least one device: set both numbers of alerts to 0");
        }
        self.settings
            .check()
            .map_err(|sentence| io::Error::new(io::ErrorKind::InvalidInput, sentence))
    }
}

impl Settings {
    /// Refuses settings that the quota cannot work with; the error is a sentence.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.window.is_zero() {
            return Err("the quota window must be longer than nothing");
        }
        let limits = [self.limit, self.write_limit];
        if limits
            .iter()
            .chain(self.operation_limits.values())
            .any(|&limit| limit == 0)
        {
            return Err("a quota limit must be at least 1");
        }
        if !(0.0..=1.0).contains(&self.cutoff) {
            return Err("the cut-off is a share of the limit, 0 to 1");
        }
        Ok(())
    }
}
