//! What a fault makes of an answer, and an answer of bytes.

use std::{num::NonZeroU32, time::Duration};

use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION, RETRY_AFTER},
};

use crate::{
    answer::Answer, call::PageTweak, error::ApiError, faults::Fault, raw, wire::RawAnswer,
};

/// How an answer goes on the wire.
pub(crate) enum Sending {
    Whole(Answer),
    Slow(Answer, NonZeroU32),
    Endless(Answer),
    /// Instead of anything the HTTP library would send; the status is what the client can see of one.
    Raw(RawAnswer, u16),
}

/// The answer of a fault that keeps the operation from being carried out.
pub(crate) fn replacement(fault: &Fault, path: &str) -> Option<Answer> {
    let answer = match fault {
        Fault::Status {
            status,
            retry_after_s,
            body,
        } => {
            let status = code(*status);
            let shaped = Answer::refusal(&ApiError::new(status, "fault rule"), path);
            let answer = match body {
                Some(body) => Answer {
                    body: body.clone().into_bytes(),
                    ..shaped
                },
                None => shaped,
            };
            match retry_after_s {
                Some(seconds) => answer.with(RETRY_AFTER, HeaderValue::from(*seconds)),
                None => answer,
            }
        }
        Fault::Answer {
            answer,
            content_type,
            status,
        } => {
            let wanted = content_type.as_deref().unwrap_or("application/json");
            let content_type = HeaderValue::from_str(wanted)
                .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
            Answer::of_type(code(*status), content_type, answer.clone().into_bytes())
        }
        Fault::Redirect(url) => {
            let error = ApiError::new(StatusCode::TEMPORARY_REDIRECT, "fault rule");
            let answer = Answer::refusal(&error, path);
            match HeaderValue::from_str(url) {
                Ok(url) => answer.with(LOCATION, url),
                Err(_) => answer,
            }
        }
        Fault::Html => Answer::of_type(StatusCode::OK, html(), MAINTENANCE.into()),
        Fault::Empty200 => Answer::empty(StatusCode::OK),
        Fault::NoContent => Answer::empty(StatusCode::NO_CONTENT),
        Fault::DeepJson(depth) => {
            let depth = *depth;
            Answer::from_json(
                ["{\"deep\":", &"[".repeat(depth), &"]".repeat(depth), "}"]
                    .concat()
                    .into_bytes(),
            )
        }
        Fault::EndlessBody => Answer::from_json(Vec::new()),
        _ => return None,
    };
    Some(answer)
}

/// What a fault changes about pages.
pub(crate) fn page_tweak(fault: Option<&Fault>) -> PageTweak {
    let mut tweak = PageTweak::default();
    match fault {
        Some(Fault::PageLoop) => tweak.repeats = true,
        Some(Fault::SamePage(count)) => {
            tweak.stands = true;
            tweak.total_count = Some(*count);
        }
        Some(Fault::NextPageUrl(url)) => tweak.next_page_url = Some(url.clone()),
        Some(Fault::TotalCount(count)) => tweak.total_count = Some(*count),
        Some(Fault::PageItems(items)) => tweak.items = Some(*items),
        _ => {}
    }
    tweak
}

/// How much later the answer comes.
pub(crate) fn delay(fault: Option<&Fault>) -> Duration {
    match fault {
        Some(Fault::DelayMs(milliseconds)) => Duration::from_millis(*milliseconds),
        _ => Duration::ZERO,
    }
}

/// Turns an answer into what is sent. Bytes of a body are counted as they are on the wire: of a
/// client that takes gzip, the compressed ones.
pub(crate) fn sending(answer: Answer, fault: Option<&Fault>, gzip: bool) -> Sending {
    let answer = match fault {
        Some(Fault::MalformedJson) => malformed(answer),
        _ => answer,
    };
    let answer = match fault {
        Some(Fault::CutGzip) => half(answer.compressed_anyway()),
        Some(Fault::CloseEarly(_)) => answer,
        _ if gzip => answer.compressed(),
        _ => answer,
    };
    let status = answer.status.as_u16();
    match fault {
        Some(Fault::ResetBeforeHeaders) => Sending::Raw(raw::reset_before_headers(), 0),
        Some(Fault::ResetInHeaders) => Sending::Raw(raw::reset_in_headers(&answer), 0),
        Some(Fault::ResetInBody) => Sending::Raw(raw::reset_in_body(&answer), status),
        Some(Fault::CutBody {
            keep_bytes,
            content_length: true,
        }) => Sending::Raw(raw::cut_with_length(&answer, *keep_bytes), status),
        Some(Fault::CutBody {
            keep_bytes,
            content_length: false,
        }) => Sending::Raw(raw::cut_in_chunks(&answer, *keep_bytes), status),
        Some(Fault::CloseEarly(keep)) => Sending::Raw(raw::cut_by_closing(&answer, *keep), status),
        Some(Fault::SlowBody { bytes_per_s }) => Sending::Slow(answer, *bytes_per_s),
        Some(Fault::EndlessBody) => Sending::Endless(answer),
        _ => Sending::Whole(answer),
    }
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The type of a page for people.
pub(crate) fn html() -> HeaderValue {
    HeaderValue::from_static("text/html; charset=utf-8")
}

/// An answer that is JSON no more; one without a body gets one.
fn malformed(mut answer: Answer) -> Answer {
    match answer.body.iter().position(|&byte| byte == b':') {
        Some(colon) => answer.body[colon] = b'=',
        None => answer.body = b"{\"malformed\"=1}".to_vec(),
    }
    answer.with(CONTENT_TYPE, HeaderValue::from_static("application/json"))
}

fn half(mut answer: Answer) -> Answer {
    answer.body.truncate(answer.body.len() / 2);
    answer
}

const MAINTENANCE: &str = "<!DOCTYPE html>\n<html><head><title>Maintenance</title></head>\
    <body><h1>We&rsquo;ll be back soon</h1></body></html>\n";
