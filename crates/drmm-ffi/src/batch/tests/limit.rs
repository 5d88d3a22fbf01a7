//! Answers that would take too much memory.

use std::sync::Arc;

use drmm::{Decoder as _, ItemSink as _};
use serde::de::Deserializer as _;

use super::super::Batches;
use super::super::limit::{Limit, MOST_LISTS, MOST_MARKS};
use super::{Items, decode, round_trip, try_decode};

impl Batches {
    /// The same with another limit.
    pub(crate) fn limited(mut self, bytes: usize) -> Self {
        let shared = Arc::get_mut(&mut self.0).expect("nobody else has it yet");
        shared.limit = Limit::of(bytes);
        self
    }
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("a.f{number}")).collect()
}

/// How much the tapes and the batch may come to in these tests.
const FEW: usize = 100_000;

/// Whether it was too large, for a batch of which most stands in the answer many times less.
fn is_oversized(batches: &Batches, json: &str) -> bool {
    let mut sink = batches.sink();
    let mut parser = serde_json::Deserializer::from_str(json);
    parser.deserialize_seq(Items(&mut sink)).expect("JSON");
    let kept = sink.scratch.projection.bytes() + sink.bytes.len();
    assert!(kept <= 2 * FEW + 2 * json.len(), "{kept} bytes are kept");
    batches.deliver(sink.finish()).is_err()
}

#[test]
fn a_thousand_fields_of_empty_objects_are_too_large() {
    for json in [
        format!(r#"[{{"a":[{}{{}}]}}]"#, "{},".repeat(1_000)),
        format!(r#"[{{"a":[{}[]]}}]"#, "[],".repeat(1_000)),
        format!("[{}{{}}]", "{},".repeat(1_000)),
    ] {
        let projected = |count| Batches::projected(names(count)).expect("names");
        assert!(is_oversized(&projected(1_000).limited(FEW), &json));
        assert!(!is_oversized(&projected(3).limited(FEW), &json));
    }
}

#[test]
fn fields_within_fields_are_too_large_when_each_holds_the_others() {
    let names: Vec<String> = (1..100).map(|depth| vec!["a"; depth].join(".")).collect();
    let mut json = format!("\"{}\"", "x".repeat(5_000));
    for _ in 1..100 {
        json = format!(r#"{{"a":{json}}}"#);
    }
    let json = format!("[{json}]");
    let projected = |names: &[String]| Batches::projected(names.to_vec()).expect("names");
    assert!(is_oversized(&projected(&names).limited(FEW), &json));
    assert!(!is_oversized(&projected(&names[..1]).limited(FEW), &json));
}

#[test]
fn items_that_are_many_are_too_large_together() {
    let json = format!("[{}{{}}]", "{},".repeat(20_000));
    assert!(is_oversized(&Batches::default().limited(FEW), &json));
    assert_eq!(round_trip(&json), json);
}

#[test]
fn keys_that_never_come_again_are_too_large() {
    let mut json = String::from("[");
    for number in 0..=MOST_LISTS {
        json.push_str(&format!(r#"{{"{number}":0}},"#));
    }
    json.push_str("0]");
    let batches = Batches::default();
    assert!(batches.deliver(decode(&batches, &json)).is_err());
    // What follows is read as ever.
    assert!(batches.deliver(decode(&batches, r#"[{"a":1}]"#)).is_ok());
}

#[test]
fn strings_of_a_field_that_are_too_many_are_too_large() {
    let json = format!(r#"[{{"a":[{}""]}}]"#, "\"\",".repeat(MOST_MARKS));
    let batches = Batches::projected(vec!["a".to_owned()]).expect("names");
    assert!(batches.deliver(decode(&batches, &json)).is_err());
}

#[test]
fn what_is_malformed_behind_the_limit_is_malformed() {
    let json = format!("[{}tru]", "{},".repeat(20_000));
    assert!(try_decode(&Batches::default().limited(FEW), &json).is_err());
}
