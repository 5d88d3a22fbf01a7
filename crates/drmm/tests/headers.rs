//! Headers that the caller of the library adds.

mod support;

use drmm::{ErrorKind, Secret, Session};
use drmm_sim::Config;
use support::{get, options, server, session};

fn header(name: &str, value: &str) -> Vec<(String, Secret)> {
    vec![(name.to_owned(), value.to_owned().into())]
}

#[test]
fn a_header_goes_out_with_each_request_and_with_the_tokens() {
    let server = server(Config {
        trust_forwarded_for: true,
        devices: 1,
        alerts_open: Some(0),
        ..Config::default()
    });
    let mut options = options(&server);
    options.headers = header("X-Forwarded-For", "192.0.2.7");
    let with = Session::connect(&options).expect("a session");
    get(&with, "v2/account").expect("an account");
    // The next session of the account does without.
    drop(with);
    get(&session(&server), "v2/account").expect("an account");
    let addresses: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.address.to_string())
        .collect();
    assert_eq!(
        addresses,
        ["192.0.2.7", "192.0.2.7", "127.0.0.1", "127.0.0.1"]
    );
}

#[test]
fn a_header_that_says_who_asks_or_what_is_refused() {
    let server = server(Config {
        devices: 1,
        alerts_open: Some(0),
        ..Config::default()
    });
    let mut options = options(&server);
    for (name, value) in [
        ("Authorization", "Bearer canary"),
        ("host", "canary"),
        ("Content-Type", "canary"),
        ("content-length", "1"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
        ("X-One", "a\r\nX-Two: canary"),
        ("X-One\r\nX-Two", "canary"),
        ("X One", "canary"),
        ("", "canary"),
    ] {
        options.headers = header(name, value);
        let error = Session::connect(&options).expect_err(name);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{name}");
        assert!(!error.message().contains("canary"), "{error}");
    }
}
