//! What raised an alert: `alertContext`, whose shape its `@class` names.

use serde_json::{Value, json};

use crate::seed::{DAY_MS, EPOCH_MS};

/// Every class the API's help page names, and one that it does not: real accounts have such too.
pub(super) const CLASSES: [&str; KNOWN + 1] = [
    "antivirus_ctx",
    "comp_script_ctx",
    "custom_snmp_ctx",
    "disk_health_ctx",
    "eventlog_ctx",
    "fan_ctx",
    "fs_object_ctx",
    "online_offline_status_ctx",
    "patch_ctx",
    "perf_disk_usage_ctx",
    "perf_mon_ctx",
    "perf_resource_usage_ctx",
    "ping_ctx",
    "process_resource_usage_ctx",
    "process_status_ctx",
    "psu_ctx",
    "ransomware_ctx",
    "sec_management_ctx",
    "srvc_resource_usage_ctx",
    "srvc_status_ctx",
    "sw_action_ctx",
    "temperature_ctx",
    "wmi_ctx",
    "hypervisor_replica_ctx",
];

/// How many classes are known.
pub(super) const KNOWN: usize = 23;

/// A context of class `index` of [`CLASSES`].
pub(super) fn context(index: usize, rng: &mut fastrand::Rng) -> Value {
    let class = CLASSES[index];
    match class {
        "antivirus_ctx" => json!({
            "@class": class,
            "status": one(&["NOTDETECTED", "NOTRUNNING", "RUNNINGNOTUPTODATE"], rng),
            "productName": one(&["Windows Defender", "Sophos"], rng),
        }),
        "comp_script_ctx" => json!({
            "@class": class,
            "samples": { "Status": "Größe überschritten", "Result": rng.u32(..500).to_string() },
        }),
        "custom_snmp_ctx" => json!({
            "@class": class,
            "displayName": "Toner schwarz",
            "currentValue": rng.u8(..100).to_string(),
            "monitorInstance": "1.3.6.1.2.1.43.11.1.1.9.1.1",
        }),
        "eventlog_ctx" => event_log(class, rng),
        "fs_object_ctx" => json!({
            "@class": class,
            "sample": fraction(rng, 5_000),
            "threshold": 1024.5,
            "path": "C:\\Logs\\übersicht.log",
            "objectType": one(&["FILE", "DIRECTORY"], rng),
            "condition": one(&["ABOVE_THRESHOLD", "BELOW_THRESHOLD", "REMOVED", "CREATED"], rng),
        }),
        "online_offline_status_ctx" => {
            json!({ "@class": class, "status": one(&["ONLINE", "OFFLINE"], rng) })
        }
        "patch_ctx" => json!({
            "@class": class,
            "patchUid": format!("{:08x}-0000-4000-8000-000000000000", rng.u32(..)),
            "policyUid": null,
            "result": one(&["FAILED", "ABORTED"], rng),
            "info": "0x80070643",
        }),
        "perf_disk_usage_ctx" => json!({
            "@class": class,
            "diskName": one(&["C:", "D:", "/"], rng),
            "totalVolume": fraction(rng, 2_000_000),
            "freeSpace": fraction(rng, 90_000),
            "unitOfMeasure": one(&["PERCENT", "USED", "FREE"], rng),
            "diskNameDesignation": one(&["ANY_VOLUME", "ALL_VOLUMES", "SINGLE_VOLUME"], rng),
        }),
        "perf_mon_ctx" => json!({ "@class": class, "value": fraction(rng, 1_000) }),
        "perf_resource_usage_ctx" => json!({
            "@class": class,
            "processName": null,
            "sample": fraction(rng, 100),
            "type": one(&["CPU", "MEMORY"], rng),
        }),
        "ping_ctx" => json!({
            "@class": class,
            "instanceName": "192.0.2.1",
            "roundtripTime": rng.u16(..4_000),
            "reasons": ["PACKET_LOSS", "ROUND_TRIP_TIME"],
        }),
        "process_resource_usage_ctx" | "srvc_resource_usage_ctx" => json!({
            "@class": class,
            "processName": one(&["sqlservr.exe", "Spooler", "java"], rng),
            "sample": fraction(rng, 100),
            "type": one(&["CPU", "MEMORY"], rng),
        }),
        "process_status_ctx" | "srvc_status_ctx" => json!({
            "@class": class,
            "processName": one(&["sqlservr.exe", "Spooler", "BITS"], rng),
            "status": one(&["STOPPED", "STARTPENDING", "RUNNING", "PAUSED"], rng),
        }),
        "ransomware_ctx" => ransomware(class, rng),
        "sec_management_ctx" => json!({
            "@class": class,
            "status": rng.u8(..8),
            "productName": "Webroot SecureAnywhere",
            "infoTime": rng.u32(1_700_000_000..1_780_000_000),
            "virusName": one(&["EICAR-Test-File", "W32.Beispiel"], rng),
            "infectedFiles": ["C:\\Users\\b.åström\\eicar.com"],
            "productNotUpdatedForDays": rng.u8(..30),
            "systemRemainsInfectedForHours": null,
            "expiryLicenseForDays": rng.u8(..),
        }),
        "sw_action_ctx" => json!({
            "@class": class,
            "packageName": "7-Zip 24.09 (x64)",
            "actionType": one(&["INSTALLED", "UNINSTALLED", "VERSION_CHANGED"], rng),
            "prevVersion": one(&["23.01", "22.01"], rng),
            "version": "24.09",
        }),
        "temperature_ctx" => {
            json!({ "@class": class, "degree": fraction(rng, 90), "type": "TEMPERATURE" })
        }
        "wmi_ctx" => json!({ "@class": class, "value": rng.u32(..).to_string() }),
        "hypervisor_replica_ctx" => json!({
            "@class": class,
            "replica": { "name": "SQL-Größe", "lagMinutes": rng.u16(15..600) },
            "targets": ["esx-büro-1", null],
            "state": "LAGGING",
        }),
        "fan_ctx" => json!({ "@class": class, "reason": "Fan 2 stopped", "type": "FAN" }),
        "psu_ctx" => json!({ "@class": class, "reason": "PSU 1 failed", "type": "PSU" }),
        // The only one left is disk_health_ctx; a test sees to it that each class has its own fields.
        _ => json!({ "@class": class, "reason": "Disk 3 predicts failure", "type": "DISKHEALTH" }),
    }
}

fn event_log(class: &str, rng: &mut fastrand::Rng) -> Value {
    json!({
        "@class": class,
        "logName": one(&["System", "Application"], rng),
        "code": rng.u16(1..10_000).to_string(),
        "type": one(&["ERROR", "WARNING"], rng),
        "source": "Service Control Manager",
        "description": "Der Dienst \"Druckwarteschlange\" wurde unerwartet beendet.\r\n\tDies ist bereits 3 Mal passiert.",
        "triggerCount": rng.u8(1..20),
        "lastTriggered": EPOCH_MS - rng.i64(0..60 * DAY_MS),
        "causedSuspension": rng.bool(),
    })
}

fn ransomware(class: &str, rng: &mut fastrand::Rng) -> Value {
    let time = EPOCH_MS - rng.i64(0..60 * DAY_MS);
    json!({
        "@class": class,
        "state": rng.u8(..4),
        "confidenceFactor": rng.u8(..=100),
        "affectedDirectories": ["C:\\Users\\Public\\Dokumente", "D:\\Freigabe\\Büro"],
        "watchPaths": ["C:\\Users"],
        "rwextension": ".locked",
        "metaAlertTime": time,
        "alertTime": time - 1_500,
    })
}

fn one<'a>(choices: &[&'a str], rng: &mut fastrand::Rng) -> &'a str {
    choices[rng.usize(..choices.len())]
}

/// A number with two decimals below `limit`.
fn fraction(rng: &mut fastrand::Rng, limit: u32) -> f64 {
    f64::from(rng.u32(..limit)) + f64::from(rng.u8(1..100)) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_disk_health_takes_the_last_arm() {
        let mut rng = fastrand::Rng::with_seed(1);
        for (index, class) in CLASSES.iter().enumerate() {
            let context = context(index, &mut rng);
            assert_eq!(context["@class"], *class);
            assert_eq!(
                context["type"] == "DISKHEALTH",
                *class == "disk_health_ctx",
                "{class}"
            );
        }
    }
}
