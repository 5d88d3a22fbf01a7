//! How long it takes to make a batch of a page of devices, in one thread.
//!
//! `cargo run --release -p drmm-ffi --example batch_speed [user-defined fields]`
#![expect(clippy::print_stdout, reason = "it is a program")]

use std::error::Error;
use std::time::{Duration, Instant};

use drmm::{Answer, Call, Decoder, ItemSink, Options, Session, Values};
use drmm_native::Batches;
use drmm_sim::{Config, Server};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

const DEVICES: u32 = 250;
const ROUNDS: u32 = 400;

fn main() -> Result<(), Box<dyn Error>> {
    let udfs = std::env::args().nth(1).map_or(Ok(30), |arg| arg.parse())?;
    let page = page_of_devices(udfs)?;
    println!(
        "{DEVICES} devices of {} bytes, {udfs} user-defined fields",
        page.len() / 250
    );

    let batches = Batches::default();
    report("batch", || {
        let mut sink = batches.sink();
        drmm::read_items(page.as_bytes(), "devices", &mut sink)?;
        std::hint::black_box(sink.finish());
        Ok(())
    })?;
    let fields = ["hostname", "siteName", "udf.udf5"].map(str::to_owned);
    let chosen = Batches::projected(fields.to_vec())?;
    for (name, batches) in [("all fields", &batches), ("3 fields", &chosen)] {
        let mut sink = batches.sink();
        drmm::read_items(page.as_bytes(), "devices", &mut sink)?;
        let bytes = batches
            .deliver(sink.finish())
            .map_err(|_| "too large")?
            .as_slice()
            .len();
        println!("{name}: {} bytes a device", bytes / 250);
    }
    report("batch of 3 fields", || {
        let mut sink = chosen.sink();
        drmm::read_items(page.as_bytes(), "devices", &mut sink)?;
        std::hint::black_box(sink.finish());
        Ok(())
    })?;
    report("skipping the text", || {
        serde_json::from_slice(page.as_bytes()).map(|IgnoredAny| ())
    })?;
    report("tree of values", || {
        serde_json::from_slice::<Value>(page.as_bytes()).map(drop)
    })?;
    Ok(())
}

/// Prints the fastest of several rounds, in µs a device.
fn report(
    name: &str,
    mut round: impl FnMut() -> serde_json::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let mut fastest = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        fastest = fastest.min(start.elapsed());
    }
    println!(
        "{name}: {:.2} µs a device",
        fastest.as_secs_f64() * 1e6 / f64::from(DEVICES)
    );
    Ok(())
}

/// A page of devices as the simulator has it.
fn page_of_devices(udfs: u16) -> Result<String, Box<dyn Error>> {
    let server = Server::start(Config {
        devices: DEVICES,
        udfs,
        ..Config::default()
    })?;
    let options = json!({"url": server.url(), "key": server.key(), "secret": server.secret()});
    let session = Session::connect(&Options::from_json(options.to_string().as_bytes())?)?;
    let call = br#"{"path": "v2/account/devices", "items": "devices"}"#;
    let stream = session.paginate(Call::from_json(call)?, Values)?;
    loop {
        match stream.next(Duration::from_secs(60))? {
            Answer::Ready(devices) => return Ok(json!({"devices": devices}).to_string()),
            Answer::Pending => {}
            Answer::End | Answer::Cancelled => return Err("no devices".into()),
        }
    }
}
