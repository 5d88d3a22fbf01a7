//! What callers have changed since the server started.

use std::collections::HashMap;

use parking_lot::RwLock;

use crate::data::Alert;

/// Who resolved an alert, and when (Unix milliseconds).
#[derive(Clone)]
pub(crate) struct Resolution {
    pub(crate) on: i64,
    pub(crate) by: String,
}

/// The changes; the generated data itself never changes.
#[derive(Default)]
pub(crate) struct State {
    resolutions: RwLock<HashMap<u32, Resolution>>,
}

impl State {
    /// Resolves an alert. One that is resolved already stays as it is.
    pub(crate) fn resolve(&self, alert: &Alert, resolution: Resolution) {
        if alert.open {
            self.resolutions
                .write()
                .entry(alert.index)
                .or_insert(resolution);
        }
    }

    /// How an alert was resolved since the server started.
    pub(crate) fn resolution(&self, index: u32) -> Option<Resolution> {
        self.resolutions.read().get(&index).cloned()
    }

    /// The positions of those `alerts` that are open (or not) and that `wanted` says yes to.
    pub(crate) fn select(
        &self,
        alerts: &[Alert],
        open: bool,
        wanted: impl Fn(&Alert) -> bool,
    ) -> Vec<u32> {
        let resolutions = self.resolutions.read();
        let is_open = |alert: &Alert| alert.open && !resolutions.contains_key(&alert.index);
        alerts
            .iter()
            .filter(|alert| is_open(alert) == open && wanted(alert))
            .map(|alert| alert.index)
            .collect()
    }
}
