//! What can be changed of a device: its site, its warranty date, its user-defined fields.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::devices::named_device;
use crate::{
    answer::Answer,
    call::Call,
    data::{
        activity::Deed,
        udf::{Kind, MOST_UDFS, is_date, kind},
    },
    document::Document,
    error::ApiError,
    operation::Operation,
    route::Route,
};

pub(super) const ROUTES: &[Route] = &[
    Route::put(
        "/v2/device/{deviceUid}/site/{siteUid}",
        Operation::DeviceMove,
        move_device,
    ),
    Route::post(
        "/v2/device/{deviceUid}/warranty",
        Operation::DeviceWarrantyCreate,
        set_warranty,
    ),
    Route::post(
        "/v2/device/{deviceUid}/udf",
        Operation::DeviceUdfSet,
        set_udfs,
    ),
    Route::post(
        "/v3/device/{deviceUid}/udf",
        Operation::DeviceUdfSet,
        set_typed_udfs,
    ),
];

fn move_device(call: &Call<'_>) -> Result<Answer, ApiError> {
    let device = named_device(call)?;
    let site = call
        .app
        .world
        .sites
        .by_uid(call.capture(1))
        .ok_or_else(|| ApiError::not_found("site"))?;
    let before = call.app.world.sites.at(call.app.state.site_of(device));
    call.app
        .state
        .change_device(device, |change| change.site = Some(site.index));
    let details = json!({ "from_site": before.details.name, "to_site": site.details.name });
    call.app
        .activities
        .add(Deed::Move, device.index, site.index, &details);
    done()
}

/// A date that is not there is refused: whoever means to clear it sends null.
fn set_warranty(call: &Call<'_>) -> Result<Answer, ApiError> {
    let device = named_device(call)?;
    let mut document = Document::read(call.headers, call.body)?;
    if !document.has("warrantyDate") {
        return Err(ApiError::bad_request("warrantyDate is missing"));
    }
    let date = document.text("warrantyDate")?;
    document.end()?;
    if date.as_deref().is_some_and(|date| !is_date(date)) {
        return Err(ApiError::bad_request("warrantyDate is not yyyy-mm-dd"));
    }
    call.app
        .state
        .change_device(device, |change| change.warranty = Some(date));
    done()
}

/// Texts only; an empty one deletes, a field that is not there keeps its value.
fn set_udfs(call: &Call<'_>) -> Result<Answer, ApiError> {
    let device = named_device(call)?;
    let mut udfs = Vec::new();
    for (name, value) in Document::read(call.headers, call.body)?.fields() {
        let number = name
            .strip_prefix("udf")
            .and_then(number)
            .ok_or_else(|| ApiError::bad_request("the body has an unknown field"))?;
        let value = match value {
            Value::Null => None,
            Value::String(text) => Some(text).filter(|text| !text.is_empty()),
            _ => return Err(ApiError::bad_request(format!("{name} is no text"))),
        };
        udfs.push((number, value));
    }
    call.app
        .state
        .change_device(device, |change| change.udfs.extend(udfs));
    done()
}

/// Each value has to be of the type that the account has set for its field.
fn set_typed_udfs(call: &Call<'_>) -> Result<Answer, ApiError> {
    let device = named_device(call)?;
    let mut fields = Document::read(call.headers, call.body)?.fields();
    let Some(Value::Array(items)) = fields.remove("udfs").filter(|_| fields.is_empty()) else {
        return Err(ApiError::bad_request("the body is not a list udfs alone"));
    };
    let mut udfs = Vec::new();
    for item in items {
        let Value::Object(item) = item else {
            return Err(ApiError::bad_request("udfs has an item that is no object"));
        };
        udfs.push(typed(item)?);
    }
    call.app
        .state
        .change_device(device, |change| change.udfs.extend(udfs));
    done()
}

/// The number and the value of one item.
fn typed(mut item: Map<String, Value>) -> Result<(u16, Option<String>), ApiError> {
    let ordinal = item.remove("ordinal").and_then(|value| {
        let number = u16::try_from(value.as_u64()?).ok()?;
        (1..=MOST_UDFS).contains(&number).then_some(number)
    });
    let number = ordinal.ok_or_else(|| ApiError::bad_request("an ordinal is not 1 to 300"))?;
    let mut given = None;
    for (name, value) in item {
        let (kind, text) = match (name.as_str(), value) {
            (_, Value::Null) => continue,
            ("valueString", Value::String(text)) => (Kind::Text, text),
            ("valueBoolean", Value::Bool(flag)) => (Kind::Boolean, flag.to_string()),
            ("valueNumber", Value::Number(number)) => (Kind::Number, number.to_string()),
            ("valueDate", Value::String(text)) if is_date(&text) => (Kind::Date, text),
            _ => {
                return Err(ApiError::bad_request(format!(
                    "udf {number} has a wrong value"
                )));
            }
        };
        if given.is_some() {
            return Err(ApiError::bad_request(format!(
                "udf {number} has two values"
            )));
        }
        given = Some((kind, text));
    }
    match given {
        Some((given, _)) if given != kind(number) => Err(ApiError::bad_request(format!(
            "udf {number} is of another type"
        ))),
        given => Ok((number, given.map(|(_, text)| text))),
    }
}

/// The number of a field, 1 to 300, written without a leading zero.
fn number(text: &str) -> Option<u16> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    let number = text.parse().ok().filter(|_| plain)?;
    (1..=MOST_UDFS).contains(&number).then_some(number)
}

fn done() -> Result<Answer, ApiError> {
    Ok(Answer::empty(StatusCode::OK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_one_name() {
        assert_eq!(number("1"), Some(1));
        assert_eq!(number("300"), Some(300));
        for text in ["", "0", "301", "01", "+1", "-1", "1.0", "x", "70000"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
