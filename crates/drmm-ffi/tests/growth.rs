//! Ten thousand of everything, made and freed: nothing is left.
#![expect(clippy::expect_used, reason = "this is how a test fails")]

mod counting;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::ptr::{null, null_mut};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use drmm_native::*;

use self::counting::blocks;

const CYCLES: isize = 10_000;

/// Threads that end and tables that have grown take some blocks, whatever the number of cycles.
const TOLERANCE: isize = 200;

/// What has been taken shows up in one counter for all threads, so only one test runs at a time.
static TURN: Mutex<()> = Mutex::new(());

/// By how many blocks the memory in use grows with all the cycles.
fn growth(cycle: impl Fn()) -> isize {
    // Long enough for everything that is made once, or kept for the next time.
    for _ in 0..200 {
        cycle();
    }
    let before = settled(isize::MIN, Duration::from_millis(200));
    for _ in 0..CYCLES {
        cycle();
    }
    settled(before + TOLERANCE, Duration::from_secs(10)) - before
}

/// The blocks in use once they are no more than expected, or have not become fewer for a time:
/// threads that were cancelled take a moment to end.
fn settled(expected: isize, patience: Duration) -> isize {
    let mut lowest = (blocks(), Instant::now());
    while lowest.0 > expected && lowest.1.elapsed() < patience {
        let now = blocks();
        if now < lowest.0 {
            lowest = (now, Instant::now());
        }
        thread::park_timeout(Duration::from_millis(5));
    }
    lowest.0
}

/// A server that knows one account, has room for any number of requests, and keeps nothing.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || answer(&connection));
        }
    });
    format!("http://{address}")
}

/// Answers the requests of a connection until it is closed.
fn answer(connection: &TcpStream) {
    let mut reader = BufReader::new(connection);
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let body = if line.contains("/oauth/token") {
            r#"{"access_token":"t","token_type":"bearer","expires_in":360000}"#
        } else if line.contains("/request_rate") {
            r#"{"slidingTimeWindowSizeSeconds":1,"accountRateLimit":1000000,"accountCount":0,"accountCutOffRatio":0.9}"#
        } else if line.contains("/missing") {
            ""
        } else {
            r#"{"pageDetails":{"count":2,"totalCount":2,"nextPageUrl":null},"items":[{"uid":"a","udf":{"udf1":"b","udf2":null}},{"uid":"c","udf":null}]}"#
        };
        let mut rest = 0;
        while line != "\r\n" {
            line.clear();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some(len) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                rest = len.trim().parse().expect("a length");
            }
        }
        let mut sink = std::io::sink();
        let read = std::io::copy(&mut reader.by_ref().take(rest), &mut sink);
        let status = if body.is_empty() {
            "404 Not Found"
        } else {
            "200 OK"
        };
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
        let answer = format!("{head}Content-Type: application/json\r\n\r\n{body}");
        let mut connection = connection;
        if read.is_err() || connection.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

fn connect(url: &str) -> *mut drmm_session {
    let options = format!(r#"{{"url":"{url}","key":"key","secret":"secret"}}"#);
    let mut session = null_mut();
    // SAFETY: the document is as long as it says, and the place is there.
    let status = unsafe { drmm_connect(options.as_ptr(), options.len(), &mut session, null_mut()) };
    assert_eq!(status, DRMM_OK);
    session
}

type Start = unsafe extern "C" fn(
    *const drmm_session,
    *const u8,
    usize,
    *mut *mut drmm_stream,
    *mut *mut drmm_error,
) -> i32;

fn start(session: *mut drmm_session, start: Start, call: &str) -> *mut drmm_stream {
    let mut stream = null_mut();
    // SAFETY: the document is as long as it says, and the place is there.
    let status = unsafe { start(session, call.as_ptr(), call.len(), &mut stream, null_mut()) };
    assert_eq!(status, DRMM_OK, "{call}");
    stream
}

fn log_in(session: *mut drmm_session) -> *mut drmm_stream {
    let mut stream = null_mut();
    // SAFETY: the place is there.
    let status = unsafe { drmm_login(session, &mut stream, null_mut()) };
    assert_eq!(status, DRMM_OK);
    stream
}

/// Reads a stream to its end or error, and frees it with all that came: how many batches and
/// reports that was, and the kind of the error.
fn read(stream: *mut drmm_stream) -> (usize, usize, i32) {
    let (mut batches, mut reports) = (0, 0);
    let status = loop {
        let (mut state, mut batch, mut report, mut error) = (0, null_mut(), null_mut(), null_mut());
        // SAFETY: the places are there.
        let status = unsafe {
            drmm_next(
                stream,
                60_000,
                &mut state,
                &mut batch,
                &mut report,
                &mut error,
            )
        };
        batches += usize::from(!batch.is_null());
        reports += usize::from(!report.is_null());
        drmm_free_buffer(batch);
        drmm_free_buffer(report);
        drmm_free_error(error);
        if status != DRMM_OK || state == DRMM_END || state == DRMM_CANCELLED {
            break status;
        }
    };
    drmm_free_stream(stream);
    (batches, reports, status)
}

/// What is made and freed again, with a name.
type Cycle<'a> = (&'static str, Box<dyn Fn() + 'a>);

fn cycles(url: &str, session: *mut drmm_session) -> Vec<Cycle<'_>> {
    const PAGES: &str = r#"{"path":"v2/list","items":"items"}"#;
    const REQUEST: &str = r#"{"path":"v2/list"}"#;
    const MISSING: &str = r#"{"path":"v2/missing"}"#;
    vec![
        ("a session", Box::new(|| drmm_free_session(connect(url)))),
        (
            "an error",
            Box::new(|| {
                let mut error = null_mut();
                // SAFETY: a document of length 0 is not read, and the error has its place.
                let status = unsafe { drmm_connect(null(), 0, null_mut(), &mut error) };
                assert!(status != DRMM_OK && !error.is_null());
                drmm_free_error(error);
            }),
        ),
        (
            "a description",
            Box::new(move || {
                let mut description = null_mut();
                // SAFETY: the place is there.
                let status = unsafe { drmm_describe(session, &mut description, null_mut()) };
                assert_eq!(status, DRMM_OK);
                drmm_free_buffer(description);
            }),
        ),
        (
            "a login",
            Box::new(move || assert_eq!(read(log_in(session)).2, DRMM_OK)),
        ),
        (
            "a list",
            Box::new(move || {
                let (batches, reports, status) = read(start(session, drmm_paginate, PAGES));
                assert!(batches == 1 && reports > 0 && status == DRMM_OK);
            }),
        ),
        (
            "a request that fails",
            Box::new(move || {
                let (batches, _, status) = read(start(session, drmm_request, MISSING));
                assert_eq!((batches, status), (0, DRMM_ERROR_NOT_FOUND));
            }),
        ),
        (
            "a stream that nobody reads",
            Box::new(move || drmm_free_stream(start(session, drmm_request, REQUEST))),
        ),
        (
            "a stream that is cancelled",
            Box::new(move || {
                let stream = start(session, drmm_paginate, PAGES);
                // SAFETY: no place is given.
                assert_eq!(unsafe { drmm_cancel(stream, null_mut()) }, DRMM_OK);
                assert_eq!(read(stream).2, DRMM_OK);
            }),
        ),
    ]
}

#[test]
fn ten_thousand_of_everything_leave_nothing_behind() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let url = server();
    let session = connect(&url);
    for (name, cycle) in cycles(&url, session) {
        let begun = Instant::now();
        let grown = growth(cycle);
        println!("{name}: {grown} in {:?}", begun.elapsed());
        assert!(
            grown <= TOLERANCE,
            "{name}: {grown} blocks in {CYCLES} cycles"
        );
    }
    drmm_free_session(session);
}

#[test]
fn a_byte_that_is_lost_in_each_cycle_is_seen() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let grown = growth(|| std::mem::forget(Box::new(7_u8)));
    assert!(grown >= CYCLES, "{grown}");
}
