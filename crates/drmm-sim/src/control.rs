//! The control endpoint below `/_sim`: what tests ask and tell the simulator.
//!
//! | request | does |
//! |---|---|
//! | `GET /_sim/counters` | numbers of what was received |
//! | `GET /_sim/requests` | the requests themselves, oldest first |
//! | `POST /_sim/reset` | forgets both and the quota's history |
//! | `GET /_sim/config` | the settings |
//! | `PATCH /_sim/config` | changes those that are named |
//! | `PUT /_sim/faults` | replaces all fault rules |
//! | `POST /_sim/tokens/revoke` | makes every token that is out worthless |
//! | `POST /_sim/keys` | adds a key, or replaces its secret |
//!
//! What changes something answers 204 without a body, or the settings.

use std::{collections::BTreeMap, time::Duration};

use http::{Method, StatusCode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::{
    answer::Answer,
    app::App,
    config::{QuotaModel, Settings},
    error::ApiError,
    faults::parse_rules,
    operation::Operation,
};

/// Everything below it is for control.
pub(crate) const PREFIX: &str = "/_sim/";

/// Settings as they are written here; in a change, those that are not there stay, each operation's
/// limit for itself.
#[derive(Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SettingsDocument {
    latency_ms: Option<f64>,
    quota_model: Option<QuotaModel>,
    limit: Option<u32>,
    write_limit: Option<u32>,
    operation_limits: Option<BTreeMap<Operation, u32>>,
    window_s: Option<f64>,
    cutoff: Option<f64>,
    token_lifetime_s: Option<f64>,
    job_ms: Option<f64>,
    extra_fields: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyDocument {
    key: String,
    secret: String,
}

/// Answers a control request; `path` is what follows [`PREFIX`].
pub(crate) fn answer(app: &App, method: &Method, path: &str, body: &[u8]) -> Answer {
    match outcome(app, method, path, body) {
        Ok(answer) => answer,
        Err(error) => {
            let document = json!({ "error": error.reason });
            let answer = Answer::json(&document).unwrap_or_else(|_| Answer::empty(error.status));
            Answer {
                status: error.status,
                ..answer
            }
        }
    }
}

fn outcome(app: &App, method: &Method, path: &str, body: &[u8]) -> Result<Answer, ApiError> {
    let done = || Ok(Answer::empty(StatusCode::NO_CONTENT));
    match (method.as_str(), path) {
        ("GET", "counters") => Answer::json(&app.log.counters()),
        ("GET", "requests") => Answer::json(&app.log.requests()),
        ("POST", "reset") => {
            app.reset();
            done()
        }
        ("GET", "config") => Answer::json(&document(&app.settings())),
        ("PATCH", "config") => {
            let wanted: SettingsDocument = parse(body)?;
            let change = change(wanted)?;
            let settings = app.change(change).map_err(ApiError::bad_request)?;
            Answer::json(&document(&settings))
        }
        ("PUT", "faults") => {
            app.set_faults(
                parse_rules(body).map_err(|error| ApiError::bad_request(error.to_string()))?,
            );
            done()
        }
        ("POST", "tokens/revoke") => {
            app.revoke_tokens();
            done()
        }
        ("POST", "keys") => {
            let KeyDocument { key, secret } = parse(body)?;
            app.set_key(key, secret);
            done()
        }
        _ => Err(ApiError::not_found("control request")),
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|error| ApiError::bad_request(error.to_string()))
}

/// The change that a document asks for.
fn change(wanted: SettingsDocument) -> Result<impl FnOnce(&mut Settings) + use<>, ApiError> {
    let duration = |name: &str, seconds: Option<f64>| {
        let refuse = |_| ApiError::bad_request(format!("{name} is not a length of time"));
        seconds
            .map(|seconds| Duration::try_from_secs_f64(seconds).map_err(refuse))
            .transpose()
    };
    let latency = duration(
        "latencyMs",
        wanted.latency_ms.map(|milliseconds| milliseconds / 1_000.0),
    )?;
    let window = duration("windowS", wanted.window_s)?;
    let token_lifetime = duration("tokenLifetimeS", wanted.token_lifetime_s)?;
    let job = duration(
        "jobMs",
        wanted.job_ms.map(|milliseconds| milliseconds / 1_000.0),
    )?;
    Ok(move |settings: &mut Settings| {
        settings.latency = latency.unwrap_or(settings.latency);
        settings.window = window.unwrap_or(settings.window);
        settings.token_lifetime = token_lifetime.unwrap_or(settings.token_lifetime);
        settings.job = job.unwrap_or(settings.job);
        settings.quota_model = wanted.quota_model.unwrap_or(settings.quota_model);
        settings.limit = wanted.limit.unwrap_or(settings.limit);
        settings.write_limit = wanted.write_limit.unwrap_or(settings.write_limit);
        settings
            .operation_limits
            .extend(wanted.operation_limits.unwrap_or_default());
        settings.cutoff = wanted.cutoff.unwrap_or(settings.cutoff);
        settings.extra_fields = wanted.extra_fields.unwrap_or(settings.extra_fields);
    })
}

fn document(settings: &Settings) -> SettingsDocument {
    SettingsDocument {
        latency_ms: Some(settings.latency.as_secs_f64() * 1_000.0),
        quota_model: Some(settings.quota_model),
        limit: Some(settings.limit),
        write_limit: Some(settings.write_limit),
        operation_limits: Some(settings.operation_limits.clone()),
        window_s: Some(settings.window.as_secs_f64()),
        cutoff: Some(settings.cutoff),
        token_lifetime_s: Some(settings.token_lifetime.as_secs_f64()),
        job_ms: Some(settings.job.as_secs_f64() * 1_000.0),
        extra_fields: Some(settings.extra_fields),
    }
}
