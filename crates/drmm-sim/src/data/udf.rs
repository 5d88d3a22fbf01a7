//! The user-defined fields of a device.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap};

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

/// The `udf` object of one device: about a third of its fields filled, the others null. One that was
/// written is there also where the account shows fewer fields.
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

impl Serialize for Udfs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rng = self.seed.rng(Purpose::Udf, self.device);
        let mut value = String::with_capacity(64);
        let mut map = serializer.serialize_map(None)?;
        for (number, key) in self.keys.iter().enumerate() {
            let draw = rng.u32(..);
            let set = u16::try_from(number + 1)
                .ok()
                .and_then(|number| self.written.get(&number));
            if let Some(set) = set {
                map.serialize_entry(key, set)?;
            } else if draw.is_multiple_of(3) {
                value.clear();
                write_value(number, draw / 3, &mut value);
                map.serialize_entry(key, &value)?;
            } else {
                map.serialize_entry(key, &None::<&str>)?;
            }
        }
        let shown = self.keys.len();
        for (number, set) in &self.written {
            if usize::from(*number) > shown && set.is_some() {
                map.serialize_entry(&format!("udf{number}"), set)?;
            }
        }
        map.end()
    }
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
