//! Sites: made, changed, with settings and a proxy.

use std::collections::BTreeSet;

use crate::common::{Answer, Checked, Client, fields, pluck, small, start};
use serde_json::{Value, json};

const NOBODY: &str = "site/00000000-0000-4000-8000-000000000000";

fn small_server() -> (Checked, Client) {
    let server = start(small());
    let client = Client::new(&server);
    (server, client)
}

fn sites(client: &Client) -> Vec<Value> {
    client.walk("account/sites?max=3", "sites").0
}

fn site(client: &Client, uid: &str) -> Value {
    client.get(&format!("site/{uid}")).json()
}

fn settings(client: &Client, uid: &str) -> Value {
    client.get(&format!("site/{uid}/settings")).json()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

#[track_caller]
fn written(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[track_caller]
fn refused(client: &Client, method: &str, path: &str, body: &str, status: u16) {
    let answer = client.send(method, &format!("v2/{path}"), "application/json", body);
    assert_eq!(answer.status, status, "{method} {path} {body}");
    let error = answer.json();
    assert_eq!(fields(&error), ["timestamp", "status", "error", "path"]);
    assert_eq!(error["path"], format!("/v2/{path}"));
}

#[test]
fn a_new_site_is_there_like_any_other() {
    let (_server, client) = small_server();
    let before = sites(&client);
    let body = json!({
        "name": "Größe & Söhne 株式会社", "description": "ä\n\"b\"", "notes": "n",
        "onDemand": true, "splashtopAutoInstall": true,
        "proxySettings": { "host": "proxy", "port": 8080, "type": "socks5", "username": "u", "password": "canary" },
    });
    let made = written(&client.write("PUT", "site", &body));
    assert_eq!(fields(&made), fields(&before[0]));
    for name in [
        "name",
        "description",
        "notes",
        "onDemand",
        "splashtopAutoInstall",
    ] {
        assert_eq!(made[name], body[name], "{name}");
    }
    assert_eq!(
        made["proxySettings"],
        json!({ "host": "proxy", "password": "********", "port": 8080, "type": "socks5", "username": "u" })
    );
    assert_eq!(made["devicesStatus"]["numberOfDevices"], 0);
    assert_eq!(made["accountUid"], before[0]["accountUid"]);
    assert!(
        before
            .iter()
            .all(|site| site["id"] != made["id"] && site["uid"] != made["uid"])
    );

    let uid = text(&made["uid"]);
    assert_eq!(site(&client, &uid), made);
    let mut expected = before.clone();
    expected.push(made.clone());
    assert_eq!(sites(&client), expected);
    let named = client
        .get("account/sites?siteName=gr%C3%B6%C3%9Fe%20%26")
        .json();
    assert_eq!(named["sites"], json!([made]));
    assert_eq!(
        settings(&client, &uid)["generalSettings"]["name"],
        body["name"]
    );
    for (list, name) in [
        ("devices", "devices"),
        ("devices/network-interface", "devices"),
        ("alerts/open", "alerts"),
        ("alerts/resolved", "alerts"),
        ("variables", "variables"),
        ("filters", "filters"),
    ] {
        let answer = client.get(&format!("site/{uid}/{list}"));
        assert_eq!(written(&answer)[name], json!([]), "{list}");
    }
    let mappings = client
        .walk("account/dnet-site-mappings", "dnetSiteMappings")
        .0;
    assert_eq!(mappings.last().unwrap()["uid"], made["uid"]);
}

#[test]
fn a_device_can_move_to_a_new_site() {
    let (_server, client) = small_server();
    let source =
        client.get("account/alerts/open?max=1").json()["alerts"][0]["alertSourceInfo"].take();
    let device = text(&source["deviceUid"]);
    let on_demand = || {
        client.get("account").json()["devicesStatus"]["numberOfOnDemandDevices"]
            .as_u64()
            .unwrap()
    };
    let body = json!({ "name": "Neu", "onDemand": true });
    let made = written(&client.write("PUT", "site", &body));
    let uid = text(&made["uid"]);
    let before = on_demand();
    let was = sites(&client)
        .into_iter()
        .find(|site| site["uid"] == source["siteUid"])
        .unwrap();
    assert_eq!(
        client
            .call("PUT", &format!("device/{device}/site/{uid}"))
            .status,
        200
    );

    assert_eq!(on_demand(), before + u64::from(was["onDemand"] == false));
    assert_eq!(site(&client, &uid)["devicesStatus"]["numberOfDevices"], 1);
    let moved = client.get(&format!("device/{device}")).json();
    assert_eq!(
        (&moved["siteId"], &moved["siteUid"], &moved["siteName"]),
        (&made["id"], &made["uid"], &json!("Neu"))
    );
    let found = client.get("account/devices?siteName=Neu").json()["devices"].take();
    assert_eq!(found, json!([moved]));
    let alerts = client.get(&format!("site/{uid}/alerts/open")).json()["alerts"].take();
    assert_eq!(alerts[0]["alertSourceInfo"]["siteName"], "Neu");
    // What the site is called, its devices and alerts say too.
    written(&client.write("POST", &format!("site/{uid}"), &json!({ "name": "Neuer" })));
    assert_eq!(
        client.get(&format!("device/{device}")).json()["siteName"],
        "Neuer"
    );
    let alerts = client.get(&format!("site/{uid}/alerts/open")).json()["alerts"].take();
    assert_eq!(alerts[0]["alertSourceInfo"]["siteName"], "Neuer");
}

#[test]
fn what_an_update_does_not_name_is_gone() {
    let (_server, client) = small_server();
    let list = sites(&client);
    let before = list
        .iter()
        .find(|site| !site["proxySettings"].is_null())
        .unwrap();
    let uid = text(&before["uid"]);
    let path = format!("site/{uid}");
    let full = json!({
        "name": before["name"], "description": "d", "notes": "n",
        "onDemand": true, "splashtopAutoInstall": true,
    });
    let mut expected = before.clone();
    for (name, value) in full.as_object().unwrap() {
        expected[name] = value.clone();
    }
    assert_eq!(written(&client.write("POST", &path, &full)), expected);
    assert_eq!(site(&client, &uid), expected);

    let changed = written(&client.write("POST", &path, &json!({ "name": "Anders" })));
    expected["name"] = "Anders".into();
    expected["description"] = Value::Null;
    expected["notes"] = Value::Null;
    expected["onDemand"] = false.into();
    expected["splashtopAutoInstall"] = false.into();
    assert_eq!(changed, expected);
    assert_eq!(site(&client, &uid), expected);
    let others = |sites: Vec<Value>| -> Vec<Value> {
        sites
            .into_iter()
            .filter(|site| site["uid"] != uid.as_str())
            .collect()
    };
    assert_eq!(others(sites(&client)), others(list));
}

#[test]
fn a_site_that_cannot_be_is_refused_and_changes_nothing() {
    let (_server, client) = small_server();
    let before = sites(&client);
    let (first, taken) = (text(&before[0]["uid"]), before[1]["name"].to_string());
    let update = format!("site/{first}");
    for (method, path) in [("PUT", "site"), ("POST", update.as_str())] {
        for body in [
            "",
            "[]",
            "{}",
            r#"{"description":"d"}"#,
            r#"{"name":null}"#,
            r#"{"name":""}"#,
            r#"{"name":"  "}"#,
            r#"{"name":1}"#,
            r#"{"name":"a","onDemand":"true"}"#,
            r#"{"name":"a","splashtopAutoInstall":1}"#,
            r#"{"name":"a","notes":[]}"#,
            r#"{"name":"a","note":"n"}"#,
        ] {
            refused(&client, method, path, body, 400);
        }
        refused(
            &client,
            method,
            path,
            &format!(r#"{{"name":{taken}}}"#),
            409,
        );
        assert_eq!(
            client
                .send(method, &format!("v2/{path}"), "", r#"{"name":"a"}"#)
                .status,
            415
        );
    }
    // An update has no proxy, a new site has a whole one.
    refused(
        &client,
        "POST",
        &update,
        r#"{"name":"a","proxySettings":null}"#,
        400,
    );
    refused(
        &client,
        "PUT",
        "site",
        r#"{"name":"a","proxySettings":{"host":"p"}}"#,
        400,
    );
    refused(
        &client,
        "PUT",
        "site",
        r#"{"name":"a","proxySettings":"p"}"#,
        400,
    );
    refused(&client, "POST", NOBODY, r#"{"name":"a"}"#, 404);
    assert_eq!(client.get("site").status, 405);
    assert_eq!(sites(&client), before);
}

#[test]
fn settings_are_those_of_the_site() {
    let (_server, client) = small_server();
    let mut recipients = 0;
    for site in sites(&client) {
        let settings = settings(&client, site["uid"].as_str().unwrap());
        assert_eq!(
            fields(&settings),
            ["generalSettings", "proxySettings", "mailRecipients"]
        );
        assert_eq!(
            fields(&settings["generalSettings"]),
            ["name", "uid", "description", "onDemand"]
        );
        for (name, value) in settings["generalSettings"].as_object().unwrap() {
            assert_eq!(*value, site[name], "{name}");
        }
        assert_eq!(settings["proxySettings"], site["proxySettings"]);
        recipients += settings["mailRecipients"].as_array().unwrap().len();
    }
    assert!(recipients > 0);
    assert_eq!(client.get(&format!("{NOBODY}/settings")).status, 404);
    let uid = text(&sites(&client)[0]["uid"]);
    assert_eq!(
        client.get(&format!("site/{uid}/settings?page=0")).status,
        400
    );
}

#[test]
fn a_proxy_is_set_replaced_and_deleted() {
    let (_server, client) = small_server();
    let list = sites(&client);
    let uid = text(
        &list
            .iter()
            .find(|site| site["proxySettings"].is_null())
            .unwrap()["uid"],
    );
    let path = format!("site/{uid}/settings/proxy");
    let deleted = || client.call("DELETE", &path);
    assert_eq!((deleted().status, deleted().bytes.len()), (204, 0));

    let full = json!({ "host": "p", "port": "3128", "type": "http", "username": "u", "password": "canary" });
    let answer = written(&client.write("POST", &path, &full));
    let shown = json!({ "host": "p", "password": "********", "port": 3128, "type": "http", "username": "u" });
    assert_eq!(answer["proxySettings"], shown);
    assert_eq!(settings(&client, &uid), answer);
    assert_eq!(site(&client, &uid)["proxySettings"], shown);

    let plain = json!({ "host": "q", "port": 65_535, "type": "socks4", "username": null });
    let answer = written(&client.write("POST", &path, &plain));
    let shown = json!({ "host": "q", "password": null, "port": 65_535, "type": "socks4", "username": null });
    assert_eq!(answer["proxySettings"], shown);

    assert_eq!(
        (
            deleted().status,
            site(&client, &uid)["proxySettings"].clone()
        ),
        (200, Value::Null)
    );
    assert_eq!(settings(&client, &uid)["proxySettings"], Value::Null);
    assert_eq!(deleted().status, 204);
    assert_eq!(sites(&client), list);
}

#[test]
fn a_proxy_that_cannot_be_is_refused_and_changes_nothing() {
    let (_server, client) = small_server();
    let before = sites(&client);
    let uid = text(&before[0]["uid"]);
    let path = format!("site/{uid}/settings/proxy");
    for body in [
        "{}",
        r#"{"port":1,"type":"http"}"#,
        r#"{"host":"p","type":"http"}"#,
        r#"{"host":"p","port":1}"#,
        r#"{"host":"","port":1,"type":"http"}"#,
        r#"{"host":"p","port":0,"type":"http"}"#,
        r#"{"host":"p","port":65536,"type":"http"}"#,
        r#"{"host":"p","port":1.5,"type":"http"}"#,
        r#"{"host":"p","port":"x","type":"http"}"#,
        r#"{"host":"p","port":true,"type":"http"}"#,
        r#"{"host":"p","port":1,"type":"HTTP"}"#,
        r#"{"host":"p","port":1,"type":"https"}"#,
        r#"{"host":"p","port":1,"type":"http","password":1}"#,
        r#"{"host":"p","port":1,"type":"http","user":"u"}"#,
    ] {
        refused(&client, "POST", &path, body, 400);
    }
    assert_eq!(sites(&client), before);
    let body = r#"{"host":"p","port":1,"type":"http"}"#;
    refused(
        &client,
        "POST",
        &format!("{NOBODY}/settings/proxy"),
        body,
        404,
    );
    refused(
        &client,
        "DELETE",
        &format!("{NOBODY}/settings/proxy"),
        "",
        404,
    );
}

#[test]
fn mappings_tell_each_site_with_its_networks() {
    let (_server, client) = small_server();
    let (mappings, _) = client.walk("account/dnet-site-mappings?max=3", "dnetSiteMappings");
    let list = sites(&client);
    assert_eq!(pluck(&mappings, "uid"), pluck(&list, "uid"));
    let mut sizes = BTreeSet::new();
    for (mapping, site) in mappings.iter().zip(&list) {
        let mut names = fields(mapping);
        names.retain(|name| *name != "dattoNetworkingNetworkIds");
        assert_eq!(
            names,
            [
                "id",
                "uid",
                "accountUid",
                "name",
                "description",
                "portalUrl"
            ]
        );
        assert!(names.iter().all(|name| mapping[name] == site[name]));
        sizes.insert(
            mapping["dattoNetworkingNetworkIds"]
                .as_array()
                .unwrap()
                .len(),
        );
    }
    assert!(sizes.len() > 1 && sizes.contains(&0), "{sizes:?}");
    assert_eq!(
        client.get("account/dnet-site-mappings?siteName=x").status,
        400
    );
}

#[test]
fn each_write_of_a_site_has_a_bucket_of_its_own() {
    let mut config = small();
    config.settings.quota_model = drmm_sim::QuotaModel::Modern;
    let server = start(config);
    let client = Client::new(&server);
    let uid = text(&written(&client.write("PUT", "site", &json!({ "name": "a" })))["uid"]);
    written(&client.write("POST", &format!("site/{uid}"), &json!({ "name": "b" })));
    let proxy = json!({ "host": "p", "port": 1, "type": "http" });
    written(&client.write("POST", &format!("site/{uid}/settings/proxy"), &proxy));
    assert_eq!(
        client
            .call("DELETE", &format!("site/{uid}/settings/proxy"))
            .status,
        200
    );
    let buckets = client.get("system/request_rate").json()["operationWriteStatus"].take();
    for operation in [
        "site-create",
        "site-update",
        "site-proxy-create",
        "site-proxy-delete",
    ] {
        assert_eq!(buckets[operation]["count"], 1, "{operation}");
    }
}
