//! What `GET /v2/system/request_rate` reports, and which model it tells of.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::Value;

use super::limits::Limits;

/// How an account's requests are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    /// All in one bucket.
    Legacy,
    /// Reads in one, writes in another, and each write in that of its operation as well.
    Modern,
}

impl Model {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Modern => "modern",
        }
    }
}

/// A limit and everyone's requests in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) limit: u32,
    pub(crate) count: u32,
}

/// What the server has counted, the report's own request included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RateStatus {
    pub(crate) window: Duration,
    pub(crate) cutoff: f64,
    /// Everything in the legacy model, the reads in the modern one.
    pub(crate) account: Count,
    /// The writes, in the modern model.
    pub(crate) write: Option<Count>,
    /// The write operations by name; none in the legacy model.
    pub(crate) operations: BTreeMap<String, Count>,
    /// When it was asked for, if that is not when the last calibration began.
    pub(crate) asked: Option<Instant>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    sliding_time_window_size_seconds: f64,
    account_count: u32,
    account_rate_limit: u32,
    account_cut_off_ratio: f64,
    account_write_count: Option<u32>,
    account_write_rate_limit: Option<u32>,
    /// Empty or absent in the legacy model.
    operation_write_status: Option<BTreeMap<String, Value>>,
}

impl Count {
    /// One operation's; `None` if it has no limit.
    fn of(operation: &Value) -> Option<Self> {
        let number = |name| u32::try_from(operation.get(name)?.as_u64()?).ok();
        Some(Self {
            limit: number("limit").filter(|limit| *limit > 0)?,
            count: number("count").unwrap_or(0),
        })
    }
}

impl RateStatus {
    /// A limit of this account.
    pub(crate) fn limits(&self, limit: u32) -> Limits {
        Limits {
            limit,
            window: self.window,
            cutoff: self.cutoff,
        }
    }

    /// Reads the answer; `None` if its numbers make no sense: then what was known holds.
    pub(crate) fn from_json(body: &[u8]) -> Option<Self> {
        let answer: Answer = serde_json::from_slice(body).ok()?;
        let sane = (0.001..=86_400.0).contains(&answer.sliding_time_window_size_seconds)
            && answer.account_rate_limit > 0
            && answer.account_cut_off_ratio > 0.0
            && answer.account_cut_off_ratio <= 1.0;
        if !sane {
            return None;
        }
        let write = answer
            .account_write_rate_limit
            .filter(|limit| *limit > 0)
            .map(|limit| Count {
                limit,
                count: answer.account_write_count.unwrap_or(0),
            });
        let operations = answer
            .operation_write_status
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(name, operation)| Some((name, Count::of(&operation)?)))
            .collect();
        Some(Self {
            window: Duration::from_secs_f64(answer.sliding_time_window_size_seconds),
            cutoff: answer.account_cut_off_ratio,
            account: Count {
                limit: answer.account_rate_limit,
                count: answer.account_count,
            },
            write,
            operations,
            asked: None,
        })
    }

    /// Only accounts of the modern model have buckets for their operations.
    pub(crate) fn model(&self) -> Model {
        if self.operations.is_empty() {
            Model::Legacy
        } else {
            Model::Modern
        }
    }
}
