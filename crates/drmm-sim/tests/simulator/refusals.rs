//! What is refused, and in what shape.

use std::io::Write;

use crate::common::{Client, bare, bare_get, fields, small, start};

#[track_caller]
fn check(client: &Client, method: &str, path: &str, status: u16) {
    let answer = client.call(method, path);
    assert_eq!(answer.status, status, "{method} {path}");
    let body = answer.json();
    assert_eq!(
        fields(&body),
        ["timestamp", "status", "error", "path"],
        "{method} {path}"
    );
    assert_eq!(body["status"], status);
    assert!(body["timestamp"].as_i64().unwrap() > 1_700_000_000_000);
    let asked = path.split('?').next().unwrap();
    assert_eq!(body["path"], format!("/v2/{asked}"), "{method} {path}");
}

#[test]
fn bad_parameters_are_400() {
    let server = start(small());
    let client = Client::new(&server);
    for path in [
        "account/devices?max=251",
        "account/devices?max=0",
        "account/devices?page=-1",
        "account/devices?page=one",
        "account/devices?filterId=x",
        "account/devices?filterId=",
        "account/devices?pageSize=10",
        "account/devices?muted=true",
        "account/sites?hostname=x",
        "account/alerts/open?muted=yes",
        "account/alerts/open?page=0&page=1",
        "account?page=0",
        "system/request_rate?x=1",
        "device/id/abc",
    ] {
        check(&client, "GET", path, 400);
    }
}

#[test]
fn muted_is_taken_in_any_case() {
    let server = start(small());
    let client = Client::new(&server);
    for value in ["true", "True", "FALSE", "false"] {
        assert_eq!(
            client
                .get(&format!("account/alerts/open?muted={value}"))
                .status,
            200,
            "{value}"
        );
    }
}

#[test]
fn what_is_not_there_is_404() {
    let server = start(small());
    let client = Client::new(&server);
    let nobody = "00000000-0000-4000-8000-000000000000";
    for path in [
        "device/x".to_owned(),
        "device/..%2Faccount".to_owned(),
        "device/a%2Fb%3Fc".to_owned(),
        format!("device/{nobody}"),
        format!("device/{nobody}/alerts/open"),
        format!("site/{nobody}"),
        format!("site/{nobody}/devices"),
        format!("site/{nobody}/alerts/resolved"),
        format!("alert/{nobody}"),
        "device/id/1".to_owned(),
        "device/id/-9223372036854775808".to_owned(),
        "device/macAddress/000000000000".to_owned(),
        "account/devices?filterId=999".to_owned(),
        "accounts".to_owned(),
    ] {
        check(&client, "GET", &path, 404);
    }
    check(&client, "POST", &format!("alert/{nobody}/resolve"), 404);
}

#[test]
fn nothing_is_outside_the_api() {
    let server = start(small());
    let client = Client::new(&server);
    for path in [
        "/",
        "/v2/account",
        "/api/account",
        "/api/v3/account",
        "/api/v2",
        "/auth/oauth",
        "/_sim",
    ] {
        assert_eq!(
            client.get(&format!("{}{path}", server.url())).status,
            404,
            "{path}"
        );
    }
}

#[test]
fn a_wrong_method_is_405_and_names_the_right_one() {
    let server = start(small());
    let client = Client::new(&server);
    for (method, path) in [
        ("POST", "account"),
        ("DELETE", "account/devices"),
        ("HEAD", "account"),
        ("GET", "alert/x/resolve"),
    ] {
        let answer = client.call(method, path);
        assert_eq!(answer.status, 405, "{method} {path}");
        let allowed = if path.ends_with("resolve") {
            "POST"
        } else {
            "GET"
        };
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
    }
    check(&client, "POST", "account", 405);
    assert_eq!(
        client
            .get(&format!("{}/auth/oauth/token", server.url()))
            .status,
        405
    );
}

#[test]
fn a_slash_at_the_end_is_accepted() {
    let server = start(small());
    let client = Client::new(&server);
    assert_eq!(client.get("account/").json(), client.get("account").json());
    assert_eq!(client.get("account/devices/?max=1").status, 200);
}

#[test]
fn gzip_is_for_those_who_ask_and_lengths_are_right() {
    let server = start(small());
    let token = Client::new(&server).token;
    let get = |path: &str, more: &str| {
        let (bytes, end) = bare_get(
            &server,
            &token,
            path,
            &format!("Connection: close\r\n{more}"),
        );
        end.expect("a whole answer");
        let at = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap()
            + 4;
        let head = String::from_utf8(bytes[..at].to_vec())
            .unwrap()
            .to_lowercase();
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(bytes.len() - at, length, "{head}");
        (head, length)
    };
    let (plain_head, plain) = get("/api/v2/account/devices", "");
    let (gzip_head, gzip) = get("/api/v2/account/devices", "Accept-Encoding: gzip\r\n");
    assert!(
        !plain_head.contains("content-encoding") && gzip_head.contains("content-encoding: gzip")
    );
    assert!(gzip * 2 < plain, "{gzip} of {plain}");
    let (small_head, _) = get("/api/v2/system/pagination", "Accept-Encoding: gzip\r\n");
    assert!(!small_head.contains("content-encoding"), "{small_head}");
}

#[test]
fn a_connection_stays_for_the_next_request() {
    let server = start(small());
    let client = Client::new(&server);
    for _ in 0..10 {
        client.get("account");
    }
    let counters = server.counters();
    assert_eq!(
        (counters.requests, counters.tokens, counters.connections),
        (10, 1, 1)
    );
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let server = start(small());
    let token = Client::new(&server).token;
    let mut stream = bare(&server);
    let head = format!(
        "POST /api/v2/account HTTP/1.1\r\nHost: sim\r\nAuthorization: Bearer {token}\r\nContent-Length: 2000000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    // The server may refuse, and hang up, before it has read all of it.
    let sent = stream.write_all(&vec![b'x'; 2_000_000]);
    let mut answer = Vec::new();
    let read = std::io::Read::read_to_end(&mut stream, &mut answer);
    let refused = String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 413");
    assert!(
        refused || sent.is_err() || read.is_err(),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    assert!(
        server
            .requests()
            .iter()
            .any(|request| request.status == 413)
    );
}
