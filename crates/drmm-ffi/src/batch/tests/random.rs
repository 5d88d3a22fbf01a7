//! Random values and random texts.

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::super::names;
use super::super::reader::Reader;
use super::{Batches, deliver, try_decode};

/// What must come back: floats as 64 bits have them, and of names that are the same the first.
pub(super) fn expected(value: Value) -> Value {
    match value {
        Value::Number(number) if number.as_str().contains(['.', 'e', 'E']) => {
            number.as_f64().map_or(Value::Null, Value::from)
        }
        Value::Array(items) => items.into_iter().map(expected).collect(),
        Value::Object(fields) => {
            let mut kept = Vec::new();
            let mut object = Map::new();
            for (name, value) in fields {
                let folded = names::folded(&name);
                if !name.is_empty() && !kept.contains(&folded) {
                    kept.push(folded);
                    object.insert(name, expected(value));
                }
            }
            Value::Object(object)
        }
        other => other,
    }
}

pub(super) fn any_value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-200..200_i64).prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |f| f.is_finite())
            .prop_map(Value::from),
        "-?[1-9][0-9]{0,40}"
            .prop_map(|digits| Value::Number(Number::from_string_unchecked(digits))),
    ];
    let text = prop_oneof!["[a-c]{0,3}", "\\PC{0,80}", any::<String>()];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        text.prop_map(Value::from),
    ];
    let name = prop_oneof!["[a-cA-C]{0,2}", "[éÉß]{1,2}", any::<String>()];
    leaf.prop_recursive(5, 80, 12, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..12)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_goes_in_comes_out(pages in prop::collection::vec(any_value(), 1..5)) {
        let batches = Batches::default();
        let mut reader = Reader::default();
        for page in pages {
            let page = Value::from(vec![page.clone(), page]);
            let items = reader.read(&deliver(&batches, &page.to_string()));
            prop_assert_eq!(Value::from(items).to_string(), expected(page).to_string());
        }
    }

    #[test]
    fn whatever_text_comes_the_decoder_ends(json in "[\\[\\]{}\",:0-9eE.+\\-a-z\\\\ ]{0,200}") {
        let batches = Batches::default();
        let text = format!("[{json}]");
        let tree: serde_json::Result<Vec<Value>> = serde_json::from_str(&text);
        match (try_decode(&batches, &text), tree) {
            (Ok(batch), Ok(tree)) => {
                let bytes = batches.deliver(batch).expect("small");
                let items = Value::from(Reader::default().read(bytes.as_slice()));
                prop_assert_eq!(items.to_string(), expected(tree.into()).to_string());
            }
            (batch, tree) => prop_assert_eq!(batch.is_ok(), tree.is_ok()),
        }
    }
}
