//! Answers are compared with a description, and the counters tell which do not fit.

use std::path::PathBuf;

use crate::common::{Client, small};
use drmm_sim::{Config, Server};
use serde_json::{Value, json};

/// A description of two operations. The first says something else than what is answered.
fn wrong() -> Value {
    let answer = |schema: Value| json!({ "get": { "responses": { "200": { "content": { "application/json": { "schema": schema } } } } } });
    json!({
        "paths": {
            "/v2/account": answer(json!({ "properties": { "name": { "type": "integer" } } })),
            "/v2/system/pagination": answer(json!({ "$ref": "#/components/schemas/Pages" })),
        },
        "components": { "schemas": { "Pages": { "properties": { "max": { "type": "integer" } } } } },
    })
}

fn file(name: &str, content: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn server(description: PathBuf) -> std::io::Result<Server> {
    Server::start(Config {
        check_answers: Some(description),
        ..small()
    })
}

#[test]
fn an_answer_that_does_not_fit_is_counted_without_its_values() {
    let server = server(file("wrong.json", &wrong().to_string())).unwrap();
    let client = Client::new(&server);
    client.get("system/pagination");
    assert!(server.counters().invalid_answers.is_empty());
    let name = client.get("account").json()["name"]
        .as_str()
        .unwrap()
        .to_owned();
    client.get("account");
    let invalid = client.control("GET", "counters", "").json()["invalidAnswers"].take();
    assert_eq!(invalid["GET /v2/account"]["count"], 2);
    let complaint = invalid["GET /v2/account"]["complaint"].as_str().unwrap();
    assert!(
        !complaint.is_empty() && !complaint.contains(&name),
        "{complaint}"
    );
    assert_eq!(invalid.as_object().unwrap().len(), 1);
    // What nobody describes does not fit either.
    client.get("account/sites");
    let complaint = &server.counters().invalid_answers["GET /v2/account/sites"].complaint;
    assert!(complaint.contains("has no 200"), "{complaint}");
}

#[test]
fn a_reset_does_not_forget_what_did_not_fit() {
    let server = server(file("kept.json", &wrong().to_string())).unwrap();
    let client = Client::new(&server);
    client.get("account");
    server.reset();
    assert_eq!(server.counters().invalid_answers.len(), 1);
    assert_eq!(server.counters().requests, 0);
}

#[test]
fn refusals_and_damaged_answers_are_not_compared() {
    let server = server(file("damaged.json", &wrong().to_string())).unwrap();
    let client = Client::new(&server);
    client.get("account/sites?max=0");
    client.set_faults(r#"[{"match":"GET /v2/account","fault":"empty200"}]"#);
    client.get("account");
    client.set_faults(r#"[{"match":"GET /v2/system/pagination","fault":"malformedJson"}]"#);
    client.get("system/pagination");
    assert!(server.counters().invalid_answers.is_empty());
}

#[test]
fn a_file_that_is_no_description_is_refused_by_its_name() {
    for (name, content) in [("none.json", "x"), ("empty.json", "{}")] {
        let error = server(file(name, content)).err().expect("no server");
        assert!(error.to_string().contains(name), "{error}");
    }
    let missing = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("missing-description.json");
    assert!(server(missing).is_err());
}
