//! The last disconnect ends whatever is under way, and nothing more goes out.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails this way")]

mod support;

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use drmm::{Call, ErrorKind, Options, Secret, Session, Stream, Values};
use drmm_sim::{Fault, Settings};
use support::web::{Web, account};
use support::{all, get, login, rule, server_with, session, small_server, texts, until};

/// Less than anything takes that is waited for here: who waits for the quota looks up each second.
const SOON: Duration = Duration::from_millis(750);

fn request(session: &Session) -> Stream<Values> {
    let stream = session.request(Call::get("v2/account"), Values);
    stream.expect("a stream")
}

/// Disconnects, and the stream ends for that reason and soon.
fn ends_with(session: &Session, stream: &Stream<Values>) {
    let start = Instant::now();
    session.disconnect();
    let error = all(stream).expect_err("disconnected");
    assert_eq!(error.kind(), ErrorKind::NotConnected, "{error}");
    assert_eq!(error.message(), "the session has been disconnected");
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

/// «503, come back in 30 s».
fn later() -> Fault {
    Fault::Status {
        status: 503,
        retry_after_s: Some(30),
        body: None,
    }
}

#[test]
fn a_request_that_waits_for_a_token_ends_with_the_last_session() {
    let ((asked, hears), (says, answer)) = (channel(), channel::<()>());
    let answer = Mutex::new(answer);
    let web = Web::plain(move |request| {
        asked.send(()).expect("a listener");
        answer.lock().expect("no panic").recv().expect("a word");
        account(request)
    });
    let options = Options::new(&web.url(), "key", Secret::from("secret")).expect("options");
    let session = Session::connect(&options).expect("a session");
    let (first, second) = (request(&session), request(&session));
    hears.recv().expect("the token request");
    session.disconnect();
    says.send(()).expect("a waiter");
    for stream in [first, second] {
        ends_with(&session, &stream);
    }
    web.rest();
    assert_eq!(web.heard().len(), 1, "the token request");
    assert!(session.describe()["tokenExpires"].is_null());
}

#[test]
fn the_secret_does_not_go_out_again() {
    let server = small_server();
    server.set_faults([rule("POST /auth/oauth/token", later())]);
    let session = session(&server);
    let stream = request(&session);
    until("the pause", || texts(&stream).contains("attempt 2 of 4"));
    ends_with(&session, &stream);
    assert_eq!(server.counters().tokens, 1);
}

#[test]
fn a_request_that_would_be_tried_again_is_not() {
    let server = small_server();
    server.set_faults([rule("GET /v2/account", later())]);
    let session = session(&server);
    let stream = request(&session);
    until("the pause", || texts(&stream).contains("attempt 2 of 4"));
    ends_with(&session, &stream);
    assert_eq!(server.counters().requests, 1);
}

#[test]
fn a_request_that_waits_for_the_quota_ends_and_gives_its_place_back() {
    let settings = Settings {
        limit: 4,
        window: Duration::from_secs(50),
        ..Settings::default()
    };
    let server = server_with(settings);
    let (first, last) = (session(&server), session(&server));
    login(&first).expect("a login");
    get(&first, "v2/system/request_rate").expect("the limits");
    until("the quota used up", || {
        if first.describe()["buckets"][0]["remaining"] != 0 {
            get(&first, "v2/account").expect("an account");
        }
        first.describe()["buckets"][0]["remaining"] == 0
    });
    let stream = request(&first);
    until("a wait", || first.describe()["buckets"][0]["waiting"] == 1);
    let sent = server.counters().requests;

    first.disconnect();
    assert_eq!(
        last.describe()["buckets"][0]["waiting"],
        1,
        "there is a token"
    );
    ends_with(&last, &stream);
    until("the place in the queue free", || {
        last.describe()["buckets"][0]["waiting"] == 0
    });
    assert_eq!(server.counters().requests, sent);
}

#[test]
fn sessions_are_counted_and_the_last_one_forgets() {
    let server = small_server();
    let (first, second) = (session(&server), session(&server));
    login(&first).expect("a login");
    first.disconnect();
    first.disconnect();
    assert_eq!(
        get(&first, "v2/account").expect_err("closed").kind(),
        ErrorKind::NotConnected
    );
    get(&second, "v2/account").expect("the other session goes on");
    assert_eq!(server.counters().tokens, 1);

    second.disconnect();
    get(&session(&server), "v2/account").expect("a new session");
    assert_eq!(server.counters().tokens, 2, "the token had been forgotten");
}
