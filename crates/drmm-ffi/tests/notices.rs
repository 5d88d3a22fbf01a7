//! `THIRD-PARTY-NOTICES.txt`, which the package and the simulator bring along: whose work is in
//! them, and under which licence.
#![expect(clippy::panic, reason = "this is how a test fails")]

mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Set to 1, the test writes the notices instead of comparing them.
const UPDATE: &str = "DRMM_UPDATE_NOTICES";

const LINE: &str =
    "--------------------------------------------------------------------------------\n";

/// What is in each of them and in no lock file.
const STANDARD_LIBRARY: &str =
    "The Rust standard library (MIT OR Apache-2.0), https://github.com/rust-lang/rust";

/// Crates under MIT's licence that come without its text, and whose they are.
const WITHOUT_TEXT: [(&str, &str); 4] = [
    ("jsonschema-regex", "2020-2026 Dmitry Dygalo"),
    ("jsonschema-value", "2020-2026 Dmitry Dygalo"),
    ("uuid-simd", "Nugine"),
    ("vsimd", "Nugine"),
];

/// MIT's terms, as the standard library has them, and most crates.
const MIT: &str = "\
Permission is hereby granted, free of charge, to any
person obtaining a copy of this software and associated
documentation files (the \"Software\"), to deal in the
Software without restriction, including without
limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following
conditions:

The above copyright notice and this permission notice
shall be included in all copies or substantial portions
of the Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF
ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED
TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A
PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT
SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION
OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
";

/// The folder of each package of the lock file, by name and version.
fn folders() -> BTreeMap<(String, String), PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap_or_else(|error| panic!("cargo: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {said}");
    let metadata: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}"));
    let packages = metadata["packages"].as_array();
    let text = |package: &Value, key: &str| {
        let text = package[key].as_str().map(str::to_owned);
        text.unwrap_or_else(|| panic!("a package without {key}: {package}"))
    };
    packages
        .unwrap_or_else(|| panic!("no packages"))
        .iter()
        .map(|package| {
            let manifest = PathBuf::from(text(package, "manifest_path"));
            let folder = manifest.parent().map(Path::to_path_buf);
            (
                (text(package, "name"), text(package, "version")),
                folder.unwrap_or_default(),
            )
        })
        .collect()
}

/// MIT's licence where its text does not lie with the work.
fn mit(holder: &str) -> String {
    format!("Copyright (c) {holder}\n\n{MIT}")
}

/// The licences of a crate, and of what lies in it that others have made.
fn licences(name: &str, folder: &Path) -> String {
    let texts = licences_in(folder);
    if !texts.is_empty() {
        return texts.join("\n");
    }
    let holder = WITHOUT_TEXT
        .iter()
        .find(|(crate_name, _)| *crate_name == name);
    let (_, holder) = holder.unwrap_or_else(|| panic!("{}: no licence", folder.display()));
    mit(holder)
}

/// The licences in a folder and those below it: of one folder, MIT's where it is offered, else all
/// that lie there; and its notices.
fn licences_in(folder: &Path) -> Vec<String> {
    let files = folder
        .read_dir()
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    let (folders, mut files): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|path| path.is_dir());
    let begins = |path: &Path, with: &[&str]| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_uppercase();
        with.iter().any(|start| name.starts_with(start))
    };
    files.retain(|path| begins(path, &["LICENSE", "LICENCE", "COPYING", "NOTICE"]));
    if files.iter().any(|path| begins(path, &["LICENSE-MIT"])) {
        files.retain(|path| begins(path, &["LICENSE-MIT", "NOTICE"]));
    }
    let mut texts: Vec<String> = files.iter().map(|path| tidy(path)).collect();
    texts.extend(folders.iter().flat_map(|folder| licences_in(folder)));
    texts
}

/// A text without what is invisible.
fn tidy(path: &Path) -> String {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned() + "\n"
}

/// The notices of a crate of ours.
fn notices(of: &str, called: &str) -> String {
    let folders = folders();
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in tree::packages(of, "normal,no-proc-macro").keys() {
        if package.name.starts_with("drmm") {
            continue;
        }
        let folder = folders
            .get(&(package.name.clone(), package.version.clone()))
            .unwrap_or_else(|| panic!("cargo metadata does not know {package:?}"));
        let crate_line = format!(
            "{} {} ({}), https://crates.io/crates/{0}",
            package.name, package.version, package.licence
        );
        let text = licences(&package.name, folder);
        by_text.entry(text).or_default().push(crate_line);
    }
    let standard = by_text.entry(mit("The Rust Project Contributors"));
    standard.or_default().push(STANDARD_LIBRARY.to_owned());

    let mut parts: Vec<(Vec<String>, String)> =
        by_text.into_iter().map(|(text, of)| (of, text)).collect();
    parts.sort();
    let mut all = format!(
        "{called} is made with the work of others. Not every platform's\nhas all of it. Each part \
         is named with its licence, and then with that licence's text.\n\n",
    );
    for (of, text) in parts {
        all += &format!("{LINE}{}\n{LINE}\n{text}\n", of.join("\n"));
    }
    all.trim_end().to_owned() + "\n"
}

/// Compares a file of the checkout with the notices of a crate of ours.
fn compare(file: &str, of: &str, called: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(file);
    let expected = notices(of, called);
    if std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
        std::fs::write(path, expected).unwrap_or_else(|error| panic!("{file}: {error}"));
        return;
    }
    let committed = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(
        committed.replace('\r', "") == expected,
        "{file} is out of date: run this test with {UPDATE}=1 and commit it",
    );
}

#[test]
fn the_committed_notices_of_the_library_are_those_of_its_crates() {
    compare(
        "THIRD-PARTY-NOTICES.txt",
        "drmm-ffi",
        "The native library of DattoRMM (drmm_native)",
    );
}

#[test]
fn the_committed_notices_of_the_simulator_are_those_of_its_crates() {
    compare(
        "crates/drmm-sim/THIRD-PARTY-NOTICES.txt",
        "drmm-sim",
        "The simulator of DattoRMM (drmm-sim)",
    );
}
