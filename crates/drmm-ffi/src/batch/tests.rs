//! Batches, read back.

use drmm::{Decoder as _, ItemSink as _};
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

use super::reader::Reader;
use super::{Batch, Batches, Sink};

mod limit;
mod numbers;
mod projection;
mod random;

/// Feeds the elements of a JSON array to a sink, as the client does with a page.
struct Items<'a, 'b>(&'a mut Sink<'b>);

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Items(self.0))?.is_some() {}
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, item: D) -> Result<(), D::Error> {
        self.0.item(item)
    }
}

fn try_decode(batches: &Batches, json: &str) -> serde_json::Result<Batch> {
    let mut sink = batches.sink();
    let mut parser = serde_json::Deserializer::from_str(json);
    parser.deserialize_seq(Items(&mut sink))?;
    parser.end()?;
    Ok(sink.finish())
}

fn decode(batches: &Batches, json: &str) -> Batch {
    try_decode(batches, json).expect(json)
}

/// The bytes of a batch.
fn deliver(batches: &Batches, json: &str) -> Vec<u8> {
    let batch = decode(batches, json);
    batches
        .deliver(batch)
        .expect("a batch of less than 4 GiB")
        .as_slice()
        .to_vec()
}

/// What a reader makes of an array of items, as JSON.
fn round_trip(json: &str) -> String {
    let items = Reader::default().read(&deliver(&Batches::default(), json));
    Value::from(items).to_string()
}

#[test]
fn values_come_back_as_they_were() {
    for json in [
        "[]",
        "[null,true,false]",
        r#"[{}]"#,
        r#"[[],[[]],[{}],{"a":[]}]"#,
        r#"[{"z":1,"a":2,"m":null}]"#,
        r#"["","a","ünïcödé 😀","tab\tquote\"\\"]"#,
        r#"[{"uid":"u","udf":{"udf1":null,"udf2":"x"},"deviceType":{"category":"Server","type":"x"}}]"#,
        r#"[{"a":{"b":{"c":{"d":["x","x",{"e":"x"}]}}}}]"#,
        r#"[1,{"a":1},"x",{"a":2}]"#,
    ] {
        assert_eq!(round_trip(json), json);
    }
}

#[test]
fn escapes_are_undone() {
    assert_eq!(round_trip(r#"["\u00e9\ud83d\ude00\n\/"]"#), r#"["é😀\n/"]"#);
    assert_eq!(round_trip(r#"[{"\u0061\n":1}]"#), r#"[{"a\n":1}]"#);
}

#[test]
fn long_strings_and_long_arrays_come_back() {
    for len in [31, 32, 63, 64, 65, 255, 256, 65_535, 65_536, 70_000] {
        let json = json!(["x".repeat(len), {"long": "y".repeat(len)}, vec![1; len]]).to_string();
        assert_eq!(round_trip(&json), json, "{len}");
    }
}

#[test]
fn an_object_that_looks_like_the_parsers_number_is_an_object() {
    for json in [
        r#"[{"$serde_json::private::Number":"12"}]"#,
        r#"[{"a":1,"$serde_json::private::Number":{"b":null}}]"#,
    ] {
        assert_eq!(round_trip(json), json);
    }
}

#[test]
fn an_object_is_its_shape_and_its_values() {
    let batches = Batches::default();
    assert_eq!(
        deliver(
            &batches,
            r#"[{"a":"x","b":{"c":"x","d":"x"}},{"a":"x","b":null}]"#
        ),
        [
            &b"\x93\x00"[..],
            // The shape of the inner object is complete first.
            b"\x92\x92\xa1c\xa1d\x92\xa1a\xa1b",
            b"\x92",
            // The items share the list's scope; the inner object has its own.
            b"\xc9\x00\x00\x00\x15\x01\x00\x00\x00\x01\xa1x",
            b"\xc9\x00\x00\x00\x09\x01\x00\x00\x00\x00\xa1x",
            b"\xd4\x02\x00",
            b"\xc9\x00\x00\x00\x08\x01\x00\x00\x00\x01\xd4\x02\x00\xc0",
        ]
        .concat()
    );
}

#[test]
fn a_text_is_one_item() {
    let batches = Batches::default();
    for text in ["", "free text", "{\"not\": \"parsed\"}"] {
        let mut sink = batches.sink();
        sink.text(text);
        let batch = batches.deliver(sink.finish()).expect("small");
        assert_eq!(Reader::default().read(batch.as_slice()), [text]);
    }
}

#[test]
fn strings_that_come_again_are_references_of_1_2_or_4_bytes() {
    let mut items = Vec::new();
    for i in 0..70_000_u32 {
        items.push(json!(format!("s{i}")));
        items.push(json!(format!("s{i}")));
    }
    let json = Value::from(items).to_string();
    let mut reader = Reader::default();
    let items = reader.read(&deliver(&Batches::default(), &json));
    assert_eq!(Value::from(items).to_string(), json);
    let [_, one, two, _, four] = reader.references;
    assert!(
        one >= 250 && two >= 65_000 && four >= 4_000,
        "{:?}",
        reader.references
    );
}

#[test]
fn a_page_of_devices_says_each_string_about_once() {
    let devices: Vec<Value> = (0..250)
        .map(|i| {
            json!({
                "uid": format!("uid-{i:030}"), "hostname": format!("host-{i}"),
                "operatingSystem": "Microsoft Windows 11 Pro", "domain": "example.test",
                "siteName": format!("Site {}", i % 7),
                "udf": {"udf1": format!("{i}"), "udf2": "constant", "udf3": "constant"},
            })
        })
        .collect();
    let json = Value::from(devices).to_string();
    let mut reader = Reader::default();
    let items = reader.read(&deliver(&Batches::default(), &json));
    assert_eq!(Value::from(items).to_string(), json);
    // Two constants and the site for each device but the first ones, and one in its `udf`.
    let references: usize = reader.references.iter().sum();
    assert!(references >= 4 * 250 - 20, "{:?}", reader.references);
}

#[test]
fn shapes_are_written_once_a_stream() {
    let batches = Batches::default();
    let mut reader = Reader::default();
    let first = decode(&batches, r#"[{"a":1},{"a":2,"b":{}}]"#);
    let second = decode(&batches, r#"[{"a":3},{"b":4,"a":5}]"#);
    // The first batch carries what the second has found as well: it is known by then.
    let first = batches.deliver(first).expect("small");
    assert_eq!(
        Value::from(reader.read(first.as_slice())).to_string(),
        r#"[{"a":1},{"a":2,"b":{}}]"#
    );
    assert_eq!(reader.shapes.len(), 4);
    let second = batches.deliver(second).expect("small");
    assert_eq!(second.as_slice()[..4], [0x93, 0x04, 0x90, 0x92]);
    assert_eq!(
        Value::from(reader.read(second.as_slice())).to_string(),
        r#"[{"a":3},{"b":4,"a":5}]"#
    );

    let third = deliver(&batches, r#"[{"c":1}]"#);
    assert_eq!(third[..6], *b"\x93\x04\x91\x91\xa1c");
    assert_eq!(Value::from(reader.read(&third)).to_string(), r#"[{"c":1}]"#);
}

#[test]
fn an_object_with_many_keys_and_many_objects_with_one() {
    let wide: Map<String, Value> = (0..3000).map(|i| (format!("key{i}"), json!(i))).collect();
    let narrow: Vec<Value> = (0..3000).map(|i| json!({format!("key{i}"): "x"})).collect();
    let json = json!([wide.clone(), narrow, wide]).to_string();
    assert_eq!(round_trip(&json), json);
}

#[test]
fn pages_decoded_side_by_side_share_one_table() {
    let batches = Batches::default();
    let json = |thread: u32| {
        let items: Vec<Value> = (0..400)
            .map(|i| json!({"same": "x", format!("k{}", (i * 7 + thread) % 50): {"in": i}}))
            .collect();
        Value::from(items).to_string()
    };
    let pages: Vec<Batch> = std::thread::scope(|scope| {
        let batches = &batches;
        let threads: Vec<_> = (0..8)
            .map(|i| scope.spawn(move || decode(batches, &json(i))))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    let mut reader = Reader::default();
    for (i, page) in (0..).zip(pages) {
        let bytes = batches.deliver(page).expect("small");
        assert_eq!(
            Value::from(reader.read(bytes.as_slice())).to_string(),
            json(i)
        );
    }
    assert_eq!(reader.shapes.len(), 51);
}

#[test]
fn of_keys_that_differ_by_case_the_first_is_kept_and_that_is_said_once() {
    let batches = Batches::default();
    let json = r#"[{"uid":1,"UID":{"x":"secret"},"":[2],"b":3,"Uid":4,"b":"again"},{"uid":5}]"#;
    let mut reader = Reader::default();
    let items = reader.read(&deliver(&batches, json));
    assert_eq!(
        Value::from(items).to_string(),
        r#"[{"uid":1,"b":3},{"uid":5}]"#
    );
    assert_eq!(
        batches.take_notes(),
        [
            r#"the answer has both "uid" and "UID": only the first is kept"#.into(),
            "the answer has a field without a name: it is left out".into(),
            r#"the answer has both "uid" and "Uid": only the first is kept"#.into(),
            r#"the answer has "b" twice: only the first is kept"#.into(),
        ]
    );
    reader.read(&deliver(&batches, json));
    reader.read(&deliver(&batches, r#"[{"uid":1,"UID":2}]"#));
    assert_eq!(batches.take_notes(), []);
}

#[test]
fn malformed_json_is_an_error_and_leaves_the_stream_whole() {
    let batches = Batches::default();
    for json in [
        r#"[{"a":1,"b":{"c":"#,
        r#"[{"a":"\ud800"}]"#,
        r#"[{"\ud800":1}]"#,
        r#"[{"a":tru}]"#,
        r#"[{"a" 1}]"#,
        r#"[{"new":{"newer":"x"},}]"#,
        "[01]",
    ] {
        assert!(try_decode(&batches, json).is_err(), "{json}");
    }
    let json = r#"[{"a":1,"b":{"c":"x"}},{"new":{"newer":"x"}}]"#;
    let items = Reader::default().read(&deliver(&batches, json));
    assert_eq!(Value::from(items).to_string(), json);
}

#[test]
fn depth_ends_where_the_parser_ends_it() {
    let nested = |depth| format!("[{}1{}]", r#"{"a":"#.repeat(depth), "}".repeat(depth));
    assert_eq!(round_trip(&nested(126)), nested(126));
    assert!(try_decode(&Batches::default(), &nested(10_000)).is_err());
}

#[test]
fn a_tree_is_decoded_like_a_text() {
    let tree = json!({"a": [1, -1, u64::MAX, 1.5, null, true], "b": {"c": "x"}});
    let batches = Batches::default();
    let mut sink = batches.sink();
    sink.item(&tree).expect("a tree is never malformed");
    let batch = batches.deliver(sink.finish()).expect("small");
    assert_eq!(Reader::default().read(batch.as_slice()), [tree]);
}
