//! Writes: what they change, and what they refuse.

use crate::common::{Answer, Checked, Client, pluck, small, start};
use drmm_sim::Config;
use serde_json::{Value, json};

fn small_server() -> (Checked, Client) {
    let server = start(small());
    let client = Client::new(&server);
    (server, client)
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn first_device(client: &Client) -> String {
    text(&client.get("account/devices?max=1").json()["devices"][0]["uid"])
}

fn device(client: &Client, uid: &str) -> Value {
    client.get(&format!("device/{uid}")).json()
}

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!((answer.status, answer.text()), (200, ""));
}

#[test]
fn user_defined_fields_keep_what_is_not_named() {
    let (_server, client) = small_server();
    let uid = first_device(&client);
    let before = device(&client, &uid);
    let path = format!("device/{uid}/udf");
    done(&client.write(
        "POST",
        &path,
        &json!({ "udf1": "Büro \"1\"", "udf30": "x" }),
    ));
    done(&client.write("POST", &path, &json!({ "udf30": "" })));
    done(&client.write("POST", &path, &json!({ "udf2": null })));
    done(&client.write("POST", &path, &json!({})));
    let mut expected = before.clone();
    expected["udf"]["udf1"] = "Büro \"1\"".into();
    expected["udf"]["udf2"] = Value::Null;
    expected["udf"]["udf30"] = Value::Null;
    assert_eq!(device(&client, &uid), expected);
    // The list tells the same, and nothing of another device has changed.
    let list = client.get("account/devices?max=2").json();
    assert_eq!(list["devices"][0], expected);
    let other = text(&list["devices"][1]["uid"]);
    assert_eq!(device(&client, &other), list["devices"][1]);
}

#[test]
fn a_field_beyond_those_that_are_shown_is_shown_when_it_is_set() {
    let (_server, client) = small_server();
    let uid = first_device(&client);
    let path = format!("device/{uid}/udf");
    done(&client.write("POST", &path, &json!({ "udf300": "last", "udf31": "y" })));
    let udf = device(&client, &uid)["udf"].take();
    assert_eq!(
        (udf.as_object().unwrap().len(), &udf["udf300"]),
        (32, &"last".into())
    );
    done(&client.write("POST", &path, &json!({ "udf300": "", "udf31": "" })));
    let udf = device(&client, &uid)["udf"].take();
    assert_eq!(udf.as_object().unwrap().len(), 30);
}

#[test]
fn typed_fields_have_to_be_of_their_type() {
    let (_server, client) = small_server();
    let uid = first_device(&client);
    let set = |item: Value| {
        let body = json!({ "udfs": [item] }).to_string();
        let path = format!("v3/device/{uid}/udf");
        client.send("POST", &path, "application/json", &body)
    };
    done(&set(json!({ "ordinal": 1, "valueString": "text" })));
    done(&set(json!({ "ordinal": 2, "valueDate": "2026-02-28" })));
    done(&set(json!({ "ordinal": 3, "valueBoolean": true })));
    done(&set(
        json!({ "ordinal": 5, "valueNumber": 1.5, "valueString": null }),
    ));
    done(&set(json!({ "ordinal": 10 })));
    let udf = device(&client, &uid)["udf"].take();
    assert_eq!(
        [
            &udf["udf1"],
            &udf["udf2"],
            &udf["udf3"],
            &udf["udf5"],
            &udf["udf10"]
        ],
        [
            &json!("text"),
            &json!("2026-02-28"),
            &json!("true"),
            &json!("1.5"),
            &Value::Null
        ]
    );
    for item in [
        json!({ "ordinal": 1, "valueNumber": 1 }),
        json!({ "ordinal": 2, "valueString": "2026-02-28" }),
        json!({ "ordinal": 2, "valueDate": "2026-02-30" }),
        json!({ "ordinal": 3, "valueBoolean": "true" }),
        json!({ "ordinal": 1, "valueString": "a", "valueNumber": 1 }),
        json!({ "ordinal": 0, "valueString": "a" }),
        json!({ "ordinal": 301, "valueString": "a" }),
        json!({ "valueString": "a" }),
        json!({ "ordinal": 1, "value": "a" }),
        json!("udf1"),
    ] {
        assert_eq!(set(item.clone()).status, 400, "{item}");
    }
}

#[test]
fn a_warranty_date_is_set_and_cleared() {
    let (_server, client) = small_server();
    let uid = first_device(&client);
    let path = format!("device/{uid}/warranty");
    for date in [json!("2031-12-24"), Value::Null, json!("2024-02-29")] {
        done(&client.write("POST", &path, &json!({ "warrantyDate": date })));
        assert_eq!(device(&client, &uid)["warrantyDate"], date);
    }
}

#[test]
fn a_moved_device_is_at_its_new_site_everywhere() {
    let (_server, client) = small_server();
    let source =
        client.get("account/alerts/open?max=1").json()["alerts"][0]["alertSourceInfo"].take();
    let (uid, from) = (text(&source["deviceUid"]), text(&source["siteUid"]));
    let before = device(&client, &uid);
    let sites = client.get("account/sites").json()["sites"].take();
    let to = sites
        .as_array()
        .unwrap()
        .iter()
        .find(|site| site["uid"] != from.as_str())
        .unwrap();
    let to_uid = text(&to["uid"]);

    let size = |site: &str| {
        client.get(&format!("site/{site}")).json()["devicesStatus"]["numberOfDevices"]
            .as_u64()
            .unwrap()
    };
    let members = |site: &str| {
        let list = client.get(&format!("site/{site}/devices")).json()["devices"].take();
        pluck(list.as_array().unwrap(), "uid")
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let alerts = |site: &str| {
        let path = format!("site/{site}/alerts/open");
        client.get(&path).json()["pageDetails"]["totalCount"]
            .as_u64()
            .unwrap()
    };
    let sizes = (size(&from), size(&to_uid), alerts(&from), alerts(&to_uid));
    done(&client.call("PUT", &format!("device/{uid}/site/{to_uid}")));

    let mut expected = before.clone();
    for (field, of) in [("siteId", "id"), ("siteUid", "uid"), ("siteName", "name")] {
        expected[field] = to[of].clone();
    }
    expected["deleted"] = (to["name"] == "Deleted Devices").into();
    assert_eq!(device(&client, &uid), expected);
    let moved = alerts(&to_uid) - sizes.3;
    assert!(moved > 0);
    assert_eq!(
        (size(&from), size(&to_uid), alerts(&from)),
        (sizes.0 - 1, sizes.1 + 1, sizes.2 - moved)
    );
    assert!(!members(&from).contains(&uid) && members(&to_uid).contains(&uid));
    let source =
        client.get(&format!("device/{uid}/alerts/open")).json()["alerts"][0]["alertSourceInfo"]
            .take();
    assert_eq!(
        (&source["siteUid"], &source["siteName"]),
        (&to["uid"], &to["name"])
    );
    let name = text(&to["name"]);
    let found = client.get(&format!(
        "account/devices?siteName={}",
        name.replace(' ', "%20").replace('&', "%26")
    ));
    assert!(pluck(found.json()["devices"].as_array().unwrap(), "uid").contains(&uid.as_str()));

    // Back again, and all is as it was.
    done(&client.call("PUT", &format!("device/{uid}/site/{from}")));
    assert_eq!(device(&client, &uid), before);
    assert_eq!(
        sizes,
        (size(&from), size(&to_uid), alerts(&from), alerts(&to_uid))
    );
}

#[test]
fn the_account_counts_devices_that_are_moved_to_an_on_demand_site() {
    let (_server, client) = small_server();
    let on_demand = || {
        client.get("account").json()["devicesStatus"]["numberOfOnDemandDevices"]
            .as_u64()
            .unwrap()
    };
    let sites = client.get("account/sites").json()["sites"].take();
    let site = sites
        .as_array()
        .unwrap()
        .iter()
        .find(|site| site["onDemand"] == true)
        .unwrap();
    let devices = client.get("account/devices").json()["devices"].take();
    let other = devices
        .as_array()
        .unwrap()
        .iter()
        .find(|device| device["siteUid"] != site["uid"])
        .unwrap();
    let before = on_demand();
    done(&client.call(
        "PUT",
        &format!("device/{}/site/{}", text(&other["uid"]), text(&site["uid"])),
    ));
    assert_eq!(on_demand(), before + 1);
}

#[test]
fn variables_are_made_changed_and_deleted() {
    let (_server, client) = small_server();
    let list = || client.walk("account/variables?max=3", "variables").0;
    let before = list();
    assert!(
        before
            .iter()
            .any(|variable| variable["masked"] == true && variable["value"] == "********")
    );
    let body = json!({ "name": "Größe", "value": "ä\n\"b\"", "masked": false });
    done(&client.write("PUT", "account/variable", &body));
    let made = list().pop().unwrap();
    assert_eq!(
        (&made["name"], &made["value"], &made["masked"]),
        (&body["name"], &body["value"], &body["masked"])
    );

    let path = format!("account/variable/{}", made["id"]);
    done(&client.write("POST", &path, &json!({ "name": "other", "value": "" })));
    let changed = list().pop().unwrap();
    assert_eq!(
        changed,
        json!({ "id": made["id"], "name": "other", "value": "", "masked": false })
    );

    done(&client.call("DELETE", &path));
    assert_eq!(list(), before);
    assert_eq!(client.call("DELETE", &path).status, 404);
    assert_eq!(
        client
            .write("POST", &path, &json!({ "name": "a", "value": "b" }))
            .status,
        404
    );

    // An id is never used again, and a masked value never comes back.
    done(&client.write(
        "PUT",
        "account/variable",
        &json!({ "name": "n", "value": "canary", "masked": true }),
    ));
    let masked = list().pop().unwrap();
    assert!(masked["id"].as_i64() > made["id"].as_i64());
    assert_eq!(
        (&masked["masked"], &masked["value"]),
        (&true.into(), &"********".into())
    );
}

#[test]
fn what_is_wrong_in_a_body_is_400_and_changes_nothing() {
    let (_server, client) = small_server();
    let uid = first_device(&client);
    let id = client.get("account/variables").json()["variables"][0]["id"].clone();
    let before = (
        device(&client, &uid),
        client.get("account/variables").json(),
    );
    let device_path = |what: &str| format!("v2/device/{uid}/{what}");
    let update = format!("v2/account/variable/{id}");
    for (method, path, body) in [
        ("POST", device_path("udf"), r#"{"udf1":1}"#),
        ("POST", device_path("udf"), r#"{"udf1":"a","udf0":"b"}"#),
        ("POST", device_path("udf"), r#"{"udf301":"a"}"#),
        ("POST", device_path("udf"), r#"{"udf01":"a"}"#),
        ("POST", device_path("udf"), r#"{"UDF1":"a"}"#),
        ("POST", device_path("udf"), "[]"),
        ("POST", device_path("udf"), ""),
        ("POST", device_path("warranty"), "{}"),
        ("POST", device_path("warranty"), r#"{"warrantyDate":""}"#),
        (
            "POST",
            device_path("warranty"),
            r#"{"warrantyDate":"2026-02-30"}"#,
        ),
        (
            "POST",
            device_path("warranty"),
            r#"{"warrantyDate":20260228}"#,
        ),
        (
            "POST",
            device_path("warranty"),
            r#"{"warrantyDate":null,"x":1}"#,
        ),
        ("PUT", "v2/account/variable".to_owned(), r#"{"name":"a"}"#),
        ("PUT", "v2/account/variable".to_owned(), r#"{"value":"a"}"#),
        (
            "PUT",
            "v2/account/variable".to_owned(),
            r#"{"name":"","value":"a"}"#,
        ),
        (
            "PUT",
            "v2/account/variable".to_owned(),
            r#"{"name":"a","value":1}"#,
        ),
        (
            "PUT",
            "v2/account/variable".to_owned(),
            r#"{"name":"a","value":"b","masked":"true"}"#,
        ),
        (
            "PUT",
            "v2/account/variable".to_owned(),
            r#"{"name":"a","value":"b","mask":true}"#,
        ),
        (
            "PUT",
            "v2/account/variable".to_owned(),
            r#"{"name":"NTP Server","value":"b"}"#,
        ),
        (
            "POST",
            update.clone(),
            r#"{"name":"NTP Server","value":"b"}"#,
        ),
        ("POST", update.clone(), r#"{"name":"a"}"#),
        (
            "POST",
            "v2/account/variable/x".to_owned(),
            r#"{"name":"a","value":"b"}"#,
        ),
    ] {
        let answer = client.send(method, &path, "application/json", body);
        assert_eq!(answer.status, 400, "{method} {path} {body}");
        assert_eq!(answer.json()["status"], 400);
    }
    for content_type in ["", "text/plain", "application/x-www-form-urlencoded"] {
        let answer = client.send("POST", &device_path("udf"), content_type, r#"{"udf1":"a"}"#);
        assert_eq!(answer.status, 415, "{content_type}");
    }
    assert_eq!(client.call("DELETE", "account/variable/x").status, 400);
    assert_eq!(
        (
            device(&client, &uid),
            client.get("account/variables").json()
        ),
        before
    );
}

#[test]
fn what_is_written_to_nobody_is_404() {
    let (_server, client) = small_server();
    let nobody = "00000000-0000-4000-8000-000000000000";
    let uid = first_device(&client);
    let site = text(&client.get("account/sites").json()["sites"][0]["uid"]);
    for (method, path) in [
        ("POST", format!("device/{nobody}/udf")),
        ("POST", format!("device/{nobody}/warranty")),
        ("PUT", format!("device/{nobody}/site/{site}")),
        ("PUT", format!("device/{uid}/site/{nobody}")),
        ("POST", "account/variable/1".to_owned()),
        ("DELETE", "account/variable/-1".to_owned()),
    ] {
        let answer = if method == "POST" {
            client.write(method, &path, &json!({ "name": "a", "value": "b" }))
        } else {
            client.call(method, &path)
        };
        assert_eq!(answer.status, 404, "{method} {path}");
    }
}

#[test]
fn what_was_written_is_of_one_server() {
    let config = || Config { seed: 7, ..small() };
    let (one, two) = (start(config()), start(config()));
    let client = Client::new(&one);
    let uid = first_device(&client);
    done(&client.write(
        "POST",
        &format!("device/{uid}/udf"),
        &json!({ "udf1": "only here" }),
    ));
    assert_ne!(device(&Client::new(&two), &uid)["udf"]["udf1"], "only here");
}
