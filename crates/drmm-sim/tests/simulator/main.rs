//! The simulator as its callers see it: over HTTP, as a library and as a program.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "the helpers of tests fail and report as tests do"
)]

mod account_lists;
mod activities;
mod alerts;
mod audits;
mod checked;
mod common;
mod control;
mod description;
mod faults;
mod filters;
mod jobs;
mod lists;
mod network_interfaces;
mod patches;
mod program;
mod quota;
mod refusals;
mod scale;
mod sites;
mod token;
mod typed_udfs;
mod variables;
mod writes;
