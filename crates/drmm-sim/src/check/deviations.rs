//! Where the field and the description differ, in one place.
//!
//! Everywhere:
//! - A field may be null, an item of a list may not.
//! - What is described as a text of the form date-time is a number, Unix milliseconds.
//! - An object has all the fields that are described and no others.
//! - A field that is described as one to be written only is not there.
//! - With `--extra-fields`, an object may have the fields that are named in [`UNKNOWN_TO_ALL`].
//!
//! For single fields and operations: the tables below.

use serde_json::{Map, Value, json};

/// Fields that are there and not described, each with its schema.
fn undescribed(schema: &str) -> Option<(&'static str, Value)> {
    match schema {
        // Build 118 described it, 235 does not; the answers of v2 did not change.
        "Device" => {
            let value = json!({ "type": ["string", "null"] });
            Some((
                "udf",
                json!({
                    "type": "object",
                    "patternProperties": { "^udf[1-9][0-9]*$": value },
                    "additionalProperties": false,
                }),
            ))
        }
        _ => None,
    }
}

/// Fields that are described and not always there.
const OPTIONAL: [(&str, &str); 2] = [
    // Only where the types differ.
    ("UdfItem", "typeMisMatch"),
    // Only where the service's database failed.
    ("ActivityLogsPage", "error"),
];

/// Operations whose 200 is not described; it has no body.
pub(super) const SUCCESS_LEFT_OUT: [&str; 1] = ["DELETE /v2/site/{siteUid}/settings/proxy"];

/// Whole numbers that are parts of one where tests run in scaled time.
const FRACTIONS: [(&str, &str); 1] = [("RateStatusResponse", "slidingTimeWindowSizeSeconds")];

/// What `--extra-fields` adds, as a pattern.
const UNKNOWN_TO_ALL: &str = "^future(Scalar|Object|List)$";

/// Which schema belongs to a class of context is nowhere described; the fields leave no doubt. Real
/// classes go beyond the description: a context of any other class may be anything.
pub(super) const CONTEXTS: [(&str, &str); 23] = [
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

/// Turns described schemas into those of the field.
pub(super) struct Adapter {
    described: Map<String, Value>,
    adapted: Value,
}

impl Adapter {
    pub(super) fn new(described: Map<String, Value>) -> Self {
        let mut adapter = Self {
            described,
            adapted: Value::Null,
        };
        let adapted: Map<String, Value> = adapter
            .described
            .iter()
            .map(|(name, schema)| (name.clone(), adapter.named(name, schema)))
            .collect();
        adapter.adapted = Value::Object(adapted);
        adapter
    }

    /// The named schemas, adapted.
    pub(super) fn schemas(&self) -> &Value {
        &self.adapted
    }

    /// A schema without a name. One that repeats a named one, as those of answers do, is that one.
    pub(super) fn adapted(&self, schema: &Value) -> Value {
        let repeats = |(_, named): &(&String, &Value)| {
            schema["properties"].is_object() && named["properties"] == schema["properties"]
        };
        match self.described.iter().find(repeats) {
            Some((name, _)) => reference(name),
            None => self.named("", schema),
        }
    }

    fn named(&self, name: &str, schema: &Value) -> Value {
        if let Some(other) = schema["$ref"].as_str() {
            return reference(other.rsplit('/').next().unwrap_or_default());
        }
        // The only choice there is; in one place it is by its common part.
        if schema["oneOf"].is_array() || schema["discriminator"].is_object() {
            return contexts();
        }
        if let Some([_, own]) = schema["allOf"].as_array().map(Vec::as_slice) {
            let mut own = own.clone();
            own["properties"]["@class"] = json!({ "type": "string" });
            return self.object(name, &own);
        }
        if schema["properties"].is_object() {
            return self.object(name, schema);
        }
        if schema["format"] == "date-time" {
            return json!({ "type": ["integer", "null"] });
        }
        let mut adapted = schema.clone();
        let Some(keywords) = adapted.as_object_mut() else {
            return adapted;
        };
        if let Some(kind) = schema.get("type") {
            keywords.insert("type".to_owned(), json!([kind, "null"]));
        }
        if let Some(Value::Array(choices)) = keywords.get_mut("enum") {
            choices.push(Value::Null);
        }
        if let Some(items) = schema.get("items") {
            let items = [self.adapted(items), json!({ "not": { "type": "null" } })];
            keywords.insert("items".to_owned(), json!({ "allOf": items }));
        }
        if let Some(values @ Value::Object(_)) = schema.get("additionalProperties") {
            keywords.insert("additionalProperties".to_owned(), self.adapted(values));
        }
        adapted
    }

    fn object(&self, name: &str, schema: &Value) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (field, described) in schema["properties"].as_object().into_iter().flatten() {
            if described["writeOnly"] == true {
                continue;
            }
            let adapted = if FRACTIONS.contains(&(name, field.as_str())) {
                json!({ "type": "number" })
            } else {
                self.adapted(described)
            };
            properties.insert(field.clone(), adapted);
            if !OPTIONAL.contains(&(name, field.as_str())) {
                required.push(field.as_str());
            }
        }
        if let Some((field, schema)) = undescribed(name) {
            properties.insert(field.to_owned(), schema);
            required.push(field);
        }
        json!({
            "type": ["object", "null"],
            "properties": properties,
            "patternProperties": { UNKNOWN_TO_ALL: true },
            "required": required,
            "additionalProperties": false,
        })
    }
}

/// A reference to a named schema. Some names have spaces, which no address has.
fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", name.replace(' ', "%20")) })
}

/// A context has the shape that belongs to its class.
fn contexts() -> Value {
    let of_class: Vec<_> = CONTEXTS
        .iter()
        .map(|(class, schema)| {
            json!({
                "if": { "properties": { "@class": { "const": class } } },
                "then": reference(schema),
            })
        })
        .collect();
    json!({ "type": ["object", "null"], "required": ["@class"], "allOf": of_class })
}
