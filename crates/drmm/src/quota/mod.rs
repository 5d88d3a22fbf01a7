//! The account's request quota: sliding windows that are never overrun.
//!
//! Pure: the clock is a parameter. The server counts requests over a sliding window for the whole
//! account (600 in 60 s by default), slows answers down past a cut-off share and refuses past the
//! limit (API help page). So this side keeps below the cut-off share, counting what others were
//! last seen to use.
//!
//! `buckets.rs` knows the two models that accounts come in ([`Model`]), `bucket.rs` has one limit and
//! what is used of it, `share.rs` what this process keeps to among many, `stop.rs` what follows a 429,
//! `calibration.rs` says when to ask the server, `rate.rs` reads its report, `circuit.rs` knows whether
//! this address is blocked.

mod bucket;
mod buckets;
mod calibration;
mod circuit;
mod claims;
mod limits;
mod probe;
mod rate;
mod share;
mod stop;
mod usage;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bucket::PATIENCE;
use buckets::Buckets;
use calibration::{Calibration, Need};
use circuit::{Circuit, Pass};
use claims::Claims;
use limits::{Limits, Room};

pub(crate) use rate::{Model, RateStatus};
pub(crate) use usage::Usage;

use crate::operation::Access;

/// What an account has if nobody says otherwise (API help page): 600 requests, used up to 90 %.
const DEFAULT_LIMIT: u32 = 600;
const DEFAULT_CUTOFF: f64 = 0.9;

/// An answer that others wait for is waited for no longer than this part of the window: 10 s of 60.
const LAPSE: u32 = 6;

/// A place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Ticket(u64);

/// A request that was let go. It ends in [`Quota::ended`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sent {
    number: u64,
    access: Access,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was answered, by anything but 429 and a block.
    Answered,
    /// It may or may not have reached the server.
    Lost,
    /// It never left this machine.
    NotSent,
}

/// How a calibration ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Report<'a> {
    /// The server told what it has counted.
    Told(&'a RateStatus),
    /// It will not tell this key (403, 404), or tells no sense: what was known, or the default,
    /// holds.
    Declined,
    /// The question did not get through.
    Failed,
    /// It was not put.
    NotAsked,
}

/// What the holder of a ticket has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Send the request. The ticket is used up.
    Go(Sent),
    /// Ask the server what it has counted, beside the queue, and see again whose turn it is. The
    /// question ends in [`Quota::calibrated`], and its place in [`Quota::ended`].
    Ask(Sent),
    /// Wait: until `until` if that is known, else until something changes.
    Wait {
        until: Option<Instant>,
        ahead: usize,
    },
    /// The server has blocked this address until then. The ticket is used up.
    Blocked(Instant),
    /// All requests of this kind have been refused for so long that waiting is no use. The ticket
    /// is used up.
    GiveUp(Duration),
}

#[derive(Debug, Clone, Copy)]
struct Waiter {
    ticket: Ticket,
    access: Access,
    coming: u64,
    since: Instant,
}

/// One account's quota and the queue before it.
#[derive(Debug)]
pub(crate) struct Quota {
    window: Duration,
    cutoff: f64,
    buckets: Buckets,
    calibration: Calibration,
    circuit: Circuit,
    queue: VecDeque<Waiter>,
    tickets: u64,
    /// Numbers given to requests.
    numbers: u64,
    /// Requests sent, calibrations included.
    sent: u64,
}

impl Quota {
    /// An account of which nothing is known but the window that the API's help names (60 s).
    pub(crate) fn new(window: Duration) -> Self {
        let limits = Limits {
            limit: DEFAULT_LIMIT,
            window,
            cutoff: DEFAULT_CUTOFF,
        };
        Self {
            window,
            cutoff: DEFAULT_CUTOFF,
            buckets: Buckets::new(limits),
            calibration: Calibration::default(),
            circuit: Circuit::default(),
            queue: VecDeque::new(),
            tickets: 0,
            numbers: 0,
            sent: 0,
        }
    }

    /// Takes a place at the end of the queue; `since` is when the request was first tried, and
    /// `coming` requests are sure to follow it and those in the queue.
    pub(crate) fn enter(&mut self, access: Access, coming: u64, since: Instant) -> Ticket {
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.queue.push_back(Waiter {
            ticket,
            access,
            coming,
            since,
        });
        ticket
    }

    /// Gives the place up without having gone.
    pub(crate) fn leave(&mut self, ticket: Ticket) {
        self.queue.retain(|waiter| waiter.ticket != ticket);
    }

    /// Whether it is this ticket's turn. Within a bucket it is first come, first served; whoever
    /// waits for one bucket holds nobody up in another.
    pub(crate) fn turn(&mut self, ticket: Ticket, now: Instant) -> Turn {
        self.buckets.forget(now);
        let pass = self.circuit.pass(now);
        if let Pass::Blocked(until) = pass {
            self.leave(ticket);
            return Turn::Blocked(until);
        }
        let mut claims = Claims::default();
        let mut ahead = 0;
        let Some(index) = self.queue.iter().position(|waiter| waiter.ticket == ticket) else {
            // Only a ticket that was used up is not there: it has nothing to wait for.
            return Turn::Wait { until: None, ahead };
        };
        let own = self.queue[index];
        for earlier in self.queue.iter().take(index) {
            if self.buckets.are_shared(earlier.access, own.access) {
                ahead += 1;
            }
            self.claim(earlier.access, &mut claims, now);
        }
        if let Some(waited) = self.worn_out(own, now) {
            self.leave(ticket);
            return Turn::GiveUp(waited);
        }
        let alone = match pass {
            Pass::Wait => Room::Unknown,
            Pass::Probe if claims.total > 0 => Room::Unknown,
            _ => Room::Now,
        };
        match alone.and(self.room(own.access, &claims, now)) {
            Room::Now => {
                let need = self.need(own.coming, &claims, now);
                if need.is_some_and(|need| self.calibration.begin(need, now)) {
                    return Turn::Ask(self.go_beside(Access::Read, now));
                }
                self.queue.remove(index);
                Turn::Go(self.go(own.access, now))
            }
            Room::At(until) => Turn::Wait {
                until: Some(until),
                ahead,
            },
            Room::Unknown => Turn::Wait { until: None, ahead },
        }
    }

    /// Whom to tell that something has changed: all who can go now, and of each kind the first that
    /// cannot, who has to know when it will. Everybody if the address is blocked.
    pub(crate) fn concerned(&mut self, now: Instant) -> Vec<Ticket> {
        self.buckets.forget(now);
        if self.blocked_until(now).is_some() {
            return self.queue.iter().map(|waiter| waiter.ticket).collect();
        }
        let mut claims = Claims::default();
        let mut concerned = Vec::new();
        for waiter in &self.queue {
            let known = claims.stuck.len();
            if self.claim(waiter.access, &mut claims, now) || claims.stuck.len() > known {
                concerned.push(waiter.ticket);
            }
        }
        concerned
    }

    /// A request that was let go has ended, in anything but a refusal.
    pub(crate) fn ended(&mut self, sent: Sent, outcome: Outcome, now: Instant) {
        match outcome {
            Outcome::Answered => self.circuit.answered(sent.number),
            Outcome::Lost => self.circuit.lost(sent.number),
            Outcome::NotSent => {
                self.circuit.lost(sent.number);
                self.sent = self.sent.saturating_sub(1);
            }
        }
        self.buckets.each(sent.access, |_, bucket| match outcome {
            Outcome::Answered => bucket.answered(sent.number, now),
            Outcome::Lost => bucket.lost(sent.number, now),
            Outcome::NotSent => bucket.not_sent(sent.number),
        });
    }

    /// Nobody wants its answer any more: others need not wait for what it finds out. It still holds
    /// its place.
    pub(crate) fn abandoned(&mut self, sent: Sent) {
        self.circuit.lost(sent.number);
        self.buckets
            .each(sent.access, |_, bucket| bucket.forget_probe(sent.number));
    }

    /// How long an answer is waited for that others depend on.
    pub(crate) fn lapse(&self) -> Duration {
        self.window / LAPSE
    }

    /// The server refused it for its quota (429). Whichever of its buckets is fullest stops.
    /// Returns the pause, or `None` if it has stopped already. `chance` is a random number in 0..1.
    pub(crate) fn refused(
        &mut self,
        sent: Sent,
        retry_after: Option<Duration>,
        chance: f64,
        now: Instant,
    ) -> Option<Duration> {
        self.buckets.forget(now);
        self.circuit.refused(now);
        self.circuit.answered(sent.number);
        let blamed = self.buckets.fullest(sent.access, now);
        let last = self.numbers;
        // As long as the model is not known, any of its buckets may be the full one.
        let unknown = self.buckets.model().is_none();
        let mut pause = None;
        self.buckets.each(sent.access, |name, bucket| {
            if name == blamed {
                pause = bucket.refused(sent.number, last, now, retry_after, chance);
            } else {
                bucket.not_counted(sent.number, unknown, now);
            }
        });
        pause
    }

    /// The server has blocked this address (403 for everything). Returns until when.
    pub(crate) fn blocked(
        &mut self,
        sent: Option<Sent>,
        retry_after: Option<Duration>,
        now: Instant,
    ) -> Instant {
        if let Some(sent) = sent {
            self.buckets
                .each(sent.access, |_, bucket| bucket.lost(sent.number, now));
        }
        self.circuit.blocked(now, self.window, retry_after)
    }

    /// Until when this address is blocked, if it is.
    pub(crate) fn blocked_until(&self, now: Instant) -> Option<Instant> {
        match self.circuit.pass(now) {
            Pass::Blocked(until) => Some(until),
            _ => None,
        }
    }

    /// Whether a 403 that comes now may be a block and no plain «forbidden»; `odd`: it does not
    /// look like one of the API's own.
    pub(crate) fn suspects_block(&self, odd: bool, now: Instant) -> bool {
        self.circuit.suspects(odd, now, self.window)
    }

    /// A 403 was looked into, and is no block.
    pub(crate) fn not_blocked(&mut self, now: Instant) {
        self.circuit.cleared(now);
    }

    /// A calibration has ended, asked for by [`Turn::Ask`] or by a caller. The place
    /// of the request itself is given back by [`Quota::ended`], as always.
    pub(crate) fn calibrated(&mut self, report: Report<'_>, now: Instant) {
        let status = match report {
            Report::Told(status) => status,
            Report::Declined => return self.calibration.declined(now),
            Report::Failed => return self.calibration.failed(now),
            Report::NotAsked => return self.calibration.not_asked(),
        };
        let expected = self.buckets.others_reading(now);
        let asked = status.asked.or_else(|| self.calibration.began());
        self.buckets.told(status, asked, now);
        (self.window, self.cutoff) = (status.window, status.cutoff);
        let found = self.buckets.others_reading(now);
        let drift = found.abs_diff(expected) > status.limits(status.account.limit).allowed() / 10;
        self.calibration.told_at(now, drift);
    }

    /// The window, as far as it is known.
    pub(crate) fn window(&self) -> Duration {
        self.window
    }

    /// Lets a request go that does not wait in the queue, such as a calibration.
    pub(crate) fn go_beside(&mut self, access: Access, now: Instant) -> Sent {
        self.numbers += 1;
        self.sent += 1;
        self.buckets.go(access, self.numbers, now);
        Sent {
            number: self.numbers,
            access,
        }
    }

    fn go(&mut self, access: Access, now: Instant) -> Sent {
        self.calibration.count();
        let sent = self.go_beside(access, now);
        self.circuit.go(sent.number, self.window, now);
        sent
    }

    /// What decides whether a calibration goes first, where it would have a place of its own.
    fn need(&self, coming: u64, claims: &Claims<'_>, now: Instant) -> Option<Need> {
        let reading = || self.buckets.deciding(Access::Read);
        if self.circuit.pass(now) != Pass::Free
            || reading().any(|(_, bucket)| bucket.is_stopped())
            || self.room(Access::Read, claims, now) != Room::Now
        {
            return None;
        }
        Some(Need {
            sent: self.sent,
            queued: self.queue.len() as u64,
            coming,
            pressure: reading()
                .chain(self.buckets.deciding(Access::Write(&[])))
                .map(|(_, bucket)| bucket.pressure(now))
                .fold(0.0, f64::max),
            settling: reading().any(|(_, bucket)| bucket.settles(now)),
            window: self.window,
        })
    }

    fn room(&self, access: Access, claims: &Claims<'_>, now: Instant) -> Room {
        if self.calibration.shuts(claims.total, self.window, now) {
            return Room::Unknown;
        }
        self.buckets
            .deciding(access)
            .map(|(name, bucket)| bucket.room(claims.of(name), now))
            .fold(Room::Now, Room::and)
    }

    /// Notes what someone earlier in the queue is going to take: a place in each bucket if it can
    /// go, else one in those that hold it up, as they hold up all after it of its kind. Says
    /// whether it can go.
    fn claim<'a>(&'a self, access: Access, claims: &mut Claims<'a>, now: Instant) -> bool {
        if let Some(stuck) = claims.stuck.iter().find(|(kind, _)| *kind == access) {
            for name in stuck.1.clone() {
                claims.add(name);
            }
            return false;
        }
        let goes = self.room(access, claims, now) == Room::Now;
        let taken: Vec<&str> = self
            .buckets
            .deciding(access)
            .filter(|(name, bucket)| goes || bucket.room(claims.of(name), now) != Room::Now)
            .map(|(name, _)| name)
            .collect();
        for name in &taken {
            claims.add(name);
        }
        if goes {
            claims.total += 1;
        } else {
            claims.stuck.push((access, taken));
        }
        goes
    }

    /// How long this one has waited before a bucket that refuses everything, if that is too long.
    fn worn_out(&self, waiter: Waiter, now: Instant) -> Option<Duration> {
        let patience = self.window * PATIENCE;
        self.buckets
            .deciding(waiter.access)
            .filter_map(|(_, bucket)| bucket.refused_since(now))
            .map(|since| now.saturating_duration_since(since.max(waiter.since)))
            .find(|waited| *waited >= patience)
    }
}

#[cfg(test)]
mod fleet;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
