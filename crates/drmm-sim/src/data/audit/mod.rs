//! Audits: what an agent has found out about its device, or about one near it.

mod device;
mod esxi;
mod printer;
mod software;

use serde_json::{Value, json};

use crate::seed::{DAY_MS, EPOCH_MS};

const GIB: u64 = 1 << 30;

/// What a device says of itself by SNMP.
fn snmp_info(name: &str, description: &str, rng: &mut fastrand::Rng) -> Value {
    json!({
        "snmpName": name,
        "snmpContact": sometimes(rng).then_some("it@example.com"),
        "snmpDescription": description,
        "snmpLocation": sometimes(rng).then_some("Gebäude 2, Flur \"Süd\""),
        "snmpUptime": format!("{} days, {:02}:{:02}:00", rng.u16(..400), rng.u8(..24), rng.u8(..60)),
        "nicManufacturer": sometimes(rng).then_some("Hewlett Packard"),
        "objectId": format!("1.3.6.1.4.1.11.2.3.9.{}", rng.u8(1..)),
        "snmpSerial": serial(rng),
    })
}

/// Modules of memory that add up to so many bytes.
fn memory(total: u64, modules: u64, rng: &mut fastrand::Rng) -> Vec<Value> {
    let kind = one(&["DDR4", "DDR5"], rng);
    let speed = one(&["2666 MHz", "3200 MHz", "4800 MHz"], rng);
    (0..modules)
        .map(|number| {
            json!({
                "module": format!("DIMM {number}"),
                "size": total / modules,
                "type": kind,
                "speed": speed,
                "serialNumber": often(rng).then(|| format!("{:08X}", rng.u32(..))),
                "partNumber": often(rng).then_some("M471A2K43DB1-CWE"),
                "bank": if sometimes(rng) { Value::Null } else { format!("BANK {number}").into() },
            })
        })
        .collect()
}

fn serial(rng: &mut fastrand::Rng) -> String {
    (0..7)
        .map(|_| char::from(b"ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"[rng.usize(..34)]))
        .collect()
}

/// A moment in the years before the account's present.
fn earlier(rng: &mut fastrand::Rng) -> i64 {
    EPOCH_MS - rng.i64(100..2_500) * DAY_MS
}

fn one<'a>(choices: &[&'a str], rng: &mut fastrand::Rng) -> &'a str {
    choices[rng.usize(..choices.len())]
}

/// True nine times out of ten.
fn often(rng: &mut fastrand::Rng) -> bool {
    rng.u8(..10) != 0
}

/// True one time out of three.
fn sometimes(rng: &mut fastrand::Rng) -> bool {
    rng.u8(..3) == 0
}
