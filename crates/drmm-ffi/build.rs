//! Gives the library for Windows a version resource: Explorer shows it, and installers, inventories
//! and virus scanners read it.
//!
//! It is written in the format that resource compilers write, since a machine that links for
//! Windows need not have one.

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;

/// What the resource says beside the version.
const STRINGS: [(&str, &str); 5] = [
    ("CompanyName", "The DattoRMM authors"),
    ("FileDescription", env!("CARGO_PKG_DESCRIPTION")),
    ("LegalCopyright", "MIT license"),
    ("OriginalFilename", "drmm_native.dll"),
    ("ProductName", "DattoRMM"),
];

const VERSION_RESOURCE: u16 = 16;
const UNICODE: u16 = 1200;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS")? != "windows" {
        return Ok(());
    }
    let mut file = PathBuf::from(std::env::var("OUT_DIR")?).join("version.res");
    std::fs::write(
        &file,
        resource_file(&version_info(env!("CARGO_PKG_VERSION"))?)?,
    )?;
    if std::env::var("CARGO_CFG_TARGET_ENV")? == "gnu" {
        // GNU's linker takes objects only.
        let object = file.with_extension("o");
        let prefix = std::env::var("CARGO_CFG_TARGET_ARCH")? + "-w64-mingw32-windres";
        let status = Command::new(prefix)
            .args(["-J", "res", "-O", "coff", "-i"])
            .arg(&file)
            .arg("-o")
            .arg(&object)
            .status()?;
        if !status.success() {
            return Err(format!("windres: {status}").into());
        }
        file = object;
    }
    println!("cargo::rustc-link-arg-cdylib={}", file.display());
    Ok(())
}

/// A file with one resource, behind the empty one that each begins with.
fn resource_file(data: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut file = header(0, 0, 0)?;
    file.extend(header(data.len(), VERSION_RESOURCE, 1)?);
    file.extend(data);
    Ok(file)
}

fn header(len: usize, kind: u16, name: u16) -> Result<Vec<u8>, Box<dyn Error>> {
    const LENGTH: u32 = 32;
    const NUMBERED: u16 = 0xffff;
    let mut header = Vec::new();
    header.extend(u32::try_from(len)?.to_le_bytes());
    header.extend(LENGTH.to_le_bytes());
    for number in [NUMBERED, kind, NUMBERED, name] {
        header.extend(number.to_le_bytes());
    }
    // Versions, flags and language, all neutral.
    header.resize(usize::try_from(LENGTH)?, 0);
    Ok(header)
}

/// The tree of blocks that a version resource is.
fn version_info(version: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let numbers: Vec<u32> = version
        .split('.')
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [major, minor, patch] = numbers[..] else {
        return Err(format!("{version} is no version").into());
    };
    let mut fixed = Vec::new();
    for number in [
        0xfeef_04bd, // the signature
        0x0001_0000, // the version of this structure
        major << 16 | minor,
        patch << 16,
        major << 16 | minor,
        patch << 16,
        0x3f, // which flags have a meaning
        0,
        0x0004_0004, // Windows
        2,           // a library
        0,
        0,
        0,
    ] {
        fixed.extend(u32::to_le_bytes(number));
    }
    let versions = [("FileVersion", version), ("ProductVersion", version)];
    let strings = STRINGS
        .iter()
        .chain(&versions)
        .map(|(key, value)| text_block(key, value))
        .collect::<Result<Vec<_>, _>>()?;
    let table = block("000004b0", &[], 0, true, &strings)?;
    let mut language = vec![0, 0];
    language.extend(UNICODE.to_le_bytes());
    let translation = block("Translation", &language, language.len(), false, &[])?;
    block(
        "VS_VERSION_INFO",
        &fixed,
        fixed.len(),
        false,
        &[
            block("StringFileInfo", &[], 0, true, &[table])?,
            block("VarFileInfo", &[], 0, true, &[translation])?,
        ],
    )
}

fn text_block(key: &str, value: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let value = wide(value);
    // The length of a text counts characters.
    block(key, &value, value.len() / 2, true, &[])
}

/// A block: lengths, kind, name, value, and blocks inside, each part on a boundary of four bytes.
fn block(
    key: &str,
    value: &[u8],
    value_length: usize,
    is_text: bool,
    inner: &[Vec<u8>],
) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = vec![0, 0];
    bytes.extend(u16::try_from(value_length)?.to_le_bytes());
    bytes.extend(u16::from(is_text).to_le_bytes());
    bytes.extend(wide(key));
    for part in std::iter::once(value).chain(inner.iter().map(Vec::as_slice)) {
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes.extend(part);
    }
    let length = u16::try_from(bytes.len())?;
    bytes[..2].copy_from_slice(&length.to_le_bytes());
    // What follows begins on a boundary that the length does not count.
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    Ok(bytes)
}

fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().chain(std::iter::once(0));
    units.flat_map(u16::to_le_bytes).collect()
}
