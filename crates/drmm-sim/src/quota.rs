//! The account's quota as the server keeps it: requests in sliding windows, and who is blocked.
//!
//! In the *legacy* model all requests share one bucket. In the *modern* one reads have a bucket, and
//! a write counts in two: that of all writes and that of its operation (a write that is no known
//! operation has only the first). Both are the same buckets here, so the model may change while the
//! server runs; what is in the windows then stays there.
//!
//! What the service does not say is decided here: a request is refused when one of its buckets is
//! full and then counted in none of them (else a client that waits for room would never see any),
//! and delayed when one of them is past the cut-off; a token request is not counted; `request_rate`
//! counts like any read.
//!
//! An address that has had 429 for more than a tenth of the account's limit within one window, in
//! whichever buckets, is blocked from its next request on, for five windows, and asking meanwhile
//! does not make it longer. A block is told apart from a plain 403 by three things: it answers every
//! path, the token endpoint too, and its body is a page of HTML instead of the API's error shape.
//!
//! Pure: the clock is a parameter, a [`Duration`] since the server started.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::IpAddr,
    time::Duration,
};

use crate::{
    config::{QuotaModel, Settings},
    operation::Operation,
};

/// A block lasts this many windows.
const BLOCK_WINDOWS: u32 = 5;
/// An address may have 429 for this part of the limit within a window.
const BLOCK_SHARE: u32 = 10;
/// The added delay is this part of the window: a second of 60.
const DELAY_SHARE: u32 = 60;

/// What kind of request it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Access {
    Read,
    Write(Option<Operation>),
}

/// What becomes of a request.
#[derive(Debug, PartialEq)]
pub(crate) enum Verdict {
    /// It is counted, and its response is held back this long.
    Go(Duration),
    /// 429.
    TooMany {
        /// There is room again after this long.
        room_in: Duration,
        /// Whether this was the one too many, and the address is blocked now.
        blocks: bool,
    },
}

/// What `request_rate` reports.
#[derive(Debug, PartialEq)]
pub(crate) struct Usage {
    /// Of the account: all requests in the legacy model, reads in the modern one.
    pub(crate) requests: usize,
    pub(crate) writes: usize,
    /// Of each operation: its limit and what is in the window. Empty in the legacy model.
    pub(crate) operations: BTreeMap<Operation, (u32, usize)>,
}

/// What is counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Bucket {
    Account,
    Writes,
    Operation(Operation),
}

impl Bucket {
    /// Where a request is counted.
    fn of(model: QuotaModel, access: Access) -> Vec<Self> {
        match (model, access) {
            (_, Access::Read) => vec![Self::Account],
            (QuotaModel::Legacy, Access::Write(_)) => vec![Self::Account, Self::Writes],
            (QuotaModel::Modern, Access::Write(None)) => vec![Self::Writes],
            (QuotaModel::Modern, Access::Write(Some(operation))) => {
                vec![Self::Writes, Self::Operation(operation)]
            }
        }
    }

    /// Requests in one window. In the legacy model writes may use up all of the one bucket.
    fn limit(self, settings: &Settings) -> u32 {
        match (settings.quota_model, self) {
            (_, Self::Account) | (QuotaModel::Legacy, _) => settings.limit,
            (QuotaModel::Modern, Self::Writes) => settings.write_limit,
            (QuotaModel::Modern, Self::Operation(operation)) => settings
                .operation_limits
                .get(&operation)
                .copied()
                .unwrap_or(settings.write_limit),
        }
    }
}

/// The moments at which something happened within the last window, oldest first.
#[derive(Default)]
struct Moments(VecDeque<Duration>);

impl Moments {
    fn forget_before(&mut self, now: Duration, window: Duration) {
        while self
            .0
            .front()
            .is_some_and(|&then| now.saturating_sub(then) >= window)
        {
            self.0.pop_front();
        }
    }

    /// How long until there is room for one more; `None` if there is.
    fn room_in(&self, now: Duration, window: Duration, limit: u32) -> Option<Duration> {
        // The one that has to leave the window first, together with all that are older.
        let leaving = self.0.len().checked_sub(limit as usize)?;
        let at = self.0.get(leaving).copied().unwrap_or(now);
        Some((at + window).saturating_sub(now))
    }

    fn is_past(&self, share: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "no window holds 2^52 requests")]
        let count = self.0.len() as f64;
        count > share
    }
}

#[derive(Default)]
struct Address {
    refusals: Moments,
    blocked_until: Option<Duration>,
}

/// The quota of one account.
#[derive(Default)]
pub(crate) struct Quota {
    buckets: HashMap<Bucket, Moments>,
    addresses: HashMap<IpAddr, Address>,
}

impl Quota {
    /// Counts a request, or refuses it.
    pub(crate) fn admit(
        &mut self,
        now: Duration,
        settings: &Settings,
        address: IpAddr,
        access: Access,
    ) -> Verdict {
        self.forget(now, settings.window);
        let buckets = Bucket::of(settings.quota_model, access);
        let room_in = buckets
            .iter()
            .filter_map(|bucket| {
                let limit = bucket.limit(settings);
                self.buckets
                    .get(bucket)?
                    .room_in(now, settings.window, limit)
            })
            .max();
        if let Some(room_in) = room_in {
            let blocks = self.refuse(now, settings, address);
            return Verdict::TooMany { room_in, blocks };
        }
        let mut delayed = false;
        for bucket in buckets {
            let moments = self.buckets.entry(bucket).or_default();
            moments.0.push_back(now);
            delayed |= moments.is_past(f64::from(bucket.limit(settings)) * settings.cutoff);
        }
        Verdict::Go(if delayed {
            settings.window / DELAY_SHARE
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

    /// Blocks an address that has done nothing for it.
    pub(crate) fn block(&mut self, now: Duration, window: Duration, address: IpAddr) {
        let known = self.addresses.entry(address).or_default();
        known.blocked_until = Some(now + window * BLOCK_WINDOWS);
        known.refusals.0.clear();
    }

    /// What is in the windows now.
    pub(crate) fn usage(&mut self, now: Duration, settings: &Settings) -> Usage {
        self.forget(now, settings.window);
        let count = |bucket| self.buckets.get(&bucket).map_or(0, |known| known.0.len());
        let operations = match settings.quota_model {
            QuotaModel::Legacy => BTreeMap::new(),
            QuotaModel::Modern => settings
                .operation_limits
                .iter()
                .map(|(&operation, &limit)| {
                    (operation, (limit, count(Bucket::Operation(operation))))
                })
                .collect(),
        };
        Usage {
            requests: count(Bucket::Account),
            writes: count(Bucket::Writes),
            operations,
        }
    }

    fn forget(&mut self, now: Duration, window: Duration) {
        for moments in self.buckets.values_mut() {
            moments.forget_before(now, window);
        }
    }

    /// Notes a refusal; says whether it opened a block.
    fn refuse(&mut self, now: Duration, settings: &Settings, address: IpAddr) -> bool {
        self.addresses.retain(|_, known| {
            known.refusals.forget_before(now, settings.window);
            !known.refusals.0.is_empty() || known.blocked_until.is_some_and(|until| now < until)
        });
        let known = self.addresses.entry(address).or_default();
        known.refusals.0.push_back(now);
        let blocks = known.refusals.0.len() > (settings.limit / BLOCK_SHARE) as usize;
        if blocks {
            self.block(now, settings.window, address);
        }
        blocks
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const RESOLVE: Access = Access::Write(Some(Operation::AlertResolve));
    const SET_UDF: Access = Access::Write(Some(Operation::DeviceUdfSet));

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn legacy() -> Settings {
        Settings {
            window: at(60),
            limit: 100,
            cutoff: 0.9,
            ..Settings::default()
        }
    }

    fn modern() -> Settings {
        Settings {
            quota_model: QuotaModel::Modern,
            write_limit: 50,
            operation_limits: BTreeMap::from([
                (Operation::AlertResolve, 20),
                (Operation::DeviceUdfSet, 40),
            ]),
            ..legacy()
        }
    }

    fn read(quota: &mut Quota, now: Duration) -> Verdict {
        quota.admit(now, &legacy(), HERE, Access::Read)
    }

    fn refused(room_in: Duration) -> Verdict {
        Verdict::TooMany {
            room_in,
            blocks: false,
        }
    }

    fn full(now: Duration) -> Quota {
        let mut quota = Quota::default();
        for _ in 0..legacy().limit {
            assert!(matches!(read(&mut quota, now), Verdict::Go(_)));
        }
        quota
    }

    /// Sends so many that are all let through.
    fn go(quota: &mut Quota, now: Duration, access: Access, times: usize) {
        for _ in 0..times {
            let verdict = quota.admit(now, &modern(), HERE, access);
            assert!(matches!(verdict, Verdict::Go(_)), "{access:?}");
        }
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
        assert_eq!(read(&mut quota, at(25)), refused(at(40)));
        assert_eq!(read(&mut quota, at(64)), refused(at(1)));
        assert!(matches!(read(&mut quota, at(65)), Verdict::Go(_)));
    }

    #[test]
    fn the_window_slides() {
        let mut quota = Quota::default();
        for second in 0..100 {
            // A request a second never has more than sixty in the window.
            assert_eq!(read(&mut quota, at(second)), Verdict::Go(at(0)));
        }
        assert_eq!(quota.usage(at(99), &legacy()).requests, 60);
    }

    #[test]
    fn refused_requests_are_not_counted() {
        let mut quota = full(at(0));
        for _ in 0..5 {
            read(&mut quota, at(1));
        }
        assert_eq!(quota.usage(at(1), &legacy()).requests, 100);
    }

    #[test]
    fn legacy_writes_count_in_the_one_bucket_and_are_reported() {
        let mut quota = Quota::default();
        quota.admit(at(0), &legacy(), HERE, RESOLVE);
        quota.admit(at(0), &legacy(), HERE, Access::Read);
        for (now, requests, writes) in [(0, 2, 1), (60, 0, 0)] {
            let usage = Usage {
                requests,
                writes,
                operations: BTreeMap::new(),
            };
            assert_eq!(quota.usage(at(now), &legacy()), usage);
        }
    }

    #[test]
    fn legacy_writes_may_use_up_the_one_bucket() {
        let mut quota = Quota::default();
        for _ in 0..100 {
            let verdict = quota.admit(at(0), &legacy(), HERE, RESOLVE);
            assert!(matches!(verdict, Verdict::Go(_)));
        }
        assert_eq!(read(&mut quota, at(0)), refused(at(60)));
    }

    #[test]
    fn modern_reads_and_writes_do_not_share_a_bucket() {
        let mut quota = Quota::default();
        go(&mut quota, at(0), Access::Read, 100);
        go(&mut quota, at(0), Access::Write(None), 50);
        let usage = quota.usage(at(0), &modern());
        assert_eq!((usage.requests, usage.writes), (100, 50));
        for access in [Access::Read, Access::Write(None)] {
            assert_eq!(
                quota.admit(at(1), &modern(), HERE, access),
                refused(at(59)),
                "{access:?}"
            );
        }
    }

    #[test]
    fn a_modern_write_counts_for_all_writes_and_for_its_operation() {
        let mut quota = Quota::default();
        go(&mut quota, at(0), RESOLVE, 3);
        go(&mut quota, at(0), SET_UDF, 2);
        go(&mut quota, at(0), Access::Write(None), 1);
        let usage = Usage {
            requests: 0,
            writes: 6,
            operations: BTreeMap::from([
                (Operation::AlertResolve, (20, 3)),
                (Operation::DeviceUdfSet, (40, 2)),
            ]),
        };
        assert_eq!(quota.usage(at(0), &modern()), usage);
    }

    #[test]
    fn a_modern_write_needs_room_in_both_of_its_buckets() {
        let mut quota = Quota::default();
        go(&mut quota, at(0), RESOLVE, 20);
        let admit = |quota: &mut Quota, now, access| quota.admit(at(now), &modern(), HERE, access);
        assert_eq!(admit(&mut quota, 10, RESOLVE), refused(at(50)));
        // The other operations still have room, until there have been 50 writes.
        go(&mut quota, at(10), SET_UDF, 30);
        assert_eq!(admit(&mut quota, 10, SET_UDF), refused(at(50)));
        // Both of its buckets are full: it waits for the later one.
        go(&mut quota, at(60), Access::Write(None), 20);
        go(&mut quota, at(70), RESOLVE, 20);
        go(&mut quota, at(70), SET_UDF, 10);
        assert_eq!(admit(&mut quota, 80, RESOLVE), refused(at(50)));
        assert_eq!(admit(&mut quota, 80, SET_UDF), refused(at(40)));
        // What was refused is counted nowhere.
        let usage = quota.usage(at(80), &modern());
        assert_eq!(usage.writes, 50);
        assert_eq!(usage.operations[&Operation::AlertResolve], (20, 20));
    }

    #[test]
    fn a_modern_response_is_delayed_when_any_of_its_buckets_is_past_the_cut_off() {
        let mut quota = Quota::default();
        let delays: Vec<_> = (0..20)
            .map(|_| quota.admit(at(0), &modern(), HERE, RESOLVE))
            .collect();
        assert!(
            delays[..18]
                .iter()
                .all(|verdict| *verdict == Verdict::Go(at(0)))
        );
        assert_eq!(delays[18..], [Verdict::Go(at(1)), Verdict::Go(at(1))]);
        // 20 of 50 writes, none of its own operation.
        assert_eq!(
            quota.admit(at(0), &modern(), HERE, SET_UDF),
            Verdict::Go(at(0))
        );
        go(&mut quota, at(0), SET_UDF, 24);
        assert_eq!(
            quota.admit(at(0), &modern(), HERE, SET_UDF),
            Verdict::Go(at(1))
        );
    }

    #[test]
    fn refusals_of_all_buckets_add_up_to_a_block() {
        let mut quota = Quota::default();
        go(&mut quota, at(0), Access::Read, 100);
        go(&mut quota, at(0), RESOLVE, 20);
        for number in 1..=11 {
            let access = if number % 2 == 0 {
                Access::Read
            } else {
                RESOLVE
            };
            let expected = Verdict::TooMany {
                room_in: at(60),
                blocks: number == 11,
            };
            assert_eq!(quota.admit(at(0), &modern(), HERE, access), expected);
        }
        assert_eq!(quota.blocked_until(at(0), HERE), Some(at(300)));
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
                    let verdict = quota.admit(at(60 * round), &legacy(), address, Access::Read);
                    assert!(matches!(verdict, Verdict::TooMany { .. }));
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
        let low = Settings {
            limit: 4,
            ..legacy()
        };
        // Ten are in the window; seven must leave it, the last of them came at second 6.
        let Verdict::TooMany { room_in, .. } = quota.admit(at(10), &low, HERE, Access::Read) else {
            panic!("the window is full");
        };
        assert_eq!(room_in, at(56));
        assert!(matches!(
            quota.admit(at(66), &low, HERE, Access::Read),
            Verdict::Go(_)
        ));
    }
}
