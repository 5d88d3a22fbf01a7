//! A program in C, as the header wants it: compiled without a warning, run, and run again under
//! valgrind without a leak or an invalid access.
#![cfg(target_os = "linux")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "this is how a test fails"
)]

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use drmm_sim::{Config, Server};

mod library;

const DEVICES: u32 = 230;

/// Runs a tool to its end.
fn run(tool: &str, arguments: &[&OsStr]) -> Output {
    let output = Command::new(tool).args(arguments).output();
    output.unwrap_or_else(|error| panic!("{tool}: {error}"))
}

/// That a tool ended well and had nothing to say.
fn assert_silent(what: &str, output: &Output) {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(
        output.status.success() && said.is_empty(),
        "{what}: {}\n{}",
        output.status,
        String::from_utf8_lossy(&said)
    );
}

/// Compiles the program, with the compiler that links whatever Rust builds here.
fn compile(program: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = library::path();
    let (include, source) = (root.join("include"), root.join("tests/program.c"));
    let mut arguments: Vec<&OsStr> = [
        "-std=c11",
        "-Wall",
        "-Wextra",
        "-Wpedantic",
        "-Werror",
        "-g",
    ]
    .map(OsStr::new)
    .to_vec();
    if cfg!(debug_assertions) {
        arguments.push(OsStr::new("-DDRMM_DEBUG"));
    }
    arguments.extend([
        OsStr::new("-I"),
        include.as_ref(),
        source.as_ref(),
        library.as_ref(),
    ]);
    arguments.extend([OsStr::new("-o"), program.as_ref()]);
    assert_silent("cc", &run("cc", &arguments));
}

/// Runs the program against a simulator, with `wrapper` in front of it.
fn run_program(wrapper: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("program");
    compile(&program);
    let server = Server::start(Config {
        devices: DEVICES,
        ..Config::default()
    })
    .expect("the simulator starts");
    let (url, devices) = (server.url(), DEVICES.to_string());
    let mut words: Vec<&OsStr> = wrapper.iter().map(OsStr::new).collect();
    words.push(program.as_ref());
    words.extend([&url, server.key(), server.secret(), &devices].map(OsStr::new));
    let tool = words[0].to_str().expect("UTF-8");
    assert_silent(tool, &run(tool, &words[1..]));
    let counters = server.counters();
    // The session's, and the one that was asked for.
    assert_eq!(counters.tokens, 2, "{counters:?}");
}

#[test]
fn a_program_in_c_gets_what_the_header_promises() {
    run_program(&[]);
}

#[test]
#[ignore = "needs valgrind; the test task of build.ps1 runs it where there is one"]
fn a_program_in_c_leaks_nothing_and_reads_nothing_it_may_not() {
    // Possible leaks are not asked for: what the process keeps of its accounts is in a hash map,
    // which points into the middle of its memory.
    run_program(&[
        "valgrind",
        "--quiet",
        "--leak-check=full",
        "--show-leak-kinds=definite,indirect",
        "--errors-for-leak-kinds=definite,indirect",
        "--error-exitcode=9",
    ]);
}
