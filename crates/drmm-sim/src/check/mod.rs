//! Answers against the API's own description, so that no test passes on an answer that the service
//! could not give.

mod deviations;

use std::{collections::HashMap, fs, io, path::Path, sync::Arc};

use http::StatusCode;
use jsonschema::Validator;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use crate::{answer::Answer, route::Route};
use deviations::{Adapter, SUCCESS_LEFT_OUT};

/// The schemas of the description as the field knows them, and what has been compiled of them.
pub(crate) struct Checker {
    paths: Value,
    adapter: Adapter,
    /// By operation and status.
    rules: Mutex<HashMap<(String, StatusCode), Arc<Rule>>>,
}

/// What the description says about a body.
enum Rule {
    /// There is none.
    Empty,
    Json(Box<Validator>),
    /// Nothing that could be used; the reason.
    Unknown(String),
}

impl Checker {
    /// Reads an OpenAPI file; `InvalidInput` if it is none.
    pub(crate) fn load(file: &Path) -> io::Result<Self> {
        let refuse = |reason: String| {
            let text = format!("{}: {reason}", file.display());
            io::Error::new(io::ErrorKind::InvalidInput, text)
        };
        let text = fs::read(file).map_err(|error| refuse(error.to_string()))?;
        let mut description: Value =
            serde_json::from_slice(&text).map_err(|error| refuse(error.to_string()))?;
        let paths = description["paths"].take();
        if !paths.is_object() {
            return Err(refuse("it has no paths".to_owned()));
        }
        let schemas = match description["components"]["schemas"].take() {
            Value::Object(schemas) => schemas,
            _ => Map::new(),
        };
        Ok(Self {
            paths,
            adapter: Adapter::new(schemas),
            rules: Mutex::default(),
        })
    }

    /// What is wrong with an answer, without any value that is in it; `None` if nothing is.
    pub(crate) fn complaint(&self, route: &Route, answer: &Answer) -> Option<String> {
        let rule = Arc::clone(
            self.rules
                .lock()
                .entry((route.name(), answer.status))
                .or_insert_with(|| Arc::new(self.rule(route, answer.status))),
        );
        let validator = match rule.as_ref() {
            Rule::Unknown(reason) => return Some(reason.clone()),
            Rule::Empty if answer.body.is_empty() => return None,
            Rule::Empty => return Some("there is a body".to_owned()),
            Rule::Json(validator) => validator,
        };
        let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
            return Some("the body is no JSON".to_owned());
        };
        let error = validator.validate(&body).err()?;
        Some(format!("{}: {}", error.instance_path(), error.masked()))
    }

    fn rule(&self, route: &Route, status: StatusCode) -> Rule {
        let method = route.method.to_ascii_lowercase();
        let responses = &self.paths[route.template][method]["responses"];
        let Some(response) = responses.get(status.as_str()) else {
            if status == StatusCode::OK && SUCCESS_LEFT_OUT.contains(&route.name().as_str()) {
                return Rule::Empty;
            }
            return Rule::Unknown(format!("the description has no {status} for it"));
        };
        let content = response["content"].as_object();
        let Some(schema) = content.and_then(|content| content.values().next()) else {
            return Rule::Empty;
        };
        let schema = json!({
            "allOf": [self.adapter.adapted(&schema["schema"]), { "not": { "type": "null" } }],
            "components": { "schemas": self.adapter.schemas() },
        });
        let validator = jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&schema);
        match validator {
            Ok(validator) => Rule::Json(Box::new(validator)),
            Err(error) => Rule::Unknown(format!("its schema is none: {}", error.masked())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    /// What is said of an account's answer when its schema is this.
    fn complaint(schema: &Value, schemas: Value, body: &str) -> Option<String> {
        let content = json!({ "application/json": { "schema": schema } });
        let Value::Object(schemas) = schemas else {
            panic!("schemas have names");
        };
        let checker = Checker {
            paths: json!({ "/v2/account": { "get": { "responses": { "200": { "content": content } } } } }),
            adapter: Adapter::new(schemas),
            rules: Mutex::default(),
        };
        let route = routes::all().find(|route| route.name() == "GET /v2/account");
        checker.complaint(route.unwrap(), &Answer::from_json(body.into()))
    }

    #[track_caller]
    fn check(schema: &Value, schemas: &Value, good: &[&str], bad: &[&str]) {
        for body in good {
            assert_eq!(complaint(schema, schemas.clone(), body), None, "{body}");
        }
        for body in bad {
            assert!(complaint(schema, schemas.clone(), body).is_some(), "{body}");
        }
    }

    #[test]
    fn fields_are_those_described_and_of_their_type_or_null() {
        let schema = json!({ "properties": {
            "text": { "type": "string", "enum": ["a", "b"] },
            "at": { "type": "string", "format": "date-time" },
            "day": { "type": "string", "format": "date" },
            "list": { "type": "array", "items": { "type": "integer" } },
            "secret": { "type": "string", "writeOnly": true },
        } });
        let good = [
            r#"{"text":"a","at":1,"day":"2026-02-28","list":[1]}"#,
            r#"{"text":null,"at":null,"day":null,"list":null}"#,
            r#"{"text":"b","at":1,"day":null,"list":[],"futureScalar":1,"futureList":[]}"#,
        ];
        let bad = [
            r#"{"text":"c","at":1,"day":null,"list":[]}"#,
            r#"{"text":1,"at":1,"day":null,"list":[]}"#,
            r#"{"text":"a","at":"2026-01-01T00:00:00Z","day":null,"list":[]}"#,
            r#"{"text":"a","at":1,"day":"2026-02-30","list":[]}"#,
            r#"{"text":"a","at":1,"day":null,"list":[null]}"#,
            r#"{"text":"a","at":1,"day":null,"list":[1.5]}"#,
            r#"{"text":"a","at":1,"day":null}"#,
            r#"{"text":"a","at":1,"day":null,"list":[],"more":1}"#,
            r#"{"text":"a","at":1,"day":null,"list":[],"secret":"x"}"#,
            "null",
            "[]",
            "x",
        ];
        check(&schema, &json!({}), &good, &bad);
    }

    #[test]
    fn a_schema_that_repeats_a_named_one_deviates_as_that_one() {
        let fields = json!({ "uid": { "$ref": "#/components/schemas/A Name" } });
        let schemas = json!({
            "Device": { "properties": fields },
            "A Name": { "type": "string" },
        });
        let good = [r#"{"uid":"a","udf":{"udf1":null,"udf300":"x"}}"#];
        let bad = [
            r#"{"uid":"a"}"#,
            r#"{"uid":"a","udf":{"other":"x"}}"#,
            r#"{"uid":"a","udf":{"udf1":1}}"#,
        ];
        check(&json!({ "properties": fields }), &schemas, &good, &bad);
        let named = json!({ "$ref": "#/components/schemas/Device" });
        check(&named, &schemas, &good, &bad);
    }

    #[test]
    fn a_context_has_the_shape_of_its_class() {
        let own = |name: &str, kind: &str| json!({ "allOf": [{}, { "properties": { name: { "type": kind } } }] });
        let schemas = json!({
            "PatchContext": own("result", "string"),
            "WmiContext": own("value", "string"),
        });
        let described = deviations::CONTEXTS.map(|(_, schema)| schema);
        let mut schemas = schemas;
        for schema in described {
            if schemas.get(schema).is_none() {
                schemas[schema] = own("reason", "string");
            }
        }
        let schema = json!({ "properties": { "alertContext": { "oneOf": [] } } });
        check(
            &schema,
            &schemas,
            &[
                r#"{"alertContext":{"@class":"patch_ctx","result":"FAILED"}}"#,
                r#"{"alertContext":{"@class":"wmi_ctx","value":"1"}}"#,
                r#"{"alertContext":{"@class":"new_ctx","anything":1}}"#,
                r#"{"alertContext":null}"#,
            ],
            &[
                r#"{"alertContext":{"@class":"patch_ctx","value":"1"}}"#,
                r#"{"alertContext":{"@class":"wmi_ctx","value":1}}"#,
                r#"{"alertContext":{"value":"1"}}"#,
            ],
        );
    }

    #[test]
    fn a_context_may_be_described_by_its_common_part() {
        let described = deviations::CONTEXTS.map(|(_, schema)| {
            let own =
                json!({ "allOf": [{}, { "properties": { "reason": { "type": "string" } } }] });
            (schema.to_owned(), own)
        });
        let mut schemas = Map::from_iter(described);
        let common = json!({ "discriminator": { "propertyName": "@class" }, "properties": {} });
        schemas.insert("AlertContext".to_owned(), common);
        let context = json!({ "$ref": "#/components/schemas/AlertContext" });
        check(
            &json!({ "properties": { "alertContext": context } }),
            &Value::Object(schemas),
            &[r#"{"alertContext":{"@class":"fan_ctx","reason":"a"}}"#],
            &[r#"{"alertContext":{"@class":"fan_ctx","other":"a"}}"#],
        );
    }

    #[test]
    fn a_complaint_names_the_place_and_not_the_value() {
        let schema = json!({ "properties": { "name": { "type": "integer" } } });
        let complaint = complaint(&schema, json!({}), r#"{"name":"hunter2"}"#).unwrap();
        assert!(complaint.starts_with("/name: "), "{complaint}");
        assert!(!complaint.contains("hunter2"), "{complaint}");
    }
}
