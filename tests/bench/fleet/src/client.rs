//! What a process needs of a client: one request after the other, each carried to its end.

use std::time::Duration;

use clap::ValueEnum;
use serde_json::Value;

use crate::{fixed_wait::FixedWait, library::Library};

/// Where the API is, and as whom it is asked.
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) secret: String,
    /// What the process says its address is.
    pub(crate) address: String,
    /// The quota's window, which is not the live service's.
    pub(crate) window: Duration,
}

/// Sends one request and whatever it takes until there is an answer.
pub(crate) trait Client: Send + Sync {
    /// The JSON of a read; of a list, its first item.
    fn read(&self, path: &str) -> Result<Value, String>;
    /// A write with a JSON body.
    fn write(&self, path: &str, body: &Value) -> Result<(), String>;
}

/// Which client a process uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The project's own.
    Drmm,
    /// The yardstick: waits a fixed time after a 429.
    FixedWait,
}

impl Kind {
    /// `wait` and `after_block` are the yardstick's.
    pub(crate) fn connect(
        self,
        target: Target,
        wait: Duration,
        after_block: Duration,
    ) -> Result<Box<dyn Client>, String> {
        Ok(match self {
            Self::Drmm => Box::new(Library::connect(target)?),
            Self::FixedWait => Box::new(FixedWait::connect(target, wait, after_block)?),
        })
    }
}
