//! What a stream's workers share with whoever reads it: the wish to stop, and what has happened.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock};
use std::time::{Duration, Instant};

use crate::sync::{lock, wait};

/// What has happened since the last report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where the stream stands, if that has changed.
    pub progress: Option<Progress>,
    /// What has happened, oldest first.
    pub events: Vec<Event>,
}

/// Where a stream stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is being done or waited for.
    pub text: String,
    /// Items that have been handed over.
    pub done: u64,
    /// Items in all, as far as the server has said.
    pub total: Option<u64>,
    /// How long the current wait will take.
    pub wait: Option<Duration>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// For whom it is.
    pub kind: EventKind,
    /// What happened, in one line, without secrets.
    pub text: String,
}

/// For whom an event is. The numbers are part of the C ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum EventKind {
    /// For those who look closely: a request, a retry, a wait.
    Detail = 1,
    /// For everyone.
    Warning = 2,
    /// A field that was wanted and that no item of a list had; the text is its name. Decoders note
    /// these. A caller who reads several lists warns of what all of them lack.
    Lack = 3,
}

/// A wait for the quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) until: Option<Instant>,
    pub(crate) ahead: usize,
}

/// More than a page of the API takes; what is larger is an exception, and not kept.
const LARGEST_ROOM: usize = 4 * 1024 * 1024;

/// The job of one stream.
#[derive(Debug, Default)]
pub(crate) struct Job {
    cancelled: AtomicBool,
    /// Whether what it works with is there no more.
    closed: OnceLock<Arc<AtomicBool>>,
    /// The number of the token fetch that this job has begun last; 0 if none.
    token_fetch: AtomicU64,
    /// Requests that are sure to come beside those that were begun.
    coming: AtomicU64,
    /// Where bodies were received, and the next ones may be.
    rooms: Mutex<Vec<Vec<u8>>>,
    journal: Mutex<Journal>,
    woken: Condvar,
}

#[derive(Debug, Default)]
struct Journal {
    events: Vec<Event>,
    waiting: Option<Waiting>,
}

impl Job {
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
        // Under the lock, so that a worker between its check and its wait is not missed.
        let _journal = lock(&self.journal);
        self.woken.notify_all();
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// From now on it is over, too, when this is set.
    pub(crate) fn depends_on(&self, closed: &Arc<AtomicBool>) {
        self.closed.get_or_init(|| Arc::clone(closed));
    }

    /// Whether there is nothing more to wait for: it was cancelled, or its credential was closed.
    pub(crate) fn is_over(&self) -> bool {
        let closed = self.closed.get();
        self.is_cancelled() || closed.is_some_and(|closed| closed.load(Ordering::Acquire))
    }

    /// Notes how many requests are sure to come beside those that were begun.
    pub(crate) fn expects(&self, requests: u64) {
        self.coming.store(requests, Ordering::Relaxed);
    }

    pub(crate) fn coming(&self) -> u64 {
        self.coming.load(Ordering::Relaxed)
    }

    /// Room for a body: that of an earlier one of this job, if there is any. Pages come on many
    /// threads, and an allocator keeps for each of them what the largest took.
    pub(crate) fn take_room(&self) -> Vec<u8> {
        lock(&self.rooms).pop().unwrap_or_default()
    }

    /// Takes a body that was read, for its room.
    pub(crate) fn give_room(&self, mut body: Vec<u8>) {
        if body.capacity() <= LARGEST_ROOM {
            body.clear();
            lock(&self.rooms).push(body);
        }
    }

    /// Notes that this job fetches the token for everyone.
    pub(crate) fn fetches_token(&self, number: u64) {
        self.token_fetch.store(number, Ordering::Release);
    }

    pub(crate) fn token_fetch(&self) -> Option<u64> {
        Some(self.token_fetch.load(Ordering::Acquire)).filter(|number| *number > 0)
    }

    /// Sleeps; `false` if it was cancelled meanwhile.
    pub(crate) fn sleep(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut journal = lock(&self.journal);
        while !self.is_cancelled() && Instant::now() < until {
            journal = wait(&self.woken, journal, Some(until));
        }
        drop(journal);
        !self.is_cancelled()
    }

    pub(crate) fn detail(&self, text: String) {
        lock(&self.journal).events.push(Event {
            kind: EventKind::Detail,
            text,
        });
    }

    pub(crate) fn warn(&self, text: String) {
        lock(&self.journal).events.push(Event {
            kind: EventKind::Warning,
            text,
        });
    }

    /// Notes that a worker waits for the quota, or no longer does.
    pub(crate) fn wait_for_quota(&self, waiting: Option<Waiting>) {
        lock(&self.journal).waiting = waiting;
    }

    pub(crate) fn waiting(&self) -> Option<Waiting> {
        lock(&self.journal).waiting
    }

    /// Takes over what another job has to report.
    pub(crate) fn hear(&self, other: &Self) {
        let events = other.take_events();
        lock(&self.journal).events.extend(events);
    }

    pub(crate) fn has_events(&self) -> bool {
        !lock(&self.journal).events.is_empty()
    }

    pub(crate) fn take_events(&self) -> Vec<Event> {
        std::mem::take(&mut lock(&self.journal).events)
    }
}
