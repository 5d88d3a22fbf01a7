//! Network interfaces.

use serde::Serialize;

use super::{Device, World};
use crate::seed::Purpose;

/// A network interface as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Nic {
    instance: &'static str,
    ipv4: Option<String>,
    ipv6: Option<String>,
    mac_address: String,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
}

impl World {
    /// The interfaces of a device: the first has the address by which the API finds it.
    pub(crate) fn nics(&self, device: &Device, ipv4: Option<String>) -> Vec<Nic> {
        let mut rng = self.seed.rng(Purpose::Nic, device.index);
        let rng = &mut rng;
        let instances = [
            "Intel(R) Ethernet Connection I219-LM",
            "Realtek PCIe GbE Family Controller",
            "LAN-Verbindung (Büro)",
            "eth0",
        ];
        let mut nics = vec![Nic {
            instance: instances[rng.usize(..instances.len())],
            ipv4,
            ipv6: rng.bool().then(|| link_local(rng)),
            mac_address: device.mac_address(),
            kind: (rng.u8(..10) != 0).then_some("ETHERNET"),
        }];
        if device.model().has_agent() && rng.bool() {
            nics.push(Nic {
                instance: "Intel(R) Wi-Fi 6E AX211 160MHz",
                ipv4: None,
                ipv6: rng.bool().then(|| link_local(rng)),
                mac_address: device.second_mac_address(),
                kind: Some("WIRELESS"),
            });
        }
        nics
    }
}

fn link_local(rng: &mut fastrand::Rng) -> String {
    format!(
        "fe80::{:x}:{:x}:{:x}:{:x}",
        rng.u16(1..),
        rng.u16(1..),
        rng.u16(1..),
        rng.u16(1..)
    )
}
