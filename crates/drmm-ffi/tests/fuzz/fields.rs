//! Names of fields that nobody would ask for: dotted, doubled, empty, endless, of any script; and
//! pages that hold such fields, whole and damaged.

use std::collections::HashSet;

use drmm::{Decoder as _, ItemSink as _};
use drmm_native::*;
use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::counting::bytes_of_this_thread;
use super::{CASES, Place, SEED, disconnected, feed, number};

/// Each case takes as long as ten of the others.
const SHARE: u64 = 10;

/// Few, so that they meet again below each other and in other cases.
const PARTS: [&str; 18] = [
    "a",
    "A",
    "b",
    "uid",
    "UID",
    "udf",
    "udf5",
    "x y",
    "é",
    "É",
    "ß",
    "ж",
    "Ж",
    "😀",
    "0",
    "-",
    "$serde_json::private::Number",
    "\u{0}",
];

/// What is no part of a name.
const NO_PARTS: [&str; 6] = ["", " ", " a", "a ", "b\t", "\u{a0}é"];

fn name(random: &mut Rng) -> String {
    let parts: Vec<String> = (0..random.usize(1..5))
        .map(|_| match random.u16(..) {
            0..400 => NO_PARTS[random.usize(..NO_PARTS.len())].to_owned(),
            400..600 => PARTS[random.usize(..PARTS.len())].repeat(random.usize(1..2_000)),
            600..20_000 => format!("f{}", random.u16(..1_000)),
            _ => PARTS[random.usize(..PARTS.len())].to_owned(),
        })
        .collect();
    parts.join(".")
}

fn names(random: &mut Rng) -> Vec<String> {
    let count = match random.u16(..) {
        0..300 => 0,
        300..320 => random.usize(990..1_010),
        320..8_000 => random.usize(8..40),
        _ => random.usize(1..8),
    };
    (0..count).map(|_| name(random)).collect()
}

/// The contract, said once more.
fn are_allowed(names: &[String]) -> bool {
    let mut seen = HashSet::new();
    let is_name = |name: &String| {
        name.split('.')
            .all(|part| !part.is_empty() && part.trim() == part)
    };
    (1..=1_000).contains(&names.len())
        && names.iter().all(is_name)
        && names.iter().all(|name| seen.insert(upper(name)))
}

/// Each character by itself; ß has no upper case that is one character.
fn upper(name: &str) -> String {
    name.chars()
        .map(|c| match c.to_uppercase().collect::<Vec<_>>()[..] {
            [upper] => upper,
            _ => c,
        })
        .collect()
}

/// An object whose fields are parts of names, so that many of those lead somewhere.
fn value(random: &mut Rng, names: &[String], depth: usize) -> Value {
    let part = |random: &mut Rng| {
        let name = &names[random.usize(..names.len())];
        let parts: Vec<&str> = name.split('.').collect();
        let part = parts[random.usize(..parts.len())];
        if random.bool() {
            part.to_uppercase()
        } else {
            part.to_owned()
        }
    };
    match random.u8(..10) {
        _ if depth == 0 => json!([null, 1.5, "text", [], {}])[random.usize(..5)].clone(),
        0..6 => {
            let fields =
                (0..random.usize(..6)).map(|_| (part(random), value(random, names, depth - 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        6..8 => (0..random.usize(..4))
            .map(|_| value(random, names, depth - 1))
            .collect(),
        8 => json!(part(random)),
        _ => json!(random.i64(..)),
    }
}

/// A page, as text; one in four has a byte that is another's.
fn page(random: &mut Rng, names: &[String]) -> Vec<u8> {
    let items: Value = (0..random.usize(..4))
        .map(|_| value(random, names, 4))
        .collect();
    let mut page = json!({ "items": items }).to_string().into_bytes();
    if random.u8(..4) == 0 {
        let at = random.usize(..page.len());
        page[at] = random.u8(..);
    }
    page
}

/// Runs all cases; `case` is given names and an account of its own of what it takes and gives back.
fn run(case: impl Fn(&mut Rng, &[String])) {
    let (cases, seed) = (
        number("DRMM_FUZZ_CASES", CASES),
        number("DRMM_FUZZ_SEED", SEED),
    );
    for index in 0..cases / SHARE {
        let random = || Rng::with_seed(seed.wrapping_add(index));
        let names = names(&mut random());
        let text = names.join("\n");
        let place = Place {
            index,
            seed,
            document: text.as_bytes(),
        };
        let measured = || {
            let before = bytes_of_this_thread();
            case(&mut random(), &names);
            bytes_of_this_thread() - before
        };
        // What is set up once, or kept for the next time, is not lost a second time.
        assert!(
            measured() == 0 || measured() == 0,
            "bytes were not given back"
        );
        std::mem::forget(place);
    }
}

#[test]
fn whatever_fields_are_named_is_an_error_or_a_stream() {
    let session = disconnected();
    let paginate = |start, len, stream, error| {
        // SAFETY: the document is as long as it says, and the places are there.
        unsafe { drmm_paginate(session, start, len, stream, error) }
    };
    run(|_, names| {
        let call = json!({"path": "v2/x", "items": "x", "fields": names}).to_string();
        let expected = if are_allowed(names) {
            DRMM_ERROR_NOT_CONNECTED
        } else {
            DRMM_ERROR_INVALID_ARGUMENT
        };
        assert_eq!(feed(call.as_bytes(), &paginate, drmm_free_stream), expected);
    });
    drmm_free_session(session);
}

#[test]
fn whatever_page_comes_gives_objects_of_the_named_fields_or_an_error() {
    run(|random, names| {
        let Ok(batches) = Batches::projected(names.to_vec()) else {
            assert!(!are_allowed(names));
            return;
        };
        // Shape 0 is the list of the names, and comes with the first batch whatever that holds.
        let mut head = Vec::new();
        for page in [
            json!({"items": []}).to_string().into_bytes(),
            page(random, names),
        ] {
            let mut sink = batches.sink();
            let Ok(count) = drmm::read_items(&page, "items", &mut sink) else {
                return;
            };
            let batch = batches
                .deliver(sink.finish())
                .unwrap_or_else(|_| panic!("too large"));
            if head.is_empty() {
                head.extend_from_slice(batch.as_slice());
                assert!(names.iter().all(|name| contains(&head, name.as_bytes())));
                continue;
            }
            let objects = u64::try_from(count_of(batch.as_slice(), &[0xc9])).unwrap_or(0);
            assert!(objects >= count, "{objects} objects of {count} items");
        }
    });
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn count_of(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .filter(|&window| window == part)
        .count()
}
