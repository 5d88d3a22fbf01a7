//! Makes batches of the text of a page of devices, again and again: something for a profiler to count
//! the instructions of. Nothing but the text decides what is executed, so a count can be repeated.
//!
//! `cargo build --locked --profile profiling -p drmm-profile`
//! `valgrind --tool=callgrind target/profiling/drmm-profile PAGE ROUNDS`

use std::error::Error;

use drmm::{Decoder as _, ItemSink as _};
use drmm_native::Batches;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let page = std::fs::read(arguments.next().ok_or("no file is named")?)?;
    let rounds: u32 = arguments
        .next()
        .ok_or("no number of rounds is given")?
        .parse()?;
    let batches = Batches::default();
    for _ in 0..rounds {
        let mut sink = batches.sink();
        drmm::read_items(&page, "devices", &mut sink)?;
        batches
            .deliver(sink.finish())
            .map_err(|_| "the batch is too large")?;
    }
    Ok(())
}
