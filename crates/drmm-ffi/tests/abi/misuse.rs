//! What a caller may get wrong: it is an error with a name, never a crash.

use std::ptr::{NonNull, null, null_mut};

use drmm_native::*;
use proptest::prelude::*;
use serde_json::json;

use crate::caller::{Fault, Session, call};

/// A session with nobody at the other end: nothing is sent by what is tested here.
fn session() -> Session {
    let options = json!({"url": "http://127.0.0.1:9", "key": "key", "secret": "secret"});
    Session::connect(options.to_string().as_bytes()).expect("the options are all right")
}

fn null_fault(name: &str) -> Result<(), Fault> {
    let message = format!("the argument '{name}' is NULL");
    Err(Fault {
        kind: DRMM_ERROR_NULL,
        message,
    })
}

/// An address that no function may write to or free: it is not changed, so nobody did.
fn untouched<T>() -> *mut T {
    NonNull::dangling().as_ptr()
}

#[test]
fn connect_with_null() {
    let mut session = untouched();
    // SAFETY: NULL is allowed everywhere, and what is not NULL has its place.
    let result = call(|error| unsafe { drmm_connect(null(), 1, &mut session, error) });
    assert_eq!(result, null_fault("options"));
    assert_eq!(session, untouched());
    // SAFETY: as above.
    let result = call(|error| unsafe { drmm_connect(b"{}".as_ptr(), 2, null_mut(), error) });
    assert_eq!(result, null_fault("session"));
    // SAFETY: as above.
    let kind = unsafe { drmm_connect(null(), 1, null_mut(), null_mut()) };
    assert_eq!(kind, DRMM_ERROR_NULL);
}

#[test]
fn login_with_null() {
    let session = session();
    let mut stream = untouched();
    // SAFETY: NULL is allowed everywhere, and what is not NULL has its place.
    let result = call(|error| unsafe { drmm_login(null(), &mut stream, error) });
    assert_eq!(result, null_fault("session"));
    assert_eq!(stream, untouched());
    // SAFETY: as above.
    let result = call(|error| unsafe { drmm_login(session.0, null_mut(), error) });
    assert_eq!(result, null_fault("stream"));
}

#[test]
fn request_and_paginate_with_null() {
    type Start = unsafe extern "C" fn(
        *const drmm_session,
        *const u8,
        usize,
        *mut *mut drmm_stream,
        *mut *mut drmm_error,
    ) -> i32;
    let session = session();
    for start in [drmm_request as Start, drmm_paginate] {
        let mut stream = untouched();
        // SAFETY: NULL is allowed everywhere, and what is not NULL has its place.
        let result = call(|e| unsafe { start(null(), b"{}".as_ptr(), 2, &mut stream, e) });
        assert_eq!(result, null_fault("session"));
        // SAFETY: as above.
        let result = call(|e| unsafe { start(session.0, null(), 2, &mut stream, e) });
        assert_eq!(result, null_fault("call"));
        // SAFETY: as above.
        let result = call(|e| unsafe { start(session.0, b"{}".as_ptr(), 2, null_mut(), e) });
        assert_eq!(result, null_fault("stream"));
        assert_eq!(stream, untouched());
    }
}

#[test]
fn next_and_cancel_with_null() {
    let stream = session()
        .request(br#"{"path": "v2/account"}"#)
        .expect("a stream");
    let (mut state, mut batch, mut report) = (7, untouched(), untouched());
    // SAFETY: NULL is allowed everywhere, and what is not NULL has its place.
    let result = call(|e| unsafe { drmm_next(null(), 0, &mut state, &mut batch, &mut report, e) });
    assert_eq!(result, null_fault("stream"));
    // SAFETY: as above.
    let result =
        call(|e| unsafe { drmm_next(stream.0, 0, null_mut(), &mut batch, &mut report, e) });
    assert_eq!(result, null_fault("state"));
    // SAFETY: as above.
    let result =
        call(|e| unsafe { drmm_next(stream.0, 0, &mut state, null_mut(), &mut report, e) });
    assert_eq!(result, null_fault("batch"));
    // SAFETY: as above.
    let result = call(|e| unsafe { drmm_next(stream.0, 0, &mut state, &mut batch, null_mut(), e) });
    assert_eq!(result, null_fault("report"));
    assert_eq!((state, batch, report), (7, untouched(), untouched()));
    // SAFETY: as above.
    let result = call(|e| unsafe { drmm_cancel(null(), e) });
    assert_eq!(result, null_fault("stream"));
}

#[test]
fn describe_and_disconnect_with_null() {
    let session = session();
    let mut description = untouched();
    // SAFETY: NULL is allowed everywhere, and what is not NULL has its place.
    let result = call(|error| unsafe { drmm_describe(null(), &mut description, error) });
    assert_eq!(result, null_fault("session"));
    assert_eq!(description, untouched());
    // SAFETY: as above.
    let result = call(|error| unsafe { drmm_describe(session.0, null_mut(), error) });
    assert_eq!(result, null_fault("description"));
    // SAFETY: as above.
    let result = call(|error| unsafe { drmm_disconnect(null(), error) });
    assert_eq!(result, null_fault("session"));
}

#[test]
fn accessors_and_frees_with_null() {
    for read in [drmm_error_message, drmm_error_method, drmm_error_path] {
        let mut len = 7;
        // SAFETY: NULL is allowed, and the length has its place.
        let start = unsafe { read(null(), &mut len) };
        assert_eq!((start, len), (null(), 0));
        // SAFETY: NULL is allowed.
        assert_eq!(unsafe { read(null(), null_mut()) }, null());
    }
    let mut len = 7;
    // SAFETY: NULL is allowed, and the length has its place.
    let start = unsafe { drmm_buffer_read(null(), &mut len) };
    assert_eq!((start, len), (null(), 0));
    // SAFETY: NULL is allowed.
    assert_eq!(unsafe { drmm_error_kind(null()) }, DRMM_OK);
    // SAFETY: NULL is allowed.
    assert_eq!(unsafe { drmm_error_status(null()) }, 0);
    // SAFETY: NULL is allowed.
    assert_eq!(unsafe { drmm_error_retry_after_ms(null()) }, -1);
    // SAFETY: NULL is allowed.
    unsafe { drmm_free_session(null_mut()) };
    // SAFETY: NULL is allowed.
    unsafe { drmm_free_stream(null_mut()) };
    // SAFETY: NULL is allowed.
    unsafe { drmm_free_buffer(null_mut()) };
    // SAFETY: NULL is allowed.
    unsafe { drmm_free_error(null_mut()) };
}

#[test]
fn a_length_of_zero_is_an_empty_document_wherever_it_points() {
    let mut session = null_mut();
    for options in [null(), untouched::<u8>().cast_const()] {
        // SAFETY: nothing is read, and the places are there.
        let result = call(|error| unsafe { drmm_connect(options, 0, &mut session, error) });
        assert_eq!(
            result.expect_err("nothing is no document").kind,
            DRMM_ERROR_DOCUMENT
        );
    }
}

#[test]
fn a_length_that_no_memory_has() {
    let mut session = null_mut();
    for len in [usize::MAX, isize::MAX as usize + 1] {
        // SAFETY: it is refused before anything is read, and the places are there.
        let result =
            call(|error| unsafe { drmm_connect(b"{}".as_ptr(), len, &mut session, error) });
        assert_eq!(
            result.expect_err("too long").kind,
            DRMM_ERROR_INVALID_ARGUMENT
        );
    }
}

#[test]
fn a_length_that_cuts_a_document() {
    let options = br#"{"url": "http://127.0.0.1:9", "key": "key", "secret": "secret"}"#;
    for len in 0..options.len() {
        let fault = Session::connect(&options[..len])
            .map(drop)
            .expect_err("half a document");
        assert_eq!(fault.kind, DRMM_ERROR_DOCUMENT, "{len}");
    }
}

#[test]
fn documents_that_are_not_utf_8() {
    let session = session();
    for bytes in [
        &b"\xff"[..],
        b"{\"path\": \"\xc3\x28\"}",
        b"\xed\xa0\x80",
        b"{\"path\": \"\xc3",
    ] {
        let fault = session.request(bytes).map(drop).expect_err("not UTF-8");
        assert_eq!(fault.kind, DRMM_ERROR_UTF8, "{fault:?}");
        assert!(
            fault
                .message
                .starts_with("the argument 'call' is not UTF-8"),
            "{fault:?}"
        );
        let fault = Session::connect(bytes).map(drop).expect_err("not UTF-8");
        assert_eq!(fault.kind, DRMM_ERROR_UTF8, "{fault:?}");
    }
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
    for call in [
        json!({}),
        json!({"path": 1}),
        json!({"path": "v2/account", "unknown": 1}),
        json!({"path": "v2/account", "query": [["a"]]}),
        json!({"path": "v2/account", "args": "x"}),
        json!({"path": "v2/account", "answer": "xml"}),
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

proptest! {
    #[test]
    fn garbage_is_no_document(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let kinds = [DRMM_ERROR_UTF8, DRMM_ERROR_DOCUMENT];
        let fault = Session::connect(&bytes).map(drop).expect_err("garbage");
        prop_assert!(kinds.contains(&fault.kind), "{:?}", fault);
        let fault = session().paginate(&bytes).map(drop).expect_err("garbage");
        prop_assert!(kinds.contains(&fault.kind), "{:?}", fault);
    }

    #[test]
    fn no_url_and_no_proxy_is_a_fault_of_the_library(url in "\\PC{0,40}", proxy in "\\PC{0,40}") {
        let options = json!({"url": url, "key": "key", "secret": "secret", "proxy": proxy});
        if let Err(fault) = Session::connect(options.to_string().as_bytes()) {
            prop_assert_eq!(fault.kind, DRMM_ERROR_INVALID_ARGUMENT, "{:?}", fault);
        }
    }
}
