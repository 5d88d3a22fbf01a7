//! `POST /auth/oauth/token`: the password grant.

use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use serde_json::json;

use crate::{
    answer::Answer,
    app::{App, Incoming},
    auth::CLIENT_CREDENTIALS,
    error::ApiError,
};

/// Where tokens are to be had.
pub(crate) const PATH: &str = "/auth/oauth/token";

/// Answers a token request.
pub(crate) fn answer(app: &App, incoming: &Incoming) -> Answer {
    if incoming.method != Method::POST {
        return Answer::refusal(
            &ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "POST only"),
            PATH,
        )
        .with(ALLOW, HeaderValue::from_static("POST"));
    }
    if credentials(&incoming.headers, "basic") != Some(CLIENT_CREDENTIALS) {
        return refusal(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Full authentication is required",
        )
        .with(
            WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"oauth2/client\""),
        );
    }
    if !is_form(&incoming.headers) {
        return invalid_request("The body is not a form");
    }
    let form: Vec<_> = form_urlencoded::parse(&incoming.body).collect();
    let field = |name: &str| {
        form.iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_ref())
    };
    match (field("grant_type"), field("username"), field("password")) {
        (Some("password"), Some(key), Some(secret)) => match app.issue_token(key, secret) {
            Some(token) => {
                Answer::json(&token).unwrap_or_else(|error| Answer::refusal(&error, PATH))
            }
            None => refusal(StatusCode::BAD_REQUEST, "invalid_grant", "Bad credentials"),
        },
        (Some("password"), ..) => invalid_request("Missing username or password"),
        (Some(_), ..) => refusal(
            StatusCode::BAD_REQUEST,
            "unsupported_grant_type",
            "Only password is supported",
        ),
        (None, ..) => invalid_request("Missing grant type"),
    }
}

/// The credentials of an `Authorization` header of this scheme.
pub(crate) fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (given, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    given
        .eq_ignore_ascii_case(scheme)
        .then(|| credentials.trim())
}

/// A query string or form without what is secret in it, fit to be remembered.
pub(crate) fn masked(form: &[u8]) -> String {
    let mut masked = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(form) {
        let value = if name == "grant_type" || name == "username" {
            &value
        } else {
            "***"
        };
        masked.append_pair(&name, value);
    }
    masked.finish()
}

/// Whether the body says that it is a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn invalid_request(description: &str) -> Answer {
    refusal(StatusCode::BAD_REQUEST, "invalid_request", description)
}

/// The token endpoint has OAuth's error shape, not the API's.
fn refusal(status: StatusCode, error: &str, description: &str) -> Answer {
    match Answer::json(&json!({ "error": error, "error_description": description })) {
        Ok(answer) => Answer { status, ..answer },
        Err(error) => Answer::refusal(&error, PATH),
    }
}
