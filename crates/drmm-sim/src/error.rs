//! Refusals, in the API's one shape: `{"timestamp", "status", "error", "path"}`.
//!
//! `error` is the reason phrase of the status, nothing more: the service does not say which
//! parameter it disliked, so a client must not depend on it. The simulator does not either, in the
//! body; the reason is in the header `X-Sim-Reason`, for whoever wonders.

use http::StatusCode;
use serde::Serialize;

/// A refusal of a request.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    /// Why, for the header `X-Sim-Reason`. ASCII, and nothing secret.
    pub(crate) reason: String,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
        }
    }

    /// A parameter that the description does not have, or a value that is not of its type.
    pub(crate) fn bad_request(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    /// A token that was not sent, or is none any more.
    pub(crate) fn no_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "no token, or not a valid one")
    }

    /// An item that is not there.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("no such {what}"))
    }
}

/// The body of a refusal.
#[derive(Serialize)]
pub(crate) struct ErrorBody<'a> {
    timestamp: i64,
    status: u16,
    error: &'a str,
    path: &'a str,
}

impl<'a> ErrorBody<'a> {
    /// `path` is the path as the API counts it, without `/api`.
    pub(crate) fn new(status: StatusCode, path: &'a str) -> Self {
        Self {
            timestamp: now_ms(),
            status: status.as_u16(),
            error: status.canonical_reason().unwrap_or("Unknown"),
            path,
        }
    }
}

/// The time of day in Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}
