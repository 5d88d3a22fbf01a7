//! The user-defined fields of a device.

use std::collections::BTreeMap;

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::Number;

use super::digits;
use crate::seed::{Purpose, Seed};

/// How many user-defined fields the API knows.
pub(crate) const MOST_UDFS: u16 = 300;

/// The type that an account has set for a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Text,
    Boolean,
    Number,
    Date,
}

/// The type of the field with this number, from 1.
pub(crate) fn kind(number: u16) -> Kind {
    match number % 10 {
        2 => Kind::Date,
        3 => Kind::Boolean,
        0 | 5 => Kind::Number,
        _ => Kind::Text,
    }
}

/// What an account calls its fields; those not here have no label.
const LABELS: [(u16, &str); 8] = [
    (1, "Inventarnummer"),
    (2, "Garantie bis"),
    (3, "Abgenommen"),
    (4, "Gebäude"),
    (5, "Kostenstelle"),
    (6, "Recovery Key"),
    (8, "Geprüft?"),
    (10, "Score"),
];

/// The user-defined fields of one device: about a third of them filled. One that was written is there
/// also where the account shows fewer fields. As it is, the `udf` object, with null for the others.
pub(crate) struct Udfs<'a> {
    pub(crate) seed: Seed,
    pub(crate) device: u32,
    /// `udf1` and on.
    pub(crate) keys: &'a [String],
    /// What was set since the server started, by number from 1; `None` is a field that was deleted.
    pub(crate) written: BTreeMap<u16, Option<String>>,
}

/// The names of the first `count` fields.
pub(crate) fn keys(count: u16) -> Vec<String> {
    (1..=count).map(|number| format!("udf{number}")).collect()
}

impl Udfs<'_> {
    /// Hands over each field that is shown, in order, with its value if it has one.
    fn each<E>(
        &self,
        mut take: impl FnMut(u16, &str, Option<&str>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rng = self.seed.rng(Purpose::Udf, self.device);
        let mut value = String::with_capacity(64);
        for (at, key) in (0_u16..).zip(self.keys) {
            let draw = rng.u32(..);
            if let Some(set) = self.written.get(&(at + 1)) {
                take(at + 1, key, set.as_deref())?;
            } else if draw.is_multiple_of(3) {
                value.clear();
                write_value(usize::from(at), draw / 3, &mut value);
                take(at + 1, key, Some(&value))?;
            } else {
                take(at + 1, key, None)?;
            }
        }
        let shown = self.keys.len();
        for (&number, set) in &self.written {
            if usize::from(number) > shown && set.is_some() {
                take(number, &format!("udf{number}"), set.as_deref())?;
            }
        }
        Ok(())
    }
}

impl Serialize for Udfs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.each(|_, key, value| map.serialize_entry(key, &value))?;
        map.end()
    }
}

/// The same fields as the `udfs` list of v3: those that have a value, each with its type.
pub(crate) struct TypedUdfs<'a>(pub(crate) Udfs<'a>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypedUdf<'a> {
    ordinal: u16,
    #[serde(rename = "type")]
    kind: &'static str,
    value_boolean: Option<bool>,
    value_string: Option<&'a str>,
    value_date: Option<&'a str>,
    value_number: Option<Number>,
    label: Option<&'static str>,
    /// Only there when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    type_mis_match: Option<bool>,
}

impl<'a> TypedUdf<'a> {
    /// A value that is not of its field's type stays the text it is, and says so.
    fn new(ordinal: u16, value: &'a str) -> Self {
        let label = LABELS.iter().find(|(number, _)| *number == ordinal);
        let mut item = Self {
            ordinal,
            kind: "STRING",
            value_boolean: None,
            value_string: None,
            value_date: None,
            value_number: None,
            label: label.map(|(_, label)| *label),
            type_mis_match: None,
        };
        match kind(ordinal) {
            Kind::Boolean => item.value_boolean = value.parse().ok(),
            Kind::Number => item.value_number = number(value),
            Kind::Date => item.value_date = is_date(value).then_some(value),
            Kind::Text => item.value_string = Some(value),
        }
        if item.value_boolean.is_some() {
            item.kind = "BOOLEAN";
        } else if item.value_number.is_some() {
            item.kind = "NUMBER";
        } else if item.value_date.is_some() {
            item.kind = "DATE";
        } else if item.value_string.is_none() {
            item.value_string = Some(value);
            item.type_mis_match = Some(true);
        }
        item
    }
}

/// A number as JSON writes it, with the digits it has.
fn number(text: &str) -> Option<Number> {
    serde_json::from_str(text.trim()).ok()
}

impl Serialize for TypedUdfs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        self.0.each(|ordinal, _, value| match value {
            Some(value) => list.serialize_element(&TypedUdf::new(ordinal, value)),
            None => Ok(()),
        })?;
        list.end()
    }
}

/// Whether it is a day that there is, as `yyyy-mm-dd`.
pub(crate) fn is_date(text: &str) -> bool {
    let digits = |range: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(range)?;
        let plain = part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|_| plain)
    };
    let dashes = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    dashes && (1..=days).contains(&day)
}

/// A field has the same meaning on every device of an account, so its number decides the form.
/// Written by hand: a page of devices with 300 fields each has 25,000 values.
fn write_value(number: usize, draw: u32, value: &mut String) {
    match number % 10 {
        0 => {
            value.push_str("AST-");
            digits(draw % 1_000_000, 6, value);
        }
        1 => {
            value.push_str("20");
            digits(20 + draw % 8, 2, value);
            value.push('-');
            digits(1 + draw % 12, 2, value);
            value.push('-');
            digits(1 + draw % 28, 2, value);
        }
        2 => value.push_str(if draw.is_multiple_of(2) {
            "true"
        } else {
            "false"
        }),
        3 => {
            value.push_str("Gebäude ");
            digits(draw % 9, 1, value);
            value.push_str(", ");
            digits(draw % 6, 1, value);
            value.push_str(". OG");
        }
        4 => digits(draw % 100_000, 1, value),
        // Like a recovery key, which people do keep in such fields.
        5 => {
            digits(draw % 999_983, 6, value);
            for divisor in [
                999_979, 999_961, 999_959, 999_953, 999_931, 999_917, 999_907,
            ] {
                value.push('-');
                digits(draw % divisor, 6, value);
            }
        }
        6 => {
            digits(draw % 20, 1, value);
            value.push('.');
            digits(draw % 4_001, 1, value);
        }
        7 => value.push_str(["Ja", "Nein", "Prüfen", "\"n/a\"", ""][(draw % 5) as usize]),
        8 => {
            value.push_str("https://docs.example.com/a/");
            digits(draw, 10, value);
        }
        _ => {
            digits(draw % 1_000, 1, value);
            value.push('.');
            digits(draw % 10, 1, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_that_there_is() {
        for text in ["2026-01-31", "2024-02-29", "2000-02-29", "0001-12-01"] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "",
            "2026-1-31",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "31.01.2026",
            "2026/01/31",
            "2026-01-31T00:00:00",
            "+026-01-31",
            "ää26-01-1",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }

    #[test]
    fn a_value_has_the_type_of_its_field_or_says_that_it_has_not() {
        for (ordinal, value, expected) in [
            (1, "12", r#""type":"STRING","valueString":"12""#),
            (2, "2026-02-28", r#""type":"DATE","valueDate":"2026-02-28""#),
            (3, "true", r#""type":"BOOLEAN","valueBoolean":true"#),
            (5, "-1.50", r#""type":"NUMBER","valueNumber":-1.50"#),
            (
                2,
                "2026-02-29",
                r#""type":"STRING","valueString":"2026-02-29","typeMisMatch":true"#,
            ),
            (
                3,
                "ja",
                r#""type":"STRING","valueString":"ja","typeMisMatch":true"#,
            ),
            (
                5,
                "12a",
                r#""type":"STRING","valueString":"12a","typeMisMatch":true"#,
            ),
            (
                5,
                "",
                r#""type":"STRING","valueString":"","typeMisMatch":true"#,
            ),
        ] {
            let mut item = serde_json::to_value(TypedUdf::new(ordinal, value)).unwrap();
            let item = item.as_object_mut().unwrap();
            item.retain(|name, value| name != "label" && name != "ordinal" && !value.is_null());
            assert_eq!(
                serde_json::to_string(item).unwrap(),
                format!("{{{expected}}}")
            );
        }
    }
}
