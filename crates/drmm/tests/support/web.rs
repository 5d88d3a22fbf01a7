//! A server on loopback that knows a few sentences of HTTP and remembers what it heard.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::proxy::read_head;
use super::until;

/// The token that [`account`] gives out.
pub(crate) const TOKEN: &str = "canary-token-of-the-web";

type Answers = dyn Fn(&str) -> String + Send + Sync;

/// A server that serves until it is dropped.
pub(crate) struct Web {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    tls: Option<Arc<ServerConfig>>,
    answers: Box<Answers>,
    over: AtomicBool,
    connections: AtomicUsize,
    ended: AtomicUsize,
    heard: Mutex<Vec<String>>,
}

impl Web {
    /// `answers` makes a whole answer from a whole request.
    pub(crate) fn plain(answers: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::start(None, Box::new(answers))
    }

    pub(crate) fn tls(
        config: Arc<ServerConfig>,
        answers: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(config), Box::new(answers))
    }

    fn start(tls: Option<Arc<ServerConfig>>, answers: Box<Answers>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let shared = Arc::new(Shared {
            tls,
            answers,
            over: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            heard: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for wire in listener.incoming() {
                if serving.over.load(Ordering::Acquire) {
                    return;
                }
                serving.connections.fetch_add(1, Ordering::AcqRel);
                let serving = Arc::clone(&serving);
                std::thread::spawn(move || {
                    serving.serve(wire.expect("a connection"));
                    serving.ended.fetch_add(1, Ordering::AcqRel);
                });
            }
        });
        Self {
            address,
            scheme,
            shared,
            thread: Some(thread),
        }
    }

    /// Its address with the name «localhost», as certificates have it.
    pub(crate) fn url(&self) -> String {
        format!("{}://localhost:{}", self.scheme, self.port())
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections were made to it.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Acquire)
    }

    /// Waits until somebody has come, and all who came have gone: only then nothing more is heard.
    pub(crate) fn rest(&self) {
        until("the end of all connections", || {
            let ended = self.shared.ended.load(Ordering::Acquire);
            ended > 0 && ended == self.connections()
        });
    }

    /// The requests, heads and bodies.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.shared.heard.lock().expect("no panic").clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Shared {
    fn serve(&self, wire: TcpStream) {
        match &self.tls {
            None => self.talk(wire),
            Some(config) => {
                let tls = ServerConnection::new(Arc::clone(config)).expect("a TLS connection");
                self.talk(StreamOwned::new(tls, wire));
            }
        }
    }

    /// Until the client has gone, or would not have this server's certificate.
    fn talk(&self, mut wire: impl Read + Write) {
        while let Some(head) = read_head(&mut wire) {
            let mut body = vec![0; length(&head)];
            if wire.read_exact(&mut body).is_err() {
                return;
            }
            let body = String::from_utf8_lossy(&body);
            let request = format!("{head}{body}");
            let answer = (self.answers)(&request);
            self.heard.lock().expect("no panic").push(request);
            match wire.write_all(answer.as_bytes()) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

fn length(head: &str) -> usize {
    let head = head.to_ascii_lowercase();
    let value = head.split("content-length:").nth(1);
    value
        .and_then(|rest| rest.lines().next())
        .map_or(0, |text| text.trim().parse().expect("a length"))
}

/// An answer in JSON.
pub(crate) fn json(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// An answer without a body.
pub(crate) fn bare(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\n\r\n")
}

/// Gives a token to everyone, and an object for the rest.
pub(crate) fn account(request: &str) -> String {
    if request.starts_with("POST /auth/oauth/token ") {
        json(&format!(
            r#"{{"access_token":"{TOKEN}","expires_in":360000}}"#
        ))
    } else {
        json(r#"{"name":"a"}"#)
    }
}
