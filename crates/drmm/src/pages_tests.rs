//! The plan of a list's pages, and how their envelope is read.

use super::*;
use crate::envelope::{PageDetails, read_page, read_whole};
use crate::options::Options;
use crate::secret::Secret;

fn plan(side_by_side: usize) -> PagePlan {
    let origin = Options::new("https://a.example", "k", Secret::new("s".into()))
        .expect("options")
        .origin;
    let route = Route::new("v2/x", None, &[]).expect("a route");
    PagePlan::new(origin, &route, 250, side_by_side)
}

fn page(items: u64, total: Option<u64>, next: Option<&str>) -> PageRead {
    PageRead {
        items,
        names: Vec::new(),
        details: PageDetails {
            total_count: total,
            next_page_url: next.map(str::to_owned),
        },
        failed: false,
    }
}

fn url(number: u64) -> String {
    format!("https://a.example/api/v2/x?max=250&page={number}")
}

/// Asks for all that may be asked for now.
fn ask(plan: &mut PagePlan, eager: bool) -> Vec<(u64, Route)> {
    std::iter::from_fn(|| plan.ask(eager)).collect()
}

fn numbers(asked: &[(u64, Route)]) -> Vec<u64> {
    asked.iter().map(|(number, _)| *number).collect()
}

#[test]
fn a_list_without_numbers_is_followed_by_its_cursor_to_an_empty_page() {
    let origin = plan(1).origin;
    let route = Route::new("v2/activity-logs?size=2", None, &[]).expect("a route");
    let mut plan = PagePlan::by_cursor(origin, &route);
    let after =
        |key: &str| format!("https://a.example/api/v2/activity-logs?page=next&searchAfter={key}");

    let (number, first) = plan.ask(true).expect("the first page");
    assert_eq!(first.as_str(), "/api/v2/activity-logs?size=2");
    // However many there are: where the second page begins only the first one tells.
    plan.came(number, &first, &page(2, Some(5), Some(&after("1"))))
        .expect("a page");
    plan.gave(2);
    let (number, second) = plan.ask(true).expect("the second page");
    assert_eq!(second.query("searchAfter"), Some("1"));
    assert!(plan.ask(true).is_none());
    plan.came(number, &second, &page(2, Some(4), Some(&after("2"))))
        .expect("a page");
    plan.gave(2);
    let (number, third) = plan.ask(true).expect("the third page");
    plan.came(number, &third, &page(0, Some(4), Some(&after("3"))))
        .expect("a page");
    plan.gave(0);

    assert!(plan.is_done());
    assert!(plan.ask(true).is_none());
}

#[test]
fn the_first_page_alone_until_the_caller_comes_back() {
    let mut plan = plan(8);
    let first = ask(&mut plan, false);
    assert_eq!(first[0].1.as_str(), "/api/v2/x?max=250&page=0");
    assert_eq!(first.len(), 1);
    plan.came(0, &first[0].1, &page(250, Some(10_000), Some(&url(1))))
        .expect("fine");
    assert!(ask(&mut plan, false).is_empty());
    plan.gave(250);
    assert_eq!(numbers(&ask(&mut plan, true)), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn at_most_so_many_under_way_as_many_kept_and_all_of_them_in_the_end() {
    let mut plan = plan(3);
    let mut under_way = ask(&mut plan, true);
    let mut seen = Vec::new();
    while !plan.is_done() {
        assert!(under_way.len() <= 3);
        // They come in reverse order and are handed over in order, all at once and late.
        while let Some((number, route)) = under_way.pop() {
            let next = (number < 39).then(|| url(number + 1));
            plan.came(number, &route, &page(250, Some(10_000), next.as_deref()))
                .expect("fine");
            seen.push(number);
            under_way.splice(0..0, ask(&mut plan, true));
            assert!(seen.len() as u64 - plan.wanted() <= 6, "kept");
        }
        while plan.wanted() < seen.len() as u64 {
            plan.gave(250);
        }
        under_way = ask(&mut plan, true);
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..40).collect::<Vec<_>>());
    assert_eq!(plan.items_given(), 10_000);
}

#[test]
fn a_server_that_serves_smaller_pages_loses_nothing() {
    let mut plan = plan(8);
    let first = ask(&mut plan, true);
    plan.came(0, &first[0].1, &page(100, Some(450), Some(&url(1))))
        .expect("fine");
    assert_eq!(plan.pages(), Some(5));
}

#[test]
fn more_than_was_announced_is_followed_and_less_ends_the_list() {
    let mut plan = plan(8);
    let first = ask(&mut plan, true);
    plan.came(0, &first[0].1, &page(250, Some(260), Some(&url(1))))
        .expect("fine");
    let second = ask(&mut plan, true);
    plan.came(1, &second[0].1, &page(250, Some(260), Some(&url(2))))
        .expect("fine");
    plan.gave(250);
    assert_eq!(numbers(&ask(&mut plan, true)), [2]);

    let mut plan = self::plan(2);
    let first = ask(&mut plan, true);
    plan.came(0, &first[0].1, &page(250, Some(1_000_000), Some(&url(1))))
        .expect("fine");
    plan.gave(250);
    let more = ask(&mut plan, true);
    assert_eq!(numbers(&more), [1, 2]);
    plan.came(2, &more[1].1, &page(0, Some(1_000_000), None))
        .expect("fine");
    plan.came(1, &more[0].1, &page(3, Some(1_000_000), None))
        .expect("fine");
    plan.gave(3);
    plan.gave(0);
    assert!(plan.is_done() && ask(&mut plan, true).is_empty());
}

#[test]
fn without_a_total_one_page_ahead_as_the_server_leads() {
    let mut plan = plan(8);
    let first = ask(&mut plan, true);
    let next = Some("/api/v2/x?searchAfter=a");
    plan.came(0, &first[0].1, &page(250, None, next))
        .expect("fine");
    assert!(ask(&mut plan, true).is_empty(), "one is there already");
    plan.gave(250);
    let second = ask(&mut plan, true);
    assert_eq!(second[0].1.as_str(), "/api/v2/x?searchAfter=a");
    let next = Some("/api/v2/x?searchAfter=b");
    plan.came(1, &second[0].1, &page(250, None, next))
        .expect("fine");
    assert!(ask(&mut plan, true).is_empty(), "one is there already");
    plan.gave(250);
    let third = ask(&mut plan, true);
    plan.came(2, &third[0].1, &page(1, None, None))
        .expect("fine");
    plan.gave(1);
    assert!(plan.is_done());
}

#[test]
fn another_host_and_a_page_that_came_before_are_errors() {
    let kind = |total, next: &str| {
        let mut plan = plan(8);
        let first = ask(&mut plan, true);
        plan.came(0, &first[0].1, &page(250, total, Some(next)))
            .map_err(|error| error.kind())
    };
    assert_eq!(
        kind(Some(500), "https://b.example/api/v2/x?page=1"),
        Err(ErrorKind::ForeignPage)
    );
    assert_eq!(kind(None, "http://a.example/api/v2/x?page=1"), Ok(0));
    assert_eq!(kind(None, "mailto:a"), Err(ErrorKind::Malformed));
    assert_eq!(kind(Some(500), &url(0)), Err(ErrorKind::PageLoop));

    let mut plan = plan(8);
    let first = ask(&mut plan, true);
    plan.came(0, &first[0].1, &page(250, None, Some("/api/v2/x?after=a")))
        .expect("fine");
    plan.gave(250);
    let second = ask(&mut plan, true);
    plan.came(1, &second[0].1, &page(250, None, Some("/api/v2/x?after=b")))
        .expect("fine");
    plan.gave(250);
    let third = ask(&mut plan, true);
    let back = plan.came(2, &third[0].1, &page(250, None, Some("/api/v2/x?after=a")));
    assert_eq!(back.map_err(|error| error.kind()), Err(ErrorKind::PageLoop));
}

#[test]
fn an_envelope_is_read_whatever_its_order_and_whatever_else_it_holds() {
    let body = br#" {"devices":[1,{"a":2}],"other":{"devices":[9]},"pageDetails":{"count":2,"totalCount":7,"nextPageUrl":"n","x":1}} "#;
    let mut items = Vec::new();
    let read = read_page(body, "devices", &[], &mut items)
        .expect("JSON")
        .expect("a list");
    assert_eq!(read, page(2, Some(7), Some("n")));
    assert_eq!(items, [serde_json::json!(1), serde_json::json!({"a": 2})]);

    for body in [
        r#"{"devices":null}"#,
        r#"{"pageDetails":null,"devices":[]}"#,
    ] {
        let read = read_page(body.as_bytes(), "devices", &[], &mut Vec::new())
            .expect("JSON")
            .expect("a list");
        assert_eq!(read, PageRead::default());
    }
    assert_eq!(
        read_page(b"{}", "devices", &[], &mut Vec::new()).expect("JSON"),
        None
    );
    for body in [
        "",
        "{",
        "[]",
        r#"{"devices":[1,"#,
        r#"{"devices":{}}"#,
        r#"{"devices":[]} x"#,
        "<html>",
    ] {
        assert!(
            read_page(body.as_bytes(), "devices", &[], &mut Vec::new()).is_err(),
            "{body}"
        );
    }
}

#[test]
fn a_page_that_the_server_could_not_read_says_so() {
    let failed = |error: &str| {
        let body = format!(r#"{{"items":[],"error":{error}}}"#);
        let read = read_page(body.as_bytes(), "items", &[], &mut Vec::new()).expect("JSON");
        read.expect("a list").failed
    };
    assert!(failed(r#""the database is away""#));
    for nothing in ["null", r#""""#, r#"" ""#, "false", "{}"] {
        assert!(!failed(nothing), "{nothing}");
    }
}

#[test]
fn a_whole_answer_is_one_item_or_the_elements_of_a_list() {
    for (body, count) in [
        ("", 0),
        ("  ", 0),
        ("{}", 1),
        ("[1,2,3]", 3),
        (" [] ", 0),
        ("null", 1),
        ("\"x\"", 1),
    ] {
        let mut items = Vec::new();
        assert_eq!(
            read_whole(body.as_bytes(), &mut items).expect("JSON"),
            count,
            "{body}"
        );
        assert_eq!(items.len() as u64, count);
    }
    assert!(read_whole(b"{} {}", &mut Vec::new()).is_err());
}

/// What came of a list of these pages (items, total), whose items are named in order from the number
/// that each begins with.
fn balance(pages: &[(u64, u64, u64)]) -> (Balance, u64) {
    let mut plan = plan(8);
    for (number, (start, items, total)) in (0..).zip(pages) {
        let (asked, route) = plan.ask(true).expect("a page");
        assert_eq!(asked, number);
        let next = (number + 1 < pages.len() as u64).then(|| url(number + 1));
        let read = PageRead {
            names: (*start..start + items).collect(),
            ..page(*items, Some(*total), next.as_deref())
        };
        plan.came(number, &route, &read).expect("fine");
        plan.gave(*items);
    }
    assert!(plan.is_done());
    (plan.balance(), plan.repeated())
}

#[test]
fn what_came_is_held_against_what_was_announced() {
    let even = [(0, 250, 600), (250, 250, 600), (500, 100, 600)];
    assert_eq!(balance(&even), (Balance::Even, 0));
    let fewer = [(0, 250, 600), (250, 249, 600), (500, 100, 600)];
    assert_eq!(balance(&fewer), (Balance::Fewer, 0));
    // As many as announced, but one of them twice: another is missing.
    let twice = [(0, 250, 600), (249, 250, 600), (500, 100, 600)];
    assert_eq!(balance(&twice), (Balance::Fewer, 1));
    let added = [(0, 250, 600), (247, 250, 603), (497, 103, 603)];
    assert_eq!(balance(&added), (Balance::Later(3), 3));
    let removed = [(0, 250, 600), (253, 250, 597), (503, 97, 597)];
    assert_eq!(balance(&removed), (Balance::Fell(3), 0));
    let both = [(0, 250, 600), (253, 250, 597), (503, 97, 600)];
    assert_eq!(balance(&both), (Balance::Fewer, 0));
    let more = [(0, 250, 600), (250, 250, 600), (500, 110, 600)];
    assert_eq!(balance(&more), (Balance::More, 0));
    let broken = [(0, 250, 600), (250, 250, 900), (500, 100, 900)];
    assert_eq!(balance(&broken), (Balance::Broken, 0));
}

#[test]
fn a_page_that_was_taken_back_is_asked_for_again() {
    let mut plan = plan(8);
    let (number, first) = plan.ask(true).expect("the first page");
    plan.take_back(first.clone());
    assert_eq!(plan.ask(true), Some((number, first.clone())));
    plan.came(0, &first, &page(250, Some(600), Some(&url(1))))
        .expect("fine");
    let (number, second) = plan.ask(true).expect("the second page");
    plan.take_back(second.clone());
    assert_eq!(plan.ask(true), Some((number, second)));

    let mut plan = self::plan(8);
    plan.ask(true);
    plan.came(0, &first, &page(250, None, Some("/api/v2/x?after=a")))
        .expect("fine");
    plan.gave(250);
    let (number, second) = plan.ask(true).expect("the second page");
    plan.take_back(second.clone());
    assert_eq!(plan.ask(true), Some((number, second)));
}

#[test]
fn the_items_of_a_page_are_named() {
    let body = br#"{"devices":[{"id":1},{"id":2,"x":{"id":1}},3,{"y":1},{"id":1}]}"#;
    let read = read_page(body, "devices", &[], &mut Vec::new())
        .expect("JSON")
        .expect("a list");
    let [one, two, again] = read.names[..] else {
        panic!("{:?}", read.names)
    };
    assert_eq!(read.items, 5);
    assert!(one == again && one != two);
}
