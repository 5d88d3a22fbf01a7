//! Sites: the account's list, single ones, new ones, changed ones; and their networks.

use std::sync::Arc;

use http::StatusCode;

use super::{like, site_settings::proxy};
use crate::{
    answer::Answer,
    call::Call,
    data::{Site, SiteDetails, SiteView},
    document::Document,
    error::ApiError,
    operation::Operation,
    paging,
    query::{Kind, MAX, PAGE, Param},
    route::Route,
    sites::NameTaken,
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
    Route::get("/v2/account/dnet-site-mappings", &[PAGE, MAX], mappings),
    Route::get("/v2/site/{siteUid}", &[], |call| {
        let site = named_site(call)?;
        Answer::json(&view(call, &site))
    }),
    Route::put("/v2/site", Operation::SiteCreate, create),
    Route::post("/v2/site/{siteUid}", Operation::SiteUpdate, update),
];

/// The site that the first variable of the path names.
pub(super) fn named_site(call: &Call<'_>) -> Result<Arc<Site>, ApiError> {
    call.app
        .world
        .sites
        .by_uid(call.capture(0))
        .ok_or_else(|| ApiError::not_found("site"))
}

fn sites(call: &Call<'_>) -> Result<Answer, ApiError> {
    let part = call
        .query
        .text("siteName")
        .unwrap_or_default()
        .to_lowercase();
    let mut found = call.app.world.sites.all();
    found.retain(|site| like(&site.details.name, &part));
    paging::page(call, "sites", found.len(), |at| view(call, &found[at]))
}

fn mappings(call: &Call<'_>) -> Result<Answer, ApiError> {
    let sites = call.app.world.sites.all();
    paging::page(call, "dnetSiteMappings", sites.len(), |at| {
        call.app.world.site_mapping_view(&sites[at])
    })
}

fn create(call: &Call<'_>) -> Result<Answer, ApiError> {
    let mut document = Document::read(call.headers, call.body)?;
    let details = details(&mut document)?;
    let proxy = document.object("proxySettings")?.map(proxy).transpose()?;
    document.end()?;
    written(call, call.app.world.sites.create(details, proxy))
}

/// What is not named is not kept: a text becomes null, a flag false. The proxy has an operation of
/// its own and stays.
fn update(call: &Call<'_>) -> Result<Answer, ApiError> {
    let site = named_site(call)?;
    let mut document = Document::read(call.headers, call.body)?;
    let details = details(&mut document)?;
    document.end()?;
    written(call, call.app.world.sites.replace(site.index, details))
}

fn details(document: &mut Document) -> Result<SiteDetails, ApiError> {
    let name = document.needed_text("name")?;
    if name.trim().is_empty() {
        return Err(ApiError::bad_request("name is empty"));
    }
    Ok(SiteDetails {
        name,
        description: document.text("description")?,
        notes: document.text("notes")?,
        on_demand: document.flag("onDemand")?.unwrap_or(false),
        splashtop_auto_install: document.flag("splashtopAutoInstall")?.unwrap_or(false),
    })
}

/// That a name is there only once is nowhere described, but 409 is: both say that another site is in
/// the way.
fn written(call: &Call<'_>, outcome: Result<Arc<Site>, NameTaken>) -> Result<Answer, ApiError> {
    let site = outcome
        .map_err(|NameTaken| ApiError::new(StatusCode::CONFLICT, "another site has this name"))?;
    Answer::json(&view(call, &site))
}

fn view(call: &Call<'_>, site: &Site) -> SiteView {
    let devices = call.app.state.devices_of(site);
    call.app.world.site_view(site, &devices, call.extra)
}
