//! Blocked addresses, and what only looks like one.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::time::{Duration, Instant};

use drmm::{Error, ErrorKind, Options, Session};
use drmm_sim::{Config, Fault, Server, Settings};
use support::{
    all, get, login, many, options, rule, server, session, small_server, status, texts, until,
};

/// A block of it leaves time for some calls, on a busy machine too.
const WINDOW: Duration = Duration::from_secs(1);

/// A server in scaled time, and a session that scales the documented window too.
fn scaled(window: Duration) -> (Server, Session) {
    let server = server(Config {
        devices: 100,
        sites: 2,
        settings: Settings {
            window,
            ..Settings::default()
        },
        ..Config::default()
    });
    let session = Session::connect(&scaled_options(&server, window)).expect("a session");
    (server, session)
}

fn scaled_options(server: &Server, window: Duration) -> Options {
    let mut options = options(server);
    options.window = window;
    options
}

fn error(session: &Session, path: &str) -> Error {
    get(session, path).expect_err("an error")
}

#[test]
fn a_block_stops_everything_at_once_says_until_when_and_ends_with_one_probe() {
    let (server, session) = scaled(WINDOW);
    get(&session, "v2/account").expect("an account");
    let all = Instant::now();
    server.set_faults([rule("GET /v2/account", Fault::Block).times(1)]);
    let blocked = error(&session, "v2/account");
    assert_eq!(blocked.kind(), ErrorKind::Blocked);
    let left = blocked.retry_after().expect("a time");
    assert!(left <= WINDOW * 5 && left > WINDOW * 4, "{left:?}");

    // The block, and the look elsewhere that told it from a plain «forbidden»; then nothing.
    let before = server.requests().len();
    for path in ["v2/account", "v2/account/sites", "v2/system/status"] {
        let again = error(&session, path);
        assert_eq!(again.kind(), ErrorKind::Blocked);
        assert!(again.retry_after().is_some_and(|time| time <= left));
    }
    let other = Session::connect(&scaled_options(&server, WINDOW)).expect("a session");
    assert_eq!(
        login(&other).expect_err("blocked").kind(),
        ErrorKind::Blocked
    );
    assert_eq!(server.requests().len(), before);
    let state = session.describe();
    assert!(state["blockedUntil"].is_i64(), "{state}");

    until("the end of the block", || {
        session.describe()["blockedUntil"].is_null()
    });
    assert!(all.elapsed() >= WINDOW * 4);
    many(&session, 24);
    get(&session, "v2/account").expect("an account");
}

#[test]
fn a_block_of_the_token_endpoint_is_a_block() {
    // It counts for one window, whose end nothing here waits for.
    let (server, session) = scaled(WINDOW * 20);
    server.set_faults([rule("POST /auth/oauth/token", Fault::Block).times(1)]);
    let blocked = login(&session).expect_err("blocked");
    assert_eq!(blocked.kind(), ErrorKind::Blocked);
    let tokens = server.requests().len();
    assert_eq!(error(&session, "v2/account").kind(), ErrorKind::Blocked);
    assert_eq!(server.requests().len(), tokens);
}

#[test]
fn those_who_wait_in_the_queue_hear_of_a_block_at_once() {
    let server = server(Config {
        devices: 100,
        sites: 2,
        settings: Settings {
            limit: 4,
            ..Settings::default()
        },
        ..Config::default()
    });
    let session = session(&server);
    get(&session, "v2/system/request_rate").expect("a report");
    get(&session, "v2/account/sites").expect("sites");
    server.set_latency(Duration::from_millis(300));
    server.set_faults([rule("GET /v2/account", Fault::Block)]);
    let start = Instant::now();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| error(&session, "v2/account").kind());
        until("the last place taken", || {
            session.describe()["buckets"][0]["remaining"] == 0
        });
        let waiting: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| error(&session, "v2/account/sites").kind()))
            .collect();
        for thread in waiting {
            assert_eq!(thread.join().expect("no panic"), ErrorKind::Blocked);
        }
        assert_eq!(first.join().expect("no panic"), ErrorKind::Blocked);
    });
    // The window is a minute.
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_plain_forbidden_opens_nothing_and_is_looked_into_once_a_window_at_most() {
    for (body, looks) in [
        (r#"{"error":"forbidden"}"#, 0),
        ("", 1),
        ("<html>no</html>", 1),
    ] {
        let server = small_server();
        let session = session(&server);
        server.set_faults([rule(
            "GET /v2/account/users",
            Fault::Status {
                status: 403,
                retry_after_s: None,
                body: Some(body.to_owned()),
            },
        )]);
        for _ in 0..5 {
            assert_eq!(
                error(&session, "v2/account/users").kind(),
                ErrorKind::Forbidden
            );
        }
        get(&session, "v2/account").expect("an account");
        let routes = server.counters().by_route;
        let looked = routes.get("GET /v2/system/status").copied();
        assert_eq!(looked.unwrap_or(0), looks, "{body:?}");
    }
}

#[test]
fn a_429_uses_up_no_attempt_and_the_request_goes_on_by_itself() {
    let (server, session) = scaled(WINDOW * 3 / 10);
    server.set_faults([rule("GET /v2/account", status(429)).times(6)]);
    let stream = session
        .request(drmm::Call::get("v2/account"), drmm::Values)
        .expect("a stream");
    assert_eq!(all(&stream).expect("an account").len(), 1);
    let told = texts(&stream);
    assert!(told.contains("request limit is reached"), "{told}");
    assert_eq!(server.counters().by_route["GET /v2/account"], 7);
}
