//! How a connection comes about: names, proxies, TLS; who waits for it, and how far it came.
//!
//! A chain of connectors: each makes the connection or passes on the one that was made before it.
//! What is on the wire after it is wiped from the buffers here, and all of them when it closes.

use std::cell::RefCell;
use std::error::Error as StdError;
use std::fmt;
use std::io::ErrorKind as ErrorKindOfIo;
use std::sync::Arc;

use ureq::Error as HttpError;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector,
    SocksConnector, TcpConnector, Transport as Wire,
};
use zeroize::Zeroize;

use crate::job::Job;

/// Makes connections, through the proxy if there is one.
pub(crate) fn connector() -> impl Connector<()> {
    Begin
        .chain(ByProxy(SocksConnector::default()))
        .chain(ByProxy(ConnectProxyConnector::default()))
        .chain(TcpConnector::default())
        .chain(RustlsConnector::default())
        .chain(End)
}

/// Runs `send`, during which names, connectors and connections know the job.
pub(crate) fn on_behalf_of<T>(
    job: &Arc<Job>,
    send: impl FnOnce() -> Result<T, HttpError>,
) -> Result<T, Trouble> {
    let sender = Sender {
        job: Arc::clone(job),
        stage: Stage::Ready,
    };
    SENDER.set(Some(sender));
    let result = if job.is_cancelled() {
        Err(stopped())
    } else {
        send()
    };
    let sender = SENDER.take();
    result.map_err(|error| Trouble {
        error,
        unsent: sender.is_some_and(|sender| sender.stage != Stage::Sending),
    })
}

/// Why there was no answer.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) error: HttpError,
    /// Not a byte of the request had gone: nothing of it can have reached the server.
    pub(crate) unsent: bool,
}

impl From<HttpError> for Trouble {
    /// Trouble with the answer.
    fn from(error: HttpError) -> Self {
        Self {
            error,
            unsent: false,
        }
    }
}

/// What went wrong between here and the end of the tunnel that the proxy should have opened.
#[derive(Debug)]
pub(crate) struct ProxyTrouble(pub(crate) HttpError);

impl fmt::Display for ProxyTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proxy: {}", self.0)
    }
}

impl StdError for ProxyTrouble {}

/// What a request ends with that nobody wants any more.
pub(crate) fn stopped() -> HttpError {
    HttpError::Io(ErrorKindOfIo::ConnectionAborted.into())
}

thread_local! {
    /// Whose request this thread is sending.
    static SENDER: RefCell<Option<Sender>> = const { RefCell::new(None) };
}

struct Sender {
    job: Arc<Job>,
    stage: Stage,
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The next bytes to go are the request's: nothing has been done yet, or the connection stands.
    Ready,
    /// What goes now is between here, the proxy and TLS.
    Connecting,
    /// Bytes of it have gone.
    Sending,
}

fn enter(stage: Stage) {
    SENDER.with_borrow_mut(|sender| {
        if let Some(sender) = sender {
            sender.stage = stage;
        }
    });
}

/// The last look before bytes go: names, proxies and handshakes may have taken seconds, and a
/// request whose job was cancelled meanwhile is not sent. A connection that was kept has been
/// through no connector, so the connectors cannot ask.
fn before_bytes_go() -> Result<(), HttpError> {
    SENDER.with_borrow_mut(|sender| match sender {
        Some(sender) if sender.job.is_cancelled() => Err(stopped()),
        Some(sender) => {
            if sender.stage == Stage::Ready {
                sender.stage = Stage::Sending;
            }
            Ok(())
        }
        None => Ok(()),
    })
}

/// Asks the operating system for a host's addresses; that it has none is one kind of error.
#[derive(Debug)]
pub(crate) struct Names(pub(crate) DefaultResolver);

impl Resolver for Names {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, HttpError> {
        self.0
            .resolve(uri, config, timeout)
            .map_err(|error| match error {
                HttpError::Io(_) => HttpError::HostNotFound,
                error => error,
            })
    }
}

/// The beginning of the chain.
#[derive(Debug)]
struct Begin;

impl<In: Wire> Connector<In> for Begin {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails, wire: Option<In>) -> Result<Option<In>, HttpError> {
        enter(Stage::Connecting);
        Ok(wire)
    }
}

/// A connector that may go by a proxy: its errors are the proxy's.
#[derive(Debug)]
struct ByProxy<C>(C);

impl<In: Wire, C: Connector<In>> Connector<In> for ByProxy<C> {
    type Out = C::Out;

    fn connect(
        &self,
        details: &ConnectionDetails,
        wire: Option<In>,
    ) -> Result<Option<C::Out>, HttpError> {
        let tunnel = self.0.connect(details, wire);
        // The connection to the proxy has been through the whole chain.
        enter(Stage::Connecting);
        tunnel.map_err(|error| HttpError::Other(Box::new(ProxyTrouble(error))))
    }
}

/// The end of the chain.
#[derive(Debug)]
struct End;

impl<In: Wire> Connector<In> for End {
    type Out = Wiped<In>;

    fn connect(
        &self,
        _: &ConnectionDetails,
        wire: Option<In>,
    ) -> Result<Option<Wiped<In>>, HttpError> {
        enter(Stage::Ready);
        Ok(wire.map(Wiped))
    }
}

/// A connection whose buffers keep nothing: requests hold secrets and tokens, answers too.
#[derive(Debug)]
struct Wiped<W: Wire>(W);

impl<W: Wire> Wire for Wiped<W> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), HttpError> {
        let sent = before_bytes_go().and_then(|()| self.0.transmit_output(amount, timeout));
        self.0.buffers().output()[..amount].zeroize();
        sent
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, HttpError> {
        self.0.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

impl<W: Wire> Drop for Wiped<W> {
    fn drop(&mut self) {
        let buffers = self.0.buffers();
        buffers.output().zeroize();
        buffers.input_consume(buffers.input().len());
        buffers.input_append_buf().zeroize();
    }
}
