//! Devices of a site with their network interfaces.

use crate::common::{Client, fields, small, start};
use serde_json::Value;

fn first_site(client: &Client) -> String {
    let uid = &client.get("account/sites?max=1").json()["sites"][0]["uid"];
    uid.as_str().unwrap().to_owned()
}

#[test]
fn each_device_of_the_site_is_there_with_the_address_that_finds_it() {
    let server = start(small());
    let client = Client::new(&server);
    let site = first_site(&client);
    let (shorts, pages) = client.walk(
        &format!("site/{site}/devices/network-interface?max=20"),
        "devices",
    );
    let (devices, _) = client.walk(&format!("site/{site}/devices"), "devices");
    assert_eq!(shorts.len(), devices.len());
    assert_eq!(pages, devices.len().div_ceil(20));
    assert!(pages > 1);
    let mut second = 0;
    for (short, device) in shorts.iter().zip(&devices) {
        let mut names = fields(short);
        assert_eq!(names.pop(), Some("nics"));
        assert_eq!(names.len(), 9);
        for name in names {
            assert_eq!(short[name], device[name], "{name}");
        }
        let nic = &short["nics"][0];
        assert_eq!(
            fields(nic),
            ["instance", "ipv4", "ipv6", "macAddress", "type"]
        );
        assert_eq!(nic["ipv4"], device["intIpAddress"]);
        let address = nic["macAddress"].as_str().unwrap();
        let found = client.get(&format!("device/macAddress/{address}")).json();
        assert_eq!(found[0]["uid"], device["uid"]);
        second += usize::from(short["nics"][1] != Value::Null);
    }
    assert!(second > 0 && second < shorts.len());
}

#[test]
fn a_filter_is_taken_though_the_description_has_none() {
    let server = start(small());
    let client = Client::new(&server);
    let site = first_site(&client);
    let path = format!("site/{site}/devices/network-interface");
    let total = |path: String| client.get(&path).json()["pageDetails"]["totalCount"].as_u64();
    let picked = total(format!("{path}?filterId=102"));
    assert_eq!(picked, total(format!("site/{site}/devices?filterId=102")));
    assert!(picked > Some(0) && picked < total(path.clone()));
    assert_eq!(client.get(&format!("{path}?filterId=999")).status, 404);
    assert_eq!(client.get(&format!("{path}?filterId=x")).status, 400);
    assert_eq!(client.get(&format!("{path}?hostname=x")).status, 400);
    let nobody = "site/00000000-0000-4000-8000-000000000000/devices/network-interface";
    assert_eq!(client.get(nobody).status, 404);
}
