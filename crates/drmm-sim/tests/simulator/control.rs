//! The control endpoint, and the handle that says the same without HTTP.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::common::{Client, bare, fields, small, start};
use drmm_sim::Server;
use serde_json::{Value, json};

#[test]
fn counters_say_what_was_received() {
    let server = start(small());
    let client = Client::new(&server);
    client.get("account");
    client.get("account/");
    client.get("device/x");
    client.get("no/such/path");
    client.login(server.key(), "wrong");
    let counters = client.control("GET", "counters", "").json();
    assert_eq!(
        counters,
        json!({
            "requests": 4,
            "tokens": 2,
            "byRoute": { "GET *": 1, "GET /v2/account": 2, "GET /v2/device/{deviceUid}": 1 },
            "byStatus": { "200": 2, "404": 2 },
            "maxConcurrent": 1,
            "refused": 0,
            "mostRefused": 0,
            "delayed": 0,
            "blocks": 0,
            "blocked": 0,
            "connections": 1,
            "invalidAnswers": {},
        })
    );
    assert_eq!(serde_json::to_value(server.counters()).unwrap(), counters);
}

#[test]
fn requests_are_remembered_without_what_is_secret() {
    let server = start(small());
    let client = Client::new(&server);
    client.get("account/devices?max=5&hostname=%C3%A4");
    let requests = client.control("GET", "requests", "").json();
    let (token, list) = (&requests[0], &requests[1]);
    let names = [
        "at",
        "method",
        "path",
        "query",
        "body",
        "contentType",
        "userAgent",
        "address",
        "delayed",
        "status",
    ];
    assert_eq!(fields(token), names);
    assert_eq!(
        (&token["method"], &token["path"]),
        (&"POST".into(), &"/auth/oauth/token".into())
    );
    assert_eq!(
        token["body"],
        format!("grant_type=password&username={}&password=***", server.key())
    );
    assert_eq!(token["contentType"], "application/x-www-form-urlencoded");
    assert_eq!(
        (&token["status"], &list["status"]),
        (&200.into(), &200.into())
    );
    assert_eq!(list["path"], "/api/v2/account/devices");
    assert_eq!(
        (&list["address"], &list["delayed"]),
        (&"127.0.0.1".into(), &false.into())
    );
    assert_eq!(list["query"], "max=5&hostname=%C3%A4");
    assert_eq!(
        (&list["body"], &list["contentType"]),
        (&"".into(), &Value::Null)
    );
    assert!(list["userAgent"].as_str().unwrap().starts_with("ureq/"));
    assert!(list["at"].as_u64() >= token["at"].as_u64());
    let text = requests.to_string();
    assert!(!text.contains(server.secret()) && !text.contains(&client.token));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_body_that_is_no_form_is_not_remembered() {
    let server = start(small());
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let url = format!("{}/auth/oauth/token?password=hidden1", server.url());
    agent
        .post(url)
        .content_type("application/json")
        .send(r#"{"password":"hidden2"}"#)
        .unwrap();
    let text = format!("{:?}", server.requests());
    assert!(
        text.contains("password=") && !text.contains("hidden"),
        "{text}"
    );
}

#[test]
fn a_reset_forgets_what_was_received_and_keeps_data_and_tokens() {
    let server = start(small());
    let client = Client::new(&server);
    let alert = client.get("account/alerts/open").json()["alerts"][0]["alertUid"]
        .as_str()
        .unwrap()
        .to_owned();
    client.post(&format!("alert/{alert}/resolve"));
    assert_eq!(client.control("POST", "reset", "").status, 204);
    assert_eq!(
        (server.counters().requests, server.requests().len()),
        (0, 0)
    );
    assert_eq!(
        client.get(&format!("alert/{alert}")).json()["resolved"],
        true
    );
    assert_eq!(client.get("system/request_rate").json()["accountCount"], 2);
    // The connection is an old one, and is counted again.
    assert_eq!(server.counters().connections, 1);
}

#[test]
fn settings_change_at_once_and_only_those_named() {
    let server = start(small());
    let client = Client::new(&server);
    let before = client.control("GET", "config", "").json();
    let after = client.control(
        "PATCH",
        "config",
        r#"{"limit":77,"windowS":1.5,"tokenLifetimeS":9,"operationLimits":{"device-udf-set":5}}"#,
    );
    assert_eq!(after.status, 200);
    let mut expected = before.clone();
    expected["limit"] = 77.into();
    expected["windowS"] = json!(1.5);
    expected["tokenLifetimeS"] = json!(9.0);
    assert_eq!(
        expected["operationLimits"].as_object().unwrap().len(),
        18,
        "{expected}"
    );
    expected["operationLimits"]["device-udf-set"] = 5.into();
    assert_eq!(after.json(), expected);
    let rate = client.get("system/request_rate").json();
    assert_eq!(
        (
            &rate["accountRateLimit"],
            &rate["slidingTimeWindowSizeSeconds"]
        ),
        (&77.into(), &json!(1.5))
    );
    assert_eq!(
        client.login(server.key(), server.secret()).json()["expires_in"],
        9
    );

    for wrong in [
        r#"{"limit":0}"#,
        r#"{"writeLimit":0}"#,
        r#"{"operationLimits":{"device-move":0}}"#,
        r#"{"operationLimits":{"device-burn":1}}"#,
        r#"{"quotaModel":"other"}"#,
        r#"{"cutoff":1.1}"#,
        r#"{"windowS":0}"#,
        r#"{"latencyMs":-1}"#,
        r#"{"x":1}"#,
        "[",
    ] {
        let answer = client.control("PATCH", "config", wrong);
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.json()["error"].is_string());
    }
    assert_eq!(client.control("GET", "config", "").json(), expected);
}

#[test]
fn unknown_fields_come_when_asked_for() {
    let server = start(small());
    let client = Client::new(&server);
    let items = || {
        [
            client.get("account").json(),
            client.get("account/sites").json()["sites"][0].take(),
            client.get("account/devices").json()["devices"][0].take(),
            client.get("account/alerts/open").json()["alerts"][0].take(),
        ]
    };
    let before = items();
    client.control("PATCH", "config", r#"{"extraFields":true}"#);
    for (mut after, before) in items().into_iter().zip(before) {
        let object = after.as_object_mut().unwrap();
        assert!(object.remove("futureScalar").unwrap().is_string());
        assert!(object.remove("futureObject").unwrap()["inner"].is_object());
        assert!(object.remove("futureList").unwrap().is_array());
        assert_eq!(after, before);
    }
}

#[test]
fn control_is_not_delayed_and_not_counted() {
    let server = start(small());
    let client = Client::new(&server);
    server.reset();
    server.set_latency(Duration::from_secs(3_600));
    client.control("GET", "counters", "");
    assert_eq!(client.control("GET", "no/such", "").status, 404);
    assert_eq!(client.control("DELETE", "counters", "").status, 404);
    let counters = server.counters();
    assert_eq!(
        (counters.requests, counters.tokens, counters.connections),
        (0, 0, 0)
    );
}

#[test]
fn latency_delays_an_answer() {
    let server = start(small());
    let client = Client::new(&server);
    let latency = Duration::from_millis(250);
    server.set_latency(latency);
    let start = Instant::now();
    assert_eq!(client.get("account").status, 200);
    assert!(start.elapsed() >= latency);
}

#[test]
fn requests_that_wait_do_not_hold_up_others() {
    let server = start(small());
    let token = Client::new(&server).token;
    server.set_latency(Duration::from_secs(3_600));
    let waiting: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = bare(&server);
            let head = format!(
                "GET /api/v2/account HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {token}\r\n\r\n"
            );
            std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
            stream
        })
        .collect();
    wait(|| server.counters().max_concurrent == 100);
    drop(waiting);
}

#[test]
fn a_client_that_hangs_up_is_noticed() {
    let server = start(small());
    let client = Client::new(&server);
    server.set_latency(Duration::from_secs(3_600));
    let mut stream = bare(&server);
    let head = format!(
        "GET /api/v2/account HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {}\r\n\r\n",
        client.token
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    wait(|| server.counters().requests == 1);
    drop(stream);
    wait(|| server.counters().by_status.get(&0) == Some(&1));
}

#[test]
fn dropping_a_server_closes_its_connections_at_once() {
    let server = start(small());
    let token = Client::new(&server).token;
    server.set_latency(Duration::from_secs(3_600));
    let mut stream = bare(&server);
    let head = format!(
        "GET /api/v2/account HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    wait(|| server.counters().requests == 1);
    let address = server.url().trim_start_matches("http://").to_owned();
    drop(server);
    let mut rest = Vec::new();
    // In order or by a reset: either way there is an end.
    let _ = std::io::Read::read_to_end(&mut stream, &mut rest);
    assert_eq!(rest, b"");
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn sizes_that_cannot_be_are_refused() {
    let refuse = |change: fn(&mut drmm_sim::Config)| {
        let mut config = small();
        change(&mut config);
        let error = Server::start(config).err().expect("no server");
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    };
    refuse(|config| config.sites = 0);
    refuse(|config| config.udfs = 29);
    refuse(|config| config.udfs = 301);
    refuse(|config| config.devices = u32::MAX);
    refuse(|config| config.settings.limit = 0);
    refuse(|config| (config.devices, config.alerts_open) = (0, Some(1)));
    let server = start(drmm_sim::Config {
        devices: 0,
        sites: 1,
        ..small()
    });
    let client = Client::new(&server);
    assert_eq!(client.walk("account/devices", "devices").0.len(), 0);
    assert_eq!(client.walk("account/alerts/open", "alerts").0.len(), 0);
}

/// Asks until the answer is yes; a test that waits in vain fails.
#[track_caller]
fn wait(done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "it never came true"
        );
        thread::yield_now();
    }
}
