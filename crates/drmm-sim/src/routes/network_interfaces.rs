//! Devices of a site with their network interfaces.

use super::{
    devices::{FILTER_ID, members_of, view},
    sites::named_site,
};
use crate::{
    answer::Answer,
    call::Call,
    data::Version,
    error::ApiError,
    paging,
    query::{MAX, PAGE},
    route::Route,
};

/// The description does not have `filterId`; scripts send it, and the service takes it.
pub(super) const ROUTES: &[Route] = &[Route::get(
    "/v2/site/{siteUid}/devices/network-interface",
    &[PAGE, MAX, FILTER_ID],
    network_interfaces,
)];

fn network_interfaces(call: &Call<'_>) -> Result<Answer, ApiError> {
    let world = &call.app.world;
    let site = named_site(call)?;
    let found = members_of(call, &site)?;
    paging::page(call, "devices", found.len(), |at| {
        world.network_view(
            &world.devices[found[at] as usize],
            view(call, found[at], Version::V2),
        )
    })
}
