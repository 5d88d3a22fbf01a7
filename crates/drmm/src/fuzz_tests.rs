//! Random answers and random addresses: a value or an error, never a panic, never an endless loop.
//!
//! A case that fails names its seed. More of them, and others, with
//! `DRMM_FUZZ_CASES=100000000 DRMM_FUZZ_SEED=7 cargo test --locked -p drmm --lib fuzz`.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use fastrand::Rng;
use serde_json::Value;

use crate::envelope::{PageDetails, PageRead, read_page, read_whole};
use crate::next_page;
use crate::options::{Options, Origin};
use crate::pages::{Balance, PagePlan};
use crate::route::Route;
use crate::secret::Secret;
use crate::unicode::mended;

/// Cases of what takes a microsecond; of what takes several, `fuzz` plays fewer.
const CASES: u64 = 1_000_000;

fn fuzz(cost: u64, case: impl Fn(&mut Rng)) {
    let first = number("DRMM_FUZZ_SEED", 0);
    for seed in first..first + number("DRMM_FUZZ_CASES", CASES) / cost {
        let played = catch_unwind(AssertUnwindSafe(|| case(&mut Rng::with_seed(seed))));
        assert!(played.is_ok(), "the case with seed {seed} failed");
    }
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

/// Pieces of which an answer that is almost one is made.
const PIECES: [&[u8]; 36] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\"devices\":",
    b"\"devices\":[",
    b"\"pageDetails\":",
    b"{\"totalCount\":",
    b"\"nextPageUrl\":\"",
    b"{\"id\":",
    b"\"uid\":\"",
    b"\"id\"",
    b"null",
    b"true",
    b"-1",
    b"1e999",
    b"123456789012345678901234567890",
    b"\\ud83d",
    b"\\udc00",
    b"\\u",
    b"\xC3",
    b"\xF0\x9F",
    "ä".as_bytes(),
    b" ",
    b"\n",
    b"\0",
    b"<html>",
    b"$serde_json::private::Number",
    b"[[[[[[[[[[[[[[[[",
    b"]]]]]]]]]]]]]]]]",
    b"{\"a\":{\"a\":",
    b"0.",
];

/// A page, with a few of its bytes and pieces changed; or pieces; or bytes.
fn answer(rng: &mut Rng) -> Vec<u8> {
    const PAGE: &[u8] = br#"{"pageDetails":{"count":2,"totalCount":7,"nextPageUrl":"/api/v2/x?page=1"},"devices":[{"id":1,"uid":"a-b","udf":{"udf1":null}},{"id":2,"name":"\ud83d\ude00"}]}"#;
    let mut bytes = match rng.u8(0..4) {
        0 => return (0..rng.usize(0..40)).map(|_| rng.u8(..)).collect(),
        1 => Vec::new(),
        _ => PAGE.to_vec(),
    };
    for _ in 0..rng.usize(1..8) {
        let at = rng.usize(0..=bytes.len());
        let end = (at + rng.usize(0..12)).min(bytes.len());
        match rng.u8(0..4) {
            0 => {
                bytes.splice(
                    at..end,
                    rng.choice(PIECES).unwrap_or_default().iter().copied(),
                );
            }
            1 if at < end => bytes[at] = rng.u8(..),
            2 => {
                bytes.drain(at..end);
            }
            _ => {
                bytes.splice(
                    at..at,
                    rng.choice(PIECES).unwrap_or_default().iter().copied(),
                );
            }
        }
    }
    bytes
}

#[test]
fn any_answer_is_read_as_json_says_or_refused() {
    fuzz(1, |rng| {
        let body = answer(rng);
        let mut items = Vec::new();
        let page = read_page(&body, "devices", &[], &mut items);
        if let Ok(Ok(read)) = &page {
            assert_eq!(read.items, items.len() as u64);
            assert!(read.names.len() <= items.len());
        }
        let mut whole = Vec::new();
        let read = read_whole(&body, &mut whole);
        let tree = serde_json::from_slice::<Value>(&body);
        match (&read, &tree) {
            (Ok(0), _) if body.trim_ascii().is_empty() => {}
            (Ok(_), Ok(Value::Array(list))) => assert_eq!(&whole, list),
            (Ok(count), Ok(tree)) => assert_eq!((*count, &whole), (1, &vec![tree.clone()])),
            (read, tree) => assert!(read.is_err() && tree.is_err()),
        }
        if tree.is_ok() {
            // What is JSON has nothing that is mended, but for what is only passed over.
            assert!(
                mended(&body).is_none_or(|mended| serde_json::from_slice::<Value>(&mended).is_ok())
            );
        }
        if let Some(mended) = mended(&body) {
            assert_eq!(crate::unicode::mended(&mended), None);
        }
    });
}

fn origin() -> Origin {
    Options::new("https://a.example", "k", Secret::new("s".into()))
        .expect("options")
        .origin
}

/// An address, more or less.
fn address(rng: &mut Rng) -> String {
    const PARTS: [&str; 26] = [
        "https://",
        "http://",
        "//",
        "/",
        "a.example",
        "b.example",
        ":443",
        ":80",
        ":",
        "@",
        "?page=1",
        "?",
        "page=",
        "&",
        "#",
        "..",
        ".",
        "%2e",
        "\\",
        " ",
        "ä",
        "\u{0}",
        "\r\n",
        "/api/v2/x",
        "ftp:",
        "[::1]",
    ];
    if rng.u8(0..8) == 0 {
        return (0..rng.usize(0..20)).map(|_| rng.char(..)).collect();
    }
    (0..rng.usize(0..7))
        .map(|_| rng.choice(PARTS).unwrap_or_default())
        .collect()
}

#[test]
fn no_address_leads_anywhere_but_to_our_own_origin() {
    let origin = origin();
    let from = Route::new("v2/x?page=0", None, &[]).expect("a route");
    fuzz(1, |rng| {
        let url = address(rng);
        let Ok(route) = next_page::route(&origin, &from, &url) else {
            return;
        };
        assert!(route.as_str().starts_with('/'), "{url:?}");
        let whole = format!("{}{}", origin.as_str(), route.as_str());
        let uri = whole.parse::<ureq::http::Uri>().expect("an address");
        let authority = uri.authority().expect("a host");
        assert_eq!(authority.as_str(), "a.example", "{url:?}");
    });
}

#[test]
fn no_server_leads_a_list_astray() {
    let (origin, first) = (origin(), Route::new("v2/x", None, &[]).expect("a route"));
    fuzz(5, |rng| {
        let size = rng.u32(1..=5);
        let side_by_side = rng.usize(1..=4);
        let mut plan = PagePlan::new(origin.clone(), &first, size, side_by_side);
        let mut under_way = Vec::new();
        let mut came = BTreeMap::new();
        let mut seen = std::collections::BTreeSet::new();
        // It has a hundred items and no more to show, so that it cannot go on for ever.
        for step in 0.. {
            assert!(step < 10_000, "followed for ever: {plan:?}");
            while let Some((number, route)) = plan.ask(rng.bool()) {
                assert!(under_way.len() < side_by_side.max(2));
                assert!(
                    seen.insert((number, route.as_str().to_owned())),
                    "asked again"
                );
                under_way.push((number, route));
            }
            if plan.is_done() {
                break;
            }
            if !under_way.is_empty() && rng.bool() {
                let (number, route) = under_way.swap_remove(rng.usize(0..under_way.len()));
                let items = rng.u64(0..=u64::from(size) + 1);
                let url = match rng.u8(0..4) {
                    0 => None,
                    1 => Some(address(rng)),
                    _ => Some(format!("/api/v2/x?page={}", number + 1)),
                };
                let read = PageRead {
                    items,
                    names: (0..items).map(|_| rng.u64(0..100)).collect(),
                    details: PageDetails {
                        total_count: rng.bool().then(|| rng.u64(0..30)),
                        next_page_url: url,
                    },
                    is_bare: false,
                    print: None,
                };
                if plan.came(number, &route, &read).is_err() {
                    return;
                }
                came.insert(number, items);
            }
            if let Some(items) = came.remove(&plan.wanted()) {
                plan.gave(items);
            }
        }
        if plan.is_done() && plan.balance() == Balance::Even {
            let distinct = plan.items_given() - plan.repeated();
            assert!(plan.announced().is_none_or(|total| total == distinct));
        }
    });
}
