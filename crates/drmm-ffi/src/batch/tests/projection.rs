//! Objects cut down to the fields that are wanted.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::super::names;
use super::super::reader::Reader;
use super::random::{any_value, expected};
use super::{Batches, deliver, try_decode};

fn projected(names: &[&str]) -> Batches {
    Batches::projected(names.iter().map(|&name| name.to_owned()).collect()).expect("names")
}

/// What a reader makes of an array of items, as JSON.
fn cut(names: &[&str], json: &str) -> String {
    let items = Reader::default().read(&deliver(&projected(names), json));
    Value::from(items).to_string()
}

#[test]
fn an_item_has_the_named_fields_in_the_named_order() {
    let json = r#"[{"a":1,"b":"x","c":{"d":"y","e":[{"f":"x"}]}},{"c":{"e":2,"d":"y"},"b":"x"}]"#;
    for (names, expected) in [
        (&["b", "a"][..], r#"[{"b":"x","a":1},{"b":"x","a":null}]"#),
        (
            &["c.d", "B", "x"],
            r#"[{"c.d":"y","B":"x","x":null},{"c.d":"y","B":"x","x":null}]"#,
        ),
        (
            &["c"],
            r#"[{"c":{"d":"y","e":[{"f":"x"}]}},{"c":{"e":2,"d":"y"}}]"#,
        ),
        (
            &["c.e", "c", "C.D", "c.e.f", "c.e.f.g"],
            concat!(
                r#"[{"c.e":[{"f":"x"}],"c":{"d":"y","e":[{"f":"x"}]},"C.D":"y","#,
                r#""c.e.f":["x"],"c.e.f.g":[null]},"#,
                r#"{"c.e":2,"c":{"e":2,"d":"y"},"C.D":"y","c.e.f":null,"c.e.f.g":null}]"#
            ),
        ),
    ] {
        assert_eq!(cut(names, json), expected, "{names:?}");
    }
}

#[test]
fn an_array_on_the_way_gives_what_its_elements_have() {
    let json = r#"[{"a":[{"b":1},2,{"c":3},[{"b":4},null],[]]},{"a":[]},{"a":null},{"a":"x"},{}]"#;
    assert_eq!(
        cut(&["a.b"], json),
        r#"[{"a.b":[1,null,null,[4,null],[]]},{"a.b":[]},{"a.b":null},{"a.b":null},{"a.b":null}]"#
    );
}

#[test]
fn an_item_that_is_no_object_has_none_of_the_fields() {
    assert_eq!(
        cut(&["a"], r#"[1,"a",null,true,1.5,{"a":2}]"#),
        r#"[{"a":null},{"a":null},{"a":null},{"a":null},{"a":null},{"a":2}]"#
    );
}

#[test]
fn strings_are_numbered_in_the_order_in_which_they_are_written() {
    let json = r#"[{"a":"x","b":["y","x","z"],"c":"z"},{"a":"z","b":["x"],"c":"y"}]"#;
    let batch = deliver(&projected(&["c", "b", "a"]), json);
    let mut reader = Reader::default();
    let items = Value::from(reader.read(&batch));
    assert_eq!(
        items.to_string(),
        r#"[{"c":"z","b":["y","x","z"],"a":"x"},{"c":"y","b":["x"],"a":"z"}]"#
    );
    assert_eq!(reader.references[1], 5);
}

#[test]
fn what_is_skipped_takes_no_place_and_may_be_no_unicode() {
    let json = r#"[{"uid":"u","skipped":{"\ud800":["\ud800","long text"]},"name":"n"}]"#;
    let batch = deliver(&projected(&["name"]), json);
    assert_eq!(
        batch,
        b"\x93\x00\x91\x91\xa4name\x91\xc9\x00\x00\x00\x06\x01\x00\x00\x00\x00\xa1n"
    );
    assert!(try_decode(&projected(&["name"]), r#"[{"uid":tru}]"#).is_err());
}

#[test]
fn a_field_that_no_item_had_is_told_once() {
    let batches = projected(&["a", "b.c", "b.x", "n.c", "e.c", "B", "y"]);
    assert!(batches.take_lacks().is_empty(), "nothing has come");
    deliver(&batches, "[]");
    assert!(batches.take_lacks().is_empty(), "a list without items");
    deliver(&batches, r#"[{"A":1,"n":null,"e":[]}]"#);
    deliver(&batches, r#"[{"b":[{"c":null}]}]"#);
    assert_eq!(batches.take_lacks(), ["b.x".into(), "y".into()]);
    assert!(batches.take_lacks().is_empty(), "it was told");
    assert!(Batches::default().take_lacks().is_empty());
}

/// The value of a path, taken from the whole.
fn taken(value: &Value, path: &[&str]) -> Value {
    let Some((name, rest)) = path.split_first() else {
        return value.clone();
    };
    match value {
        Value::Array(items) => items.iter().map(|item| taken(item, path)).collect(),
        Value::Object(fields) => fields
            .iter()
            .find(|(key, _)| names::folded(key) == names::folded(name))
            .map_or(Value::Null, |(_, value)| taken(value, rest)),
        _ => Value::Null,
    }
}

/// Names for the keys that random objects often have, without those that are the same.
fn any_names() -> impl Strategy<Value = Vec<String>> {
    let part = prop_oneof!["[a-cA-C]{1,2}", "[éÉß]{1,2}"];
    let name = prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("."));
    prop::collection::vec(name, 1..14).prop_map(|mut names| {
        let mut seen = Vec::new();
        names.retain(|name| {
            let folded = names::folded(name);
            let new = !seen.contains(&folded);
            seen.push(folded);
            new
        });
        names
    })
}

proptest! {
    #[test]
    fn a_projection_is_the_whole_cut_down(
        pages in prop::collection::vec(any_value(), 1..5),
        names in any_names(),
    ) {
        let batches = Batches::projected(names.clone()).expect("names");
        let mut reader = Reader::default();
        for page in pages {
            let page = Value::from(vec![page.clone(), page]);
            let items = reader.read(&deliver(&batches, &page.to_string()));
            let Value::Array(whole) = expected(page) else { unreachable!() };
            let cut: Value = whole
                .iter()
                .map(|item| {
                    let value = |name: &String| {
                        let path: Vec<&str> = name.split('.').collect();
                        (name.clone(), taken(item, &path))
                    };
                    Value::Object(names.iter().map(value).collect::<Map<_, _>>())
                })
                .collect();
            prop_assert_eq!(Value::from(items).to_string(), cut.to_string());
        }
    }
}
