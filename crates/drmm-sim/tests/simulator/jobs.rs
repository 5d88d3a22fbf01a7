//! Quick jobs: what is taken, how they go on, and what comes out.

use std::time::{Duration, Instant};

use crate::common::{Checked, Client, fields, generous, pluck, small, start};
use drmm_sim::{Config, Settings};
use serde_json::{Value, json};

/// A server whose jobs take so long.
fn jobs_take(time: Duration) -> (Checked, Client) {
    let settings = Settings {
        job: time,
        ..generous()
    };
    let server = start(Config {
        settings,
        ..small()
    });
    let client = Client::new(&server);
    (server, client)
}

/// The uid of a device with an agent that can be reached, or not.
fn device(client: &Client, online: bool) -> String {
    let devices = client.get("account/devices").json()["devices"].take();
    let found = devices
        .as_array()
        .unwrap()
        .iter()
        .find(|device| device["deviceClass"] == "device" && device["online"] == online);
    found.unwrap()["uid"].as_str().unwrap().to_owned()
}

/// The component whose name has this part.
fn component(client: &Client, part: &str) -> Value {
    let (components, _) = client.walk("account/components", "components");
    let found = components
        .into_iter()
        .find(|component| component["name"].as_str().unwrap().contains(part));
    found.unwrap_or_else(|| panic!("no component {part}"))
}

fn body(component: &Value, variables: &Value) -> Value {
    json!({
        "jobName": "Prüfung",
        "jobComponent": { "componentUid": component["uid"], "variables": variables },
    })
}

/// Creates a job; gives its uid.
fn create(client: &Client, device: &str, component: &Value) -> String {
    let answer = client.write(
        "PUT",
        &format!("device/{device}/quickjob"),
        &body(component, &Value::Null),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["job"]["uid"].as_str().unwrap().to_owned()
}

fn list(client: &Client, path: &str) -> Vec<Value> {
    let Value::Array(items) = client.get(path).json() else {
        panic!("{path} is no list")
    };
    items
}

#[test]
fn a_job_is_answered_as_it_is_found_later() {
    let (_server, client) = jobs_take(Duration::from_secs(3_600));
    let (device, component) = (device(&client, true), component(&client, "Run a Command"));
    let variables =
        json!([{ "name": "Command", "value": "dir \"ä\"" }, { "name": "AsUser", "value": null }]);
    let before = client.get("system/status").json()["started"]
        .as_i64()
        .unwrap();
    let answer = client
        .write(
            "PUT",
            &format!("device/{device}/quickjob"),
            &body(&component, &variables),
        )
        .json();
    let job = &answer["job"];
    assert_eq!(fields(job), ["id", "dateCreated", "name", "uid", "status"]);
    assert_eq!(
        (&job["name"], &job["status"]),
        (&json!("Prüfung"), &json!("active"))
    );
    assert!(job["dateCreated"].as_i64().unwrap() >= before);
    let uid = job["uid"].as_str().unwrap();
    assert_eq!(client.get(&format!("job/{uid}")).json(), *job);
    let (components, _) = client.walk(&format!("job/{uid}/components"), "jobComponents");
    assert_eq!(Value::Array(components.clone()), answer["jobComponents"]);
    assert_eq!(
        (&components[0]["uid"], &components[0]["name"]),
        (&component["uid"], &component["name"])
    );
    let values = components[0]["variables"].as_array().unwrap();
    assert!(values.contains(&json!({ "name": "Command", "value": "dir \"ä\"" })));
    // One that is null has its default.
    assert!(values.contains(&json!({ "name": "AsUser", "value": "false" })));
    assert_ne!(create(&client, &device, &component), uid);
}

#[test]
fn a_job_without_length_has_its_output_at_once() {
    let (_server, client) = jobs_take(Duration::ZERO);
    let device = device(&client, true);
    for (part, status, own, warnings, errors) in [
        ("Run a Command", "Success", "Success", 0, 0),
        ("Warning", "Warning", "Success", 1, 0),
        ("Fails", "Failure", "Failure", 0, 1),
    ] {
        let component = component(&client, part);
        let uid = create(&client, &device, &component);
        let job = client.get(&format!("job/{uid}")).json();
        assert_eq!(job["status"], "completed", "{part}");
        let path = format!("job/{uid}/results/{device}");
        let results = client.get(&path).json();
        assert_eq!(
            fields(&results),
            [
                "jobUid",
                "deviceUid",
                "ranOn",
                "jobDeploymentStatus",
                "componentResults"
            ]
        );
        assert_eq!(
            (&results["jobUid"], &results["deviceUid"]),
            (&json!(uid), &json!(device))
        );
        assert_eq!(results["ranOn"], job["dateCreated"]);
        assert_eq!(results["jobDeploymentStatus"], status, "{part}");
        let expected = json!([{
            "componentUid": component["uid"],
            "componentName": component["name"],
            "componentStatus": own,
            "numberOfWarnings": warnings,
            "hasStdOut": true,
            "hasStdErr": errors == 1,
        }]);
        assert_eq!(results["componentResults"], expected, "{part}");
        let (out, err) = (
            list(&client, &format!("{path}/stdout")),
            list(&client, &format!("{path}/stderr")),
        );
        assert_eq!((out.len(), err.len()), (1, errors), "{part}");
        assert_eq!(out[0]["componentUid"], component["uid"]);
        assert_eq!(out[0]["componentName"], component["name"]);
        assert!(
            pluck(&out, "stdData")[0].contains("Ausführung von"),
            "{part}"
        );
        assert!(
            pluck(&err, "stdData")
                .iter()
                .all(|text| text.contains("Fehler")),
            "{part}"
        );
    }
}

#[test]
fn a_job_waits_then_runs_then_is_done() {
    let (_server, client) = jobs_take(Duration::from_millis(900));
    let device = device(&client, true);
    let uid = create(&client, &device, &component(&client, "Run a Command"));
    let path = format!("job/{uid}/results/{device}");
    let patience = Instant::now() + Duration::from_secs(20);
    let mut seen: Vec<String> = Vec::new();
    loop {
        assert!(Instant::now() < patience, "{seen:?}");
        let out_before = list(&client, &format!("{path}/stdout"));
        let results = client.get(&path).json();
        let out_after = list(&client, &format!("{path}/stdout"));
        let status = results["jobDeploymentStatus"].as_str().unwrap().to_owned();
        let done = status == "Success";
        assert_eq!(results["ranOn"].is_null(), status == "Pending");
        assert_eq!(
            results["componentResults"].as_array().unwrap().len(),
            usize::from(done)
        );
        assert!(done || out_before.is_empty(), "{status}");
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        if done {
            assert_eq!(out_after.len(), 1);
            break;
        }
    }
    // A busy machine may look away for as long as one of them lasts, but none comes before another.
    let order = ["Pending", "Running", "Success"];
    assert!(
        seen.is_sorted_by_key(|status| order.iter().position(|known| known == status)),
        "{seen:?}"
    );
    assert_eq!(seen.last().unwrap(), "Success");
    assert_eq!(
        client.get(&format!("job/{uid}")).json()["status"],
        "completed"
    );
}

#[test]
fn a_job_on_a_device_that_cannot_be_reached_stays_active() {
    let (_server, client) = jobs_take(Duration::ZERO);
    let device = device(&client, false);
    let uid = create(&client, &device, &component(&client, "Run a Command"));
    assert_eq!(client.get(&format!("job/{uid}")).json()["status"], "active");
    let path = format!("job/{uid}/results/{device}");
    let results = client.get(&path).json();
    assert_eq!(results["jobDeploymentStatus"], "Pending");
    assert_eq!(
        (&results["ranOn"], &results["componentResults"]),
        (&Value::Null, &json!([]))
    );
    assert_eq!(client.get(&format!("{path}/stdout")).json(), json!([]));
    assert_eq!(client.get(&format!("{path}/stderr")).json(), json!([]));
}

#[test]
fn the_length_of_jobs_may_change_and_holds_for_those_to_come() {
    let (server, client) = jobs_take(Duration::from_secs(3_600));
    let (device, component) = (device(&client, true), component(&client, "Run a Command"));
    let slow = create(&client, &device, &component);
    let answer = client.control("PATCH", "config", r#"{"jobMs":0}"#);
    assert_eq!(answer.json()["jobMs"], json!(0.0));
    let quick = create(&client, &device, &component);
    let status = |uid: &str| client.get(&format!("job/{uid}")).json()["status"].take();
    assert_eq!(
        (status(&slow), status(&quick)),
        (json!("active"), json!("completed"))
    );
    server
        .change(|settings| settings.job = Duration::from_secs(60))
        .unwrap();
    assert_eq!(status(&create(&client, &device, &component)), "active");
}

#[test]
fn what_is_no_job_is_refused() {
    let (_server, client) = jobs_take(Duration::ZERO);
    let (device, component) = (device(&client, true), component(&client, "Run a Command"));
    let uid = &component["uid"];
    let path = format!("device/{device}/quickjob");
    for wrong in [
        json!({}),
        json!({ "jobName": "a" }),
        json!({ "jobName": "", "jobComponent": { "componentUid": uid } }),
        json!({ "jobName": 1, "jobComponent": { "componentUid": uid } }),
        json!({ "jobName": "a", "jobComponent": { "componentUid": "x" } }),
        json!({ "jobName": "a", "jobComponent": {} }),
        json!({ "jobName": "a", "jobComponent": [] }),
        json!({ "jobName": "a", "jobComponent": { "componentUid": uid }, "more": 1 }),
        json!({ "jobName": "a", "jobComponent": { "componentUid": uid, "more": 1 } }),
        body(&component, &json!({ "Command": "x" })),
        body(&component, &json!(["Command"])),
        body(&component, &json!([{ "value": "x" }])),
        body(&component, &json!([{ "name": "command", "value": "x" }])),
        body(&component, &json!([{ "name": "Command", "value": 1 }])),
        body(
            &component,
            &json!([{ "name": "Command", "value": "x", "more": 1 }]),
        ),
        body(&component, &json!([{ "name": "AsUser", "value": "maybe" }])),
    ] {
        assert_eq!(client.write("PUT", &path, &wrong).status, 400, "{wrong}");
    }
    let right = body(&component, &json!([]));
    assert_eq!(client.write("PUT", "device/x/quickjob", &right).status, 404);
    let job = create(&client, &device, &component);
    let other = client.get("account/devices?max=1&page=9").json()["devices"][0]["uid"].take();
    let other = other.as_str().unwrap();
    for path in [
        "job/x".to_owned(),
        "job/x/components".to_owned(),
        format!("job/x/results/{device}"),
        format!("job/{job}/results/x"),
        format!("job/{job}/results/{other}"),
        format!("job/{job}/results/{other}/stdout"),
        format!("job/{job}/results/{other}/stderr"),
    ] {
        assert_eq!(client.get(&path).status, 404, "{path}");
    }
    assert_eq!(client.get(&format!("job/{job}?page=0")).status, 400);
}
