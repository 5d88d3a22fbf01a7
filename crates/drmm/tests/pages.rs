//! Lists: all of it, in order, side by side, and never a short list that looks whole.

mod support;

use std::time::Duration;

use drmm::{ErrorKind, Values};
use drmm_sim::Fault;
use support::{
    all, devices, generous_server, ids, next, rule, session, small_server, status, texts, until,
};

#[test]
fn ten_thousand_devices_in_order_and_pages_side_by_side() {
    let server = generous_server(10_000);
    let session = session(&server);
    let expected = ids(&all(&session.paginate(devices(), Values).expect("a stream")).expect("all"));
    assert_eq!(expected.len(), 10_000);

    server.reset();
    server.set_latency(Duration::from_millis(30));
    let found = ids(&all(&session.paginate(devices(), Values).expect("a stream")).expect("all"));
    assert_eq!(found, expected);
    let counters = server.counters();
    assert_eq!(counters.by_route["GET /v2/account/devices"], 40);
    assert!(
        counters.max_concurrent > 4,
        "{} side by side",
        counters.max_concurrent
    );
}

#[test]
fn one_page_only_until_the_caller_comes_back_for_more() {
    let server = generous_server(10_000);
    let session = session(&server);
    let stream = session.paginate(devices(), Values).expect("a stream");
    assert_eq!(
        next(&stream).expect("a page").map(|page| page.len()),
        Some(250)
    );
    drop(stream);
    // A request that follows shows that nothing else was on its way.
    support::get(&session, "v2/account").expect("an account");
    assert_eq!(server.counters().by_route["GET /v2/account/devices"], 1);
}

#[test]
fn a_reader_who_pauses_has_a_bounded_number_of_pages_waiting() {
    let server = generous_server(10_000);
    let session = session(&server);
    let stream = session.paginate(devices(), Values).expect("a stream");
    next(&stream).expect("a page");
    next(&stream).expect("a page");
    let pages = || server.counters().by_route["GET /v2/account/devices"];
    until("sixteen pages ahead", || pages() == 18);
    // Two were read; no more than sixteen are kept or under way beyond them.
    support::get(&session, "v2/account").expect("an account");
    assert_eq!(pages(), 18);
    assert_eq!(all(&stream).expect("the rest").len(), 9_500);
}

#[test]
fn without_a_total_the_next_page_is_fetched_while_this_one_is_read() {
    let server = generous_server(1500);
    let session = session(&server);
    server.set_faults([rule("GET /v2/account/devices", Fault::TotalCount(None))]);
    let stream = session.paginate(devices(), Values).expect("a stream");
    let pages = || server.counters().by_route["GET /v2/account/devices"];
    next(&stream).expect("the first page");
    next(&stream).expect("the second page");
    until("the page after the one that is read", || pages() == 3);
    assert_eq!(ids(&all(&stream).expect("the rest")).len(), 1000);
    assert_eq!(server.counters().max_concurrent, 1);
}

#[test]
fn faults_that_pass_cost_nothing() {
    let server = small_server();
    let session = session(&server);
    let path = "GET /v2/account/devices";
    for fault in [
        status(500),
        status(502),
        status(503),
        status(504),
        Fault::ResetBeforeHeaders,
        Fault::ResetInHeaders,
        Fault::ResetInBody,
        Fault::CutBody {
            keep_bytes: 1000,
            content_length: true,
        },
        Fault::CutBody {
            keep_bytes: 1000,
            content_length: false,
        },
        Fault::CutGzip,
        Fault::Html,
    ] {
        server.reset();
        server.set_faults([rule(path, fault.clone()).page(2).times(1)]);
        let found = all(&session.paginate(devices(), Values).expect("a stream"));
        let found = found.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        let mut uids: Vec<_> = found
            .iter()
            .map(|device| device["uid"].to_string())
            .collect();
        uids.dedup();
        assert_eq!(uids.len(), 1000, "{fault:?}");
        assert_eq!(server.counters().by_route[path], 5, "{fault:?}");
    }
}

#[test]
fn a_page_that_fails_for_good_comes_after_what_is_whole_and_says_how_much_that_was() {
    let server = small_server();
    let session = session(&server);
    server.set_faults([rule("GET /v2/account/devices", status(500)).page(2)]);
    let stream = session.paginate(devices(), Values).expect("a stream");
    assert_eq!(
        next(&stream).expect("a page").map(|page| page.len()),
        Some(250)
    );
    assert_eq!(
        next(&stream).expect("a page").map(|page| page.len()),
        Some(250)
    );
    let error = next(&stream).expect_err("the third page");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Server, Some(500))
    );
    assert_eq!(
        error.message(),
        "the list is incomplete: 500 of 1000 items had come, then 127.0.0.1 answered 500, after 4 attempts"
    );
    assert!(error.path().contains("page=2"), "{}", error.path());
    assert_eq!(next(&stream).expect_err("still").kind(), ErrorKind::Server);
    assert!(texts(&stream).contains("attempt 2 of 4"));
}

#[test]
fn a_server_that_dies_in_the_middle_is_no_short_list() {
    let server = small_server();
    let session = session(&server);
    let stream = session.paginate(devices(), Values).expect("a stream");
    next(&stream).expect("a page");
    drop(server);
    let error = all(&stream).expect_err("the server is gone");
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(
        error
            .message()
            .starts_with("the list is incomplete: 250 of 1000 items had come"),
        "{error}"
    );
}

#[test]
fn pages_that_lead_astray_are_errors() {
    let server = small_server();
    let session = session(&server);
    let path = "GET /v2/account/devices";
    for (fault, kind) in [
        (Fault::PageLoop, ErrorKind::PageLoop),
        (
            Fault::NextPageUrl("http://other.example/api/v2/account/devices?page=1".into()),
            ErrorKind::ForeignPage,
        ),
        (Fault::MalformedJson, ErrorKind::Malformed),
        (Fault::DeepJson(10_000), ErrorKind::Malformed),
    ] {
        server.reset();
        server.set_faults([rule(path, fault.clone()).page(0)]);
        let error =
            all(&session.paginate(devices(), Values).expect("a stream")).expect_err("an error");
        assert_eq!(error.kind(), kind, "{fault:?}: {error}");
        assert_eq!(server.counters().requests, 1, "{fault:?}");
    }
}

#[test]
fn totals_that_are_too_small_lose_nothing() {
    let server = small_server();
    let session = session(&server);
    let path = "GET /v2/account/devices";
    for total in [0, 1, 251, 999] {
        server.reset();
        server.set_faults([rule(path, Fault::TotalCount(Some(total)))]);
        let stream = session.paginate(devices(), Values).expect("a stream");
        assert_eq!(all(&stream).expect("all").len(), 1000, "total {total}");
        assert!(texts(&stream).contains("some were added"), "total {total}");
    }
}

#[test]
fn fewer_than_announced_is_a_warning_and_a_page_fewer_an_error() {
    let server = small_server();
    let session = session(&server);
    let path = "GET /v2/account/devices";
    let list = |fault| {
        server.reset();
        server.set_faults([fault]);
        let stream = session.paginate(devices(), Values).expect("a stream");
        let items = all(&stream).map(|items| items.len());
        (items.map_err(|error| error.to_string()), texts(&stream))
    };
    let (items, told) = list(rule(path, Fault::TotalCount(Some(1001))));
    assert_eq!(items.as_ref().ok(), Some(&1000));
    assert!(
        told.contains("Warning") && told.contains("announced 1001 items and 1000 came"),
        "{told}"
    );

    let (items, told) = list(rule(path, Fault::PageItems(249)).page(1));
    assert_eq!(
        items.as_ref().ok(),
        Some(&999),
        "what the server left out cannot be known"
    );
    assert!(told.contains("announced 1000 items and 999 came"), "{told}");

    let incomplete = |came: u64, total: u64| {
        Err(format!(
            "the list is incomplete: {came} of {total} items had come, then the server named no more"
        ))
    };
    let (items, _) = list(rule(path, Fault::TotalCount(Some(100_000))));
    assert_eq!(items, incomplete(1000, 100_000));
    assert!(server.counters().by_route[path] <= 32);
}

#[test]
fn an_empty_page_in_the_middle_is_no_end_and_leaves_no_gap() {
    let server = small_server();
    let session = session(&server);
    let path = "GET /v2/account/devices";
    let empty = r#"{"pageDetails":{"count":0,"totalCount":1000,"nextPageUrl":null},"devices":[]}"#;
    let empty = Fault::Answer {
        answer: empty.into(),
        content_type: None,
        status: 200,
    };
    for page in 1..4 {
        server.set_faults([rule(path, empty.clone()).page(page)]);
        let stream = session.paginate(devices(), Values).expect("a stream");
        let mut came = 0;
        let error = loop {
            match next(&stream) {
                Ok(Some(batch)) => came += batch.len(),
                Ok(None) => panic!("a short list that looks whole"),
                Err(error) => break error,
            }
        };
        assert_eq!(came, 250 * page as usize);
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(
            error
                .message()
                .contains(&format!("{came} of 1000 items had come")),
            "{error}"
        );
    }
}

#[test]
fn a_page_that_says_nothing_of_the_others_is_no_short_list() {
    let server = small_server();
    let session = session(&server);
    let path = "v2/account/devices?max=250";
    let first = support::get(&session, path).expect("a page").remove(0);
    let items = &first["devices"];
    for body in [
        serde_json::json!({"devices": items}),
        serde_json::json!({"devices": items, "pageDetails": null}),
        serde_json::json!({"devices": items, "pageDetails": [1000, null]}),
    ] {
        server.reset();
        let answer = Fault::Answer {
            answer: body.to_string(),
            content_type: None,
            status: 200,
        };
        server.set_faults([rule("GET /v2/account/devices", answer)]);
        let stream = session.paginate(devices(), Values).expect("a stream");
        let error = all(&stream).expect_err("nobody knows whether that is all");
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
        assert_eq!(server.counters().requests, 1, "the next would be as this");
    }
}

#[test]
fn a_full_page_that_names_no_next_one_is_not_the_last_if_the_total_says_so() {
    let server = small_server();
    let session = session(&server);
    // The first page loses its nextPageUrl only.
    let first = support::get(&session, "v2/account/devices?max=250")
        .expect("a page")
        .remove(0);
    let mut first = first;
    first["pageDetails"]["nextPageUrl"] = serde_json::Value::Null;
    let answer = Fault::Answer {
        answer: first.to_string(),
        content_type: None,
        status: 200,
    };
    server.set_faults([rule("GET /v2/account/devices", answer).page(0)]);
    let stream = session.paginate(devices(), Values).expect("a stream");
    assert_eq!(all(&stream).expect("all").len(), 1000);
}

#[test]
fn a_total_that_is_no_count_is_as_good_as_none() {
    let server = small_server();
    let session = session(&server);
    for total in ["-1", "\"x\"", "1.5", "true", "[]", "\"1\"", "1"] {
        let answer =
            format!(r#"{{"pageDetails":{{"totalCount":{total}}},"devices":[{{"id":1}}]}}"#);
        let answer = Fault::Answer {
            answer,
            content_type: None,
            status: 200,
        };
        server.set_faults([rule("GET /v2/account/devices", answer)]);
        let stream = session.paginate(devices(), Values).expect("a stream");
        assert_eq!(all(&stream).expect("one").len(), 1, "{total}");
    }
}
