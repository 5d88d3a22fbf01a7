//! Components and users of the account.

use std::collections::BTreeSet;

use crate::common::{Client, fields, pluck, small, start};
use drmm_sim::Config;

#[test]
fn components_have_variables_of_every_kind_and_one_name_is_there_twice() {
    let server = start(small());
    let client = Client::new(&server);
    let (components, pages) = client.walk("account/components?max=10", "components");
    assert!(components.len() >= 30 && pages == components.len().div_ceil(10));
    assert_eq!(
        fields(&components[0]),
        [
            "id",
            "credentialsRequired",
            "uid",
            "name",
            "description",
            "categoryCode",
            "variables"
        ]
    );
    let unlike = |field: &str| {
        let values = components
            .iter()
            .map(|component| component[field].to_string());
        BTreeSet::from_iter(values).len()
    };
    assert_eq!(
        (unlike("id"), unlike("uid")),
        (components.len(), components.len())
    );
    assert_eq!(unlike("name"), components.len() - 1);
    assert_eq!(unlike("credentialsRequired"), 2);
    assert_eq!(unlike("categoryCode"), 4);
    assert!(
        components
            .iter()
            .any(|component| component["description"].is_null())
    );
    assert!(
        pluck(&components, "name")
            .iter()
            .any(|name| name.contains('ü'))
    );

    let mut kinds = BTreeSet::new();
    let mut directions = BTreeSet::new();
    for component in &components {
        let variables = component["variables"].as_array().unwrap();
        for (index, variable) in variables.iter().enumerate() {
            assert_eq!(
                fields(variable),
                [
                    "name",
                    "defaultVal",
                    "type",
                    "direction",
                    "description",
                    "variablesIdx"
                ]
            );
            assert_eq!(variable["variablesIdx"], index);
            kinds.insert(variable["type"].as_str().unwrap());
            directions.insert(variable["direction"].as_bool().unwrap());
        }
    }
    assert_eq!(kinds, BTreeSet::from(["boolean", "date", "map", "string"]));
    assert_eq!(directions.len(), 2);
}

#[test]
fn the_seed_decides_the_uids_of_components() {
    let list = |seed| {
        let server = start(Config { seed, ..small() });
        Client::new(&server).get("account/components").json()["components"].take()
    };
    assert_eq!(list(3), list(3));
    assert_ne!(list(3)[0]["uid"], list(4)[0]["uid"]);
}

#[test]
fn users_are_listed_with_times_in_milliseconds() {
    let server = start(small());
    let client = Client::new(&server);
    let (users, _) = client.walk("account/users?max=5", "users");
    let names = BTreeSet::from_iter(pluck(&users, "username"));
    assert_eq!(names.len(), users.len());
    assert!(names.contains("api-user") && names.contains("a.müller"));
    for user in &users {
        assert!(user["created"].as_i64().unwrap() > 1_500_000_000_000);
        let created = user["created"].as_i64();
        assert!(user["lastAccess"].is_null() || user["lastAccess"].as_i64() > created);
    }
    let some =
        |field: &str, value: &serde_json::Value| users.iter().any(|user| user[field] == *value);
    assert!(some("disabled", &true.into()) && some("disabled", &false.into()));
    assert!(some("lastAccess", &serde_json::Value::Null));
}

#[test]
fn lists_of_the_account_take_page_and_max_alone() {
    let server = start(small());
    let client = Client::new(&server);
    for list in [
        "account/components",
        "account/users",
        "filter/default-filters",
        "filter/custom-filters",
    ] {
        assert_eq!(
            client.get(&format!("{list}/?page=0&max=250")).status,
            200,
            "{list}"
        );
        for query in ["name=x", "max=251", "page=-1", "filterId=101"] {
            assert_eq!(
                client.get(&format!("{list}?{query}")).status,
                400,
                "{list} {query}"
            );
        }
    }
}
