//! Variables of sites; those of the account are with the other writes.

use std::collections::BTreeSet;

use crate::common::{Answer, Client, small, start};
use serde_json::{Value, json};

fn sites(client: &Client) -> Vec<String> {
    let sites = client.walk("account/sites", "sites").0;
    let uids = crate::common::pluck(&sites, "uid");
    uids.into_iter().map(str::to_owned).collect()
}

fn list(client: &Client, site: &str) -> Vec<Value> {
    let path = format!("site/{site}/variables?max=2");
    client.walk(&path, "variables").0
}

#[track_caller]
fn done(answer: &Answer) {
    assert_eq!((answer.status, answer.text()), (200, ""));
}

#[test]
fn sites_have_variables_of_their_own_with_ids_of_the_whole_account() {
    let server = start(small());
    let client = Client::new(&server);
    let own: Vec<_> = sites(&client)
        .iter()
        .map(|site| list(&client, site))
        .collect();
    assert!(own.iter().any(Vec::is_empty) && own.iter().any(|list| list.len() > 2));
    assert!(
        own.iter()
            .flatten()
            .any(|variable| variable["masked"] == true)
    );
    let account = client.walk("account/variables", "variables").0;
    let all: Vec<_> = own.iter().flatten().chain(&account).collect();
    let ids: BTreeSet<_> = all.iter().map(|variable| variable["id"].as_i64()).collect();
    assert_eq!(ids.len(), all.len());
    for variable in all {
        let hidden = variable["value"] == "********";
        assert_eq!(variable["masked"], hidden, "{variable}");
    }
}

#[test]
fn a_variable_is_made_changed_and_deleted_at_its_site_alone() {
    let server = start(small());
    let client = Client::new(&server);
    let sites = sites(&client);
    let (here, there) = (&sites[0], &sites[1]);
    let before = (list(&client, here), list(&client, there));
    let account = client.get("account/variables").json();
    let body = json!({ "name": "Größe", "value": "ä\n\"b\"", "masked": false });
    done(&client.write("PUT", &format!("site/{here}/variable"), &body));
    let made = list(&client, here).pop().unwrap();
    assert_eq!(
        (&made["name"], &made["value"], &made["masked"]),
        (&body["name"], &body["value"], &body["masked"])
    );
    // Another owner may have one of this name, and does not answer for this one.
    done(&client.write("PUT", &format!("site/{there}/variable"), &body));
    let path = format!("site/{here}/variable/{}", made["id"]);
    for other in [
        format!("site/{there}/variable/{}", made["id"]),
        format!("account/variable/{}", made["id"]),
    ] {
        assert_eq!(
            client
                .write("POST", &other, &json!({ "name": "a", "value": "b" }))
                .status,
            404
        );
        assert_eq!(client.call("DELETE", &other).status, 404);
    }

    done(&client.write("POST", &path, &json!({ "name": "other", "value": "" })));
    assert_eq!(
        list(&client, here).pop().unwrap(),
        json!({ "id": made["id"], "name": "other", "value": "", "masked": false })
    );
    done(&client.call("DELETE", &path));
    assert_eq!(client.call("DELETE", &path).status, 404);
    assert_eq!(list(&client, here), before.0);
    assert_eq!(list(&client, there).len(), before.1.len() + 1);
    assert_eq!(client.get("account/variables").json(), account);
}

#[test]
fn a_masked_value_does_not_come_back_and_stays_masked() {
    let server = start(small());
    let client = Client::new(&server);
    let site = sites(&client).remove(0);
    let body = json!({ "name": "n", "value": "canary", "masked": true });
    done(&client.write("PUT", &format!("site/{site}/variable"), &body));
    let made = list(&client, &site).pop().unwrap();
    assert_eq!(
        (&made["masked"], &made["value"]),
        (&json!(true), &json!("********"))
    );
    let path = format!("site/{site}/variable/{}", made["id"]);
    done(&client.write("POST", &path, &json!({ "name": "n", "value": "other" })));
    assert_eq!(list(&client, &site).pop().unwrap(), made);
}

#[test]
fn what_is_wrong_about_a_site_variable_is_refused_and_changes_nothing() {
    let server = start(small());
    let client = Client::new(&server);
    let site = sites(&client).remove(0);
    let body = json!({ "name": "taken", "value": "v" });
    done(&client.write("PUT", &format!("site/{site}/variable"), &body));
    let before = list(&client, &site);
    let create = format!("v2/site/{site}/variable");
    let update = format!("{create}/{}", before[0]["id"]);
    for (method, path, body) in [
        ("PUT", &create, r#"{"name":"a"}"#),
        ("PUT", &create, r#"{"value":"a"}"#),
        ("PUT", &create, r#"{"name":"","value":"a"}"#),
        ("PUT", &create, r#"{"name":"a","value":1}"#),
        ("PUT", &create, r#"{"name":"a","value":"b","masked":1}"#),
        ("PUT", &create, r#"{"name":"a","value":"b","mask":true}"#),
        ("PUT", &create, r#"{"name":"taken","value":"b"}"#),
        ("POST", &update, r#"{"name":"taken","value":"b"}"#),
        ("POST", &update, r#"{"name":"a"}"#),
        ("POST", &update, r#"{"name":"a","value":"b","masked":true}"#),
        (
            "POST",
            &format!("{create}/x"),
            r#"{"name":"a","value":"b"}"#,
        ),
    ] {
        let answer = client.send(method, path, "application/json", body);
        assert_eq!(answer.status, 400, "{method} {path} {body}");
        assert_eq!(answer.json()["status"], 400);
    }
    assert_eq!(
        client
            .call("DELETE", &format!("site/{site}/variable/x"))
            .status,
        400
    );
    assert_eq!(
        client
            .call("DELETE", &format!("site/{site}/variable/1"))
            .status,
        404
    );
    assert_eq!(
        client.get(&format!("site/{site}/variables?name=x")).status,
        400
    );
    assert_eq!(list(&client, &site), before);
    let nobody = "site/00000000-0000-4000-8000-000000000000";
    let id = &before[0]["id"];
    let body = json!({ "name": "a", "value": "b" });
    for (method, path) in [
        ("GET", format!("{nobody}/variables")),
        ("PUT", format!("{nobody}/variable")),
        ("POST", format!("{nobody}/variable/{id}")),
        ("DELETE", format!("{nobody}/variable/{id}")),
    ] {
        let answer = client.write(method, &path, &body);
        assert_eq!(answer.status, 404, "{method} {path}");
    }
}

#[test]
fn each_write_of_a_site_variable_has_a_bucket_of_its_own() {
    let mut config = small();
    config.settings.quota_model = drmm_sim::QuotaModel::Modern;
    let server = start(config);
    let client = Client::new(&server);
    let site = sites(&client).remove(0);
    let count = |operation: &str| {
        client.get("system/request_rate").json()["operationWriteStatus"][operation]["count"].clone()
    };
    let body = json!({ "name": "a", "value": "b" });
    done(&client.write("PUT", &format!("site/{site}/variable"), &body));
    let path = format!(
        "site/{site}/variable/{}",
        list(&client, &site).pop().unwrap()["id"]
    );
    done(&client.write("POST", &path, &body));
    done(&client.call("DELETE", &path));
    for operation in ["create", "update", "delete"] {
        assert_eq!(
            count(&format!("site-variable-{operation}")),
            1,
            "{operation}"
        );
        assert_eq!(
            count(&format!("account-variable-{operation}")),
            0,
            "{operation}"
        );
    }
}
