//! What the server received: counters and the requests themselves.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::IpAddr,
    sync::Arc,
};

use parking_lot::Mutex;
use serde::Serialize;

/// So many requests are remembered; of more, the oldest are forgotten.
const REMEMBERED: usize = 20_000;

/// Numbers of what was received since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counters {
    /// Requests, those for tokens and to the control endpoint not counted.
    pub requests: u64,
    /// Token requests.
    pub tokens: u64,
    /// Requests by route, as `GET /v2/account`; a path that is no route counts as `GET *`. They add
    /// up to `requests`.
    pub by_route: BTreeMap<String, u64>,
    /// Answered requests (not token requests) by status; 0 is for connections that were reset before
    /// a status, or that the client closed while it waited.
    pub by_status: BTreeMap<u16, u64>,
    /// The most requests (not token requests) that waited for their answer at the same time.
    pub max_concurrent: u64,
    /// Requests that got 429 from the quota, not from a fault rule.
    pub refused: u64,
    /// The most of those that one address had.
    pub most_refused: u64,
    /// Requests whose answer the quota held back.
    pub delayed: u64,
    /// How often an address became blocked.
    pub blocks: u64,
    /// Requests of either kind that were refused because their address is blocked.
    pub blocked: u64,
    /// Connections on which at least one of the requests came.
    pub connections: u64,
    /// By operation, the answers that did not fit the API's description, if they are checked. A reset
    /// does not forget them.
    pub invalid_answers: BTreeMap<String, InvalidAnswer>,
}

/// Answers of one operation that did not fit the API's description.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InvalidAnswer {
    /// How many there were.
    pub count: u64,
    /// What was wrong with the first, and where in it; without any of its values.
    pub complaint: String,
}

/// One request as it was received. It never holds a secret or a token.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Received {
    /// Milliseconds since the server started.
    pub at: u64,
    /// The method.
    pub method: String,
    /// The path, with `/api`.
    pub path: String,
    /// The query string as it was sent, without the question mark.
    pub query: String,
    /// The body; of a token request, the form with its password masked.
    pub body: String,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// The address it came from, as far as the quota goes.
    pub address: IpAddr,
    /// Whether the quota held the answer back.
    pub delayed: bool,
    /// The status of the answer; 0 until there is one, and if there never was.
    pub status: u16,
}

/// Counts and remembers.
#[derive(Default)]
pub(crate) struct Log(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    counters: Counters,
    requests: VecDeque<Received>,
    /// How many requests of each address got 429.
    refused: HashMap<IpAddr, u64>,
    /// The number of the first request in `requests`, counted from the server's start.
    first: u64,
    in_flight: u64,
    /// Changes with every reset, so that a connection that outlives one is counted again.
    generation: u64,
}

impl Log {
    pub(crate) fn counters(&self) -> Counters {
        self.0.lock().counters.clone()
    }

    /// The requests, oldest first.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.0.lock().requests.iter().cloned().collect()
    }

    /// Forgets everything but the requests that still wait for their answer.
    pub(crate) fn reset(&self) {
        let inner = &mut *self.0.lock();
        inner.first += inner.requests.len() as u64;
        inner.requests.clear();
        inner.refused.clear();
        inner.counters = Counters {
            max_concurrent: inner.in_flight,
            invalid_answers: std::mem::take(&mut inner.counters.invalid_answers),
            ..Counters::default()
        };
        inner.generation += 1;
    }

    /// Notes a request's arrival. `route` is `None` for a token request. `seen` is the connection's
    /// own note of whether it was counted, 0 at first.
    pub(crate) fn arrive(
        self: &Arc<Self>,
        received: Received,
        route: Option<String>,
        seen: &Mutex<u64>,
    ) -> Ticket {
        let mut inner = self.0.lock();
        let inner = &mut *inner;
        let mark = inner.generation + 1;
        if std::mem::replace(&mut *seen.lock(), mark) != mark {
            inner.counters.connections += 1;
        }
        let counted = route.is_some();
        match route {
            None => inner.counters.tokens += 1,
            Some(route) => {
                inner.counters.requests += 1;
                *inner.counters.by_route.entry(route).or_default() += 1;
                inner.in_flight += 1;
                inner.counters.max_concurrent = inner.counters.max_concurrent.max(inner.in_flight);
            }
        }
        if inner.requests.len() == REMEMBERED {
            inner.requests.pop_front();
            inner.first += 1;
        }
        inner.requests.push_back(received);
        let number = inner.first + inner.requests.len() as u64 - 1;
        Ticket {
            log: Arc::clone(self),
            number,
            counted,
            generation: inner.generation,
            status: 0,
            delayed: false,
        }
    }

    pub(crate) fn count_invalid(&self, operation: String, complaint: String) {
        let inner = &mut *self.0.lock();
        let invalid = inner.counters.invalid_answers.entry(operation);
        let answer = InvalidAnswer {
            count: 0,
            complaint,
        };
        invalid.or_insert(answer).count += 1;
    }

    pub(crate) fn count_refused(&self, address: IpAddr) {
        let inner = &mut *self.0.lock();
        let refused = inner.refused.entry(address).or_default();
        *refused += 1;
        inner.counters.refused += 1;
        inner.counters.most_refused = inner.counters.most_refused.max(*refused);
    }

    pub(crate) fn count_block(&self) {
        self.0.lock().counters.blocks += 1;
    }

    pub(crate) fn count_blocked(&self) {
        self.0.lock().counters.blocked += 1;
    }
}

/// A request that waits for its answer. Dropping it says that the wait is over.
pub(crate) struct Ticket {
    log: Arc<Log>,
    number: u64,
    counted: bool,
    generation: u64,
    status: u16,
    delayed: bool,
}

impl Ticket {
    /// The quota holds the answer back.
    pub(crate) fn delayed(&mut self) {
        self.delayed = true;
    }

    /// The request is answered.
    pub(crate) fn answered(mut self, status: u16) {
        self.status = status;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut inner = self.log.0.lock();
        if self.counted {
            inner.in_flight -= 1;
        }
        if inner.generation != self.generation {
            return;
        }
        if self.counted {
            *inner.counters.by_status.entry(self.status).or_default() += 1;
            inner.counters.delayed += u64::from(self.delayed);
        }
        let position = self
            .number
            .checked_sub(inner.first)
            .and_then(|position| usize::try_from(position).ok());
        if let Some(received) = position.and_then(|position| inner.requests.get_mut(position)) {
            received.status = self.status;
            received.delayed = self.delayed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(path: &str) -> Received {
        Received {
            at: 0,
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: String::new(),
            body: String::new(),
            content_type: None,
            user_agent: None,
            address: IpAddr::from([127, 0, 0, 1]),
            delayed: false,
            status: 0,
        }
    }

    fn arrive(log: &Arc<Log>, seen: &Mutex<u64>) -> Ticket {
        log.arrive(received("/x"), Some("GET *".to_owned()), seen)
    }

    #[test]
    fn concurrency_is_the_most_there_were_at_once() {
        let log = Arc::new(Log::default());
        let seen = Mutex::new(0);
        let (one, two) = (arrive(&log, &seen), arrive(&log, &seen));
        drop(one);
        arrive(&log, &seen).answered(200);
        drop(two);
        let counters = log.counters();
        assert_eq!(
            (
                counters.max_concurrent,
                counters.requests,
                counters.connections
            ),
            (2, 3, 1)
        );
        assert_eq!(counters.by_status, BTreeMap::from([(0, 2), (200, 1)]));
    }

    #[test]
    fn an_answer_after_a_reset_changes_nothing_new() {
        let log = Arc::new(Log::default());
        let seen = Mutex::new(0);
        let old = arrive(&log, &seen);
        log.reset();
        let new = arrive(&log, &seen);
        assert_eq!(
            (log.counters().max_concurrent, log.counters().connections),
            (2, 1)
        );
        old.answered(200);
        assert_eq!(log.counters().by_status, BTreeMap::new());
        assert_eq!(log.requests()[0].status, 0);
        new.answered(404);
        assert_eq!(log.requests()[0].status, 404);
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let log = Arc::new(Log::default());
        let seen = Mutex::new(0);
        let first = log.arrive(received("/first"), None, &seen);
        for _ in 0..REMEMBERED {
            arrive(&log, &seen).answered(200);
        }
        first.answered(500);
        let requests = log.requests();
        assert_eq!(requests.len(), REMEMBERED);
        assert!(
            requests
                .iter()
                .all(|request| request.path == "/x" && request.status == 200)
        );
        assert_eq!(log.counters().requests, REMEMBERED as u64);
    }
}
