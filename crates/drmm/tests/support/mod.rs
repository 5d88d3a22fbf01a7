//! What the client's tests share: a simulator, a session on it, and streams read to their end.

#![allow(dead_code, reason = "each test file uses its part of this")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails this way")]

pub(crate) mod alone;
#[cfg(target_os = "linux")]
pub(crate) mod memory;
pub(crate) mod proxy;
pub(crate) mod socks;
pub(crate) mod tls;
pub(crate) mod web;

use std::time::{Duration, Instant};

use drmm::{Answer, Call, Error, Options, Secret, Session, Stream, Values};
use drmm_sim::{Config, Fault, Rule, Server, Settings};
use serde_json::Value;

/// Longer than anything here takes.
pub(crate) const LONG: Duration = Duration::from_secs(60);

pub(crate) fn server(config: Config) -> Server {
    Server::start(config).expect("the simulator starts")
}

/// A server of 1,000 devices: four pages.
pub(crate) fn small_server() -> Server {
    server(Config {
        devices: 1000,
        sites: 5,
        ..Config::default()
    })
}

/// A small server with these settings: those of its quota are what the test is about.
pub(crate) fn server_with(settings: Settings) -> Server {
    server(Config {
        devices: 100,
        sites: 2,
        settings,
        ..Config::default()
    })
}

/// A server whose quota is never in the way.
pub(crate) fn generous_server(devices: u32) -> Server {
    let settings = Settings {
        limit: 100_000,
        ..Settings::default()
    };
    server(Config {
        devices,
        sites: 5,
        settings,
        ..Config::default()
    })
}

pub(crate) fn options(server: &Server) -> Options {
    Options::new(
        &server.url(),
        server.key(),
        Secret::new(server.secret().to_owned()),
    )
    .expect("options")
}

pub(crate) fn session(server: &Server) -> Session {
    Session::connect(&options(server)).expect("a session")
}

pub(crate) fn rule(pattern: &str, fault: Fault) -> Rule {
    Rule::new(pattern, fault).expect("a rule")
}

pub(crate) fn status(status: u16) -> Fault {
    Fault::Status {
        status,
        retry_after_s: None,
        body: None,
    }
}

pub(crate) fn devices() -> Call {
    Call::pages("v2/account/devices", "devices")
}

/// The next batch, or `None` at the end.
pub(crate) fn next(stream: &Stream<Values>) -> Result<Option<Vec<Value>>, Error> {
    let start = Instant::now();
    while start.elapsed() < LONG {
        match stream.next(LONG)? {
            Answer::Ready(batch) => return Ok(Some(batch)),
            Answer::End => return Ok(None),
            // Events come before an error: the error is the next answer.
            Answer::Pending => {}
            Answer::Cancelled => panic!("nobody cancelled"),
        }
    }
    panic!("nothing came");
}

/// All items of a stream.
pub(crate) fn all(stream: &Stream<Values>) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    while let Some(batch) = next(stream)? {
        items.extend(batch);
    }
    Ok(items)
}

pub(crate) fn get(session: &Session, path: &str) -> Result<Vec<Value>, Error> {
    all(&session.request(Call::get(path), Values)?)
}

pub(crate) fn login(session: &Session) -> Result<(), Error> {
    all(&session.login(Values)?).map(drop)
}

/// All texts that a stream has reported so far.
pub(crate) fn texts(stream: &Stream<Values>) -> String {
    let report = stream.report();
    report
        .map(|report| format!("{report:?}"))
        .unwrap_or_default()
}

/// Runs until `done` says so; the server's log is all there is to wait for.
pub(crate) fn until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LONG, "{what} did not come about");
        std::thread::yield_now();
    }
}

/// So many requests from eight threads.
pub(crate) fn many(session: &Session, count: usize) {
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..count / 8 {
                    get(session, "v2/account").expect("an account");
                }
            });
        }
    });
}

/// The ids of devices, in order.
pub(crate) fn ids(items: &[Value]) -> Vec<i64> {
    items
        .iter()
        .map(|item| item["id"].as_i64().expect("an id"))
        .collect()
}
