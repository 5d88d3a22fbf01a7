//! The account's data, all of it decided by the seed and the sizes.

mod account;
pub(crate) mod activity;
mod alert;
mod audit;
pub(crate) mod component;
mod context;
mod device;
mod extra;
pub(crate) mod filter;
pub(crate) mod job;
mod model;
mod names;
mod nic;
pub(crate) mod patch;
mod proxy;
mod site;
mod site_mapping;
mod site_settings;
pub(crate) mod udf;
pub(crate) mod user;
pub(crate) mod variable;

use std::collections::HashMap;

use crate::{
    config::Config,
    seed::{Purpose, Seed, Uid},
    sites::Sites,
};
use account::Account;
pub(crate) use alert::{Alert, AlertView};
pub(crate) use device::{Device, DeviceView, MOST_DEVICES, Version};
pub(crate) use model::MODELS;
pub(crate) use proxy::{Proxy, ProxyKind};
pub(crate) use site::{Site, SiteDetails, SiteView};
pub(crate) use variable::Variable;

/// Everything that does not change, and the sites, whose names all else is written with. What else
/// changes is in [`crate::state`].
pub(crate) struct World {
    pub(crate) seed: Seed,
    pub(crate) account: Account,
    pub(crate) sites: Sites,
    pub(crate) devices: Vec<Device>,
    /// Newest first.
    pub(crate) alerts: Vec<Alert>,
    device_by_uid: HashMap<Uid, u32>,
    alert_by_uid: HashMap<Uid, u32>,
    udf_keys: Vec<String>,
}

impl World {
    /// Makes the account that `config` describes.
    pub(crate) fn generate(config: &Config) -> Self {
        let seed = Seed(config.seed);
        let devices: Vec<_> = (0..config.devices)
            .map(|index| Device::generate(seed, index, config.sites))
            .collect();
        let mut members = vec![Vec::new(); config.sites as usize];
        for device in &devices {
            members[device.site as usize].push(device.index);
        }
        let sites = (0..config.sites)
            .zip(members)
            .map(|(index, devices)| Site::generate(seed, index, config.sites, devices))
            .collect();
        let alerts = alert::generate(seed, config);
        Self {
            seed,
            account: Account::generate(seed),
            device_by_uid: devices
                .iter()
                .map(|device| (device.uid, device.index))
                .collect(),
            alert_by_uid: alerts
                .iter()
                .map(|alert| (alert.uid, alert.index))
                .collect(),
            sites: Sites::new(seed, sites),
            devices,
            alerts,
            udf_keys: udf::keys(config.udfs),
        }
    }

    /// The device with this uid.
    pub(crate) fn device(&self, uid: &str) -> Option<&Device> {
        self.device_by_uid
            .get(&Uid::parse(uid)?)
            .map(|&index| &self.devices[index as usize])
    }

    /// The device with this id.
    pub(crate) fn device_by_id(&self, id: i64) -> Option<&Device> {
        self.devices.get(device::index_of_id(id)? as usize)
    }

    /// The device with this MAC address, twelve hexadecimal digits without separators.
    pub(crate) fn device_by_mac(&self, address: &str) -> Option<&Device> {
        self.devices.get(device::index_of_mac(address)? as usize)
    }

    /// The alert with this uid.
    pub(crate) fn alert(&self, uid: &str) -> Option<&Alert> {
        self.alert_by_uid
            .get(&Uid::parse(uid)?)
            .map(|&index| &self.alerts[index as usize])
    }
}

/// A key and a secret that look like the service's, decided by the seed. The first pair is number 0.
pub(crate) fn key_and_secret(seed: Seed, number: u32) -> (String, String) {
    let text = |index| {
        let mut rng = seed.rng(Purpose::Key, index);
        (0..32)
            .map(|_| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng.usize(..36)]))
            .collect()
    };
    (text(2 * number), text(2 * number + 1))
}

/// Writes a number with at least `width` digits behind what is in `text`. Several times as fast as
/// formatting, which is what filling a page mostly consists of.
fn digits(number: u32, width: usize, text: &mut String) {
    let mut reversed = [b'0'; 10];
    let mut length = 0;
    let mut left = number;
    while left > 0 || length < width.clamp(1, reversed.len()) {
        reversed[length] = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        length += 1;
    }
    text.extend(
        reversed[..length]
            .iter()
            .rev()
            .map(|&digit| char::from(digit)),
    );
}

#[cfg(test)]
mod tests {
    use super::digits;

    #[test]
    fn digits_are_what_formatting_gives() {
        for (number, width) in [(0, 0), (0, 1), (7, 3), (1_234, 2), (u32::MAX, 1), (1, 10)] {
            let mut text = String::from("x");
            digits(number, width, &mut text);
            assert_eq!(text, format!("x{number:0width$}"));
        }
    }
}
