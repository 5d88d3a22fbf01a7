//! Many threads at one gate, in real time but with windows of some milliseconds.

use std::sync::mpsc::channel;
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
    let gate = blind_gate(window);
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
                        gate.cancelled(&job);
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

/// A gate at which nobody looks up by himself: whom nobody calls waits for ever.
fn blind_gate(window: Duration) -> Gate {
    Gate {
        look: Duration::from_secs(10 * 3600),
        ..Gate::new(window)
    }
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
            gate.cancelled(job);
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
        gate.cancelled(&waiting);
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
    let start = Instant::now();
    let gate = Gate::new(Duration::from_secs(600));
    // Whoever asks is cancelled, or cannot reach the server.
    let job = Job::default();
    assert_eq!(gate.is_block(true, None, &job, |_| None), None);
    let asked = std::cell::Cell::new(false);
    let blocked = gate.is_block(true, None, &job, |_| {
        asked.set(true);
        Some(true)
    });
    assert_eq!((blocked, asked.get()), (Some(true), true));
    assert!(start.elapsed() < Duration::from_secs(20), "it waited");
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

/// What becomes of one who waits when this is done, at a gate at which nobody looks up.
fn woken_by(gate: Gate, act: impl FnOnce(&Gate)) -> Result<(), Refusal> {
    let (gate, job) = (Arc::new(gate), Arc::new(Job::default()));
    let (done, is_done) = channel();
    // Not in a scope: whoever is never called would keep it from ending.
    let (at, waiting) = (Arc::clone(&gate), Arc::clone(&job));
    thread::spawn(move || {
        let passed = at.pass(Access::Read, Instant::now(), &waiting, |_| {});
        let _ = done.send(passed.map(Permit::answered));
    });
    while job.waiting().is_none() {
        thread::yield_now();
    }
    act(&gate);
    is_done
        .recv_timeout(Duration::from_secs(30))
        .expect("whoever waits is called")
}

fn pass<'a>(gate: &'a Gate, job: &'a Job) -> Permit<'a> {
    gate.pass(Access::Read, Instant::now(), job, |_| {})
        .expect("a turn")
}

fn blind_and_narrow(window: Duration) -> Gate {
    let gate = blind_gate(window);
    gate.calibrated(Report::Told(&report(1, window)));
    gate
}

#[test]
fn an_answer_calls_the_one_who_waits_for_its_place() {
    let gate = blind_and_narrow(Duration::from_millis(50));
    let sent = pass(&gate, &Job::default()).sent.take().expect("a request");
    // Taken out of its permit, it has not ended.
    let end = |gate: &Gate| gate.permit(sent).answered();
    assert_eq!(woken_by(gate, end), Ok(()));
}

#[test]
fn a_calibration_calls_those_who_wait_for_it() {
    let gate = blind_gate(Duration::from_secs(600));
    let job = Job::default();
    job.expects(100);
    for _ in 0..10 {
        pass(&gate, &job).answered();
    }
    let report = report(600, Duration::from_secs(600));
    let tell = |gate: &Gate| gate.calibrated(Report::Told(&report));
    assert_eq!(woken_by(gate, tell), Ok(()));
}

#[test]
fn a_block_calls_everybody() {
    let gate = blind_and_narrow(Duration::from_secs(600));
    let sent = pass(&gate, &Job::default()).sent.take().expect("a request");
    let block = |gate: &Gate| {
        gate.permit(sent).blocked(None);
    };
    let refusal = woken_by(gate, block).expect_err("it is blocked");
    assert!(matches!(refusal, Refusal::Blocked(_)), "{refusal:?}");
}

#[test]
fn the_end_of_a_429_needs_nobody_to_call() {
    let window = Duration::from_millis(600);
    let gate = blind_gate(window);
    gate.calibrated(Report::Told(&report(100, window)));
    pass(&gate, &Job::default()).refused(None).expect("a pause");
    assert_eq!(woken_by(gate, |_| {}), Ok(()));
}

#[test]
fn a_cancelled_request_that_went_to_see_lets_the_next_one_go() {
    let window = Duration::from_millis(60_000);
    let gate = blind_gate(window);
    gate.calibrated(Report::Told(&report(100, window)));
    let job = Job::default();
    pass(&gate, &job)
        .refused(Some(Duration::ZERO))
        .expect("a pause");
    // Taken out of its permit, it never ends.
    pass(&gate, &job).sent.take().expect("a request");
    let cancel = |gate: &Gate| {
        job.cancel();
        gate.cancelled(&job);
    };
    assert_eq!(woken_by(gate, cancel), Ok(()));
}

/// Two threads have got a 403 that may be a block. The first asks until it is told the answer, or
/// until it is given up; says how often was asked, and what the second was told.
fn two_at_once(answer: Option<bool>, window: Duration, give_up: bool) -> (u32, Option<bool>) {
    let gate = Gate::new(window);
    let (asking, came) = (Job::default(), Job::default());
    let asked = std::sync::atomic::AtomicU32::new(0);
    let count = || asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    let (begin, begun) = channel();
    let (end, may_end) = channel::<()>();
    thread::scope(|scope| {
        let (gate, asking, count) = (&gate, &asking, &count);
        scope.spawn(move || {
            gate.is_block(true, None, asking, |_| {
                count();
                begin.send(()).expect("somebody waits");
                let _ = may_end.recv_timeout(Duration::from_secs(30));
                answer
            })
        });
        begun.recv().expect("it asks");
        let second = scope.spawn(|| {
            gate.is_block(true, None, &came, |_| {
                count();
                Some(false)
            })
        });
        has_come(&second);
        if give_up {
            asking.cancel();
            gate.cancelled(asking);
        }
        let needs_it = !give_up && window > Duration::from_secs(1);
        // Else it is answered only when the second one is through.
        let mut end = Some(end);
        if needs_it {
            end = None;
        }
        let start = Instant::now();
        let told = second.join().expect("no panic");
        assert!(start.elapsed() < Duration::from_secs(20), "it waited");
        drop(end);
        (asked.load(std::sync::atomic::Ordering::SeqCst), told)
    })
}

/// A thread has come to where it waits, or is through: nobody can see the former, but it takes no
/// time.
fn has_come<T>(thread: &thread::ScopedJoinHandle<'_, T>) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(100) && !thread.is_finished() {
        thread::yield_now();
    }
}

#[test]
fn those_that_come_together_wait_for_one_answer() {
    let window = Duration::from_secs(60);
    for answer in [true, false] {
        let told = two_at_once(Some(answer), window, false);
        assert_eq!(told, (1, Some(answer)));
    }
}

#[test]
fn nobody_waits_for_one_that_was_cancelled_or_hears_nothing() {
    let told = two_at_once(None, Duration::from_secs(600), true);
    assert_eq!(told, (2, Some(false)));
    let told = two_at_once(None, Duration::from_millis(60), false);
    assert_eq!(told, (2, Some(false)));
}

#[test]
fn whoever_waits_for_that_answer_can_be_cancelled_at_once() {
    let gate = Gate::new(Duration::from_secs(600));
    let (asking, waiting) = (Job::default(), Job::default());
    let (begin, begun) = channel();
    let (end, may_end) = channel::<()>();
    thread::scope(|scope| {
        let (gate, asking, waiting) = (&gate, &asking, &waiting);
        scope.spawn(move || {
            gate.is_block(true, None, asking, |_| {
                begin.send(()).expect("somebody waits");
                let _ = may_end.recv_timeout(Duration::from_secs(30));
                Some(false)
            })
        });
        begun.recv().expect("it asks");
        let start = Instant::now();
        let second = scope.spawn(|| gate.is_block(true, None, waiting, |_| Some(true)));
        has_come(&second);
        waiting.cancel();
        gate.cancelled(waiting);
        assert_eq!(second.join().expect("no panic"), None);
        assert!(start.elapsed() < Duration::from_secs(20));
        drop(end);
    });
}
