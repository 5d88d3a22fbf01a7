//! Documents that nobody would write, through the functions that take them: an error or a value,
//! never a crash, nothing written on failure, nothing lost.
//!
//! A million cases for each kind of document. More, or others:
//!
//! `DRMM_FUZZ_CASES=100000000 DRMM_FUZZ_SEED=7 cargo test --locked -p drmm-ffi --test fuzz`
#![expect(clippy::panic, reason = "this is how a test fails")]

mod damage;
mod fields;

#[path = "../counting/mod.rs"]
mod counting;

use std::io::Write as _;
use std::ptr::{NonNull, null, null_mut};

use drmm_native::*;

use self::counting::bytes_of_this_thread;
use self::damage::{Damage, Kind};

const CASES: u64 = 1_000_000;

/// All cases follow from it, so that a failure can be seen again.
const SEED: u64 = 20_260_601;

const OPTIONS: Kind = Kind {
    whole: &[
        r#"{"url":"https://pinotage-api.centrastage.net","key":"k","secret":"s"}"#,
        r#"{"url":"http://127.0.0.1:9/api","key":"k","secret":"\u00e9","proxy":"","timeoutMs":1000}"#,
        r#"{"secret":"s","userAgent":"a/1","pages":32,"url":"http://[::1]:9","key":"k","proxy":"http://a:b@c:1"}"#,
        r#"{ "url" : "https://a.example" , "key" : "é" , "secret" : "😀" , "pages" : 1 }"#,
    ],
    fields: &[
        (
            "url",
            &[
                r#""https://a.example""#,
                r#""http://127.0.0.1:9""#,
                r#""http://[::1]/api/""#,
            ],
        ),
        ("key", &[r#""k""#, r#""\u006b""#, r#"" ""#]),
        ("secret", &[r#""s""#, r#""😀""#, r#""\ud83d\ude00""#]),
        ("userAgent", &[r#""a/1 (b)""#, r#""é""#, "null"]),
        (
            "proxy",
            &[
                r#""http://a:b@c:1""#,
                r#""""#,
                r#""socks5://c:1""#,
                r#""c""#,
                "null",
            ],
        ),
        (
            "timeoutMs",
            &["1", "100000", "18446744073709551615", "null"],
        ),
        ("pages", &["1", "32", "null"]),
    ],
};

const CALLS: Kind = Kind {
    whole: &[
        r#"{"path":"v2/account"}"#,
        r#"{"path":"/v2/device/{}/udf","args":["é/b"],"method":"POST","body":"{\"udf1\":null}"}"#,
        r#"{"path":"v2/site/{}/devices/{}","args":["a","b"],"items":"devices","pageSize":250}"#,
        r#"{"path":"v2/account/devices","items":"devices","fields":["uid","Udf","udf.udf5","\u00e9"]}"#,
        r#"{"path":"v2/devices?a=1","query":[["b","c d"],["é","😀"]],"items":"x"}"#,
        r#"{"method":"GET","path":"v2/job/%7Ba","query":[],"answer":"text"}"#,
        r#"{"method":"DELETE","path":"v2/site/{}/variable/{}","args":["1","2"],"answer":"objects"}"#,
        r#"{ "path" : "v2/\u0061\/b" , "body" : null , "args" : null , "items" : null }"#,
        r#"{"path":"v2/device/{}","args":["\ud83d\ude00"],"method":"PUT","body":""}"#,
    ],
    fields: &[
        (
            "path",
            &[
                r#""v2/account""#,
                r#""/v2/{}/{}""#,
                r#""v2/{}?a={}""#,
                r#""v2/a?b=c&d""#,
            ],
        ),
        (
            "args",
            &[
                r#"["a","b"]"#,
                r#"["é","😀/.."]"#,
                "null",
                "null",
                r#"["."]"#,
            ],
        ),
        (
            "method",
            &[r#""GET""#, r#""GET""#, r#""PUT""#, r#""DELETE""#],
        ),
        (
            "query",
            &["[]", r#"[["a","b"]]"#, r#"[["é","😀"],["",""]]"#],
        ),
        ("body", &["null", "null", r#""{}""#, r#""\u0000""#]),
        ("items", &[r#""devices""#, "null"]),
        ("pageSize", &["null", "null", "1", "250", "4294967295"]),
        ("pages", &["null", "null", "1", "32", "33", "-1"]),
        ("jsonFields", &["[]", "[]", "[]", r#"["details","é"]"#]),
        ("cursor", &["false", "false", "true", "1"]),
        ("once", &["false", "true"]),
        (
            "fields",
            &[
                "null",
                "null",
                r#"["uid","udf.udf5"]"#,
                r#"["é","É.x"]"#,
                "[]",
                r#"["a..b"]"#,
            ],
        ),
        ("answer", &[r#""objects""#, r#""objects""#, r#""text""#]),
    ],
};

const KEYS: Kind = Kind {
    whole: &[
        r#"{"key":"key","secret":"secret"}"#,
        r#"{ "secret" : "\u00e9\ud83d\ude00" , "key" : "é" }"#,
    ],
    fields: &[
        ("key", &[r#""key""#, r#""é""#, r#""key""#, r#"" ""#]),
        (
            "secret",
            &[r#""secret""#, r#""😀""#, r#""secret""#, r#""""#],
        ),
    ],
};

/// A function that is given a document and makes a handle of it.
type Make<'a, T> = &'a dyn Fn(*const u8, usize, *mut *mut T, *mut *mut drmm_error) -> i32;

/// Feeds one document to a function, and gives the status. What was made is freed with `free`.
fn feed<T>(document: &[u8], make: Make<T>, free: extern "C" fn(*mut T)) -> i32 {
    let untouched: *mut T = NonNull::dangling().as_ptr();
    let (mut made, mut error) = (untouched, null_mut());
    let status = make(document.as_ptr(), document.len(), &mut made, &mut error);
    if status == DRMM_OK {
        assert!(error.is_null() && made != untouched && !made.is_null());
        free(made);
        return status;
    }
    assert!(made == untouched, "a failure has written");
    assert_eq!(drmm_error_kind(error), status);
    let mut len = 0;
    // SAFETY: the length has its place.
    let start = unsafe { drmm_error_message(error, &mut len) };
    // SAFETY: the error lends this many bytes, and is not freed yet.
    let message = unsafe { std::slice::from_raw_parts(start, len) };
    assert!(!message.is_empty() && std::str::from_utf8(message).is_ok());
    drmm_free_error(error);
    status
}

/// How often each outcome came.
#[derive(Debug, Default)]
struct Tally {
    ok: u64,
    utf8: u64,
    document: u64,
    invalid: u64,
    not_connected: u64,
}

impl Tally {
    fn count(&mut self, status: i32) {
        let field = match status {
            DRMM_OK => &mut self.ok,
            DRMM_ERROR_UTF8 => &mut self.utf8,
            DRMM_ERROR_DOCUMENT => &mut self.document,
            DRMM_ERROR_INVALID_ARGUMENT => &mut self.invalid,
            DRMM_ERROR_NOT_CONNECTED => &mut self.not_connected,
            other => panic!("a document gave {other}"),
        };
        *field += 1;
    }

    /// Fails if one of these outcomes is too rare: then hardly anything was tried.
    fn assert_varied(&self, accepted: u64) {
        let cases = self.ok + self.utf8 + self.document + self.invalid + self.not_connected;
        for outcome in [accepted, self.utf8, self.document, self.invalid] {
            assert!(outcome >= cases / 100, "{self:?}");
        }
    }
}

fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).map_or(otherwise, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number"))
    })
}

/// Runs all cases; `case` gives the status of one.
fn run(kind: &Kind, case: impl Fn(&[u8], u64) -> i32) -> Tally {
    let (cases, seed) = (
        number("DRMM_FUZZ_CASES", CASES),
        number("DRMM_FUZZ_SEED", SEED),
    );
    let measured = |document: &[u8], index| {
        let before = bytes_of_this_thread();
        let status = case(document, index);
        (status, bytes_of_this_thread() - before)
    };
    let mut damage = Damage::new(seed, kind);
    let mut tally = Tally::default();
    // What the library sets up once is set up now, and room is made in its tables.
    let mut errors = [null_mut(); 64];
    for error in &mut errors {
        // SAFETY: NULL is allowed, and the error has its place.
        unsafe { drmm_connect(null(), 0, null_mut(), error) };
    }
    for error in errors {
        drmm_free_error(error);
    }
    for (index, document) in (0..).zip(kind.whole) {
        case(document.as_bytes(), index);
    }
    for index in 0..cases {
        let document = damage.next();
        let place = Place {
            index,
            seed,
            document,
        };
        let (status, mut lost) = measured(document, index);
        if lost != 0 {
            // An account stays, but only one: what a case loses, it loses again.
            (_, lost) = measured(document, index);
        }
        assert_eq!(lost, 0, "bytes were not given back after {status}");
        tally.count(status);
        std::mem::forget(place);
    }
    tally
}

/// Says which case it was that a panic came from.
struct Place<'a> {
    index: u64,
    seed: u64,
    document: &'a [u8],
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let text = String::from_utf8_lossy(self.document);
        let shown: String = text.chars().take(2_000).collect();
        // Nothing is lost if nobody can be told: the test fails anyhow.
        let _ = writeln!(
            std::io::stderr(),
            "case {} of seed {}: {shown:?}",
            self.index,
            self.seed
        );
    }
}

/// `drmm_connect`; what it opens is freed.
fn connect(document: &[u8]) -> i32 {
    let connect = |start, len, session, error| {
        // SAFETY: the document is as long as it says, and the places are there.
        unsafe { drmm_connect(start, len, session, error) }
    };
    feed(document, &connect, drmm_free_session)
}

#[test]
fn every_field_of_the_contract_is_damaged() {
    let contract = include_str!("../../include/drmm.h");
    let rows = contract
        .lines()
        .filter_map(|line| line.strip_prefix(" * | `"));
    let mut named: Vec<&str> = rows
        .filter_map(|row| row.split(" |").next())
        .flat_map(|cell| cell.split(", "))
        .map(|name| name.trim_matches('`'))
        .collect();
    let fields = OPTIONS.fields.iter().chain(CALLS.fields);
    let mut damaged: Vec<&str> = fields.map(|(name, _)| *name).collect();
    named.sort_unstable();
    damaged.sort_unstable();
    assert_eq!(damaged, named);
}

#[test]
fn whatever_stands_in_the_options_is_an_error_or_a_session() {
    let tally = run(&OPTIONS, |document, _| connect(document));
    tally.assert_varied(tally.ok);
    assert_eq!(tally.not_connected, 0, "{tally:?}");
}

/// A session that refuses all that is asked of it, so that no thread is started for what is all right.
fn disconnected() -> *mut drmm_session {
    let mut session = null_mut();
    let options = OPTIONS.whole[1].as_bytes();
    // SAFETY: the document is as long as it says, and the places are there.
    let status = unsafe { drmm_connect(options.as_ptr(), options.len(), &mut session, null_mut()) };
    assert_eq!(status, DRMM_OK);
    // SAFETY: the places are there.
    assert_eq!(unsafe { drmm_disconnect(session, null_mut()) }, DRMM_OK);
    session
}

#[test]
fn whatever_stands_in_the_keys_is_an_error_or_a_stream() {
    let session = disconnected();
    let token = |start, len, stream, error| {
        // SAFETY: the document is as long as it says, and the places are there.
        unsafe { drmm_token(session, start, len, stream, error) }
    };
    let tally = run(&KEYS, |document, _| {
        feed(document, &token, drmm_free_stream)
    });
    drmm_free_session(session);
    tally.assert_varied(tally.not_connected);
    assert_eq!(tally.ok, 0, "{tally:?}");
}

#[test]
fn whatever_stands_in_a_call_is_an_error_or_a_stream() {
    let session = disconnected();
    let request = |start, len, stream, error| {
        // SAFETY: the document is as long as it says, and the places are there.
        unsafe { drmm_request(session, start, len, stream, error) }
    };
    let paginate = |start, len, stream, error| {
        // SAFETY: the document is as long as it says, and the places are there.
        unsafe { drmm_paginate(session, start, len, stream, error) }
    };
    let tally = run(&CALLS, |document, index| {
        let make: Make<drmm_stream> = if index % 2 == 0 { &request } else { &paginate };
        feed(document, make, drmm_free_stream)
    });
    drmm_free_session(session);
    tally.assert_varied(tally.not_connected);
    assert_eq!(tally.ok, 0, "{tally:?}");
}
