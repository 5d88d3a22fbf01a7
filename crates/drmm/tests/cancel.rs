//! Cancelling: back at once, nothing sent after it, and the next stream works.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use drmm::{Answer, Call, Method, Proxy, Session, Values};
use drmm_sim::Fault;
use support::{
    LONG, devices, generous_server, get, next, rule, session, small_server, status, until,
};

#[test]
fn a_slow_answer_keeps_nobody() {
    let server = small_server();
    let session = session(&server);
    server.set_faults([rule("GET /v2/account", Fault::DelayMs(30_000)).times(1)]);
    let stream = session
        .request(Call::get("v2/account"), Values)
        .expect("a stream");
    until("the request", || server.counters().requests == 1);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| stream.next(LONG).expect("an answer"));
        let start = Instant::now();
        stream.cancel();
        stream.cancel();
        assert_eq!(waiting.join().expect("no panic"), Answer::Cancelled);
        assert!(
            start.elapsed() < Duration::from_millis(500),
            "{:?}",
            start.elapsed()
        );
    });
    get(&session, "v2/account").expect("the next one");
}

#[test]
fn in_the_middle_of_a_list_no_page_follows() {
    let server = generous_server(10_000);
    let session = session(&server);
    let stream = session.paginate(devices(), Values).expect("a stream");
    for _ in 0..7 {
        next(&stream).expect("a page");
    }
    stream.cancel();
    assert_eq!(stream.next(LONG).expect("an answer"), Answer::Cancelled);
    // Those under way may still arrive; after that there is none.
    until("the pages under way", || {
        get(&session, "v2/account").expect("an account");
        let pages = server.counters().by_route["GET /v2/account/devices"];
        get(&session, "v2/account").expect("an account");
        pages == server.counters().by_route["GET /v2/account/devices"]
    });
    assert!(server.counters().by_route["GET /v2/account/devices"] <= 23);
}

#[test]
fn a_pause_before_an_attempt_ends_at_once() {
    let server = small_server();
    let session = session(&server);
    let retry = Fault::Status {
        status: 503,
        retry_after_s: Some(30),
        body: None,
    };
    server.set_faults([rule("GET /v2/account", retry)]);
    let stream = session
        .request(Call::get("v2/account"), Values)
        .expect("a stream");
    until("the first attempt", || {
        server.counters().by_status.get(&503) == Some(&1)
    });
    let start = Instant::now();
    stream.cancel();
    assert_eq!(stream.next(LONG).expect("an answer"), Answer::Cancelled);
    assert!(start.elapsed() < Duration::from_millis(500));
    server.set_faults([rule("GET /v2/account", status(500)).times(0)]);
    get(&session, "v2/account").expect("the next one");
    assert_eq!(server.counters().by_status.get(&503), Some(&1));
}

#[test]
fn a_token_request_keeps_nobody_and_the_next_one_fetches_its_own() {
    let server = small_server();
    let session = session(&server);
    server.set_faults([rule("POST /auth/oauth/token", Fault::DelayMs(30_000)).times(1)]);
    let first = session.login(Values).expect("a stream");
    until("the token request", || server.counters().tokens == 1);
    first.cancel();
    assert_eq!(first.next(LONG).expect("an answer"), Answer::Cancelled);
    get(&session, "v2/account").expect("the next one, with a token of its own");
}

/// A proxy that opens its tunnel only when it is told to; gives what then comes through it.
fn slow_proxy() -> (String, Receiver<()>, Sender<()>, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let ((asked, was_asked), (open, may_open)) = (channel(), channel());
    let proxy = std::thread::spawn(move || {
        let (mut wire, _) = listener.accept().expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            wire.read_exact(&mut byte).expect("a request for a tunnel");
            head.push(byte[0]);
        }
        asked.send(()).expect("somebody waits");
        may_open.recv().expect("a word");
        wire.write_all(b"HTTP/1.1 200 OK\r\n\r\n").expect("open");
        let mut through = String::new();
        // Reset or closed, it is the same here: nothing came, or something did.
        let _ = wire.read_to_string(&mut through);
        through
    });
    (url, was_asked, open, proxy)
}

#[test]
fn a_write_whose_connection_stands_only_after_the_cancel_is_not_sent() {
    let server = small_server();
    let direct = session(&server);
    support::login(&direct).expect("a login");
    let (url, asked, open, proxy) = slow_proxy();
    let mut options = support::options(&server);
    options.proxy = Proxy::Url(url.into());
    let session = Session::connect(&options).expect("a session");
    let call = Call {
        method: Method::Post,
        ..Call::get("v2/alert/x/resolve")
    };
    let stream = session.request(call, Values).expect("a stream");
    asked.recv().expect("a request for a tunnel");
    stream.cancel();
    assert_eq!(stream.next(LONG).expect("an answer"), Answer::Cancelled);
    open.send(()).expect("the proxy is there");
    assert_eq!(proxy.join().expect("no panic"), "");
}
