//! The routes and answers against the API's own description, where it lies beside the checkout.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{Client, description_file, small, start};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::{Value, json};

fn description() -> Option<Value> {
    let text = std::fs::read(description_file()?).expect("the description can be read");
    Some(serde_json::from_slice(&text).expect("the description is JSON"))
}

#[test]
fn the_routes_are_those_of_the_description() {
    let Some(description) = description() else {
        return;
    };
    let described: BTreeSet<String> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let served = BTreeSet::from_iter(drmm_sim::served_operations());
    assert_eq!(served, described);
}

#[test]
fn query_parameters_are_those_of_the_description() {
    let Some(description) = description() else {
        return;
    };
    let server = start(small());
    let client = Client::new(&server);
    for operation in drmm_sim::served_operations() {
        let Some(template) = operation.strip_prefix("GET ") else {
            continue;
        };
        let parameters = &description["paths"][template]["get"]["parameters"];
        let path = real_path(&client, template);
        for parameter in parameters.as_array().into_iter().flatten() {
            if parameter["in"] != "query" {
                continue;
            }
            let schema = &parameter["schema"];
            let allowed = schema.get("enum").unwrap_or(&schema["items"]["enum"]);
            let value = match schema["type"].as_str().unwrap() {
                _ if parameter["example"].is_string() => parameter["example"].as_str().unwrap(),
                "integer" if parameter["name"] == "filterId" => "101",
                "integer" => "1",
                "boolean" => "true",
                _ => allowed[0].as_str().unwrap_or("x"),
            };
            let value = percent_encode(value.as_bytes(), NON_ALPHANUMERIC);
            let name = parameter["name"].as_str().unwrap();
            let status = client.get(&format!("{path}?{name}={value}")).status;
            assert_eq!(status, 200, "{path}?{name}={value}");
        }
    }
}

#[test]
fn every_read_is_answered_as_described() {
    let server = start(small());
    let client = Client::new(&server);
    for operation in drmm_sim::served_operations() {
        let Some(template) = operation.strip_prefix("GET ") else {
            continue;
        };
        let answer = client.get(&real_path(&client, template));
        assert_eq!(answer.status, 200, "{template}");
    }
    // The server itself has compared them.
    assert_eq!(server.counters().invalid_answers, BTreeMap::new());
}

/// The address for a template, with things that are there.
fn real_path(client: &Client, template: &str) -> String {
    let alert = &client.get("account/alerts/open?max=1").json()["alerts"][0];
    let class = ["esxihost", "printer"]
        .into_iter()
        .find(|class| template.contains(class));
    let devices = client.get("account/devices").json()["devices"].take();
    let device = devices
        .as_array()
        .unwrap()
        .iter()
        .find(|device| device["deviceClass"] == class.unwrap_or("device"))
        .unwrap();
    let job = template
        .contains("{jobUid}")
        .then(|| job_on(client, device));
    format!("{}/api{template}", client.url)
        .replace("{jobUid}", &job.unwrap_or_default())
        .replace("{deviceUid}", device["uid"].as_str().unwrap())
        .replace("{siteUid}", device["siteUid"].as_str().unwrap())
        .replace("{alertUid}", alert["alertUid"].as_str().unwrap())
        .replace("{deviceId}", &device["id"].to_string())
        .replace("{macAddress}", "0C9D92000002")
}

/// The uid of a job that fails, so that it has both outputs.
fn job_on(client: &Client, device: &Value) -> String {
    let components = client.get("account/components").json()["components"].take();
    let fails = |component: &&Value| component["name"].as_str().unwrap().contains("Fails");
    let component = components.as_array().unwrap().iter().find(fails).unwrap();
    let path = format!("device/{}/quickjob", device["uid"].as_str().unwrap());
    let component = json!({ "componentUid": component["uid"], "variables": null });
    let body = json!({ "jobName": "a", "jobComponent": component });
    let job = client.write("PUT", &path, &body).json()["job"].take();
    job["uid"].as_str().unwrap().to_owned()
}
