//! The buckets of an account: which of them a request counts in, and which decide about it.
//!
//! Which model the account has is learned from the first report. What was sent before is recorded in
//! the buckets of both, so nothing is forgotten then.

use std::collections::BTreeMap;
use std::time::Instant;

use super::bucket::Bucket;
use super::limits::Limits;
use super::rate::{Model, RateStatus};
use crate::operation::Access;

/// All that the server counts for an account.
#[derive(Debug)]
pub(super) struct Buckets {
    model: Option<Model>,
    /// All requests: the legacy model's only bucket.
    account: Bucket,
    read: Bucket,
    write: Bucket,
    /// By the names that the server uses, and those that it might.
    operations: BTreeMap<String, Bucket>,
}

impl Buckets {
    /// All have these limits as long as the server has not told.
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            model: None,
            account: Bucket::new(limits),
            read: Bucket::new(limits),
            write: Bucket::new(limits),
            operations: BTreeMap::new(),
        }
    }

    pub(super) fn model(&self) -> Option<Model> {
        self.model
    }

    /// The buckets that decide about a request, with their names.
    pub(super) fn deciding(&self, access: Access) -> impl Iterator<Item = (&str, &Bucket)> {
        let modern = self.model == Some(Model::Modern);
        let (first, names) = match access {
            _ if !modern => (("account", &self.account), &[][..]),
            Access::Read => (("read", &self.read), &[][..]),
            Access::Write(names) => (("write", &self.write), names),
        };
        let operations = names.iter().filter_map(|name| {
            let (name, bucket) = self.operations.get_key_value(*name)?;
            bucket.reported.then_some((name.as_str(), bucket))
        });
        std::iter::once(first).chain(operations)
    }

    /// The buckets that the server reports, with their names.
    pub(super) fn reported(&self) -> impl Iterator<Item = (&str, &Bucket)> {
        let modern = self.model == Some(Model::Modern);
        let main = if modern {
            vec![("read", &self.read), ("write", &self.write)]
        } else {
            vec![("account", &self.account)]
        };
        let operations = self.operations.iter().map(|(name, of)| (name.as_str(), of));
        main.into_iter()
            .chain(operations.filter(move |(_, bucket)| modern && bucket.reported))
    }

    /// Does something with all buckets that a request is recorded in, whether or not they decide.
    pub(super) fn each(&mut self, access: Access, mut act: impl FnMut(&str, &mut Bucket)) {
        act("account", &mut self.account);
        match access {
            Access::Read => act("read", &mut self.read),
            Access::Write(names) => {
                act("write", &mut self.write);
                for name in names {
                    if let Some(bucket) = self.operations.get_mut(*name) {
                        act(name, bucket);
                    }
                }
            }
        }
    }

    /// The request with this number goes.
    pub(super) fn go(&mut self, access: Access, number: u64, now: Instant) {
        if let Access::Write(names) = access {
            let limits = self.write.limits;
            for name in names {
                if !self.operations.contains_key(*name) {
                    self.operations
                        .insert((*name).to_owned(), Bucket::new(limits));
                }
            }
        }
        self.each(access, |_, bucket| bucket.go(number, now));
    }

    /// The server has told what it has counted; it was asked at `asked`.
    pub(super) fn told(&mut self, status: &RateStatus, asked: Option<Instant>, now: Instant) {
        let modern = status.model() == Model::Modern;
        if self.model != Some(Model::Modern) && modern {
            // Nobody knows which of them the 429 was about.
            self.read.stop_with(&self.account);
            self.write.stop_with(&self.account);
        }
        self.model = Some(status.model());
        let reading = status.limits(status.account.limit);
        for (name, bucket) in &mut self.operations {
            bucket.reported = status.operations.contains_key(name);
            bucket.limits = status.limits(bucket.limits.limit);
        }
        for (name, count) in &status.operations {
            let bucket = self.operations.entry(name.clone());
            let bucket = bucket.or_insert_with(|| Bucket::new(reading));
            bucket.reported = true;
            bucket.limits = status.limits(count.limit);
            bucket.counted(count.count, asked, 0, now);
        }
        let writing = status.write.unwrap_or(status.account);
        self.write.limits = status.limits(writing.limit);
        for bucket in [&mut self.account, &mut self.read] {
            bucket.limits = reading;
        }
        // The question was a read.
        let itself = u32::from(asked.is_some());
        if modern {
            self.read.counted(status.account.count, asked, itself, now);
            if let Some(write) = status.write {
                self.write.counted(write.count, asked, 0, now);
            }
        } else {
            self.account
                .counted(status.account.count, asked, itself, now);
        }
    }

    /// Whether two requests wait for the same.
    pub(super) fn are_shared(&self, one: Access, other: Access) -> bool {
        self.deciding(one)
            .any(|(name, _)| self.deciding(other).any(|(found, _)| found == name))
    }

    /// The one of a request's buckets that is used up most; the most special one if they are equal.
    pub(super) fn fullest(&self, access: Access, now: Instant) -> String {
        let mut found = ("", f64::NEG_INFINITY);
        for (name, bucket) in self.deciding(access) {
            let pressure = bucket.pressure(now);
            if pressure >= found.1 {
                found = (name, pressure);
            }
        }
        found.0.to_owned()
    }

    /// What others are taken to use where reads count.
    pub(super) fn others_reading(&self, now: Instant) -> u32 {
        self.deciding(Access::Read)
            .map(|(_, bucket)| bucket.others_now(now))
            .sum()
    }

    /// Forgets what has left the window.
    pub(super) fn forget(&mut self, now: Instant) {
        for bucket in [&mut self.account, &mut self.read, &mut self.write] {
            bucket.forget(now);
        }
        for bucket in self.operations.values_mut() {
            bucket.forget(now);
        }
    }
}
