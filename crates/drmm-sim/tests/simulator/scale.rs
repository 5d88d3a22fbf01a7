//! A large account starts quickly and stays quick.

use std::time::{Duration, Instant};

use crate::common::{Client, generous, start};
use drmm_sim::Config;

#[test]
fn a_hundred_thousand_devices_start_and_page() {
    let begin = Instant::now();
    let server = start(Config {
        devices: 100_000,
        sites: 400,
        udfs: 300,
        settings: generous(),
        ..Config::default()
    });
    // Generous for a debug build on a busy machine; making all devices beforehand would take longer.
    assert!(
        begin.elapsed() < Duration::from_secs(10),
        "{:?}",
        begin.elapsed()
    );
    let client = Client::new(&server);
    let last = client.get("account/devices?max=250&page=399").json();
    assert_eq!(last["pageDetails"]["totalCount"], 100_000);
    assert_eq!(last["pageDetails"]["nextPageUrl"], serde_json::Value::Null);
    let devices = last["devices"].as_array().unwrap();
    assert_eq!(devices.len(), 250);
    let uid = devices[249]["uid"].as_str().unwrap();
    assert_eq!(client.get(&format!("device/{uid}")).json(), devices[249]);
    let found = client.get("account/devices?hostname=99999").json();
    assert_eq!(
        (&found["pageDetails"]["totalCount"], &found["devices"][0]),
        (&1.into(), &devices[249])
    );
}
