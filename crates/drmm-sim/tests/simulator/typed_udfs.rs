//! Devices as v3 writes them: with a list of typed fields in place of the object of texts.

use std::collections::BTreeSet;

use crate::common::{Client, fields, small, start};
use serde_json::{Value, json};

fn v3(client: &Client, path: &str) -> Value {
    let answer = client.get(&format!("{}/api/v3/{path}", client.url));
    assert_eq!(answer.status, 200, "{path}");
    answer.json()
}

/// What is alike in both versions.
fn without_udfs(mut device: Value) -> Value {
    let device_fields = device.as_object_mut().unwrap();
    device_fields.retain(|name, _| name != "udf" && name != "udfs");
    device
}

#[test]
fn every_way_to_devices_gives_what_v2_gives_but_typed_fields() {
    let server = start(small());
    let client = Client::new(&server);
    let some = client.get("account/devices?max=1&page=7").json()["devices"][0].take();
    let (uid, site) = (
        some["uid"].as_str().unwrap(),
        some["siteUid"].as_str().unwrap(),
    );
    for (path, list) in [
        ("account/devices?max=50&page=1".to_owned(), "/devices"),
        ("account/devices?hostname=srv&max=5".to_owned(), "/devices"),
        (format!("site/{site}/devices?filterId=102"), "/devices"),
        (format!("device/{uid}"), ""),
        (format!("device/id/{}", some["id"]), ""),
        ("device/macAddress/0C9D92000007".to_owned(), ""),
    ] {
        let (old, new) = (client.get(&path).json(), v3(&client, &path));
        let devices = |answer: &Value| match answer.pointer(list).unwrap() {
            Value::Array(devices) => devices.clone(),
            device => vec![device.clone()],
        };
        let (old, new) = (devices(&old), devices(&new));
        assert!(!new.is_empty(), "{path}");
        for device in &new {
            assert!(device.get("udf").is_none(), "{path}");
            assert_eq!(fields(device).last(), Some(&"udfs"), "{path}");
        }
        let shared =
            |devices: Vec<Value>| -> Vec<Value> { devices.into_iter().map(without_udfs).collect() };
        assert_eq!(shared(new), shared(old), "{path}");
    }
}

#[test]
fn a_page_of_v3_leads_to_a_page_of_v3() {
    let server = start(small());
    let client = Client::new(&server);
    let url = format!("{}/api/v3/account/devices?max=200", client.url);
    let (devices, pages) = client.walk(&url, "devices");
    assert_eq!((devices.len(), pages), (300, 2));
    assert!(devices.iter().all(|device| device["udfs"].is_array()));
}

#[test]
fn the_list_holds_each_value_under_its_type() {
    let server = start(small());
    let client = Client::new(&server);
    let mut types = BTreeSet::new();
    let old = client.get("account/devices?max=20").json()["devices"].take();
    let new = v3(&client, "account/devices?max=20")["devices"].take();
    for (old, new) in old.as_array().unwrap().iter().zip(new.as_array().unwrap()) {
        let mut udf = old["udf"].as_object().unwrap().clone();
        udf.retain(|_, value| !value.is_null());
        let list = new["udfs"].as_array().unwrap();
        assert_eq!(list.len(), udf.len());
        for item in list {
            let kind = item["type"].as_str().unwrap();
            types.insert(kind.to_owned());
            let (field, text) = match kind {
                "BOOLEAN" => ("valueBoolean", item["valueBoolean"].to_string()),
                "NUMBER" => ("valueNumber", item["valueNumber"].to_string()),
                "DATE" => ("valueDate", item["valueDate"].as_str().unwrap().to_owned()),
                _ => (
                    "valueString",
                    item["valueString"].as_str().unwrap().to_owned(),
                ),
            };
            assert_eq!(udf[&format!("udf{}", item["ordinal"])], text, "{item}");
            let names = ["valueBoolean", "valueString", "valueDate", "valueNumber"];
            assert!(
                names
                    .iter()
                    .all(|name| *name == field || item[*name].is_null()),
                "{item}"
            );
            assert!(item.get("typeMisMatch").is_none(), "{item}");
        }
    }
    assert_eq!(
        types,
        ["BOOLEAN", "DATE", "NUMBER", "STRING"]
            .map(str::to_owned)
            .into()
    );
}

#[test]
fn what_v2_wrote_in_another_type_is_a_text_that_says_so() {
    let server = start(small());
    let client = Client::new(&server);
    let device = client.get("account/devices?max=1").json()["devices"][0].take();
    let uid = device["uid"].as_str().unwrap();
    let body = json!({ "udf2": "tomorrow", "udf3": "true", "udf5": "", "udf300": "0" });
    assert_eq!(
        client
            .write("POST", &format!("device/{uid}/udf"), &body)
            .status,
        200
    );
    let udfs = v3(&client, &format!("device/{uid}"))["udfs"].take();
    let item = |ordinal: u16| {
        let found = udfs
            .as_array()
            .unwrap()
            .iter()
            .find(|item| item["ordinal"] == ordinal);
        found.cloned().unwrap_or_default()
    };
    let wrong = item(2);
    assert_eq!(
        (
            &wrong["type"],
            &wrong["valueString"],
            &wrong["typeMisMatch"]
        ),
        (&json!("STRING"), &json!("tomorrow"), &json!(true))
    );
    assert_eq!(item(3)["valueBoolean"], true);
    assert_eq!(item(5), Value::Null);
    assert_eq!(item(300)["valueNumber"], json!(0));
}

#[test]
fn labels_are_those_of_the_account() {
    let server = start(small());
    let client = Client::new(&server);
    let devices = v3(&client, "account/devices")["devices"].take();
    let mut labels = BTreeSet::new();
    for device in devices.as_array().unwrap() {
        for item in device["udfs"].as_array().unwrap() {
            labels.insert((
                item["ordinal"].as_u64(),
                item["label"].as_str().map(str::to_owned),
            ));
        }
    }
    assert_eq!(labels.len(), 30, "one label or none for each field");
    assert!(labels.contains(&(Some(4), Some("Gebäude".to_owned()))));
    assert!(labels.contains(&(Some(7), None)));
}

#[test]
fn what_v3_does_not_have_is_refused() {
    let server = start(small());
    let client = Client::new(&server);
    for (path, status) in [
        ("account/devices?filterId=x", 400),
        ("account/devices?filterId=999", 404),
        ("site/x/devices", 404),
        ("device/x", 404),
        ("device/id/x", 400),
        ("device/id/1", 404),
        ("device/macAddress/x", 404),
    ] {
        let url = format!("{}/api/v3/{path}", client.url);
        assert_eq!(client.get(&url).status, status, "{path}");
    }
}
