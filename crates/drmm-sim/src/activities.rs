//! What callers have done since the server started, for the activity log.

use parking_lot::RwLock;
use serde_json::Value;

use crate::{
    data::activity::{Activity, Deed},
    error::now_ms,
    seed::{DAY_MS, Purpose, Seed},
};

/// So far back the log reaches when the server starts.
const REACH_MS: i64 = 7 * DAY_MS;

/// The written part of the activity log, and where the other part begins.
pub(crate) struct Activities {
    seed: Seed,
    /// The oldest entry is not older, Unix milliseconds.
    pub(crate) begin: i64,
    written: RwLock<Vec<Activity>>,
}

impl Activities {
    pub(crate) fn new(seed: u64, started_ms: i64) -> Self {
        Self {
            seed: Seed(seed),
            begin: started_ms - REACH_MS,
            written: RwLock::default(),
        }
    }

    /// Adds what a caller has just done to a device at a site.
    pub(crate) fn add(&self, deed: Deed, device: u32, site: u32, details: &Value) {
        let mut written = self.written.write();
        let number = u32::try_from(written.len()).unwrap_or_default();
        // From the other end than those that are made for minutes.
        let id = self.seed.uid(Purpose::ActivityUid, u32::MAX - number);
        written.push(Activity::written(id, now_ms(), deed, device, site, details));
    }

    /// What callers did from one moment to another, both included.
    pub(crate) fn between(&self, from: i64, until: i64) -> Vec<Activity> {
        let written = self.written.read();
        let within = |activity: &&Activity| (from..=until).contains(&activity.time);
        written.iter().filter(within).cloned().collect()
    }
}
