//! What a caller may get wrong: it is an error with a name, never a crash.
//!
//! What goes for every export is tried on every export: the table in `exports.rs` says how they are
//! called, the header what their parameters are.

use std::ptr::{NonNull, null, without_provenance_mut};

use drmm_native::*;
use proptest::prelude::*;
use serde_json::json;

use crate::caller::Session;
use crate::exports::{self, Arguments, Export, Null, Places, Returned};

/// A parameter as the header has it.
#[derive(Debug)]
struct Parameter {
    text: &'static str,
    name: &'static str,
}

impl Parameter {
    /// The parameters of a function, in order.
    fn all_of(function: &str) -> Vec<Self> {
        let header = include_str!("../../include/drmm.h");
        let (_, rest) = header
            .split_once(&format!("{function}("))
            .unwrap_or_else(|| panic!("{function} is not in the header"));
        let (list, _) = rest.split_once(')').expect("the end of the parameters");
        list.split(',')
            .map(str::trim)
            .filter(|text| *text != "void")
            .map(|text| Self {
                text,
                name: text.rsplit([' ', '*']).next().unwrap_or(text),
            })
            .collect()
    }

    fn is_pointer(&self) -> bool {
        self.text.contains('*')
    }

    /// Whether it is a place that is written to on success.
    fn is_place(&self) -> bool {
        self.is_pointer()
            && !self.is_handle()
            && !self.text.starts_with("const")
            && self.name != "error"
    }

    /// Whether it is a handle, and not the place for one.
    fn is_handle(&self) -> bool {
        self.is_pointer() && self.text.contains("drmm_") && !self.text.contains("**")
    }
}

/// Whether a function returns a status, and gives the reason if it is asked for.
fn is_fallible(parameters: &[Parameter]) -> bool {
    parameters
        .last()
        .is_some_and(|last| last.text == "drmm_error **error")
}

/// What came of a call: what the function returned, what its error says, and what it wrote.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    returned: Returned,
    message: String,
    places: Places,
}

impl Outcome {
    /// Nothing was said and nothing written.
    fn silent(returned: Returned) -> Self {
        Self {
            returned,
            message: String::new(),
            places: Places::untouched(),
        }
    }

    /// An error, and nothing written.
    fn fault(kind: i32, message: &str) -> Self {
        Self {
            message: message.to_owned(),
            ..Self::silent(kind.into())
        }
    }

    /// What a function that cannot fail makes of NULL; `kind` is that of an error that is none.
    fn neutral(export: &Export, kind: i32, has_length: bool) -> Self {
        match export.name {
            "drmm_error_kind" => Self::silent(kind.into()),
            "drmm_error_retry_after_ms" => Self::silent(Returned::Number(-1)),
            "drmm_error_status" => Self::silent(Returned::Number(0)),
            name if name.starts_with("drmm_free_") => Self::silent(Returned::Nothing),
            _ => {
                let mut lent = Self::silent(Returned::Pointer(null()));
                if has_length {
                    lent.places.len = 0;
                }
                lent
            }
        }
    }
}

/// Calls an export after `spoil` has had its way with the arguments.
fn call(export: &Export, spoil: impl FnOnce(&mut Arguments)) -> Outcome {
    let mut arguments = Arguments::new(export.document);
    spoil(&mut arguments);
    // SAFETY: `spoil` makes the document no longer, or so long that it must be refused unread.
    let returned = unsafe { export.call(&mut arguments) };
    let (error, mut len) = (arguments.places.error, 0);
    // SAFETY: the length has its place.
    let start = unsafe { drmm_error_message(error, &mut len) };
    let message = if start.is_null() {
        String::new()
    } else {
        // SAFETY: the error lends this many bytes, and is freed with the arguments.
        let bytes = unsafe { std::slice::from_raw_parts(start, len) };
        String::from_utf8(bytes.to_vec()).expect("a message is UTF-8")
    };
    assert_eq!(drmm_error_kind(error) == DRMM_OK, message.is_empty());
    let mut places = arguments.places.clone();
    places.error = Places::untouched().error;
    Outcome {
        returned,
        message,
        places,
    }
}

#[test]
fn every_export_is_tried() {
    let exports = exports::all();
    let names: Vec<&str> = exports.iter().map(|export| export.name).collect();
    let listed: Vec<&str> = include_str!("../exports.txt").lines().collect();
    assert_eq!(names, listed);
    for export in &exports {
        let parameters = Parameter::all_of(export.name);
        assert_eq!(export.arity, parameters.len(), "{}", export.name);
        let takes_document = parameters
            .iter()
            .any(|it| it.text.starts_with("const uint8_t *"));
        assert_eq!(
            takes_document,
            !export.document.is_empty(),
            "{}",
            export.name
        );
    }
}

#[test]
fn arguments_that_are_all_right_are_accepted() {
    for export in exports::all() {
        let name = export.name;
        let parameters = Parameter::all_of(name);
        let outcome = call(&export, |_| ());
        assert_eq!(outcome.message, "", "{name}");
        if is_fallible(&parameters) {
            assert_eq!(outcome.returned, DRMM_OK.into(), "{name}");
        }
        let writes = parameters.iter().any(Parameter::is_place);
        assert_eq!(outcome.places != Places::untouched(), writes, "{name}");
    }
}

#[test]
fn null_in_place_of_any_pointer() {
    for export in exports::all() {
        let parameters = Parameter::all_of(export.name);
        let pointers = parameters
            .iter()
            .enumerate()
            .filter(|(_, it)| it.is_pointer());
        for (at, parameter) in pointers {
            let outcome = call(&export, |arguments| arguments.null = Null::At(at));
            let expected = if !is_fallible(&parameters) {
                Outcome::neutral(
                    &export,
                    DRMM_OK,
                    parameter.name != "len" && export.arity > 1,
                )
            } else if parameter.name == "error" {
                // Who does not want to know is not told, and all the rest is as ever.
                let places = outcome.places.clone();
                Outcome {
                    places,
                    ..Outcome::silent(DRMM_OK.into())
                }
            } else {
                let message = format!("the argument '{}' is NULL", parameter.name);
                Outcome::fault(DRMM_ERROR_NULL, &message)
            };
            assert_eq!(
                outcome, expected,
                "{} without {}",
                export.name, parameter.name
            );
        }
        if !parameters.is_empty() {
            let expected = if is_fallible(&parameters) {
                Outcome::silent(DRMM_ERROR_NULL.into())
            } else {
                Outcome::neutral(&export, DRMM_OK, false)
            };
            let outcome = call(&export, |arguments| arguments.null = Null::All);
            assert_eq!(outcome, expected, "{} without anything", export.name);
        }
    }
}

/// That every export which takes handles notices what `spoil` did to them.
fn assert_no_handles(what: &str, spoil: impl Fn(&mut Arguments)) {
    for export in exports::all() {
        let parameters = Parameter::all_of(export.name);
        let Some(handle) = parameters.iter().find(|it| it.is_handle()) else {
            continue;
        };
        let expected = if is_fallible(&parameters) {
            let name = handle.name;
            let message = format!("the argument '{name}' was freed already, or is no {name}");
            Outcome::fault(DRMM_ERROR_HANDLE, &message)
        } else {
            Outcome::neutral(&export, DRMM_ERROR_HANDLE, export.arity > 1)
        };
        assert_eq!(
            call(&export, &spoil),
            expected,
            "{} with {what}",
            export.name
        );
    }
}

#[test]
fn handles_that_were_freed_already() {
    assert_no_handles("freed handles", |arguments| {
        drmm_free_session(arguments.session);
        drmm_free_stream(arguments.stream);
        drmm_free_buffer(arguments.buffer);
        drmm_free_error(arguments.error);
    });
}

#[test]
fn handles_of_another_type() {
    fn rotate(arguments: &mut Arguments) {
        let session = arguments.session;
        arguments.session = arguments.stream.cast();
        arguments.stream = arguments.buffer.cast();
        arguments.buffer = arguments.error.cast();
        arguments.error = session.cast();
    }
    for times in 1..=3 {
        assert_no_handles("handles of another type", |arguments| {
            (0..times).for_each(|_| rotate(arguments));
        });
    }
}

#[test]
fn pointers_that_were_never_handles() {
    let here = [0_u64; 8];
    let here = here.as_ptr().addr();
    for address in [usize::MAX, usize::MAX / 2 + 1, here] {
        assert_no_handles("a pointer that is none", |arguments| {
            arguments.session = without_provenance_mut(address);
            arguments.stream = without_provenance_mut(address);
            arguments.buffer = without_provenance_mut(address);
            arguments.error = without_provenance_mut(address);
        });
    }
}

/// That every export which takes a document refuses it after `spoil`.
fn assert_no_document(kind: i32, message: &str, spoil: impl Fn(&mut Arguments)) {
    for export in exports::all().iter().filter(|it| !it.document.is_empty()) {
        let outcome = call(export, &spoil);
        assert!(
            outcome.message.contains(message),
            "{}: {outcome:?}",
            export.name
        );
        assert_eq!(
            outcome,
            Outcome::fault(kind, &outcome.message),
            "{}",
            export.name
        );
    }
}

#[test]
fn a_length_of_zero_is_an_empty_document_wherever_it_points() {
    for start in [null(), NonNull::<u8>::dangling().as_ptr().cast_const()] {
        assert_no_document(DRMM_ERROR_DOCUMENT, "document is not valid", |it| {
            it.start = start;
            it.len = 0;
        });
    }
}

#[test]
fn a_length_that_no_memory_has() {
    for len in [usize::MAX, usize::MAX - 1, isize::MAX as usize + 1] {
        let message = format!("cannot be {len} bytes long");
        assert_no_document(DRMM_ERROR_INVALID_ARGUMENT, &message, |it| {
            it.len = len;
        });
    }
}

#[test]
fn a_length_that_cuts_a_document() {
    for export in exports::all() {
        let mut cut_characters = 0;
        for len in 1..export.document.len() {
            let outcome = call(&export, |it| it.len = len);
            let kind = if export.document.is_char_boundary(len) {
                DRMM_ERROR_DOCUMENT
            } else {
                cut_characters += 1;
                DRMM_ERROR_UTF8
            };
            let expected = Outcome::fault(kind, &outcome.message);
            assert_eq!(outcome, expected, "{} cut at {len}", export.name);
        }
        assert!(cut_characters > 0 || export.document.is_empty());
    }
}

#[test]
fn documents_that_are_not_utf_8() {
    for bytes in [
        &b"\xff"[..],
        b"{\"path\": \"\xc3\x28\"}",
        b"\xed\xa0\x80",
        b"\xc0\x80",
        b"\xf4\x90\x80\x80",
        b"{\"path\": \"\xc3",
    ] {
        assert_no_document(DRMM_ERROR_UTF8, "is not UTF-8", |it| {
            it.start = bytes.as_ptr();
            it.len = bytes.len();
        });
    }
}

/// A session with nobody at the other end: nothing is sent by what is tested here.
fn session() -> Session {
    let options = json!({"url": "http://127.0.0.1:9", "key": "key", "secret": "secret"});
    Session::connect(options.to_string().as_bytes()).expect("the options are all right")
}

#[test]
fn documents_with_fields_that_are_unknown_or_wrong() {
    let options = |name: &str, value: serde_json::Value| {
        let mut options = json!({"url": "http://127.0.0.1:9", "key": "key", "secret": "canary"});
        options[name] = value;
        Session::connect(options.to_string().as_bytes()).map(drop)
    };
    assert_eq!(options("timeoutMs", json!(1000)), Ok(()));
    for (name, value) in [
        ("unknown", json!(1)),
        ("url", json!(null)),
        ("key", json!(["canary"])),
        ("secret", json!({"canary": 1})),
        ("timeoutMs", json!("soon")),
        ("pages", json!(1.5)),
        ("proxy", json!(false)),
    ] {
        let fault = options(name, value).expect_err(name);
        assert_eq!(fault.kind, DRMM_ERROR_DOCUMENT, "{fault:?}");
        assert!(!fault.message.contains("canary"), "{fault:?}");
    }
    let session = session();
    for keys in [
        json!({"key": "key"}),
        json!({"key": "key", "secret": ["canary"]}),
        json!({"key": "key", "secret": "canary", "url": "http://127.0.0.1:9"}),
    ] {
        let fault = session
            .token(keys.to_string().as_bytes())
            .map(drop)
            .expect_err("wrong");
        assert_eq!(fault.kind, DRMM_ERROR_DOCUMENT, "{fault:?}");
        assert!(!fault.message.contains("canary"), "{fault:?}");
    }
    for call in [
        json!({}),
        json!({"path": 1}),
        json!({"path": "v2/account", "unknown": 1}),
        json!({"path": "v2/account", "query": [["a"]]}),
        json!({"path": "v2/account", "args": "x"}),
        json!({"path": "v2/account", "answer": "xml"}),
        json!({"path": "v2/account", "jsonFields": ["details"]}),
        json!({"path": "v2/account", "fields": "name"}),
        json!({"path": "v2/account", "fields": ["name", 1]}),
        json!({"path": "v2/account", "fields": ["name"], "answer": "text"}),
        json!([]),
        json!("v2/account"),
    ] {
        let fault = session
            .request(call.to_string().as_bytes())
            .map(drop)
            .expect_err("wrong");
        assert_eq!(fault.kind, DRMM_ERROR_DOCUMENT, "{call} {fault:?}");
    }
}

#[test]
fn fields_that_are_none() {
    let session = session();
    for fields in [
        json!([]),
        json!([""]),
        json!(["a", " "]),
        json!(["a", "A"]),
        json!(["a."]),
    ] {
        let call = json!({"path": "v2/account/devices", "items": "devices", "fields": fields});
        let call = call.to_string();
        for fault in [
            session.request(call.as_bytes()).map(drop),
            session.paginate(call.as_bytes()).map(drop),
        ] {
            let fault = fault.expect_err("refused");
            assert_eq!(fault.kind, DRMM_ERROR_INVALID_ARGUMENT, "{fault:?}");
        }
    }
}

#[test]
fn keys_that_say_nothing() {
    for keys in [
        json!({"key": " ", "secret": "x"}),
        json!({"key": "x", "secret": ""}),
    ] {
        let fault = session()
            .token(keys.to_string().as_bytes())
            .map(drop)
            .expect_err("empty");
        assert_eq!(fault.kind, DRMM_ERROR_INVALID_ARGUMENT, "{fault:?}");
    }
}

proptest! {
    #[test]
    fn no_url_and_no_proxy_is_a_fault_of_the_library(url in "\\PC{0,40}", proxy in "\\PC{0,40}") {
        let options = json!({"url": url, "key": "key", "secret": "secret", "proxy": proxy});
        if let Err(fault) = Session::connect(options.to_string().as_bytes()) {
            prop_assert_eq!(fault.kind, DRMM_ERROR_INVALID_ARGUMENT, "{:?}", fault);
        }
    }
}
