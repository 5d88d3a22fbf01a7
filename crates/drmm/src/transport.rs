//! The only file that does I/O: one attempt of one request over HTTPS.

use std::io::{ErrorKind as ErrorKindOfIo, Read};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use ureq::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, LOCATION, RETRY_AFTER,
};
use ureq::http::{HeaderMap, Request as HttpRequest, Response as HttpResponse};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, Resolver};
use ureq::{Agent, Body, Error as HttpError};
use zeroize::{Zeroize, Zeroizing};

use crate::call::Method;
use crate::connect::{Names, Trouble, connector, on_behalf_of, stopped};
use crate::error::{Error, ErrorKind};
use crate::fault::{Fault, Way};
use crate::job::Job;
use crate::options::{Options, Origin};
use crate::proxy;
use crate::retry;
use crate::secret::Secret;

/// The largest answer that is read, after decompression, in bytes.
pub(crate) const CAP: u64 = 256 * 1024 * 1024;

/// A name that has no address by then will not get one, and a connection that has not come about by
/// then will not.
const CONNECT: Duration = Duration::from_secs(15);

/// Idle connections kept: as many as are ever in use side by side.
const KEPT: usize = 32;

/// Room for an answer that holds a token, at least.
const ROOM: usize = 16 * 1024;

/// Connections to one origin.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: Agent,
    origin: Origin,
    settings: Settings,
}

/// How a server is reached; sessions with the same settings share a transport.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    user_agent: String,
    proxy: Option<ureq::Proxy>,
    timeout: Duration,
    headers: HeaderMap,
}

/// What goes out.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) authorization: Authorization<'a>,
    pub(crate) body: Option<(&'static str, &'a [u8])>,
}

/// Who asks.
pub(crate) enum Authorization<'a> {
    /// The public client of the token endpoint, known to everyone.
    PublicClient,
    /// A token.
    Bearer(&'a Secret),
}

/// What came back. It may hold secrets, so it cannot be shown.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    /// Where a redirect leads, without its path.
    pub(crate) redirect: Option<String>,
    pub(crate) html: bool,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// «… redirects to https://other (301), which is not followed».
    pub(crate) fn redirected(&self, who: &str) -> String {
        let target = match &self.redirect {
            Some(origin) => format!(" to {origin}"),
            None => String::new(),
        };
        format!(
            "{who} redirects{target} ({}), which is not followed",
            self.status
        )
    }
}

impl Transport {
    pub(crate) fn new(origin: Origin, settings: Settings) -> Self {
        Self::with_names(origin, settings, Names(DefaultResolver::default()))
    }

    fn with_names(origin: Origin, settings: Settings, names: impl Resolver) -> Self {
        let crypto = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(crypto)
            .build();
        let config = Agent::config_builder()
            .https_only(!origin.is_plain())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(settings.user_agent.clone())
            .accept("application/json")
            .proxy(settings.proxy.clone())
            .timeout_global(Some(settings.timeout))
            .timeout_resolve(Some(CONNECT.min(settings.timeout)))
            .timeout_connect(Some(CONNECT.min(settings.timeout)))
            .max_idle_connections(KEPT)
            .max_idle_connections_per_host(KEPT)
            .max_idle_age(Duration::from_secs(50))
            .tls_config(tls)
            .build();
        let agent = Agent::with_parts(config, connector(), names);
        Self {
            agent,
            origin,
            settings,
        }
    }

    /// Whether it was made with these settings.
    pub(crate) fn suits(&self, settings: &Settings) -> bool {
        self.settings == *settings
    }

    /// The deadline of one attempt.
    pub(crate) fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Sends one request and reads its answer to the end.
    pub(crate) fn send(&self, request: &Request<'_>, job: &Arc<Job>) -> Result<Response, Fault> {
        let answer =
            on_behalf_of(job, || self.start(request)).map_err(|error| self.fault(error))?;
        let (parts, mut body) = answer.into_parts();
        let header = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
        };
        let retry_after = header(RETRY_AFTER)
            .and_then(|text| retry::asked(text, header(DATE), SystemTime::now()));
        let redirect = header(LOCATION).and_then(|url| self.origin.origin_of(url));
        let html =
            header(CONTENT_TYPE).is_some_and(|text| text.trim_start().starts_with("text/html"));
        let holds_token = matches!(request.authorization, Authorization::PublicClient);
        let body = read(&mut body, job, holds_token).map_err(|error| self.fault(error.into()))?;
        Ok(Response {
            status: parts.status.as_u16(),
            retry_after,
            redirect,
            html,
            body,
        })
    }

    fn start(&self, request: &Request<'_>) -> Result<HttpResponse<Body>, HttpError> {
        let authorization = match request.authorization {
            Authorization::PublicClient => {
                HeaderValue::from_static("Basic cHVibGljLWNsaWVudDpwdWJsaWM=")
            }
            Authorization::Bearer(token) => bearer(token)?,
        };
        let mut built = HttpRequest::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.origin.as_str(), request.path))
            .header(AUTHORIZATION, authorization);
        if let Some(headers) = built.headers_mut() {
            headers.extend(self.settings.headers.clone());
        }
        if matches!(request.authorization, Authorization::PublicClient) {
            // A decompressor would keep a copy of the token.
            built = built.header(ACCEPT_ENCODING, "identity");
        }
        match (request.method, request.body) {
            (Method::Get | Method::Delete, None) => self.agent.run(built.body(())?),
            (_, None) => self.agent.run(built.body(&[][..])?),
            (Method::Get | Method::Delete, Some((content_type, body))) => {
                let request = built.header(CONTENT_TYPE, content_type).body(body)?;
                self.agent.run(
                    self.agent
                        .configure_request(request)
                        .allow_non_standard_methods(true)
                        .build(),
                )
            }
            (_, Some((content_type, body))) => self
                .agent
                .run(built.header(CONTENT_TYPE, content_type).body(body)?),
        }
    }

    fn fault(&self, trouble: Trouble) -> Fault {
        let way = Way {
            origin: &self.origin,
            proxy: self.settings.proxy.as_ref(),
            timeout: self.settings.timeout,
        };
        Fault::of(trouble, &way)
    }
}

impl Settings {
    /// What these options ask for; the environment is looked at now.
    pub(crate) fn of(options: &Options) -> Result<Self, Error> {
        let printable = |byte: u8| (b' '..=b'~').contains(&byte);
        if !options.user_agent.bytes().all(printable) {
            let message =
                "the user agent has a character outside ASCII, or one that is not printable";
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        Ok(Self {
            user_agent: options.user_agent.clone(),
            proxy: proxy::of(options)?,
            timeout: options.timeout,
            headers: options.header_map()?,
        })
    }
}

/// The header's only copy: wiped when the last request that holds it is done.
fn bearer(token: &Secret) -> Result<HeaderValue, HttpError> {
    let mut text = Zeroizing::new(Vec::with_capacity(7 + token.expose().len()));
    text.extend_from_slice(b"Bearer ");
    text.extend_from_slice(token.expose().as_bytes());
    let mut value =
        HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(ureq::http::Error::from)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Reads an answer to its end; one that holds a token leaves no copy behind.
fn read(body: &mut Body, job: &Job, holds_token: bool) -> Result<Vec<u8>, HttpError> {
    let expected = body.content_length().unwrap_or(0).min(1024 * 1024);
    let expected = usize::try_from(expected).unwrap_or(0) + 512;
    let mut bytes = if holds_token {
        // What outgrows its room leaves a copy behind.
        Vec::with_capacity(expected.max(ROOM))
    } else {
        let mut room = job.take_room();
        room.reserve(expected);
        room
    };
    let mut chunk = [0; 64 * 1024];
    let mut reader = body.with_config().limit(CAP).reader();
    let outcome = loop {
        // Nobody wants the rest: dropping the body closes the connection.
        if job.is_cancelled() {
            break Err(stopped());
        }
        match reader.read(&mut chunk) {
            Ok(0) => break Ok(()),
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == ErrorKindOfIo::Interrupted => {}
            Err(error) => break Err(error.into()),
        }
    };
    if holds_token {
        chunk.zeroize();
        if outcome.is_err() {
            bytes.zeroize();
        }
    }
    outcome.map(|()| bytes)
}

#[cfg(test)]
#[path = "transport_tests.rs"]
mod tests;
