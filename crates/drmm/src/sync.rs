//! Locks that outlive a panic: what they guard is repaired by its owner, not abandoned.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits to be woken, or until `until`, or, without one, only to be woken.
pub(crate) fn wait<'a, T>(
    condition: &Condvar,
    guard: MutexGuard<'a, T>,
    until: Option<Instant>,
) -> MutexGuard<'a, T> {
    match until {
        None => condition
            .wait(guard)
            .unwrap_or_else(PoisonError::into_inner),
        Some(until) => {
            let time = until
                .saturating_duration_since(Instant::now())
                .max(Duration::from_millis(1));
            condition
                .wait_timeout(guard, time)
                .unwrap_or_else(PoisonError::into_inner)
                .0
        }
    }
}
