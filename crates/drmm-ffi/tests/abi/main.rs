//! The exports, called from Rust.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "this is how a test fails"
)]

mod caller;
mod exports;
mod misuse;
mod threads;

#[path = "../../src/batch/reader.rs"]
mod reader;
