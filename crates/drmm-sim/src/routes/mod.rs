//! The operations, a file for each resource. `/v2/account/alerts/open` is with the alerts.

mod account;
mod activity;
mod alerts;
mod audits;
mod components;
mod device_writes;
mod devices;
mod filters;
mod jobs;
mod network_interfaces;
mod patches;
mod site_settings;
mod sites;
mod system;
mod users;
mod variables;

use crate::route::Route;

/// Every operation the simulator speaks.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    [
        account::ROUTES,
        sites::ROUTES,
        site_settings::ROUTES,
        devices::ROUTES,
        device_writes::ROUTES,
        alerts::ROUTES,
        audits::ROUTES,
        jobs::ROUTES,
        patches::ROUTES,
        activity::ROUTES,
        variables::ROUTES,
        components::ROUTES,
        filters::ROUTES,
        network_interfaces::ROUTES,
        users::ROUTES,
        system::ROUTES,
    ]
    .into_iter()
    .flatten()
}

/// Whether `text` contains `part` in any case, as the API's LIKE does. `part` is lower case already.
fn like(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(part)
}
