//! One process of a fleet. What it is told comes as arguments, the account as the environment that
//! component scripts know it by; what it did goes out as one line of JSON.

use std::{
    env, io,
    io::Write,
    sync::Mutex,
    sync::PoisonError,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::client::{Client, Kind, Target};

/// Plays one process.
#[derive(Args)]
pub(crate) struct Role {
    /// The client it uses
    #[arg(long)]
    pub(crate) client: Kind,
    /// What it does
    #[arg(long)]
    pub(crate) work: Work,
    /// The address it says it has
    #[arg(long)]
    pub(crate) address: String,
    /// Which device it runs on, by its position in the account
    #[arg(long)]
    pub(crate) device: u32,
    /// Threads that read side by side
    #[arg(long, default_value_t = 1)]
    pub(crate) threads: u32,
    /// For `reads`: how many requests all threads send together
    #[arg(long, default_value_t = 0)]
    pub(crate) requests: u64,
    /// For `pressure`: how long, in milliseconds
    #[arg(long, default_value_t = 0)]
    pub(crate) time_ms: u64,
    /// The quota's window, in milliseconds
    #[arg(long)]
    pub(crate) window_ms: u64,
    /// How long the fixed-wait client sleeps after a 429, in milliseconds
    #[arg(long, default_value_t = 0)]
    pub(crate) wait_ms: u64,
    /// How long it sleeps after a 403, in milliseconds
    #[arg(long, default_value_t = 0)]
    pub(crate) block_wait_ms: u64,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Work {
    /// Ten reads and two writes, one after the other, as a component script does.
    Script,
    /// So many reads.
    Reads,
    /// Reads without a pause, for so long; what is under way then is left.
    Pressure,
}

/// What a process did.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Outcome {
    pub(crate) answered: u64,
    pub(crate) failed: u64,
    pub(crate) first_failure: Option<String>,
}

impl Role {
    /// Does the work and prints what came of it.
    pub(crate) fn play(&self) -> Result<(), String> {
        let variable = |name| env::var(name).map_err(|error| format!("{name}: {error}"));
        let target = Target {
            url: variable("DRMM_API_URL")?,
            key: variable("DRMM_API_KEY")?,
            secret: variable("DRMM_API_SECRET")?,
            address: self.address.clone(),
            window: Duration::from_millis(self.window_ms),
        };
        let client = self.client.connect(
            target,
            Duration::from_millis(self.wait_ms),
            Duration::from_millis(self.block_wait_ms),
        )?;
        let tally = Tally::default();
        match self.work {
            Work::Script => script(&*client, self.device, &tally),
            Work::Reads => self.side_by_side(&*client, &tally),
            Work::Pressure => {
                // Leaked, as the threads outlast this function: the process ends under them.
                let (client, tally) = (Box::leak(client), Box::leak(Box::new(tally)));
                for _ in 0..self.threads {
                    thread::spawn(|| {
                        loop {
                            tally.count(client.read("v2/account"));
                        }
                    });
                }
                let until = Instant::now() + Duration::from_millis(self.time_ms);
                thread::sleep(until.saturating_duration_since(Instant::now()));
                return print(&tally.outcome());
            }
        }
        print(&tally.outcome())
    }

    fn side_by_side(&self, client: &dyn Client, tally: &Tally) {
        let taken = AtomicU64::new(0);
        thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    while taken.fetch_add(1, Ordering::Relaxed) < self.requests {
                        tally.count(client.read("v2/account"));
                    }
                });
            }
        });
    }
}

/// What a script on a managed device may do: find itself, look around, leave a note.
fn script(client: &dyn Client, device: u32, tally: &Tally) {
    let me = tally.count(client.read(&format!("v2/device/macAddress/0C9D92{device:06X}")));
    let field = |name: &str| {
        let value = me.as_ref().map(|me| &me[name]);
        value
            .and_then(Value::as_str)
            .unwrap_or("unknown")
            .to_owned()
    };
    let (uid, site) = (field("uid"), field("siteUid"));
    let around = [
        format!("v2/device/{uid}"),
        format!("v2/site/{site}"),
        format!("v2/device/{uid}/alerts/open"),
        "v2/account/variables".to_owned(),
    ];
    for path in &around {
        tally.count(client.read(path));
    }
    let note = json!({ "udf30": format!("seen by {device}") });
    tally.count(client.write(&format!("v2/device/{uid}/udf"), &note));
    tally.count(client.read(&format!("v2/device/{uid}")));
    for path in &around {
        tally.count(client.read(path));
    }
    let warranty = json!({ "warrantyDate": "2031-12-31" });
    tally.count(client.write(&format!("v2/device/{uid}/warranty"), &warranty));
}

#[derive(Default)]
struct Tally(Mutex<Outcome>);

impl Tally {
    fn count<T>(&self, result: Result<T, String>) -> Option<T> {
        let mut outcome = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(value) => {
                outcome.answered += 1;
                Some(value)
            }
            Err(error) => {
                outcome.failed += 1;
                outcome.first_failure.get_or_insert(error);
                None
            }
        }
    }

    fn outcome(&self) -> Outcome {
        let outcome = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Outcome {
            first_failure: outcome.first_failure.clone(),
            ..*outcome
        }
    }
}

fn print(outcome: &Outcome) -> Result<(), String> {
    let line = serde_json::to_string(outcome).map_err(|error| error.to_string())?;
    writeln!(io::stdout(), "{line}").map_err(|error| error.to_string())
}
