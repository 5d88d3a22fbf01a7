//! The simulator as a program: options in, one JSON line out, then it serves until it is killed.

use std::{error::Error, io, path::PathBuf, time::Duration};

use clap::Parser;
use drmm_sim::{Config, Operation, QuotaModel, Server, Settings, parse_rules};
use serde::de::{DeserializeOwned, IntoDeserializer, value::Error as NameError};

/// A simulator of the Datto RMM API on 127.0.0.1.
///
/// Prints one line of JSON when it is ready: its URL, the API key and its secret, and the URL of its
/// control endpoint. The API is at {url}/api/v2, tokens are at {url}/auth/oauth/token.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Options {
    /// Decides all data: the same seed and sizes give the same account
    #[arg(long, default_value_t = 1, help_heading = "Account")]
    seed: u64,
    /// Number of sites
    #[arg(long, default_value_t = 40, help_heading = "Account")]
    sites: u32,
    /// Number of devices
    #[arg(long, default_value_t = 10_000, help_heading = "Account")]
    devices: u32,
    /// User-defined fields of a device, 30 to 300
    #[arg(long, default_value_t = 30, help_heading = "Account")]
    udfs: u16,
    /// Number of open alerts [default: one for twenty devices, at least 46]
    #[arg(long, help_heading = "Account")]
    alerts_open: Option<u32>,
    /// Number of resolved alerts [default: twice the open ones]
    #[arg(long, help_heading = "Account")]
    alerts_resolved: Option<u32>,

    /// Time added to every response, in milliseconds
    #[arg(long, default_value = "0", value_parser = milliseconds, help_heading = "Service")]
    latency_ms: Duration,
    /// Lifetime of a token, in seconds
    #[arg(long, default_value = "360000", value_parser = seconds, help_heading = "Service")]
    token_lifetime_s: Duration,
    /// Time from a job's creation to its end, in milliseconds
    #[arg(long, default_value = "3000", value_parser = milliseconds, help_heading = "Service")]
    job_ms: Duration,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 0, help_heading = "Service")]
    port: u16,
    /// Compare every undamaged success with this OpenAPI file; the counters tell which do not fit
    #[arg(long, value_name = "FILE", help_heading = "Service")]
    check_answers: Option<PathBuf>,
    /// Serve only until the end of standard input, so that nothing is left when a test run dies
    #[arg(long, help_heading = "Service")]
    watch_stdin: bool,

    /// Sliding window, in seconds; a part of a second is possible
    #[arg(long, default_value = "60", value_parser = seconds, help_heading = "Quota")]
    window_s: Duration,
    /// legacy: one bucket for all requests; modern: one for reads, one for writes, and one for the
    /// writes of each operation
    #[arg(long, default_value = "legacy", value_parser = name::<QuotaModel>, value_name = "MODEL", help_heading = "Quota")]
    quota_model: QuotaModel,
    /// Requests in one window; in the modern model, reads
    #[arg(long, default_value_t = 600, help_heading = "Quota")]
    limit: u32,
    /// Writes in one window, in the modern model
    #[arg(long, default_value_t = 600, help_heading = "Quota")]
    write_limit: u32,
    /// Writes of one operation in one window, in the modern model; may be given for several
    /// [default: 100 for each, device-udf-set=600]
    #[arg(long, value_parser = operation_limit, value_name = "NAME=LIMIT", help_heading = "Quota")]
    operation_limit: Vec<(Operation, u32)>,
    /// Share of the limit above which responses take a sixtieth of the window longer, 0 to 1
    #[arg(long, default_value_t = 0.9, help_heading = "Quota")]
    cutoff: f64,
    /// Send Retry-After with a 429
    #[arg(long, help_heading = "Quota")]
    retry_after: bool,
    /// Take the client's address from X-Forwarded-For, so that one machine can play many
    #[arg(long, help_heading = "Quota")]
    trust_forwarded_for: bool,

    /// A file with a JSON array of fault rules
    #[arg(long, value_name = "FILE", help_heading = "Faults")]
    faults: Option<PathBuf>,
    /// Add an unknown scalar, object and array to every account, site, device and alert
    #[arg(long, help_heading = "Faults")]
    extra_fields: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let watch_stdin = options.watch_stdin;
    let server = Server::start(options.config()?)?;
    announce(&server);
    if watch_stdin {
        io::copy(&mut io::stdin(), &mut io::sink())?;
        return Ok(());
    }
    loop {
        std::thread::park();
    }
}

#[expect(
    clippy::print_stdout,
    reason = "this line is what the program is started for"
)]
fn announce(server: &Server) {
    let line = serde_json::json!({
        "url": server.url(),
        "key": server.key(),
        "secret": server.secret(),
        "control": format!("{}/_sim", server.url()),
    });
    println!("{line}");
}

impl Options {
    fn config(self) -> Result<Config, Box<dyn Error>> {
        let faults = match &self.faults {
            Some(path) => {
                let text =
                    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
                parse_rules(&text).map_err(|error| format!("{}: {error}", path.display()))?
            }
            None => Vec::new(),
        };
        Ok(Config {
            seed: self.seed,
            sites: self.sites,
            devices: self.devices,
            udfs: self.udfs,
            alerts_open: self.alerts_open,
            alerts_resolved: self.alerts_resolved,
            port: self.port,
            key: None,
            secret: None,
            retry_after: self.retry_after,
            trust_forwarded_for: self.trust_forwarded_for,
            check_answers: self.check_answers,
            faults,
            settings: Settings {
                quota_model: self.quota_model,
                write_limit: self.write_limit,
                operation_limits: {
                    let mut limits = Settings::default().operation_limits;
                    limits.extend(self.operation_limit);
                    limits
                },
                latency: self.latency_ms,
                token_lifetime: self.token_lifetime_s,
                job: self.job_ms,
                window: self.window_s,
                limit: self.limit,
                cutoff: self.cutoff,
                extra_fields: self.extra_fields,
            },
        })
    }
}

/// A name as the control endpoint has it.
fn name<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let deserializer: serde::de::value::StrDeserializer<'_, NameError> = text.into_deserializer();
    T::deserialize(deserializer).map_err(|error| error.to_string())
}

fn operation_limit(text: &str) -> Result<(Operation, u32), String> {
    let (operation, limit) = text
        .split_once('=')
        .ok_or("not an operation, an equals sign and a number")?;
    let limit = limit
        .parse()
        .map_err(|_| format!("{limit} is not a whole number"))?;
    Ok((name(operation)?, limit))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn milliseconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .map(Duration::from_millis)
        .map_err(|_| "not a whole number of milliseconds".to_owned())
}
