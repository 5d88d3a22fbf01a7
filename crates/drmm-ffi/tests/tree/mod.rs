//! Which crates the library and the simulator are made of, as cargo knows it.
#![expect(clippy::panic, reason = "this is how a test fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The platforms that they are shipped for.
const PLATFORMS: [&str; 7] = [
    "x86_64-pc-windows-msvc",
    "i686-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
    "x86_64-unknown-linux-gnu",
    "aarch64-unknown-linux-gnu",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
];

/// A crate that is shipped, or one that it is built with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) licence: String,
}

/// Packages, each with who wants it.
pub(crate) type Tree = BTreeMap<Package, BTreeSet<String>>;

/// All packages of all platforms that a crate of ours needs along these edges, each with who wants
/// it.
pub(crate) fn packages(of: &str, edges: &str) -> Tree {
    let mut all = Tree::new();
    for (package, wanted_by) in PLATFORMS.iter().flat_map(|it| of_platform(of, it, edges)) {
        all.entry(package).or_default().extend(wanted_by);
    }
    assert!(all.len() > 40, "cargo tree was not understood: {all:?}");
    all
}

/// Asks cargo, which knows what is used on which platform.
fn of_platform(of: &str, platform: &str, edges: &str) -> Tree {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", of, "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .args(["--edges", edges, "--target", platform])
        .args(["--prefix", "depth", "--format", "|{p}|{l}|"])
        .output()
        .unwrap_or_else(|error| panic!("cargo: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree: {said}");

    let mut tree = Tree::new();
    let mut parents: Vec<String> = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let fields: Vec<&str> = line.split('|').collect();
        let [depth, package, licence, ..] = fields[..] else {
            panic!("a line of cargo tree that is new: {line}");
        };
        let (Ok(depth), Some((name, rest))) = (depth.parse(), package.split_once(" v")) else {
            panic!("a line of cargo tree that is new: {line}");
        };
        let package = Package {
            name: name.to_owned(),
            version: rest.split(' ').next().unwrap_or_default().to_owned(),
            licence: licence.to_owned(),
        };
        parents.truncate(depth);
        let wanted_by = tree.entry(package).or_default();
        wanted_by.extend(parents.last().cloned());
        parents.push(name.to_owned());
    }
    tree
}
