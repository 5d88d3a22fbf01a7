//! A line of the table, played: a list, reads and writes, each against a server of its own.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails this way")]

use std::collections::HashSet;
use std::fmt;
use std::time::{Duration, Instant};

use drmm::{Answer, Call, Form, Method, Options, Session, Stream, Values};
use drmm_sim::{Config, Fault, Rule, Server, Settings};
use serde_json::Value;

use crate::case::{Case, Expected, Outcome, Script};
use crate::support::{self, LONG, devices, options, rule, server};

/// The quota's, on both sides; never full here. A minute of it would make 429 and blocks last.
const WINDOW: Duration = Duration::from_millis(200);

const DEVICES: &str = "GET /v2/account/devices";
const READ: &str = "GET /v2/account";
const WRITE: &str = "POST /v2/alert/{alertUid}/resolve";

/// What the table shows of a call, and what is wrong with it.
pub(crate) type Cell = (String, Option<String>);

/// The calls of a case, in the order of the table's columns.
pub(crate) const COLUMNS: [fn(&Case) -> Cell; 5] = [
    |case| judge("list", &list(case), &case.list),
    |case| cell("read", case, READ, Form::Objects),
    |case| cell("write", case, WRITE, Form::Objects),
    |case| cell("read as text", case, READ, Form::Text),
    |case| cell("write as text", case, WRITE, Form::Text),
];

fn cell(what: &str, case: &Case, pattern: &str, form: Form) -> Cell {
    let expected = match (pattern, form) {
        (READ, Form::Objects) => &case.read,
        (READ, Form::Text) => &case.read_text,
        (_, Form::Objects) => &case.write,
        (_, Form::Text) => &case.write_text,
    };
    expected.as_ref().map_or_else(
        || ("–".to_owned(), None),
        |expected| judge(what, &single(case, pattern, form), expected),
    )
}

/// What a call came to.
struct Seen {
    items: Vec<Value>,
    error: Option<drmm::Error>,
    /// What it was told meanwhile.
    told: String,
    requests: u64,
    /// The uids that should have come, in order.
    right: Vec<String>,
    /// What else is wrong.
    wrong: Option<String>,
    took: Duration,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (items, distinct) = (self.items.len(), uids(&self.items).len());
        match &self.error {
            Some(error) if self.right.is_empty() => write!(f, "{:?}", error.kind())?,
            Some(error) => write!(f, "{:?} after {items} items", error.kind())?,
            None if self.right.is_empty() => f.write_str("done")?,
            None if items > distinct => write!(f, "{items} items, {} twice", items - distinct)?,
            None => write!(f, "{items} items")?,
        }
        if self.told.contains("Warning") {
            f.write_str(", warning")?;
        }
        match self.requests {
            1 => f.write_str("; 1 request"),
            requests => write!(f, "; {requests} requests"),
        }
    }
}

fn judge(what: &str, seen: &Seen, expected: &Expected) -> Cell {
    let error = seen.error.as_ref();
    let list = !seen.right.is_empty();
    let mut wrong = Vec::new();
    match &expected.outcome {
        Outcome::Whole if list && order(&seen.items) != seen.right => {
            wrong.push(format!("not all items once, in order: {seen} {error:?}"));
        }
        Outcome::Whole if error.is_some() => wrong.push(format!("{error:?}")),
        Outcome::Told { items, twice, text } => {
            if error.is_some() || seen.items.len() != *items || !seen.told.contains(text) {
                wrong.push(format!("{seen} {error:?}, told: {}", seen.told));
            }
            let mut known = HashSet::new();
            let mut firsts = order(&seen.items);
            firsts.retain(|uid| known.insert(uid.clone()));
            if firsts.len() + twice != *items {
                wrong.push(format!("{seen}, but {twice} were to come twice"));
            }
            if !is_in_order(&firsts, &seen.right) {
                wrong.push("what came is not in order".into());
            }
        }
        Outcome::Fails(kind, items) => match error {
            Some(error) if error.kind() == *kind && seen.items.len() == *items => {
                let refused = error.message().contains("refused the connection");
                if refused && !error.message().contains("after 4 attempts") {
                    wrong.push(format!("nobody was there, so nothing was done: {error}"));
                }
                if *kind == drmm::ErrorKind::Blocked && error.retry_after().is_none() {
                    wrong.push(format!("it says not when to come back: {error}"));
                }
                let says = format!("the list is incomplete: {items} ");
                if list && !error.message().starts_with(&says) {
                    wrong.push(format!("the error says not how many: {error}"));
                }
                if list && !is_in_order(&order(&seen.items), &seen.right) {
                    wrong.push("what came is not in order, each once".into());
                }
            }
            _ => wrong.push(format!("{seen} {error:?}, not {:?}", expected.outcome)),
        },
        Outcome::Whole => {}
    }
    if !expected.requests.contains(&seen.requests) {
        wrong.push(format!(
            "{} requests, not {:?}",
            seen.requests, expected.requests
        ));
    }
    if seen.took > LONG {
        wrong.push(format!("it took {:?}", seen.took));
    }
    wrong.extend(seen.wrong.clone());
    let wrong = (!wrong.is_empty()).then(|| format!("{what}: {}", wrong.join("; ")));
    (seen.to_string(), wrong)
}

/// Whether these stand among those that are right in the same order, each once.
fn is_in_order(uids: &[String], right: &[String]) -> bool {
    let mut right = right.iter();
    uids.iter().all(|uid| right.any(|next| next == uid))
}

fn order(items: &[Value]) -> Vec<String> {
    items.iter().map(|item| item["uid"].to_string()).collect()
}

fn uids(items: &[Value]) -> HashSet<String> {
    items.iter().map(|item| item["uid"].to_string()).collect()
}

pub(crate) fn sim(devices: u32) -> Server {
    server(Config {
        devices,
        sites: 2,
        settings: Settings {
            window: WINDOW,
            ..Settings::default()
        },
        ..Config::default()
    })
}

fn options_of(case: &Case, server: &Server) -> Options {
    let mut options = options(server);
    options.timeout = case.timeout.unwrap_or(options.timeout);
    options.window = WINDOW;
    if let Script::Blocked = case.script {
        options.pages = 1;
    }
    options
}

fn rules(script: &Script, pattern: &str, port: &str, elsewhere: &str) -> Vec<Rule> {
    let page = |rule: Rule| {
        if pattern == DEVICES {
            rule.page(2)
        } else {
            rule
        }
    };
    let one = match script {
        Script::Fault(fault) => page(rule(pattern, fault.clone())),
        Script::Times(times, fault) => page(rule(pattern, fault.clone()).times(*times)),
        Script::Burst(times, fault) => {
            let after = u64::from(pattern == DEVICES);
            rule(pattern, fault.clone()).after(after).times(*times)
        }
        Script::Everywhere(fault) => rule(pattern, fault.clone()),
        Script::First(fault) => rule(pattern, fault.clone()).page(0),
        Script::Elsewhere => {
            let url = format!("{elsewhere}/api/v2/account/devices?max=250&page=3");
            page(rule(pattern, Fault::NextPageUrl(url)))
        }
        Script::NextPage(url) => page(rule(
            pattern,
            Fault::NextPageUrl(url.replace("{port}", port)),
        )),
        Script::Blocked => page(rule(pattern, Fault::Block)),
        Script::WithoutTotal(times, fault) => {
            let none = rule(pattern, Fault::TotalCount(None));
            return vec![page(rule(pattern, fault.clone()).times(*times)), none];
        }
        Script::Gone | Script::Revoked => return Vec::new(),
    };
    vec![one]
}

fn list(case: &Case) -> Seen {
    let server = sim(1000);
    let session = Session::connect(&options_of(case, &server)).expect("a session");
    let right =
        order(&support::all(&session.paginate(devices(), Values).expect("a stream")).expect("all"));
    server.reset();
    let elsewhere = matches!(case.script, Script::Elsewhere).then(|| sim(1));
    let url = elsewhere.as_ref().map(Server::url).unwrap_or_default();
    let own = server.url();
    let port = own.rsplit_once(':').expect("a port").1;
    server.set_faults(rules(&case.script, DEVICES, port, &url));

    let start = Instant::now();
    let stream = session.paginate(devices(), Values).expect("a stream");
    let mut items = support::next(&stream)
        .expect("the first page")
        .unwrap_or_default();
    let counters = server.counters();
    let server = match case.script {
        Script::Gone => {
            drop(server);
            None
        }
        _ => Some(server),
    };
    if let (Script::Revoked, Some(server)) = (&case.script, &server) {
        server.revoke_tokens();
    }
    let (error, told) = read(&stream, &mut items);
    let counters = server.as_ref().map_or(counters, Server::counters);
    let stranger = elsewhere
        .map(|server| server.counters())
        .filter(|counters| counters.connections > 0);
    Seen {
        items,
        error,
        told,
        requests: counters.by_route[DEVICES],
        right,
        wrong: stranger.map(|_| "somebody came to the other origin".into()),
        took: start.elapsed(),
    }
}

fn single(case: &Case, pattern: &str, form: Form) -> Seen {
    let server = sim(20);
    let session = Session::connect(&options_of(case, &server)).expect("a session");
    let alert = support::get(&session, "v2/account/alerts/open?max=1")
        .expect("an alert")
        .remove(0)["alerts"][0]["alertUid"]
        .as_str()
        .expect("a uid")
        .to_owned();
    server.reset();
    server.set_faults(rules(&case.script, pattern, "", ""));
    let target = if case.script.needs_a_body() {
        "none"
    } else {
        &alert
    };
    let (method, path) = match pattern {
        WRITE => (Method::Post, format!("v2/alert/{target}/resolve")),
        _ => (Method::Get, "v2/account".to_owned()),
    };
    let call = Call {
        method,
        answer: form,
        ..Call::get(&path)
    };
    let server = match case.script {
        Script::Gone => {
            drop(server);
            None
        }
        Script::Revoked => {
            server.revoke_tokens();
            Some(server)
        }
        _ => Some(server),
    };
    let start = Instant::now();
    let stream = session.request(call, Values).expect("a stream");
    let mut items = Vec::new();
    let (error, told) = read(&stream, &mut items);
    let took = start.elapsed();
    let counted = |server: &Server| server.counters().by_route.get(pattern).copied();
    let requests = server.as_ref().and_then(counted).unwrap_or_default();
    // A write that is done has been done, unless the fault is that it only seems so.
    let undone = server
        .filter(|_| pattern == WRITE && error.is_none())
        .filter(|server| {
            server.set_faults([]);
            let replaced = case.script.is_in_place_of_it();
            let alert = support::get(&session, &format!("v2/alert/{alert}")).expect("an alert");
            !replaced && alert[0]["resolved"] != true
        });
    Seen {
        items,
        error,
        told,
        requests,
        right: Vec::new(),
        wrong: undone.map(|_| "the alert is not resolved".into()),
        took,
    }
}

/// Reads a stream to its end; gives its error and all that it told.
fn read(stream: &Stream<Values>, items: &mut Vec<Value>) -> (Option<drmm::Error>, String) {
    let mut told = String::new();
    let error = loop {
        let answer = stream.next(LONG);
        told += &support::texts(stream);
        match answer {
            Ok(Answer::Ready(batch)) => items.extend(batch),
            Ok(Answer::Pending) => {}
            Ok(Answer::End) => break None,
            Ok(Answer::Cancelled) => panic!("nobody cancelled"),
            Err(error) => break Some(error),
        }
    };
    (error, told)
}
