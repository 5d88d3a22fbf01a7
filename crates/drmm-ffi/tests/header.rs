//! `include/drmm.h` says what the source says.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "this is how a test fails"
)]

use std::path::{Path, PathBuf};

/// The files with exports and constants, in the order of the header.
const SOURCES: [&str; 6] = [
    "lib.rs",
    "session.rs",
    "stream.rs",
    "report.rs",
    "buffer.rs",
    "error.rs",
];

/// Set to 1, the test writes the header instead of comparing it.
const UPDATE: &str = "DRMM_UPDATE_HEADER";

fn crate_file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    let path = crate_file(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The contract at the top of lib.rs, as a comment.
fn contract() -> String {
    let source = read("src/lib.rs");
    let lines: Vec<&str> = source
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect();
    assert!(lines.len() > 50, "the contract at the top of lib.rs");
    assert!(
        !lines.iter().any(|line| line.contains("*/")),
        "the contract would end the comment"
    );
    let mut text =
        String::from("/*\n * Generated from crates/drmm-ffi/src by its tests; do not edit.\n *\n");
    for line in lines {
        text.push_str(&format!(" *{}\n", line.trim_end()));
    }
    text + " */"
}

/// The sources as one file, because cbindgen would sort several.
fn sources() -> String {
    let files = SOURCES.map(|name| read(&format!("src/{name}")));
    let lines = files.iter().flat_map(|file| file.lines());
    lines
        .filter(|line| !line.starts_with("//!"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn header() -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("drmm.rs");
    std::fs::write(&source, sources()).expect("writing the sources");
    let config = cbindgen::Config {
        language: cbindgen::Language::C,
        header: Some(contract()),
        pragma_once: false,
        include_guard: Some("DRMM_H".to_owned()),
        cpp_compat: true,
        no_includes: true,
        sys_includes: vec!["stdint.h".to_owned()],
        after_includes: Some(
            concat!(
                "\n/** The version of the library that this header came with. */\n",
                "#define DRMM_VERSION \"",
                env!("CARGO_PKG_VERSION"),
                "\""
            )
            .to_owned(),
        ),
        usize_is_size_t: false,
        documentation_style: cbindgen::DocumentationStyle::Doxy,
        line_length: 100,
        tab_width: 4,
        style: cbindgen::Style::Type,
        ..cbindgen::Config::default()
    };
    let builder = cbindgen::Builder::new()
        .with_config(config)
        .with_src(source);
    let mut bytes = Vec::new();
    builder
        .generate()
        .expect("cbindgen understands the sources")
        .write(&mut bytes);
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let expected = header();
    if std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
        std::fs::write(crate_file("include/drmm.h"), expected).expect("writing the header");
        return;
    }
    let committed = read("include/drmm.h");
    let same = expected
        .lines()
        .zip(committed.lines())
        .take_while(|(a, b)| a == b);
    let line = same.count() + 1;
    assert!(
        expected == committed,
        "include/drmm.h is out of date (line {line}): run this test with {UPDATE}=1 and commit it",
    );
}

#[test]
fn every_export_is_in_the_header_and_documented() {
    let header = read("include/drmm.h");
    let exports = read("tests/exports.txt");
    for name in exports.lines() {
        let at = header
            .find(&format!("{name}("))
            .unwrap_or_else(|| panic!("{name} is missing"));
        let before = header[..at]
            .rsplit_once('\n')
            .map_or("", |(before, _)| before);
        assert!(before.ends_with("*/"), "{name} has no comment");
    }
    let code = header.lines().filter(|line| !line.starts_with([' ', '/']));
    let mut declared: Vec<&str> = code
        .filter_map(|line| line.split_once('(')?.0.rsplit([' ', '*']).next())
        .collect();
    declared.sort_unstable();
    assert_eq!(declared, exports.lines().collect::<Vec<_>>());
}

#[test]
fn every_kind_of_error_of_the_client_has_a_number_in_the_header() {
    let header = read("include/drmm.h");
    let source = read("../drmm/src/error.rs");
    let kinds: Vec<(&str, &str)> = source
        .lines()
        .filter_map(|line| line.trim().strip_suffix(',')?.split_once(" = "))
        .filter(|(_, number)| number.parse::<i32>().is_ok())
        .collect();
    assert!(
        kinds.len() >= 20,
        "the kinds in the client's error.rs: {kinds:?}"
    );
    for (name, number) in kinds {
        let line = header
            .lines()
            .find(|line| {
                line.starts_with("#define DRMM_ERROR_") && line.ends_with(&format!(" {number}"))
            })
            .unwrap_or_else(|| panic!("{name} = {number} is not in the header"));
        let constant = line
            .split(' ')
            .nth(1)
            .expect("a name")
            .replace("DRMM_ERROR_", "");
        assert_eq!(constant.replace('_', ""), name.to_uppercase(), "{number}");
    }
}
