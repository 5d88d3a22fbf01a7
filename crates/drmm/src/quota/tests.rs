//! What the quota does, case by case, under a virtual clock.

use std::time::{Duration, Instant};

use super::bucket::PATIENCE;
use super::rate::Count;
use super::world::{JOB, OTHER_WRITE, UDF, ms};
use super::{Outcome, Quota, RateStatus, Report, Sent, Turn};
use crate::operation::Access;

const WINDOW: Duration = ms(60_000);

fn status(account: (u32, u32)) -> RateStatus {
    RateStatus {
        window: WINDOW,
        cutoff: 0.9,
        account: count(account),
        write: None,
        operations: [].into(),
        asked: None,
    }
}

fn count((limit, count): (u32, u32)) -> Count {
    Count { limit, count }
}

/// 600 reads, 100 writes; 600 for user-defined fields and 10 quick jobs, none of them used.
fn modern() -> RateStatus {
    RateStatus {
        write: Some(count((100, 0))),
        operations: [
            ("device-udf-set".to_owned(), count((600, 0))),
            ("device-job-create".to_owned(), count((10, 0))),
        ]
        .into(),
        ..status((600, 0))
    }
}

fn knows(status: &RateStatus, now: Instant) -> Quota {
    let mut quota = Quota::new(WINDOW);
    quota.calibrated(Report::Told(status), now);
    quota
}

/// One that knows of others, and was refused one of a hundred.
fn contended(now: Instant) -> Quota {
    let mut quota = knows(&status((600, 300)), now);
    let sent: Vec<_> = (0..100)
        .map(|_| go(&mut quota, Access::Read, now))
        .collect();
    for sent in &sent[1..] {
        quota.ended(*sent, Outcome::Answered, now);
    }
    quota.refused(sent[0], None, 0.0, now);
    quota
}

/// A request's turn if no calibration gets through.
fn turn(quota: &mut Quota, access: Access, now: Instant) -> Turn {
    let ticket = quota.enter(access, 0, now);
    let mut turn = quota.turn(ticket, now);
    while let Turn::Ask(question) = turn {
        quota.ended(question, Outcome::NotSent, now);
        quota.calibrated(Report::Failed, now);
        turn = quota.turn(ticket, now);
    }
    quota.leave(ticket);
    turn
}

/// A request goes, of which `coming` are sure to follow: the question that has to go first, if any.
fn asks(quota: &mut Quota, coming: u64, now: Instant) -> Option<Sent> {
    let ticket = quota.enter(Access::Read, coming, now);
    match quota.turn(ticket, now) {
        Turn::Ask(question) => {
            assert!(matches!(quota.turn(ticket, now), Turn::Go(_)));
            Some(question)
        }
        Turn::Go(_) => None,
        turn => panic!("{turn:?}"),
    }
}

fn go(quota: &mut Quota, access: Access, now: Instant) -> Sent {
    match turn(quota, access, now) {
        Turn::Go(sent) => sent,
        turn => panic!("{turn:?}"),
    }
}

/// How many go at once.
fn burst(quota: &mut Quota, access: Access, now: Instant) -> usize {
    (0..10_000)
        .take_while(|_| matches!(turn(quota, access, now), Turn::Go(_)))
        .count()
}

fn wait(until: Option<Instant>, ahead: usize) -> Turn {
    Turn::Wait { until, ahead }
}

#[test]
fn a_burst_is_free_while_there_is_room_and_then_waits_for_the_oldest_answer() {
    let start = Instant::now();
    let mut quota = knows(&status((10, 0)), start);
    let sent: Vec<_> = (0..9)
        .map(|_| go(&mut quota, Access::Read, start))
        .collect();
    let tenth = quota.enter(Access::Read, 0, start);
    let eleventh = quota.enter(Access::Read, 0, start);
    assert_eq!(quota.turn(tenth, start), wait(None, 0));
    quota.ended(sent[0], Outcome::Answered, start + ms(100));
    quota.ended(sent[1], Outcome::Answered, start + ms(300));
    let now = start + ms(400);
    assert_eq!(
        quota.turn(tenth, now),
        wait(Some(start + WINDOW + ms(100)), 0)
    );
    assert_eq!(
        quota.turn(eleventh, now),
        wait(Some(start + WINDOW + ms(300)), 1)
    );
    assert!(matches!(
        quota.turn(tenth, start + WINDOW + ms(100)),
        Turn::Go(_)
    ));
}

#[test]
fn first_come_first_served_and_a_cancelled_waiter_frees_its_place() {
    let now = Instant::now();
    let mut quota = knows(&status((2, 0)), now);
    let sent = go(&mut quota, Access::Read, now);
    let [first, second, third] = [Access::Read; 3].map(|access| quota.enter(access, 0, now));
    quota.ended(sent, Outcome::NotSent, now);
    assert_eq!(
        quota.turn(second, now),
        wait(None, 1),
        "the first is about to go"
    );
    quota.leave(first);
    assert!(matches!(quota.turn(second, now), Turn::Go(_)));
    assert_eq!(quota.turn(third, now), wait(None, 0));
}

#[test]
fn a_request_that_was_never_sent_frees_its_place_at_once_and_one_that_was_lost_does_not() {
    let now = Instant::now();
    let mut quota = knows(&status((1, 0)), now);
    let sent = go(&mut quota, Access::Read, now);
    quota.ended(sent, Outcome::NotSent, now);
    let sent = go(&mut quota, Access::Read, now);
    quota.ended(sent, Outcome::Lost, now);
    assert_eq!(
        turn(&mut quota, Access::Read, now),
        wait(Some(now + WINDOW), 0)
    );
}

#[test]
fn what_others_use_is_left_to_them_and_decays_over_one_window() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 440)), now);
    assert_eq!(burst(&mut quota, Access::Read, now), 100);
    assert_eq!(burst(&mut quota, Access::Read, now + WINDOW / 2), 220);
    assert_eq!(burst(&mut quota, Access::Read, now + WINDOW), 220);
}

#[test]
fn others_are_shown_as_they_were_seen_though_a_share_leaves_them_more() {
    let now = Instant::now();
    let mut quota = contended(now);
    let later = now + WINDOW * 2;
    let probe = go(&mut quota, Access::Read, later);
    quota.ended(probe, Outcome::Answered, later);
    quota.calibrated(Report::Told(&status((600, 300))), later);
    let shown = &quota.usage(later).buckets[0];
    assert_eq!((shown.own, shown.others), (1, 299));
    assert!(shown.remaining < 120, "of its share: {}", shown.remaining);
}

#[test]
fn what_was_answered_while_a_report_was_on_its_way_may_not_be_in_it() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let sent: Vec<_> = (0..100)
        .map(|_| go(&mut quota, Access::Read, now))
        .collect();
    let question = quota.go_beside(Access::Read, now + ms(10));
    for sent in sent {
        quota.ended(sent, Outcome::Answered, now + ms(20));
    }
    quota.ended(question, Outcome::Answered, now + ms(30));
    let report = RateStatus {
        asked: Some(now + ms(10)),
        ..status((600, 301))
    };
    quota.calibrated(Report::Told(&report), now + ms(30));
    // But for the report's own request.
    assert_eq!(quota.usage(now + ms(30)).buckets[0].others, 300);
}

#[test]
fn writes_that_the_server_does_not_count_are_not_taken_for_reads() {
    let now = Instant::now();
    let report = RateStatus {
        write: None,
        account: count((600, 600)),
        ..modern()
    };
    let mut quota = knows(&report, now);
    assert_eq!(burst(&mut quota, Access::Read, now), 0);
    assert_eq!(burst(&mut quota, JOB, now), 9);
}

#[test]
fn own_requests_are_not_taken_for_other_peoples() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let sent: Vec<_> = (0..10).map(|_| go(&mut quota, Access::Read, now)).collect();
    let question = asks(&mut quota, 10, now + ms(1)).expect("it is time");
    for sent in sent {
        quota.ended(sent, Outcome::Answered, now + ms(2));
    }
    quota.ended(question, Outcome::Answered, now + ms(3));
    quota.calibrated(Report::Told(&status((600, 12))), now + ms(3));
    assert_eq!(quota.usage(now + ms(3)).buckets[0].others, 0);
}

#[test]
fn limits_window_and_cutoff_may_change_at_any_time() {
    let now = Instant::now();
    let mut quota = knows(&status((10, 0)), now);
    assert_eq!(burst(&mut quota, Access::Read, now), 9);
    let more = RateStatus {
        cutoff: 0.5,
        ..status((100, 9))
    };
    quota.calibrated(Report::Told(&more), now);
    assert_eq!(burst(&mut quota, Access::Read, now), 41);
    let fewer = status((20, 50));
    quota.calibrated(Report::Told(&fewer), now);
    assert_eq!(burst(&mut quota, Access::Read, now), 0);
}

#[test]
fn in_the_modern_model_reads_and_writes_and_each_operation_have_room_of_their_own() {
    let now = Instant::now();
    let mut quota = knows(&modern(), now);
    assert_eq!(burst(&mut quota, JOB, now), 9, "a tenth is kept free");
    assert_eq!(
        burst(&mut quota, UDF, now),
        81,
        "what the quick jobs left of the writes"
    );
    assert_eq!(burst(&mut quota, OTHER_WRITE, now), 0);
    assert_eq!(burst(&mut quota, Access::Read, now), 540);
    let names: Vec<_> = quota
        .usage(now)
        .buckets
        .into_iter()
        .map(|bucket| bucket.name)
        .collect();
    assert_eq!(
        names,
        ["read", "write", "device-job-create", "device-udf-set"]
    );
}

#[test]
fn whoever_waits_for_one_bucket_holds_nobody_up_in_another() {
    let now = Instant::now();
    let mut quota = knows(&modern(), now);
    assert_eq!(burst(&mut quota, JOB, now), 9);
    let job = quota.enter(JOB, 0, now);
    let second = quota.enter(JOB, 0, now);
    let udf = quota.enter(UDF, 0, now);
    assert_eq!(quota.turn(job, now), wait(None, 0));
    assert!(matches!(quota.turn(udf, now), Turn::Go(_)));
    assert_eq!(quota.turn(second, now), wait(None, 1));
}

#[test]
fn what_was_sent_before_the_model_was_known_counts_in_its_buckets() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    for _ in 0..5 {
        go(&mut quota, JOB, now);
    }
    assert_eq!(
        quota.usage(now).buckets.len(),
        1,
        "one bucket as long as nothing is known"
    );
    quota.calibrated(Report::Told(&modern()), now);
    assert_eq!(burst(&mut quota, JOB, now), 4);
}

#[test]
fn a_small_process_never_calibrates_and_a_larger_one_sends_five_blind() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    for _ in 0..9 {
        assert_eq!(asks(&mut quota, 0, now), None);
    }
    let tickets: Vec<_> = (0..7).map(|_| quota.enter(Access::Read, 0, now)).collect();
    assert!(matches!(quota.turn(tickets[0], now), Turn::Ask(_)));
    for ticket in &tickets[..5] {
        assert!(matches!(quota.turn(*ticket, now), Turn::Go(_)));
    }
    assert_eq!(quota.turn(tickets[5], now), wait(None, 0));
    quota.calibrated(Report::Told(&status((600, 15))), now);
    assert!(matches!(quota.turn(tickets[5], now), Turn::Go(_)));
}

#[test]
fn a_first_answer_that_does_not_come_holds_nobody_up_for_ever() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let tickets: Vec<_> = (0..12).map(|_| quota.enter(Access::Read, 0, now)).collect();
    assert!(matches!(quota.turn(tickets[0], now), Turn::Ask(_)));
    for ticket in &tickets[..5] {
        assert!(matches!(quota.turn(*ticket, now), Turn::Go(_)));
    }
    assert_eq!(quota.turn(tickets[5], now + WINDOW / 7), wait(None, 0));
    assert!(matches!(
        quota.turn(tickets[5], now + WINDOW / 6),
        Turn::Go(_)
    ));
}

#[test]
fn a_refusal_long_after_the_last_one_is_a_first_one() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let sent = go(&mut quota, Access::Read, now);
    assert_eq!(quota.refused(sent, None, 0.0, now), Some(WINDOW / 4));
    let later = now + WINDOW * 60;
    let sent = go(&mut quota, Access::Read, later);
    assert_eq!(quota.refused(sent, None, 0.0, later), Some(WINDOW / 4));
}

#[test]
fn one_call_after_the_other_calibrates_after_twenty() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    for call in 1..=21 {
        assert_eq!(asks(&mut quota, 0, now).is_some(), call == 21, "{call}");
    }
}

#[test]
fn a_long_list_calibrates_while_its_first_pages_are_under_way_and_ten_pages_never_do() {
    for (pages, when) in [(40, Some(6)), (10, None)] {
        let now = Instant::now();
        let mut quota = Quota::new(WINDOW);
        go(&mut quota, Access::Read, now);
        for page in 2..=9 {
            let begun = asks(&mut quota, pages - page, now).is_some();
            assert_eq!(begun, when == Some(page), "page {page} of {pages}");
        }
    }
}

#[test]
fn what_was_learned_long_ago_is_learned_again_before_much_is_sent() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let later = now + WINDOW * 60;
    let tickets: Vec<_> = (0..8)
        .map(|_| quota.enter(Access::Read, 400, later))
        .collect();
    assert!(matches!(quota.turn(tickets[0], later), Turn::Ask(_)));
    let gone = tickets
        .iter()
        .filter(|ticket| matches!(quota.turn(**ticket, later), Turn::Go(_)));
    assert_eq!(gone.count(), 5);
}

#[test]
fn a_calibration_needs_a_place_like_any_request() {
    let start = Instant::now();
    let mut quota = knows(&status((60, 0)), start);
    let mut most = 0;
    for step in 0..20_000_u32 {
        let now = start + ms(100) * step;
        let ticket = quota.enter(Access::Read, 0, now);
        match quota.turn(ticket, now) {
            Turn::Go(sent) => quota.ended(sent, Outcome::Answered, now),
            Turn::Ask(question) => {
                quota.ended(question, Outcome::Answered, now);
                quota.calibrated(Report::Told(&status((60, 0))), now);
            }
            _ => {}
        }
        quota.leave(ticket);
        most = most.max(quota.usage(now).buckets[0].own);
    }
    assert_eq!(most, 54);
    assert!(quota.usage(start).calibrations > 5);
}

#[test]
fn calibration_costs_at_most_two_percent_and_comes_sooner_under_pressure() {
    let mut asked = [0; 2];
    for (index, limit) in [100_000, 700].into_iter().enumerate() {
        let start = Instant::now();
        let mut quota = Quota::new(WINDOW);
        for step in 0..6000_u32 {
            let now = start + ms(100) * step;
            let ticket = quota.enter(Access::Read, 0, now);
            let mut turn = quota.turn(ticket, now);
            if let Turn::Ask(question) = turn {
                let used = quota.usage(now).buckets[0].own;
                quota.calibrated(Report::Told(&status((limit, used))), now);
                quota.ended(question, Outcome::Answered, now);
                turn = quota.turn(ticket, now);
            }
            match turn {
                Turn::Go(sent) => quota.ended(sent, Outcome::Answered, now),
                _ => quota.leave(ticket),
            }
            let usage = quota.usage(now);
            assert!(usage.calibrations <= 1 || usage.calibrations * 50 <= usage.sent);
        }
        asked[index] = quota.usage(start).calibrations;
    }
    assert!(asked[0] >= 8, "{asked:?}");
    assert!(asked[1] > 2 * asked[0], "{asked:?}");
}

#[test]
fn the_documented_default_holds_where_the_server_will_not_tell() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    for _ in 0..10 {
        go(&mut quota, Access::Read, now);
    }
    assert!(asks(&mut quota, 5, now).is_some());
    quota.calibrated(Report::Declined, now);
    let usage = quota.usage(now);
    assert_eq!((usage.model, usage.calibrated), (None, None));
    assert_eq!(
        (usage.buckets[0].limit, usage.buckets[0].allowed),
        (600, 540)
    );
    assert!(
        asks(&mut quota, 5, now).is_none(),
        "it is not asked again at once"
    );
}

#[test]
fn a_calibration_that_was_not_begun_is_begun_by_the_next() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    for _ in 0..10 {
        go(&mut quota, Access::Read, now);
    }
    for _ in 0..5 {
        let question = asks(&mut quota, 10, now).expect("it is time");
        quota.ended(question, Outcome::NotSent, now);
        quota.calibrated(Report::NotAsked, now);
    }
    assert_eq!(quota.usage(now).calibrations, 0);
}

#[test]
fn a_first_calibration_that_did_not_get_through_is_soon_tried_again_but_not_for_ever() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    for _ in 0..10 {
        go(&mut quota, Access::Read, now);
    }
    let tried = (0..20).filter(|_| {
        let asked = asks(&mut quota, 5, now).is_some();
        if asked {
            quota.calibrated(Report::Failed, now);
        }
        asked
    });
    assert_eq!(tried.count(), 2);
}

#[test]
fn a_429_stops_everyone_for_as_long_as_the_server_says_and_one_goes_to_see() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let [one, two] = [
        go(&mut quota, Access::Read, now),
        go(&mut quota, Access::Read, now),
    ];
    assert_eq!(quota.refused(one, Some(ms(2000)), 0.5, now), Some(ms(2500)));
    assert_eq!(
        quota.refused(two, Some(ms(1000)), 0.5, now),
        None,
        "it says nothing new"
    );
    let tickets = [Access::Read; 3].map(|access| quota.enter(access, 0, now));
    let until = now + ms(2500);
    assert_eq!(quota.turn(tickets[0], now), wait(Some(until), 0));
    let Turn::Go(probe) = quota.turn(tickets[0], until) else {
        panic!("it is time")
    };
    assert_eq!(quota.turn(tickets[1], until), wait(None, 0), "one only");
    quota.ended(probe, Outcome::Answered, until);
    assert!(matches!(quota.turn(tickets[1], until), Turn::Go(_)));
}

#[test]
fn without_retry_after_it_is_a_quarter_of_the_window_then_the_rest_of_it_then_a_window_each() {
    let mut now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let mut sent = go(&mut quota, Access::Read, now);
    for (refusal, pause) in [
        (1, WINDOW / 4),
        (2, WINDOW * 3 / 4),
        (3, WINDOW),
        (4, WINDOW),
    ] {
        assert_eq!(
            quota.refused(sent, None, 0.0, now),
            Some(pause),
            "refusal {refusal}"
        );
        now += pause;
        sent = go(&mut quota, Access::Read, now);
    }
    assert!(
        quota
            .refused(sent, None, 1.0, now)
            .is_some_and(|pause| pause == WINDOW * 11 / 10)
    );
}

#[test]
fn a_server_cannot_stop_everyone_for_longer_than_two_windows() {
    let now = Instant::now();
    for asked in [86_400, u64::MAX] {
        let mut quota = knows(&status((600, 0)), now);
        let sent = go(&mut quota, Access::Read, now);
        let pause = quota.refused(sent, Some(Duration::from_secs(asked)), 0.0, now);
        assert_eq!(pause, Some(WINDOW * 2));
    }
}

#[test]
fn a_probe_that_is_lost_or_never_sent_leaves_its_place_to_the_next() {
    for outcome in [Outcome::Lost, Outcome::NotSent] {
        let now = Instant::now();
        let mut quota = Quota::new(WINDOW);
        let sent = go(&mut quota, Access::Read, now);
        let later = now + quota.refused(sent, None, 0.0, now).expect("a pause");
        let probe = go(&mut quota, Access::Read, later);
        quota.ended(probe, outcome, later);
        let next = go(&mut quota, Access::Read, later);
        assert!(matches!(
            turn(&mut quota, Access::Read, later),
            Turn::Wait { .. }
        ));
        quota.ended(next, Outcome::Answered, later);
        go(&mut quota, Access::Read, later);
    }
}

#[test]
fn a_refused_write_stops_its_fullest_bucket_and_no_read() {
    let now = Instant::now();
    let mut quota = knows(&modern(), now);
    for _ in 0..5 {
        let sent = go(&mut quota, JOB, now);
        quota.ended(sent, Outcome::Answered, now);
    }
    let sent = go(&mut quota, JOB, now);
    assert!(quota.refused(sent, None, 0.0, now).is_some());
    assert!(matches!(
        turn(&mut quota, JOB, now),
        Turn::Wait { until: Some(_), .. }
    ));
    go(&mut quota, UDF, now);
    go(&mut quota, Access::Read, now);
}

#[test]
fn a_refused_process_that_knows_nothing_of_others_believes_the_full_window_to_be_theirs() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let sent = go(&mut quota, Access::Read, now);
    let later = now + quota.refused(sent, None, 0.0, now).expect("a pause");
    assert_eq!(quota.usage(now).buckets[0].others, 540);
    let probe = go(&mut quota, Access::Read, later);
    quota.ended(probe, Outcome::Answered, later);
    assert_eq!(
        burst(&mut quota, Access::Read, later),
        134,
        "a quarter, less the probe"
    );
}

#[test]
fn a_share_of_a_contended_window_is_kept_spread_out_and_grows_when_nothing_more_is_heard() {
    let now = Instant::now();
    let mut quota = contended(now);
    let later = now + WINDOW;
    let per_window = |quota: &mut Quota, from: Instant| {
        let mut gone = 0;
        for step in 0..6000 {
            let at = from + ms(10) * step;
            if let Turn::Go(sent) = turn(quota, Access::Read, at) {
                quota.ended(sent, Outcome::Answered, at);
                gone += 1;
            }
        }
        gone
    };
    let probe = go(&mut quota, Access::Read, later);
    quota.ended(probe, Outcome::Answered, later);
    assert_eq!(burst(&mut quota, Access::Read, later), 1);
    assert!((55..=63).contains(&per_window(&mut quota, later + ms(20_000))));
    assert!(per_window(&mut quota, later + WINDOW * 12) >= 500);
}

#[test]
fn who_waits_for_ever_before_a_bucket_that_refuses_everything_is_told() {
    let start = Instant::now();
    let mut now = start;
    let mut quota = knows(&status((600, 0)), now);
    loop {
        // The same request again and again, for as long as it has been tried.
        let ticket = quota.enter(Access::Read, 0, start);
        match quota.turn(ticket, now) {
            Turn::Go(sent) => now += quota.refused(sent, None, 0.0, now).expect("a pause"),
            Turn::GiveUp(waited) => {
                assert_eq!(waited, now - start);
                assert!(waited >= WINDOW * PATIENCE && waited < WINDOW * (PATIENCE + 1));
                break;
            }
            turn => panic!("{turn:?}"),
        }
    }
    // Whoever comes now goes to see.
    go(&mut quota, Access::Read, now);
}

#[test]
fn a_blocked_address_sends_nothing_until_the_time_is_over_and_then_one() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let waiting = quota.enter(Access::Read, 0, now);
    let sent = {
        let ticket = quota.enter(Access::Read, 0, now);
        assert!(matches!(quota.turn(waiting, now), Turn::Go(_)));
        let Turn::Go(sent) = quota.turn(ticket, now) else {
            panic!("there is room")
        };
        sent
    };
    let later = quota.enter(UDF, 0, now);
    let until = quota.blocked(Some(sent), None, now);
    assert_eq!(until, now + WINDOW * 5);
    assert_eq!(quota.turn(later, now), Turn::Blocked(until));
    assert_eq!(
        turn(&mut quota, Access::Read, until - ms(1)),
        Turn::Blocked(until)
    );
    let probe = go(&mut quota, Access::Read, until);
    assert_eq!(turn(&mut quota, UDF, until), wait(None, 0));
    quota.ended(probe, Outcome::Answered, until);
    go(&mut quota, UDF, until);
}

#[test]
fn a_server_that_always_says_retry_at_once_is_not_asked_into_a_block() {
    let start = Instant::now();
    let mut now = start;
    let mut quota = knows(&status((600, 0)), now);
    let mut refusals = 0;
    while now < start + WINDOW {
        let sent = go(&mut quota, Access::Read, now);
        now += ms(20);
        refusals += 1;
        now += quota
            .refused(sent, Some(Duration::ZERO), 0.5, now)
            .expect("a pause");
    }
    // A block needs more than a tenth of the limit within a window; others may sit behind the address.
    assert!(refusals <= 20, "{refusals} in one window");
}

#[test]
fn who_asks_beside_the_queue_while_a_bucket_is_stopped_does_not_set_it_going() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let sent = go(&mut quota, Access::Read, now);
    let until = now + quota.refused(sent, None, 0.0, now).expect("a pause");
    let beside = quota.go_beside(Access::Read, now);
    quota.ended(beside, Outcome::Answered, now + ms(5));
    assert_eq!(
        turn(&mut quota, Access::Read, now + ms(5)),
        wait(Some(until), 0)
    );
}

#[test]
fn an_operation_without_a_limit_does_not_cost_the_rest_of_the_report() {
    let body = r#"{"slidingTimeWindowSizeSeconds": 60, "accountCount": 7, "accountRateLimit": 300,
        "accountCutOffRatio": 0.8, "accountWriteRateLimit": 100, "accountWriteCount": 1,
        "operationWriteStatus": {"site-create": {"limit": null, "count": 3},
            "site-update": {"limit": -1, "count": 0}, "device-udf-set": {"limit": 50, "count": null}}}"#;
    let status = RateStatus::from_json(body.as_bytes()).expect("a report");
    assert_eq!(status.account, count((300, 7)));
    assert_eq!(status.operations.len(), 1);
    assert_eq!(status.operations["device-udf-set"], count((50, 0)));
}

#[test]
fn a_wait_is_no_longer_than_it_takes_for_own_and_others_places_together() {
    let start = Instant::now();
    let mut quota = knows(&status((600, 0)), start);
    for step in 0..300 {
        let at = start + ms(100) * step;
        let sent = go(&mut quota, Access::Read, at);
        quota.ended(sent, Outcome::Answered, at);
    }
    let now = start + ms(58_000);
    quota.calibrated(Report::Told(&status((600, 600))), now);
    // 300 of ours and 300 of others: 61 places must be free, of both.
    let ticket = quota.enter(Access::Read, 0, now);
    let Turn::Wait {
        until: Some(until), ..
    } = quota.turn(ticket, now)
    else {
        panic!("there is no room")
    };
    let early = until - ms(50);
    assert!(
        matches!(quota.turn(ticket, early), Turn::Wait { .. }),
        "there is room 50 ms before the {:?} that were said",
        until - now
    );
    assert!(!matches!(quota.turn(ticket, until), Turn::Wait { .. }));
}

#[test]
fn many_that_come_do_not_overflow_the_need() {
    let start = Instant::now();
    let mut quota = knows(&status((600, 0)), start);
    let later = start + WINDOW * 10;
    let ticket = quota.enter(Access::Read, u64::MAX - 1, later);
    assert!(matches!(quota.turn(ticket, later), Turn::Ask(_)));
}

#[test]
fn a_stop_holds_though_the_model_becomes_known_meanwhile() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let sent: Vec<_> = (0..10).map(|_| go(&mut quota, Access::Read, now)).collect();
    let question = asks(&mut quota, 10, now).expect("it is time");
    quota
        .refused(sent[0], Some(ms(30_000)), 0.0, now)
        .expect("a pause");
    quota.ended(question, Outcome::Answered, now + ms(5));
    let mut report = modern();
    report.account = count((600, 300));
    quota.calibrated(Report::Told(&report), now + ms(5));
    let gone = burst(&mut quota, Access::Read, now + ms(10));
    assert_eq!(gone, 0, "the server said 30 s");
    assert_eq!(burst(&mut quota, UDF, now + ms(10)), 0);
    let later = now + ms(30_100);
    let probe = go(&mut quota, Access::Read, later);
    quota.ended(probe, Outcome::Answered, later);
    go(&mut quota, UDF, later);
}

#[test]
fn a_stop_holds_though_the_model_changes() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let sent = go(&mut quota, Access::Read, now);
    quota
        .refused(sent, Some(ms(30_000)), 0.0, now)
        .expect("a pause");
    quota.calibrated(Report::Told(&modern()), now + ms(5));
    assert_eq!(burst(&mut quota, Access::Read, now + ms(10)), 0);
    assert_eq!(burst(&mut quota, UDF, now + ms(10)), 0);
    go(&mut quota, Access::Read, now + ms(30_100));
}

#[test]
fn one_429_for_no_reason_costs_who_is_alone_no_more_than_a_window() {
    let start = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let mut at = start;
    let (mut gone, mut later, mut refused) = (0, 0, false);
    while at < start + WINDOW * 2 {
        at += ms(10);
        let ticket = quota.enter(Access::Read, 0, at);
        match quota.turn(ticket, at) {
            // Soon after the first calibration: the next one cannot be afforded yet.
            Turn::Go(sent) if gone == 25 && !refused => {
                refused = true;
                quota.refused(sent, None, 0.0, at);
            }
            Turn::Go(sent) => {
                quota.ended(sent, Outcome::Answered, at);
                gone += 1;
                later += u32::from(at >= start + WINDOW);
            }
            Turn::Ask(sent) => {
                quota.ended(sent, Outcome::Answered, at);
                let used = quota.usage(at).buckets[0].own;
                quota.calibrated(Report::Told(&status((600, used))), at);
            }
            _ => {}
        }
        quota.leave(ticket);
    }
    assert!(later > 500, "{later} in the second window");
}

#[test]
fn a_probe_whose_answer_does_not_come_lets_another_one_go_to_see() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let sent = go(&mut quota, Access::Read, now);
    let later = now + quota.refused(sent, None, 0.0, now).expect("a pause");
    let slow = go(&mut quota, Access::Read, later);
    let lapsed = later + WINDOW / 6;
    assert_eq!(
        turn(&mut quota, Access::Read, lapsed - ms(1)),
        wait(None, 0)
    );
    let second = go(&mut quota, Access::Read, lapsed);
    assert_eq!(turn(&mut quota, Access::Read, lapsed), wait(None, 0));
    quota.ended(slow, Outcome::Answered, lapsed);
    assert_eq!(turn(&mut quota, Access::Read, lapsed), wait(None, 0));
    quota.ended(second, Outcome::Answered, lapsed);
    go(&mut quota, Access::Read, lapsed);
}

#[test]
fn a_slow_probe_that_is_answered_before_another_went_lets_everybody_through() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let sent = go(&mut quota, Access::Read, now);
    let later = now + quota.refused(sent, None, 0.0, now).expect("a pause");
    let slow = go(&mut quota, Access::Read, later);
    quota.ended(slow, Outcome::Answered, later + WINDOW / 5);
    assert!(burst(&mut quota, Access::Read, later + WINDOW / 5) > 1);
}

#[test]
fn a_probe_that_nobody_wants_any_more_keeps_its_place_and_holds_nobody_up() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let sent = go(&mut quota, Access::Read, now);
    let later = now + quota.refused(sent, None, 0.0, now).expect("a pause");
    let probe = go(&mut quota, Access::Read, later);
    quota.abandoned(probe);
    let second = go(&mut quota, Access::Read, later);
    quota.ended(second, Outcome::Answered, later);
    assert_eq!(quota.usage(later).buckets[0].own, 2);
    // What becomes of it says nothing of those that went after it.
    quota.ended(probe, Outcome::Lost, later);
    assert_eq!(quota.usage(later).buckets[0].own, 2);

    let mut quota = knows(&status((600, 0)), now);
    let until = quota.blocked(None, None, now);
    let probe = go(&mut quota, Access::Read, until);
    quota.abandoned(probe);
    go(&mut quota, Access::Read, until);
}

#[test]
fn all_who_wait_hear_of_a_block() {
    let now = Instant::now();
    let mut quota = knows(&status((1, 0)), now);
    go(&mut quota, Access::Read, now);
    let waiting: Vec<_> = (0..5).map(|_| quota.enter(Access::Read, 0, now)).collect();
    assert_eq!(quota.concerned(now), waiting[..1]);
    quota.blocked(None, None, now);
    assert_eq!(quota.concerned(now), waiting);
}

#[test]
fn what_was_sent_within_a_window_that_grows_stays_in_it_for_longer() {
    let now = Instant::now();
    let mut quota = knows(&status((10, 0)), now);
    for _ in 0..9 {
        let sent = go(&mut quota, Access::Read, now);
        quota.ended(sent, Outcome::Answered, now);
    }
    let longer = RateStatus {
        window: WINDOW * 3,
        ..status((10, 9))
    };
    quota.calibrated(Report::Told(&longer), now + ms(10));
    assert_eq!(quota.window(), WINDOW * 3);
    assert_eq!(
        turn(&mut quota, Access::Read, now + WINDOW),
        wait(Some(now + WINDOW * 3), 0)
    );
    assert_eq!(burst(&mut quota, Access::Read, now + WINDOW * 3), 9);
    let pause = quota.blocked(None, None, now + WINDOW * 3);
    assert_eq!(pause, now + WINDOW * (3 + 15));
}

#[test]
fn who_waited_for_something_else_since_a_refusal_of_long_ago_is_not_worn_out() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let sent = go(&mut quota, Access::Read, now);
    quota.refused(sent, None, 0.0, now).expect("a pause");
    let ticket = quota.enter(Access::Read, 0, now);
    let later = now + WINDOW * (PATIENCE + 1);
    let turn = quota.turn(ticket, later);
    assert!(matches!(turn, Turn::Go(_) | Turn::Ask(_)), "{turn:?}");
}

#[test]
fn one_that_was_under_way_when_the_stop_began_may_make_it_longer() {
    let now = Instant::now();
    let mut quota = knows(&status((600, 0)), now);
    let [one, two] = [Access::Read; 2].map(|access| go(&mut quota, access, now));
    quota
        .refused(one, Some(ms(2000)), 0.0, now)
        .expect("a pause");
    assert_eq!(quota.refused(two, Some(ms(9000)), 0.0, now), None);
    assert_eq!(
        turn(&mut quota, Access::Read, now),
        wait(Some(now + ms(9000)), 0)
    );
}

#[test]
fn a_question_that_was_not_sent_gives_no_blind_place_back() {
    let now = Instant::now();
    let mut quota = Quota::new(WINDOW);
    let tickets: Vec<_> = (0..12).map(|_| quota.enter(Access::Read, 0, now)).collect();
    let Turn::Ask(question) = quota.turn(tickets[0], now) else {
        panic!("it is time")
    };
    for ticket in &tickets[..5] {
        assert!(matches!(quota.turn(*ticket, now), Turn::Go(_)));
    }
    quota.ended(question, Outcome::NotSent, now);
    assert_eq!(quota.turn(tickets[5], now), wait(None, 0));
}
