//! What has been found out about an ESXi host.

use serde_json::{Value, json};

use super::{GIB, memory, often, one, serial, sometimes};
use crate::{
    data::{Version, World},
    seed::Purpose,
    state::DeviceChange,
};

impl World {
    /// Writes the audit of an ESXi host.
    pub(crate) fn esxi_audit(&self, index: u32, change: DeviceChange) -> Value {
        let device = &self.devices[index as usize];
        let view = self.device_view(index, change, Version::V2, false);
        let mut rng = self.seed.rng(Purpose::Audit, index);
        let rng = &mut rng;
        let guests: Vec<_> = (0..rng.u8(2..14))
            .map(|number| guest(number, rng))
            .collect();
        let snapshots: u64 = guests
            .iter()
            .filter_map(|guest| guest["numberOfSnapshots"].as_u64())
            .sum();
        let total_memory = GIB * [128, 256, 512][rng.usize(..3)];
        json!({
            "portalUrl": view.portal_url,
            "systemInfo": {
                "manufacturer": "Dell Inc.",
                "model": "PowerEdge R650",
                "name": view.hostname,
                "numberOfSnapshots": snapshots,
                "serviceTag": often(rng).then(|| serial(rng)),
            },
            "guests": guests,
            "processors": vec![json!({
                "frequency": f64::from(rng.u32(2_000..3_600)) + 0.25,
                "name": "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz",
                "numberOfCores": 32,
            }); 2],
            "nics": [
                {
                    "name": "vmnic0",
                    "ipv4": view.int_ip_address,
                    "ipv6": null,
                    "macAddress": device.mac_address(),
                    "speed": "10000 Mb",
                    "type": "ixgben",
                },
                {
                    "name": "vmnic1",
                    "ipv4": null,
                    "ipv6": null,
                    "macAddress": device.second_mac_address(),
                    "speed": null,
                    "type": "ixgben",
                },
            ],
            "physicalMemory": memory(total_memory, 8, rng),
            "datastores": (1..rng.u8(2..6)).map(|number| datastore(number, rng)).collect::<Vec<_>>(),
        })
    }
}

fn guest(number: u8, rng: &mut fastrand::Rng) -> Value {
    let role = ["DC", "SQL", "Exchange", "Datei-Server Büro", "vCenter"][usize::from(number) % 5];
    json!({
        "guestName": format!("{role} {number:02}"),
        "processorSpeedTotal": often(rng).then(|| rng.u32(2_000..20_000)),
        "memorySizeTotal": rng.u64(2..64) * GIB,
        "numberOfSnapshots": if sometimes(rng) { rng.u8(1..6) } else { 0 },
        "datastores": sometimes(rng).then(|| format!("datastore{}", rng.u8(1..3))),
    })
}

fn datastore(number: u8, rng: &mut fastrand::Rng) -> Value {
    let size = GIB * rng.u64(500..20_000);
    json!({
        "datastoreName": format!("datastore{number} (größer)"),
        "subscriptionPercent": rng.u8(20..180),
        "freeSpace": rng.u64(..size),
        "size": size,
        "fileSystem": "VMFS-6",
        "status": often(rng).then_some("NORMAL"),
        "dataExtents": often(rng).then(|| [json!({
            "name": format!("naa.{:016x}", rng.u64(..)),
            "size": size,
            "mediaType": one(&["SSD", "HDD"], rng),
            "status": "ok",
        })]),
    })
}
