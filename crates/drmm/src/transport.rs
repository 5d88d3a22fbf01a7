//! The only file that does I/O: one attempt of one request over HTTPS.

use std::cell::RefCell;
use std::io::{ErrorKind as ErrorKindOfIo, Read};
use std::sync::Arc;
use std::time::Duration;

use ureq::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use ureq::http::{HeaderMap, Request as HttpRequest, Response as HttpResponse};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    ConnectionDetails, Connector, DefaultConnector, Transport as Wire,
};
use ureq::{Agent, Body, Error as HttpError, ProxyProtocol, Timeout};
use zeroize::Zeroizing;

use crate::call::Method;
use crate::error::{Error, ErrorKind};
use crate::job::Job;
use crate::options::{Options, Origin, Proxy};
use crate::retry::Failure;
use crate::secret::Secret;

/// The largest answer that is read, after decompression, in bytes.
pub(crate) const CAP: u64 = 256 * 1024 * 1024;

/// A connection that has not come about by then will not.
const CONNECT: Duration = Duration::from_secs(15);

/// Idle connections kept: as many as are ever in use side by side.
const KEPT: usize = 32;

/// Connections to one origin.
#[derive(Debug)]
pub(crate) struct Transport {
    agent: Agent,
    origin: Origin,
    headers: HeaderMap,
    settings: Settings,
}

/// What a transport is made of; two sessions with the same settings share one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings {
    user_agent: String,
    proxy: Proxy,
    timeout: Duration,
    headers: Vec<(String, String)>,
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

/// What came back.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) html: bool,
    pub(crate) body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) error: Error,
    pub(crate) failure: Failure,
    /// Whether the server can have counted the request.
    pub(crate) sent: bool,
}

impl Transport {
    pub(crate) fn new(options: &Options) -> Result<Self, Error> {
        let proxy = match &options.proxy {
            Proxy::Environment => ureq::Proxy::try_from_env(),
            Proxy::None => None,
            // The address may hold a password, so the message does not repeat it.
            Proxy::Url(url) => Some(ureq::Proxy::new(url).map_err(|_| {
                Error::new(
                    ErrorKind::InvalidArgument,
                    "the proxy is not of the form http://[user:password@]host:port",
                )
            })?),
        };
        if proxy.as_ref().is_some_and(is_socks) {
            let message = "the proxy is a SOCKS proxy; only http://host:port can be used (ALL_PROXY and HTTPS_PROXY count too)";
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        // A simulator on this machine is not reached through anyone's proxy.
        let proxy = proxy.filter(|proxy| !(options.origin.is_plain() && proxy.is_from_env()));
        let crypto = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(crypto)
            .build();
        let config = Agent::config_builder()
            .https_only(!options.origin.is_plain())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(options.user_agent.clone())
            .accept("application/json")
            .proxy(proxy)
            .timeout_global(Some(options.timeout))
            .timeout_connect(Some(CONNECT.min(options.timeout)))
            .max_idle_connections(KEPT)
            .max_idle_connections_per_host(KEPT)
            .max_idle_age(Duration::from_secs(50))
            .tls_config(tls)
            .build();
        let agent = Agent::with_parts(
            config,
            DefaultConnector::default().chain(LastLook),
            DefaultResolver::default(),
        );
        let settings = Settings::of(options);
        Ok(Self {
            agent,
            origin: options.origin.clone(),
            headers: options.header_map()?,
            settings,
        })
    }

    /// Whether these options ask for just this transport.
    pub(crate) fn suits(&self, options: &Options) -> bool {
        self.settings == Settings::of(options)
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
            .and_then(|text| text.trim().parse().ok())
            .map(Duration::from_secs);
        let html =
            header(CONTENT_TYPE).is_some_and(|text| text.trim_start().starts_with("text/html"));
        let body = read(&mut body, job).map_err(|error| self.fault(error))?;
        Ok(Response {
            status: parts.status.as_u16(),
            retry_after,
            html,
            body,
        })
    }

    fn start(&self, request: &Request<'_>) -> Result<HttpResponse<Body>, HttpError> {
        let authorization = match request.authorization {
            Authorization::PublicClient => {
                HeaderValue::from_static("Basic cHVibGljLWNsaWVudDpwdWJsaWM=")
            }
            Authorization::Bearer(token) => {
                let mut value =
                    HeaderValue::from_str(&Zeroizing::new(format!("Bearer {}", token.expose())))
                        .map_err(ureq::http::Error::from)?;
                value.set_sensitive(true);
                value
            }
        };
        let mut built = HttpRequest::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.origin.as_str(), request.path))
            .header(AUTHORIZATION, authorization);
        if let Some(headers) = built.headers_mut() {
            headers.extend(self.headers.clone());
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

    fn fault(&self, error: HttpError) -> Fault {
        let host = self.origin.host();
        let not_done = |kind, message| Fault {
            error: Error::new(kind, message),
            failure: Failure::NotDone,
            sent: false,
        };
        let unknown = |kind, message| Fault {
            error: Error::new(kind, message),
            failure: Failure::Unknown,
            sent: true,
        };
        let fatal = |kind, message| Fault {
            error: Error::new(kind, message),
            failure: Failure::Final,
            sent: true,
        };
        match error {
            HttpError::HostNotFound => not_done(
                ErrorKind::Connection,
                format!("the name {host} could not be resolved"),
            ),
            HttpError::ConnectionFailed => not_done(
                ErrorKind::Connection,
                format!("no connection to {host} came about"),
            ),
            HttpError::Timeout(Timeout::Resolve | Timeout::Connect) => not_done(
                ErrorKind::Timeout,
                format!("no connection to {host} came about in time"),
            ),
            HttpError::Timeout(_) => {
                let time = self.settings.timeout.as_secs_f64();
                unknown(
                    ErrorKind::Timeout,
                    format!("{host} did not answer completely within {time} s"),
                )
            }
            HttpError::BodyExceedsLimit(cap) => fatal(
                ErrorKind::TooLarge,
                format!("the answer is larger than {} MiB", cap / 1024 / 1024),
            ),
            HttpError::Rustls(error) => fatal(
                ErrorKind::Tls,
                format!("the TLS connection to {host} failed: {error}"),
            ),
            HttpError::Tls(why) => fatal(
                ErrorKind::Tls,
                format!("the TLS connection to {host} failed: {why}"),
            ),
            HttpError::ConnectProxyFailed(_) | HttpError::InvalidProxyUrl => not_done(
                ErrorKind::Connection,
                format!("the proxy did not connect to {host}"),
            ),
            HttpError::Io(error) => {
                if let Some(tls) = error
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<rustls::Error>())
                {
                    return fatal(
                        ErrorKind::Tls,
                        format!("the TLS connection to {host} failed: {tls}"),
                    );
                }
                match error.kind() {
                    ErrorKindOfIo::ConnectionRefused => not_done(
                        ErrorKind::Connection,
                        format!("{host} refused the connection"),
                    ),
                    ErrorKindOfIo::NetworkUnreachable | ErrorKindOfIo::HostUnreachable => not_done(
                        ErrorKind::Connection,
                        format!("{host} cannot be reached from here"),
                    ),
                    kind => unknown(
                        ErrorKind::Connection,
                        format!("the connection to {host} broke ({kind})"),
                    ),
                }
            }
            // What the peer sent was not HTTP, or was cut within the protocol.
            HttpError::Protocol(_) | HttpError::Decompress(..) => unknown(
                ErrorKind::Connection,
                format!("the answer of {host} broke off or is not HTTP"),
            ),
            _ => fatal(
                ErrorKind::Connection,
                format!("the request to {host} failed"),
            ),
        }
    }
}

impl Settings {
    fn of(options: &Options) -> Self {
        Self {
            user_agent: options.user_agent.clone(),
            proxy: options.proxy.clone(),
            timeout: options.timeout,
            headers: options.headers.clone(),
        }
    }
}

/// What `ureq` was built without, and would meet with a panic.
fn is_socks(proxy: &ureq::Proxy) -> bool {
    !matches!(proxy.protocol(), ProxyProtocol::Http | ProxyProtocol::Https)
}

thread_local! {
    /// Whose request this thread is sending.
    static SENDER: RefCell<Option<Arc<Job>>> = const { RefCell::new(None) };
}

/// Runs `send`, during which [`LastLook`] knows the job.
fn on_behalf_of<T>(
    job: &Arc<Job>,
    send: impl FnOnce() -> Result<T, HttpError>,
) -> Result<T, HttpError> {
    if job.is_cancelled() {
        return Err(stopped());
    }
    SENDER.set(Some(Arc::clone(job)));
    let result = send();
    SENDER.set(None);
    result
}

/// The end of the chain of connectors: names, proxies and handshakes may have taken seconds, and a
/// request whose job was cancelled meanwhile is not sent.
#[derive(Debug)]
struct LastLook;

impl<In: Wire> Connector<In> for LastLook {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails, wire: Option<In>) -> Result<Option<In>, HttpError> {
        let cancelled =
            SENDER.with_borrow(|job| job.as_ref().is_some_and(|job| job.is_cancelled()));
        if cancelled { Err(stopped()) } else { Ok(wire) }
    }
}

fn stopped() -> HttpError {
    HttpError::Io(ErrorKindOfIo::ConnectionAborted.into())
}

fn read(body: &mut Body, job: &Job) -> Result<Vec<u8>, HttpError> {
    let expected = body.content_length().unwrap_or(0).min(1024 * 1024);
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0) + 512);
    let mut reader = body.with_config().limit(CAP).reader();
    let mut chunk = [0; 64 * 1024];
    loop {
        // Nobody wants the rest: dropping the body closes the connection.
        if job.is_cancelled() {
            return Err(stopped());
        }
        match reader.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
            Err(error) if error.kind() == ErrorKindOfIo::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}
