//! Tokens: one for all, renewed in time and when refused, whoever waits and whichever way they come.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::time::{Duration, Instant};

use drmm::{Answer, Call, ErrorKind, Method, Options, Proxy, Secret, Session, Values};
use drmm_sim::{Fault, QuotaModel, Settings};
use support::proxy::{Manner, TestProxy};
use support::web::{Web, json};
use support::{
    all, devices, generous_server, get, login, rule, server_with, session, small_server, status,
    texts, until,
};

#[test]
fn thirty_two_threads_and_sessions_share_one_token_request() {
    let server = small_server();
    // Keeps the credential alive between threads that come late and those that are done.
    let kept = session(&server);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| login(&session(&server)).expect("a login"));
        }
    });
    login(&kept).expect("a login");
    assert_eq!(server.counters().tokens, 1);
    server.reset();
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| get(&session(&server), "v2/account").expect("an account"));
        }
    });
    assert_eq!(server.counters().tokens, 0);
    assert_eq!(server.counters().by_route["GET /v2/account"], 32);
}

#[test]
fn concurrent_first_calls_fetch_one_token() {
    let server = small_server();
    // Long enough for all to come while the first one fetches.
    server.set_latency(Duration::from_millis(100));
    let session = session(&server);
    let gets = || {
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| get(&session, "v2/account").expect("an account"));
            }
        });
    };
    gets();
    assert_eq!(server.counters().tokens, 1);

    server.revoke_tokens();
    gets();
    assert_eq!(server.counters().tokens, 2, "one for all that were refused");
    let sent = server.counters().by_route["GET /v2/account"];
    assert!((65..=96).contains(&sent), "each at most once more: {sent}");
}

#[test]
fn a_token_is_renewed_while_it_is_still_good() {
    // A quarter of it is longer than a busy machine holds a request up.
    let lifetime = Duration::from_secs(6);
    let server = generous_server(10);
    server
        .change(|settings| settings.token_lifetime = lifetime)
        .expect("settings");
    server.set_latency(Duration::from_millis(20));
    let session = session(&server);
    let start = Instant::now();
    until("the renewal", || {
        get(&session, "v2/account").expect("an account");
        server.counters().tokens == 2
    });
    // It is counted when it arrives; its life began later than this clock.
    assert!(start.elapsed() >= lifetime.mul_f64(0.75));
    let statuses = server.counters().by_status;
    assert_eq!(
        statuses.keys().collect::<Vec<_>>(),
        [&200],
        "none was refused"
    );
}

#[test]
fn a_write_that_a_stale_token_kept_from_happening_is_repeated_once() {
    let server = small_server();
    let session = session(&server);
    login(&session).expect("a login");
    server.revoke_tokens();
    let call = || Call {
        method: Method::Post,
        ..Call::get("v2/alert/none/resolve")
    };
    let post = || all(&session.request(call(), Values).expect("a stream")).expect_err("no alert");
    assert_eq!(post().kind(), ErrorKind::NotFound);
    assert_eq!(
        (server.counters().tokens, server.counters().requests),
        (2, 2)
    );

    server.reset();
    server.set_faults([rule("POST /v2/alert/*", status(401))]);
    assert_eq!(post().kind(), ErrorKind::Authentication);
    assert_eq!(
        server.counters().by_route["POST /v2/alert/{alertUid}/resolve"],
        2
    );
}

#[test]
fn accounts_side_by_side_keep_their_tokens_apart() {
    // Gives «token-of-a» to the key «a», and to each request its own path back.
    let web = Web::plain(|request| {
        let user = request.split("username=").nth(1);
        match user.and_then(|rest| rest.split('&').next()) {
            Some(key) => json(&format!(
                r#"{{"access_token":"token-of-{key}","expires_in":360000}}"#
            )),
            None => json("{}"),
        }
    });
    let connect = |key: &str| {
        let options = Options::new(&web.url(), key, Secret::from("the-same")).expect("options");
        Session::connect(&options).expect("a session")
    };
    let sessions = [connect("a"), connect("b"), connect("a")];
    std::thread::scope(|scope| {
        for (session, key) in sessions.iter().zip(["a", "b", "a"]) {
            scope.spawn(move || {
                for _ in 0..20 {
                    get(session, &format!("v2/of-{key}")).expect("an object");
                }
            });
        }
    });
    let heard = web.heard();
    for (key, requests) in [("a", 40), ("b", 20)] {
        let form = format!("username={key}&");
        let tokens = heard.iter().filter(|request| request.contains(&form));
        assert_eq!(tokens.count(), 1);
        let path = format!("GET /api/v2/of-{key} ");
        let mine: Vec<_> = heard
            .iter()
            .filter(|request| request.starts_with(&path))
            .collect();
        assert_eq!(mine.len(), requests);
        let header = format!("Bearer token-of-{key}\r\n");
        assert!(mine.iter().all(|request| request.contains(&header)));
    }
    sessions[0].disconnect();
    sessions[2].disconnect();
    get(&sessions[1], "v2/of-b").expect("the other account goes on");
}

/// A session like the others of this server, but by way of this proxy.
fn by_proxy(server: &drmm_sim::Server, proxy: &str) -> Session {
    let mut options = support::options(server);
    options.proxy = Proxy::Url(proxy.into());
    Session::connect(&options).expect("a session")
}

#[test]
fn who_gets_no_token_through_a_proxy_keeps_nobody_else_from_one() {
    let server = small_server();
    let proxy = TestProxy::start(Manner::Silence);
    let (hanging, direct) = (by_proxy(&server, &proxy.url()), session(&server));
    let login = || hanging.login(Values).expect("a stream");
    let _fetching = login();
    until("a request to the proxy", || {
        proxy.heard().contains("\r\n\r\n")
    });
    let waiting = login();

    // The other one would wait 100 s.
    get(&direct, "v2/account").expect("an account");
    // Even behind the proxy, there is a token now for who does not fetch it.
    assert!(waiting.next(support::LONG).expect("a token") == Answer::End);
    assert_eq!(server.counters().tokens, 1);
}

#[test]
fn who_has_a_broken_proxy_fails_alone() {
    let server = small_server();
    let proxy = TestProxy::start(Manner::HangUp);
    let (broken, direct) = (by_proxy(&server, &proxy.url()), session(&server));
    let stream = broken.login(Values).expect("a stream");
    until("the pause after the first attempt", || {
        texts(&stream).contains("attempt 2 of 4")
    });
    // Comes while the other one fetches, and ends after that.
    server.set_faults([rule("POST /auth/oauth/token", Fault::DelayMs(30_000)).times(1)]);
    let waiting = direct.login(Values).expect("a stream");

    let error = all(&stream).expect_err("no way");
    assert!(error.message().contains("the proxy 127.0.0.1"), "{error}");
    until("the request of the other one", || {
        server.counters().tokens == 1
    });
    waiting.cancel();
    get(&direct, "v2/account").expect("an account");
}

#[test]
fn who_waited_for_the_quota_uses_the_token_of_now() {
    let settings = Settings {
        quota_model: QuotaModel::Modern,
        limit: 10,
        window: Duration::from_secs(6),
        ..Settings::default()
    };
    let server = server_with(settings);
    let session = session(&server);
    get(&session, "v2/system/request_rate").expect("the limits");
    let read = || session.request(Call::get("v2/account"), Values);
    let reads: Vec<_> = (0..12).map(|_| read().expect("a stream")).collect();
    until("a full bucket, and all that it let go answered", || {
        let answered = server.counters().by_status.get(&200) == Some(&9);
        answered && session.describe()["buckets"][0]["waiting"] == 4
    });

    server.revoke_tokens();
    let write = Call {
        method: Method::Post,
        ..Call::get("v2/alert/none/resolve")
    };
    let write = session.request(write, Values).expect("a stream");
    assert_eq!(
        all(&write).expect_err("no alert").kind(),
        ErrorKind::NotFound
    );
    for stream in &reads {
        all(stream).expect("an account");
    }

    let counters = server.counters();
    assert_eq!((counters.tokens, counters.by_status[&401]), (2, 1));
}

#[test]
fn a_refused_token_is_renewed_once_and_the_request_repeated() {
    let server = small_server();
    let session = session(&server);
    get(&session, "v2/account").expect("an account");
    server.revoke_tokens();
    get(&session, "v2/account").expect("an account");
    assert_eq!(server.counters().tokens, 2);

    server.reset();
    server.set_faults([rule("GET /v2/account", status(401))]);
    let error = get(&session, "v2/account").expect_err("refused twice");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Authentication, Some(401))
    );
    assert_eq!(
        (server.counters().tokens, server.counters().requests),
        (1, 2)
    );
}

#[test]
fn a_token_refused_in_the_middle_of_a_list_costs_no_item() {
    let server = small_server();
    let session = session(&server);
    server.set_faults([rule("GET /v2/account/devices", status(401))
        .page(2)
        .times(1)]);
    let devices = all(&session.paginate(devices(), Values).expect("a stream")).expect("all");
    assert_eq!(devices.len(), 1000);
    assert_eq!(server.counters().tokens, 2);
}

#[test]
fn token_trouble_is_repeated_like_a_read() {
    let server = small_server();
    server.set_faults([rule("POST /auth/oauth/token", status(503)).times(2)]);
    login(&session(&server)).expect("a login");
    assert_eq!(server.counters().tokens, 3);
}
