//! The last disconnect really forgets: no copy of secret and token is left in memory, but for what
//! `secret.rs` says that nobody can reach.

#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use drmm::{Options, Secret, Session};
use support::alone::{alone, is_alone};
use support::memory::{TOKEN, copies, disguised, hidden, shown};
use support::{get, login, small_server, until};

const URL: &str = "DRMM_TEST_URL";
const SECRET: &str = "DRMM_TEST_SECRET";

#[test]
fn nothing_is_left_in_memory_after_the_last_disconnect() {
    const NAME: &str = "nothing_is_left_in_memory_after_the_last_disconnect";
    if is_alone(NAME) {
        return connect_and_forget();
    }
    let server = small_server();
    let secret: String = (0..48).map(|_| fastrand::alphanumeric()).collect();
    server.set_key("key", &secret);
    let secret = shown(&disguised(secret.as_bytes()));
    alone(NAME, &[(URL, &server.url()), (SECRET, &secret)]);
    assert_eq!(server.counters().tokens, 1);
}

fn connect_and_forget() {
    let secret = hidden(&std::env::var(SECRET).expect("a secret"));
    let token = disguised(TOKEN.as_bytes());

    let url = std::env::var(URL).expect("a URL");
    let text = String::from_utf8(disguised(&secret)).expect("letters");
    let options = Options::new(&url, "key", Secret::new(text)).expect("options");
    let session = Session::connect(&options).expect("a session");
    drop(options);
    login(&session).expect("a login");
    // Its second half, for the same reason.
    let secret = &secret[24..];
    // One each to work with, and the answer that brought the token in the connection's buffer.
    // Workers let go of what they hold a moment after their answer has been handed over.
    let mut seen = (0, 0);
    until("the end of passing copies", || {
        seen = (copies(secret), copies(&token));
        seen.0 <= 1 && seen.1 <= 2
    });
    assert_eq!(seen, (1, 2), "they are there, and this would see them");

    get(&session, "v2/account").expect("an account");
    session.disconnect();
    until("the end of all copies", || {
        copies(secret) + copies(&token) == 0
    });
}
