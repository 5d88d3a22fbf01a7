//! Plays a fleet of processes on one account, and measures it against the simulator.
//!
//! Without a subcommand it drives: it starts a simulator, then itself as many times as there are
//! processes, each with an address of its own, and reads the simulator's counters when all have
//! ended. Beside the project's own client stands a yardstick that only knows how to sleep.

mod case;
mod client;
mod fixed_wait;
mod fleet;
mod library;
mod process;
mod report;

use std::{error::Error, io, io::Write, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use drmm_sim::QuotaModel;

use case::{Case, Part, Plan, Player, Quota};
use process::Role;

/// Plays a fleet of processes on one account, and measures it against the simulator.
///
/// Prints the tables and writes out/fleet.json. Everything takes about ten minutes.
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Options {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only this case; may be given several times
    #[arg(long)]
    case: Vec<Case>,
    /// Only this model of the quota
    #[arg(long, value_parser = model)]
    model: Option<QuotaModel>,
    /// Only with or without the header Retry-After
    #[arg(long, value_name = "YES|NO", value_parser = yes_or_no)]
    retry_after: Option<bool>,
    /// Only the project's own client, without the yardsticks
    #[arg(long)]
    own: bool,
    /// All processes have one address, as devices behind one router do
    #[arg(long)]
    one_address: bool,
    /// Processes of the fleet
    #[arg(long, default_value_t = 200)]
    processes: u32,
    /// Requests in one window
    #[arg(long, default_value_t = 600)]
    limit: u32,
    /// The window, in seconds
    #[arg(long, default_value_t = 6.0)]
    window_s: f64,
    /// Where all figures go [default: out/fleet.json of the checkout]
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Plays one process; the driver starts this
    #[command(hide = true)]
    Process(Role),
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match &options.command {
        Some(Command::Process(role)) => role.play().map_err(Into::into),
        None => options.drive(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails.
            let _ = writeln!(io::stderr(), "drmm-fleet: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Options {
    fn drive(&self) -> Result<(), Box<dyn Error>> {
        let mut rows = Vec::new();
        for plan in self.plans()? {
            let name = match plan.quota {
                Some(_) => format!("{:?}", plan.case).to_lowercase(),
                None => "control".to_owned(),
            };
            let model = format!("{:?}", plan.model).to_lowercase();
            writeln!(io::stderr(), "{name}: {model}, {}", plan.player)?;
            rows.push(plan.run()?);
        }
        report::print(&mut io::stdout().lock(), &rows)?;
        let file = match &self.json {
            Some(file) => file.clone(),
            None => report::usual_file()?,
        };
        report::write(&file, &rows)?;
        writeln!(io::stdout(), "all figures in {}", file.display())?;
        Ok(())
    }

    /// Everything that is to be measured, the control before the fleet it is for.
    fn plans(&self) -> Result<Vec<Plan>, Box<dyn Error>> {
        let quota = Quota {
            limit: self.limit,
            window: Duration::try_from_secs_f64(self.window_s)?,
        };
        let wants = |case| self.case.is_empty() || self.case.contains(&case);
        let drmm = Plan {
            case: Case::Fleet,
            processes: self.processes,
            model: QuotaModel::Legacy,
            player: Player::Drmm,
            retry_after: false,
            one_address: self.one_address,
            quota: Some(quota),
        };
        // What scripts do: sleep a minute, as the gallery module does, or five seconds.
        let sleepers = [Player::FixedWait(Part(60)), Player::FixedWait(Part(5))];
        let players = |yardsticks: &[Player]| -> Vec<Player> {
            let yardsticks = if self.own { &[] } else { yardsticks };
            [&[Player::Drmm], yardsticks].concat()
        };
        let models = match self.model {
            Some(model) => vec![model],
            None => vec![QuotaModel::Legacy, QuotaModel::Modern],
        };
        let answers = match self.retry_after {
            Some(retry_after) => vec![retry_after],
            None => vec![false, true],
        };
        let mut plans = Vec::new();
        if wants(Case::Fleet) {
            plans.push(Plan {
                quota: None,
                ..drmm
            });
            for &model in &models {
                for &retry_after in &answers {
                    plans.extend(players(&sleepers).into_iter().map(|player| Plan {
                        model,
                        player,
                        retry_after,
                        ..drmm
                    }));
                }
            }
        }
        if wants(Case::Pressure) {
            for &model in &models {
                plans.extend(players(&sleepers[..1]).into_iter().map(|player| Plan {
                    case: Case::Pressure,
                    processes: 20,
                    model,
                    player,
                    ..drmm
                }));
            }
        }
        if wants(Case::Single) {
            plans.extend(models.iter().map(|&model| Plan {
                case: Case::Single,
                processes: 1,
                model,
                ..drmm
            }));
        }
        Ok(plans)
    }
}

fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("it is yes or no"),
    }
}

fn model(text: &str) -> Result<QuotaModel, &'static str> {
    match text {
        "legacy" => Ok(QuotaModel::Legacy),
        "modern" => Ok(QuotaModel::Modern),
        _ => Err("it is legacy or modern"),
    }
}
