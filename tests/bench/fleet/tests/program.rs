//! The program, on a fleet that fits into a test.

use std::{path::Path, process::Command};

use serde_json::Value;

/// Six processes with 72 requests in all, of which 60 go at once.
#[test]
fn a_fleet_does_its_work_with_each_client() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fleet.json");
    let output = Command::new(env!("CARGO_BIN_EXE_drmm-fleet"))
        .args(["--case", "fleet", "--model", "legacy", "--processes", "6"])
        .args(["--limit", "60", "--window-s", "0.3", "--json"])
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    assert!(text.contains("control  legacy  drmm"), "{text}");
    let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let rows = document["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 7, "{text}");
    for row in rows {
        assert_eq!(
            (&row["finished"], &row["answered"]),
            (&6.into(), &72.into()),
            "{row}"
        );
        assert_eq!(
            (&row["failed"], &row["addresses"]),
            (&0.into(), &6.into()),
            "{row}"
        );
    }
    let control = &rows[0];
    assert_eq!(
        (&control["case"], &control["status429"]),
        (&"control".into(), &0.into())
    );
    for row in rows
        .iter()
        .filter(|row| row["client"] == "fixed wait, a window")
    {
        // It never has the many refusals that end in a block, so it repeats just what was refused.
        assert_eq!(row["repeated"], row["status429"], "{row}");
        assert_eq!(
            (&row["calibrations"], &row["blocks"]),
            (&0.into(), &0.into()),
            "{row}"
        );
    }
    assert_eq!(
        (&rows[1]["formulaS"], &rows[1]["retryAfter"]),
        (&0.06.into(), &false.into())
    );
}
