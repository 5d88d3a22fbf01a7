//! Patches of a device, and those of all devices of a site.

use super::{devices::named_device, sites::named_site};
use crate::{
    answer::Answer,
    call::Call,
    data::patch::{CATALOGUE, InstallStatus},
    error::ApiError,
    paging,
    query::{Kind, MAX, PAGE, Param},
    route::Route,
};

const PARAMS: &[Param] = &[
    PAGE,
    MAX,
    Param {
        name: "installStatus",
        kind: Kind::OneOf(&InstallStatus::NAMES),
    },
];

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/device/{deviceUid}/patches", PARAMS, of_device),
    Route::get("/v2/site/{siteUid}/patches", PARAMS, of_site),
];

fn wanted(call: &Call<'_>) -> impl Fn(InstallStatus) -> bool + use<> {
    let only = call
        .query
        .text("installStatus")
        .and_then(InstallStatus::parse);
    move |status| only.is_none_or(|only| only == status)
}

fn of_device(call: &Call<'_>) -> Result<Answer, ApiError> {
    let device = named_device(call)?.index;
    let (world, wanted) = (&call.app.world, wanted(call));
    let found: Vec<_> = world
        .patches_of(device, call.app.state.device(device))
        .into_iter()
        .filter(|run| wanted(run.status))
        .flat_map(|run| (run.first..run.first + run.count).map(move |patch| (patch, run.status)))
        .collect();
    paging::page(call, "patches", found.len(), |at| {
        let (patch, status) = found[at];
        world.device_patch(device, patch, status)
    })
}

/// A patch is there once for each status that it has on any device.
fn of_site(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = named_site(call)?;
    let (world, wanted) = (&call.app.world, wanted(call));
    // Where a run begins one device more has the patch, where it ends one less.
    let mut steps = vec![[0_i64; 3]; CATALOGUE + 1];
    for device in call.app.state.devices_of(&site) {
        for run in world.patches_of(device, call.app.state.device(device)) {
            steps[run.first as usize][run.status as usize] += 1;
            steps[(run.first + run.count) as usize][run.status as usize] -= 1;
        }
    }
    let mut found = Vec::new();
    let mut devices = [0_i64; 3];
    for (patch, steps) in (0..).zip(steps) {
        for status in InstallStatus::ALL {
            let devices = &mut devices[status as usize];
            *devices += steps[status as usize];
            if let Ok(devices @ 1..) = u64::try_from(*devices)
                && wanted(status)
            {
                found.push((devices, patch, status));
            }
        }
    }
    paging::page(call, "patches", found.len(), |at| {
        let (devices, patch, status) = found[at];
        world.site_patch(devices, patch, status)
    })
}
