//! Sites.

use super::like;
use crate::{
    answer::Answer,
    call::Call,
    data::Site,
    error::ApiError,
    paging,
    query::{Kind, MAX, PAGE, Param},
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::get(
        "/v2/account/sites",
        &[
            PAGE,
            MAX,
            Param {
                name: "siteName",
                kind: Kind::Text,
            },
        ],
        sites,
    ),
    Route::get("/v2/site/{siteUid}", &[], site),
];

/// The site that the first variable of the path names.
pub(super) fn named_site<'a>(call: &Call<'a>) -> Result<&'a Site, ApiError> {
    call.app
        .world
        .site(call.capture(0))
        .ok_or_else(|| ApiError::not_found("site"))
}

fn sites(call: &Call<'_>) -> Result<Answer, ApiError> {
    let world = &call.app.world;
    let part = call
        .query
        .text("siteName")
        .unwrap_or_default()
        .to_lowercase();
    let found: Vec<u32> = world
        .sites
        .iter()
        .filter(|site| like(&site.name, &part))
        .map(|site| site.index)
        .collect();
    paging::page(call, "sites", found.len(), |at| {
        let devices = call.app.state.devices_of(&world.sites[found[at] as usize]);
        world.site_view(found[at], &devices, call.extra)
    })
}

fn site(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = named_site(call)?;
    let devices = call.app.state.devices_of(site);
    Answer::json(&call.app.world.site_view(site.index, &devices, call.extra))
}
