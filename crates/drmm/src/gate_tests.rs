//! Many threads at one gate, in real time but with windows of some milliseconds.

use std::thread;

use super::*;
use crate::quota::RateStatus;

fn report(limit: u32, window: Duration) -> RateStatus {
    let body = format!(
        r#"{{"slidingTimeWindowSizeSeconds": {}, "accountCount": 0, "accountRateLimit": {limit},
            "accountCutOffRatio": 0.9, "accountWriteRateLimit": {limit}, "accountWriteCount": 0,
            "operationWriteStatus": {{"device-udf-set": {{"limit": 10, "count": 0}}}}}}"#,
        window.as_secs_f64()
    );
    RateStatus::from_json(body.as_bytes()).expect("a report")
}

const ACCESSES: [Access; 3] = [
    Access::Read,
    Access::Write(&["device-udf-set"]),
    Access::Write(&[]),
];

#[test]
fn sixty_four_threads_get_through_whatever_becomes_of_their_requests() {
    let window = Duration::from_millis(20);
    let gate = Gate::new(window);
    let report = report(60, window);
    gate.calibrated(Report::Told(&report));
    let through = std::sync::atomic::AtomicUsize::new(0);
    thread::scope(|scope| {
        for thread in 0..64 {
            let (gate, report, through) = (&gate, &report, &through);
            scope.spawn(move || {
                for round in 0..12 {
                    let job = Job::default();
                    let kind = (thread * 7 + round * 5) % 16;
                    let pass = || {
                        gate.pass(ACCESSES[round % 3], Instant::now(), &job, |sent| {
                            gate.permit(sent).answered();
                            gate.calibrated(Report::Told(report));
                        })
                    };
                    if kind == 0 {
                        job.cancel();
                        gate.wake(&job);
                        assert_eq!(pass().err(), Some(Refusal::Cancelled));
                        continue;
                    }
                    let permit = pass().expect("a turn");
                    match kind {
                        1 => drop(permit),
                        2 => permit.not_sent(),
                        3 => drop(permit.refused(Some(Duration::from_millis(1)))),
                        _ => permit.answered(),
                    }
                    through.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    let waiting: usize = gate
        .usage()
        .buckets
        .iter()
        .map(|bucket| bucket.waiting)
        .sum();
    assert_eq!(waiting, 0);
    assert_eq!(through.into_inner(), 64 * 12 - 64 * 12 / 16);
    assert!(lock(&gate.queue).waiters.is_empty());
}

/// A gate with one place in ten minutes.
fn narrow_gate() -> Gate {
    let gate = Gate::new(Duration::from_secs(600));
    gate.calibrated(Report::Told(&report(1, Duration::from_secs(600))));
    gate
}

#[test]
fn five_hundred_who_wait_are_all_back_soon_after_they_were_cancelled() {
    let gate = narrow_gate();
    let _first = gate
        .pass(Access::Read, Instant::now(), &Job::default(), |_| {})
        .expect("a turn");
    // The best of some rounds: a busy machine may be late for reasons of its own.
    let longest = (0..3).map(|_| cancel_five_hundred(&gate));
    let longest = longest.min().expect("rounds");
    println!(
        "500 cancelled waiters were back after {} ms",
        longest.as_millis()
    );
    assert!(longest < Duration::from_millis(500), "{longest:?}");
}

/// How long it takes until all are back.
fn cancel_five_hundred(gate: &Gate) -> Duration {
    let jobs: Vec<Job> = (0..500).map(|_| Job::default()).collect();
    thread::scope(|scope| {
        let threads: Vec<_> = jobs
            .iter()
            .map(|job| {
                scope.spawn(move || {
                    let refusal = gate.pass(Access::Read, Instant::now(), job, |_| {}).err();
                    assert_eq!(refusal, Some(Refusal::Cancelled));
                })
            })
            .collect();
        while gate.usage().buckets[0].waiting < 500 {
            thread::yield_now();
        }
        let start = Instant::now();
        for job in &jobs {
            job.cancel();
            gate.wake(job);
        }
        for thread in threads {
            thread.join().expect("no panic");
        }
        start.elapsed()
    })
}

#[test]
fn whoever_waits_long_without_a_known_end_is_told_once() {
    let gate = narrow_gate();
    let _first = gate
        .pass(Access::Read, Instant::now(), &Job::default(), |_| {})
        .expect("a turn");
    let waiting = Job::default();
    thread::scope(|scope| {
        let start = Instant::now();
        let thread = scope.spawn(|| {
            gate.pass(Access::Read, Instant::now(), &waiting, |_| {})
                .err()
        });
        let mut told = Vec::new();
        while told.is_empty() || start.elapsed() < LOOK * 5 / 2 {
            assert!(start.elapsed() < Duration::from_secs(60), "not told");
            told.extend(waiting.take_events());
            thread::yield_now();
        }
        let texts: Vec<_> = told.iter().map(|event| event.text.as_str()).collect();
        assert_eq!(texts, ["waiting for API quota"]);
        waiting.cancel();
        gate.wake(&waiting);
        let refusal = thread.join().expect("no panic");
        assert_eq!(refusal, Some(Refusal::Cancelled));
    });
}

#[test]
fn a_waiting_request_wakes_within_fifty_milliseconds_of_its_turn() {
    let window = Duration::from_millis(150);
    // The best of some rounds: a busy machine may be late for reasons of its own.
    let late = (0..5).map(|_| {
        let gate = Gate::new(window);
        gate.calibrated(Report::Told(&report(1, window)));
        let pass = || {
            gate.pass(Access::Read, Instant::now(), &Job::default(), |_| {})
                .expect("a turn")
        };
        pass().answered();
        let answered = Instant::now();
        thread::scope(|scope| {
            // The second in the queue is called by the first.
            let others: Vec<_> = (0..2)
                .map(|_| {
                    scope.spawn(|| {
                        pass().answered();
                        Instant::now()
                    })
                })
                .collect();
            let mut woken: Vec<_> = others
                .into_iter()
                .map(|thread| thread.join().expect("no panic"))
                .collect();
            woken.sort();
            let first = woken[0].saturating_duration_since(answered + window);
            let second = woken[1].saturating_duration_since(woken[0] + window);
            first.max(second)
        })
    });
    let late = late.min().expect("rounds");
    assert!(late < Duration::from_millis(50), "{late:?}");
}

#[test]
fn a_403_that_nobody_could_look_into_clears_no_other() {
    let gate = Gate::new(Duration::from_secs(60));
    // Whoever asks is cancelled, or cannot reach the server.
    assert!(!gate.is_block(true, |_| None));
    let asked = std::cell::Cell::new(false);
    assert!(gate.is_block(true, |_| {
        asked.set(true);
        Some(true)
    }));
    assert!(asked.get());
}

#[test]
fn no_token_is_a_block_of_one_window_unless_more_speaks_for_it() {
    let window = Duration::from_secs(60);
    let gate = Gate::new(window);
    let left = gate.turned_away(None);
    assert!(left <= window && left > window / 2, "{left:?}");
    // Those who waited for the same token do not make it longer.
    assert!(gate.turned_away(None) <= left);

    let gate = Gate::new(window);
    let permit = gate
        .pass(Access::Read, Instant::now(), &Job::default(), |_| {})
        .expect("a turn");
    permit.refused(None).expect("a pause");
    assert!(gate.turned_away(None) > window * 4);
}

#[test]
fn who_dies_in_the_queue_leaves_its_place() {
    let gate = Gate::new(Duration::from_secs(60));
    let job = Job::default();
    let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        for _ in 0..30 {
            let permit = gate.pass(Access::Read, Instant::now(), &job, |_| panic!("on purpose"));
            permit.expect("a turn").answered();
        }
    }));
    assert!(died.is_err());
    assert_eq!(gate.usage().buckets[0].waiting, 0);
    assert!(lock(&gate.queue).waiters.is_empty());
}
