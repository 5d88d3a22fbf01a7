//! The operations, a file for each resource. `/v2/account/alerts/open` is with the alerts.
//!
//! Those of build 235 that are not here yet get a file of their own each: `filter`, `user`, `activity`,
//! `patch`.

mod account;
mod activity;
mod alerts;
mod audits;
mod components;
mod device_writes;
mod devices;
mod jobs;
mod patches;
mod sites;
mod system;
mod variables;

use crate::route::Route;

/// Every operation the simulator speaks.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    [
        account::ROUTES,
        sites::ROUTES,
        devices::ROUTES,
        device_writes::ROUTES,
        alerts::ROUTES,
        audits::ROUTES,
        components::ROUTES,
        jobs::ROUTES,
        patches::ROUTES,
        activity::ROUTES,
        variables::ROUTES,
        system::ROUTES,
    ]
    .into_iter()
    .flatten()
}

/// Whether `text` contains `part` in any case, as the API's LIKE does. `part` is lower case already.
fn like(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(part)
}
