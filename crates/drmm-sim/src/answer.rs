//! An answer before it goes on the wire.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use serde::Serialize;

use crate::error::{ApiError, ErrorBody};

/// Bodies below this many bytes are not worth compressing.
const LEAST_GZIP: usize = 1_024;

/// Status, headers and the whole body.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// 200 without a body, as writes are answered.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    /// 200 with `value` as JSON.
    pub(crate) fn json(value: &impl Serialize) -> Result<Self, ApiError> {
        let mut body = Vec::new();
        Self::append(&mut body, value)?;
        Ok(Self::from_json(body))
    }

    /// 200 with a body that is JSON already.
    pub(crate) fn from_json(body: Vec<u8>) -> Self {
        Self::of_type(
            StatusCode::OK,
            HeaderValue::from_static("application/json"),
            body,
        )
    }

    pub(crate) fn of_type(status: StatusCode, content_type: HeaderValue, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body,
        }
        .with(CONTENT_TYPE, content_type)
    }

    /// A refusal in the API's shape. `path` is the whole path of the request.
    pub(crate) fn refusal(error: &ApiError, path: &str) -> Self {
        let path = path.strip_prefix("/api").unwrap_or(path);
        // Plain numbers and strings: this cannot fail, and an empty body is still a refusal.
        let body = serde_json::to_vec(&ErrorBody::new(error.status, path)).unwrap_or_default();
        let answer = Self {
            status: error.status,
            ..Self::from_json(body)
        };
        match HeaderValue::from_str(&error.reason) {
            Ok(reason) => answer.with(HeaderName::from_static("x-sim-reason"), reason),
            Err(_) => answer,
        }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Writes `value` as JSON behind what is in `body`.
    pub(crate) fn append(body: &mut Vec<u8>, value: &impl Serialize) -> Result<(), ApiError> {
        serde_json::to_writer(body, value)
            .map_err(|error| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
    }

    /// Compresses the body if it is worth it.
    #[must_use]
    pub(crate) fn compressed(self) -> Self {
        if self.body.len() < LEAST_GZIP {
            self
        } else {
            self.compressed_anyway()
        }
    }

    /// Compresses the body, however short.
    #[must_use]
    pub(crate) fn compressed_anyway(self) -> Self {
        let mut encoder =
            GzEncoder::new(Vec::with_capacity(self.body.len() / 4), Compression::fast());
        // Writing to memory cannot fail; if it did, the body goes as it is.
        let Ok(body) = encoder
            .write_all(&self.body)
            .and_then(|()| encoder.finish())
        else {
            return self;
        };
        Self { body, ..self }.with(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    }
}

/// Whether a client with these headers takes gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(http::header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, "q=1"));
            let refused = quality
                .trim()
                .strip_prefix("q=")
                .and_then(|q| q.parse().ok())
                == Some(0.0);
            matches!(name.trim().to_ascii_lowercase().as_str(), "gzip" | "*") && !refused
        })
}

#[cfg(test)]
mod tests {
    use http::header::ACCEPT_ENCODING;

    use super::*;

    #[test]
    fn gzip_is_for_those_who_ask() {
        for (value, takes) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("br", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(value));
            assert_eq!(takes_gzip(&headers), takes, "{value}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn short_bodies_stay_as_they_are() {
        assert_eq!(
            Answer::from_json(vec![b'1'; 1_023]).compressed().body.len(),
            1_023
        );
        assert!(Answer::from_json(vec![b'1'; 1_024]).compressed().body.len() < 100);
    }
}
