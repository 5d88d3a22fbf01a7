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

/// Licences within a crate, of what it has taken over from others.
const WITHIN: [(&str, &[&str]); 1] = [(
    "ring",
    &[
        "src/polyfill/once_cell/LICENSE-MIT",
        "third_party/fiat/LICENSE",
    ],
)];

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
fn mit(authors: &str) -> String {
    format!("Copyright (c) {authors}\n\n{MIT}")
}

/// The licences of a crate: MIT's where it is offered, else all that lie there; and its notices.
fn licences(name: &str, folder: &Path, expression: &str) -> String {
    let files = folder
        .read_dir()
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = files
        .filter_map(Result::ok)
        .filter(|file| file.path().is_file())
        .filter_map(|file| file.file_name().into_string().ok())
        .filter(|name| {
            let name = name.to_uppercase();
            let starts = ["LICENSE", "LICENCE", "COPYING", "NOTICE"];
            starts.iter().any(|start| name.starts_with(start))
        })
        .collect();
    names.sort();
    let is_mit = |name: &String| name.to_uppercase().starts_with("LICENSE-MIT");
    if expression.contains("MIT") && names.iter().any(is_mit) {
        names.retain(|name| is_mit(name) || name.to_uppercase().starts_with("NOTICE"));
    }
    if names.is_empty() && expression.contains("MIT") {
        return mit(&format!("the authors of {name}"));
    }
    assert!(!names.is_empty(), "{}: no licence", folder.display());
    let within = WITHIN.iter().find(|(of, _)| *of == name);
    names.extend(
        within
            .iter()
            .flat_map(|(_, files)| files.iter().copied().map(str::to_owned)),
    );
    let texts: Vec<String> = names
        .iter()
        .map(|name| {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
            lines.join("\n").trim_matches('\n').to_owned() + "\n"
        })
        .collect();
    texts.join("\n")
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
        let text = licences(&package.name, folder, &package.licence);
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
