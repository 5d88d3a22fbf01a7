//! Lists: pages, filters, and what items look like.

use std::collections::BTreeSet;

use crate::common::{Client, fields, pluck, small, start};
use drmm_sim::Config;
use serde_json::Value;

const DEVICE_FIELDS: [&str; 35] = [
    "id",
    "uid",
    "siteId",
    "siteUid",
    "siteName",
    "deviceType",
    "hostname",
    "intIpAddress",
    "operatingSystem",
    "lastLoggedInUser",
    "domain",
    "cagVersion",
    "displayVersion",
    "extIpAddress",
    "description",
    "a64Bit",
    "rebootRequired",
    "online",
    "suspended",
    "deleted",
    "lastSeen",
    "lastReboot",
    "lastAuditDate",
    "creationDate",
    "udf",
    "snmpEnabled",
    "deviceClass",
    "portalUrl",
    "warrantyDate",
    "antivirus",
    "patchManagement",
    "softwareStatus",
    "webRemoteUrl",
    "networkProbe",
    "onboardedViaNetworkMonitor",
];

#[test]
fn walking_all_pages_gives_every_device_once() {
    let server = start(Config {
        devices: 1_003,
        ..small()
    });
    let client = Client::new(&server);
    for (path, pages) in [
        ("account/devices", 5),
        ("account/devices?max=100", 11),
        ("account/devices?max=17&page=0", 59),
    ] {
        let (devices, count) = client.walk(path, "devices");
        assert_eq!((devices.len(), count), (1_003, pages), "{path}");
        assert_eq!(
            BTreeSet::from_iter(pluck(&devices, "uid")).len(),
            1_003,
            "{path}"
        );
    }
}

#[test]
fn every_list_has_as_many_items_as_it_says() {
    let server = start(small());
    let client = Client::new(&server);
    let (sites, _) = client.walk("account/sites?max=3", "sites");
    assert_eq!(sites.len(), 8);
    let mut of_sites = 0;
    for site in &sites {
        let path = format!("site/{}/devices?max=20", site["uid"].as_str().unwrap());
        let (devices, _) = client.walk(&path, "devices");
        assert!(
            devices
                .iter()
                .all(|device| device["siteUid"] == site["uid"])
        );
        assert_eq!(site["devicesStatus"]["numberOfDevices"], devices.len());
        let online = devices
            .iter()
            .filter(|device| device["online"] == true)
            .count();
        assert_eq!(site["devicesStatus"]["numberOfOnlineDevices"], online);
        of_sites += devices.len();
    }
    assert_eq!(of_sites, 300);
}

#[test]
fn the_account_counts_its_devices() {
    let server = start(small());
    let client = Client::new(&server);
    let (devices, _) = client.walk("account/devices", "devices");
    let (sites, _) = client.walk("account/sites", "sites");
    let status = &client.get("account").json()["devicesStatus"];
    let online = devices
        .iter()
        .filter(|device| device["online"] == true)
        .count();
    let on_demand: u64 = sites
        .iter()
        .filter(|site| site["onDemand"] == true)
        .map(|site| site["devicesStatus"]["numberOfDevices"].as_u64().unwrap())
        .sum();
    assert_eq!(status["numberOfDevices"], 300);
    assert_eq!(status["numberOfOnlineDevices"], online);
    assert_eq!(status["numberOfOfflineDevices"], 300 - online);
    assert!(on_demand > 0);
    assert_eq!(status["numberOfOnDemandDevices"], on_demand);
    assert_eq!(status["numberOfManagedDevices"], 300 - on_demand);
}

#[test]
fn page_addresses_keep_the_callers_parameters_and_origin() {
    let server = start(small());
    let client = Client::new(&server);
    let page = client
        .get("account/devices?hostname=-&max=10&page=2&siteName=")
        .json();
    let details = &page["pageDetails"];
    let base = format!(
        "{}/api/v2/account/devices?hostname=-&siteName=&max=10&page=",
        server.url()
    );
    assert_eq!(details["prevPageUrl"], format!("{base}1"));
    assert_eq!(details["nextPageUrl"], format!("{base}3"));
    assert_eq!(
        (&details["count"], &details["totalCount"]),
        (&10.into(), &300.into())
    );

    let by_name = client.url.replace("127.0.0.1", "localhost");
    let page = client
        .get(&format!("{by_name}/api/v2/account/devices?max=10"))
        .json();
    assert_eq!(page["pageDetails"]["prevPageUrl"], Value::Null);
    assert!(
        page["pageDetails"]["nextPageUrl"]
            .as_str()
            .unwrap()
            .starts_with(&by_name)
    );
}

#[test]
fn a_page_past_the_end_is_empty() {
    let server = start(small());
    let client = Client::new(&server);
    for path in [
        "account/devices?page=2",
        "account/devices?page=2147483647&max=250",
    ] {
        let page = client.get(path).json();
        assert_eq!(page["devices"], Value::Array(Vec::new()));
        assert_eq!(page["pageDetails"]["count"], 0);
        assert_eq!(page["pageDetails"]["totalCount"], 300);
        assert_eq!(page["pageDetails"]["nextPageUrl"], Value::Null);
    }
    assert_eq!(
        client.get("account/devices?page=1").json()["pageDetails"]["nextPageUrl"],
        Value::Null
    );
}

#[test]
fn filters_pick_what_they_say() {
    let server = start(Config {
        devices: 2_000,
        ..small()
    });
    let client = Client::new(&server);
    let (all, _) = client.walk("account/devices", "devices");
    let contains = |value: &Value, part: &str| {
        value
            .as_str()
            .is_some_and(|text| text.to_lowercase().contains(part))
    };
    type Picks<'a> = Box<dyn Fn(&Value) -> bool + 'a>;
    let cases: Vec<(&str, Picks)> = vec![
        (
            "hostname=sRv-",
            Box::new(|device| contains(&device["hostname"], "srv-")),
        ),
        (
            "hostname=0017",
            Box::new(|device| contains(&device["hostname"], "0017")),
        ),
        (
            "operatingSystem=windows%20SERVER",
            Box::new(|device| contains(&device["operatingSystem"], "windows server")),
        ),
        (
            "siteName=m%C3%BCller",
            Box::new(|device| contains(&device["siteName"], "müller")),
        ),
        (
            "siteName=%22The+Fixer%22",
            Box::new(|device| contains(&device["siteName"], "\"the fixer\"")),
        ),
        (
            "deviceType=main%20system",
            Box::new(|device| contains(&device["deviceType"]["type"], "main system")),
        ),
        (
            "deviceType=server",
            Box::new(|device| contains(&device["deviceType"]["category"], "server")),
        ),
        (
            "deviceType=laptop&siteName=müller&hostname=nb",
            Box::new(|device| {
                contains(&device["deviceType"]["category"], "laptop")
                    && contains(&device["siteName"], "müller")
            }),
        ),
        ("filterId=104", Box::new(|device| device["online"] == true)),
        // A filter decides alone.
        (
            "filterId=102&hostname=nothing",
            Box::new(|device| device["deviceType"]["category"] == "Server"),
        ),
    ];
    for (query, picks) in cases {
        let expected: Vec<_> = all.iter().filter(|device| picks(device)).cloned().collect();
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "{query}: {}",
            expected.len()
        );
        let (found, _) = client.walk(&format!("account/devices?{query}"), "devices");
        assert_eq!(pluck(&found, "uid"), pluck(&expected, "uid"), "{query}");
    }
    assert_eq!(
        client
            .walk("account/devices?hostname=no-such", "devices")
            .0
            .len(),
        0
    );
    assert_eq!(
        client
            .walk("account/devices?filterId=20002", "devices")
            .0
            .len(),
        0
    );
}

#[test]
fn sites_are_found_by_a_part_of_their_name() {
    let server = start(small());
    let client = Client::new(&server);
    let (sites, _) = client.walk("account/sites?siteName=deleted%20DEV", "sites");
    assert_eq!(pluck(&sites, "name"), ["Deleted Devices"]);
    let path = format!(
        "site/{}/devices?filterId=104",
        sites[0]["uid"].as_str().unwrap()
    );
    assert_eq!(
        client.walk(&path, "devices").0.len(),
        0,
        "a deleted device is not online"
    );
}

#[test]
fn a_device_is_the_same_by_uid_id_mac_address_and_in_lists() {
    let server = start(small());
    let client = Client::new(&server);
    let (devices, _) = client.walk("account/devices", "devices");
    for (position, device) in devices.iter().enumerate().step_by(37) {
        let uid = device["uid"].as_str().unwrap();
        assert_eq!(client.get(&format!("device/{uid}")).json(), *device);
        assert_eq!(
            client.get(&format!("device/{}", uid.to_uppercase())).json(),
            *device
        );
        assert_eq!(
            client.get(&format!("device/id/{}", device["id"])).json(),
            *device
        );
        let by_mac = client
            .get(&format!("device/macAddress/0C9D92{position:06X}"))
            .json();
        assert_eq!(by_mac, Value::Array(vec![device.clone()]));
    }
}

#[test]
fn a_device_has_all_its_fields_in_order() {
    for udfs in [30, 300] {
        let server = start(Config { udfs, ..small() });
        let (devices, _) = Client::new(&server).walk("account/devices", "devices");
        let mut filled = 0;
        for device in &devices {
            assert_eq!(fields(device), DEVICE_FIELDS);
            let expected: Vec<_> = (1..=udfs).map(|number| format!("udf{number}")).collect();
            assert_eq!(fields(&device["udf"]), expected);
            filled += device["udf"]
                .as_object()
                .unwrap()
                .values()
                .filter(|value| value.is_string())
                .count();
        }
        let share = filled as f64 / (devices.len() * usize::from(udfs)) as f64;
        assert!((0.30..0.37).contains(&share), "{share}");
    }
}

#[test]
fn every_class_is_there_and_values_are_of_the_right_kind() {
    let server = start(small());
    let (devices, _) = Client::new(&server).walk("account/devices", "devices");
    let classes = BTreeSet::from_iter(pluck(&devices, "deviceClass"));
    assert_eq!(
        classes,
        BTreeSet::from([
            "device",
            "printer",
            "esxihost",
            "rmmnetworkdevice",
            "unknown"
        ])
    );
    let main_system = |device: &&Value| device["deviceType"]["type"] == "Main System Chassis";
    assert_eq!(
        devices.iter().find(main_system).unwrap()["deviceType"]["category"],
        "Server"
    );
    for device in &devices {
        for time in ["lastSeen", "lastReboot", "lastAuditDate", "creationDate"] {
            let value = &device[time];
            // From 2019 to the day on which the data stands still.
            let plausible = value
                .as_i64()
                .is_some_and(|ms| (1_550_000_000_000..=1_780_272_000_000).contains(&ms));
            assert!(plausible || value.is_null(), "{time}: {value}");
        }
        if let Some(date) = device["warrantyDate"].as_str() {
            let digits = date.split('-').map(str::len).collect::<Vec<_>>();
            assert_eq!(digits, [4, 2, 2], "{date}");
        }
    }
    for nullable in [
        "intIpAddress",
        "description",
        "lastReboot",
        "warrantyDate",
        "antivirus",
        "deviceType",
    ] {
        let nulls = devices
            .iter()
            .filter(|device| device[nullable].is_null())
            .count();
        assert!((1..devices.len()).contains(&nulls), "{nullable}: {nulls}");
    }
}

#[test]
fn sites_differ() {
    let server = start(Config {
        sites: 60,
        ..small()
    });
    let (sites, _) = Client::new(&server).walk("account/sites", "sites");
    let names = BTreeSet::from_iter(pluck(&sites, "name"));
    assert_eq!(names.len(), 60);
    assert!(names.contains("Müller & Söhne GmbH") && names.iter().any(|name| name.contains('"')));
    let with = |picks: fn(&Value) -> bool| sites.iter().filter(|site| picks(site)).count();
    assert!((1..60).contains(&with(|site| site["onDemand"] == true)));
    assert!((1..60).contains(&with(|site| site["proxySettings"]["host"].is_string())));
    assert!((1..60).contains(&with(|site| site["proxySettings"].is_null())));
    let one = Client::new(&server)
        .get(&format!("site/{}", sites[7]["uid"].as_str().unwrap()))
        .json();
    assert_eq!(one, sites[7]);
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_others() {
    let text = |seed| {
        let server = start(Config {
            seed,
            port: 0,
            ..small()
        });
        let client = Client::new(&server);
        let lists = [
            "account/devices?page=1",
            "account/sites",
            "account/alerts/resolved",
            "account",
        ];
        let texts: Vec<_> = lists
            .iter()
            .map(|path| client.get(path).text().replace(&server.url(), ""))
            .collect();
        (server.key().to_owned(), server.secret().to_owned(), texts)
    };
    assert_eq!(text(7), text(7));
    assert_ne!(text(7).2, text(8).2);
}
