//! What the agent of a computer has found.

use serde_json::{Value, json};

use super::{GIB, earlier, memory, often, one, serial, snmp_info, sometimes};
use crate::{
    data::{Version, World},
    seed::Purpose,
    state::DeviceChange,
};

const MAKERS: [(&str, &[&str], &str); 4] = [
    (
        "Dell Inc.",
        &["Latitude 5540", "OptiPlex 7010", "PowerEdge R650"],
        "0K1H2J",
    ),
    (
        "LENOVO",
        &[
            "ThinkPad T14 Gen 4",
            "ThinkCentre M70q",
            "ThinkSystem SR630",
        ],
        "3136",
    ),
    (
        "HP",
        &[
            "EliteBook 840 G10",
            "ProDesk 400 G9",
            "ProLiant DL360 Gen10",
        ],
        "8B41",
    ),
    (
        "TERRA \"Wortmann\" AG",
        &["MOBILE 1517R", "PC-BUSINESS 6000", "MINISERVER G5"],
        "B760M",
    ),
];

const PROCESSORS: [(&str, u32); 4] = [
    ("13th Gen Intel(R) Core(TM) i5-1345U", 10),
    ("AMD Ryzen 7 PRO 7840U w/ Radeon 780M Graphics", 8),
    ("Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz", 16),
    ("Apple M3", 8),
];

impl World {
    /// Writes the audit of a device that has an agent.
    pub(crate) fn device_audit(&self, index: u32, change: DeviceChange) -> Value {
        let device = &self.devices[index as usize];
        let view = self.device_view(index, change, Version::V2, false);
        let mut rng = self.seed.rng(Purpose::Audit, index);
        let rng = &mut rng;
        let server = device
            .model()
            .kind
            .is_some_and(|(category, _)| category == "Server");
        let (maker, models, board) = MAKERS[rng.usize(..MAKERS.len())];
        let (processor, cores) = PROCESSORS[rng.usize(..PROCESSORS.len())];
        let sockets = if server { 2 } else { 1 };
        let total_memory = GIB * [8, 16, 32, 64][rng.usize(..4)];
        json!({
            "portalUrl": view.portal_url,
            "webRemoteUrl": view.web_remote_url,
            "systemInfo": {
                "manufacturer": maker,
                "model": models[rng.usize(..models.len())],
                "totalPhysicalMemory": total_memory,
                "username": view.last_logged_in_user,
                "dotNetVersion": often(rng).then_some("4.8.09037"),
                "totalCpuCores": cores * sockets,
            },
            "nics": self.nics(device, view.int_ip_address),
            "bios": often(rng).then(|| json!({
                "instance": "BIOS Date: 04/18/24 13:37:00 Ver: 1.29.0",
                "releaseDate": often(rng).then(|| earlier(rng)),
                "serialNumber": serial(rng),
                "smBiosVersion": format!("{}.{}.0", rng.u8(1..4), rng.u8(..40)),
            })),
            "baseBoard": { "manufacturer": maker, "product": sometimes(rng).then_some(board) },
            "displays": displays(server, rng),
            "logicalDisks": disks(device.operating_system(), rng),
            "mobileInfo": (!server && rng.u8(..12) == 0).then(|| mobile(rng)),
            "processors": vec![json!({ "name": processor }); sockets as usize],
            "videoBoards": [{ "displayAdapter": one(&["Intel(R) Iris(R) Xe Graphics", "NVIDIA T1000", "Microsoft Basic Display Adapter"], rng) }],
            "attachedDevices": attached(rng),
            "snmpInfo": (server && sometimes(rng)).then(|| snmp_info(&view.hostname, "Hardware: Intel64 Family 6 - Software: Windows", rng)),
            "physicalMemory": often(rng).then(|| memory(total_memory, if server { 4 } else { 2 }, rng)),
        })
    }
}

fn displays(server: bool, rng: &mut fastrand::Rng) -> Vec<Value> {
    let count = if server { 0 } else { rng.u8(1..4) };
    (0..count)
        .map(|number| {
            let (width, height) = [(1920, 1080), (2560, 1440), (3840, 2160)][rng.usize(..3)];
            json!({
                "instance": format!("Generischer PnP-Monitor {}", number + 1),
                "screenHeight": often(rng).then_some(height),
                "screenWidth": often(rng).then_some(width),
            })
        })
        .collect()
}

/// On Windows by their letters, elsewhere by where they are mounted.
fn disks(system: Option<&str>, rng: &mut fastrand::Rng) -> Vec<Value> {
    let windows = system.is_some_and(|name| name.contains("Windows"));
    let names: &[&str] = if windows {
        &["C:", "D:", "E:"]
    } else {
        &["/", "/home", "/srv/büro"]
    };
    let count = rng.usize(1..=names.len());
    names[..count]
        .iter()
        .map(|name| {
            let size = GIB * rng.u64(60..4_000);
            json!({
                "description": if windows { "Lokaler Datenträger" } else { "Local Fixed Disk" },
                "diskIdentifier": name,
                "freespace": rng.u64(..size),
                "size": size,
            })
        })
        .collect()
}

fn mobile(rng: &mut fastrand::Rng) -> Vec<Value> {
    vec![json!({
        "iccid": format!("8949020000{:09}", rng.u32(..1_000_000_000)),
        "imei": format!("35693803{:07}", rng.u32(..10_000_000)),
        "number": sometimes(rng).then(|| format!("+49151{:08}", rng.u32(..100_000_000))),
        "operator": "Telekom.de",
    })]
}

fn attached(rng: &mut fastrand::Rng) -> Vec<Value> {
    let known = [
        ("Brother HL-L2375DW", "PRINTER", "Brother", "USB001"),
        ("HP LaserJet Empfang (Süd)", "PRINTER", "HP", "IP_10.0.0.9"),
        (
            "Microsoft Print to PDF",
            "PRINTER",
            "Microsoft",
            "PORTPROMPT:",
        ),
    ];
    let count = rng.usize(..=known.len());
    known[..count]
        .iter()
        .map(|(name, kind, maker, port)| {
            let driver = often(rng);
            json!({
                "deviceName": name,
                "deviceType": kind,
                "driverFile": driver.then_some("C:\\Windows\\system32\\spool\\DRIVERS\\x64\\3\\mxdwdrv.dll"),
                "driverFileLastModified": driver.then(|| earlier(rng)),
                "driverManufacturer": driver.then_some(maker),
                "driverName": name,
                "driverVersion": driver.then(|| format!("10.0.{}.1", rng.u16(..))),
                "portName": port,
            })
        })
        .collect()
}
