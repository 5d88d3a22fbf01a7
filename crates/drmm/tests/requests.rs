//! Single requests: what is sent, what comes back, what is repeated.

mod support;

use std::time::Duration;

use drmm::{Call, ErrorKind, Form, Method, Options, Secret, Session, Values};
use drmm_sim::Fault;
use support::{all, get, login, options, rule, session, small_server, status};

fn post(path: &str) -> Call {
    Call {
        method: Method::Post,
        ..Call::get(path)
    }
}

#[test]
fn an_unknown_uid_is_not_found_and_names_it() {
    let server = small_server();
    let error = get(&session(&server), "v2/device/no-such-uid").expect_err("unknown");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::NotFound, Some(404))
    );
    assert_eq!(
        error.message(),
        "not found (404): GET /api/v2/device/no-such-uid"
    );
    assert_eq!(
        (error.method(), error.path()),
        ("GET", "/api/v2/device/no-such-uid")
    );
}

#[test]
fn arguments_arrive_as_one_segment_and_queries_as_given() {
    let server = small_server();
    let session = session(&server);
    let call = Call {
        args: Some(vec!["a/b?c".into()]),
        query: vec![("muted".into(), "False".into())],
        ..Call::get("v2/device/{}/alerts/open")
    };
    let error = all(&session.request(call, Values).expect("a stream")).expect_err("unknown");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let request = server.requests().pop().expect("a request");
    assert_eq!(request.path, "/api/v2/device/a%2Fb%3Fc/alerts/open");
    assert_eq!(request.query, "muted=False");
}

#[test]
fn bodies_arrive_as_json_in_utf_8() {
    let server = small_server();
    let session = session(&server);
    let call = Call {
        body: Some("{\"x\":\"ü\"}".into()),
        ..post("v2/alert/none/resolve")
    };
    all(&session.request(call, Values).expect("a stream")).expect_err("unknown alert");
    let request = server.requests().pop().expect("a request");
    assert_eq!(
        (request.method.as_str(), request.body.as_str()),
        ("POST", "{\"x\":\"ü\"}")
    );
    assert!(
        request
            .content_type
            .is_some_and(|found| found.starts_with("application/json"))
    );
}

#[test]
fn answers_as_objects_as_text_and_without_a_body() {
    let server = small_server();
    let session = session(&server);
    let objects = get(&session, "v2/account").expect("an account");
    assert_eq!(objects.len(), 1);
    let call = Call {
        answer: Form::Text,
        ..Call::get("v2/account/")
    };
    let text = all(&session.request(call, Values).expect("a stream")).expect("a text");
    let read: serde_json::Value =
        serde_json::from_str(text[0].as_str().expect("a string")).expect("JSON");
    assert_eq!(read, objects[0]);

    for empty in [Fault::Empty200, Fault::NoContent] {
        server.set_faults([rule("* *", empty)]);
        // A write may have nothing to say. A read that says nothing has lost its answer.
        let write = session.request(post("v2/alert/x/resolve"), Values);
        assert!(all(&write.expect("a stream")).expect("nothing").is_empty());
        let error = get(&session, "v2/account").expect_err("no answer");
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert_eq!(
            error.message(),
            "the answer of 127.0.0.1 ends too early, after 4 attempts"
        );
    }
    let call = Call {
        answer: Form::Text,
        ..Call::get("v2/account")
    };
    assert_eq!(
        all(&session.request(call, Values).expect("a stream")).expect("a text"),
        [""]
    );
}

/// A call whose answer is asked for as text.
fn as_text(call: Call) -> Call {
    Call {
        answer: Form::Text,
        ..call
    }
}

fn body(answer: &str, content_type: Option<&str>) -> Fault {
    Fault::Answer {
        answer: answer.into(),
        content_type: content_type.map(str::to_owned),
        status: 200,
    }
}

#[test]
fn a_page_for_people_is_no_text_that_was_asked_for() {
    let server = small_server();
    let session = session(&server);
    let send = |call| all(&session.request(as_text(call), Values).expect("a stream"));
    for fault in [
        Fault::Html,
        body(
            "\u{FEFF}\r\n<html>Back soon</html>",
            Some("application/json"),
        ),
        body("<?xml version='1.0'?><html/>", Some("text/plain")),
        body("We are back soon", Some("text/html; charset=utf-8")),
    ] {
        server.reset();
        server.set_faults([rule("* /v2/*", fault.clone())]);
        let error = send(post("v2/alert/x/resolve")).expect_err("nothing was done");
        assert_eq!(error.kind(), ErrorKind::Malformed, "{fault:?}");
        assert!(error.message().contains("HTML page"), "{error}");
        assert!(error.message().contains("was not repeated"), "{error}");
        assert_eq!(server.counters().requests, 1, "{fault:?}");
        let error = send(Call::get("v2/account")).expect_err("no account");
        assert_eq!(error.kind(), ErrorKind::Malformed, "{fault:?}");
        assert_eq!(server.counters().requests, 5, "a read is repeated");
    }
}

#[test]
fn text_that_is_json_is_whole_and_other_text_comes_as_it_is() {
    let server = small_server();
    let session = session(&server);
    let send = |call| all(&session.request(as_text(call), Values).expect("a stream"));
    for cut in [
        "{\"name\":\"a\",\"x\":[1,2",
        " [{\"a\":1},",
        "{",
        "[\"\\u00",
    ] {
        server.set_faults([rule("* /v2/*", body(cut, None))]);
        let error = send(post("v2/alert/x/resolve")).expect_err("cut");
        assert!(error.message().contains("ends too early"), "{cut}: {error}");
        assert!(error.message().contains("was not repeated"), "{error}");
        server.set_faults([rule("* /v2/*", body(cut, None)).times(1)]);
        let text = send(Call::get("v2/account")).expect("the second attempt");
        assert!(text[0].as_str().is_some_and(|text| text.ends_with('}')));
    }
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    for (text, content_type) in [
        ("done", Some("text/plain")),
        ("", Some("text/html")),
        (" \r\n", None),
        ("\"half", None),
        ("{'a'=1}", None),
        ("{\"a\":\"\\ud83d\"}", None),
        ("{} and more", None),
        ("{\"a\":1}", Some("text/html")),
        (deep.as_str(), None),
    ] {
        server.set_faults([rule("* /v2/*", body(text, content_type))]);
        let read = send(post("v2/alert/x/resolve")).expect("a text");
        assert_eq!(read, [text], "{content_type:?}");
    }
}

#[test]
fn what_is_asked_for_once_is_not_repeated() {
    let server = small_server();
    let session = session(&server);
    for fault in [status(503), Fault::ResetBeforeHeaders, Fault::ResetInBody] {
        server.reset();
        server.set_faults([rule("GET *", fault.clone())]);
        let call = Call {
            once: true,
            ..Call::get("v2/account")
        };
        all(&session.request(call, Values).expect("a stream")).expect_err("a fault");
        assert_eq!(server.counters().requests, 1, "{fault:?}");
    }
}

#[test]
fn reads_are_repeated_and_writes_only_where_nothing_was_done() {
    let server = small_server();
    let session = session(&server);
    server.set_faults([rule("GET /v2/account", status(503)).times(3)]);
    get(&session, "v2/account").expect("the fourth attempt");
    assert_eq!(server.counters().requests, 4);

    for fault in [status(500), Fault::ResetBeforeHeaders, Fault::ResetInBody] {
        server.reset();
        server.set_faults([rule("POST *", fault.clone())]);
        let error = all(&session
            .request(post("v2/alert/x/resolve"), Values)
            .expect("a stream"))
        .expect_err("a fault");
        assert_eq!(server.counters().requests, 1, "{fault:?}");
        assert!(
            error
                .message()
                .contains("POST /api/v2/alert/x/resolve was not repeated"),
            "{fault:?}: {error}"
        );
    }

    server.reset();
    server.set_faults([rule(
        "POST *",
        Fault::Status {
            status: 429,
            retry_after_s: Some(0),
            body: None,
        },
    )
    .times(1)]);
    let error = all(&session
        .request(post("v2/alert/x/resolve"), Values)
        .expect("a stream"))
    .expect_err("unknown");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(server.counters().requests, 2);
}

#[test]
fn statuses_have_their_kinds() {
    let server = small_server();
    let session = session(&server);
    for (code, kind) in [
        (301, ErrorKind::Rejected),
        (400, ErrorKind::Rejected),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
    ] {
        server.reset();
        server.set_faults([rule("GET /v2/account", status(code))]);
        let error = get(&session, "v2/account").expect_err("an error");
        assert_eq!((error.kind(), error.status()), (kind, Some(code)));
        assert_eq!(server.counters().requests, 1);
    }
}

#[test]
fn a_slow_answer_meets_its_deadline() {
    let server = small_server();
    let patient = session(&server);
    login(&patient).expect("a login");
    let mut options = options(&server);
    options.timeout = Duration::from_millis(2500);
    let session = Session::connect(&options).expect("a session");
    for fault in [
        Fault::DelayMs(60_000),
        Fault::SlowBody {
            bytes_per_s: 10.try_into().expect("not 0"),
        },
    ] {
        server.reset();
        server.set_faults([rule("GET /v2/account", fault)]);
        let error = get(&session, "v2/account").expect_err("a deadline");
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(error.message().ends_with("after 2 attempts"), "{error}");
        assert_eq!(server.counters().requests, 2);
    }
}

#[test]
fn an_answer_without_end_is_cut_at_the_cap() {
    let server = small_server();
    server.set_faults([rule("GET /v2/account", Fault::EndlessBody)]);
    let error = get(&session(&server), "v2/account").expect_err("too large");
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
    assert_eq!(server.counters().requests, 1);
}

#[test]
fn an_answer_nested_beyond_reason_is_refused() {
    let server = small_server();
    server.set_faults([rule("GET /v2/account", Fault::DeepJson(10_000))]);
    let error = get(&session(&server), "v2/account").expect_err("too deep");
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
}

#[test]
fn nobody_there_is_a_connection_error_that_names_the_host() {
    let server = small_server();
    let options = options(&server);
    drop(server);
    let error = get(
        &Session::connect(&options).expect("a session"),
        "v2/account",
    )
    .expect_err("nobody");
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(
        error.message(),
        "127.0.0.1 refused the connection, after 4 attempts"
    );
}

#[test]
fn calls_that_make_no_sense_send_nothing() {
    let server = small_server();
    let session = session(&server);
    for (call, kind) in [
        (
            Call::pages("v2/account/devices", "devices"),
            ErrorKind::Document,
        ),
        (Call::get(""), ErrorKind::InvalidArgument),
        (
            Call::get("v2/../../auth/oauth/token"),
            ErrorKind::InvalidArgument,
        ),
    ] {
        assert_eq!(
            session
                .request(call, Values)
                .map(drop)
                .expect_err("refused")
                .kind(),
            kind
        );
    }
    let unnamed = Call::get("v2/account/devices");
    assert_eq!(
        session
            .paginate(unnamed, Values)
            .map(drop)
            .expect_err("refused")
            .kind(),
        ErrorKind::Document
    );
    let large = Call {
        page_size: Some(251),
        ..Call::pages("v2/account/devices", "devices")
    };
    assert_eq!(
        session
            .paginate(large, Values)
            .map(drop)
            .expect_err("refused")
            .kind(),
        ErrorKind::InvalidArgument
    );
    assert_eq!(
        (server.counters().requests, server.counters().tokens),
        (0, 0)
    );
}

#[test]
fn a_proxy_that_is_no_url_is_refused_without_repeating_its_password() {
    let server = small_server();
    let mut options = options(&server);
    options.proxy = drmm::Proxy::Url("::user:canary@".into());
    let error = Session::connect(&options).expect_err("no proxy");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(!error.message().contains("canary"));
    let mut other = Options::new(&server.url(), "k", Secret::new("s".into())).expect("options");
    Session::connect(&other).expect("a session");
    other.user_agent = "a\r\nX-Header: b".into();
    let error = Session::connect(&other).expect_err("no agent");
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
}

#[test]
fn half_a_character_becomes_its_replacement_and_costs_nothing_else() {
    let server = small_server();
    let session = session(&server);
    for (answer, name) in [
        (r#"{"name":"a\ud83d"}"#, "a\u{FFFD}"),
        (
            r#"{"x\udc00":"\\ud800","name":"\ude00\ud83d\ude00"}"#,
            "\u{FFFD}😀",
        ),
    ] {
        server.reset();
        server.set_faults([rule(
            "GET /v2/account",
            Fault::Answer {
                answer: answer.into(),
                content_type: None,
                status: 200,
            },
        )]);
        let stream = session
            .request(Call::get("v2/account"), Values)
            .expect("a stream");
        let account = all(&stream).expect("an account").remove(0);
        assert_eq!(account["name"], name);
        assert!(support::texts(&stream).contains("replaced by U+FFFD"));
        assert_eq!(server.counters().requests, 1);
    }
}
