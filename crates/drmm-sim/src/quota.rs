//! The account's quota as the server keeps it: requests in a sliding window, and who is blocked.
//!
//! This is the *legacy* model: one bucket for reads and writes. What the service does not say is
//! decided here: a request that gets 429 is not counted (else a client that waits for room would
//! never see any); a token request is not counted; `request_rate` counts like any read; an address
//! that has had 429 for more than a tenth of the limit within one window is blocked from its next
//! request on, for five windows, and asking meanwhile does not make it longer.
//!
//! The *modern* model (a read bucket, a write bucket and a bucket for each write operation) is a
//! matter of several [`Bucket`]s: `admit` is told what kind of request it is for that reason.
//!
//! Pure: the clock is a parameter, a [`Duration`] since the server started.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    time::Duration,
};

/// A block lasts this many windows.
const BLOCK_WINDOWS: u32 = 5;
/// An address may have 429 for this part of the limit within a window.
const BLOCK_SHARE: u32 = 10;
/// The added delay is this part of the window: a second of 60.
const DELAY_SHARE: u32 = 60;

/// The numbers that the quota goes by; they may change at any time.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) window: Duration,
    /// Requests in a window.
    pub(crate) limit: u32,
    /// Share of the limit above which responses are delayed.
    pub(crate) cutoff: f64,
}

/// What kind of request it is.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// What becomes of a request.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is counted, and its response is held back this long.
    Go(Duration),
    /// 429; there is room again after this long.
    TooMany(Duration),
}

/// What `request_rate` reports.
#[derive(Debug, PartialEq)]
pub(crate) struct Usage {
    pub(crate) requests: usize,
    pub(crate) writes: usize,
}

/// The moments at which something happened within the last window, oldest first.
#[derive(Default)]
struct Bucket(VecDeque<Duration>);

impl Bucket {
    fn forget_before(&mut self, now: Duration, window: Duration) {
        while self
            .0
            .front()
            .is_some_and(|&then| now.saturating_sub(then) >= window)
        {
            self.0.pop_front();
        }
    }
}

#[derive(Default)]
struct Address {
    refusals: Bucket,
    blocked_until: Option<Duration>,
}

/// The quota of one account.
#[derive(Default)]
pub(crate) struct Quota {
    all: Bucket,
    writes: Bucket,
    addresses: HashMap<IpAddr, Address>,
}

impl Quota {
    /// Counts a request, or refuses it.
    pub(crate) fn admit(
        &mut self,
        now: Duration,
        limits: Limits,
        address: IpAddr,
        access: Access,
    ) -> Verdict {
        self.forget(now, limits.window);
        let limit = limits.limit as usize;
        if self.all.0.len() >= limit {
            self.refuse(now, limits, address);
            // The request that has to leave the window before there is room.
            let leaving = self
                .all
                .0
                .get(self.all.0.len() - limit)
                .copied()
                .unwrap_or(now);
            return Verdict::TooMany((leaving + limits.window).saturating_sub(now));
        }
        self.all.0.push_back(now);
        if access == Access::Write {
            self.writes.0.push_back(now);
        }
        #[expect(clippy::cast_precision_loss, reason = "no window holds 2^52 requests")]
        let over = self.all.0.len() as f64 > f64::from(limits.limit) * limits.cutoff;
        Verdict::Go(if over {
            limits.window / DELAY_SHARE
        } else {
            Duration::ZERO
        })
    }

    /// Until when an address is blocked, if it is.
    pub(crate) fn blocked_until(&self, now: Duration, address: IpAddr) -> Option<Duration> {
        self.addresses
            .get(&address)?
            .blocked_until
            .filter(|&until| now < until)
    }

    /// What is in the window now.
    pub(crate) fn usage(&mut self, now: Duration, window: Duration) -> Usage {
        self.forget(now, window);
        Usage {
            requests: self.all.0.len(),
            writes: self.writes.0.len(),
        }
    }

    fn forget(&mut self, now: Duration, window: Duration) {
        self.all.forget_before(now, window);
        self.writes.forget_before(now, window);
    }

    fn refuse(&mut self, now: Duration, limits: Limits, address: IpAddr) {
        self.addresses.retain(|_, known| {
            known.refusals.forget_before(now, limits.window);
            !known.refusals.0.is_empty() || known.blocked_until.is_some_and(|until| now < until)
        });
        let known = self.addresses.entry(address).or_default();
        known.refusals.0.push_back(now);
        if known.refusals.0.len() > (limits.limit / BLOCK_SHARE) as usize {
            known.blocked_until = Some(now + limits.window * BLOCK_WINDOWS);
            known.refusals.0.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const LIMITS: Limits = Limits {
        window: Duration::from_secs(60),
        limit: 100,
        cutoff: 0.9,
    };
    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn read(quota: &mut Quota, now: Duration) -> Verdict {
        quota.admit(now, LIMITS, HERE, Access::Read)
    }

    fn full(now: Duration) -> Quota {
        let mut quota = Quota::default();
        for _ in 0..LIMITS.limit {
            assert!(matches!(read(&mut quota, now), Verdict::Go(_)));
        }
        quota
    }

    #[test]
    fn responses_are_delayed_above_the_cut_off() {
        let mut quota = Quota::default();
        for number in 1..=100 {
            let delay = if number > 90 { at(1) } else { at(0) };
            assert_eq!(
                read(&mut quota, at(0)),
                Verdict::Go(delay),
                "request {number}"
            );
        }
    }

    #[test]
    fn a_full_window_refuses_until_its_oldest_request_leaves() {
        let mut quota = full(at(5));
        assert_eq!(read(&mut quota, at(25)), Verdict::TooMany(at(40)));
        assert_eq!(read(&mut quota, at(64)), Verdict::TooMany(at(1)));
        assert!(matches!(read(&mut quota, at(65)), Verdict::Go(_)));
    }

    #[test]
    fn the_window_slides() {
        let mut quota = Quota::default();
        for second in 0..100 {
            // A request a second never has more than sixty in the window.
            assert_eq!(read(&mut quota, at(second)), Verdict::Go(at(0)));
        }
        assert_eq!(
            quota.usage(at(99), LIMITS.window),
            Usage {
                requests: 60,
                writes: 0
            }
        );
    }

    #[test]
    fn refused_requests_are_not_counted() {
        let mut quota = full(at(0));
        for _ in 0..5 {
            read(&mut quota, at(1));
        }
        assert_eq!(quota.usage(at(1), LIMITS.window).requests, 100);
    }

    #[test]
    fn writes_count_in_the_one_bucket_and_are_reported() {
        let mut quota = Quota::default();
        quota.admit(at(0), LIMITS, HERE, Access::Write);
        quota.admit(at(0), LIMITS, HERE, Access::Read);
        assert_eq!(
            quota.usage(at(0), LIMITS.window),
            Usage {
                requests: 2,
                writes: 1
            }
        );
        assert_eq!(
            quota.usage(at(60), LIMITS.window),
            Usage {
                requests: 0,
                writes: 0
            }
        );
    }

    #[test]
    fn more_than_a_tenth_of_refusals_blocks_for_five_windows() {
        let mut quota = full(at(0));
        for _ in 0..10 {
            read(&mut quota, at(1));
            assert_eq!(quota.blocked_until(at(1), HERE), None);
        }
        read(&mut quota, at(1));
        assert_eq!(quota.blocked_until(at(1), HERE), Some(at(301)));
        assert_eq!(quota.blocked_until(at(300), HERE), Some(at(301)));
        assert_eq!(quota.blocked_until(at(301), HERE), None);
        assert_eq!(quota.blocked_until(at(1), THERE), None);
    }

    #[test]
    fn refusals_of_different_windows_or_addresses_do_not_add_up() {
        let mut quota = Quota::default();
        for round in 0..4 {
            for _ in 0..100 {
                read(&mut quota, at(60 * round));
            }
            for address in [HERE, THERE] {
                for _ in 0..10 {
                    let verdict = quota.admit(at(60 * round), LIMITS, address, Access::Read);
                    assert!(matches!(verdict, Verdict::TooMany(_)));
                }
                assert_eq!(quota.blocked_until(at(60 * round), address), None);
            }
        }
    }

    #[test]
    fn a_lowered_limit_refuses_until_enough_have_left() {
        let mut quota = Quota::default();
        for second in 0..10 {
            read(&mut quota, at(second));
        }
        let low = Limits { limit: 4, ..LIMITS };
        // Ten are in the window; seven must leave it, the last of them came at second 6.
        assert_eq!(
            quota.admit(at(10), low, HERE, Access::Read),
            Verdict::TooMany(at(56))
        );
        assert!(matches!(
            quota.admit(at(66), low, HERE, Access::Read),
            Verdict::Go(_)
        ));
    }
}
