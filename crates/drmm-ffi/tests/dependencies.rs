//! What is shipped inside the library: under which licences (the simulator, too), from where, and
//! each crate once; and what is there more than once beside it, for tests and simulator.
//!
//! A crate that breaks a rule is left out, or is listed here with the reason why it may. What is
//! listed and not needed any more has to go, too.

use std::collections::{BTreeMap, BTreeSet};

mod tree;

use tree::Tree;

/// The licences that a crate may have, all of them permissive. Of several to choose from, one is
/// enough.
const LICENCES: [(&str, &str); 7] = [
    ("MIT", "ours, and most crates'"),
    ("Apache-2.0", "offered beside MIT nearly everywhere"),
    ("ISC", "MIT in fewer words: ring, rustls-webpki, untrusted"),
    ("BSD-3-Clause", "MIT, and no advertising with names: subtle"),
    ("Zlib", "asks for nothing in binaries: foldhash"),
    (
        "MIT-0",
        "asks for nothing: borrow-or-share in the simulator",
    ),
    (
        "Unicode-3.0",
        "tables of characters, read when macros run: unicode-ident",
    ),
];

/// Crates that the library has, or is built with, in two versions.
const TWICE: [(&str, &str); 1] = [(
    "windows-sys",
    "declarations only; ring is behind by one on Windows for ARM",
)];

/// Crates of `Cargo.lock` in several versions, and in how many: what tests and simulator bring is
/// compiled for nobody else.
const IN_LOCK: [(&str, usize, &str); 6] = [
    (
        "bit-vec",
        2,
        "jsonschema's regular expressions are behind rcgen",
    ),
    ("getrandom", 3, "ring and jsonschema are behind tempfile"),
    ("r-efi", 2, "for the getrandom of machines without a system"),
    ("syn", 2, "cbindgen and strum are behind serde and clap"),
    ("windows-sys", 2, "see above"),
    ("winnow", 2, "within toml, for cbindgen"),
];

/// What all of it is made of.
const LOCK: &str = include_str!("../../../Cargo.lock");

/// Crates that bind something foreign.
const BINDINGS: [(&str, &str); 3] = [
    ("core-foundation-sys", "what macOS has itself"),
    ("security-framework-sys", "what macOS has itself"),
    ("windows-sys", "what Windows has itself"),
];

/// Crates that run a foreign compiler or look for foreign libraries, and who may use them.
const BUILD_TOOLS: [(&str, &[&str]); 9] = [
    ("cc", &["ring"]),
    ("cmake", &[]),
    ("bindgen", &[]),
    ("nasm-rs", &[]),
    ("pkg-config", &[]),
    ("vcpkg", &[]),
    ("system-deps", &[]),
    ("autotools", &[]),
    ("openssl-src", &[]),
];

/// All that the library is made of and built with.
fn packages() -> Tree {
    tree::packages("drmm-ffi", "normal,build")
}

/// The licences that an SPDX expression needs, of those that are allowed: `None` if they do not do.
fn needed<'a>(expression: &'a str, allowed: &[&str]) -> Option<Vec<&'a str>> {
    let expression = expression.trim();
    if let Some(parts) = split(expression, " AND ") {
        let parts: Option<Vec<Vec<&str>>> = parts
            .into_iter()
            .map(|part| needed(part, allowed))
            .collect();
        return parts.map(|parts| parts.concat());
    }
    // An old way to write OR.
    if let Some(parts) = split(expression, " OR ").or_else(|| split(expression, "/")) {
        let fitting = parts.into_iter().filter_map(|part| needed(part, allowed));
        return fitting.min_by_key(|licences| {
            licences
                .iter()
                .map(|name| allowed.iter().position(|it| it == name))
                .max()
        });
    }
    if let Some(inner) = expression.strip_prefix('(') {
        return needed(inner.strip_suffix(')')?, allowed);
    }
    allowed.contains(&expression).then(|| vec![expression])
}

/// The parts between `separator` outside of parentheses, if it is there.
fn split<'a>(expression: &'a str, separator: &str) -> Option<Vec<&'a str>> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, character) in expression.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && at >= start && expression[at..].starts_with(separator) => {
                parts.push(&expression[start..at]);
                start = at + separator.len();
            }
            _ => {}
        }
    }
    parts.push(&expression[start..]);
    (parts.len() > 1).then_some(parts)
}

#[test]
fn every_crate_has_a_licence_that_is_allowed_and_every_allowance_is_needed() {
    let allowed = LICENCES.map(|(name, _)| name);
    let mut unused: BTreeSet<&str> = allowed.into();
    let simulator = tree::packages("drmm-sim", "normal");
    for package in packages().keys().chain(simulator.keys()) {
        let licences = needed(&package.licence, &allowed)
            .unwrap_or_else(|| panic!("{package:?}: not a licence of the list above"));
        for licence in licences {
            unused.remove(licence);
        }
    }
    assert!(unused.is_empty(), "no crate needs {unused:?} any more");
}

/// Of names and versions those names that have several.
fn repeated<'a>(
    crates: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, version) in crates {
        versions.entry(name).or_default().insert(version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    versions
}

#[test]
fn the_library_has_every_crate_once() {
    let packages = packages();
    let versions = repeated(packages.keys().map(|it| (&*it.name, &*it.version)));
    let expected = TWICE.map(|(name, _)| name);
    let found: Vec<&str> = versions.keys().copied().collect();
    assert_eq!(found, expected, "{versions:?}");
    for (name, versions) in versions {
        assert_eq!(versions.len(), 2, "{name}: {versions:?}");
    }
}

#[test]
fn tests_and_simulator_have_every_crate_once_but_for_those_that_are_listed() {
    let values = |field: &'static str| {
        let lines = LOCK
            .lines()
            .filter_map(move |line| line.strip_prefix(field));
        lines.map(|value| value.trim_matches('"'))
    };
    // The first version is the format's own, whose number has no quotes and stands before any crate.
    let versions = values("version = ").filter(|version| version.contains('.'));
    assert_eq!(values("name = ").count(), versions.clone().count());
    let found = repeated(values("name = ").zip(versions));
    let found: Vec<_> = found
        .iter()
        .map(|(&name, versions)| (name, versions.len()))
        .collect();
    assert_eq!(found, IN_LOCK.map(|(name, count, _)| (name, count)));
}

#[test]
fn nothing_foreign_is_linked_or_compiled_but_what_is_listed() {
    let packages = packages();
    let bindings: BTreeSet<&str> = packages
        .keys()
        .map(|package| package.name.as_str())
        .filter(|name| name.ends_with("-sys"))
        .collect();
    assert_eq!(bindings, BINDINGS.map(|(name, _)| name).into());

    for (tool, allowed) in BUILD_TOOLS {
        let users: BTreeSet<&str> = packages
            .iter()
            .filter(|(package, _)| package.name == tool)
            .flat_map(|(_, wanted_by)| wanted_by)
            .map(String::as_str)
            .collect();
        assert_eq!(users, allowed.iter().copied().collect(), "who uses {tool}");
    }
}

#[test]
fn every_crate_comes_from_the_registry() {
    const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
    let sources: Vec<&str> = LOCK
        .lines()
        .filter_map(|line| line.strip_prefix("source = "))
        .collect();
    assert!(sources.len() > 100, "Cargo.lock was not understood");
    for source in sources {
        assert_eq!(source.trim_matches('"'), REGISTRY);
    }
    let checksums = LOCK.lines().filter(|line| line.starts_with("checksum = "));
    assert_eq!(checksums.count(), LOCK.matches("source = ").count());
}

#[test]
fn expressions_of_licences() {
    let needed = |expression| needed(expression, &["A", "B", "C"]);
    assert_eq!(needed("A"), Some(vec!["A"]));
    assert_eq!(needed("X OR B OR A"), Some(vec!["A"]));
    assert_eq!(needed("X/B"), Some(vec!["B"]));
    assert_eq!(needed("(X OR A) AND C"), Some(vec!["A", "C"]));
    assert_eq!(needed("(A AND X) OR (B AND C)"), Some(vec!["B", "C"]));
    for refused in [
        "",
        "X",
        "A AND X",
        "(A OR B) AND X",
        "A WITH exception",
        "(A",
    ] {
        assert_eq!(needed(refused), None, "{refused}");
    }
}
