//! Tests that need an environment of their own run in a process of their own.

use std::process::Command;

/// Says to a test that it is the one in the process of its own.
const ALONE: &str = "DRMM_TEST_ALONE";

/// What a process of its own does not inherit.
const PROXIES: [&str; 8] = [
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];

/// Whether this is the process that `alone` has started for the test by this name.
pub(crate) fn is_alone(name: &str) -> bool {
    std::env::var(ALONE).is_ok_and(|known| known == name)
}

/// Runs the test by this name again, in a process of its own with these variables.
pub(crate) fn alone(name: &str, variables: &[(&str, &str)]) {
    let mut command = Command::new(std::env::current_exe().expect("a path"));
    for variable in PROXIES {
        command.env_remove(variable);
    }
    let output = command
        .args([name, "--exact", "--nocapture"])
        .env(ALONE, name)
        .envs(variables.iter().copied())
        .output()
        .expect("the test runs again");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{name}, alone:\n{text}"
    );
}
