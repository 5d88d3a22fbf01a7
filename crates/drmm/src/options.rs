//! What a session is made of: the options document, checked.

use std::net::IpAddr;
use std::time::Duration;

use serde::Deserialize;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::error::{Error, ErrorKind};
use crate::secret::Secret;

/// An API key and its secret.
#[derive(Debug, Clone)]
pub struct Keys {
    pub(crate) key: String,
    pub(crate) secret: Secret,
}

impl Keys {
    /// Takes both.
    ///
    /// # Errors
    /// `InvalidArgument` if one is empty.
    pub fn new(key: &str, secret: Secret) -> Result<Self, Error> {
        if key.trim().is_empty() {
            return Err(invalid("the API key is empty".into()));
        }
        if secret.expose().is_empty() {
            return Err(invalid("the API secret key is empty".into()));
        }
        Ok(Self {
            key: key.to_owned(),
            secret,
        })
    }

    /// Reads the keys document of the ABI contract.
    ///
    /// # Errors
    /// `Document` if it is not what the contract says; `InvalidArgument` as in [`Keys::new`].
    pub fn from_json(document: &[u8]) -> Result<Self, Error> {
        let read: KeysDocument = read(document, "keys")?;
        Self::new(&read.key, read.secret)
    }
}

/// How to reach one account. Made by [`Options::from_json`] or [`Options::new`].
#[derive(Debug, Clone)]
pub struct Options {
    pub(crate) origin: Origin,
    pub(crate) keys: Keys,
    /// Sent with each request: printable ASCII.
    pub user_agent: String,
    /// Which proxy to use.
    pub proxy: Proxy,
    /// Deadline of one attempt of one request. All attempts of it, with the pauses between them, end
    /// within three times this (or 5 s after this, if that is later); a wait for the quota comes on
    /// top.
    pub timeout: Duration,
    /// Pages fetched side by side, 1 to 32.
    pub pages: usize,
    /// The quota's sliding window as long as the server has not told: 60 s, as the API's help says.
    /// Tests in scaled time scale it too. The first session of an account decides.
    pub window: Duration,
    /// More headers, names and values, for each request, that for the token too. Who is asked, as
    /// whom, and what a body is are not theirs to say.
    pub headers: Vec<(String, Secret)>,
}

/// Which proxy requests go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// What `HTTPS_PROXY` says, else `ALL_PROXY`, in small letters or capitals, but for the hosts in
    /// `NO_PROXY`.
    Environment,
    /// None, whatever the environment says.
    None,
    /// This one, as `http://[user:password@]host:port` or `socks5://…`; secret because of its password.
    Url(Secret),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Document {
    url: String,
    key: String,
    secret: Secret,
    user_agent: Option<String>,
    proxy: Option<Secret>,
    timeout_ms: Option<u64>,
    pages: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysDocument {
    key: String,
    secret: Secret,
}

/// Reads a document that holds a secret.
fn read<'de, T: Deserialize<'de>>(document: &'de [u8], name: &str) -> Result<T, Error> {
    serde_json::from_slice(document).map_err(|error| {
        // serde's own text may quote a value, and a value may be the secret.
        let (line, column) = (error.line(), error.column());
        let message = format!("the {name} document is not valid at line {line}, column {column}");
        Error::new(ErrorKind::Document, message)
    })
}

impl Options {
    /// Options with the defaults for all but the essentials.
    ///
    /// # Errors
    /// `InvalidArgument` if the URL is not `https://host[:port]` (loopback may be `http`), or if
    /// the key or the secret is empty.
    pub fn new(url: &str, key: &str, secret: Secret) -> Result<Self, Error> {
        let keys = Keys::new(key, secret)?;
        Ok(Self {
            origin: Origin::parse(url)?,
            keys,
            user_agent: concat!("drmm/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: Proxy::Environment,
            timeout: Duration::from_secs(100),
            pages: 8,
            window: Duration::from_secs(60),
            headers: Vec::new(),
        })
    }

    /// Reads the options document of the ABI contract.
    ///
    /// # Errors
    /// `Document` if it is not what the contract says; `InvalidArgument` as in [`Options::new`].
    pub fn from_json(document: &[u8]) -> Result<Self, Error> {
        let read: Document = read(document, "options")?;
        let mut options = Self::new(&read.url, &read.key, read.secret)?;
        if let Some(user_agent) = read.user_agent {
            options.user_agent = user_agent;
        }
        options.proxy = match read.proxy {
            None => Proxy::Environment,
            Some(url) if url.expose().is_empty() => Proxy::None,
            Some(url) => Proxy::Url(url),
        };
        if let Some(ms) = read.timeout_ms {
            if ms == 0 {
                return Err(invalid("the timeout is 0 ms".into()));
            }
            options.timeout = Duration::from_millis(ms);
        }
        if let Some(pages) = read.pages {
            options.pages = side_by_side(pages).map_err(invalid)?;
        }
        Ok(options)
    }

    /// The headers as they are sent.
    ///
    /// # Errors
    /// `InvalidArgument` if one is no header, or not one that a caller may set.
    pub(crate) fn header_map(&self) -> Result<HeaderMap, Error> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.headers {
            let lower = name.to_ascii_lowercase();
            let ours = matches!(
                lower.as_str(),
                "authorization" | "host" | "connection" | "transfer-encoding"
            );
            let header = (
                HeaderName::from_bytes(name.as_bytes()),
                HeaderValue::from_str(value.expose()),
            );
            let (Ok(name), Ok(mut value)) = header else {
                // The value may be a secret, and the name may hold anything.
                return Err(invalid(
                    "a header has a character that it may not have".into(),
                ));
            };
            if ours || lower.starts_with("content-") {
                return Err(invalid(format!("the header {name} cannot be set")));
            }
            value.set_sensitive(true);
            map.append(name, value);
        }
        Ok(map)
    }
}

/// Scheme, host and port of a platform, without a path: `https://pinotage-api.centrastage.net`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    text: String,
    host: String,
}

impl Origin {
    fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let wrong = |why: &str| Err(invalid(format!("the API URL «{}» {why}", shown(text))));
        let Ok(uri) = text.parse::<Uri>() else {
            return wrong("is not a URL; expected https://<platform>-api.centrastage.net");
        };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return wrong(
                "is not a URL with scheme and host; expected https://<platform>-api.centrastage.net",
            );
        };
        if authority.as_str().contains('@') {
            return wrong("holds a user name or password; give them as key and secret");
        }
        if !matches!(uri.path(), "" | "/" | "/api" | "/api/")
            || uri.query().is_some()
            || text.contains('#')
        {
            return wrong(
                "has a path; expected only scheme and host, as in https://pinotage-api.centrastage.net",
            );
        }
        let host = authority.host();
        let loopback = is_loopback(host);
        match scheme {
            "https" => {}
            "http" if loopback => {}
            scheme => {
                return wrong(&format!(
                    "uses {scheme}; only https is accepted (http for loopback)"
                ));
            }
        }
        let Some(text) = origin_of(&uri) else {
            return wrong(
                "has a port that is none; expected https://<platform>-api.centrastage.net",
            );
        };
        Ok(Self {
            text,
            host: host.to_ascii_lowercase(),
        })
    }

    /// `https://host[:port]`, without a final slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone, for messages.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Whether plain HTTP is in use, which only loopback may.
    pub(crate) fn is_plain(&self) -> bool {
        self.text.starts_with("http://")
    }

    /// Whether it is on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// The port that is in use.
    pub(crate) fn port(&self) -> u16 {
        let given = self.text.rsplit_once(':').map(|(_, port)| port.parse());
        match given {
            Some(Ok(port)) => port,
            _ => self.usual_port(),
        }
    }

    /// The port of the scheme that is in use.
    pub(crate) fn usual_port(&self) -> u16 {
        if self.is_plain() { 80 } else { 443 }
    }

    /// The origin of a URL that this one refers to; its own if that has none.
    pub(crate) fn origin_of(&self, url: &str) -> Option<String> {
        let uri = url.parse::<Uri>().ok()?;
        if uri.authority().is_none() {
            return Some(self.text.clone());
        }
        origin_of(&uri)
    }
}

/// Scheme, host and port in one form: lower case, without the scheme's own port.
fn origin_of(uri: &Uri) -> Option<String> {
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let host = authority.host();
    let after = authority.as_str().strip_prefix(host)?;
    let port = match after.strip_prefix(':') {
        Some(port) => Some(port.parse::<u16>().ok()?),
        None if after.is_empty() => None,
        None => return None,
    };
    let usual = if scheme == "https" { 443 } else { 80 };
    let port = port
        .filter(|port| *port != usual)
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    (!host.is_empty()).then(|| format!("{scheme}://{}{port}", host.to_ascii_lowercase()))
}

fn is_loopback(host: &str) -> bool {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || literal
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A URL for a message: without what may be credentials.
fn shown(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => url.to_owned(),
    }
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, message)
}

/// A number of pages to fetch side by side, or why it cannot be.
pub(crate) fn side_by_side(pages: usize) -> Result<usize, String> {
    if (1..=32).contains(&pages) {
        Ok(pages)
    } else {
        Err(format!("{pages} pages side by side; it must be 1 to 32"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<String, ErrorKind> {
        Origin::parse(url)
            .map(|origin| origin.text)
            .map_err(|error| error.kind())
    }

    #[test]
    fn takes_platforms_and_loopback() {
        let plain = "https://pinotage-api.centrastage.net";
        for url in [
            plain,
            "https://pinotage-api.centrastage.net/",
            "https://PINOTAGE-api.centrastage.net/api",
        ] {
            assert_eq!(origin(url).as_deref(), Ok(plain), "{url}");
        }
        assert_eq!(
            origin("http://127.0.0.1:8080/").as_deref(),
            Ok("http://127.0.0.1:8080")
        );
        assert_eq!(
            origin("http://localhost:1").as_deref(),
            Ok("http://localhost:1")
        );
        assert_eq!(origin("http://[::1]:1").as_deref(), Ok("http://[::1]:1"));
    }

    #[test]
    fn refuses_what_would_leak_the_key() {
        for url in [
            "",
            "pinotage",
            "http://pinotage-api.centrastage.net",
            "http://127.0.0.1.evil.example",
            "ftp://127.0.0.1",
            "https://",
            "https://a/b",
            "https://a?x",
            "https://user:pw@host",
            "https:///",
        ] {
            assert_eq!(origin(url), Err(ErrorKind::InvalidArgument), "{url}");
        }
    }

    #[test]
    fn a_wrong_document_never_quotes_the_secret() {
        for document in [
            r#"{"url":"https://a","key":"k","secret":"canary","nope":1}"#,
            r#"{"url":"https://a","key":"k","secret":["canary"]}"#,
            r#"{"url":"https://a","key":"k","secret":"canary""#,
            r#"{"url":"https://a","key":"k","secret":"canary","pages":"canary"}"#,
        ] {
            let error = Options::from_json(document.as_bytes()).expect_err(document);
            assert_eq!(error.kind(), ErrorKind::Document);
            assert!(!format!("{error:?}").contains("canary"), "{error:?}");
        }
    }

    #[test]
    fn a_port_that_is_not_given_is_the_scheme_s_own() {
        for (url, port) in [
            ("https://a.example", 443),
            ("https://a.example:444", 444),
            ("http://[::1]", 80),
            ("http://[::1]:81", 81),
            ("http://127.0.0.1:80", 80),
        ] {
            assert_eq!(Origin::parse(url).expect("a URL").port(), port, "{url}");
        }
    }
}
