//! The right to send one request, which is given back when it is known what became of it.

use std::time::{Duration, Instant};

use crate::gate::Gate;
use crate::quota::{Outcome, Quota, Sent};

/// The right to send one request. Dropped without a word, nobody knows what became of it.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    gate: &'a Gate,
    /// `None` once it has ended.
    pub(crate) sent: Option<Sent>,
}

impl<'a> Permit<'a> {
    pub(crate) fn new(gate: &'a Gate, sent: Sent) -> Self {
        Self {
            gate,
            sent: Some(sent),
        }
    }

    /// The server answered, and not with a refusal.
    pub(crate) fn answered(mut self) {
        self.end(Outcome::Answered);
    }

    /// The request never left this machine.
    pub(crate) fn not_sent(mut self) {
        self.end(Outcome::NotSent);
    }

    /// The server refused it for its quota (429): the time for which all such requests stop, or
    /// `None` if they had stopped already.
    pub(crate) fn refused(mut self, retry_after: Option<Duration>) -> Option<Duration> {
        let chance = fastrand::f64();
        self.change(|quota, sent, now| quota.refused(sent, retry_after, chance, now))
            .flatten()
    }

    /// The server has blocked this address; says for how long.
    pub(crate) fn blocked(mut self, retry_after: Option<Duration>) -> Duration {
        let left = self.change(|quota, sent, now| {
            let until = quota.blocked(Some(sent), retry_after, now);
            until.saturating_duration_since(now)
        });
        left.unwrap_or_default()
    }

    fn end(&mut self, outcome: Outcome) {
        self.change(|quota, sent, now| quota.ended(sent, outcome, now));
    }

    /// Ends the request in this way, if it has not ended yet.
    fn change<T>(&mut self, act: impl FnOnce(&mut Quota, Sent, Instant) -> T) -> Option<T> {
        let sent = self.sent.take()?;
        self.gate.forget(sent);
        Some(self.gate.change(|quota, now| act(quota, sent, now)))
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.end(Outcome::Lost);
    }
}
