//! The routes and answers against the API's own description, where it lies beside the checkout.

use std::{collections::BTreeSet, path::Path};

use crate::common::{Client, small, start};
use serde_json::Value;

const FILE: &str = "../../../shared/api/datto-rmm-openapi-3.1-build-235.json";

/// Operations of the description that come with the wider API.
const NOT_YET_SERVED: &[&str] = &[
    "GET /v2/activity-logs",
    "GET /v2/audit/device/macAddress/{macAddress}",
    "GET /v2/audit/device/{deviceUid}",
    "GET /v2/audit/device/{deviceUid}/software",
    "GET /v2/audit/esxihost/{deviceUid}",
    "GET /v2/audit/printer/{deviceUid}",
    "GET /v2/device/{deviceUid}/patches",
    "GET /v2/job/{jobUid}",
    "GET /v2/job/{jobUid}/components",
    "GET /v2/job/{jobUid}/results/{deviceUid}",
    "GET /v2/job/{jobUid}/results/{deviceUid}/stderr",
    "GET /v2/job/{jobUid}/results/{deviceUid}/stdout",
    "GET /v2/site/{siteUid}/patches",
    "GET /v3/account/devices",
    "GET /v3/device/id/{deviceId}",
    "GET /v3/device/macAddress/{macAddress}",
    "GET /v3/device/{deviceUid}",
    "GET /v3/site/{siteUid}/devices",
    "POST /v2/alert/{alertUid}/mute",
    "POST /v2/alert/{alertUid}/unmute",
    "POST /v2/user/resetApiKeys",
    "PUT /v2/device/{deviceUid}/quickjob",
];

fn description() -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let Ok(text) = std::fs::read(&path) else {
        eprintln!("not compared: the API description {FILE} is not beside the checkout");
        return None;
    };
    Some(serde_json::from_slice(&text).expect("the description is JSON"))
}

#[test]
fn the_routes_are_those_of_the_description() {
    let Some(description) = description() else {
        return;
    };
    let described: BTreeSet<String> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect();
    let served = BTreeSet::from_iter(drmm_sim::served_operations());
    let waiting: BTreeSet<_> = NOT_YET_SERVED.iter().map(ToString::to_string).collect();
    assert_eq!(
        served.difference(&described).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    assert_eq!(
        served.intersection(&waiting).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    assert_eq!(
        served.union(&waiting).cloned().collect::<BTreeSet<_>>(),
        described
    );
}

#[test]
fn query_parameters_are_those_of_the_description() {
    let Some(description) = description() else {
        return;
    };
    let server = start(small());
    let client = Client::new(&server);
    for operation in drmm_sim::served_operations() {
        let Some(template) = operation.strip_prefix("GET ") else {
            continue;
        };
        let parameters = &description["paths"][template]["get"]["parameters"];
        let path = real_path(&client, template);
        for parameter in parameters.as_array().into_iter().flatten() {
            if parameter["in"] != "query" {
                continue;
            }
            let value = match parameter["schema"]["type"].as_str().unwrap() {
                "integer" if parameter["name"] == "filterId" => "101",
                "integer" => "1",
                "boolean" => "true",
                _ => "x",
            };
            let name = parameter["name"].as_str().unwrap();
            let status = client.get(&format!("{path}?{name}={value}")).status;
            assert_eq!(status, 200, "{path}?{name}={value}");
        }
    }
}

#[test]
fn answers_fit_their_schemas() {
    let Some(description) = description() else {
        return;
    };
    let server = start(small());
    let client = Client::new(&server);
    for operation in drmm_sim::served_operations() {
        let Some(template) = operation.strip_prefix("GET ") else {
            continue;
        };
        let answer = client.get(&real_path(&client, template));
        assert_eq!(answer.status, 200, "{template}");
        let content = &description["paths"][template]["get"]["responses"]["200"]["content"];
        let schema = &content.as_object().unwrap().values().next().unwrap()["schema"];
        fits(&description, schema, &answer.json(), template);
    }
}

/// A path without the version for a template, with things that are there.
fn real_path(client: &Client, template: &str) -> String {
    let alert = &client.get("account/alerts/open?max=1").json()["alerts"][0];
    let device = alert["alertSourceInfo"]["deviceUid"].as_str().unwrap();
    let id = client.get(&format!("device/{device}")).json()["id"].to_string();
    template
        .trim_start_matches("/v2/")
        .replace("{deviceUid}", device)
        .replace(
            "{siteUid}",
            alert["alertSourceInfo"]["siteUid"].as_str().unwrap(),
        )
        .replace("{alertUid}", alert["alertUid"].as_str().unwrap())
        .replace("{deviceId}", &id)
        .replace("{macAddress}", "0C9D92000001")
}

/// Which schema belongs to a class is nowhere in the description; the fields leave no doubt.
const CONTEXTS: [(&str, &str); 23] = [
    ("antivirus_ctx", "AntivirusContext"),
    ("comp_script_ctx", "ScriptContext"),
    ("custom_snmp_ctx", "CustomSNMPContext"),
    ("disk_health_ctx", "DiskHealthContext"),
    ("eventlog_ctx", "EventLogContext"),
    ("fan_ctx", "FanContext"),
    ("fs_object_ctx", "FileSystemContext"),
    ("online_offline_status_ctx", "OnlineOfflineStatusContext"),
    ("patch_ctx", "PatchContext"),
    ("perf_disk_usage_ctx", "DiskUsageContext"),
    ("perf_mon_ctx", "WindowsPerformanceContext"),
    ("perf_resource_usage_ctx", "ResourceUsageContext"),
    ("ping_ctx", "PingContext"),
    ("process_resource_usage_ctx", "ResourceUsageContext"),
    ("process_status_ctx", "StatusContext"),
    ("psu_ctx", "PsuContext"),
    ("ransomware_ctx", "RansomWareContext"),
    ("sec_management_ctx", "SecurityManagementContext"),
    ("srvc_resource_usage_ctx", "ResourceUsageContext"),
    ("srvc_status_ctx", "StatusContext"),
    ("sw_action_ctx", "ActionContext"),
    ("temperature_ctx", "TemperatureContext"),
    ("wmi_ctx", "WmiContext"),
];

#[test]
fn every_context_fits_its_schema() {
    let Some(description) = description() else {
        return;
    };
    let server = start(small());
    let (alerts, _) = Client::new(&server).walk("account/alerts/open", "alerts");
    let mut classes = BTreeSet::new();
    for alert in &alerts {
        let context = &alert["alertContext"];
        let class = context["@class"].as_str().unwrap();
        context_fits(&description, class, context);
        classes.insert(class);
    }
    assert_eq!(classes, CONTEXTS.iter().map(|(class, _)| *class).collect());
}

fn context_fits(description: &Value, class: &str, context: &Value) {
    let (_, name) = CONTEXTS.iter().find(|(known, _)| *known == class).unwrap();
    // The first part is the class alone, which every context has.
    let own = &description["components"]["schemas"][name]["allOf"][1];
    let mut fields = context.clone();
    fields.as_object_mut().unwrap().shift_remove("@class");
    fits(description, own, &fields, class);
}

/// Every field is described and of its type, every described field is there, in the described order.
fn fits(description: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return fits(
            description,
            &description["components"]["schemas"][name],
            value,
            at,
        );
    }
    // Any field may be null.
    if value.is_null() {
        return;
    }
    if let Some(class) = value["@class"].as_str() {
        return context_fits(description, class, value);
    }
    let is = |kind: &str| schema["type"] == kind;
    if let Some(properties) = schema["properties"].as_object() {
        let properties: Vec<_> = properties
            .iter()
            .filter(|(_, schema)| schema["writeOnly"] != true)
            .collect();
        let described: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
        // Real answers of v2 have user-defined fields that the description leaves out.
        let given: Vec<_> = crate::common::fields(value)
            .into_iter()
            .filter(|name| *name != "udf")
            .collect();
        assert_eq!(given, described, "{at}");
        for (name, schema) in properties {
            fits(description, schema, &value[name], &format!("{at} {name}"));
        }
    } else if is("array") {
        for item in value.as_array().unwrap_or_else(|| panic!("{at}: {value}")) {
            fits(description, &schema["items"], item, at);
        }
    } else if schema["format"] == "date-time" {
        // The description says text; the service sends Unix milliseconds.
        assert!(value.is_i64(), "{at}: {value}");
    } else if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value}");
    } else {
        let right = (is("string") && value.is_string())
            || (is("integer") && value.is_i64())
            || (is("number") && value.is_number())
            || (is("boolean") && value.is_boolean())
            || (is("object") && value.is_object());
        assert!(right, "{at}: {value} is not of type {}", schema["type"]);
    }
}
