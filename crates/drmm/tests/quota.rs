//! The quota on a live server, in scaled time: what it allows is used, and never more.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::time::{Duration, Instant};

use drmm::{Answer, Call, Session, Values};
use drmm_sim::{Fault, Operation, QuotaModel, Server, Settings};
use support::{LONG, all, get, many, rule, server_with, session, status, texts, until};

fn tight(limit: u32, window: Duration) -> Server {
    server_with(Settings {
        limit,
        window,
        ..Settings::default()
    })
}

#[test]
fn two_hundred_requests_through_a_quota_of_forty_meet_no_429_and_no_more_than_fits_goes() {
    let window = Duration::from_millis(600);
    let server = tight(40, window);
    let session = session(&server);
    let start = Instant::now();
    many(&session, 200);
    let took = start.elapsed();
    let counters = server.counters();
    assert_eq!(
        counters.by_status.keys().copied().collect::<Vec<_>>(),
        [200]
    );
    // 36 in a window, the first of them at once.
    let least = window.mul_f64((counters.requests as f64 / 36.0 - 1.0).floor());
    assert!(took >= least, "{took:?} for {} requests", counters.requests);
    let calibrations = counters.by_route["GET /v2/system/request_rate"];
    assert!(
        calibrations <= 1 + counters.requests / 50,
        "{calibrations} calibrations"
    );
}

#[test]
fn few_requests_cost_no_calibration_and_many_cost_one() {
    let server = tight(600, Duration::from_secs(60));
    let session = session(&server);
    many(&session, 8);
    assert!(
        !server
            .counters()
            .by_route
            .contains_key("GET /v2/system/request_rate")
    );
    many(&session, 40);
    until("the calibration", || {
        server
            .counters()
            .by_route
            .get("GET /v2/system/request_rate")
            == Some(&1)
    });
    assert_eq!(session.describe()["buckets"][0]["limit"], 600);
}

#[test]
fn what_others_use_is_left_to_them() {
    let server = tight(100, Duration::from_secs(20));
    // Somebody else, as far as this process can tell: another key of the same account.
    server.set_key("other", "secret");
    let other = drmm::Options::new(&server.url(), "other", drmm::Secret::new("secret".into()))
        .expect("options");
    many(&Session::connect(&other).expect("a session"), 64);

    let session = session(&server);
    get(&session, "v2/system/request_rate").expect("a report");
    let state = session.describe();
    let state = &state["buckets"][0];
    assert_eq!(state["limit"], 100);
    let others = state["usedByOthers"].as_u64().expect("a number");
    assert!((60..=70).contains(&others), "{state}");
}

#[test]
fn a_waiting_request_says_so_and_can_be_cancelled_at_once() {
    let server = tight(20, Duration::from_secs(50));
    let session = session(&server);
    get(&session, "v2/system/request_rate").expect("a report");
    until("the quota used up", || {
        if session.describe()["buckets"][0]["remaining"] != 0 {
            drop(get(&session, "v2/account").expect("an account"));
        }
        session.describe()["buckets"][0]["remaining"] == 0
    });
    // The best of some rounds: a busy machine may be late for reasons of its own.
    let back = (0..3).map(|_| cancel_who_waits(&server, &session));
    let back = back.min().expect("rounds");
    assert!(back < Duration::from_millis(500), "{back:?}");
}

/// A request waits, says so, is cancelled and leaves the queue; how long `next` took to come back.
fn cancel_who_waits(server: &Server, session: &Session) -> Duration {
    let before = server.counters().requests;
    let stream = session
        .request(Call::get("v2/account"), Values)
        .expect("a stream");
    let mut told = String::new();
    until("a word about the wait", || {
        assert_eq!(
            stream.next(Duration::from_millis(5)).expect("a wait"),
            Answer::Pending
        );
        told += &texts(&stream);
        told.contains("for API quota")
    });
    assert_eq!(session.describe()["buckets"][0]["waiting"], 1);
    let back = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| stream.next(LONG).expect("an answer"));
        let start = Instant::now();
        stream.cancel();
        assert_eq!(waiting.join().expect("no panic"), Answer::Cancelled);
        start.elapsed()
    });
    until("the place in the queue free", || {
        session.describe()["buckets"][0]["waiting"] == 0
    });
    assert_eq!(server.counters().requests, before);
    back
}

#[test]
fn a_calibration_that_fails_holds_nobody_up() {
    for fault in [
        status(503),
        status(401),
        status(403),
        Fault::ResetBeforeHeaders,
        Fault::Html,
    ] {
        let server = tight(600, Duration::from_secs(60));
        server.set_faults([rule("GET /v2/system/request_rate", fault.clone())]);
        let session = session(&server);
        many(&session, 64);
        let counters = server.counters();
        let asked = counters.by_route["GET /v2/system/request_rate"];
        assert!(asked <= 2, "{fault:?}: {asked} calibrations");
    }
}

#[test]
fn a_write_whose_operation_is_used_up_waits_alone() {
    let settings = Settings {
        quota_model: QuotaModel::Modern,
        operation_limits: [(Operation::DeviceUdfSet, 3)].into(),
        window: Duration::from_millis(1500),
        ..Settings::default()
    };
    let server = server_with(settings);
    let session = session(&server);
    get(&session, "v2/system/request_rate").expect("a report");
    let state = session.describe();
    assert_eq!(state["model"], "modern");
    let devices = get(&session, "v2/account/devices").expect("devices");
    let uid = devices[0]["devices"][0]["uid"].as_str().expect("a uid");
    let write = |what: &str, body: &str| {
        let call = Call {
            method: drmm::Method::Post,
            body: Some(body.to_owned()),
            ..Call::get(&format!("v2/device/{uid}/{what}"))
        };
        all(&session.request(call, Values).expect("a stream")).expect("it is done");
    };
    let waiting = |name: &str| {
        let state = session.describe();
        let buckets = state["buckets"].as_array().expect("buckets");
        let bucket = buckets.iter().find(|bucket| bucket["name"] == name);
        bucket.expect("a bucket")["waiting"].as_u64()
    };
    for _ in 0..2 {
        write("udf", r#"{"udf1":"x"}"#);
    }
    std::thread::scope(|scope| {
        let third = scope.spawn(|| write("udf", r#"{"udf1":"y"}"#));
        until("the third in the queue", || {
            waiting("device-udf-set") == Some(1)
        });
        write("warranty", r#"{"warrantyDate":"2030-01-31"}"#);
        get(&session, "v2/account").expect("an account");
        assert_eq!(waiting("device-udf-set"), Some(1), "it still waits");
        third.join().expect("no panic");
    });
    let statuses: Vec<_> = server.counters().by_status.into_keys().collect();
    assert!(!statuses.contains(&429), "{statuses:?}");
}

#[test]
fn a_calibration_that_is_told_to_come_back_later_holds_nobody_up() {
    let server = tight(600, Duration::from_secs(60));
    let fault = Fault::Status {
        status: 503,
        retry_after_s: Some(20),
        body: None,
    };
    server.set_faults([rule("GET /v2/system/request_rate", fault)]);
    let session = session(&server);
    let start = Instant::now();
    many(&session, 64);
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
}
