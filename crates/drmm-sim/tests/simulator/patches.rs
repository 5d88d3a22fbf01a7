//! Patches of devices and of sites.

use std::collections::BTreeMap;

use crate::common::{Client, fields, pluck, small, start};
use serde_json::Value;

const STATUSES: [(&str, &str); 3] = [
    ("INSTALLED", "patchesInstalled"),
    ("APPROVED_PENDING", "patchesApprovedPending"),
    ("NOT_APPROVED", "patchesNotApproved"),
];

const FIELDS: [&str; 12] = [
    "patchId",
    "category",
    "type",
    "title",
    "description",
    "releaseDate",
    "severity",
    "maxSize",
    "rebootRequired",
    "requireUserInput",
    "kbArticleId",
    "installStatus",
];

fn patches(client: &Client, scope: &str, uid: &Value, query: &str) -> Vec<Value> {
    let path = format!("{scope}/{}/patches{query}", uid.as_str().unwrap());
    client.walk(&path, "patches").0
}

#[test]
fn a_device_has_as_many_of_each_status_as_it_says() {
    let server = start(small());
    let client = Client::new(&server);
    let (devices, _) = client.walk("account/devices", "devices");
    let mut more_than_a_page = false;
    for device in devices.iter().step_by(13).chain(&devices[..7]) {
        let all = patches(&client, "device", &device["uid"], "");
        let mut sum = 0;
        for (status, count) in STATUSES {
            let query = format!("?installStatus={status}");
            let own = patches(&client, "device", &device["uid"], &query);
            let expected = device["patchManagement"][count]
                .as_u64()
                .unwrap_or_default();
            assert_eq!(own.len() as u64, expected, "{status}");
            assert!(own.iter().all(|patch| patch["installStatus"] == status));
            sum += own.len();
        }
        assert_eq!(all.len(), sum);
        more_than_a_page |= all.len() > 250;
        let mut ids = pluck(&all, "patchId");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all.len(), "no patch is there twice");
        for patch in &all {
            assert_eq!(fields(patch)[..12], FIELDS);
            assert_eq!(fields(patch)[12..], ["manualOverride"]);
        }
    }
    assert!(more_than_a_page);
}

#[test]
fn a_site_counts_the_devices_of_each_patch_and_status() {
    let server = start(small());
    let client = Client::new(&server);
    let site = client.get("account/sites").json()["sites"][3].take();
    let (devices, _) = client.walk(
        &format!("site/{}/devices", site["uid"].as_str().unwrap()),
        "devices",
    );
    let mut expected: BTreeMap<(String, String), u64> = BTreeMap::new();
    let key = |patch: &Value| {
        let text = |name: &str| patch[name].as_str().unwrap().to_owned();
        (text("patchId"), text("installStatus"))
    };
    for device in &devices {
        for patch in patches(&client, "device", &device["uid"], "") {
            *expected.entry(key(&patch)).or_default() += 1;
        }
    }
    let all = patches(&client, "site", &site["uid"], "?max=100");
    let counted: BTreeMap<_, _> = all
        .iter()
        .map(|patch| (key(patch), patch["totalDevices"].as_u64().unwrap()))
        .collect();
    assert_eq!(counted.len(), all.len());
    assert_eq!(counted, expected);
    assert!(counted.values().any(|&devices| devices > 1));
    for (status, _) in STATUSES {
        let own = patches(
            &client,
            "site",
            &site["uid"],
            &format!("?installStatus={status}"),
        );
        let expected = all.iter().filter(|patch| patch["installStatus"] == status);
        assert!(own.iter().eq(expected), "{status}");
        assert!(!own.is_empty(), "{status}");
    }
    assert_eq!(fields(&all[0])[..12], FIELDS);
    assert_eq!(fields(&all[0])[12..], ["totalDevices"]);
}

#[test]
fn a_moved_device_takes_its_patches_along() {
    let server = start(small());
    let client = Client::new(&server);
    let sites = client.get("account/sites").json()["sites"].take();
    let devices = client.get("account/devices").json()["devices"].take();
    let has_patches = |device: &&Value| device["patchManagement"]["patchesInstalled"] != 0;
    let mut devices = devices.as_array().unwrap().iter().filter(has_patches);
    let device = devices
        .find(|device| !device["patchManagement"].is_null())
        .unwrap();
    let sum = |site: &Value| -> u64 {
        let patches = patches(&client, "site", &site["uid"], "");
        patches
            .iter()
            .map(|patch| patch["totalDevices"].as_u64().unwrap())
            .sum()
    };
    let target = sites
        .as_array()
        .unwrap()
        .iter()
        .find(|site| site["uid"] != device["siteUid"])
        .unwrap();
    let before = sum(target);
    let path = format!(
        "device/{}/site/{}",
        device["uid"].as_str().unwrap(),
        target["uid"].as_str().unwrap()
    );
    assert_eq!(client.call("PUT", &path).status, 200);
    let own = patches(&client, "device", &device["uid"], "").len() as u64;
    assert!(own > 0);
    assert_eq!(sum(target), before + own);
}

#[test]
fn what_is_no_status_is_refused() {
    let server = start(small());
    let client = Client::new(&server);
    let device = client.get("account/devices?max=1").json()["devices"][0].take();
    for (scope, uid) in [("device", &device["uid"]), ("site", &device["siteUid"])] {
        let path = format!("{scope}/{}/patches", uid.as_str().unwrap());
        for query in [
            "installStatus=installed",
            "installStatus=",
            "status=INSTALLED",
            "max=251",
        ] {
            assert_eq!(
                client.get(&format!("{path}?{query}")).status,
                400,
                "{scope} {query}"
            );
        }
        assert_eq!(client.get(&format!("{scope}/x/patches")).status, 404);
    }
}
