//! What went wrong on the way, in words that name the cause and the fix.

use std::io::ErrorKind as ErrorKindOfIo;
use std::time::{Duration, SystemTime};

use httpdate::fmt_http_date;
use rustls::pki_types::UnixTime;
use rustls::{CertificateError, Error as TlsError};
use ureq::{Error as HttpError, Timeout};

use crate::connect::{ProxyTrouble, Trouble};
use crate::error::{Error, ErrorKind};
use crate::options::Origin;
use crate::retry::Failure;

/// Why nothing came back.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) error: Error,
    pub(crate) failure: Failure,
    /// Whether the server can have counted the request.
    pub(crate) sent: bool,
}

/// Where a request was to go.
pub(crate) struct Way<'a> {
    pub(crate) origin: &'a Origin,
    pub(crate) proxy: Option<&'a ureq::Proxy>,
    pub(crate) timeout: Duration,
}

impl Fault {
    pub(crate) fn of(trouble: Trouble, way: &Way<'_>) -> Self {
        match trouble.error {
            HttpError::Other(error) => match (error.downcast::<ProxyTrouble>(), way.proxy) {
                (Ok(trouble), Some(proxy)) => by_proxy(trouble.0, proxy, way),
                _ => fatal(
                    ErrorKind::Connection,
                    format!("the request to {} failed", way.origin.host()),
                ),
            },
            error if trouble.unsent => before(error, way),
            error => after(error, way),
        }
    }
}

/// The server cannot have acted, and another attempt may do better.
fn not_done(kind: ErrorKind, message: String) -> Fault {
    Fault {
        error: Error::new(kind, message),
        failure: Failure::NotDone,
        sent: false,
    }
}

/// The server may have acted.
fn unknown(kind: ErrorKind, message: String) -> Fault {
    Fault {
        error: Error::new(kind, message),
        failure: Failure::Unknown,
        sent: true,
    }
}

/// Another attempt would not do better.
fn fatal(kind: ErrorKind, message: String) -> Fault {
    Fault {
        error: Error::new(kind, message),
        failure: Failure::Final,
        sent: true,
    }
}

fn hopeless(kind: ErrorKind, message: String) -> Fault {
    Fault {
        sent: false,
        ..fatal(kind, message)
    }
}

/// Nothing of the request had gone.
fn before(error: HttpError, way: &Way<'_>) -> Fault {
    let host = way.origin.host();
    let connection = |message| not_done(ErrorKind::Connection, message);
    match error {
        HttpError::HostNotFound => connection(format!(
            "the name {host} could not be resolved; check the API URL and this machine's DNS"
        )),
        HttpError::ConnectionFailed => connection(format!("no connection to {host} came about")),
        HttpError::Timeout(Timeout::Resolve) => not_done(
            ErrorKind::Timeout,
            format!(
                "the name {host} could not be resolved in time; is this machine's DNS reachable?"
            ),
        ),
        HttpError::Timeout(_) => not_done(
            ErrorKind::Timeout,
            format!(
                "no connection to {host} came about in time; does a firewall or proxy stand between?"
            ),
        ),
        HttpError::Rustls(error) => tls(&error, way),
        HttpError::Tls(why) => hopeless(
            ErrorKind::Tls,
            format!("the TLS connection to {host} failed: {why}"),
        ),
        HttpError::Io(error) => match (tls_error(&error), error.kind()) {
            (Some(error), _) => tls(error, way),
            (_, ErrorKindOfIo::ConnectionRefused) => {
                connection(format!("{host} refused the connection"))
            }
            (_, ErrorKindOfIo::NetworkUnreachable | ErrorKindOfIo::HostUnreachable) => connection(
                format!("{host} cannot be reached from here; is this machine connected?"),
            ),
            (_, ErrorKindOfIo::UnexpectedEof | ErrorKindOfIo::ConnectionReset) => {
                connection(format!(
                    "{host} hung up before the connection stood; does it expect TLS on port {}, or does a firewall stand between?",
                    way.origin.port()
                ))
            }
            (_, kind) => connection(format!("no connection to {host} came about ({kind})")),
        },
        error => after(error, way),
    }
}

/// Bytes of the request had gone, or there is no other sentence for it.
fn after(error: HttpError, way: &Way<'_>) -> Fault {
    let host = way.origin.host();
    match error {
        HttpError::Timeout(_) => {
            let time = way.timeout.as_secs_f64();
            unknown(
                ErrorKind::Timeout,
                format!("{host} did not answer completely within {time} s"),
            )
        }
        HttpError::BodyExceedsLimit(cap) => fatal(
            ErrorKind::TooLarge,
            format!("the answer is larger than {} MiB", cap / 1024 / 1024),
        ),
        HttpError::Rustls(error) => broken_tls(&error, host),
        HttpError::Io(error) => match tls_error(&error) {
            Some(error) => broken_tls(error, host),
            None => unknown(
                ErrorKind::Connection,
                format!("the connection to {host} broke ({})", error.kind()),
            ),
        },
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

/// The handshake failed: nothing of the request was sent.
fn tls(error: &TlsError, way: &Way<'_>) -> Fault {
    let host = way.origin.host();
    let message = match error {
        TlsError::InvalidCertificate(error) => certificate(error, host),
        TlsError::InvalidMessage(_) => format!(
            "{host} does not speak TLS on port {}; is the port in the API URL right?",
            way.origin.port()
        ),
        TlsError::AlertReceived(alert) => {
            format!("{host} refused the TLS handshake ({alert:?})")
        }
        TlsError::PeerIncompatible(_) => {
            format!("{host} offers no version or cipher of TLS that is safe enough to be used")
        }
        TlsError::General(why) if why.starts_with("No CA certificates") => {
            "this machine has no root certificates to trust; install its package of CA certificates"
                .to_owned()
        }
        error => format!("the TLS connection to {host} failed: {error}"),
    };
    hopeless(ErrorKind::Tls, message)
}

fn broken_tls(error: &TlsError, host: &str) -> Fault {
    fatal(
        ErrorKind::Tls,
        format!("the TLS connection to {host} failed: {error}"),
    )
}

fn certificate(error: &CertificateError, host: &str) -> String {
    let clock = || fmt_http_date(SystemTime::now());
    let date = |time: &UnixTime| {
        fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs()))
    };
    match error {
        CertificateError::UnknownIssuer => format!(
            "the certificate of {host} comes from nobody this machine trusts; if a proxy or firewall \
             opens TLS here, its root certificate belongs into the operating system's store"
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!(
                "the certificate that came is not for {host}; is the API URL right, or does this \
                 network want a login in a browser first?"
            )
        }
        CertificateError::Expired => format!(
            "the certificate of {host} has expired; is this machine's clock right ({})?",
            clock()
        ),
        CertificateError::ExpiredContext { not_after, .. } => format!(
            "the certificate of {host} expired on {}; is this machine's clock right ({})?",
            date(not_after),
            clock()
        ),
        CertificateError::NotValidYet => format!(
            "the certificate of {host} is not valid yet; is this machine's clock right ({})?",
            clock()
        ),
        CertificateError::NotValidYetContext { not_before, .. } => format!(
            "the certificate of {host} is not valid before {}; is this machine's clock right ({})?",
            date(not_before),
            clock()
        ),
        CertificateError::Revoked => format!("the certificate of {host} has been revoked"),
        error => format!("the certificate of {host} is not acceptable: {error}"),
    }
}

/// What went wrong between here and the proxy, or in the proxy.
fn by_proxy(error: HttpError, proxy: &ureq::Proxy, way: &Way<'_>) -> Fault {
    let (host, name) = (
        way.origin.host(),
        format!("the proxy {}:{}", proxy.host(), proxy.port()),
    );
    let connection = |message| not_done(ErrorKind::Connection, message);
    match error {
        HttpError::HostNotFound => connection(format!(
            "the name of {name} could not be resolved; check its address"
        )),
        HttpError::Timeout(_) => not_done(
            ErrorKind::Timeout,
            format!("{name} opened no way to {host} in time"),
        ),
        HttpError::ConnectProxyFailed(why) => match status_of(&why) {
            Some(407) if proxy.username().is_none() => {
                hopeless(ErrorKind::Connection, wants_login(&name, "http"))
            }
            Some(407) => hopeless(
                ErrorKind::Connection,
                format!("{name} does not accept its user name and password (407)"),
            ),
            Some(status @ 400..=499) => hopeless(
                ErrorKind::Connection,
                format!("{name} does not let anyone through to {host} ({status})"),
            ),
            Some(status) => connection(format!("{name} did not reach {host} ({status})")),
            None => connection(format!("{name} hung up without an answer")),
        },
        HttpError::Rustls(error) => of_proxy_tls(&error, &name),
        HttpError::Io(error) => match (tls_error(&error), error.kind()) {
            (Some(error), _) => of_proxy_tls(error, &name),
            (_, ErrorKindOfIo::ConnectionRefused) => {
                connection(format!("{name} refused the connection; check its address"))
            }
            (_, ErrorKindOfIo::NetworkUnreachable | ErrorKindOfIo::HostUnreachable) => {
                connection(format!("{name} cannot be reached from here"))
            }
            (_, ErrorKindOfIo::Other) if error.to_string().contains("auth method") => {
                hopeless(ErrorKind::Connection, wants_login(&name, "socks5"))
            }
            // What SOCKS says, in the words of its connector.
            (_, ErrorKindOfIo::Other) => {
                connection(format!("{name} did not reach {host} ({error})"))
            }
            (_, ErrorKindOfIo::PermissionDenied) => hopeless(
                ErrorKind::Connection,
                format!("{name} does not accept its user name and password"),
            ),
            (_, ErrorKindOfIo::InvalidData) => hopeless(
                ErrorKind::Connection,
                format!(
                    "{name} does not answer as such a proxy does; check its address and scheme"
                ),
            ),
            (_, kind) => connection(format!("{name} opened no way to {host} ({kind})")),
        },
        HttpError::Protocol(_) => hopeless(
            ErrorKind::Connection,
            format!("{name} does not answer as such a proxy does; check its address and scheme"),
        ),
        _ => connection(format!("{name} opened no way to {host}")),
    }
}

fn wants_login(name: &str, scheme: &str) -> String {
    format!(
        "{name} wants a user name and a password; give them as {scheme}://user:password@host:port"
    )
}

fn of_proxy_tls(error: &TlsError, name: &str) -> Fault {
    let message = match error {
        TlsError::InvalidCertificate(error) => certificate(error, name),
        error => format!("the TLS connection to {name} failed: {error}"),
    };
    hopeless(ErrorKind::Tls, message)
}

fn tls_error(error: &std::io::Error) -> Option<&TlsError> {
    error.get_ref()?.downcast_ref()
}

/// The status in «proxy server responded 407/407», which is all that is told.
fn status_of(why: &str) -> Option<u16> {
    why.strip_prefix("proxy server responded ")?
        .split('/')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, PeerIncompatible};

    use super::*;
    use crate::options::Options;
    use crate::secret::Secret;

    fn fault(error: HttpError, unsent: bool) -> Fault {
        let options = Options::new("https://a.example:444", "k", Secret::from("s"));
        let way = Way {
            origin: &options.expect("options").origin,
            proxy: None,
            timeout: Duration::from_secs(100),
        };
        Fault::of(Trouble { error, unsent }, &way)
    }

    #[test]
    fn a_handshake_that_fails_is_final_and_says_what_to_do() {
        let certificate = |error| TlsError::InvalidCertificate(error);
        for (error, words) in [
            (
                TlsError::AlertReceived(AlertDescription::HandshakeFailure),
                "a.example refused the TLS handshake (HandshakeFailure)",
            ),
            (
                TlsError::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
                "a.example offers no version or cipher of TLS that is safe enough",
            ),
            (
                certificate(CertificateError::Revoked),
                "the certificate of a.example has been revoked",
            ),
            // Without a date, as systems other than Linux tell it.
            (
                certificate(CertificateError::Expired),
                "the certificate of a.example has expired; is this machine's clock right (",
            ),
            (
                certificate(CertificateError::NotValidYet),
                "the certificate of a.example is not valid yet; is this machine's clock right (",
            ),
            (
                certificate(CertificateError::NotValidForName),
                "the certificate that came is not for a.example; is the API URL right",
            ),
            (
                certificate(CertificateError::BadSignature),
                "the certificate of a.example is not acceptable: ",
            ),
            (
                TlsError::NoCertificatesPresented,
                "the TLS connection to a.example failed: ",
            ),
        ] {
            let io = std::io::Error::new(ErrorKindOfIo::InvalidData, error.clone());
            for error in [HttpError::Rustls(error), HttpError::Io(io)] {
                let fault = fault(error, true);
                assert!(fault.error.message().starts_with(words), "{}", fault.error);
                assert_eq!(fault.error.kind(), ErrorKind::Tls);
                assert_eq!((fault.failure, fault.sent), (Failure::Final, false));
            }
        }
    }

    #[test]
    fn what_happens_before_the_connection_stands_cannot_have_done_anything() {
        for error in [
            HttpError::Timeout(Timeout::Global),
            HttpError::Io(ErrorKindOfIo::ConnectionReset.into()),
            HttpError::Io(ErrorKindOfIo::UnexpectedEof.into()),
            HttpError::Io(ErrorKindOfIo::BrokenPipe.into()),
        ] {
            let words = format!("{error}");
            let before = fault(error, true);
            assert_eq!(
                (before.failure, before.sent),
                (Failure::NotDone, false),
                "{words}"
            );
        }
        for error in [
            HttpError::Timeout(Timeout::Global),
            HttpError::Io(ErrorKindOfIo::ConnectionReset.into()),
        ] {
            let after = fault(error, false);
            assert_eq!((after.failure, after.sent), (Failure::Unknown, true));
        }
    }
}
