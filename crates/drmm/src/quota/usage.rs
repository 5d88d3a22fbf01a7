//! Where the quota stands, for people.

use std::time::{Duration, Instant};

use super::{Model, Quota};
use crate::operation::Access;

/// The state of the quota, for people.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Usage {
    pub(crate) model: Option<Model>,
    pub(crate) window: Duration,
    pub(crate) cutoff: f64,
    pub(crate) sent: u64,
    pub(crate) calibrations: u64,
    /// When the server last told what it has counted.
    pub(crate) calibrated: Option<Instant>,
    pub(crate) blocked_until: Option<Instant>,
    pub(crate) buckets: Vec<BucketUsage>,
}

/// The state of one bucket, for people.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BucketUsage {
    /// `account`, `read`, `write`, or an operation as the server calls it.
    pub(crate) name: String,
    pub(crate) limit: u32,
    pub(crate) allowed: u32,
    pub(crate) own: u32,
    pub(crate) others: u32,
    /// What is left to this process.
    pub(crate) remaining: u32,
    pub(crate) waiting: usize,
    pub(crate) stopped_until: Option<Instant>,
}

impl Quota {
    /// Where the quota stands.
    pub(crate) fn usage(&mut self, now: Instant) -> Usage {
        self.buckets.forget(now);
        let buckets = self
            .buckets
            .reported()
            .map(|(name, bucket)| BucketUsage {
                name: name.to_owned(),
                limit: bucket.limits.limit,
                allowed: bucket.limits.allowed(),
                own: bucket.used(),
                others: bucket.others_seen(now),
                remaining: bucket.remaining(now),
                waiting: self.waiting(name),
                stopped_until: bucket.stopped_until(now),
            })
            .collect();
        Usage {
            model: self.buckets.model(),
            window: self.window,
            cutoff: self.cutoff,
            sent: self.sent,
            calibrations: self.calibration.asked(),
            calibrated: self.calibration.told(),
            blocked_until: self.blocked_until(now),
            buckets,
        }
    }

    /// Use and allowance of the bucket that holds this request up first.
    pub(crate) fn tightest(&mut self, access: Access, now: Instant) -> (u32, u32) {
        self.buckets.forget(now);
        let name = self.buckets.fullest(access, now);
        self.buckets
            .deciding(access)
            .find(|(found, _)| *found == name)
            .map_or((0, 0), |(_, bucket)| {
                let used = bucket.used().saturating_add(bucket.others_seen(now));
                (used, bucket.limits.allowed())
            })
    }

    fn waiting(&self, name: &str) -> usize {
        self.queue
            .iter()
            .filter(|waiter| {
                self.buckets
                    .deciding(waiter.access)
                    .any(|(found, _)| found == name)
            })
            .count()
    }
}
