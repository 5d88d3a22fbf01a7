//! What can go wrong, and what a list, a read and a write come to when it does, the latter two also as
//! text: one table.
//!
//! A list has 1,000 items on four pages and meets the fault on its third (page 2); a read is of one
//! resource; a write resolves an alert. Right is: all items, each once; or an error that says how
//! many had come; so many requests and no more; and a write sent once, unless the server cannot have
//! acted.

#![allow(clippy::expect_used, reason = "a test fails this way")]

#[path = "faults/case.rs"]
mod case;
#[path = "faults/play.rs"]
mod play;
mod support;

use std::num::NonZeroU32;
use std::sync::Mutex;
use std::time::Duration;

use case::Script::{
    Blocked, Burst, Elsewhere, Everywhere, First, Gone, NextPage, Revoked, Times, WithoutTotal,
};
use case::{
    Case, Script, all_three, fails, fails_at_once, fails_in, lasting, only_as_objects, only_list,
    passing, told, told_twice, whole, whole_in,
};
use drmm::{ErrorKind as Kind, Session};
use drmm_sim::Fault;
use play::{COLUMNS, sim};
use serde_json::Value;
use support::{options, status};

fn answer(text: impl Into<String>, content_type: Option<&str>) -> Fault {
    Fault::Answer {
        answer: text.into(),
        content_type: content_type.map(str::to_owned),
        status: 200,
    }
}

fn too_many(retry_after_s: Option<u32>) -> Fault {
    Fault::Status {
        status: 429,
        retry_after_s,
        body: None,
    }
}

fn slow() -> Fault {
    Fault::SlowBody {
        bytes_per_s: NonZeroU32::MIN,
    }
}

/// The third page, changed.
fn third_page(change: impl FnOnce(&mut Value)) -> String {
    let server = sim(1000);
    let session = Session::connect(&options(&server)).expect("a session");
    let mut page = support::get(&session, "v2/account/devices?max=250&page=2")
        .expect("a page")
        .remove(0);
    let next = page["pageDetails"]["nextPageUrl"].take();
    assert!(next.is_string(), "there is a fourth page");
    // The address of that server is not the one of this; the total says that there is a next page.
    change(&mut page);
    page.to_string()
}

fn half_a_character() -> Fault {
    let page = third_page(|page| page["devices"][7]["description"] = "HALF".into());
    answer(page.replace("HALF", "a\\ud83d"), None)
}

fn without_details() -> Fault {
    let page = third_page(|page| {
        page.as_object_mut()
            .expect("an object")
            .remove("pageDetails");
    });
    answer(page, None)
}

fn with_null_details() -> Fault {
    answer(third_page(|page| page["pageDetails"] = Value::Null), None)
}

fn cases() -> Vec<Case> {
    let mut cases = vec![all_three(
        "connection refused",
        Gone,
        fails(Kind::Connection, 250, 1),
        fails(Kind::Connection, 0, 0),
        fails(Kind::Connection, 0, 0),
    )];
    for (name, fault, kind) in [
        (
            ["reset before the headers", "… each time"],
            Fault::ResetBeforeHeaders,
            Kind::Connection,
        ),
        (
            ["reset in the headers", "… each time"],
            Fault::ResetInHeaders,
            Kind::Connection,
        ),
        (
            ["reset in the body", "… each time"],
            Fault::ResetInBody,
            Kind::Connection,
        ),
        (
            ["body cut, Content-Length", "… each time"],
            Fault::CutBody {
                keep_bytes: 20,
                content_length: true,
            },
            Kind::Connection,
        ),
        (
            ["body cut, chunked", "… each time"],
            Fault::CutBody {
                keep_bytes: 20,
                content_length: false,
            },
            Kind::Connection,
        ),
        (
            ["gzip cut", "… each time"],
            Fault::CutGzip,
            Kind::Connection,
        ),
        (
            ["200 with an HTML page", "… each time"],
            Fault::Html,
            Kind::Malformed,
        ),
        (
            ["… that says it is JSON", "… each time"],
            answer("<html>We'll be back</html>", Some("application/json")),
            Kind::Malformed,
        ),
        (["500", "… each time"], status(500), Kind::Server),
        (["502", "… each time"], status(502), Kind::Server),
        (["503", "… each time"], status(503), Kind::Server),
        (["504", "… each time"], status(504), Kind::Server),
    ] {
        cases.extend(passing(name, &fault, kind));
    }
    for (name, fault) in [("204", Fault::NoContent), ("empty 200", Fault::Empty200)] {
        // Of a write it is a good answer, and as text it is the text that it is.
        let [mut once, mut always] = passing([name, "… each time"], &fault, Kind::Malformed);
        for case in [&mut once, &mut always] {
            case.write = Some(whole(1));
        }
        cases.extend([only_as_objects(once), only_as_objects(always)]);
    }
    let early = Fault::CloseEarly(20);
    for mut case in passing(
        ["body cut by closing", "… each time"],
        &early,
        Kind::Malformed,
    ) {
        // The answer to this write has no body.
        (case.write, case.write_text) = (Some(whole(1)), Some(whole(1)));
        cases.push(case);
    }
    for (name, script, list, read) in [
        ("1 byte a second", Times(1, slow()), whole(5), whole(2)),
        (
            "… each time",
            Script::Fault(slow()),
            fails(Kind::Timeout, 500, 5),
            fails(Kind::Timeout, 0, 2),
        ),
    ] {
        cases.push(Case {
            timeout: Some(Duration::from_millis(2500)),
            ..all_three(name, script, list, read, fails(Kind::Timeout, 0, 1))
        });
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_items = format!(r#"{{"pageDetails":{{"count":1}},"devices":[{deep}]}}"#);
    cases.extend([
        only_as_objects(lasting(
            "malformed JSON",
            Fault::MalformedJson,
            Kind::Malformed,
        )),
        only_as_objects(lasting(
            "JSON 10,000 levels deep",
            answer(deep_items, None),
            Kind::TooLarge,
        )),
        only_list(
            "… beside the items",
            Script::Fault(Fault::DeepJson(10_000)),
            fails_at_once(Kind::Malformed, 500),
        ),
        lasting("endless body", Fault::EndlessBody, Kind::TooLarge),
        only_list(
            "half a character",
            Script::Fault(half_a_character()),
            told(1000, "replaced by U+FFFD", 4),
        ),
        all_three(
            "401 once",
            Times(1, status(401)),
            whole(5),
            whole(2),
            whole(2),
        ),
        all_three(
            "tokens revoked",
            Revoked,
            whole_in(5..=7),
            whole(2),
            whole(2),
        ),
        all_three(
            "401 each time",
            Script::Fault(status(401)),
            fails(Kind::Authentication, 500, 5),
            fails(Kind::Authentication, 0, 2),
            fails(Kind::Authentication, 0, 2),
        ),
        all_three(
            "429",
            Times(1, too_many(None)),
            whole(5),
            whole(2),
            whole(2),
        ),
        all_three(
            "429 with Retry-After",
            Times(1, too_many(Some(1))),
            whole(5),
            whole(2),
            whole(2),
        ),
        all_three(
            "429 each time",
            Script::Fault(too_many(None)),
            fails_in(Kind::RateLimited, 500, 14..=24),
            fails_in(Kind::RateLimited, 0, 10..=20),
            fails_in(Kind::RateLimited, 0, 10..=20),
        ),
        lasting("403 for one resource", status(403), Kind::Forbidden),
        all_three(
            "403 block",
            Blocked,
            fails(Kind::Blocked, 500, 3),
            fails(Kind::Blocked, 0, 1),
            fails(Kind::Blocked, 0, 1),
        ),
        all_three(
            "500, a burst of 3",
            Burst(3, status(500)),
            whole(7),
            whole(4),
            fails(Kind::Server, 0, 1),
        ),
        all_three(
            "502, a burst of 3",
            Burst(3, status(502)),
            whole(7),
            whole(4),
            fails(Kind::Server, 0, 1),
        ),
        all_three(
            "504, a burst of 3",
            Burst(3, status(504)),
            whole(7),
            whole(4),
            fails(Kind::Server, 0, 1),
        ),
        all_three(
            "503 with Retry-After, a burst of 2",
            Times(
                2,
                Fault::Status {
                    status: 503,
                    retry_after_s: Some(1),
                    body: None,
                },
            ),
            whole(6),
            whole(3),
            fails(Kind::Server, 0, 1),
        ),
        only_list(
            "no pageDetails",
            Script::Fault(without_details()),
            fails_at_once(Kind::Malformed, 500),
        ),
        only_list(
            "pageDetails null",
            Script::Fault(with_null_details()),
            fails_at_once(Kind::Malformed, 500),
        ),
        only_list(
            "the same page for ever, totalCount null",
            Everywhere(Fault::SamePage(None)),
            fails(Kind::PageLoop, 250, 2),
        ),
        only_list(
            "… and a totalCount",
            Everywhere(Fault::SamePage(Some(250))),
            fails(Kind::PageLoop, 250, 2),
        ),
        only_list(
            "page loop",
            Script::Fault(Fault::PageLoop),
            fails_at_once(Kind::PageLoop, 750),
        ),
        only_list(
            "nextPageUrl of another origin",
            Elsewhere,
            fails_at_once(Kind::ForeignPage, 750),
        ),
        only_list(
            "… that is no address",
            Script::Fault(Fault::NextPageUrl("mailto:a".into())),
            fails_at_once(Kind::Malformed, 750),
        ),
        only_list(
            "… with another scheme",
            NextPage("https://127.0.0.1:{port}/api/v2/account/devices?max=250&page=3"),
            whole(4),
        ),
        only_list("… that is relative", NextPage("?max=250&page=3"), whole(4)),
        only_list(
            "totalCount null",
            Everywhere(Fault::TotalCount(None)),
            whole(4),
        ),
        only_list("… and 500", WithoutTotal(1, status(500)), whole(5)),
        only_list(
            "… and 500 each time",
            WithoutTotal(u64::MAX, status(500)),
            fails(Kind::Server, 500, 6),
        ),
        only_list(
            "… and a page loop",
            WithoutTotal(1, Fault::PageLoop),
            fails(Kind::PageLoop, 750, 3),
        ),
        only_list(
            "totalCount null on one page",
            Script::Fault(Fault::TotalCount(None)),
            whole(4),
        ),
        only_list(
            "totalCount 0",
            Everywhere(Fault::TotalCount(Some(0))),
            told(1000, "some were added", 4),
        ),
        only_list(
            "totalCount too small by 1",
            Everywhere(Fault::TotalCount(Some(999))),
            told(1000, "announced 999 items and 1000 came", 4),
        ),
        only_list(
            "totalCount too small by pages",
            Everywhere(Fault::TotalCount(Some(251))),
            told(1000, "announced 251 items and 1000 came", 4),
        ),
        only_list(
            "totalCount too large by 1",
            Everywhere(Fault::TotalCount(Some(1001))),
            told(
                1000,
                "Warning, text: \"the server announced 1001 items and 1000 came",
                5,
            ),
        ),
        only_list(
            "totalCount too large by pages",
            Everywhere(Fault::TotalCount(Some(1500))),
            fails(Kind::Malformed, 1000, 6),
        ),
        only_list(
            "a page with fewer items than max",
            Script::Fault(Fault::PageItems(249)),
            told(
                999,
                "Warning, text: \"the server announced 1000 items and 999 came",
                4,
            ),
        ),
        only_list(
            "a page with no items",
            Script::Fault(Fault::PageItems(0)),
            fails_at_once(Kind::Malformed, 750),
        ),
        only_list(
            "a page with more items than max",
            Script::Fault(Fault::PageItems(260)),
            told_twice(1010, 10, "has 10 items that had come before", 4),
        ),
        only_list(
            "3 items added before what was read",
            First(Fault::InsertItems(3)),
            told_twice(1000, 3, "has 3 items that had come before", 4),
        ),
        only_list(
            "3 items removed before what was read",
            First(Fault::RemoveItems(3)),
            told(
                997,
                "Warning, text: \"the server's total fell by 3 to 997",
                4,
            ),
        ),
    ]);
    cases
}

#[test]
fn every_fault_has_the_outcome_that_a_user_would_call_right() {
    let cases = cases();
    // Those that wait for their deadlines begin first.
    let mut tasks: Vec<_> = (0..cases.len())
        .flat_map(|row| (0..COLUMNS.len()).map(move |column| (row, column)))
        .collect();
    tasks.sort_by_key(|(row, _)| cases[*row].timeout.is_some());
    let tasks = Mutex::new(tasks);
    let rows = Mutex::new(vec![[const { None }; COLUMNS.len()]; cases.len()]);
    std::thread::scope(|scope| {
        // They wait most of the time.
        for _ in 0..16 {
            scope.spawn(|| {
                loop {
                    let task = tasks.lock().expect("no panic").pop();
                    let Some((row, column)) = task else { break };
                    let cell = COLUMNS[column](&cases[row]);
                    rows.lock().expect("no panic")[row][column] = Some(cell);
                }
            });
        }
    });
    let mut wrong = Vec::new();
    println!(
        "| case | list of 1,000 | read | write | read as text | write as text |\n|---|---|---|---|---|---|"
    );
    for (case, row) in cases.iter().zip(rows.into_inner().expect("no panic")) {
        let row = row.map(|cell| cell.expect("each was played"));
        let cells = row.iter().map(|(cell, _)| cell.as_str());
        let cells: Vec<_> = std::iter::once(case.name).chain(cells).collect();
        println!("| {} |", cells.join(" | "));
        wrong.extend(
            row.into_iter()
                .filter_map(|(_, wrong)| wrong)
                .map(|text| format!("{}: {text}", case.name)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
