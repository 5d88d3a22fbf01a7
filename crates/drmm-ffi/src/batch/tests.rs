//! Batches, read back.

use drmm::{Decoder as _, ItemSink as _};
use proptest::prelude::*;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, json};

use super::names;
use super::reader::Reader;
use super::{Batch, Batches, Sink};

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
fn integers_keep_every_digit() {
    for number in [
        "0",
        "1",
        "127",
        "128",
        "255",
        "256",
        "65535",
        "65536",
        "4294967295",
        "4294967296",
        "-1",
        "-32",
        "-33",
        "-128",
        "-129",
        "-32768",
        "-32769",
        "-2147483648",
        "-2147483649",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "-340282366920938463463374607431768211456",
    ] {
        assert_eq!(round_trip(&format!("[{number}]")), format!("[{number}]"));
    }
    let long = "7".repeat(300);
    assert_eq!(round_trip(&format!("[{long}]")), format!("[{long}]"));
}

/// The bytes of a batch whose one item is this JSON, without what comes before the item.
fn written(json: &str) -> Vec<u8> {
    let batch = deliver(&Batches::default(), &format!("[{json}]"));
    assert_eq!(batch[..4], [0x93, 0x00, 0x90, 0x91]);
    batch[4..].to_vec()
}

#[test]
fn integers_take_their_smallest_form() {
    for (json, bytes) in [
        ("0", &[0x00][..]),
        ("-0", &[0x00]),
        ("127", &[0x7f]),
        ("128", &[0xcc, 0x80]),
        ("256", &[0xcd, 0x01, 0x00]),
        ("65536", &[0xce, 0x00, 0x01, 0x00, 0x00]),
        (
            "1700000000000",
            &[0xcf, 0x00, 0x00, 0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x00],
        ),
        ("-32", &[0xe0]),
        ("-33", &[0xd0, 0xdf]),
        ("-129", &[0xd1, 0xff, 0x7f]),
        ("-32769", &[0xd2, 0xff, 0xff, 0x7f, 0xff]),
        (
            "-2147483649",
            &[0xd3, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff],
        ),
        ("9223372036854775808", b"\xc7\x13\x039223372036854775808"),
        ("-9223372036854775809", b"\xc7\x14\x03-9223372036854775809"),
    ] {
        assert_eq!(written(json), bytes, "{json}");
    }
}

#[test]
fn fractions_and_exponents_are_floats() {
    for (json, value) in [
        ("0.5", 0.5),
        ("1.0", 1.0),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("-2.5e-3", -0.0025),
        ("0.1", 0.1),
        ("1e400", f64::INFINITY),
        ("-1e400", f64::NEG_INFINITY),
        ("1e-400", 0.0),
        (
            "123456789012345678901234567890.0",
            123_456_789_012_345_678_901_234_567_890.0,
        ),
    ] {
        let mut bytes = vec![0xcb];
        bytes.extend(f64::to_be_bytes(value));
        assert_eq!(written(json), bytes, "{json}");
    }
    let mut negative_zero = vec![0xcb];
    negative_zero.extend(f64::to_be_bytes(-0.0));
    assert_eq!(written("-0.0"), negative_zero);
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

/// What must come back: floats as 64 bits have them, and of names that are the same the first.
fn expected(value: Value) -> Value {
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

fn any_value() -> impl Strategy<Value = Value> {
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
