//! What callers have changed since the server started.

use std::collections::{BTreeMap, HashMap};

use parking_lot::RwLock;

use crate::{
    data::{Alert, Device, Site},
    seed::Seed,
    variables::Variables,
};

/// Who resolved an alert, and when (Unix milliseconds).
#[derive(Clone)]
pub(crate) struct Resolution {
    pub(crate) on: i64,
    pub(crate) by: String,
}

/// What was changed of a device.
#[derive(Clone, Default)]
pub(crate) struct DeviceChange {
    /// The site it was moved to.
    pub(crate) site: Option<u32>,
    /// The warranty date it was given; `Some(None)` is none.
    pub(crate) warranty: Option<Option<String>>,
    /// The user-defined fields that were set, by number from 1; `None` was deleted.
    pub(crate) udfs: BTreeMap<u16, Option<String>>,
}

/// The changes; the generated data itself never changes. Variables are few and are all here.
pub(crate) struct State {
    resolutions: RwLock<HashMap<u32, Resolution>>,
    devices: RwLock<HashMap<u32, DeviceChange>>,
    pub(crate) variables: Variables,
}

impl State {
    pub(crate) fn new(seed: u64, sites: u32) -> Self {
        Self {
            resolutions: RwLock::default(),
            devices: RwLock::default(),
            variables: Variables::generate(Seed(seed), sites),
        }
    }

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

    /// Changes a device.
    pub(crate) fn change_device(&self, device: &Device, change: impl FnOnce(&mut DeviceChange)) {
        change(self.devices.write().entry(device.index).or_default());
    }

    /// What was changed of a device.
    pub(crate) fn device(&self, index: u32) -> DeviceChange {
        self.devices.read().get(&index).cloned().unwrap_or_default()
    }

    /// The site where a device is now.
    pub(crate) fn site_of(&self, device: &Device) -> u32 {
        let devices = self.devices.read();
        let moved = devices.get(&device.index).and_then(|change| change.site);
        moved.unwrap_or(device.site)
    }

    /// The devices of a site, in the account's order.
    pub(crate) fn devices_of(&self, site: &Site) -> Vec<u32> {
        let devices = self.devices.read();
        let gone = |index: &u32| {
            let moved = devices.get(index).and_then(|change| change.site);
            moved.is_some_and(|now| now != site.index)
        };
        let mut members: Vec<u32> = site
            .devices
            .iter()
            .copied()
            .filter(|index| !gone(index))
            .collect();
        let moved_here = devices
            .iter()
            .filter(|(_, change)| change.site == Some(site.index));
        members.extend(moved_here.map(|(&index, _)| index));
        members.sort_unstable();
        members.dedup();
        members
    }
}
