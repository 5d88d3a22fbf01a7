//! Devices: lists with their filters, and single ones.

use super::{like, sites::named_site};
use crate::{
    answer::Answer,
    call::Call,
    data::{Device, DeviceView, MODELS, Site, Version, filter::Named},
    error::ApiError,
    paging,
    query::{Kind, MAX, PAGE, Param},
    route::Route,
};

/// A filter, by its id.
pub(super) const FILTER_ID: Param = Param {
    name: "filterId",
    kind: Kind::Int64,
};

const ACCOUNT_PARAMS: &[Param] = &[
    PAGE,
    MAX,
    FILTER_ID,
    Param {
        name: "hostname",
        kind: Kind::Text,
    },
    Param {
        name: "deviceType",
        kind: Kind::Text,
    },
    Param {
        name: "operatingSystem",
        kind: Kind::Text,
    },
    Param {
        name: "siteName",
        kind: Kind::Text,
    },
];

const SITE_PARAMS: &[Param] = &[PAGE, MAX, FILTER_ID];

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/account/devices", ACCOUNT_PARAMS, |call| {
        account_devices(call, Version::V2)
    }),
    Route::get("/v3/account/devices", ACCOUNT_PARAMS, |call| {
        account_devices(call, Version::V3)
    }),
    Route::get("/v2/site/{siteUid}/devices", SITE_PARAMS, |call| {
        site_devices(call, Version::V2)
    }),
    Route::get("/v3/site/{siteUid}/devices", SITE_PARAMS, |call| {
        site_devices(call, Version::V3)
    }),
    Route::get("/v2/device/{deviceUid}", &[], |call| {
        device(call, Version::V2)
    }),
    Route::get("/v3/device/{deviceUid}", &[], |call| {
        device(call, Version::V3)
    }),
    Route::get("/v2/device/id/{deviceId}", &[], |call| {
        device_by_id(call, Version::V2)
    }),
    Route::get("/v3/device/id/{deviceId}", &[], |call| {
        device_by_id(call, Version::V3)
    }),
    Route::get("/v2/device/macAddress/{macAddress}", &[], |call| {
        devices_by_mac(call, Version::V2)
    }),
    Route::get("/v3/device/macAddress/{macAddress}", &[], |call| {
        devices_by_mac(call, Version::V3)
    }),
];

/// The device that the first variable of the path names.
pub(super) fn named_device<'a>(call: &Call<'a>) -> Result<&'a Device, ApiError> {
    call.app
        .world
        .device(call.capture(0))
        .ok_or_else(|| ApiError::not_found("device"))
}

fn account_devices(call: &Call<'_>, version: Version) -> Result<Answer, ApiError> {
    let world = &call.app.world;
    let everything = world.devices.as_slice();
    // A filter decides alone: the description says that it does so exclusively.
    if let Some(filter) = named_filter(call)? {
        return page(
            call,
            version,
            everything
                .iter()
                .filter(|device| filter.picks(device, call.app.state.site_of(device))),
        );
    }
    let Some(wanted) = Wanted::new(call) else {
        return paging::page(call, "devices", everything.len(), |at| {
            view(call, everything[at].index, version)
        });
    };
    let mut hostname = String::new();
    page(
        call,
        version,
        everything
            .iter()
            .filter(|device| wanted.includes(device, call, &mut hostname)),
    )
}

fn site_devices(call: &Call<'_>, version: Version) -> Result<Answer, ApiError> {
    let site = named_site(call)?;
    let found = members_of(call, &site)?;
    paging::page(call, "devices", found.len(), |at| {
        view(call, found[at], version)
    })
}

/// The devices of a site, those alone that the named filter picks.
pub(super) fn members_of(call: &Call<'_>, site: &Site) -> Result<Vec<u32>, ApiError> {
    let filter = named_filter(call)?;
    let mut members = call.app.state.devices_of(site);
    if let Some(filter) = filter {
        let devices = &call.app.world.devices;
        members.retain(|&index| filter.picks(&devices[index as usize], site.index));
    }
    Ok(members)
}

fn device(call: &Call<'_>, version: Version) -> Result<Answer, ApiError> {
    let device = named_device(call)?;
    Answer::json(&view(call, device.index, version))
}

fn device_by_id(call: &Call<'_>, version: Version) -> Result<Answer, ApiError> {
    let world = &call.app.world;
    let id = call
        .capture(0)
        .parse()
        .map_err(|_| ApiError::bad_request("the id is not a number"))?;
    let device = world
        .device_by_id(id)
        .ok_or_else(|| ApiError::not_found("device"))?;
    Answer::json(&view(call, device.index, version))
}

fn devices_by_mac(call: &Call<'_>, version: Version) -> Result<Answer, ApiError> {
    let world = &call.app.world;
    let device = world
        .device_by_mac(call.capture(0))
        .ok_or_else(|| ApiError::not_found("device"))?;
    Answer::json(&[view(call, device.index, version)])
}

fn named_filter(call: &Call<'_>) -> Result<Option<Named>, ApiError> {
    let Some(id) = call.query.int64("filterId") else {
        return Ok(None);
    };
    call.app
        .world
        .filter(id)
        .map(Some)
        .ok_or_else(|| ApiError::not_found("filter"))
}

fn page<'a>(
    call: &Call<'_>,
    version: Version,
    devices: impl Iterator<Item = &'a Device>,
) -> Result<Answer, ApiError> {
    let found: Vec<u32> = devices.map(|device| device.index).collect();
    paging::page(call, "devices", found.len(), |at| {
        view(call, found[at], version)
    })
}

/// Writes one device.
pub(super) fn view<'a>(call: &Call<'a>, index: u32, version: Version) -> DeviceView<'a> {
    let change = call.app.state.device(index);
    call.app
        .world
        .device_view(index, change, version, call.extra)
}

/// What a caller asked for, decided beforehand for what many devices share.
struct Wanted {
    hostname: String,
    operating_system: String,
    models: Vec<bool>,
    sites: Vec<bool>,
}

impl Wanted {
    /// `None` if the caller wants all devices.
    fn new(call: &Call<'_>) -> Option<Self> {
        let names = ["hostname", "deviceType", "operatingSystem", "siteName"];
        if names.iter().all(|name| call.query.text(name).is_none()) {
            return None;
        }
        let part = |name| call.query.text(name).unwrap_or_default().to_lowercase();
        let (kind, site_name) = (part("deviceType"), part("siteName"));
        let fits = |&(category, name): &(&str, &str)| like(category, &kind) || like(name, &kind);
        Some(Self {
            hostname: part("hostname"),
            operating_system: part("operatingSystem"),
            models: MODELS
                .iter()
                .map(|model| kind.is_empty() || model.kind.as_ref().is_some_and(fits))
                .collect(),
            sites: call
                .app
                .world
                .sites
                .all()
                .iter()
                .map(|site| like(&site.details.name, &site_name))
                .collect(),
        })
    }

    /// `buffer` is lent so that 100,000 devices do not need as many strings.
    fn includes(&self, device: &Device, call: &Call<'_>, buffer: &mut String) -> bool {
        let runs = |part: &str| {
            device
                .operating_system()
                .is_some_and(|name| like(name, part))
        };
        let site = call.app.state.site_of(device);
        // A device may have gone to a site that was not there when the list was begun.
        let at_wanted = self.sites.get(site as usize).is_some_and(|&wanted| wanted);
        if !at_wanted || !self.models[device.model_index()] {
            return false;
        }
        if !self.operating_system.is_empty() && !runs(&self.operating_system) {
            return false;
        }
        if self.hostname.is_empty() {
            return true;
        }
        buffer.clear();
        device.write_hostname(call.app.world.sites.at(device.site).code, buffer);
        buffer.make_ascii_lowercase();
        buffer.contains(&self.hostname)
    }
}
