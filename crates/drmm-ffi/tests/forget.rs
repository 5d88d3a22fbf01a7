//! A token that was handed out is left nowhere once its batch and its session are freed, nor one
//! that nobody took.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "this is how a test fails")]

#[path = "../../drmm/tests/support/alone.rs"]
mod alone;
#[path = "abi/caller.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod caller;
#[path = "../../drmm/tests/support/memory.rs"]
#[allow(dead_code, reason = "the client's tests use the rest")]
mod memory;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ptr::null_mut;
use std::time::{Duration, Instant};

use drmm_native::*;
use drmm_sim::{Config, Server};

use self::alone::{alone, is_alone};
use self::caller::Session;
use self::memory::{TOKEN, copies, disguised};

const URL: &str = "DRMM_TEST_URL";
const SECRET: &str = "DRMM_TEST_SECRET";

#[test]
fn a_token_that_was_handed_out_is_left_nowhere() {
    const NAME: &str = "a_token_that_was_handed_out_is_left_nowhere";
    if is_alone(NAME) {
        return take_and_forget();
    }
    let server = Server::start(Config::default()).expect("the simulator starts");
    server.set_key("key", "secret-of-the-key");
    let variables = [
        (URL, server.url()),
        (SECRET, "secret-of-the-key".to_owned()),
    ];
    alone(
        NAME,
        &variables
            .each_ref()
            .map(|(name, value)| (*name, value.as_str())),
    );
    assert_eq!(server.counters().tokens, 2);
}

fn take_and_forget() {
    let variable = |name| std::env::var(name).expect("a variable");
    let (url, secret) = (variable(URL), variable(SECRET));
    let options = serde_json::json!({"url": url, "key": "key", "secret": secret, "proxy": ""});
    let keys = serde_json::json!({"key": "key", "secret": secret}).to_string();
    let token = disguised(TOKEN.as_bytes());

    let session = Session::connect(options.to_string().as_bytes()).expect("a session");
    let taken = session.token(keys.as_bytes()).expect("a stream");
    let mut batch = null_mut();
    next(taken.0, &mut batch);
    assert!(copies(&token) > 0, "it is there, and this would see it");
    let left = session.token(keys.as_bytes()).expect("a stream");
    wait_for_tokens(&url, 2);
    drop(left);
    drmm_free_buffer(batch);
    drop(taken);
    drop(session);

    let start = Instant::now();
    while copies(&token) > 0 {
        assert!(start.elapsed() < Duration::from_secs(60), "a copy is left");
        std::thread::yield_now();
    }
}

/// Returns as soon as the server has given so many tokens.
fn wait_for_tokens(url: &str, count: u64) {
    let host = url.strip_prefix("http://").expect("a host");
    let start = Instant::now();
    loop {
        let mut wire = TcpStream::connect(host).expect("a connection");
        let ask =
            format!("GET /_sim/counters HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        wire.write_all(ask.as_bytes()).expect("a request");
        let mut answer = String::new();
        wire.read_to_string(&mut answer).expect("an answer");
        if answer.contains(&format!("\"tokens\":{count}")) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "{answer}");
    }
}

/// Waits for the batch of a stream.
fn next(stream: *mut drmm_stream, batch: &mut *mut drmm_buffer) {
    let (mut state, mut report) = (DRMM_PENDING, null_mut());
    while state == DRMM_PENDING {
        // SAFETY: the stream is not freed, and the places are there.
        let status =
            unsafe { drmm_next(stream, 60_000, &mut state, batch, &mut report, null_mut()) };
        assert_eq!(status, DRMM_OK);
        drmm_free_buffer(report);
    }
    assert_eq!(state, DRMM_READY);
}
