//! Device filters: of the service, the account, a site; and what they pick.

use std::collections::BTreeSet;

use crate::common::{Client, fields, pluck, small, start};
use serde_json::Value;

fn uids(client: &Client, path: &str) -> BTreeSet<String> {
    let devices = client.walk(path, "devices").0;
    let uids = pluck(&devices, "uid");
    uids.into_iter().map(str::to_owned).collect()
}

fn site_uids(client: &Client) -> Vec<String> {
    let sites = client.walk("account/sites", "sites").0;
    let uids = pluck(&sites, "uid");
    uids.into_iter().map(str::to_owned).collect()
}

#[test]
fn every_filter_says_whose_it_is_and_works_as_a_filter_id() {
    let server = start(small());
    let client = Client::new(&server);
    let site = site_uids(&client).remove(0);
    let mut ids = BTreeSet::new();
    for (path, kind) in [
        ("filter/default-filters".to_owned(), "rmm_default"),
        ("filter/custom-filters".to_owned(), "custom"),
        (format!("site/{site}/filters"), "site"),
    ] {
        let filters = client.walk(&format!("{path}?max=1"), "filters").0;
        assert!(filters.len() > 1, "{path}");
        for filter in &filters {
            assert_eq!(
                fields(filter),
                [
                    "id",
                    "name",
                    "description",
                    "type",
                    "dateCreate",
                    "lastUpdated"
                ]
            );
            assert_eq!(filter["type"], kind);
            assert!(filter["dateCreate"].as_i64().unwrap() > 1_500_000_000_000);
            let id = filter["id"].as_i64().unwrap();
            assert!(ids.insert(id));
            let path = format!("account/devices?filterId={id}");
            assert_eq!(client.get(&path).status, 200, "{path}");
        }
    }
}

#[test]
fn a_site_filter_picks_devices_of_its_site_alone() {
    let server = start(small());
    let client = Client::new(&server);
    let sites = site_uids(&client);
    let filters = client.get(&format!("site/{}/filters", sites[0])).json()["filters"].take();
    let id = &filters
        .as_array()
        .unwrap()
        .iter()
        .find(|filter| filter["name"] == "Längst offline")
        .unwrap()["id"];
    let picked = uids(&client, &format!("account/devices?filterId={id}"));
    let members = client
        .walk(&format!("site/{}/devices", sites[0]), "devices")
        .0;
    let offline = members.iter().filter(|device| device["online"] == false);
    let expected: BTreeSet<_> = offline
        .map(|device| device["uid"].as_str().unwrap().to_owned())
        .collect();
    assert!(!picked.is_empty());
    assert_eq!(picked, expected);
    assert_eq!(
        uids(&client, &format!("site/{}/devices?filterId={id}", sites[0])),
        picked
    );
    assert!(uids(&client, &format!("site/{}/devices?filterId={id}", sites[1])).is_empty());
    // A device that is moved away is not picked any more.
    let gone = expected.first().unwrap();
    assert_eq!(
        client
            .call("PUT", &format!("device/{gone}/site/{}", sites[1]))
            .status,
        200
    );
    assert!(!uids(&client, &format!("account/devices?filterId={id}")).contains(gone));
}

#[test]
fn some_sites_have_no_filter_and_unknown_ids_are_404() {
    let server = start(small());
    let client = Client::new(&server);
    let sites = site_uids(&client);
    let filters = |site: &str| client.get(&format!("site/{site}/filters")).json();
    let none = filters(&sites[1]);
    assert_eq!(
        (&none["filters"], &none["pageDetails"]["totalCount"]),
        (&Value::Array(vec![]), &0.into())
    );
    let first = filters(&sites[0])["filters"][0]["id"].as_i64().unwrap();
    // The second site would have the next two, and behind the eighth there is none.
    for id in [first - 1, first + 2, first + 16, i64::MIN, i64::MAX, 0] {
        assert_eq!(
            client.get(&format!("account/devices?filterId={id}")).status,
            404,
            "{id}"
        );
    }
    let nobody = "00000000-0000-4000-8000-000000000000";
    assert_eq!(client.get(&format!("site/{nobody}/filters")).status, 404);
    assert_eq!(
        client
            .get(&format!("site/{}/filters?filterId=1", sites[0]))
            .status,
        400
    );
}
