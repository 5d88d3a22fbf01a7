//! Fields whose text is JSON in itself: the decoder is handed what the text says.
//!
//! The API puts the details of an activity into its log as text. What they say comes through by the
//! rules of all other values, and text that is not JSON stays the text it is.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;

/// The seed of a field's value, which is given what the text says if the value is text.
pub(crate) struct Unfold<S>(pub(crate) S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Unfold<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<S::Value, D::Error> {
        value.deserialize_any(self)
    }
}

macro_rules! pass {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<S::Value, E> {
            self.0.deserialize(value.into_deserializer())
        }
    )*};
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Unfold<S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    pass! { visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) }

    fn visit_unit<E: Error>(self) -> Result<S::Value, E> {
        self.0.deserialize(().into_deserializer())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<S::Value, E> {
        // Tried first, since what a seed has taken it cannot give back.
        if serde_json::from_str::<Value>(text).is_err() {
            return self.0.deserialize(text.into_deserializer());
        }
        // As from a stream: the text does not live as long as the answer.
        let mut parser = serde_json::Deserializer::from_reader(text.as_bytes());
        self.0.deserialize(&mut parser).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<S::Value, A::Error> {
        self.0.deserialize(SeqAccessDeserializer::new(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<S::Value, A::Error> {
        self.0.deserialize(MapAccessDeserializer::new(map))
    }
}

#[cfg(test)]
mod tests {
    use crate::envelope::read_page;
    use serde_json::{Value, json};

    /// What becomes of an item whose fields `a` and `b` are to be unfolded.
    fn unfolded(item: &str) -> Value {
        let body = format!(r#"{{"items":[{item}],"pageDetails":{{}}}}"#);
        let fields = ["a".to_owned(), "b".to_owned()];
        let mut items = Vec::new();
        let read = read_page(body.as_bytes(), "items", &fields, &mut items).expect("JSON");
        assert_eq!(read.map(|read| read.items), Ok(1));
        items.remove(0)
    }

    #[test]
    fn text_that_is_json_becomes_what_it_says() {
        for (text, value) in [
            (
                r#"{"z":1,"y":[null,true],"a":"{}"}"#,
                json!({"z":1,"y":[null,true],"a":"{}"}),
            ),
            ("[1.5,\"ä\"]", json!([1.5, "ä"])),
            (" 17 ", json!(17)),
            ("null", json!(null)),
            ("\"text\"", json!("text")),
        ] {
            let item = json!({"x": text, "a": text, "y": {"a": text}, "b": text});
            let expected = json!({"x": text, "a": value, "y": {"a": text}, "b": value});
            let read = unfolded(&item.to_string());
            // With the order of its fields.
            assert_eq!(read.to_string(), expected.to_string());
        }
    }

    #[test]
    fn no_digit_of_a_number_is_lost() {
        let read = unfolded(r#"{"a":"[123456789012345678901234567890,0.10]","b":1}"#);
        assert_eq!(
            read.to_string(),
            r#"{"a":[123456789012345678901234567890,0.10],"b":1}"#
        );
    }

    #[test]
    fn text_that_is_not_json_stays_text() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        for text in [
            "",
            " ",
            "{",
            "{} {}",
            "{'a':1}",
            "{\"a\":\"\\ud800\"}",
            "later",
            &deep,
        ] {
            let item = json!({"a": text, "b": 1});
            assert_eq!(unfolded(&item.to_string()), item, "{text}");
        }
    }

    #[test]
    fn what_is_no_text_passes_as_it_is() {
        for value in [
            json!(null),
            json!(true),
            json!(-7),
            json!(1.5),
            json!(["{}"]),
            json!({"a": "{}", "b": []}),
        ] {
            let item = json!({"b": value, "c": 1});
            assert_eq!(unfolded(&item.to_string()), item);
        }
        assert_eq!(unfolded("\"{}\""), json!("{}"));
    }
}
