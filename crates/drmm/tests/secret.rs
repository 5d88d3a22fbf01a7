//! Keys and secrets: taken as they are, and never shown.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use drmm::{Call, ErrorKind, Method, Options, Proxy, Secret, Session, Values};
use support::proxy::{Manner, TestProxy};
use support::web::{TOKEN, Web, account};
use support::{all, get, login, session, small_server};

#[test]
fn nothing_that_holds_a_secret_shows_it() {
    let web = Web::plain(account);
    let proxy = TestProxy::start(Manner::Tunnel);
    let mut options =
        Options::new(&web.url(), "key", Secret::from("canary-secret")).expect("options");
    options.proxy = Proxy::Url(proxy.url_with("http", "user:canary-password@").into());
    let session = Session::connect(&options).expect("a session");
    login(&session).expect("a login");
    let stream = session.login(Values).expect("a stream");
    all(&stream).expect("still there");
    let document = format!(
        r#"{{"url":"{}","key":"k","secret":"canary-secret","proxy":"http://user:canary@p"}}"#,
        web.url()
    );
    let read = Options::from_json(document.as_bytes()).expect("options");
    for shown in [
        format!("{options:?}"),
        format!("{options:#?}"),
        format!("{read:?}"),
        format!("{:?}", options.proxy),
        format!("{:?}", Secret::from("canary")),
        format!("{session:?}"),
        format!("{session:#?}"),
        format!("{:?}", stream.report()),
        session.describe().to_string(),
    ] {
        assert!(
            !shown.contains("canary") && !shown.contains(TOKEN),
            "{shown}"
        );
    }
    assert!(format!("{session:?}").contains("Secret(redacted)"));
}

#[test]
fn a_wrong_key_is_an_error_at_once_and_not_repeated() {
    let server = small_server();
    let options =
        Options::new(&server.url(), "wrong", Secret::new("canary".into())).expect("options");
    let error = login(&Session::connect(&options).expect("a session")).expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::Authentication);
    assert_eq!(error.message(), "the API key was not accepted by 127.0.0.1");
    assert_eq!(error.status(), Some(400));
    assert_eq!(server.counters().tokens, 1);
    assert!(!format!("{error:?} {options:?}").contains("canary"));
}

#[test]
fn keys_and_secrets_may_hold_any_character() {
    let server = small_server();
    let (key, secret) = ("a+b&c=d%/ü key", "p&w=1+2 %20/«ß»?#");
    server.set_key(key, secret);
    let options = Options::new(&server.url(), key, Secret::new(secret.into())).expect("options");
    login(&Session::connect(&options).expect("a session")).expect("a login");
}

#[test]
fn no_error_and_no_report_repeats_what_was_sent_or_answered() {
    // Says everything again that it hears, and more.
    let web = Web::plain(|request| {
        let status = request
            .split("/status-")
            .nth(1)
            .map_or("200 OK", |rest| &rest[..3]);
        let body = format!("canary {request}");
        let answer = |body: &str, more: &str| {
            format!(
                "HTTP/1.1 {status}\r\nLocation: https://canary:canary@elsewhere.example/canary\r\n\
                 {more}Content-Length: {}\r\n\r\n{body}",
                body.len()
            )
        };
        if request.contains("username=echo") {
            return answer(&body, "");
        }
        if request.starts_with("POST /auth") {
            return account(request);
        }
        match request.split("/shape-").nth(1).map(|rest| &rest[..4]) {
            Some("html") => answer(&body, "Content-Type: text/html\r\n"),
            Some("json") => answer(r#"{"canary":canary"#, ""),
            Some("list") => answer(r#"{"canary":["canary"]}"#, ""),
            _ => answer(&body, ""),
        }
    });
    let connect = |key: &str| {
        let options = Options::new(&web.url(), key, Secret::from("canary-secret"));
        Session::connect(&options.expect("options")).expect("a session")
    };
    let quiet = |stream: drmm::Stream<Values>| {
        let mut shown = String::new();
        let error = loop {
            match stream.next(support::LONG) {
                Err(error) => break error,
                Ok(_) => shown += &support::texts(&stream),
            }
        };
        shown += &support::texts(&stream);
        shown += &format!("{error} {error:?}");
        assert!(
            !shown.contains("canary") && !shown.contains(TOKEN),
            "{shown}"
        );
        error.kind()
    };
    assert_eq!(
        quiet(connect("echo").login(Values).expect("a stream")),
        ErrorKind::Malformed
    );

    let session = connect("key");
    // Writes, since reads would be repeated.
    let write = |path: &str| {
        let call = Call {
            method: Method::Post,
            body: Some(r#"{"value":"canary-variable"}"#.into()),
            ..Call::get(path)
        };
        quiet(session.request(call, Values).expect("a stream"))
    };
    for (path, kind) in [
        ("v2/status-302", ErrorKind::Rejected),
        ("v2/status-400", ErrorKind::Rejected),
        ("v2/status-401", ErrorKind::Authentication),
        ("v2/status-403", ErrorKind::Forbidden),
        ("v2/status-404", ErrorKind::NotFound),
        ("v2/status-409", ErrorKind::Conflict),
        ("v2/status-500", ErrorKind::Server),
        ("v2/shape-html", ErrorKind::Malformed),
        ("v2/shape-json", ErrorKind::Malformed),
        ("v2/shape-text", ErrorKind::Malformed),
    ] {
        assert_eq!(write(path), kind, "{path}");
    }
    let list = session.paginate(Call::pages("v2/shape-list", "devices"), Values);
    assert_eq!(quiet(list.expect("a stream")), ErrorKind::Malformed);
}

#[test]
fn a_token_serves_only_the_secret_it_was_given_for() {
    let server = small_server();
    let right = session(&server);
    login(&right).expect("a login");
    let wrong =
        Options::new(&server.url(), server.key(), Secret::new("wrong".into())).expect("options");
    let wrong = Session::connect(&wrong).expect("a session");
    assert_eq!(
        get(&wrong, "v2/account").expect_err("a refusal").kind(),
        ErrorKind::Authentication
    );
    assert_eq!(server.counters().requests, 0);
    get(&right, "v2/account").expect("still connected");
}
