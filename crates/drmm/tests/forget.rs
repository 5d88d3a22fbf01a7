//! The last disconnect really forgets: no copy of secret and token is left in memory, but for what
//! `secret.rs` says that nobody can reach.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::time::Duration;

use drmm::{Call, Options, Secret, Session, Stream, Values};
use drmm_sim::{Config, Server, Settings};
use support::alone::{alone, is_alone};
use support::memory::{TOKEN, copies, disguised, hidden, shown};
use support::{get, login, server, small_server, until};

const URL: &str = "DRMM_TEST_URL";
const SECRET: &str = "DRMM_TEST_SECRET";

#[test]
fn nothing_is_left_in_memory_after_the_last_disconnect() {
    const NAME: &str = "nothing_is_left_in_memory_after_the_last_disconnect";
    run_alone(NAME, small_server, connect_and_forget);
}

#[test]
fn whoever_waits_for_the_quota_holds_no_token() {
    const NAME: &str = "whoever_waits_for_the_quota_holds_no_token";
    let tight = || {
        let settings = Settings {
            limit: 4,
            window: Duration::from_secs(600),
            ..Settings::default()
        };
        server(Config {
            devices: 10,
            sites: 2,
            settings,
            ..Config::default()
        })
    };
    run_alone(NAME, tight, wait_and_forget);
}

/// Runs `act` in a process that has nothing but a client of this server.
fn run_alone(name: &str, server: impl FnOnce() -> Server, act: impl FnOnce()) {
    if is_alone(name) {
        return act();
    }
    let server = server();
    let secret: String = (0..48).map(|_| fastrand::alphanumeric()).collect();
    server.set_key("key", &secret);
    let secret = shown(&disguised(secret.as_bytes()));
    alone(name, &[(URL, &server.url()), (SECRET, &secret)]);
    assert_eq!(server.counters().tokens, 1);
}

/// A session with a token, the second half of its secret, and the middle of its token, in disguise.
fn connect() -> (Session, Vec<u8>, Vec<u8>) {
    let secret = hidden(&std::env::var(SECRET).expect("a secret"));
    let url = std::env::var(URL).expect("a URL");
    let text = String::from_utf8(disguised(&secret)).expect("letters");
    let options = Options::new(&url, "key", Secret::new(text)).expect("options");
    let session = Session::connect(&options).expect("a session");
    drop(options);
    login(&session).expect("a login");
    (session, secret[24..].to_vec(), disguised(TOKEN.as_bytes()))
}

fn connect_and_forget() {
    let (session, secret, token) = connect();
    // One each to work with, and the answer that brought the token in the connection's buffer.
    // Workers let go of what they hold a moment after their answer has been handed over.
    let mut seen = (0, 0);
    until("the end of passing copies", || {
        seen = (copies(&secret), copies(&token));
        seen.0 <= 1 && seen.1 <= 2
    });
    assert_eq!(seen, (1, 2), "they are there, and this would see them");

    get(&session, "v2/account").expect("an account");
    session.disconnect();
    until("the end of all copies", || {
        copies(&secret) + copies(&token) == 0
    });
}

fn wait_and_forget() {
    let (session, secret, token) = connect();
    get(&session, "v2/system/request_rate").expect("the limits");
    let request = || session.request(Call::get("v2/account"), Values);
    let streams: Vec<Stream<_>> = (0..8).map(|_| request().expect("a stream")).collect();
    until("all that may not go waiting", || {
        let state = session.describe();
        let bucket = &state["buckets"][0];
        bucket["remaining"] == 0 && bucket["waiting"].as_u64() >= Some(5)
    });
    until("the end of passing copies", || {
        copies(&secret) <= 1 && copies(&token) <= 2
    });

    session.disconnect();
    // The streams are still there, unread.
    until("the end of all copies", || {
        copies(&secret) + copies(&token) == 0
    });
    drop(streams);
}
