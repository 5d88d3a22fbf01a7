//! The JSON object in the body of a write, checked against what the operation takes.

use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use crate::error::ApiError;

/// The fields of a body that are not yet taken.
#[derive(Debug)]
pub(crate) struct Document(Map<String, Value>);

impl Document {
    /// Reads a body; 415 if it does not say that it is JSON, 400 if it is no object.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, ApiError> {
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body has to be application/json",
            ));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(ApiError::bad_request("the body is no JSON object")),
        }
    }

    /// Takes a text; `None` if it is null or not there.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong_type(name)),
        }
    }

    /// Takes a text that has to be there.
    pub(crate) fn needed_text(&mut self, name: &'static str) -> Result<String, ApiError> {
        self.text(name)?
            .ok_or_else(|| ApiError::bad_request(format!("{name} is missing")))
    }

    /// Takes true or false; `None` if it is null or not there.
    pub(crate) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(wrong_type(name)),
        }
    }

    /// Takes a whole number, or a text that is one: scripts read numbers from files and send them as
    /// they are, and the service takes them. `None` if it is null or not there.
    pub(crate) fn whole(&mut self, name: &'static str) -> Result<Option<i64>, ApiError> {
        let number = match self.0.remove(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.parse().ok(),
            Some(_) => None,
        };
        number.map(Some).ok_or_else(|| wrong_type(name))
    }

    /// Takes an object; `None` if it is null or not there.
    pub(crate) fn object(&mut self, name: &'static str) -> Result<Option<Self>, ApiError> {
        match self.0.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Object(fields)) => Ok(Some(Self(fields))),
            Some(_) => Err(wrong_type(name)),
        }
    }

    /// Takes an object that has to be there.
    pub(crate) fn needed_object(&mut self, name: &'static str) -> Result<Self, ApiError> {
        self.object(name)?
            .ok_or_else(|| ApiError::bad_request(format!("{name} is missing")))
    }

    /// Takes a list of objects; without any items if it is null or not there.
    pub(crate) fn objects(&mut self, name: &'static str) -> Result<Vec<Self>, ApiError> {
        let items = match self.0.remove(name) {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(wrong_type(name)),
        };
        items
            .into_iter()
            .map(|item| match item {
                Value::Object(fields) => Ok(Self(fields)),
                _ => Err(wrong_type(name)),
            })
            .collect()
    }

    /// Whether a field is there, null or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All fields, for an operation that has too many to name.
    pub(crate) fn fields(self) -> Map<String, Value> {
        self.0
    }

    /// Wants that every field was taken.
    pub(crate) fn end(self) -> Result<(), ApiError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(ApiError::bad_request("the body has an unknown field"))
        }
    }
}

fn wrong_type(name: &str) -> ApiError {
    ApiError::bad_request(format!("{name} has a value of the wrong type"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(content_type: &'static str, body: &str) -> Result<Document, u16> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Document::read(&headers, body.as_bytes()).map_err(|error| error.status.as_u16())
    }

    #[test]
    fn a_body_is_a_json_object_and_says_so() {
        assert!(read("application/json", "{}").is_ok());
        assert!(read("Application/JSON; charset=utf-8", r#"{"a":1}"#).is_ok());
        assert_eq!(read("text/plain", "{}").unwrap_err(), 415);
        assert_eq!(read("", "{}").unwrap_err(), 415);
        for body in ["", "[]", "null", "{", "{} {}", "\"a\""] {
            assert_eq!(read("application/json", body).unwrap_err(), 400, "{body}");
        }
    }

    #[test]
    fn fields_are_of_their_type_and_known() {
        let json = r#"{"name":"a","none":null,"masked":true,"number":1,"more":2}"#;
        let mut document = read("application/json", json).unwrap();
        assert_eq!(document.needed_text("name").unwrap(), "a");
        assert!(document.has("none"));
        assert_eq!(document.text("none").unwrap(), None);
        assert_eq!(document.flag("masked").unwrap(), Some(true));
        assert!(document.needed_text("missing").is_err());
        assert!(document.text("number").is_err());
        assert!(document.end().is_err());
        let json = r#"{"number":7,"text":"-8","part":1.5,"none":null,"inner":{"a":"b"}}"#;
        let mut document = read("application/json", json).unwrap();
        assert_eq!(document.whole("number").unwrap(), Some(7));
        assert_eq!(document.whole("text").unwrap(), Some(-8));
        assert_eq!(document.whole("none").unwrap(), None);
        assert!(document.whole("part").is_err());
        let mut inner = document.object("inner").unwrap().unwrap();
        assert_eq!(inner.needed_text("a").unwrap(), "b");
        assert!(document.object("inner").unwrap().is_none());
        assert!(document.end().is_ok());
        assert!(read("application/json", "{}").unwrap().end().is_ok());
    }

    #[test]
    fn objects_may_hold_objects_and_lists_of_them() {
        let json = r#"{"a":{"b":[{"c":"d"}]},"list":null,"texts":["e"],"text":"f","none":null}"#;
        let mut document = read("application/json", json).unwrap();
        let mut inner = document.needed_object("a").unwrap();
        let mut items = inner.objects("b").unwrap();
        assert_eq!(items[0].needed_text("c").unwrap(), "d");
        assert!(document.objects("list").unwrap().is_empty());
        assert!(document.objects("missing").unwrap().is_empty());
        assert!(document.objects("texts").is_err());
        assert!(document.needed_object("none").is_err());
        assert!(document.needed_object("text").is_err());
    }
}
