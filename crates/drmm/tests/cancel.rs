//! Cancelling: back at once, nothing sent after it, and the next request works.

#![allow(clippy::expect_used, reason = "a test fails this way")]

mod support;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::num::NonZeroU32;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use drmm::{Answer, Call, ErrorKind, Method, Proxy, Session, Stream, Values};
use drmm_sim::{Config, Fault, Server, Settings};
use support::{LONG, devices, get, login, next, rule, server, session, small_server, texts, until};

/// Longer than `next` may take to come back.
const AT_ONCE: Duration = Duration::from_millis(500);

/// The quota's window where the quota is used up.
const WINDOW: Duration = Duration::from_secs(4);

/// A request that was on its way when its job was cancelled may still arrive.
const ON_ITS_WAY: u64 = 500;

/// One line of the table: what is under way when everything is cancelled.
struct Case {
    name: &'static str,
    server: fn() -> Server,
    start: fn(&Server, &Session) -> Vec<Stream<Values>>,
    /// What the next request meets, by default nothing.
    then: fn(&Server, &Session),
}

impl Case {
    fn new(
        name: &'static str,
        server: fn() -> Server,
        start: fn(&Server, &Session) -> Vec<Stream<Values>>,
    ) -> Self {
        Self {
            name,
            server,
            start,
            then: |_, session| drop(get(session, "v2/account").expect("the next request")),
        }
    }
}

fn account(session: &Session) -> Stream<Values> {
    session
        .request(Call::get("v2/account"), Values)
        .expect("a stream")
}

/// The session's request for its account, under way with this fault.
fn faulty(server: &Server, session: &Session, fault: Fault) -> Vec<Stream<Values>> {
    login(session).expect("a login");
    server.set_faults([rule("GET /v2/account", fault)]);
    let before = server.counters().requests;
    let stream = account(session);
    until("the request", || server.counters().requests > before);
    vec![stream]
}

fn cases() -> [Case; 11] {
    [
        Case::new("token request", small_server, |server, session| {
            let slow = Fault::DelayMs(30_000);
            server.set_faults([rule("POST /auth/oauth/token", slow)]);
            let stream = session.login(Values).expect("a stream");
            until("the token request", || server.counters().tokens == 1);
            vec![stream]
        }),
        Case::new(
            "another's token request",
            small_server,
            |server, session| {
                let slow = Fault::DelayMs(30_000);
                server.set_faults([rule("POST /auth/oauth/token", slow)]);
                let first = account(session);
                until("the token request", || server.counters().tokens == 1);
                vec![account(session), first]
            },
        ),
        Case::new(
            "quota wait",
            || {
                server(Config {
                    devices: 20,
                    sites: 2,
                    settings: Settings {
                        limit: 10,
                        window: WINDOW,
                        ..Settings::default()
                    },
                    ..Config::default()
                })
            },
            |_, session| {
                get(session, "v2/system/request_rate").expect("the limits");
                let streams: Vec<_> = (0..16).map(|_| account(session)).collect();
                until("a wait for the quota", || {
                    streams
                        .iter()
                        .any(|stream| texts(stream).contains("for API quota"))
                });
                streams
            },
        ),
        Case::new("slow answer", small_server, |server, session| {
            faulty(server, session, Fault::DelayMs(30_000))
        }),
        Case::new("slow body", small_server, |server, session| {
            let bytes_per_s = NonZeroU32::MIN;
            faulty(server, session, Fault::SlowBody { bytes_per_s })
        }),
        Case::new("pause before a retry", small_server, |server, session| {
            let fault = Fault::Status {
                status: 503,
                retry_after_s: Some(30),
                body: None,
            };
            let streams = faulty(server, session, fault);
            until("the pause", || {
                texts(&streams[0]).contains("attempt 2 of 4")
            });
            streams
        }),
        Case::new(
            "page 7 of 40",
            || support::generous_server(10_000),
            |server, session| {
                server.set_latency(Duration::from_millis(20));
                let stream = session.paginate(devices(), Values).expect("a stream");
                for _ in 0..7 {
                    next(&stream).expect("a page");
                }
                vec![stream]
            },
        ),
        Case::new(
            "fan-out of 500",
            || support::generous_server(20),
            |server, session| {
                server.set_latency(Duration::from_millis(100));
                let streams = (0..500).map(|_| account(session)).collect();
                until("requests under way", || server.counters().requests > 20);
                streams
            },
        ),
        Case::new(
            "the one that goes to see after a 429",
            small_server,
            |server, session| {
                login(session).expect("a login");
                let refusal = Fault::Status {
                    status: 429,
                    retry_after_s: Some(0),
                    body: None,
                };
                server.set_faults([
                    rule("GET /v2/account", refusal).times(1),
                    rule("GET /v2/account", Fault::DelayMs(20_000)),
                ]);
                let stream = account(session);
                until("the second try", || server.counters().requests == 2);
                vec![stream]
            },
        ),
        Case::new(
            "the one that goes to see after a block",
            server_of_longer_windows,
            |server, session| {
                get(session, "v2/system/request_rate").expect("the window");
                server.set_faults([
                    rule("GET /v2/account", forbidden(Some(1))).times(1),
                    rule("GET /v2/system/status", forbidden(None)).times(1),
                ]);
                let blocked = get(session, "v2/account").expect_err("a block");
                assert_eq!(blocked.kind(), ErrorKind::Blocked);
                until("the end of the block", || {
                    session.describe()["blockedUntil"].is_null()
                });
                faulty(server, session, Fault::DelayMs(20_000))
            },
        ),
        Case {
            then: |server, session| {
                server.set_faults([rule("GET /v2/account", forbidden(None))]);
                let forbidden = get(session, "v2/account").expect_err("an error");
                assert_eq!(forbidden.kind(), ErrorKind::Forbidden);
            },
            ..Case::new(
                "the look whether a 403 is a block",
                small_server,
                |server, session| {
                    login(session).expect("a login");
                    server.set_faults([
                        rule("GET /v2/account", forbidden(None)),
                        rule("GET /v2/system/status", Fault::DelayMs(20_000)),
                    ]);
                    let stream = account(session);
                    until("the look", || server.counters().requests == 2);
                    vec![stream]
                },
            )
        },
    ]
}

/// A 403 that is not the API's own.
fn forbidden(retry_after_s: Option<u32>) -> Fault {
    Fault::Status {
        status: 403,
        retry_after_s,
        body: Some("<html>no</html>".to_owned()),
    }
}

/// Its shortest block takes three seconds, and so does the time that one has who goes to see.
fn server_of_longer_windows() -> Server {
    server(Config {
        devices: 20,
        sites: 2,
        settings: Settings {
            window: Duration::from_secs(18),
            ..Settings::default()
        },
        ..Config::default()
    })
}

/// What came of cancelling everything.
struct Seen {
    /// How long the slowest `next` took to come back.
    back: Duration,
    /// Requests that arrived afterwards, and how long after it the last of them did, in ms.
    late: (usize, u64),
    /// How long the next request took.
    next: Duration,
}

impl Seen {
    /// Whether something came later than it may.
    fn is_slow(&self, case: &Case) -> bool {
        // The quota is used up: the next one has to wait for it, too.
        let soon = if case.name == "quota wait" {
            WINDOW
        } else {
            AT_ONCE
        };
        self.back > AT_ONCE || self.late.1 > ON_ITS_WAY || self.next > soon
    }
}

fn cancel(case: &Case) -> Seen {
    let server = (case.server)();
    let mut options = support::options(&server);
    options.user_agent = "cancelled".into();
    let session = Session::connect(&options).expect("a session");
    let streams = (case.start)(&server, &session);
    let back = std::thread::scope(|scope| {
        let waiting: Vec<_> = streams
            .iter()
            .map(|stream| {
                scope.spawn(|| {
                    // Some may have had their answer before.
                    while !matches!(
                        stream.next(LONG).expect("an answer"),
                        Answer::Cancelled | Answer::End
                    ) {}
                    Instant::now()
                })
            })
            .collect();
        let start = Instant::now();
        for stream in &streams {
            stream.cancel();
            stream.cancel();
        }
        let ends = waiting.into_iter().map(|end| end.join().expect("no panic"));
        ends.max()
            .map_or(Duration::ZERO, |end| end.saturating_duration_since(start))
    });
    server.set_faults([]);
    let before = pass_by(&server);
    // What it answers a second later stands for that second.
    server.set_faults([rule("GET /v2/system/status", Fault::DelayMs(1000))]);
    pass_by(&server);
    let late: Vec<_> = server
        .requests()
        .iter()
        .filter(|request| request.user_agent.as_deref() == Some("cancelled"))
        .filter(|request| request.at > before)
        .map(|request| request.at - before)
        .collect();
    for stream in &streams {
        let again = stream.next(Duration::ZERO).expect("an answer");
        assert!(
            matches!(again, Answer::Cancelled | Answer::End),
            "{}",
            case.name
        );
    }
    server.set_latency(Duration::ZERO);
    let start = Instant::now();
    (case.then)(&server, &session);
    Seen {
        back,
        late: (late.len(), late.into_iter().max().unwrap_or_default()),
        next: start.elapsed(),
    }
}

/// A request that has nothing to do with the client; gives the server's time at which it came.
fn pass_by(server: &Server) -> u64 {
    let url = server.url();
    let host = url.strip_prefix("http://").expect("a host");
    let mut wire = TcpStream::connect(host).expect("a connection");
    let request = format!(
        "GET /api/v2/system/status HTTP/1.1\r\nHost: {host}\r\nUser-Agent: passer-by\r\nConnection: close\r\n\r\n"
    );
    wire.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    wire.read_to_string(&mut answer).expect("an answer");
    let requests = server.requests();
    let passed = |request: &&drmm_sim::Received| request.user_agent.as_deref() == Some("passer-by");
    requests
        .iter()
        .rfind(passed)
        .expect("it stands in the log")
        .at
}

#[test]
fn whatever_is_under_way_ends_at_once_and_nothing_follows_it() {
    let mut wrong = Vec::new();
    println!("| under way | back after | requests after it | next request |\n|---|---|---|---|");
    let cases = cases();
    let seen: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = cases
            .iter()
            .map(|case| scope.spawn(|| cancel(case)))
            .collect();
        running
            .into_iter()
            .map(|case| case.join().expect("no panic"))
            .collect()
    });
    for (case, seen) in cases.iter().zip(seen) {
        // Who is slow among all of them, on a machine with other work, is asked once more alone.
        let is_slow = seen.is_slow(case) && (0..3).all(|_| cancel(case).is_slow(case));
        let Seen { back, late, next } = seen;
        let late_text = match late {
            (0, _) => "none".to_owned(),
            (count, ms) => format!("{count}, the last after {ms} ms"),
        };
        println!(
            "| {} | {} ms | {late_text} | {} ms |",
            case.name,
            back.as_millis(),
            next.as_millis()
        );
        if is_slow {
            wrong.push(case.name);
        }
    }
    assert!(wrong.is_empty(), "too late: {wrong:?}");
}

/// A proxy that opens its tunnel only when it is told to; gives what then comes through it.
fn slow_proxy() -> (String, Receiver<()>, Sender<()>, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let ((asked, was_asked), (open, may_open)) = (channel(), channel());
    let proxy = std::thread::spawn(move || {
        let (mut wire, _) = listener.accept().expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            wire.read_exact(&mut byte).expect("a request for a tunnel");
            head.push(byte[0]);
        }
        asked.send(()).expect("somebody waits");
        may_open.recv().expect("a word");
        wire.write_all(b"HTTP/1.1 200 OK\r\n\r\n").expect("open");
        let mut through = String::new();
        // Reset or closed, it is the same here: nothing came, or something did.
        let _ = wire.read_to_string(&mut through);
        through
    });
    (url, was_asked, open, proxy)
}

#[test]
fn a_write_whose_connection_stands_only_after_the_cancel_is_not_sent() {
    let server = small_server();
    let direct = session(&server);
    support::login(&direct).expect("a login");
    let (url, asked, open, proxy) = slow_proxy();
    let mut options = support::options(&server);
    options.proxy = Proxy::Url(url.into());
    let session = Session::connect(&options).expect("a session");
    let call = Call {
        method: Method::Post,
        ..Call::get("v2/alert/x/resolve")
    };
    let stream = session.request(call, Values).expect("a stream");
    asked.recv().expect("a request for a tunnel");
    stream.cancel();
    assert_eq!(stream.next(LONG).expect("an answer"), Answer::Cancelled);
    open.send(()).expect("the proxy is there");
    assert_eq!(proxy.join().expect("no panic"), "");
}
