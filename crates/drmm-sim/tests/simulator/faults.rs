//! Each fault shows what its name says.

use std::{
    io::{ErrorKind, Read, Write},
    time::{Duration, Instant},
};

use crate::common::{Answer, Checked, Client, bare, bare_get, small, start};
use drmm_sim::{Fault, Rule};
use serde_json::Value;

const DEVICES: &str = "/api/v2/account/devices?max=50";

/// A server on which the device list has this fault.
fn faulty(fault: &str) -> (Checked, Client) {
    let server = start(small());
    let client = Client::new(&server);
    client.set_faults(&format!(
        r#"[{{"match":"GET /v2/account/devices","fault":{fault}}}]"#
    ));
    (server, client)
}

fn devices(client: &Client) -> Answer {
    client.get("account/devices?max=50")
}

/// The head and the body of a bare answer.
fn split(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("whole headers")
        + 4;
    (
        String::from_utf8(bytes[..end].to_vec())
            .unwrap()
            .to_lowercase(),
        &bytes[end..],
    )
}

fn promised(head: &str) -> usize {
    head.lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a length")
        .parse()
        .unwrap()
}

fn whole_body(server: &Checked, client: &Client) -> Vec<u8> {
    server.set_faults([]);
    devices(client).text().as_bytes().to_vec()
}

#[test]
fn a_status_has_the_error_shape_or_a_body() {
    let (server, client) = faulty(r#"{"status":503}"#);
    let answer = devices(&client);
    assert_eq!((answer.status, answer.header("retry-after")), (503, None));
    let body = answer.json();
    assert_eq!(
        (&body["status"], &body["error"]),
        (&503.into(), &"Service Unavailable".into())
    );
    assert_eq!(body["path"], "/v2/account/devices");

    let rule = Fault::Status {
        status: 429,
        retry_after_s: Some(7),
        body: Some("slow down".to_owned()),
    };
    server.set_faults([Rule::new("GET /v2/account/*", rule).unwrap()]);
    let answer = devices(&client);
    assert_eq!((answer.status, answer.text()), (429, "slow down"));
    assert_eq!(answer.header("retry-after"), Some("7"));
}

#[test]
fn any_answer_can_be_given() {
    let (_server, client) = faulty(r#"{"answer":"<x/>","contentType":"text/xml","status":202}"#);
    let answer = devices(&client);
    assert_eq!((answer.status, answer.text()), (202, "<x/>"));
    assert_eq!(answer.header("content-type"), Some("text/xml"));
}

#[test]
fn ready_made_answers() {
    let (_server, client) = faulty(r#""html""#);
    let answer = devices(&client);
    assert!(
        answer.text().contains("<h1>")
            && answer
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
    );
    assert_eq!(answer.status, 200);

    let (_server, client) = faulty(r#""empty200""#);
    let answer = devices(&client);
    assert_eq!(
        (
            answer.status,
            answer.bytes.len(),
            answer.header("content-length")
        ),
        (200, 0, Some("0"))
    );

    let (_server, client) = faulty(r#""noContent""#);
    let answer = devices(&client);
    assert_eq!(
        (
            answer.status,
            answer.bytes.len(),
            answer.header("content-length")
        ),
        (204, 0, None)
    );
}

#[test]
fn a_reset_before_the_headers_sends_nothing() {
    let (server, client) = faulty(r#""resetBeforeHeaders""#);
    let (bytes, end) = bare_get(&server, &client.token, DEVICES, "");
    assert_eq!(bytes, b"");
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.counters().by_status[&0], 1);
}

#[test]
fn a_reset_in_the_headers_leaves_them_unfinished() {
    let (server, client) = faulty(r#""resetInHeaders""#);
    let (bytes, end) = bare_get(&server, &client.token, DEVICES, "");
    let text = String::from_utf8(bytes).unwrap();
    // Windows throws away what was not read when the reset comes.
    assert!(
        text.starts_with("HTTP/1.1 200 OK\r\n") || cfg!(windows),
        "{text}"
    );
    assert!(!text.contains("\r\n\r\n"), "{text}");
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_reset_in_the_body_comes_half_way() {
    let (server, client) = faulty(r#""resetInBody""#);
    let (bytes, end) = bare_get(&server, &client.token, DEVICES, "");
    assert_eq!(end.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.counters().by_status[&200], 1);
    if cfg!(windows) {
        return; // it throws away what was not read when the reset comes
    }
    let (head, body) = split(&bytes);
    assert_eq!(body.len(), promised(&head) / 2);
}

#[test]
fn a_write_is_carried_out_although_the_connection_is_reset() {
    let server = start(small());
    let client = Client::new(&server);
    let alert = client.get("account/alerts/open").json()["alerts"][0]["alertUid"]
        .as_str()
        .unwrap()
        .to_owned();
    server.set_faults([Rule::new(
        "POST /v2/alert/{alertUid}/resolve",
        Fault::ResetBeforeHeaders,
    )
    .unwrap()]);
    let mut stream = bare(&server);
    let head = format!(
        "POST /api/v2/alert/{alert}/resolve HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {}\r\n\r\n",
        client.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(
        stream.read(&mut [0]).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert_eq!(
        client.get(&format!("alert/{alert}")).json()["resolved"],
        true
    );
}

#[test]
fn a_cut_body_ends_before_its_length() {
    let (server, client) = faulty(r#"{"cutBody":{"keepBytes":1000,"contentLength":true}}"#);
    let (bytes, end) = bare_get(&server, &client.token, DEVICES, "");
    end.expect("closed in order");
    let whole = whole_body(&server, &client);
    let (head, body) = split(&bytes);
    assert_eq!(promised(&head), whole.len());
    // The addresses in it are as long, for the origin is the same.
    assert_eq!(body, &whole[..1_000]);
}

#[test]
fn a_cut_body_of_chunks_lacks_the_last() {
    let (server, client) = faulty(r#"{"cutBody":{"keepBytes":1000,"contentLength":false}}"#);
    let (bytes, end) = bare_get(&server, &client.token, DEVICES, "");
    end.expect("closed in order");
    let (head, body) = split(&bytes);
    assert!(
        head.contains("transfer-encoding: chunked") && !head.contains("content-length"),
        "{head}"
    );
    let whole = whole_body(&server, &client);
    assert_eq!(body, [b"3e8\r\n", &whole[..1_000], b"\r\n"].concat());
}

#[test]
fn a_body_that_ends_with_the_connection_is_cut_in_silence() {
    let (server, client) = faulty(r#"{"closeEarly":1000}"#);
    let gzip = "accept-encoding: gzip\r\n";
    let (bytes, end) = bare_get(&server, &client.token, DEVICES, gzip);
    end.expect("closed in order");
    let (head, body) = split(&bytes);
    for name in ["content-length", "transfer-encoding", "content-encoding"] {
        assert!(!head.contains(name), "{head}");
    }
    assert_eq!(body, &whole_body(&server, &client)[..1_000]);
}

#[test]
fn a_cut_body_is_an_error_for_a_client_and_the_next_request_is_fine() {
    for fault in [
        r#"{"cutBody":{"keepBytes":1000,"contentLength":true}}"#,
        r#"{"cutBody":{"keepBytes":1000,"contentLength":false}}"#,
        r#""resetInBody""#,
        r#""cutGzip""#,
    ] {
        let server = start(small());
        let client = Client::new(&server);
        client.set_faults(&format!(
            r#"[{{"match":"GET /v2/account/devices","times":1,"fault":{fault}}}]"#
        ));
        assert!(client.try_get("account/devices").is_err(), "{fault}");
        assert_eq!(
            client.get("account/devices").json()["devices"][0]["uid"]
                .as_str()
                .unwrap()
                .len(),
            36
        );
    }
}

#[test]
fn a_cut_gzip_stream_is_whole_to_http() {
    let (server, client) = faulty(r#""cutGzip""#);
    let (bytes, end) = bare_get(&server, &client.token, DEVICES, "Connection: close\r\n");
    end.unwrap();
    let (head, body) = split(&bytes);
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert_eq!(body.len(), promised(&head));
    let mut text = Vec::new();
    let outcome = flate2::read::GzDecoder::new(body).read_to_end(&mut text);
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::UnexpectedEof);
    assert!(text.starts_with(b"{\"pageDetails\""));
}

#[test]
fn malformed_json_is_no_json() {
    let (_server, client) = faulty(r#""malformedJson""#);
    let answer = devices(&client);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json"))
    );
    assert!(serde_json::from_slice::<Value>(&answer.bytes).is_err());
}

#[test]
fn deep_json_is_as_deep_as_told() {
    let (_server, client) = faulty(r#"{"deepJson":10000}"#);
    let text = devices(&client).text().to_owned();
    assert_eq!(
        (text.matches('[').count(), text.matches(']').count()),
        (10_000, 10_000)
    );
}

#[test]
fn an_endless_body_outlasts_a_patient_reader() {
    let (server, client) = faulty(r#""endlessBody""#);
    let mut stream = bare(&server);
    let head = format!(
        "GET {DEVICES} HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {}\r\n\r\n",
        client.token
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut bytes = vec![0; 16 << 20];
    stream.read_exact(&mut bytes).expect("more than 16 MiB");
    let (head, body) = split(&bytes);
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    assert!(
        body.windows(31)
            .any(|window| window == b"{\"pageDetails\":null,\"devices\":[")
    );
    drop(stream);
    // The server goes on with others.
    server.set_faults([]);
    assert_eq!(devices(&client).status, 200);
}

#[test]
fn a_slow_body_takes_its_time_and_is_whole() {
    let server = start(small());
    let client = Client::new(&server);
    client.set_faults(r#"[{"match":"GET /v2/system/*","fault":{"slowBody":{"bytesPerS":40}}}]"#);
    let start = Instant::now();
    let answer = client.get("system/pagination");
    // Eleven bytes at forty a second.
    assert!(
        start.elapsed() >= Duration::from_millis(250),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(answer.text(), r#"{"max":250}"#);
    assert_eq!(answer.header("content-length"), Some("11"));
}

#[test]
fn a_delayed_answer_is_right_and_late() {
    let (_server, client) = faulty(r#"{"delayMs":250}"#);
    let start = Instant::now();
    assert_eq!(devices(&client).json()["pageDetails"]["count"], 50);
    assert!(start.elapsed() >= Duration::from_millis(250));
}

#[test]
fn pages_can_lie() {
    let (server, client) = faulty(r#""pageLoop""#);
    let details = |path: &str| client.get(path).json()["pageDetails"].take();
    let this = format!("{}/api/v2/account/devices?max=50&page=1", server.url());
    assert_eq!(
        details("account/devices?max=50&page=1")["nextPageUrl"],
        this
    );

    let set = |fault: &str| {
        client.set_faults(&format!(
            r#"[{{"match":"GET /v2/account/devices","fault":{fault}}}]"#
        ));
    };
    set(r#"{"nextPageUrl":"http://other.example/api"}"#);
    assert_eq!(
        details("account/devices")["nextPageUrl"],
        "http://other.example/api"
    );
    set(r#"{"samePage":null}"#);
    let first = client.get("account/devices?max=50&page=0").json();
    let third = client.get("account/devices?max=50&page=2").json();
    assert_eq!(first["devices"], third["devices"]);
    assert_eq!(third["pageDetails"]["totalCount"], Value::Null);
    assert_eq!(
        third["pageDetails"]["nextPageUrl"],
        format!("{}/api/v2/account/devices?max=50&page=3", server.url())
    );
    set(r#"{"totalCount":null}"#);
    assert_eq!(details("account/devices")["totalCount"], Value::Null);
    set(r#"{"totalCount":7}"#);
    assert_eq!(details("account/devices")["totalCount"], 7);
    for (items, expected) in [(3, 3), (70, 70), (1_000, 250)] {
        set(&format!(r#"{{"pageItems":{items}}}"#));
        let page = client.get("account/devices?max=50&page=1").json();
        assert_eq!(page["devices"].as_array().unwrap().len(), expected);
        assert_eq!(page["pageDetails"]["count"], expected);
        assert!(
            page["pageDetails"]["nextPageUrl"]
                .as_str()
                .unwrap()
                .ends_with("page=2")
        );
    }
}

#[test]
fn a_rule_for_one_page_leaves_the_others() {
    let server = start(small());
    let client = Client::new(&server);
    let fault = Fault::Status {
        status: 500,
        retry_after_s: None,
        body: None,
    };
    let rule = Rule::new("GET /v2/account/devices", fault)
        .unwrap()
        .page(2)
        .times(1);
    server.set_faults([rule]);
    let statuses: Vec<_> = [0, 1, 2, 2, 3]
        .iter()
        .map(|page| {
            client
                .get(&format!("account/devices?max=50&page={page}"))
                .status
        })
        .collect();
    assert_eq!(statuses, [200, 200, 500, 200, 200]);
}

#[test]
fn the_token_endpoint_can_fail_too() {
    let server = start(small());
    let client = Client::new(&server);
    client.set_faults(r#"[{"match":"POST /auth/oauth/token","times":1,"fault":{"status":502}}]"#);
    assert_eq!(client.login(server.key(), server.secret()).status, 502);
    assert_eq!(client.login(server.key(), server.secret()).status, 200);
}

#[test]
fn a_fault_needs_a_token_and_costs_a_request() {
    let (server, client) = faulty(r#"{"status":500}"#);
    assert_eq!(
        Client::without_token(&server).get("account/devices").status,
        401
    );
    assert_eq!(devices(&client).status, 500);
    assert_eq!(client.get("system/request_rate").json()["accountCount"], 2);
}

#[test]
fn what_is_no_rule_is_refused_and_the_old_ones_stay() {
    let (_server, client) = faulty(r#""empty200""#);
    for rules in [
        "",
        "{}",
        r#"[{"match":"GET /x"}]"#,
        r#"[{"match":"GET /x","fault":"no such"}]"#,
    ] {
        let answer = client.control("PUT", "faults", rules);
        assert_eq!(answer.status, 400, "{rules}");
        assert!(
            answer.json()["error"]
                .as_str()
                .unwrap()
                .contains("not a fault rule")
        );
    }
    assert_eq!(devices(&client).bytes.len(), 0);
}

/// The uids on some pages of the account's devices, fifty a page.
fn pages(client: &Client, pages: &[u32]) -> Vec<Vec<String>> {
    let page = |page: &u32| {
        let answer = client
            .get(&format!("account/devices?max=50&page={page}"))
            .json();
        crate::common::pluck(answer["devices"].as_array().unwrap(), "uid")
            .into_iter()
            .map(str::to_owned)
            .collect()
    };
    pages.iter().map(page).collect()
}

#[test]
fn items_added_while_paging_come_twice() {
    let server = start(small());
    let client = Client::new(&server);
    let whole = pages(&client, &[0, 1, 2, 3, 4, 5]).concat();
    let rule = Rule::new("GET /v2/account/devices", Fault::InsertItems(3)).unwrap();
    server.set_faults([rule.page(1)]);
    let total = || devices(&client).json()["pageDetails"]["totalCount"].clone();
    assert_eq!(total(), 297);
    let seen = pages(&client, &[0, 1, 2, 3, 4, 5]);
    assert_eq!(total(), 300);
    assert_eq!(seen[..2].concat(), whole[3..103]);
    assert_eq!(seen[2..].concat(), whole[100..]);
    assert_eq!(seen[1][47..], seen[2][..3]);
}

#[test]
fn items_removed_while_paging_leave_a_gap() {
    let server = start(small());
    let client = Client::new(&server);
    let whole = pages(&client, &[0, 1, 2, 3, 4, 5]).concat();
    let rule = Rule::new("GET /v2/account/devices", Fault::RemoveItems(3)).unwrap();
    server.set_faults([rule.page(1)]);
    let seen = pages(&client, &[0, 1, 2, 3, 4, 5]);
    assert_eq!(seen[..2].concat(), whole[..100]);
    assert_eq!(seen[2..].concat(), whole[103..]);
    assert_eq!(devices(&client).json()["pageDetails"]["totalCount"], 297);
    // More than there are leave an empty list.
    let rule = Rule::new("GET /v2/account/devices", Fault::RemoveItems(1_000)).unwrap();
    server.set_faults([rule]);
    devices(&client);
    assert_eq!(pages(&client, &[0]), [Vec::<String>::new()]);
}

#[test]
fn a_token_is_refused_in_the_middle_of_a_list() {
    let server = start(small());
    let client = Client::new(&server);
    client.set_faults(
        r#"[{"match":"GET /v2/account/devices","page":2,"times":1,"fault":{"status":401}}]"#,
    );
    let statuses = [0, 1, 2, 2, 3].map(|page| {
        client
            .get(&format!("account/devices?max=50&page={page}"))
            .status
    });
    assert_eq!(statuses, [200, 200, 401, 200, 200]);
}

#[test]
fn a_block_is_of_an_address_and_looks_unlike_a_plain_403() {
    let server = start(small());
    let client = Client::new(&server);
    client.set_faults(r#"[{"match":"GET /v2/account","times":1,"fault":{"status":403}}]"#);
    let plain = client.get("account");
    assert_eq!(plain.json()["error"], "Forbidden");
    assert_eq!(client.get("account").status, 200);

    client
        .set_faults(r#"[{"match":"GET /v2/account/devices","page":1,"times":1,"fault":"block"}]"#);
    assert_eq!(devices(&client).status, 200);
    for answer in [
        client.get("account/devices?page=1"),
        devices(&client),
        client.post("no/such/path"),
        client.login(server.key(), server.secret()),
    ] {
        assert_eq!(answer.status, 403);
        assert!(
            answer
                .header("content-type")
                .unwrap()
                .starts_with("text/html")
        );
        assert!(answer.text().contains("blocked"), "{}", answer.text());
    }
    let counters = server.counters();
    assert_eq!((counters.blocks, counters.blocked), (1, 4));
    server.reset();
    assert_eq!(devices(&client).status, 200);

    client.set_faults(r#"[{"match":"POST /auth/oauth/token","fault":"block"}]"#);
    assert_eq!(client.login(server.key(), server.secret()).status, 403);
    assert_eq!(devices(&client).status, 403);
}

#[test]
fn a_redirect_leads_elsewhere() {
    let (_server, client) = faulty(r#"{"redirect":"http://127.0.0.1:1/elsewhere"}"#);
    let (bytes, _) = bare_get(&_server, &client.token, DEVICES, "Connection: close\r\n");
    let (head, _) = split(&bytes);
    assert!(head.starts_with("http/1.1 307 "), "{head}");
    assert!(
        head.contains("location: http://127.0.0.1:1/elsewhere\r\n"),
        "{head}"
    );
}
