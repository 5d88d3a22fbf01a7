//! The account itself.

use serde::Serialize;

use super::{World, extra::Extra};
use crate::seed::{Purpose, Seed, Uid};

/// What is kept of the account.
pub(crate) struct Account {
    id: i64,
    pub(crate) uid: Uid,
}

impl Account {
    pub(crate) fn generate(seed: Seed) -> Self {
        let id = seed.rng(Purpose::Account, 0).i64(10_000..90_000);
        Self {
            id,
            uid: seed.uid(Purpose::Account, 1),
        }
    }
}

/// The account as the API writes it.
#[derive(Serialize)]
pub(crate) struct AccountView {
    id: i64,
    name: &'static str,
    descriptor: Descriptor,
    uid: Uid,
    currency: &'static str,
    #[serde(rename = "devicesStatus")]
    devices_status: DevicesStatus,
    #[serde(flatten)]
    extra: Option<Extra>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    // The API spells it so.
    biling_email: &'static str,
    device_limit: u32,
    time_zone: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the API")]
struct DevicesStatus {
    number_of_devices: usize,
    number_of_online_devices: usize,
    number_of_offline_devices: usize,
    number_of_on_demand_devices: usize,
    number_of_managed_devices: usize,
}

impl World {
    /// Writes the account, of whose devices so many are on demand.
    pub(crate) fn account_view(&self, on_demand: usize, extra: bool) -> AccountView {
        let devices = self.devices.len();
        let online = self.devices.iter().filter(|device| device.online).count();
        AccountView {
            id: self.account.id,
            name: "Sägewerk IT-Service «Simulator»",
            descriptor: Descriptor {
                biling_email: "billing@example.com",
                device_limit: 250_000,
                time_zone: "Europe/Berlin",
            },
            uid: self.account.uid,
            currency: "EUR",
            devices_status: DevicesStatus {
                number_of_devices: devices,
                number_of_online_devices: online,
                number_of_offline_devices: devices - online,
                number_of_on_demand_devices: on_demand,
                number_of_managed_devices: devices - on_demand,
            },
            extra: extra.then(Extra::default),
        }
    }
}
