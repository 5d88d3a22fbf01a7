//! The activity log: what is in it, how it is narrowed, and its pages.

use std::{
    collections::BTreeSet,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::common::{Checked, Client, fields, small, start};
use drmm_sim::Config;
use serde_json::{Value, json};

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;

fn small_server() -> (Checked, Client) {
    let server = start(small());
    let client = Client::new(&server);
    (server, client)
}

fn now_s() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs().try_into().unwrap()
}

/// Unix seconds as the parameters have them.
fn moment(seconds: i64) -> String {
    // The number of the day leads to the date: by whole years, then by whole months.
    let (mut day, of_day) = (seconds / DAY_S, seconds % DAY_S);
    let leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while day >= 365 + i64::from(leap(year)) {
        day -= 365 + i64::from(leap(year));
        year += 1;
    }
    let february = 28 + i64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!(
        "{year}-{month:02}-{:02}T{hour:02}:{minute:02}:{second:02}Z",
        day + 1
    )
}

/// What happened in the last seconds, so many.
fn since(seconds: i64) -> String {
    format!("activity-logs?from={}", moment(now_s() - seconds))
}

fn walk(client: &Client, path: &str) -> Vec<Value> {
    client.walk(path, "activities").0
}

fn dates(activities: &[Value]) -> Vec<f64> {
    activities
        .iter()
        .map(|activity| activity["date"].as_f64().unwrap())
        .collect()
}

fn ids(activities: &[Value]) -> Vec<&str> {
    crate::common::pluck(activities, "id")
}

#[test]
fn without_a_beginning_it_is_the_last_quarter_of_an_hour() {
    let (_server, client) = small_server();
    let before = now_s() as f64;
    let activities = walk(&client, "activity-logs");
    assert!(!activities.is_empty());
    for date in dates(&activities) {
        assert!(date >= before - 901.0, "{date} and {before}");
    }
    let more = walk(&client, &since(12 * HOUR_S));
    assert!(dates(&more).iter().any(|date| *date < before - 901.0));
}

#[test]
fn there_are_enough_of_some_days_for_many_pages() {
    let (_server, client) = small_server();
    let (activities, pages) = client.walk(&format!("{}&size=250", since(10 * DAY_S)), "activities");
    assert!(activities.len() > 5_000 && pages == activities.len().div_ceil(250));
    let unlike: BTreeSet<_> = ids(&activities).into_iter().collect();
    assert_eq!(unlike.len(), activities.len(), "no entry is there twice");
    let dates = dates(&activities);
    assert!(dates.is_sorted_by(|a, b| a >= b), "the newest first");
    assert!(dates[0] - dates[dates.len() - 1] > 6.9 * DAY_S as f64);
    assert!(dates.iter().any(|date| date.fract() != 0.0));
}

#[test]
fn entries_are_as_the_field_knows_them() {
    let (_server, client) = small_server();
    let activities = walk(&client, &format!("{}&size=250", since(DAY_S)));
    let mut kinds = BTreeSet::new();
    for activity in &activities {
        assert_eq!(
            fields(activity),
            [
                "id",
                "entity",
                "category",
                "action",
                "date",
                "site",
                "deviceId",
                "hostname",
                "user",
                "details",
                "hasStdOut",
                "hasStdErr"
            ]
        );
        let device = activity["entity"] == "DEVICE";
        for name in ["site", "deviceId", "hostname"] {
            assert_eq!(activity[name].is_null(), !device, "{name} of {activity}");
        }
        let details: Value = serde_json::from_str(activity["details"].as_str().unwrap()).unwrap();
        assert!(details.is_object());
        kinds.insert(format!("{} {}", activity["category"], activity["action"]));
        if device {
            assert_eq!(fields(&activity["site"]), ["id", "name"]);
        }
        if !activity["user"].is_null() {
            assert_eq!(
                fields(&activity["user"]),
                ["id", "userName", "firstName", "lastName"]
            );
        }
    }
    assert!(kinds.len() >= 8);
    assert!(activities.iter().any(|activity| activity["user"].is_null()));
    let some = activities
        .iter()
        .find(|activity| activity["entity"] == "DEVICE")
        .unwrap();
    let device = client
        .get(&format!("device/id/{}", some["deviceId"]))
        .json();
    assert_eq!(device["hostname"], some["hostname"]);
    assert_eq!(
        (&device["siteId"], &device["siteName"]),
        (&some["site"]["id"], &some["site"]["name"])
    );
}

#[test]
fn pages_lead_forth_and_back_in_either_order() {
    let (_server, client) = small_server();
    let until = moment(now_s() - 60);
    for order in ["asc", "desc"] {
        let path = format!("{}&until={until}&order={order}&size=7", since(HOUR_S));
        let all = walk(&client, &path);
        assert!(all.len() > 21);
        let sorted = if order == "asc" {
            dates(&all).is_sorted_by(|a, b| a <= b)
        } else {
            dates(&all).is_sorted_by(|a, b| a >= b)
        };
        assert!(sorted, "{order}");
        let page = |url: &str| client.get(url).json();
        let first = page(&path);
        assert_eq!(first["pageDetails"]["prevPageUrl"], Value::Null);
        assert_eq!(first["pageDetails"]["totalCount"], all.len());
        assert_eq!(first["activities"], json!(all[..7]));
        let second = page(first["pageDetails"]["nextPageUrl"].as_str().unwrap());
        assert_eq!(second["activities"], json!(all[7..14]));
        let third = page(second["pageDetails"]["nextPageUrl"].as_str().unwrap());
        let back = page(third["pageDetails"]["prevPageUrl"].as_str().unwrap());
        assert_eq!(back["activities"], second["activities"]);
        let front = page(back["pageDetails"]["prevPageUrl"].as_str().unwrap());
        assert_eq!(front["activities"], first["activities"]);
        assert_eq!(front["pageDetails"]["prevPageUrl"], Value::Null);
    }
}

#[test]
fn a_page_begins_behind_an_entry_that_may_be_named_in_either_form() {
    let (_server, client) = small_server();
    let path = format!("{}&until={}&order=asc", since(HOUR_S), moment(now_s() - 60));
    let all = walk(&client, &path);
    let (time, id) = (dates(&all)[3] * 1_000.0, ids(&all)[3]);
    for cursor in [
        format!("searchAfter={time:.0},{id}"),
        format!("searchAfter={time:.0}&searchAfter={id}"),
        format!("searchAfter={time:.0}%2C{id}&page=next"),
    ] {
        let page = client.get(&format!("{path}&size=2&{cursor}")).json();
        assert_eq!(page["activities"], json!(all[4..6]), "{cursor}");
    }
    let before = client.get(&format!(
        "{path}&size=2&searchAfter={time:.0},{id}&page=previous"
    ));
    assert_eq!(before.json()["activities"], json!(all[1..3]));
}

#[test]
fn times_bound_the_list_on_both_sides() {
    let (_server, client) = small_server();
    let now = now_s();
    let (from, until) = (now - 2 * HOUR_S, now - HOUR_S);
    let path = format!(
        "activity-logs?from={}&until={}",
        moment(from),
        moment(until)
    );
    let activities = walk(&client, &path);
    assert!(activities.len() > 50);
    assert!(
        dates(&activities)
            .iter()
            .all(|date| (from as f64..=until as f64).contains(date))
    );
    let both = walk(&client, &format!("activity-logs?from={}", moment(from)));
    let inside = both
        .iter()
        .filter(|activity| activity["date"].as_f64().unwrap() <= until as f64);
    assert!(inside.eq(&activities));
    for nowhere in [
        format!("activity-logs?from={}", moment(now + HOUR_S)),
        format!(
            "activity-logs?from={}&until={}",
            moment(until),
            moment(from)
        ),
        format!(
            "activity-logs?from=2001-01-01T00:00:00Z&until={}",
            moment(now - 8 * DAY_S)
        ),
    ] {
        assert!(walk(&client, &nowhere).is_empty(), "{nowhere}");
    }
}

#[test]
fn each_filter_picks_what_it_names() {
    let (_server, client) = small_server();
    let path = format!("{}&until={}&size=250", since(DAY_S), moment(now_s() - 60));
    let all = walk(&client, &path);
    let some_site = &all
        .iter()
        .find(|activity| !activity["site"].is_null())
        .unwrap()["site"]["id"];
    let users: BTreeSet<_> = all
        .iter()
        .filter_map(|activity| activity["user"]["id"].as_i64())
        .collect();
    let (one, two) = (users.first().unwrap(), users.last().unwrap());
    let check = |query: &str, wanted: &dyn Fn(&Value) -> bool| {
        let found = walk(&client, &format!("{path}&{query}"));
        assert!(!found.is_empty() && found.len() < all.len(), "{query}");
        let expected: Vec<_> = all
            .iter()
            .filter(|activity| wanted(activity))
            .cloned()
            .collect();
        assert_eq!(found, expected, "{query}");
    };
    check("entities=user", &|activity| activity["entity"] == "USER");
    check("categories=job,site", &|activity| {
        activity["category"] == "job" || activity["category"] == "site"
    });
    check("categories=job&categories=site", &|activity| {
        activity["category"] == "job" || activity["category"] == "site"
    });
    check("actions=login", &|activity| activity["action"] == "login");
    check(&format!("siteIds={some_site},1"), &|activity| {
        activity["site"]["id"] == *some_site
    });
    check(&format!("userIds={one}&userIds={two}"), &|activity| {
        activity["user"]["id"] == *one || activity["user"]["id"] == *two
    });
    check(
        &format!("entities=device&actions=move&userIds={one}"),
        &|activity| activity["action"] == "move" && activity["user"]["id"] == *one,
    );
    check(
        "searchQuery=category%20%3A%20%22job%22%20AND%20hostname%3Asrv*",
        &|activity| {
            let host = activity["hostname"].as_str().unwrap_or_default();
            activity["category"] == "job" && host.starts_with("SRV")
        },
    );
    check("searchQuery=data.ip_address%3A203.0.113.*", &|activity| {
        activity["details"].as_str().unwrap().contains("203.0.113.")
    });
    let both = walk(&client, &format!("{path}&entities=device,user"));
    assert_eq!(both, all);
}

#[test]
fn what_a_caller_does_is_in_it() {
    let (_server, client) = small_server();
    let alert = client.get("account/alerts/open?max=1").json()["alerts"][0].take();
    let uid = alert["alertUid"].as_str().unwrap();
    assert_eq!(client.post(&format!("alert/{uid}/resolve")).status, 200);
    let device = alert["alertSourceInfo"]["deviceUid"].as_str().unwrap();
    let site = client.get("account/sites").json()["sites"][1].take();
    let path = format!("device/{device}/site/{}", site["uid"].as_str().unwrap());
    assert_eq!(client.call("PUT", &path).status, 200);
    let component = client.get("account/components").json()["components"][0].take();
    let body = json!({ "jobName": "Nacht", "jobComponent": { "componentUid": component["uid"] } });
    assert_eq!(
        client
            .write("PUT", &format!("device/{device}/quickjob"), &body)
            .status,
        200
    );
    let user = "searchQuery=userName:api-user";
    let activities = walk(&client, &format!("activity-logs?order=asc&{user}"));
    let actions: Vec<_> = activities
        .iter()
        .map(|activity| &activity["action"])
        .collect();
    assert_eq!(actions, ["resolve", "move", "deployment"]);
    let hostname = &alert["alertSourceInfo"]["deviceName"];
    assert!(
        activities
            .iter()
            .all(|activity| activity["hostname"] == *hostname)
    );
    assert_eq!(activities[2]["site"]["name"], site["name"]);
    assert!(activities[2]["details"].as_str().unwrap().contains("Nacht"));
    // It has a place among the others, and pages.
    let again = walk(&client, &format!("activity-logs?order=asc&size=1&{user}"));
    assert_eq!(again, activities);
}

#[test]
fn the_same_seed_has_the_same_past() {
    let path = format!("{}&until={}&size=250", since(DAY_S), moment(now_s() - 60));
    let log = |seed| {
        let server = start(Config { seed, ..small() });
        walk(&Client::new(&server), &path)
    };
    let first = log(5);
    assert_eq!(first, log(5));
    assert_ne!(first, log(6));
}

#[test]
fn an_account_without_devices_has_users_who_do_things() {
    let server = start(Config {
        devices: 0,
        ..small()
    });
    let activities = walk(&Client::new(&server), &since(5 * HOUR_S));
    assert!(!activities.is_empty());
    assert!(
        activities
            .iter()
            .all(|activity| activity["entity"] == "USER")
    );
}

#[test]
fn what_the_log_does_not_take_is_refused() {
    let (_server, client) = small_server();
    for query in [
        "size=0",
        "size=251",
        "size=x",
        "order=up",
        "order=asc&order=desc",
        "page=1",
        "max=5",
        "from=yesterday",
        "from=2026-06-01T00:00:00",
        "until=2026-06-31T00:00:00Z",
        "entities=site",
        "entities=device,",
        "siteIds=x",
        "userIds=1,,2",
        "categories=",
        "searchAfter=1",
        "searchAfter=x,y",
        "searchAfter=1,2,3",
        "searchQuery=",
        "searchQuery=%22open",
    ] {
        assert_eq!(
            client.get(&format!("activity-logs?{query}")).status,
            400,
            "{query}"
        );
    }
}

#[test]
fn faults_of_pages_hold_for_it_too() {
    let (_server, client) = small_server();
    let fault = |kind: &str| {
        client.set_faults(&format!(
            r#"[{{"match":"GET /v2/activity-logs","fault":{kind}}}]"#
        ));
        client.get(&since(DAY_S)).json()
    };
    let looped = fault(r#""pageLoop""#);
    let url = looped["pageDetails"]["nextPageUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(client.get(&url).json()["activities"], looped["activities"]);
    let claimed = fault(r#"{"totalCount":null}"#);
    assert_eq!(claimed["pageDetails"]["totalCount"], Value::Null);
    let short = fault(r#"{"pageItems":3}"#);
    assert_eq!(short["activities"].as_array().unwrap().len(), 3);
    assert!(short["pageDetails"]["nextPageUrl"].is_string());
}
