//! Many processes on one account: nobody knows of the others but through the server.

use std::time::{Duration, Instant};

use super::world::{Server, UDF, World, ms};
use crate::operation::Access;

const WINDOW: Duration = ms(6000);

struct Result {
    time: f64,
    refusals: usize,
    worst_address: usize,
    reports: usize,
}

/// 200 processes that start within a second, 10 reads and 2 writes each, one after the other.
fn storm(modern: bool, retry_after: bool, seed: u64) -> Result {
    let mut server = Server::new(modern, 600, WINDOW, 0.9);
    server.retry_after = retry_after;
    let mut world = World::new(server, seed);
    for _ in 0..200 {
        let begin = world.chance.up_to(ms(1000));
        let calls = (0..12).map(|call| if call % 6 == 5 { UDF } else { Access::Read });
        world.add(begin, ms(20), vec![calls.collect()]);
    }
    world.run();
    let last = world
        .processes
        .iter()
        .map(|process| process.done.expect("finished"))
        .max();
    let result = Result {
        time: (last.expect("processes") - world.start).as_secs_f64(),
        refusals: world.server.refusals.len(),
        worst_address: world
            .processes
            .iter()
            .map(|process| process.refused)
            .max()
            .unwrap_or(0),
        reports: world.server.reports,
    };
    println!(
        "storm modern={modern} retry_after={retry_after}: {:.1} s, {} 429s, at most {} an address, {} reports, {} delayed",
        result.time, result.refusals, result.worst_address, result.reports, world.server.delayed
    );
    result
}

#[test]
fn a_storm_of_small_processes_comes_through_without_a_block() {
    for seed in 1..=3 {
        for modern in [false, true] {
            for retry_after in [false, true] {
                let result = storm(modern, retry_after, seed);
                let formula = (2400.0 - 600.0) / 600.0 * WINDOW.as_secs_f64();
                assert!(
                    result.time <= 1.35 * formula,
                    "{} s of {formula} s",
                    result.time
                );
                // A block needs more than a tenth of the limit within a window.
                assert!(result.worst_address <= 20, "{}", result.worst_address);
                assert_eq!(result.reports, 0, "none needs to know");
            }
        }
    }
}

/// What came to the server in each of ten windows, and the 429s among it.
struct Windows {
    counted: Vec<usize>,
    refused: Vec<usize>,
}

/// Processes that have always something to send, from so many threads each.
fn steady(modern: bool, seed: u64, latency: u64, (processes, threads): (usize, usize)) -> Windows {
    let mut world = World::new(Server::new(modern, 600, WINDOW, 0.9), seed);
    world.ends = Some(world.start + WINDOW * 10);
    for _ in 0..processes {
        let begin = world.chance.up_to(ms(300));
        world.add(
            begin,
            ms(latency),
            vec![vec![Access::Read; 100_000]; threads],
        );
    }
    world.run();
    let by_window = |times: &[Instant]| {
        let mut windows = vec![0; 10];
        for at in times {
            let window = (*at - world.start).as_millis() / WINDOW.as_millis();
            if let Some(count) = usize::try_from(window)
                .ok()
                .and_then(|window| windows.get_mut(window))
            {
                *count += 1;
            }
        }
        windows
    };
    let windows = Windows {
        counted: by_window(&world.server.log),
        refused: by_window(&world.server.refusals),
    };
    println!(
        "{processes} processes, {threads} threads, modern {modern}, seed {seed}: {:?}, 429s {:?}, {} reports",
        windows.counted, windows.refused, world.server.reports
    );
    assert!(world.server.reports * 45 <= world.server.log.len());
    windows
}

#[test]
fn processes_that_run_for_long_share_the_quota_and_are_not_refused_again() {
    // Where answers are fast, most of them come when the first window is full already. With one
    // caller each does not know of the crowd before its twentieth call.
    let cases = [
        (false, 3, (20, 4), 0.9),
        (true, 3, (20, 4), 0.9),
        (false, 20, (20, 4), 0.9),
        (false, 20, (20, 8), 0.9),
        (false, 20, (5, 8), 0.9),
        (false, 20, (2, 8), 0.9),
        (true, 20, (20, 1), 0.8),
    ];
    for seed in 1..=3 {
        for (modern, latency, callers, least) in cases {
            let windows = steady(modern, seed, latency, callers);
            let used: usize = windows.counted[1..].iter().sum();
            let share = used as f64 / (9.0 * 540.0);
            assert!(share >= least, "{share}");
            assert_eq!(windows.refused[1..].iter().sum::<usize>(), 0);
        }
    }
}

/// Processes that read so much and no more: how many windows they take.
fn finite(seed: u64, (processes, threads, calls): (usize, usize, usize)) -> f64 {
    let mut world = World::new(Server::new(false, 600, WINDOW, 0.9), seed);
    for _ in 0..processes {
        let begin = world.chance.up_to(ms(300));
        world.add(begin, ms(20), vec![vec![Access::Read; calls]; threads]);
    }
    world.run();
    let ends = world.processes.iter().map(|process| process.done);
    let time = ends.max().flatten().expect("finished") - world.start;
    let windows = time.div_duration_f64(WINDOW);
    println!(
        "{processes} processes, {threads} threads, {calls} calls each, seed {seed}: {windows:.1} windows, {} 429s",
        world.server.refusals.len()
    );
    windows
}

#[test]
fn those_who_are_left_take_the_room_of_those_who_have_finished() {
    // Each learns at every fiftieth request only what the others still use.
    let cases = [
        ((20, 4, 40), 1.9),
        ((10, 8, 50), 1.9),
        ((5, 8, 100), 1.5),
        ((2, 8, 250), 1.4),
        ((20, 1, 160), 1.9),
    ];
    for seed in 1..=3 {
        for (callers, most) in cases {
            let (processes, threads, calls) = callers;
            let least = (processes * threads * calls) as f64 / 540.0 - 1.0;
            let windows = finite(seed, callers);
            assert!(windows <= most * least, "{windows} of {least}");
        }
    }
}
