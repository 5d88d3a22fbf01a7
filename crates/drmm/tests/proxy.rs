//! Proxies: each session has its own, or none.

mod support;

use std::time::Duration;

use drmm::{ErrorKind, Proxy, Session};
use drmm_sim::Fault;
use support::proxy::{Manner, TestProxy};
use support::{get, login, many, options, rule, session, small_server, until};

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
    server.set_faults([rule("GET /v2/account", Fault::DelayMs(500))]);
    let error = get(&hasty, "v2/account").expect_err("a deadline");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    get(&patient, "v2/account").expect("an account, if late");
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
    many(&through, 16);
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
