//! The user-defined fields of a device.

use std::fmt::Write;

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::seed::{Purpose, Seed};

/// The `udf` object of one device: about a third of its fields filled, the others null.
pub(crate) struct Udfs<'a> {
    pub(crate) seed: Seed,
    pub(crate) device: u32,
    /// `udf1` and on.
    pub(crate) keys: &'a [String],
}

/// The names of the first `count` fields.
pub(crate) fn keys(count: u16) -> Vec<String> {
    (1..=count).map(|number| format!("udf{number}")).collect()
}

impl Serialize for Udfs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rng = self.seed.rng(Purpose::Udf, self.device);
        let mut value = String::with_capacity(64);
        let mut map = serializer.serialize_map(Some(self.keys.len()))?;
        for (number, key) in self.keys.iter().enumerate() {
            let draw = rng.u32(..);
            if draw.is_multiple_of(3) {
                value.clear();
                // Writing to a String cannot fail.
                let _ = write_value(number, draw / 3, &mut value);
                map.serialize_entry(key, &value)?;
            } else {
                map.serialize_entry(key, &None::<&str>)?;
            }
        }
        map.end()
    }
}

/// A field has the same meaning on every device of an account, so its number decides the form.
fn write_value(number: usize, draw: u32, value: &mut String) -> std::fmt::Result {
    match number % 10 {
        0 => write!(value, "AST-{:06}", draw % 1_000_000),
        1 => write!(
            value,
            "20{}-{:02}-{:02}",
            20 + draw % 8,
            1 + draw % 12,
            1 + draw % 28
        ),
        2 => value.write_str(if draw.is_multiple_of(2) {
            "true"
        } else {
            "false"
        }),
        3 => write!(value, "Gebäude {}, {}. OG", draw % 9, draw % 6),
        4 => write!(value, "{}", draw % 100_000),
        5 => write!(
            value,
            "{:06}-{:06}-{:06}-{:06}",
            draw % 999_983,
            draw % 999_979,
            draw % 999_961,
            draw % 999_959
        ),
        6 => write!(value, "{}.{}.{}", draw % 20, draw % 13, draw % 4_001),
        7 => value.write_str(["Ja", "Nein", "Prüfen", "\"n/a\"", ""][(draw % 5) as usize]),
        8 => write!(value, "https://docs.example.com/a/{:08x}", draw),
        _ => write!(value, "{}.{}", draw % 1_000, draw % 10),
    }
}
