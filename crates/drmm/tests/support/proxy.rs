//! A proxy on loopback, CONNECT or SOCKS, that remembers every byte a client sent it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::socks;

/// What the proxy does with whoever asks for a tunnel.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    /// Opens the tunnel.
    Tunnel,
    /// Opens it as SOCKS 5 does, for this user and password if there are any.
    Socks(Option<(&'static str, &'static str)>),
    /// Answers with this head.
    Answer(&'static str),
    /// Hangs up without an answer.
    HangUp,
    /// Hangs up without an answer once, then opens tunnels.
    HangUpOnce,
    /// Hangs up without having listened, which resets the connection.
    Reset,
    /// Says nothing.
    Silence,
}

/// A proxy that serves until it is dropped.
pub(crate) struct TestProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    manner: Manner,
    over: AtomicBool,
    tunnels: AtomicUsize,
    open: AtomicUsize,
    /// What clients sent, requests for tunnels and all that went through them.
    heard: Mutex<Vec<u8>>,
    /// Kept until the end by a proxy that says nothing.
    silent: Mutex<Vec<TcpStream>>,
}

impl TestProxy {
    pub(crate) fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            manner,
            over: AtomicBool::new(false),
            tunnels: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            heard: Mutex::default(),
            silent: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for wire in listener.incoming() {
                if serving.over.load(Ordering::Acquire) {
                    return;
                }
                let serving = Arc::clone(&serving);
                std::thread::spawn(move || serving.serve(wire.expect("a connection")));
            }
        });
        Self {
            address,
            shared,
            thread: Some(thread),
        }
    }

    /// `host:port`.
    pub(crate) fn authority(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn url(&self) -> String {
        self.url_with("http", "")
    }

    /// `login` ends with `@`, or is empty.
    pub(crate) fn url_with(&self, scheme: &str, login: &str) -> String {
        format!("{scheme}://{login}{}", self.address)
    }

    /// How many tunnels were asked for.
    pub(crate) fn tunnels(&self) -> usize {
        self.shared.tunnels.load(Ordering::Acquire)
    }

    /// How many tunnels the client has not closed.
    pub(crate) fn open(&self) -> usize {
        self.shared.open.load(Ordering::Acquire)
    }

    /// All that clients sent, with what is not text replaced.
    pub(crate) fn heard(&self) -> String {
        String::from_utf8_lossy(&self.shared.heard.lock().expect("no panic")).into_owned()
    }
}

impl Drop for TestProxy {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Shared {
    fn serve(&self, mut client: TcpStream) {
        if let Manner::Socks(login) = self.manner {
            self.tunnels.fetch_add(1, Ordering::AcqRel);
            if let Some(target) = socks::handshake(&mut client, login, |bytes| self.note(bytes)) {
                self.tunnel(client, &target);
            }
            return;
        }
        if matches!(self.manner, Manner::Reset) {
            self.tunnels.fetch_add(1, Ordering::AcqRel);
            // What has come and is not read makes the end a reset.
            client.peek(&mut [0]).expect("a request");
            return;
        }
        let Some(head) = read_head(&mut client) else {
            return;
        };
        self.note(head.as_bytes());
        let before = self.tunnels.fetch_add(1, Ordering::AcqRel);
        match self.manner {
            Manner::HangUpOnce if before == 0 => return,
            Manner::Tunnel | Manner::HangUpOnce | Manner::Socks(_) | Manner::Reset => {}
            Manner::Answer(answer) => {
                drop(client.write_all(answer.as_bytes()));
                return;
            }
            Manner::HangUp => return,
            Manner::Silence => {
                self.silent.lock().expect("no panic").push(client);
                return;
            }
        }
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .expect("a client that waits");
        self.tunnel(client, head.split(' ').nth(1).expect("a target"));
    }

    fn tunnel(&self, mut client: TcpStream, target: &str) {
        self.open.fetch_add(1, Ordering::AcqRel);
        let mut server = TcpStream::connect(target).expect("the target is there");
        let (mut down_from, mut down_to) = (
            server.try_clone().expect("a handle"),
            client.try_clone().expect("a handle"),
        );
        std::thread::spawn(move || {
            // An end of the tunnel that breaks off is like one that is closed.
            drop(std::io::copy(&mut down_from, &mut down_to));
            drop(down_to.shutdown(Shutdown::Both));
        });
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = client.read(&mut bytes) {
            self.note(&bytes[..count]);
            if server.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        drop(server.shutdown(Shutdown::Both));
        self.open.fetch_sub(1, Ordering::AcqRel);
    }

    fn note(&self, bytes: &[u8]) {
        self.heard
            .lock()
            .expect("no panic")
            .extend_from_slice(bytes);
    }
}

/// The head of a request, with the empty line that ends it; `None` if the client hung up before.
pub(crate) fn read_head(wire: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        wire.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}
