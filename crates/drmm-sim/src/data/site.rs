//! Sites: who they are, and how they are written.

use std::sync::Arc;

use serde::Serialize;

use super::{
    World,
    extra::Extra,
    names::{CITIES, COMPANIES},
    proxy::{Proxy, ProxyView},
};
use crate::seed::{Purpose, Seed, Uid};

/// The name under which the service files deleted devices.
pub(crate) const DELETED_DEVICES: &str = "Deleted Devices";

/// What is kept of a site.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) index: u32,
    pub(crate) uid: Uid,
    pub(crate) details: SiteDetails,
    pub(crate) proxy: Option<Proxy>,
    /// The company that Autotask knows it as.
    autotask: Option<String>,
    /// The devices here are deleted ones.
    pub(crate) deleted: bool,
    /// The devices it was made with, in the account's order; [`crate::state`] knows which are here
    /// now.
    pub(crate) devices: Arc<[u32]>,
    /// Short name of its city, for host names.
    pub(crate) code: &'static str,
}

/// What callers may say of a site.
#[derive(Clone)]
pub(crate) struct SiteDetails {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) notes: Option<String>,
    /// Devices here are on demand instead of managed.
    pub(crate) on_demand: bool,
    pub(crate) splashtop_auto_install: bool,
}

impl Site {
    /// Makes site `index` of `total` with these devices.
    pub(crate) fn generate(seed: Seed, index: u32, total: u32, devices: Vec<u32>) -> Self {
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
        // A sequence of its own, so that what a site is called does not depend on the rest.
        let mut rng = seed.rng(Purpose::Site, u32::MAX - index);
        let autotask = (rng.u8(..3) == 0).then(|| name.clone());
        let details = SiteDetails {
            description: (rng.u8(..3) != 0).then(|| format!("Standort {code} ({name})")),
            notes: (rng.u8(..4) == 0)
                .then(|| "Zufahrt über den Hof.\nSchlüssel: Empfang \"Süd\".".to_owned()),
            on_demand: !deleted && index % 8 == 5,
            splashtop_auto_install: rng.bool(),
            name,
        };
        Self {
            index,
            uid: seed.uid(Purpose::SiteUid, index),
            details,
            proxy: Proxy::generate(index, &mut rng),
            autotask,
            deleted,
            devices: devices.into(),
            code,
        }
    }

    /// A site as a caller wants it.
    pub(crate) fn new(index: u32, uid: Uid, details: SiteDetails, proxy: Option<Proxy>) -> Self {
        Self {
            index,
            uid,
            details,
            proxy,
            autotask: None,
            deleted: false,
            devices: Arc::new([]),
            code: "NEW",
        }
    }

    /// The number by which the API knows the site.
    pub(crate) fn id(&self) -> i64 {
        90_000 + 17 * i64::from(self.index)
    }

    pub(super) fn portal_url(&self) -> String {
        let id = self.id();
        format!("https://sim.centrastage.net/csm/profile/summary/{id}")
    }
}

/// A site as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiteView {
    id: i64,
    uid: Uid,
    account_uid: Uid,
    name: String,
    description: Option<String>,
    notes: Option<String>,
    on_demand: bool,
    splashtop_auto_install: bool,
    proxy_settings: Option<ProxyView>,
    devices_status: DevicesStatus,
    autotask_company_name: Option<String>,
    autotask_company_id: Option<String>,
    portal_url: String,
    #[serde(flatten)]
    extra: Option<Extra>,
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
    pub(crate) fn site_view(&self, site: &Site, devices: &[u32], extra: bool) -> SiteView {
        let online = devices
            .iter()
            .filter(|&&index| self.devices[index as usize].online)
            .count();
        let id = site.id();
        let details = site.details.clone();
        SiteView {
            id,
            uid: site.uid,
            account_uid: self.account.uid,
            name: details.name,
            description: details.description,
            notes: details.notes,
            on_demand: details.on_demand,
            splashtop_auto_install: details.splashtop_auto_install,
            proxy_settings: site.proxy.as_ref().map(Proxy::view),
            devices_status: DevicesStatus {
                number_of_devices: devices.len(),
                number_of_online_devices: online,
                number_of_offline_devices: devices.len() - online,
            },
            autotask_company_name: site.autotask.clone(),
            autotask_company_id: (site.autotask.is_some()).then(|| (29_680_000 + id).to_string()),
            portal_url: site.portal_url(),
            extra: extra.then(Extra::default),
        }
    }
}
