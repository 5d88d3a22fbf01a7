//! The quota over HTTP. Its arithmetic is tested with a virtual clock, beside its code.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::common::{Client, small, start};
use drmm_sim::{Config, QuotaModel, Settings};
use serde_json::json;

/// A hundred requests in a window that is longer than any test.
fn limited() -> Config {
    let window = Duration::from_secs(3_600);
    // Above the cut-off a response would take a minute longer.
    let settings = Settings {
        limit: 100,
        cutoff: 1.0,
        window,
        ..Settings::default()
    };
    Config {
        settings,
        ..small()
    }
}

fn use_up(client: &Client) {
    for _ in 0..100 {
        assert_eq!(client.get("system/pagination").status, 200);
    }
}

#[test]
fn a_full_window_is_429_and_counts_neither_that_nor_tokens() {
    let server = start(limited());
    let client = Client::new(&server);
    use_up(&client);
    let answer = client.get("account");
    assert_eq!(answer.status, 429);
    assert_eq!(answer.json()["error"], "Too Many Requests");
    assert_eq!(answer.header("retry-after"), None);
    // A token is still to be had.
    Client::new(&server);
    server.change(|settings| settings.limit = 101).unwrap();
    let rate = client.get("system/request_rate").json();
    assert_eq!(rate["accountCount"], 101);
}

#[test]
fn retry_after_comes_by_option() {
    let server = start(Config {
        retry_after: true,
        ..limited()
    });
    let client = Client::new(&server);
    use_up(&client);
    let seconds: u64 = client
        .get("account")
        .header("retry-after")
        .unwrap()
        .parse()
        .unwrap();
    assert!((3_500..=3_600).contains(&seconds), "{seconds}");
}

#[test]
fn request_rate_tells_the_account_and_counts_itself() {
    let server = start(limited());
    let client = Client::new(&server);
    let alert = client.get("account/alerts/open?max=1").json()["alerts"][0]["alertUid"]
        .as_str()
        .unwrap()
        .to_owned();
    client.post(&format!("alert/{alert}/resolve"));
    let rate = client.get("system/request_rate").json();
    assert_eq!(
        rate,
        serde_json::json!({
            "slidingTimeWindowSizeSeconds": 3_600,
            "accountUid": client.get("account").json()["uid"],
            "accountCount": 3,
            "accountRateLimit": 100,
            "accountCutOffRatio": 1.0,
            "accountWriteRateLimit": 100,
            "accountWriteCount": 1,
            "operationWriteStatus": {},
        })
    );
}

#[test]
fn requests_without_a_token_are_not_charged_to_the_account() {
    let server = start(limited());
    let nobody = Client::without_token(&server);
    for _ in 0..3 {
        assert_eq!(nobody.get("account").status, 401);
        assert_eq!(nobody.get("system/status").status, 200);
    }
    assert_eq!(
        Client::new(&server).get("system/request_rate").json()["accountCount"],
        1
    );
}

#[test]
fn above_the_cut_off_answers_take_longer() {
    let settings = Settings {
        limit: 10,
        cutoff: 0.5,
        window: Duration::from_secs(12),
        ..Settings::default()
    };
    let server = start(Config {
        settings,
        ..small()
    });
    let client = Client::new(&server);
    let time = |number: u32| {
        let start = Instant::now();
        assert_eq!(client.get("system/pagination").status, 200);
        (number, start.elapsed())
    };
    // A sixtieth of twelve seconds.
    let delay = Duration::from_millis(200);
    let times: Vec<_> = (1..=7).map(time).collect();
    let delayed: Vec<_> = times
        .iter()
        .filter(|(_, time)| *time >= delay)
        .map(|(number, _)| *number)
        .collect();
    assert!(delayed.ends_with(&[6, 7]), "{times:?}");
    assert!(delayed.len() < 7, "{times:?}");
    assert_eq!(server.counters().delayed, 2);
    let marked: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.delayed)
        .collect();
    // The first was for the token.
    assert_eq!(
        marked,
        [false, false, false, false, false, false, true, true]
    );
}

#[test]
fn who_goes_on_after_429_is_blocked_everywhere() {
    let server = start(limited());
    let client = Client::new(&server);
    use_up(&client);
    for _ in 0..11 {
        assert_eq!(client.get("account").status, 429);
    }
    let blocked = client.get("account");
    assert_eq!(blocked.status, 403);
    assert!(
        blocked
            .header("content-type")
            .unwrap()
            .starts_with("text/html")
    );
    assert_eq!(client.get("system/status").status, 403);
    assert_eq!(client.get("no/such/path").status, 403);
    assert_eq!(client.login(server.key(), server.secret()).status, 403);
    let counters = server.counters();
    assert_eq!(
        (
            counters.blocked,
            counters.by_status[&429],
            counters.by_status[&403]
        ),
        (4, 11, 3)
    );
    assert_eq!(
        (counters.refused, counters.most_refused, counters.blocks),
        (11, 11, 1)
    );

    // Control is never blocked, and a reset lifts the block and empties the window.
    assert_eq!(client.control("POST", "reset", "").status, 204);
    assert_eq!(client.get("account").status, 200);
    assert_eq!(server.counters().blocked, 0);
}

#[test]
fn addresses_are_told_apart_by_a_header_only_when_it_is_trusted() {
    let forwarded = |server: &drmm_sim::Server, token: &str, address: &str| {
        let more = format!("Connection: close\r\nX-Forwarded-For: {address}, 10.0.0.1\r\n");
        let (bytes, _) = crate::common::bare_get(server, token, "/api/v2/account", &more);
        String::from_utf8_lossy(&bytes)[9..12].to_owned()
    };
    for (trusted, other) in [(true, "429"), (false, "403")] {
        let server = start(Config {
            trust_forwarded_for: trusted,
            ..limited()
        });
        let client = Client::new(&server);
        use_up(&client);
        for _ in 0..11 {
            assert_eq!(forwarded(&server, &client.token, "192.0.2.1"), "429");
        }
        assert_eq!(forwarded(&server, &client.token, "192.0.2.1"), "403");
        assert_eq!(forwarded(&server, &client.token, "192.0.2.2"), other);
        let address = server.requests().last().unwrap().address.to_string();
        assert_eq!(address, if trusted { "192.0.2.2" } else { "127.0.0.1" });
        assert_eq!(server.counters().most_refused, 11);
    }
}

#[test]
fn a_shorter_window_makes_room_at_once() {
    let server = start(limited());
    let client = Client::new(&server);
    use_up(&client);
    assert_eq!(client.get("account").status, 429);
    let answer = client.control("PATCH", "config", r#"{"windowS":0.000001}"#);
    assert_eq!(answer.status, 200);
    assert_eq!(client.get("account").status, 200);
}

#[test]
fn many_at_once_never_get_more_than_the_limit() {
    let server = start(limited());
    let token = Client::new(&server).token;
    let statuses: Vec<u16> = thread::scope(|scope| {
        let worker = || {
            let mut client = Client::without_token(&server);
            client.token.clone_from(&token);
            // Eight workers make 104 requests: four too many, and too few refusals for a block.
            (0..13)
                .map(|_| client.get("system/pagination").status)
                .collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..8).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    });
    assert_eq!(
        statuses.iter().filter(|&&status| status == 200).count(),
        100
    );
    assert_eq!(statuses.iter().filter(|&&status| status == 429).count(), 4);
}

/// The modern model with small limits, in a window that is longer than any test.
fn modern() -> Config {
    let config = limited();
    let mut settings = Settings {
        quota_model: QuotaModel::Modern,
        limit: 40,
        write_limit: 6,
        ..config.settings
    };
    settings
        .operation_limits
        .insert(drmm_sim::Operation::DeviceMove, 4);
    Config {
        settings,
        retry_after: true,
        ..config
    }
}

#[test]
fn the_modern_model_counts_each_write_twice_and_no_write_as_a_read() {
    let server = start(modern());
    let client = Client::new(&server);
    let device = client.get("account/devices?max=1").json()["devices"][0].take();
    let (uid, site) = (
        device["uid"].as_str().unwrap(),
        device["siteUid"].as_str().unwrap(),
    );
    let moved = || {
        client
            .call("PUT", &format!("device/{uid}/site/{site}"))
            .status
    };
    let set_udf = |version: &str, body: &str| {
        let path = format!("{version}/device/{uid}/udf");
        client.send("POST", &path, "application/json", body).status
    };
    assert_eq!([moved(), moved(), moved(), moved()], [200; 4]);
    assert_eq!(set_udf("v2", "{}"), 200);
    // The operation's bucket is full, that of all writes is not.
    assert_eq!(moved(), 429);
    assert_eq!(set_udf("v3", r#"{"udfs":[]}"#), 200);
    // Now all writes are: also one that is no operation.
    assert_eq!(set_udf("v2", "{}"), 429);
    let refused = client.call("DELETE", "no/such/path");
    assert_eq!(refused.status, 429);
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((3_500..=3_600).contains(&seconds), "{seconds}");
    // Reads are another matter.
    let rate = client.get("system/request_rate").json();
    assert_eq!(
        (&rate["accountCount"], &rate["accountRateLimit"]),
        (&2.into(), &40.into())
    );
    assert_eq!(
        (&rate["accountWriteCount"], &rate["accountWriteRateLimit"]),
        (&6.into(), &6.into())
    );
    let operations = rate["operationWriteStatus"].as_object().unwrap();
    assert_eq!(operations.len(), 18);
    assert_eq!(operations["device-move"], json!({ "limit": 4, "count": 4 }));
    assert_eq!(
        operations["device-udf-set"],
        json!({ "limit": 600, "count": 2 })
    );
    assert_eq!(
        operations["site-proxy-create"],
        json!({ "limit": 100, "count": 0 })
    );
}

#[test]
fn the_modern_model_blocks_by_the_limit_of_the_account() {
    let server = start(modern());
    let client = Client::new(&server);
    for _ in 0..6 {
        assert_eq!(client.post("no/such/path").status, 404);
    }
    // More than a tenth of 40.
    let statuses = [0; 6].map(|_| client.post("no/such/path").status);
    assert_eq!(statuses, [429, 429, 429, 429, 429, 403]);
    assert_eq!(client.login(server.key(), server.secret()).status, 403);
    assert_eq!(server.counters().blocks, 1);
}

#[test]
fn the_model_can_change_while_the_server_runs() {
    let server = start(limited());
    let client = Client::new(&server);
    let rate = || client.get("system/request_rate").json();
    client.post("no/such/path");
    assert_eq!(
        (
            rate()["accountCount"].clone(),
            rate()["operationWriteStatus"].clone()
        ),
        (2.into(), json!({}))
    );
    let answer = client.control(
        "PATCH",
        "config",
        r#"{"quotaModel":"modern","writeLimit":50}"#,
    );
    assert_eq!(answer.json()["quotaModel"], "modern");
    let rate = rate();
    assert_eq!(
        (&rate["accountWriteCount"], &rate["accountWriteRateLimit"]),
        (&1.into(), &50.into())
    );
    assert!(!rate["operationWriteStatus"].as_object().unwrap().is_empty());
}

#[test]
fn retry_after_is_at_least_a_second() {
    let config = limited();
    let settings = Settings {
        window: Duration::from_millis(900),
        limit: 1,
        ..config.settings
    };
    let server = start(Config {
        settings,
        retry_after: true,
        ..config
    });
    let client = Client::new(&server);
    // The window may slide between two requests, but not between all of them.
    let refused = (0..1_000)
        .map(|_| client.get("account"))
        .find(|answer| answer.status == 429);
    assert_eq!(refused.unwrap().header("retry-after"), Some("1"));
}
