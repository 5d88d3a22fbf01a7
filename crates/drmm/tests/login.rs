//! Tokens: one for all, renewed when refused, forgotten at the end, only for the right secret.

mod support;

use drmm::{ErrorKind, Options, Secret, Session, Values};
use support::{all, devices, get, login, rule, session, small_server, status};

#[test]
fn thirty_two_threads_and_sessions_share_one_token_request() {
    let server = small_server();
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| login(&session(&server)).expect("a login"));
        }
        // Keeps the credential alive between threads that come late and those that are done.
        login(&session(&server)).expect("a login");
    });
    let kept = session(&server);
    login(&kept).expect("a login");
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
    let session = session(&server);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| get(&session, "v2/account").expect("an account"));
        }
    });
    assert_eq!(server.counters().tokens, 1);
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

#[test]
fn keys_and_secrets_may_hold_any_character() {
    let server = small_server();
    let (key, secret) = ("a+b&c=d%/ü key", "p&w=1+2 %20/«ß»?#");
    server.set_key(key, secret);
    let options = Options::new(&server.url(), key, Secret::new(secret.into())).expect("options");
    login(&Session::connect(&options).expect("a session")).expect("a login");
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
