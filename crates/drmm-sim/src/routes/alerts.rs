//! Alerts: open and resolved ones of the account, a site, a device; and resolving.

use http::StatusCode;
use serde_json::json;

use super::{devices::named_device, sites::named_site};
use crate::{
    answer::Answer,
    call::Call,
    data::{Alert, AlertView, activity::Deed, user::API_USER},
    error::{ApiError, now_ms},
    operation::Operation,
    paging,
    query::{Kind, MAX, PAGE, Param},
    route::Route,
    state::Resolution,
};

const PARAMS: &[Param] = &[
    PAGE,
    MAX,
    Param {
        name: "muted",
        kind: Kind::Bool,
    },
];

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/account/alerts/open", PARAMS, |call| {
        page(call, true, |_| true)
    }),
    Route::get("/v2/account/alerts/resolved", PARAMS, |call| {
        page(call, false, |_| true)
    }),
    Route::get("/v2/site/{siteUid}/alerts/open", PARAMS, |call| {
        of_site(call, true)
    }),
    Route::get("/v2/site/{siteUid}/alerts/resolved", PARAMS, |call| {
        of_site(call, false)
    }),
    Route::get("/v2/device/{deviceUid}/alerts/open", PARAMS, |call| {
        of_device(call, true)
    }),
    Route::get("/v2/device/{deviceUid}/alerts/resolved", PARAMS, |call| {
        of_device(call, false)
    }),
    Route::get("/v2/alert/{alertUid}", &[], alert),
    Route::post(
        "/v2/alert/{alertUid}/resolve",
        Operation::AlertResolve,
        resolve,
    ),
    Route::post(
        "/v2/alert/{alertUid}/mute",
        Operation::AlertMute,
        not_any_more,
    ),
    Route::post(
        "/v2/alert/{alertUid}/unmute",
        Operation::AlertUnmute,
        not_any_more,
    ),
];

fn of_site(call: &Call<'_>, open: bool) -> Result<Answer, ApiError> {
    let site = named_site(call)?.index;
    let devices = &call.app.world.devices;
    page(call, open, |alert| {
        call.app.state.site_of(&devices[alert.device as usize]) == site
    })
}

fn of_device(call: &Call<'_>, open: bool) -> Result<Answer, ApiError> {
    let device = named_device(call)?.index;
    page(call, open, |alert| alert.device == device)
}

fn alert(call: &Call<'_>) -> Result<Answer, ApiError> {
    Answer::json(&view(call, named_alert(call)?.index))
}

fn view(call: &Call<'_>, index: u32) -> AlertView {
    let (world, state) = (&call.app.world, &call.app.state);
    let device = &world.devices[world.alerts[index as usize].device as usize];
    world.alert_view(
        index,
        state.resolution(index),
        state.site_of(device),
        call.extra,
    )
}

fn resolve(call: &Call<'_>) -> Result<Answer, ApiError> {
    let alert = named_alert(call)?;
    let device = &call.app.world.devices[alert.device as usize];
    let site = call.app.state.site_of(device);
    let details = json!({ "alert_uid": alert.uid });
    call.app
        .activities
        .add(Deed::Resolve, device.index, site, &details);
    call.app.state.resolve(
        alert,
        Resolution {
            on: now_ms(),
            by: API_USER.to_owned(),
        },
    );
    Ok(Answer::empty(StatusCode::OK))
}

/// Alerts have not been muted since release 8.9 of the service. The description still lists both
/// operations, as deprecated, and does not say what they answer: 410 says that they were there.
fn not_any_more(call: &Call<'_>) -> Result<Answer, ApiError> {
    named_alert(call)?;
    Err(ApiError::new(
        StatusCode::GONE,
        "alerts cannot be muted or unmuted any more",
    ))
}

fn named_alert<'a>(call: &Call<'a>) -> Result<&'a Alert, ApiError> {
    call.app
        .world
        .alert(call.capture(0))
        .ok_or_else(|| ApiError::not_found("alert"))
}

fn page(call: &Call<'_>, open: bool, wanted: impl Fn(&Alert) -> bool) -> Result<Answer, ApiError> {
    let app = call.app;
    // Without the parameter both muted and unmuted alerts are listed.
    let muted = call.query.flag("muted");
    let found = app.state.select(&app.world.alerts, open, |alert| {
        muted.is_none_or(|muted| muted == alert.muted) && wanted(alert)
    });
    paging::page(call, "alerts", found.len(), |at| view(call, found[at]))
}
