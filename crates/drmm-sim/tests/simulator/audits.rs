//! Audits of devices, ESXi hosts and printers.

use crate::common::{Client, fields, small, start};
use serde_json::Value;

/// All devices of a class.
fn of_class(client: &Client, class: &str) -> Vec<Value> {
    let (devices, _) = client.walk("account/devices", "devices");
    devices
        .into_iter()
        .filter(|device| device["deviceClass"] == class)
        .collect()
}

fn uid(device: &Value) -> &str {
    device["uid"].as_str().unwrap()
}

#[test]
fn the_audit_of_a_device_agrees_with_the_device() {
    let server = start(small());
    let client = Client::new(&server);
    for device in of_class(&client, "device").iter().step_by(17) {
        let audit = client.get(&format!("audit/device/{}", uid(device))).json();
        assert_eq!(audit["portalUrl"], device["portalUrl"]);
        assert_eq!(audit["webRemoteUrl"], device["webRemoteUrl"]);
        assert_eq!(audit["systemInfo"]["username"], device["lastLoggedInUser"]);
        assert_eq!(audit["nics"][0]["ipv4"], device["intIpAddress"]);
        let address = audit["nics"][0]["macAddress"].as_str().unwrap();
        let found = client.get(&format!("device/macAddress/{address}")).json();
        assert_eq!(found[0]["uid"], device["uid"]);
        let by_address = client
            .get(&format!("audit/device/macAddress/{address}"))
            .json();
        assert_eq!(by_address, Value::Array(vec![audit.clone()]));
        assert_eq!(
            client.get(&format!("audit/device/{}", uid(device))).json(),
            audit
        );
    }
}

#[test]
fn audits_are_as_nested_and_as_full_of_holes_as_real_ones() {
    let server = start(small());
    let client = Client::new(&server);
    let audits: Vec<_> = of_class(&client, "device")
        .iter()
        .map(|device| client.get(&format!("audit/device/{}", uid(device))).json())
        .collect();
    for pointer in [
        "/bios",
        "/bios/releaseDate",
        "/mobileInfo",
        "/snmpInfo",
        "/physicalMemory",
        "/physicalMemory/0/bank",
        "/displays/0/screenWidth",
        "/attachedDevices/0/driverVersion",
    ] {
        let there = |null: bool| {
            audits.iter().any(|audit| {
                audit
                    .pointer(pointer)
                    .is_some_and(|value| value.is_null() == null)
            })
        };
        assert!(there(true) && there(false), "{pointer}");
    }
    let sizes = |name: &str| -> Vec<usize> {
        audits
            .iter()
            .filter_map(|audit| Some(audit[name].as_array()?.len()))
            .collect()
    };
    for name in ["nics", "displays", "logicalDisks", "attachedDevices"] {
        let sizes = sizes(name);
        assert!(sizes.iter().max() > sizes.iter().min(), "{name}");
    }
    assert!(
        audits
            .iter()
            .any(|audit| audit.to_string().contains("Datenträger"))
    );
}

#[test]
fn hosts_and_printers_have_audits_of_their_own() {
    let server = start(small());
    let client = Client::new(&server);
    for (class, names) in [
        (
            "esxihost",
            [
                "portalUrl",
                "systemInfo",
                "guests",
                "processors",
                "nics",
                "physicalMemory",
                "datastores",
            ]
            .as_slice(),
        ),
        (
            "printer",
            &[
                "portalUrl",
                "snmpInfo",
                "printerMarkerSupplies",
                "printer",
                "systemInfo",
                "nics",
            ],
        ),
    ] {
        let devices = of_class(&client, class);
        assert!(!devices.is_empty());
        for device in devices {
            let audit = client
                .get(&format!("audit/{class}/{}", uid(&device)))
                .json();
            assert_eq!(fields(&audit), names);
            assert_eq!(audit["portalUrl"], device["portalUrl"]);
        }
    }
}

#[test]
fn an_audit_of_the_wrong_class_is_refused() {
    let server = start(small());
    let client = Client::new(&server);
    for class in [
        "device",
        "esxihost",
        "printer",
        "rmmnetworkdevice",
        "unknown",
    ] {
        let device = of_class(&client, class).remove(0);
        for kind in ["device", "esxihost", "printer"] {
            let path = format!("audit/{kind}/{}", uid(&device));
            let expected = if kind == class { 200 } else { 400 };
            assert_eq!(client.get(&path).status, expected, "{kind} of {class}");
        }
        let software = format!("audit/device/{}/software", uid(&device));
        let expected = if class == "device" { 200 } else { 400 };
        assert_eq!(
            client.get(&software).status,
            expected,
            "software of {class}"
        );
    }
    // The fourth device of every account is a printer.
    assert_eq!(
        client.get("audit/device/macAddress/0C9D92000003").status,
        400
    );
    for path in [
        "audit/device/x",
        "audit/device/x/software",
        "audit/esxihost/x",
        "audit/printer/x",
        "audit/device/macAddress/0C9D92FFFFFF",
    ] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }
    let device = of_class(&client, "device").remove(0);
    for query in ["max=251", "page=x", "name=x"] {
        let path = format!("audit/device/{}/software?{query}", uid(&device));
        assert_eq!(client.get(&path).status, 400, "{query}");
    }
}

#[test]
fn some_devices_have_more_software_than_one_page() {
    let server = start(small());
    let client = Client::new(&server);
    let mut pages_of = Vec::new();
    for device in of_class(&client, "device").iter().take(40) {
        let path = format!("audit/device/{}/software", uid(device));
        let (software, pages) = client.walk(&path, "software");
        assert_eq!(pages, software.len().div_ceil(250));
        assert!(software.iter().all(|program| program["name"].is_string()));
        let (again, _) = client.walk(&format!("{path}?max=37"), "software");
        assert_eq!(again, software);
        pages_of.push(pages);
    }
    assert!(pages_of.contains(&1) && pages_of.iter().any(|&pages| pages > 1));
}
