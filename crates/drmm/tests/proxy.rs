//! Proxies: each session has its own, or none; a proxy learns where requests go, and nothing else.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::time::Duration;

use drmm::{Call, Error, ErrorKind, Method, Options, Proxy, Secret, Session, Values};
use drmm_sim::Fault;
use support::alone::{alone, is_alone};
use support::proxy::{Manner, TestProxy};
use support::{all, get, login, many, options, rule, session, small_server, until};

#[test]
fn sessions_of_one_account_reach_it_each_in_their_own_way() {
    let server = small_server();
    let proxy = TestProxy::start(Manner::Tunnel);
    let direct = session(&server);
    login(&direct).expect("a login");

    let mut other = options(&server);
    other.proxy = Proxy::Url(proxy.url().into());
    other.user_agent = "Other/1.0".into();
    let through = Session::connect(&other).expect("a session");
    let agent = || {
        let last = server.requests().pop().expect("a request");
        last.user_agent.expect("an agent")
    };
    get(&through, "v2/account").expect("an account");
    assert_eq!((agent().as_str(), proxy.tunnels()), ("Other/1.0", 1));
    get(&direct, "v2/account").expect("an account");
    assert!(agent().starts_with("drmm/"), "{}", agent());
    get(&through, "v2/account").expect("an account");
    assert_eq!((agent().as_str(), proxy.tunnels()), ("Other/1.0", 1));

    assert_eq!(server.counters().tokens, 1, "one token for both");
    assert_eq!(direct.describe()["sent"], 3, "one quota for both");
    assert_eq!(through.describe()["sent"], 3);
}

#[test]
fn a_session_with_little_patience_costs_the_others_none() {
    let server = small_server();
    let patient = session(&server);
    login(&patient).expect("a login");
    let mut hasty = options(&server);
    hasty.timeout = Duration::from_millis(150);
    let hasty = Session::connect(&hasty).expect("a session");
    server.set_faults([rule("POST /v2/alert/*", Fault::DelayMs(400))]);
    // A write, since a read would be repeated.
    let resolve = |session: &Session| {
        let call = Call {
            method: Method::Post,
            ..Call::get("v2/alert/none/resolve")
        };
        all(&session.request(call, Values).expect("a stream")).expect_err("no alert")
    };
    assert_eq!(resolve(&hasty).kind(), ErrorKind::Timeout);
    assert_eq!(resolve(&patient).kind(), ErrorKind::NotFound);
}

#[test]
fn sessions_with_the_same_settings_share_connections_until_the_last_is_gone() {
    let server = small_server();
    let proxy = TestProxy::start(Manner::Tunnel);
    let mut options = options(&server);
    options.proxy = Proxy::Url(proxy.url().into());
    let first = Session::connect(&options).expect("a session");
    get(&first, "v2/account").expect("an account");
    let second = Session::connect(&options).expect("a session");
    get(&second, "v2/account").expect("an account");
    assert_eq!(proxy.tunnels(), 1);
    drop(first);
    get(&second, "v2/account").expect("an account");
    assert_eq!(proxy.tunnels(), 1);
    drop(second);
    until("the end of the connection", || proxy.open() == 0);
    let third = Session::connect(&options).expect("a session");
    get(&third, "v2/account").expect("an account");
    assert_eq!(proxy.tunnels(), 2);
}

#[test]
fn the_quota_is_asked_for_in_the_way_of_the_session_that_asks() {
    let server = small_server();
    let proxy = TestProxy::start(Manner::Tunnel);
    let mut other = options(&server);
    other.proxy = Proxy::Url(proxy.url().into());
    other.user_agent = "Other/1.0".into();
    let through = Session::connect(&other).expect("a session");
    let direct = session(&server);
    login(&direct).expect("a login");
    many(&through, 48);
    let asked = || {
        let requests = server.requests();
        requests
            .into_iter()
            .find(|request| request.path.ends_with("/request_rate"))
    };
    until("the calibration", || asked().is_some());
    let agent = asked().expect("a calibration").user_agent;
    assert_eq!(agent.as_deref(), Some("Other/1.0"));
}

/// What a login ends with that goes through this proxy, with the usual deadline or this one.
fn through(url: &str, timeout: Option<Duration>) -> Error {
    let server = small_server();
    let mut options = options(&server);
    options.proxy = Proxy::Url(url.into());
    options.timeout = timeout.unwrap_or(options.timeout);
    let error = login(&Session::connect(&options).expect("a session")).expect_err("no way");
    assert_eq!(server.counters().tokens, 0);
    assert!(!error.message().contains("canary"), "{error}");
    error
}

#[test]
fn what_keeps_a_proxy_from_opening_a_tunnel_is_said_and_names_it() {
    let cases = [
        (
            Manner::Answer("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
            "",
            1,
            ErrorKind::Connection,
            " wants a user name and a password; give them as http://user:password@host:port",
        ),
        (
            Manner::Answer("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
            "user:canary@",
            1,
            ErrorKind::Connection,
            " does not accept its user name and password (407)",
        ),
        (
            Manner::Answer("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"),
            "user:canary@",
            1,
            ErrorKind::Connection,
            " does not let anyone through to 127.0.0.1 (403)",
        ),
        (
            Manner::Answer("HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n"),
            "",
            4,
            ErrorKind::Connection,
            " did not reach 127.0.0.1 (502), after 4 attempts",
        ),
        (
            Manner::Answer("SSH-2.0-something else\r\n\r\n"),
            "",
            1,
            ErrorKind::Connection,
            " does not answer as such a proxy does; check its address and scheme",
        ),
        (
            Manner::HangUp,
            "user:canary@",
            4,
            ErrorKind::Connection,
            " hung up without an answer, after 4 attempts",
        ),
        (
            Manner::Reset,
            "user:canary@",
            4,
            ErrorKind::Connection,
            " opened no way to 127.0.0.1 (connection reset), after 4 attempts",
        ),
        (
            Manner::Silence,
            "user:canary@",
            4,
            ErrorKind::Timeout,
            " opened no way to 127.0.0.1 in time, after 4 attempts",
        ),
    ];
    // Side by side, since some pause between their attempts.
    std::thread::scope(|scope| {
        for (manner, login, tunnels, kind, words) in cases {
            scope.spawn(move || {
                let proxy = TestProxy::start(manner);
                let silent = matches!(manner, Manner::Silence);
                let deadline = silent.then_some(Duration::from_millis(200));
                let error = through(&proxy.url_with("http", login), deadline);
                let expected = format!("the proxy {}{words}", proxy.authority());
                assert_eq!((error.kind(), error.message()), (kind, expected.as_str()));
                // One whose deadline passed may still have to be heard.
                until("all attempts", || proxy.tunnels() >= tunnels);
                assert_eq!(proxy.tunnels(), tunnels, "{error}");
            });
        }
    });
}

#[test]
fn a_write_that_did_not_get_past_the_proxy_is_sent_again() {
    let server = small_server();
    let direct = session(&server);
    login(&direct).expect("a login");
    let proxy = TestProxy::start(Manner::HangUpOnce);
    let mut options = options(&server);
    options.proxy = Proxy::Url(proxy.url().into());
    let through = Session::connect(&options).expect("a session");
    let call = Call {
        method: Method::Post,
        ..Call::get("v2/alert/none/resolve")
    };
    let error = all(&through.request(call, Values).expect("a stream")).expect_err("no alert");
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert_eq!((proxy.tunnels(), server.counters().requests), (2, 1));
    assert_eq!(
        through.describe()["sent"],
        1,
        "what was not sent costs no quota"
    );
}

#[test]
fn what_keeps_a_socks_proxy_from_it_too() {
    let manner = Manner::Socks(Some(("user", "right")));
    for (scheme, login, words) in [
        (
            "socks5",
            "",
            " wants a user name and a password; give them as socks5://user:password@host:port",
        ),
        (
            "socks5h",
            "user:canary@",
            " does not accept its user name and password",
        ),
    ] {
        let proxy = TestProxy::start(manner);
        let error = through(&proxy.url_with(scheme, login), None);
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert_eq!(
            error.message(),
            format!("the proxy {}{words}", proxy.authority())
        );
        assert_eq!(proxy.tunnels(), 1);
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let address = TestProxy::start(Manner::Tunnel).authority();
    std::thread::scope(|scope| {
        for scheme in ["http", "socks5h"] {
            let address = &address;
            scope.spawn(move || {
                let error = through(&format!("{scheme}://user:canary@{address}"), None);
                assert_eq!(error.kind(), ErrorKind::Connection);
                assert_eq!(
                    error.message(),
                    format!(
                        "the proxy {address} refused the connection, after 4 attempts; check its \
                         address"
                    )
                );
            });
        }
        // A part of more than 63 letters is in no name, so that nobody is asked.
        let host = format!("{}.example", "a".repeat(64));
        let error = through(&format!("http://user:canary@{host}:8080"), None);
        assert_eq!(
            error.message(),
            format!(
                "the name of the proxy {host}:8080 could not be resolved, after 4 attempts; check \
                 its address"
            )
        );
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_proxy_learns_where_a_request_goes_and_nothing_of_it() {
    use support::tls::trusting;
    use support::web::{TOKEN, Web, account};

    const NAME: &str = "a_proxy_learns_where_a_request_goes_and_nothing_of_it";
    // «user:p@ss word», as Basic has it.
    const BASIC: &str = "dXNlcjpwQHNzIHdvcmQ=";
    const LOGIN: &str = "user:p%40ss%20word@";
    trusting(NAME, |authority| {
        for (manner, scheme, given, expected) in [
            (Manner::Tunnel, "http", "", None),
            (Manner::Tunnel, "http", LOGIN, Some(BASIC)),
            (Manner::Socks(None), "socks5h", "", None),
            (Manner::Socks(None), "socks5", "", None),
            (
                Manner::Socks(Some(("user", "p@ss word"))),
                "socks5h",
                LOGIN,
                Some("p@ss word"),
            ),
        ] {
            let web = Web::tls(authority.server("localhost", 2020..2090), account);
            let proxy = TestProxy::start(manner);
            let mut options =
                Options::new(&web.url(), "canary-key", Secret::from("canary-secret")).expect("ok");
            options.proxy = Proxy::Url(proxy.url_with(scheme, given).into());
            let session = Session::connect(&options).expect("a session");
            get(&session, "v2/canary-path").expect("an object");
            assert_eq!(proxy.tunnels(), 1, "{scheme} {given}");

            let heard = proxy.heard();
            if scheme == "http" {
                let port = web.port();
                let start =
                    format!("CONNECT localhost:{port} HTTP/1.1\r\nHost: localhost:{port}\r\n");
                assert!(heard.starts_with(&start), "{heard}");
                assert_eq!(heard.matches("HTTP/1.1").count(), 1);
            }
            // By its address, or by its name for the proxy to resolve.
            let (address, name) = (
                "\u{5}\u{1}\0\u{1}\u{7f}\0\0\u{1}",
                "\u{5}\u{1}\0\u{3}\tlocalhost",
            );
            assert_eq!(heard.contains(address), scheme == "socks5");
            assert_eq!(heard.contains(name), scheme == "socks5h");
            assert!(
                expected.is_none_or(|login| heard.contains(login)),
                "{heard}"
            );
            assert_eq!(
                heard.contains("Proxy-Authorization"),
                scheme == "http" && given == LOGIN
            );
            for secret in ["canary", TOKEN, "oauth", "cHVibGljLWNsaWVudDpwdWJsaWM="] {
                assert!(!heard.contains(secret), "{secret} in {heard}");
            }
            let arrived = web.heard().join("\n");
            assert!(arrived.contains("canary-secret") && arrived.contains(TOKEN));
            for secret in ["p@ss", "p%40ss", BASIC] {
                assert!(!arrived.contains(secret), "{secret} in {arrived}");
            }
            assert!(
                !arrived.to_ascii_lowercase().contains("proxy-"),
                "{arrived}"
            );
        }
    });
}

#[test]
fn the_environment_names_the_proxy_and_who_goes_without() {
    const NAME: &str = "the_environment_names_the_proxy_and_who_goes_without";
    const EXPECTED: &str = "DRMM_TEST_EXPECTED";
    // A part of more than 63 letters is in no name: who goes without a proxy gets nowhere.
    let host = format!("api.{}.example", "a".repeat(64));
    if is_alone(NAME) {
        let options = Options::new(&format!("https://{host}"), "k", Secret::from("canary"));
        let session = Session::connect(&options.expect("options")).expect("a session");
        let error = login(&session).expect_err("nobody there");
        let expected = std::env::var(EXPECTED).expect("what is expected");
        assert!(
            error.message().contains(&expected),
            "{error}, not {expected}"
        );
        assert!(!error.message().contains("canary"), "{error}");

        let server = small_server();
        get(&support::session(&server), "v2/account").expect("this machine needs no proxy");
        return;
    }
    let except = format!("other.example,{}", host.trim_start_matches("api"));
    std::thread::scope(|scope| {
        for (variable, exceptions, asked) in [
            ("HTTPS_PROXY", "", true),
            ("ALL_PROXY", "other.example", true),
            ("HTTP_PROXY", "", false),
            ("HTTPS_PROXY", except.as_str(), false),
        ] {
            let host = &host;
            scope.spawn(move || {
                let proxy = TestProxy::start(Manner::Answer(
                    "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
                ));
                let url = proxy.url_with("http", "user:canary@");
                let expected = if asked {
                    format!("the proxy {} does not let", proxy.authority())
                } else {
                    "could not be resolved".to_owned()
                };
                let variables = [
                    (variable, url.as_str()),
                    ("NO_PROXY", exceptions),
                    (EXPECTED, &expected),
                ];
                alone(NAME, &variables);
                let heard = format!("CONNECT {host}:443 ");
                assert_eq!(proxy.tunnels(), usize::from(asked), "{variables:?}");
                assert_eq!(proxy.heard().starts_with(&heard), asked, "{variables:?}");
            });
        }
    });
}
