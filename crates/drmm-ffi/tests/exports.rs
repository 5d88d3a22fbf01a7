//! The library exports what is in `exports.txt`, and nothing else.
#![cfg(all(target_os = "linux", target_pointer_width = "64"))]
#![expect(clippy::expect_used, reason = "this is how a test fails")]

mod library;

/// Only in builds with debug assertions; no release has it.
const DEBUG_EXPORTS: [&str; 2] = ["drmm_debug_handles", "drmm_debug_panic"];

#[test]
fn the_exports_are_those_of_the_list() {
    let path = library::path();
    let file = std::fs::read(&path).expect("the library can be read");
    let mut expected: Vec<String> = include_str!("exports.txt")
        .lines()
        .map(str::to_owned)
        .collect();
    if cfg!(debug_assertions) {
        expected.extend(DEBUG_EXPORTS.map(str::to_owned));
    }
    expected.sort();
    assert_eq!(exported(&file), expected, "{}", path.display());
}

/// The names of the symbols that a library for 64-bit Linux defines for others, in order.
fn exported(file: &[u8]) -> Vec<String> {
    const SECTION_SIZE: usize = 64;
    const SYMBOL_SIZE: usize = 24;
    const DYNAMIC_SYMBOLS: u64 = 11;
    assert_eq!(file[..6], *b"\x7fELF\x02\x01", "64 bits, little-endian");

    let sections = number(file, 0x28, 8);
    let count = number(file, 0x3c, 2);
    let section = |index: usize| &file[sections + index * SECTION_SIZE..][..SECTION_SIZE];
    let content = |section: &[u8]| {
        let (start, len) = (number(section, 0x18, 8), number(section, 0x20, 8));
        &file[start..start + len]
    };
    let symbols = (0..count)
        .map(section)
        .find(|section| number(section, 4, 4) as u64 == DYNAMIC_SYMBOLS)
        .expect("a table of dynamic symbols");
    let names = content(section(number(symbols, 0x28, 4)));

    let mut exported: Vec<String> = content(symbols)
        .chunks_exact(SYMBOL_SIZE)
        // Section 0 is that of symbols which are defined elsewhere.
        .filter(|symbol| number(symbol, 6, 2) != 0)
        .map(|symbol| {
            let name = &names[number(symbol, 0, 4)..];
            let len = name.iter().position(|&byte| byte == 0).expect("the end of a name");
            String::from_utf8(name[..len].to_vec()).expect("UTF-8")
        })
        .collect();
    exported.sort();
    exported
}

/// A little-endian number of `len` bytes.
fn number(bytes: &[u8], at: usize, len: usize) -> usize {
    bytes[at..at + len]
        .iter()
        .rev()
        .fold(0, |number, &byte| number << 8 | usize::from(byte))
}
