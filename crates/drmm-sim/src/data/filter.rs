//! Device filters: what they are called, and which devices they pick (`filterId`).

use serde::Serialize;

use super::{Device, World};
use crate::seed::{DAY_MS, EPOCH_MS, Purpose};

/// A filter as the account has it, or a kind of filter that many sites have.
pub(crate) struct Filter {
    id: i64,
    name: &'static str,
    description: Option<&'static str>,
    kind: Kind,
    picks: fn(&Device) -> bool,
}

/// Whose filter it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) enum Kind {
    /// The service's own.
    #[serde(rename = "rmm_default")]
    Default,
    /// The account's.
    #[serde(rename = "custom")]
    Custom,
    /// A site's.
    #[serde(rename = "site")]
    Site,
}

/// A filter that there is.
#[derive(Clone, Copy)]
pub(crate) struct Named {
    filter: &'static Filter,
    /// The site whose filter it is.
    site: Option<u32>,
}

impl Filter {
    const fn new(id: i64, kind: Kind, name: &'static str, picks: fn(&Device) -> bool) -> Self {
        Self {
            id,
            name,
            description: None,
            kind,
            picks,
        }
    }

    const fn about(self, description: &'static str) -> Self {
        Self {
            description: Some(description),
            ..self
        }
    }
}

/// All filters of the account: the service's own below 1,000, the account's own from there on.
const FILTERS: &[Filter] = &[
    Filter::new(101, Kind::Default, "All Devices", |_| true),
    Filter::new(102, Kind::Default, "All Servers", |device| {
        category(device) == "Server"
    }),
    Filter::new(103, Kind::Default, "All Laptops", |device| {
        category(device) == "Laptop"
    }),
    Filter::new(104, Kind::Default, "Online Devices", |device| device.online),
    Filter::new(105, Kind::Default, "Offline Devices", |device| {
        !device.online
    }),
    Filter::new(106, Kind::Default, "Reboot Required", |device| {
        device.model().has_agent() && device.reboot_required
    })
    .about("Devices that want to be started anew"),
    Filter::new(20_001, Kind::Custom, "Drucker & Switches", |device| {
        category(device) == "Network Device"
    })
    .about("Alles, was im \"Netz\" hängt"),
    Filter::new(20_002, Kind::Custom, "Leere Menge", |_| false),
];

/// What every second site has; the ids are those of the first site.
const SITE_FILTERS: [Filter; 2] = [
    Filter::new(FIRST_SITE_ID, Kind::Site, "Server am Standort", |device| {
        category(device) == "Server"
    }),
    Filter::new(FIRST_SITE_ID + 1, Kind::Site, "Längst offline", |device| {
        !device.online
    }),
];

/// The id of the first site's first filter; each site has two ids.
const FIRST_SITE_ID: i64 = 40_000;

impl Named {
    /// Whether the filter picks a device that is at this site.
    pub(crate) fn picks(self, device: &Device, site: u32) -> bool {
        self.site.is_none_or(|own| own == site) && (self.filter.picks)(device)
    }

    fn id(self) -> i64 {
        self.filter.id + 2 * i64::from(self.site.unwrap_or(0))
    }
}

/// The account's filters of one kind.
pub(crate) fn of_kind(kind: Kind) -> Vec<Named> {
    let of_account = FILTERS.iter().filter(|filter| filter.kind == kind);
    of_account
        .map(|filter| Named { filter, site: None })
        .collect()
}

impl World {
    /// The filters of a site. One that was made since the server started has none.
    pub(crate) fn filters_of(&self, site: u32) -> Vec<Named> {
        if site % 2 == 1 || !self.sites.began_with(site) {
            return Vec::new();
        }
        let of_site = SITE_FILTERS.iter();
        of_site
            .map(|filter| Named {
                filter,
                site: Some(site),
            })
            .collect()
    }

    /// The filter with this id.
    pub(crate) fn filter(&self, id: i64) -> Option<Named> {
        if let Some(filter) = FILTERS.iter().find(|filter| filter.id == id) {
            return Some(Named { filter, site: None });
        }
        let site = u32::try_from(id.checked_sub(FIRST_SITE_ID)? / 2).ok()?;
        let mut filters = self.filters_of(site).into_iter();
        filters.find(|filter| filter.id() == id)
    }

    /// Writes one filter.
    pub(crate) fn filter_view(&self, named: Named) -> FilterView {
        let id = named.id();
        let mut rng = self
            .seed
            .rng(Purpose::Filter, u32::try_from(id).unwrap_or_default());
        let created = EPOCH_MS - rng.i64(200 * DAY_MS..2_000 * DAY_MS);
        FilterView {
            id,
            name: named.filter.name,
            description: named.filter.description,
            kind: named.filter.kind,
            date_create: created,
            last_updated: rng.bool().then(|| created + rng.i64(0..200 * DAY_MS)),
        }
    }
}

/// A filter as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilterView {
    id: i64,
    name: &'static str,
    description: Option<&'static str>,
    #[serde(rename = "type")]
    kind: Kind,
    date_create: i64,
    last_updated: Option<i64>,
}

fn category(device: &Device) -> &'static str {
    device.model().kind.map_or("", |(category, _)| category)
}
