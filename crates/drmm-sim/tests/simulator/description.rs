//! The routes and answers against the API's own description, where it lies beside the checkout.

use std::{collections::BTreeSet, path::Path};

use crate::common::{Client, small, start};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::{Value, json};

const FILE: &str = "../../../shared/api/datto-rmm-openapi-3.1-build-235.json";

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
    assert_eq!(served, described);
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
            let schema = &parameter["schema"];
            let allowed = schema.get("enum").unwrap_or(&schema["items"]["enum"]);
            let value = match schema["type"].as_str().unwrap() {
                _ if parameter["example"].is_string() => parameter["example"].as_str().unwrap(),
                "integer" if parameter["name"] == "filterId" => "101",
                "integer" => "1",
                "boolean" => "true",
                _ => allowed[0].as_str().unwrap_or("x"),
            };
            let value = percent_encode(value.as_bytes(), NON_ALPHANUMERIC);
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

/// The address for a template, with things that are there.
fn real_path(client: &Client, template: &str) -> String {
    let alert = &client.get("account/alerts/open?max=1").json()["alerts"][0];
    let class = ["esxihost", "printer"]
        .into_iter()
        .find(|class| template.contains(class));
    let devices = client.get("account/devices").json()["devices"].take();
    let device = devices
        .as_array()
        .unwrap()
        .iter()
        .find(|device| device["deviceClass"] == class.unwrap_or("device"))
        .unwrap();
    let job = template
        .contains("{jobUid}")
        .then(|| job_on(client, device));
    format!("{}/api{template}", client.url)
        .replace("{jobUid}", &job.unwrap_or_default())
        .replace("{deviceUid}", device["uid"].as_str().unwrap())
        .replace("{siteUid}", device["siteUid"].as_str().unwrap())
        .replace("{alertUid}", alert["alertUid"].as_str().unwrap())
        .replace("{deviceId}", &device["id"].to_string())
        .replace("{macAddress}", "0C9D92000002")
}

/// The uid of a job that fails, so that it has both outputs.
fn job_on(client: &Client, device: &Value) -> String {
    let components = client.get("account/components").json()["components"].take();
    let fails = |component: &&Value| component["name"].as_str().unwrap().contains("Fails");
    let component = components.as_array().unwrap().iter().find(fails).unwrap();
    let path = format!("device/{}/quickjob", device["uid"].as_str().unwrap());
    let component = json!({ "componentUid": component["uid"], "variables": null });
    let body = json!({ "jobName": "a", "jobComponent": component });
    let job = client.write("PUT", &path, &body).json()["job"].take();
    job["uid"].as_str().unwrap().to_owned()
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

/// The one class that the description does not know.
const UNKNOWN_CONTEXT: &str = "hypervisor_replica_ctx";

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
    let known = CONTEXTS.iter().map(|(class, _)| *class);
    assert_eq!(classes, known.chain([UNKNOWN_CONTEXT]).collect());
}

fn context_fits(description: &Value, class: &str, context: &Value) {
    if class == UNKNOWN_CONTEXT {
        return;
    }
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
            .filter(|(name, schema)| {
                schema["writeOnly"] != true && !["typeMisMatch", "error"].contains(&name.as_str())
            })
            .collect();
        let described: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
        // Real answers of v2 have user-defined fields that the description leaves out.
        let given: Vec<_> = crate::common::fields(value)
            .into_iter()
            .filter(|name| *name != "udf" && *name != "typeMisMatch")
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
