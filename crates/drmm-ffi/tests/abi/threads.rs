//! Many threads on one session, and several on one stream.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use drmm_native::*;
use drmm_sim::{Config, Server};

use crate::caller::{Fault, Session, Step};
use crate::reader::Reader;

const DEVICES: u32 = 130;
const DEVICES_CALL: &[u8] =
    br#"{"path": "v2/account/devices", "items": "devices", "pageSize": 10}"#;

fn server() -> Server {
    Server::start(Config {
        devices: DEVICES,
        ..Config::default()
    })
    .expect("the simulator starts")
}

#[test]
fn sixteen_threads_share_a_session_and_its_token() {
    let server = server();
    let session = Session::to(&server);
    let start = Barrier::new(16);
    thread::scope(|scope| {
        for number in 0..16 {
            let (session, start) = (&session, &start);
            scope.spawn(move || {
                start.wait();
                match number % 4 {
                    0 => {
                        let stream = session.paginate(DEVICES_CALL).expect("a stream");
                        assert_eq!(stream.wait().expect("a batch").state, DRMM_READY);
                        stream.cancel();
                        assert_eq!(stream.wait().expect("no error").state, DRMM_CANCELLED);
                    }
                    1 => {
                        let description = session.describe().expect("a description");
                        assert_eq!(Reader::default().read(&description).len(), 1);
                    }
                    _ => {
                        let stream = session
                            .request(br#"{"path": "v2/account"}"#)
                            .expect("a stream");
                        let step = stream.wait().expect("an account");
                        let account = Reader::default().read(&step.batch).remove(0);
                        assert!(account["uid"].is_string());
                        assert_eq!(stream.wait().expect("the end").state, DRMM_END);
                    }
                }
            });
        }
    });
    assert_eq!(server.counters().tokens, 1);
}

#[test]
fn threads_take_turns_on_one_stream() {
    let server = server();
    let session = Session::to(&server);
    let stream = session.paginate(DEVICES_CALL).expect("a stream");
    let all = || {
        let steps = std::iter::from_fn(|| {
            let step = stream.wait().expect("no error");
            (step.state == DRMM_READY).then_some(step)
        });
        steps.collect::<Vec<Step>>()
    };
    let mut steps: Vec<Step> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(all)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    assert_eq!(steps.len(), 13);
    // Back into the order of the stream: by the number of the first shape, then of shapes.
    steps.sort_by_key(|step| (step.batch[1], step.batch[2]));
    let mut reader = Reader::default();
    let mut names: Vec<String> = steps
        .iter()
        .flat_map(|step| reader.read(&step.batch))
        .map(|device| device["uid"].as_str().expect("a uid").to_owned())
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), DEVICES as usize);
}

#[test]
fn cancel_wakes_who_waits() {
    let server = server();
    server.set_latency(Duration::from_secs(50));
    let session = Session::to(&server);
    let stream = session.paginate(DEVICES_CALL).expect("a stream");
    let start = Barrier::new(2);
    let begun = Instant::now();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            start.wait();
            stream.wait()
        });
        start.wait();
        stream.cancel();
        let step = waiting.join().expect("no panic").expect("no error");
        assert_eq!(step.state, DRMM_CANCELLED);
    });
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn a_short_wait_is_pending_and_the_stream_goes_on() {
    let server = server();
    let session = Session::to(&server);
    let stream = session.paginate(DEVICES_CALL).expect("a stream");
    let mut reader = Reader::default();
    let mut devices = 0;
    loop {
        let step = stream.next(0).expect("no error");
        match step.state {
            DRMM_READY => devices += reader.read(&step.batch).len(),
            DRMM_PENDING => thread::yield_now(),
            state => {
                assert_eq!(state, DRMM_END);
                break;
            }
        }
    }
    assert_eq!(devices, DEVICES as usize);
}

#[test]
fn what_happened_is_reported_before_the_error() {
    let server = server();
    let session = Session::to(&server);
    let call = br#"{"path": "v2/device/{}", "args": ["nobody"]}"#;
    let stream = session.request(call).expect("a stream");
    let mut reported = 0;
    let fault = loop {
        match stream.next(60_000) {
            Ok(step) => {
                assert_eq!(step.state, DRMM_PENDING);
                reported += usize::from(!step.report.is_empty());
            }
            Err(fault) => break fault,
        }
    };
    assert_eq!(fault.kind, DRMM_ERROR_NOT_FOUND);
    assert!(reported > 0);
    assert_eq!(stream.next(0).map(drop), Err(fault));
}

#[test]
fn what_has_ended_has_ended_however_often_it_is_asked() {
    let server = server();
    let session = Session::to(&server);
    let ended = session
        .request(br#"{"path": "v2/account"}"#)
        .expect("a stream");
    assert_eq!(ended.wait().expect("an account").state, DRMM_READY);
    let cancelled = session.paginate(DEVICES_CALL).expect("a stream");
    cancelled.cancel();
    let sent = server.counters().requests;
    for _ in 0..100 {
        assert_eq!(ended.wait().expect("no error").state, DRMM_END);
        assert_eq!(cancelled.wait().expect("no error").state, DRMM_CANCELLED);
    }
    ended.cancel();
    assert_eq!(ended.wait().expect("no error").state, DRMM_CANCELLED);
    assert!(server.counters().requests <= sent + 1);
}

/// The error of a handle that is gone.
fn gone(name: &str) -> Fault {
    Fault {
        kind: DRMM_ERROR_HANDLE,
        message: format!("the argument '{name}' was freed already, or is no {name}"),
    }
}

#[test]
fn a_stream_may_be_freed_while_somebody_waits_for_it() {
    let server = server();
    server.set_latency(Duration::from_secs(50));
    let session = Session::to(&server);
    for _ in 0..20 {
        let stream = session.paginate(DEVICES_CALL).expect("a stream");
        let start = Barrier::new(5);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    start.wait();
                    match stream.wait() {
                        Ok(step) => assert_eq!(step.state, DRMM_CANCELLED),
                        Err(fault) => assert_eq!(fault, gone("stream")),
                    }
                });
            }
            start.wait();
            drmm_free_stream(stream.0);
        });
        assert_eq!(stream.next(0).map(drop), Err(gone("stream")));
    }
}

#[test]
fn sixteen_threads_may_free_what_one_of_them_frees() {
    let server = server();
    let session = Session::to(&server);
    let stream = session.paginate(DEVICES_CALL).expect("a stream");
    let start = Barrier::new(16);
    thread::scope(|scope| {
        for number in 0..16 {
            let (session, stream, start) = (&session, &stream, &start);
            scope.spawn(move || {
                start.wait();
                if number % 2 == 0 {
                    drmm_free_stream(stream.0);
                    drmm_free_session(session.0);
                } else if let Err(fault) = session.request(br#"{"path": "v2/account"}"#).map(drop) {
                    let kinds = [DRMM_ERROR_HANDLE, DRMM_ERROR_NOT_CONNECTED];
                    assert!(kinds.contains(&fault.kind), "{fault:?}");
                }
            });
        }
    });
    assert_eq!(stream.next(0).map(drop), Err(gone("stream")));
    assert_eq!(session.describe(), Err(gone("session")));
}

#[test]
fn the_streams_of_a_session_that_was_freed_go_on_until_they_need_it() {
    let server = server();
    let session = Session::to(&server);
    let stream = session.paginate(DEVICES_CALL).expect("a stream");
    assert_eq!(stream.wait().expect("a batch").state, DRMM_READY);
    drop(session);
    let fault = loop {
        match stream.wait() {
            Ok(step) => assert_eq!(step.state, DRMM_READY),
            Err(fault) => break fault,
        }
    };
    assert_eq!(fault.kind, DRMM_ERROR_NOT_CONNECTED, "{fault:?}");
}
