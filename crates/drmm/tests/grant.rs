//! Tokens for whoever asks, which no session uses.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use drmm::{ErrorKind, Keys, Secret, Session, Values};
use support::{all, get, login, session, small_server};

/// The text of a token for the simulator's key with this secret.
fn granted(
    session: &Session,
    server: &drmm_sim::Server,
    secret: &str,
) -> Result<String, drmm::Error> {
    let keys = Keys::new(server.key(), Secret::from(secret)).expect("keys");
    let items = all(&session.token(keys, Values)?)?;
    assert_eq!(items.len(), 1);
    Ok(items[0].as_str().expect("text").to_owned())
}

#[test]
fn a_token_is_granted_anew_each_time_and_is_no_sessions_own() {
    let server = small_server();
    let session = session(&server);
    login(&session).expect("a login");

    let first = granted(&session, &server, server.secret()).expect("a token");
    let second = granted(&session, &server, server.secret()).expect("a token");

    assert_ne!(first, second);
    assert_eq!(server.counters().tokens, 3);
    get(&session, "v2/account").expect("an account");
    assert_eq!(server.counters().tokens, 3, "the session has its own");
}

#[test]
fn a_token_is_granted_to_a_session_that_has_none() {
    let server = small_server();
    granted(&session(&server), &server, server.secret()).expect("a token");
    assert_eq!(server.counters().tokens, 1);
}

#[test]
fn keys_that_are_not_accepted_get_no_token_and_cost_the_session_nothing() {
    let server = small_server();
    let session = session(&server);
    login(&session).expect("a login");

    let refused = granted(&session, &server, "wrong").expect_err("no token");

    assert_eq!(refused.kind(), ErrorKind::Authentication);
    get(&session, "v2/account").expect("an account");
}

#[test]
fn no_token_is_granted_after_the_disconnect() {
    let server = small_server();
    let session = session(&server);
    session.disconnect();
    let refused = granted(&session, &server, server.secret()).expect_err("no token");
    assert_eq!(refused.kind(), ErrorKind::NotConnected);
}
