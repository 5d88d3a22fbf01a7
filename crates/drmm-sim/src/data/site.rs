//! Sites: who they are, and how they are written.

use serde::Serialize;

use super::{
    World,
    extra::Extra,
    names::{CITIES, COMPANIES},
};
use crate::seed::{Purpose, Seed, Uid};

/// The name under which the service files deleted devices.
pub(crate) const DELETED_DEVICES: &str = "Deleted Devices";

/// What is kept of a site.
pub(crate) struct Site {
    pub(crate) index: u32,
    pub(crate) uid: Uid,
    pub(crate) name: String,
    /// Devices here are on demand instead of managed.
    pub(crate) on_demand: bool,
    /// The devices here are deleted ones.
    pub(crate) deleted: bool,
    /// The devices it was made with, in the account's order; [`crate::state`] knows which are here
    /// now.
    pub(crate) devices: Vec<u32>,
    /// Short name of its city, for host names.
    pub(crate) code: &'static str,
}

impl Site {
    /// Makes site `index` of `total`, without devices.
    pub(crate) fn generate(seed: Seed, index: u32, total: u32) -> Self {
        let mut rng = seed.rng(Purpose::Site, index);
        let number = index as usize;
        let (city, code) = CITIES[rng.usize(..CITIES.len())];
        // The last one, and never the only one.
        let deleted = total > 1 && index == total - 1;
        let name = match COMPANIES.get(number) {
            _ if deleted => DELETED_DEVICES.to_owned(),
            Some(company) => (*company).to_owned(),
            None => format!("{} {city} {index}", COMPANIES[number % COMPANIES.len()]),
        };
        let on_demand = !deleted && index % 8 == 5;
        let uid = seed.uid(Purpose::SiteUid, index);
        Self {
            index,
            uid,
            name,
            on_demand,
            deleted,
            devices: Vec::new(),
            code,
        }
    }

    /// The number by which the API knows the site.
    pub(crate) fn id(&self) -> i64 {
        90_000 + 17 * i64::from(self.index)
    }
}

/// A site as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiteView<'a> {
    id: i64,
    uid: Uid,
    account_uid: Uid,
    name: &'a str,
    description: Option<String>,
    notes: Option<&'static str>,
    on_demand: bool,
    splashtop_auto_install: bool,
    proxy_settings: Option<ProxySettings>,
    devices_status: DevicesStatus,
    autotask_company_name: Option<&'a str>,
    autotask_company_id: Option<String>,
    portal_url: String,
    #[serde(flatten)]
    extra: Option<Extra>,
}

#[derive(Serialize)]
struct ProxySettings {
    host: &'static str,
    password: Option<&'static str>,
    port: u16,
    #[serde(rename = "type")]
    kind: &'static str,
    username: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DevicesStatus {
    number_of_devices: usize,
    number_of_online_devices: usize,
    number_of_offline_devices: usize,
}

impl World {
    /// Writes one site, with the devices that are there now.
    pub(crate) fn site_view(&self, index: u32, devices: &[u32], extra: bool) -> SiteView<'_> {
        let online = devices
            .iter()
            .filter(|&&index| self.devices[index as usize].online)
            .count();
        let site = &self.sites[index as usize];
        // A sequence of its own, so that what is kept and what is written do not depend on each other.
        let mut rng = self.seed.rng(Purpose::Site, u32::MAX - index);
        let id = site.id();
        let autotask = rng.u8(..3) == 0;
        SiteView {
            id,
            uid: site.uid,
            account_uid: self.account.uid,
            name: &site.name,
            description: (rng.u8(..3) != 0)
                .then(|| format!("Standort {} ({})", site.code, site.name)),
            notes: (rng.u8(..4) == 0)
                .then_some("Zufahrt über den Hof.\nSchlüssel: Empfang \"Süd\"."),
            on_demand: site.on_demand,
            splashtop_auto_install: rng.bool(),
            proxy_settings: proxy(index, &mut rng),
            devices_status: DevicesStatus {
                number_of_devices: devices.len(),
                number_of_online_devices: online,
                number_of_offline_devices: devices.len() - online,
            },
            autotask_company_name: autotask.then_some(site.name.as_str()),
            autotask_company_id: autotask.then(|| (29_680_000 + id).to_string()),
            portal_url: format!("https://sim.centrastage.net/csm/profile/summary/{id}"),
            extra: extra.then(Extra::default),
        }
    }
}

fn proxy(index: u32, rng: &mut fastrand::Rng) -> Option<ProxySettings> {
    if index % 5 != 2 {
        return None;
    }
    let with_login = rng.bool();
    Some(ProxySettings {
        host: "proxy.example.internal",
        // The service never gives a password back.
        password: with_login.then_some("********"),
        port: 3128,
        kind: ["http", "socks4", "socks5"][rng.usize(..3)],
        username: with_login.then_some("rmm-proxy"),
    })
}
