//! Alerts: what they look like, where they are listed, and how one is resolved.

use std::collections::BTreeSet;

use crate::common::{Client, fields, pluck, small, start};
use serde_json::Value;

/// The last one is not known to the API's description.
const CLASSES: [&str; 24] = [
    "antivirus_ctx",
    "comp_script_ctx",
    "custom_snmp_ctx",
    "disk_health_ctx",
    "eventlog_ctx",
    "fan_ctx",
    "fs_object_ctx",
    "online_offline_status_ctx",
    "patch_ctx",
    "perf_disk_usage_ctx",
    "perf_mon_ctx",
    "perf_resource_usage_ctx",
    "ping_ctx",
    "process_resource_usage_ctx",
    "process_status_ctx",
    "psu_ctx",
    "ransomware_ctx",
    "sec_management_ctx",
    "srvc_resource_usage_ctx",
    "srvc_status_ctx",
    "sw_action_ctx",
    "temperature_ctx",
    "wmi_ctx",
    "hypervisor_replica_ctx",
];

const FIELDS: [&str; 14] = [
    "alertUid",
    "priority",
    "diagnostics",
    "resolved",
    "resolvedBy",
    "resolvedOn",
    "muted",
    "ticketNumber",
    "timestamp",
    "alertMonitorInfo",
    "alertContext",
    "alertSourceInfo",
    "responseActions",
    "autoresolveMins",
];

#[test]
fn open_and_resolved_alerts_have_every_context_and_priority() {
    let server = start(small());
    let client = Client::new(&server);
    for (path, resolved) in [
        ("account/alerts/open", false),
        ("account/alerts/resolved", true),
    ] {
        let (alerts, _) = client.walk(path, "alerts");
        let classes: BTreeSet<_> = alerts
            .iter()
            .map(|alert| alert["alertContext"]["@class"].as_str().unwrap())
            .collect();
        assert_eq!(classes, BTreeSet::from(CLASSES), "{path}");
        let priorities = BTreeSet::from_iter(pluck(&alerts, "priority"));
        let expected = BTreeSet::from([
            "Critical",
            "High",
            "Moderate",
            "Low",
            "Information",
            "Unknown",
        ]);
        assert_eq!(priorities, expected, "{path}");
        for alert in &alerts {
            assert_eq!(fields(alert), FIELDS);
            assert_eq!(alert["resolved"], resolved);
            assert_eq!(alert["resolvedOn"].is_i64(), resolved);
            assert_eq!(alert["resolvedBy"].is_string(), resolved);
            assert!(alert["timestamp"].as_i64().unwrap() > 1_700_000_000_000);
        }
        let texts = |field: &str, part: &str| {
            alerts.iter().any(|alert| {
                alert[field]
                    .as_str()
                    .is_some_and(|text| text.contains(part))
            })
        };
        assert!(texts("diagnostics", "<p>") && texts("ticketNumber", "T2026"));
        assert!(
            alerts
                .iter()
                .any(|alert| !alert["responseActions"][0].is_null())
        );
    }
}

#[test]
fn the_newest_comes_first() {
    let server = start(small());
    let (alerts, _) = Client::new(&server).walk("account/alerts/open", "alerts");
    let times: Vec<_> = alerts
        .iter()
        .map(|alert| alert["timestamp"].as_i64().unwrap())
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] > pair[1]));
}

#[test]
fn the_numbers_are_those_asked_for() {
    let server = start(drmm_sim::Config {
        alerts_open: Some(260),
        alerts_resolved: Some(3),
        ..small()
    });
    let client = Client::new(&server);
    assert_eq!(client.walk("account/alerts/open", "alerts").0.len(), 260);
    assert_eq!(client.walk("account/alerts/resolved", "alerts").0.len(), 3);
}

#[test]
fn sources_exist_and_the_lists_of_sites_and_devices_add_up() {
    let server = start(small());
    let client = Client::new(&server);
    for kind in ["open", "resolved"] {
        let (alerts, _) = client.walk(&format!("account/alerts/{kind}?max=10"), "alerts");
        for alert in alerts.iter().step_by(11) {
            let source = &alert["alertSourceInfo"];
            let device = client
                .get(&format!("device/{}", source["deviceUid"].as_str().unwrap()))
                .json();
            assert_eq!(device["hostname"], source["deviceName"]);
            assert_eq!(device["siteUid"], source["siteUid"]);
            assert_eq!(device["siteName"], source["siteName"]);
        }
        for (scope, list, field) in [
            ("site", "sites", "siteUid"),
            ("device", "devices", "deviceUid"),
        ] {
            let (owners, _) = client.walk(&format!("account/{list}"), list);
            let mut sum = 0;
            for owner in owners {
                let path = format!("{scope}/{}/alerts/{kind}", owner["uid"].as_str().unwrap());
                let (own, _) = client.walk(&path, "alerts");
                assert!(
                    own.iter()
                        .all(|alert| alert["alertSourceInfo"][field] == owner["uid"])
                );
                sum += own.len();
            }
            assert_eq!(sum, alerts.len(), "{scope} {kind}");
        }
    }
}

#[test]
fn muted_picks_and_without_it_both_are_listed() {
    let server = start(small());
    let client = Client::new(&server);
    let list = |query: &str| {
        client
            .walk(&format!("account/alerts/resolved{query}"), "alerts")
            .0
    };
    let (all, muted, others) = (list(""), list("?muted=True"), list("?muted=false"));
    assert!(!muted.is_empty() && muted.iter().all(|alert| alert["muted"] == true));
    assert!(!others.is_empty() && others.iter().all(|alert| alert["muted"] == false));
    assert_eq!(muted.len() + others.len(), all.len());
}

#[test]
fn a_resolved_alert_moves_from_the_open_list_to_the_resolved_one() {
    let server = start(small());
    let client = Client::new(&server);
    let uids = |path: &str| -> Vec<String> {
        let (alerts, _) = client.walk(path, "alerts");
        alerts
            .iter()
            .map(|alert| alert["alertUid"].as_str().unwrap().to_owned())
            .collect()
    };
    let (open, resolved) = (uids("account/alerts/open"), uids("account/alerts/resolved"));
    let uid = &open[3];
    let before = client.get(&format!("alert/{uid}")).json();
    assert_eq!(
        (&before["resolved"], &before["resolvedOn"]),
        (&false.into(), &Value::Null)
    );

    let answer = client.post(&format!("alert/{uid}/resolve"));
    assert_eq!((answer.status, answer.bytes.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some("0"));

    let after = client.get(&format!("alert/{uid}")).json();
    assert_eq!(after["resolved"], true);
    assert!(after["resolvedOn"].as_i64().unwrap() > before["timestamp"].as_i64().unwrap());
    assert!(after["resolvedBy"].is_string());
    let now_open = uids("account/alerts/open");
    assert_eq!(
        now_open,
        open.iter()
            .filter(|other| *other != uid)
            .cloned()
            .collect::<Vec<_>>()
    );
    let now_resolved = uids("account/alerts/resolved");
    assert_eq!(now_resolved.len(), resolved.len() + 1);
    assert!(now_resolved.contains(uid));
    let device = before["alertSourceInfo"]["deviceUid"].as_str().unwrap();
    assert!(uids(&format!("device/{device}/alerts/resolved")).contains(uid));

    // Twice changes nothing.
    assert_eq!(client.post(&format!("alert/{uid}/resolve")).status, 200);
    assert_eq!(client.get(&format!("alert/{uid}")).json(), after);
}

#[test]
fn an_alert_cannot_be_muted_any_more() {
    let mut config = small();
    config.settings.quota_model = drmm_sim::QuotaModel::Modern;
    let server = start(config);
    let client = Client::new(&server);
    let before = client.get("account/alerts/open").json();
    let uid = before["alerts"][0]["alertUid"].as_str().unwrap();
    let nobody = "00000000-0000-4000-8000-000000000000";
    for operation in ["mute", "unmute"] {
        let answer = client.post(&format!("alert/{uid}/{operation}"));
        assert_eq!(answer.status, 410);
        let error = answer.json();
        assert_eq!(fields(&error), ["timestamp", "status", "error", "path"]);
        assert_eq!(
            (&error["status"], &error["error"]),
            (&410.into(), &"Gone".into())
        );
        assert_eq!(
            client.post(&format!("alert/{nobody}/{operation}")).status,
            404
        );
        assert_eq!(client.get(&format!("alert/{uid}/{operation}")).status, 405);
    }
    assert_eq!(client.get("account/alerts/open").json(), before);
    let buckets = client.get("system/request_rate").json()["operationWriteStatus"].take();
    assert_eq!(
        (
            &buckets["alert-mute"]["count"],
            &buckets["alert-unmute"]["count"]
        ),
        (&2.into(), &2.into())
    );
}
