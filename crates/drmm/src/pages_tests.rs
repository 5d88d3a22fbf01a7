//! The plan of a list's pages, and how their envelope is read.

use super::*;
use crate::envelope::{NoPage, PageDetails, read_page, read_whole};
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
        is_bare: false,
        print: None,
    }
}

/// A page whose items have names.
fn named(names: &[u64], total: Option<u64>, next: Option<&str>) -> PageRead {
    PageRead {
        names: names.to_vec(),
        ..page(names.len() as u64, total, next)
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
            .map_err(|astray| (astray.error.kind(), astray.page))
    };
    assert_eq!(
        kind(Some(500), "https://b.example/api/v2/x?page=1"),
        Err((ErrorKind::ForeignPage, 1))
    );
    assert_eq!(kind(None, "http://a.example/api/v2/x?page=1"), Ok(0));
    assert_eq!(kind(None, "mailto:a"), Err((ErrorKind::Malformed, 1)));
    assert_eq!(kind(Some(500), &url(0)), Err((ErrorKind::PageLoop, 1)));

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
    let back = back.map_err(|astray| (astray.error.kind(), astray.page));
    assert_eq!(back, Err((ErrorKind::PageLoop, 3)));
}

#[test]
fn a_page_that_says_nothing_of_others_is_the_last_if_it_is_short() {
    let came = |plan: &mut PagePlan, items| {
        let first = ask(plan, true);
        let bare = PageRead {
            is_bare: true,
            ..page(items, None, None)
        };
        let came = plan.came(0, &first[0].1, &bare);
        came.map_err(|astray| (astray.error.kind(), astray.page))
    };
    for items in [0, 249] {
        let mut plan = plan(8);
        assert_eq!(came(&mut plan, items), Ok(0));
        plan.gave(items);
        assert!(plan.is_done());
    }
    let unknown = Err((ErrorKind::Malformed, 0));
    assert_eq!(came(&mut plan(8), 250), unknown);
    let route = Route::new("v2/activity-logs", None, &[]).expect("a route");
    let mut log = PagePlan::by_cursor(plan(1).origin, &route);
    assert_eq!(came(&mut log, 1), unknown);
}

#[test]
fn an_envelope_is_read_whatever_its_order_and_whatever_else_it_holds() {
    let body = br#" {"devices":[1,{"a":2}],"other":{"devices":[9]},"pageDetails":{"count":2,"totalCount":7,"nextPageUrl":"n","x":1}} "#;
    let mut items = Vec::new();
    let read = read_page(body, "devices", &[], &mut items)
        .expect("JSON")
        .expect("a list");
    assert!(read.print.is_some(), "its items have no names");
    let read = PageRead {
        print: None,
        ..read
    };
    assert_eq!(read, page(2, Some(7), Some("n")));
    assert_eq!(items, [serde_json::json!(1), serde_json::json!({"a": 2})]);

    let read = |body: &str| read_page(body.as_bytes(), "devices", &[], &mut Vec::new());
    let none = read(r#"{"devices":null,"pageDetails":{"count":0}}"#).expect("JSON");
    assert_eq!(none.expect("a list").items, 0);
    for body in [
        r#"{"devices":[{"id":1}]}"#,
        r#"{"devices":null}"#,
        r#"{"pageDetails":null,"devices":[]}"#,
    ] {
        assert!(read(body).expect("JSON").expect("a list").is_bare, "{body}");
    }
    assert_eq!(read("{}").expect("JSON"), Err(NoPage::NoItems));
    assert!(read(r#"{"devices":[],"pageDetails":[]}"#).is_err());
    assert!(read(r#"{"devices":[],"pageDetails":"x"}"#).is_err());
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
        let body = format!(r#"{{"items":[],"error":{error},"pageDetails":{{}}}}"#);
        let read = read_page(body.as_bytes(), "items", &[], &mut Vec::new()).expect("JSON");
        read == Err(NoPage::Failed)
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
    assert_eq!(balance(&removed), (Balance::Fell { by: 3, to: 597 }, 0));
    let both = [(0, 250, 600), (253, 250, 597), (503, 97, 600)];
    assert_eq!(balance(&both), (Balance::Fewer, 0));
    let more = [(0, 250, 600), (250, 250, 600), (500, 110, 600)];
    assert_eq!(balance(&more), (Balance::More, 0));
    let broken = [(0, 250, 600), (250, 250, 900), (500, 100, 900)];
    assert_eq!(balance(&broken), (Balance::Broken, 0));
}

#[test]
fn a_total_that_falls_is_told_by_its_deepest_fall() {
    let totals = |totals: [u64; 4]| {
        let pages = (0..).zip(totals);
        let pages: Vec<_> = pages
            .map(|(page, total)| (page * 250, 250, total))
            .collect();
        balance(&pages).0
    };
    // The pages came side by side: one item was removed, and the second page was counted first.
    let once = Balance::Fell { by: 1, to: 999 };
    assert_eq!(totals([1000, 999, 1000, 999]), once);
    // Removed and as many added behind: what is missing has not come.
    let then_added = Balance::Fell { by: 2, to: 998 };
    assert_eq!(totals([1000, 998, 998, 1000]), then_added);
    // Added and removed again: the total is the old one, and the list has moved all the same.
    let added_first = Balance::Fell { by: 5, to: 1000 };
    assert_eq!(totals([1000, 1005, 1000, 1000]), added_first);
    assert_eq!(totals([1000, 1000, 1000, 1000]), Balance::Even);
}

#[test]
fn a_page_fewer_is_measured_by_the_pages_that_the_server_serves() {
    let page_of_100 = |missing: usize| {
        let pages = (0..10).map(|page| (page * 100, 100, 1000));
        let mut pages: Vec<_> = pages.take(10 - missing).collect();
        if missing > 0 {
            pages.push((0, 0, 1000));
        }
        balance(&pages).0
    };
    assert_eq!(page_of_100(0), Balance::Even);
    assert_eq!(page_of_100(1), Balance::Broken);
    assert_eq!(page_of_100(2), Balance::Broken);
    let mut short: Vec<_> = (0..10).map(|page| (page * 100, 100, 1000)).collect();
    short[4].1 = 1;
    assert_eq!(balance(&short).0, Balance::Fewer);
    // A first page that is the only one shows nothing.
    assert_eq!(balance(&[(0, 1, 3)]).0, Balance::Fewer);
}

#[test]
fn items_that_share_a_name_on_one_page_have_not_moved() {
    let mut plan = plan(8);
    let (number, route) = plan.ask(true).expect("a page");
    let came = plan.came(number, &route, &named(&[7, 7], Some(2), None));
    assert_eq!(came.expect("fine"), 0);
    plan.gave(2);
    assert!(plan.is_done());
    assert_eq!((plan.balance(), plan.repeated()), (Balance::Even, 0));
}

/// Pages that are asked for of a server that always answers with `answer`'s page and names the next
/// one, until that is an error: its kind, and the first page that is not handed over.
fn followed(answer: impl Fn(Option<&str>) -> PageRead, cursor: bool) -> (ErrorKind, u64) {
    let mut plan = match cursor {
        true => {
            let plan = plan(8);
            PagePlan::by_cursor(plan.origin.clone(), &plan.first)
        }
        false => plan(8),
    };
    for _ in 0..400 {
        let Some((number, route)) = plan.ask(true) else {
            panic!("it ends in silence: {plan:?}")
        };
        let read = answer(Some(&url(number + 1)));
        match plan.came(number, &route, &read) {
            Ok(_) => plan.gave(read.items),
            Err(astray) => return (astray.error.kind(), astray.page),
        }
    }
    panic!("it is followed for ever")
}

#[test]
fn a_server_that_counts_on_and_stands_still_is_followed_no_further_than_it_announced() {
    for (total, last) in [(None, 1), (Some(2), 1), (Some(4), 2), (Some(6), 3)] {
        let same = |next: Option<&str>| named(&[1, 2], total, next);
        assert_eq!(
            followed(same, false),
            (ErrorKind::PageLoop, last),
            "{total:?}"
        );
        let nameless = |next: Option<&str>| PageRead {
            print: Some(17),
            ..page(2, total, next)
        };
        let page = followed(nameless, false);
        assert_eq!(
            page,
            (ErrorKind::PageLoop, last),
            "{total:?}, without names"
        );
    }
    let same = |next: Option<&str>| named(&[1, 2], Some(10_000), next);
    assert_eq!(followed(same, true), (ErrorKind::PageLoop, 1));
    for total in [None, Some(0), Some(1000)] {
        let empty = |next: Option<&str>| page(0, total, next);
        assert_eq!(
            followed(empty, false),
            (ErrorKind::Malformed, 0),
            "{total:?}"
        );
    }
}

#[test]
fn a_whole_page_that_comes_again_below_the_announced_total_is_told_and_no_error() {
    let mut plan = plan(8);
    let first: Vec<_> = (0..250).collect();
    let second: Vec<_> = (250..500).collect();
    let (number, route) = plan.ask(true).expect("a page");
    let read = named(&first, Some(500), Some(&url(1)));
    assert_eq!(plan.came(number, &route, &read).expect("fine"), 0);
    plan.gave(250);
    // A page of items has been added before what was read.
    let (number, route) = plan.ask(true).expect("a page");
    let read = named(&first, Some(750), Some(&url(2)));
    assert_eq!(plan.came(number, &route, &read).expect("fine"), 250);
    plan.gave(250);
    let (number, route) = plan.ask(true).expect("a page");
    let read = named(&second, Some(750), None);
    assert_eq!(plan.came(number, &route, &read).expect("fine"), 0);
    plan.gave(250);
    assert!(plan.is_done());
    assert_eq!(plan.repeated(), 250);
}

#[test]
fn nameless_items_are_told_from_those_of_another_page_by_their_text() {
    let print = |body: &str| {
        let read = read_page(body.as_bytes(), "x", &[], &mut Vec::new()).expect("JSON");
        read.expect("a list").print.expect("no names")
    };
    let one = print(r#"{"pageDetails":{"nextPageUrl":"a"},"x":[{"v":1},{"v":2}]}"#);
    let next = print(r#"{"pageDetails":{"nextPageUrl":"b"},"x":[{"v":1},{"v":2}]}"#);
    assert_eq!(one, next);
    let other = print(r#"{"pageDetails":{"nextPageUrl":"b"},"x":[{"v":1},{"v":3}]}"#);
    assert_ne!(one, other);
    let before = |url: &str| {
        print(&format!(
            r#"{{"x":[{{"v":1}}],"pageDetails":{{"nextPageUrl":"{url}"}}}}"#
        ))
    };
    assert_eq!(before("a"), before("b"));
    let escaped = |value: u8| {
        print(&format!(
            r#"{{"pageDetails":{{}},"x":[{value}],"\u0061":1}}"#
        ))
    };
    assert_ne!(escaped(1), escaped(2));
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
    let body =
        br#"{"devices":[{"id":1},{"id":2,"x":{"id":1}},3,{"y":1},{"id":1}],"pageDetails":{}}"#;
    let read = read_page(body, "devices", &[], &mut Vec::new())
        .expect("JSON")
        .expect("a list");
    let [one, two, again] = read.names[..] else {
        panic!("{:?}", read.names)
    };
    assert_eq!((read.items, read.print), (5, None));
    assert!(one == again && one != two);
}
