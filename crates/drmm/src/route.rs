//! Paths and queries: what a caller writes is encoded or refused, never interpreted.

use std::fmt::Write;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, ErrorKind};

/// RFC 3986's unreserved characters stay; everything else in a segment or a value is encoded.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A path and query below the origin: starts with `/api/`, ASCII only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route(String);

impl Route {
    /// Builds the route of a call: `{}` in `path` take `args`, encoded; without `args` the path is
    /// as written and may carry a query.
    pub(crate) fn new(
        path: &str,
        args: Option<&[String]>,
        query: &[(String, String)],
    ) -> Result<Self, Error> {
        let path = path.trim_start_matches('/');
        // As the API's own pages write it.
        let path = path.strip_prefix("api/").unwrap_or(path);
        let mut text = String::from("/api/");
        match args {
            Some(args) => fill(&mut text, path, args)?,
            None => text.push_str(path),
        }
        for (name, value) in query {
            let separator = if text.contains('?') { '&' } else { '?' };
            let (name, value) = (encode(name), encode(value));
            // Writing to a String cannot fail.
            let _ = write!(text, "{separator}{name}={value}");
        }
        Self::checked(text)
    }

    /// A route that the server itself named: path and query of this origin.
    pub(crate) fn from_server(path: String) -> Self {
        Self(path)
    }

    /// The same route with another page: `page` and `max` replaced or appended.
    pub(crate) fn with_page(&self, page: u64, max: u32) -> Self {
        let (path, query) = self.split();
        let mut text = format!("{path}?");
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let name = pair.split('=').next().unwrap_or_default();
            if name != "page" && name != "max" {
                text.push_str(pair);
                text.push('&');
            }
        }
        let _ = write!(text, "max={max}&page={page}");
        Self(text)
    }

    /// Path and query, as sent and as shown in messages.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path without its query.
    pub(crate) fn path(&self) -> &str {
        self.split().0
    }

    /// The value of a query field, as written.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.split()
            .1
            .split('&')
            .find_map(|pair| match pair.split_once('=') {
                Some((found, value)) if found == name => Some(value),
                _ => None,
            })
    }

    fn split(&self) -> (&str, &str) {
        self.0.split_once('?').unwrap_or((&self.0, ""))
    }

    fn checked(text: String) -> Result<Self, Error> {
        let refuse = |why: &str| {
            let message = format!("the path «{}» {why}", text.trim_start_matches("/api/"));
            Err(Error::new(ErrorKind::InvalidArgument, message))
        };
        let path = text.split('?').next().unwrap_or_default();
        if path == "/api/" {
            return refuse("is empty; expected one such as v2/account");
        }
        if path.contains("://") {
            return refuse("is a whole address; give what follows /api/ in it, such as v2/account");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refuse(
                "has a space, a control character or a letter outside ASCII; write it percent-encoded",
            );
        }
        if text.contains(['#', '\\', '"', '<', '>', '{', '}', '|', '^', '`']) {
            return refuse("has a character that a URL cannot carry; write it percent-encoded");
        }
        if path
            .split('/')
            .any(|segment| matches!(dots(segment).as_str(), "." | ".."))
        {
            return refuse("has a . or .. segment");
        }
        Ok(Self(text))
    }
}

fn dots(segment: &str) -> String {
    segment.replace("%2e", ".").replace("%2E", ".")
}

fn fill(text: &mut String, path: &str, args: &[String]) -> Result<(), Error> {
    let mut parts = path.split("{}");
    text.push_str(parts.next().unwrap_or_default());
    let mut values = args.iter();
    for part in parts {
        let Some(value) = values.next() else {
            return Err(Error::new(
                ErrorKind::Document,
                "the path has more {} than there are args",
            ));
        };
        if value.trim().is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidArgument,
                "a part of the path is empty: a uid is missing",
            ));
        }
        text.push_str(&encode(value));
        text.push_str(part);
    }
    match values.next() {
        None => Ok(()),
        Some(_) => Err(Error::new(
            ErrorKind::Document,
            "there are more args than {} in the path",
        )),
    }
}

fn encode(value: &str) -> String {
    utf8_percent_encode(value, UNRESERVED).to_string()
}

/// `name=value&…` for a form body: both parts encoded.
pub(crate) fn form(pairs: &[(&str, &str)]) -> zeroize::Zeroizing<String> {
    // Room for all of it at once: a text that grows leaves copies behind.
    let room = pairs
        .iter()
        .map(|(name, value)| name.len() + 3 * value.len() + 2)
        .sum();
    let mut text = zeroize::Zeroizing::new(String::with_capacity(room));
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        text.extend(utf8_percent_encode(value, UNRESERVED));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(path: &str, args: &[&str]) -> Result<String, ErrorKind> {
        let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
        Route::new(path, Some(&args), &[])
            .map(|route| route.0)
            .map_err(|error| error.kind())
    }

    #[test]
    fn a_segment_is_encoded_and_never_interpreted() {
        for (arg, segment) in [
            ("../x", "..%2Fx"),
            ("a/b?c", "a%2Fb%3Fc"),
            ("a b", "a%20b"),
            ("ä#%", "%C3%A4%23%25"),
            ("0f8e-1", "0f8e-1"),
        ] {
            assert_eq!(
                filled("v2/device/{}", &[arg]),
                Ok(format!("/api/v2/device/{segment}"))
            );
        }
        // A segment of dots alone cannot be encoded: a server may undo %2E before it looks.
        assert_eq!(
            filled("v2/device/{}", &[".."]),
            Err(ErrorKind::InvalidArgument)
        );
        assert_eq!(
            filled("v2/device/{}", &["."]),
            Err(ErrorKind::InvalidArgument)
        );
        assert_eq!(
            filled("v2/device/{}", &[" "]),
            Err(ErrorKind::InvalidArgument)
        );
        assert_eq!(filled("v2/device/{}", &[]), Err(ErrorKind::Document));
        assert_eq!(filled("v2/device", &["x"]), Err(ErrorKind::Document));
    }

    #[test]
    fn a_written_path_stays_below_the_api() {
        let written = |path: &str| Route::new(path, None, &[]).map(|route| route.0);
        assert_eq!(
            written("/v2/account/?x=1").ok().as_deref(),
            Some("/api/v2/account/?x=1")
        );
        assert_eq!(
            written("/api/v2/account").ok().as_deref(),
            Some("/api/v2/account")
        );
        assert_eq!(
            written("//evil.example/x").ok().as_deref(),
            Some("/api/evil.example/x")
        );
        for path in [
            "",
            "/",
            "v2/../../auth",
            "https://pinotage-api.centrastage.net/api/v2/account",
            "v2/%2e%2E/x",
            "v2/a b",
            "v2/ä",
            "v2/x#y",
            "v2\\x",
            "v2/\r\nX: y",
        ] {
            assert_eq!(
                written(path).map_err(|error| error.kind()),
                Err(ErrorKind::InvalidArgument),
                "{path:?}"
            );
        }
    }

    #[test]
    fn pages_replace_page_and_max_and_keep_the_rest() {
        let query = [
            ("muted".to_owned(), "False".to_owned()),
            ("q".to_owned(), "a&b=ü".to_owned()),
        ];
        let route = Route::new("v2/x", Some(&[]), &query).expect("a route");
        assert_eq!(route.as_str(), "/api/v2/x?muted=False&q=a%26b%3D%C3%BC");
        let third = route.with_page(2, 250).with_page(3, 250);
        assert_eq!(
            third.as_str(),
            "/api/v2/x?muted=False&q=a%26b%3D%C3%BC&max=250&page=3"
        );
        assert_eq!(third.query("page"), Some("3"));
        assert_eq!(third.path(), "/api/v2/x");
    }

    #[test]
    fn form_encodes_both_parts() {
        assert_eq!(
            form(&[("username", "a+b&c"), ("password", "d=%/ü ")]).as_str(),
            "username=a%2Bb%26c&password=d%3D%25%2F%C3%BC%20"
        );
    }
}
