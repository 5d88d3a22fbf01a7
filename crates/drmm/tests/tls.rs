//! What a key may be sent to: TLS with a certificate that the system trusts, and no redirect.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};

use drmm::{ErrorKind, Options, Secret, Session};

use support::tls::self_signed;
use support::web::{Web, account, bare, json};
use support::{get, login};

fn options(url: &str) -> Options {
    Options::new(url, "key", Secret::from("canary-secret")).expect("options")
}

fn connect(url: &str) -> Session {
    Session::connect(&options(url)).expect("a session")
}

/// The error of a login that must not get far enough to show the key to anyone.
fn refused(web: &Web) -> (ErrorKind, String) {
    let error = login(&connect(&web.url())).expect_err("a refusal");
    web.rest();
    assert_eq!(web.connections(), 1, "not repeated: {error}");
    assert_eq!(web.heard(), [""; 0], "nothing was said");
    (error.kind(), error.message().to_owned())
}

#[test]
#[allow(clippy::print_stderr, reason = "what is not tested is said")]
fn a_server_that_vouches_for_itself_is_told_nothing() {
    let web = Web::tls(self_signed(), account);
    let (kind, message) = refused(&web);
    assert_eq!(kind, ErrorKind::Tls);
    // Each system has its own words for the rest; what Linux says is in the next test.
    assert!(
        message.contains("certificate") && message.contains("localhost"),
        "{message}"
    );
    if !cfg!(target_os = "linux") {
        eprintln!(
            "that a certificate is accepted where its root is trusted is not tested here: roots \
             are in the system's own store, which a test does not change"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn only_a_certificate_that_a_trusted_root_has_signed_for_this_name_and_time_will_do() {
    use support::tls::{Authority, trusting};
    use support::web::TOKEN;

    const NAME: &str =
        "only_a_certificate_that_a_trusted_root_has_signed_for_this_name_and_time_will_do";
    trusting(NAME, |authority| {
        let good = Web::tls(authority.server("localhost", 2020..2090), account);
        let session = connect(&good.url());
        get(&session, "v2/account").expect("an account");
        let heard = good.heard().join("\n");
        assert!(heard.contains("password=canary-secret"), "{heard}");
        assert!(heard.contains(&format!("Bearer {TOKEN}")), "{heard}");

        for (config, words) in [
            (
                self_signed(),
                "the certificate of localhost comes from nobody this machine trusts; if a proxy",
            ),
            (
                Authority::new("Stranger").server("localhost", 2020..2090),
                "the certificate of localhost comes from nobody this machine trusts; if a proxy",
            ),
            (
                authority.server("login.hotel.example", 2020..2090),
                "the certificate that came is not for localhost; is the API URL right, or does this \
                 network want a login",
            ),
            (
                authority.server("localhost", 2020..2021),
                "the certificate of localhost expired on Fri, 01 Jan 2021 00:00:00 GMT; is this \
                 machine's clock right (",
            ),
            (
                authority.server("localhost", 2080..2090),
                "the certificate of localhost is not valid before Mon, 01 Jan 2080 00:00:00 GMT; is \
                 this machine's clock right (",
            ),
        ] {
            let (kind, message) = refused(&Web::tls(config, account));
            assert_eq!(kind, ErrorKind::Tls, "{message}");
            assert!(message.starts_with(words), "{message}");
        }
    });
}

#[test]
fn a_server_without_tls_is_named_with_its_port() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = std::thread::spawn(move || {
        let (mut wire, _) = listener.accept().expect("a connection");
        let mut hello = [0; 16];
        wire.read_exact(&mut hello).expect("a greeting");
        let refusal = bare("400 Bad Request", "Connection: close\r\n");
        wire.write_all(refusal.as_bytes()).expect("somebody waits");
        wire.shutdown(Shutdown::Write).expect("open until now");
        // Until the client has gone, so that it is not reset before it has read.
        drop(std::io::copy(&mut wire, &mut std::io::sink()));
    });
    let error = login(&connect(&format!("https://localhost:{port}"))).expect_err("no TLS");
    server.join().expect("no panic");
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    assert_eq!(
        error.message(),
        format!("localhost does not speak TLS on port {port}; is the port in the API URL right?")
    );
}

#[test]
fn a_server_that_hangs_up_in_the_handshake_is_tried_again_and_named() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = std::thread::spawn(move || {
        for _ in 0..4 {
            let (mut wire, _) = listener.accept().expect("a connection");
            wire.shutdown(Shutdown::Write).expect("open until now");
            drop(std::io::copy(&mut wire, &mut std::io::sink()));
        }
    });
    let error = login(&connect(&format!("https://localhost:{port}"))).expect_err("no TLS");
    server.join().expect("no panic");
    assert_eq!(error.kind(), ErrorKind::Connection, "{error}");
    assert_eq!(
        error.message(),
        format!(
            "localhost hung up before the connection stood, after 4 attempts; does it expect TLS on \
             port {port}, or does a firewall stand between?"
        )
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_root_certificates_is_told_so() {
    use support::alone::{alone, is_alone};

    const NAME: &str = "a_machine_without_root_certificates_is_told_so";
    if !is_alone(NAME) {
        let nowhere = [("SSL_CERT_FILE", "/nowhere"), ("SSL_CERT_DIR", "/nowhere")];
        return alone(NAME, &nowhere);
    }
    let (kind, message) = refused(&Web::tls(self_signed(), account));
    assert_eq!(kind, ErrorKind::Tls);
    assert_eq!(
        message,
        "this machine has no root certificates to trust; install its package of CA certificates"
    );
}

#[test]
fn a_proxy_that_vouches_for_itself_is_not_given_its_password() {
    let web = Web::plain(account);
    let proxy = Web::tls(self_signed(), account);
    let mut options = options(&web.url());
    let address = format!("localhost:{}", proxy.port());
    options.proxy = drmm::Proxy::Url(format!("https://user:canary@{address}").into());
    let error = login(&Session::connect(&options).expect("a session")).expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    assert!(error.message().contains("certificate"), "{error}");
    assert!(
        error.message().contains(&format!("the proxy {address}")),
        "{error}"
    );
    proxy.rest();
    assert_eq!((proxy.heard(), web.connections()), (vec![], 0));
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for url in [
        "http://api.example.com",
        "http://10.0.0.1",
        "http://localhost.example.com",
    ] {
        let error = Options::new(url, "key", Secret::from("s")).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(
            error
                .message()
                .ends_with("only https is accepted (http for loopback)"),
            "{error}"
        );
    }
}

#[test]
fn a_name_that_nobody_knows_is_said_to_be_one() {
    // A part of more than 63 letters is in no name, so that nobody is asked.
    let host = format!("{}.example", "a".repeat(64));
    let mut options = options(&format!("https://{host}"));
    options.proxy = drmm::Proxy::None;
    let error = login(&Session::connect(&options).expect("a session")).expect_err("nobody");
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(
        error.message(),
        format!(
            "the name {host} could not be resolved, after 4 attempts; check the API URL and this \
             machine's DNS"
        )
    );
}

#[test]
fn redirects_are_not_followed_and_take_the_key_nowhere() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let other = Web::plain(account);
        for (target, shown) in [
            (format!("{}/auth/oauth/token", other.url()), other.url()),
            ("/elsewhere".to_owned(), String::new()),
        ] {
            let location = format!("Location: {target}\r\n");
            let login_redirects = Web::plain({
                let location = location.clone();
                move |_| bare(status, &location)
            });
            let shown = |web: &Web| {
                if shown.is_empty() {
                    web.url()
                } else {
                    shown.clone()
                }
            };
            let error = login(&connect(&login_redirects.url())).expect_err("a redirect");
            let code = &status[..3];
            assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
            assert_eq!(
                error.message(),
                format!(
                    "the token endpoint of localhost redirects to {} ({code}), which is not \
                     followed; is the API URL right?",
                    shown(&login_redirects)
                )
            );
            assert_eq!(login_redirects.heard().len(), 1);

            let call_redirects = Web::plain(move |head| {
                if head.starts_with("POST ") {
                    account(head)
                } else {
                    bare(status, &location)
                }
            });
            let error = get(&connect(&call_redirects.url()), "v2/account").expect_err("a redirect");
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Rejected, code.parse().ok())
            );
            assert_eq!(
                error.message(),
                format!(
                    "the server redirects to {} ({code}), which is not followed: GET \
                     /api/v2/account",
                    shown(&call_redirects)
                )
            );
            assert_eq!(call_redirects.heard().len(), 2, "a token and one request");
        }
        assert_eq!(
            (other.connections(), other.heard().len()),
            (0, 0),
            "{status}"
        );
    }
}

#[test]
fn an_answer_that_names_a_date_to_come_back_is_waited_for() {
    let web = Web::plain(|head| {
        if head.starts_with("POST ") {
            return account(head);
        }
        let dates =
            "Date: Sun, 06 Nov 1994 08:50:00 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:50:07 GMT\r\n";
        if head.contains("/forbidden") {
            bare("403 Forbidden", dates)
        } else {
            json("{}")
        }
    });
    let error = get(&connect(&web.url()), "v2/forbidden").expect_err("forbidden");
    assert_eq!(error.retry_after().map(|time| time.as_secs()), Some(7));
}
