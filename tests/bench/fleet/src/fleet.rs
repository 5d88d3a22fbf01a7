//! Processes that are started together and waited for.

use std::{
    env, io,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use clap::ValueEnum;
use drmm_sim::Server;

use crate::{
    client::Kind,
    process::{Outcome, Work},
};

/// What all processes of a fleet have in common.
#[derive(Clone, Copy)]
pub(crate) struct Fleet {
    pub(crate) processes: u32,
    pub(crate) one_address: bool,
    /// All are started within this time, evenly spread.
    pub(crate) spread: Duration,
    pub(crate) client: Kind,
    pub(crate) work: Work,
    pub(crate) threads: u32,
    pub(crate) requests: u64,
    pub(crate) time: Duration,
    pub(crate) window: Duration,
    pub(crate) wait: Duration,
    pub(crate) block_wait: Duration,
    /// Who has not ended by then is killed.
    pub(crate) patience: Duration,
}

/// What became of a fleet.
pub(crate) struct Ending {
    /// How many processes did all their work.
    pub(crate) finished: u32,
    pub(crate) answered: u64,
    pub(crate) failed: u64,
    pub(crate) first_failure: Option<String>,
    /// From the first start to the last end.
    pub(crate) time: Duration,
    /// From the first start to the last start.
    pub(crate) started_within: Duration,
}

impl Fleet {
    /// Runs all processes against a server.
    pub(crate) fn run(&self, server: &Server) -> io::Result<Ending> {
        let program = env::current_exe()?;
        let start = Instant::now();
        let mut children = Vec::new();
        for number in 0..self.processes {
            let due = start + self.spread * number / self.processes;
            thread::sleep(due.saturating_duration_since(Instant::now()));
            children.push(self.command(&program, server, number).spawn()?);
        }
        let started_within = start.elapsed();
        let mut ending = Ending {
            finished: 0,
            answered: 0,
            failed: 0,
            first_failure: None,
            time: Duration::ZERO,
            started_within,
        };
        for child in children {
            let outcome = wait(child, start + self.patience)?;
            if let Some(outcome) = outcome {
                ending.finished += u32::from(outcome.failed == 0);
                ending.answered += outcome.answered;
                ending.failed += outcome.failed;
                ending.first_failure = ending.first_failure.or(outcome.first_failure);
            }
        }
        ending.time = start.elapsed();
        Ok(ending)
    }

    fn command(&self, program: &std::path::Path, server: &Server, number: u32) -> Command {
        let milliseconds = |time: Duration| time.as_millis().to_string();
        let place = if self.one_address { 0 } else { number };
        let address = format!("10.{}.{}.{}", place >> 16, (place >> 8) & 255, place & 255);
        let mut command = Command::new(program);
        command
            .arg("process")
            .args(["--client", &name(&self.client)])
            .args(["--work", &name(&self.work)])
            .args(["--address", &address])
            .args(["--device", &number.to_string()])
            .args(["--threads", &self.threads.to_string()])
            .args(["--requests", &self.requests.to_string()])
            .args(["--time-ms", &milliseconds(self.time)])
            .args(["--window-ms", &milliseconds(self.window)])
            .args(["--wait-ms", &milliseconds(self.wait)])
            .args(["--block-wait-ms", &milliseconds(self.block_wait)])
            .env("DRMM_API_URL", server.url())
            .env("DRMM_API_KEY", server.key())
            .env("DRMM_API_SECRET", server.secret())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        command
    }
}

/// What a process did, if it ended in time and well.
fn wait(mut child: Child, until: Instant) -> io::Result<Option<Outcome>> {
    while child.try_wait()?.is_none() {
        if Instant::now() >= until {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(2));
    }
    let output = child.wait_with_output()?;
    Ok(serde_json::from_slice(&output.stdout)
        .ok()
        .filter(|_| output.status.success()))
}

/// The name of a value on the command line.
fn name(value: &impl ValueEnum) -> String {
    value
        .to_possible_value()
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default()
}
