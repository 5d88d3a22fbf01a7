//! The bucket under a virtual clock, beside a server that counts as the API does.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn bucket(limit: u32, window: Duration, cutoff: f64) -> Bucket {
    Bucket {
        limits: Limits {
            limit,
            window,
            cutoff,
        },
        calibration: Calibration::Known { at: Instant::now() },
        ..Bucket::default()
    }
}

fn go(bucket: &mut Bucket, now: Instant) {
    let ticket = bucket.enter();
    assert_eq!(bucket.turn(ticket, now), Turn::Go);
}

#[test]
fn a_burst_is_free_while_there_is_room_and_then_waits_for_the_oldest_answer() {
    let start = Instant::now();
    let mut bucket = bucket(10, ms(6000), 0.9);
    for _ in 0..9 {
        go(&mut bucket, start);
    }
    let (tenth, eleventh) = (bucket.enter(), bucket.enter());
    assert_eq!(
        bucket.turn(tenth, start),
        Turn::Wait {
            until: None,
            ahead: 0
        }
    );
    bucket.answered(start + ms(100));
    bucket.answered(start + ms(300));
    let now = start + ms(400);
    assert_eq!(
        bucket.turn(tenth, now),
        Turn::Wait {
            until: Some(start + ms(6100)),
            ahead: 0
        }
    );
    assert_eq!(
        bucket.turn(eleventh, now),
        Turn::Wait {
            until: Some(start + ms(6300)),
            ahead: 1
        }
    );
    assert_eq!(bucket.turn(tenth, start + ms(6100)), Turn::Go);
}

#[test]
fn first_come_first_served_and_a_cancelled_waiter_frees_its_place() {
    let now = Instant::now();
    let mut bucket = bucket(2, ms(1000), 1.0);
    let [first, second, third] = [bucket.enter(), bucket.enter(), bucket.enter()];
    assert_eq!(
        bucket.turn(second, now),
        Turn::Wait {
            until: None,
            ahead: 1
        }
    );
    bucket.leave(first);
    assert_eq!(bucket.turn(second, now), Turn::Go);
    assert_eq!(bucket.turn(third, now), Turn::Go);
}

#[test]
fn what_never_left_takes_no_place() {
    let now = Instant::now();
    let mut bucket = bucket(1, ms(1000), 1.0);
    go(&mut bucket, now);
    bucket.not_sent();
    go(&mut bucket, now);
}

#[test]
fn what_others_use_counts_and_decays_over_a_window() {
    let start = Instant::now();
    let mut bucket = bucket(100, ms(10_000), 1.0);
    let limits = bucket.limits;
    bucket.calibrated(
        RateStatus {
            model: Model::Legacy,
            limits,
            count: 80,
        },
        start,
    );
    for _ in 0..20 {
        go(&mut bucket, start);
    }
    let ticket = bucket.enter();
    let Turn::Wait {
        until: Some(until),
        ahead: 0,
    } = bucket.turn(ticket, start)
    else {
        panic!("a wait")
    };
    // One of eighty has decayed after an eightieth of the window.
    assert!(
        until > start + ms(124) && until < start + ms(130),
        "{:?}",
        until - start
    );
    assert_eq!(bucket.turn(ticket, until), Turn::Go);
    assert_eq!(bucket.usage(start + ms(10_000)).others, 0);
}

#[test]
fn own_requests_are_not_taken_for_other_peoples() {
    let start = Instant::now();
    let mut bucket = Bucket::default();
    for _ in 0..11 {
        go(&mut bucket, start);
    }
    assert!(bucket.begin_calibration(start + ms(1), 0));
    for _ in 0..11 {
        bucket.answered(start + ms(2));
    }
    bucket.calibrated(
        RateStatus {
            model: Model::Legacy,
            limits: DEFAULT,
            count: 12,
        },
        start + ms(3),
    );
    assert_eq!(bucket.usage(start + ms(3)).others, 0);
}

#[test]
fn a_small_process_never_calibrates_and_a_larger_one_sends_five_blind() {
    let now = Instant::now();
    let mut bucket = Bucket::default();
    for _ in 0..10 {
        go(&mut bucket, now);
        assert!(!bucket.begin_calibration(now, 0));
    }
    let next = bucket.enter();
    assert!(bucket.begin_calibration(now, 0));
    assert!(!bucket.begin_calibration(now, 0));
    assert_eq!(bucket.turn(next, now), Turn::Go);
    for _ in 0..4 {
        go(&mut bucket, now);
    }
    let sixth = bucket.enter();
    assert_eq!(
        bucket.turn(sixth, now),
        Turn::Wait {
            until: None,
            ahead: 0
        }
    );
    bucket.calibrated(
        RateStatus {
            model: Model::Legacy,
            limits: DEFAULT,
            count: 16,
        },
        now,
    );
    assert_eq!(bucket.turn(sixth, now), Turn::Go);
}

#[test]
fn a_long_list_calibrates_while_its_first_pages_are_under_way() {
    let now = Instant::now();
    let mut bucket = Bucket::default();
    go(&mut bucket, now);
    for page in 2..=9_u64 {
        let ticket = bucket.enter();
        assert_eq!(bucket.begin_calibration(now, 40 - page), page == 6);
        assert_eq!(bucket.turn(ticket, now), Turn::Go, "page {page}");
    }
    assert_eq!(bucket.calibrations, 1);
}

#[test]
fn a_list_of_ten_pages_never_calibrates() {
    let now = Instant::now();
    let mut bucket = Bucket::default();
    for page in 1..=10 {
        bucket.enter();
        assert!(!bucket.begin_calibration(now, 10 - page), "page {page}");
    }
}

#[test]
fn calibration_costs_at_most_two_percent() {
    let start = Instant::now();
    let mut bucket = Bucket {
        limits: Limits {
            limit: 100_000,
            ..DEFAULT
        },
        ..Bucket::default()
    };
    for step in 0..5_000_u32 {
        let now = start + ms(100) * step;
        go(&mut bucket, now);
        bucket.answered(now);
        if bucket.begin_calibration(now, 0) {
            let limits = bucket.limits;
            bucket.calibrated(
                RateStatus {
                    model: Model::Legacy,
                    limits,
                    count: 1,
                },
                now,
            );
            bucket.answered(now);
        }
        assert!(bucket.calibrations <= 1 || bucket.calibrations * 50 <= bucket.sent);
    }
    assert!(bucket.calibrations > 10, "{}", bucket.calibrations);
}

#[test]
fn a_429_stops_everyone_for_as_long_as_the_server_says() {
    let now = Instant::now();
    let mut bucket = bucket(600, ms(60_000), 0.9);
    let first = bucket.refused(now, Some(ms(2000)), 0.5);
    assert_eq!(first, Some(ms(5000)));
    assert_eq!(bucket.refused(now, Some(ms(1000)), 0.5), None);
    let ticket = bucket.enter();
    let until = Some(now + ms(5000));
    assert_eq!(bucket.turn(ticket, now), Turn::Wait { until, ahead: 0 });
    assert_eq!(bucket.turn(ticket, now + ms(5000)), Turn::Go);
}

#[test]
fn after_a_429_the_full_window_counts_as_other_peoples_and_empties_with_time() {
    let now = Instant::now();
    let mut bucket = bucket(600, ms(60_000), 0.9);
    bucket.refused(now, None, 0.0);
    assert_eq!(bucket.usage(now).others, 540);
    let later = now + ms(15_000);
    let free = (0..540).take_while(|_| {
        let ticket = bucket.enter();
        bucket.turn(ticket, later) == Turn::Go
    });
    assert_eq!(free.count(), 135);
}

#[test]
fn a_server_cannot_stop_everyone_for_longer_than_two_windows() {
    let now = Instant::now();
    for asked in [86_400, u64::MAX] {
        let mut bucket = bucket(600, ms(60_000), 0.9);
        let pause = bucket.refused(now, Some(Duration::from_secs(asked)), 0.0);
        assert_eq!(pause, Some(ms(120_000)));
    }
}

/// What a random schedule does at each step.
#[derive(Debug, Clone)]
enum Step {
    Arrive,
    GiveUp(prop::sample::Index),
    Pass(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Arrive),
        1 => any::<prop::sample::Index>().prop_map(Step::GiveUp),
        4 => (0_u64..400).prop_map(Step::Pass),
        1 => (0_u64..5000).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 1..400)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// The server counts each request at some moment between its sending and its answer. Whatever
    /// the schedule, no window of the server's exceeds the cut-off share, those who wait go in
    /// order, nobody waits while there is room, and everybody gets there.
    #[test]
    fn never_overrun_in_order_and_never_idle(
        limit in 1_u32..40,
        cutoff in 0.3_f64..=1.0,
        window in 200_u64..3000,
        steps in steps(),
        latencies in prop::collection::vec((0_u64..300, 0.0_f64..=1.0), 1..50),
    ) {
        let start = Instant::now();
        let mut now = start;
        let mut bucket = bucket(limit, ms(window), cutoff);
        let allowed = bucket.allowed() as usize;
        let mut waiting: Vec<Ticket> = Vec::new();
        let mut answers: BTreeMap<(Instant, usize), ()> = BTreeMap::new();
        let mut counted: Vec<Instant> = Vec::new();
        let mut gone = 0_usize;
        let mut last_gone = Ticket(0);

        let mut steps: Vec<Step> = steps;
        // Time enough, at the end, for all who still wait.
        steps.extend((0..2000).map(|_| Step::Pass(300)));
        for step in steps {
            let end = match step {
                Step::Arrive => { waiting.push(bucket.enter()); now }
                Step::GiveUp(which) if !waiting.is_empty() => {
                    bucket.leave(waiting.remove(which.index(waiting.len())));
                    now
                }
                Step::GiveUp(_) => now,
                Step::Pass(time) => now + ms(time),
            };
            // Everything that happens until `end`: answers come, and whoever's turn it is goes.
            loop {
                while let Some(first) = waiting.first().copied() {
                    match bucket.turn(first, now) {
                        Turn::Go => {
                            prop_assert!(first > last_gone);
                            last_gone = first;
                            waiting.remove(0);
                            let (latency, share) = latencies[gone % latencies.len()];
                            gone += 1;
                            answers.insert((now + ms(latency), gone), ());
                            counted.push(now + ms(latency).mul_f64(share));
                        }
                        Turn::Wait { until, ahead } => {
                            prop_assert_eq!(ahead, 0);
                            prop_assert!(until.is_none_or(|until| until > now));
                            prop_assert!(bucket.in_window() as usize >= allowed, "waits while there is room");
                            break;
                        }
                    }
                }
                let turn = waiting.first().and_then(|first| match bucket.turn(*first, now) {
                    Turn::Wait { until, .. } => until,
                    Turn::Go => unreachable!("the loop above lets go whoever can"),
                });
                let answer = answers.keys().next().map(|(at, _)| *at);
                let next = turn.into_iter().chain(answer).min();
                match next {
                    Some(at) if at <= end => {
                        now = now.max(at);
                        if answer == Some(at) {
                            answers.pop_first();
                            bucket.answered(at);
                        }
                    }
                    _ => break,
                }
            }
            now = end;
        }
        prop_assert!(waiting.is_empty(), "{} still wait", waiting.len());
        counted.sort();
        for (index, at) in counted.iter().enumerate() {
            let in_window = counted[index..].iter().take_while(|other| **other < *at + ms(window)).count();
            prop_assert!(in_window <= allowed, "{in_window} in a window, {allowed} allowed");
        }
    }
}
