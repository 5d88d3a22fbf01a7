//! The rows, for people and for programs.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use serde::Serialize;

use crate::case::Row;

#[derive(Serialize)]
struct Document<'a> {
    processors: usize,
    rows: &'a [Row],
}

const HEADS: [&str; 17] = [
    "case",
    "model",
    "client",
    "Retry-After",
    "finished",
    "failed",
    "time",
    "formula",
    "ratio",
    "bounds",
    "429",
    "most of one",
    "403",
    "blocks",
    "delayed",
    "calibrations",
    "repeated",
];
/// Columns from here on are numbers.
const NUMBERS: usize = 4;

const PRESSURE_HEADS: [&str; 10] = [
    "case",
    "model",
    "client",
    "Retry-After",
    "share",
    "least",
    "most",
    "429 first/later",
    "delayed first/later",
    "calibrations",
];

/// Writes the tables.
pub(crate) fn print(output: &mut dyn Write, rows: &[Row]) -> io::Result<()> {
    let (pressed, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.pressure.is_some());
    if !others.is_empty() {
        table(output, &HEADS, others.into_iter().map(cells).collect())?;
    }
    if !pressed.is_empty() {
        let cells = pressed.into_iter().map(pressure_cells).collect();
        table(output, &PRESSURE_HEADS, cells)?;
    }
    Ok(())
}

/// Where the figures go if nobody says where: `out/fleet.json` of the checkout.
pub(crate) fn usual_file() -> io::Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let folder = root.canonicalize()?.join("out");
    fs::create_dir_all(&folder)?;
    Ok(folder.join("fleet.json"))
}

/// Writes all figures into a file.
pub(crate) fn write(file: &Path, rows: &[Row]) -> io::Result<()> {
    let processors = std::thread::available_parallelism()?.get();
    let mut text = serde_json::to_vec_pretty(&Document { processors, rows })?;
    text.push(b'\n');
    fs::write(file, text)
}

fn common(row: &Row) -> [String; 4] {
    [
        row.case.clone(),
        format!("{:?}", row.model).to_lowercase(),
        row.client.clone(),
        if row.retry_after { "yes" } else { "no" }.to_owned(),
    ]
}

fn cells(row: &Row) -> Vec<String> {
    let mut cells = common(row).to_vec();
    cells.extend([
        format!("{} of {}", row.finished, row.processes),
        row.failed.to_string(),
        format!("{:.1} s", row.time_s),
        row.formula_s
            .map_or_else(String::new, |formula| format!("{formula:.1} s")),
        row.formula_s.map_or_else(String::new, |formula| {
            format!("{:.2}", row.time_s / formula)
        }),
        match (row.bound_s, row.cutoff_bound_s) {
            (Some(limit), Some(cutoff)) => format!("{limit:.0} / {cutoff:.0} s"),
            _ => String::new(),
        },
        row.status_429.to_string(),
        row.most_429_of_one.to_string(),
        row.status_403.to_string(),
        row.blocks.to_string(),
        row.delayed.to_string(),
        row.calibrations.to_string(),
        row.repeated.to_string(),
    ]);
    cells
}

fn pressure_cells(row: &Row) -> Vec<String> {
    let mut cells = common(row).to_vec();
    if let Some(pressure) = &row.pressure {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        cells.extend([
            percent(pressure.share),
            percent(pressure.least),
            percent(pressure.most),
            format!("{} / {}", pressure.first_429, pressure.later_429),
            format!("{} / {}", pressure.first_delayed, pressure.later_delayed),
            row.calibrations.to_string(),
        ]);
    }
    cells
}

fn table(output: &mut dyn Write, heads: &[&str], rows: Vec<Vec<String>>) -> io::Result<()> {
    let mut lines = vec![heads.iter().map(ToString::to_string).collect()];
    lines.extend(rows);
    let width = |column: usize| {
        let of = |line: &Vec<String>| line.get(column).map_or(0, |cell| cell.chars().count());
        lines.iter().map(of).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..heads.len()).map(width).collect();
    for (number, line) in lines.iter().enumerate() {
        let cells: Vec<_> = line
            .iter()
            .zip(&widths)
            .enumerate()
            .map(|(column, (cell, &width))| {
                if column < NUMBERS {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            })
            .collect();
        writeln!(output, "{}", cells.join("  ").trim_end())?;
        if number == 0 {
            let rule: Vec<_> = widths.iter().map(|&width| "-".repeat(width)).collect();
            writeln!(output, "{}", rule.join("  "))?;
        }
    }
    writeln!(output)
}
