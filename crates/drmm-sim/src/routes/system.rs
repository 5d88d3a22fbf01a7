//! The three calls about the service itself.

use std::collections::BTreeMap;

use serde_json::{Number, json};

use crate::{
    answer::Answer, call::Call, config::QuotaModel, error::ApiError, query::MOST_ITEMS,
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::get("/v2/system/status", &[], status).without_token(),
    Route::get("/v2/system/request_rate", &[], request_rate),
    Route::get("/v2/system/pagination", &[], pagination),
];

fn status(call: &Call<'_>) -> Result<Answer, ApiError> {
    Answer::json(&json!({
        "version": concat!("drmm-sim ", env!("CARGO_PKG_VERSION")),
        "status": "OK",
        "started": call.app.started_ms,
    }))
}

/// The request itself is counted already. In the legacy model all requests share one bucket: writes
/// have its limit, and no operation has a bucket of its own.
fn request_rate(call: &Call<'_>) -> Result<Answer, ApiError> {
    let settings = call.app.settings();
    let usage = call.app.quota_usage();
    let write_limit = match settings.quota_model {
        QuotaModel::Legacy => settings.limit,
        QuotaModel::Modern => settings.write_limit,
    };
    let operations: BTreeMap<_, _> = usage
        .operations
        .into_iter()
        .map(|(name, (limit, count))| (name, json!({ "limit": limit, "count": count })))
        .collect();
    Answer::json(&json!({
        "slidingTimeWindowSizeSeconds": seconds(settings.window.as_secs_f64()),
        "accountUid": call.app.world.account.uid,
        "accountCount": usage.requests,
        "accountRateLimit": settings.limit,
        "accountCutOffRatio": settings.cutoff,
        "accountWriteRateLimit": write_limit,
        "accountWriteCount": usage.writes,
        "operationWriteStatus": operations,
    }))
}

/// A whole number, as the description has it, unless the window was scaled to a part of a second.
fn seconds(window: f64) -> Number {
    let text = if window.fract() == 0.0 {
        format!("{window:.0}")
    } else {
        window.to_string()
    };
    text.parse().unwrap_or_else(|_| Number::from(0))
}

fn pagination(_: &Call<'_>) -> Result<Answer, ApiError> {
    Answer::json(&json!({ "max": MOST_ITEMS }))
}
