//! Network interfaces, and devices as the list of them writes them.

use serde::Serialize;

use super::{
    Device, World,
    device::{DeviceType, DeviceView},
    extra::Extra,
};
use crate::seed::{Purpose, Uid};

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

/// A device with little more than its network interfaces.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NetworkView {
    id: i64,
    uid: Uid,
    site_id: i64,
    site_uid: Uid,
    site_name: String,
    device_type: Option<DeviceType>,
    hostname: String,
    int_ip_address: Option<String>,
    ext_ip_address: Option<String>,
    nics: Vec<Nic>,
    #[serde(flatten)]
    extra: Option<Extra>,
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

    /// Shortens a device to what the list of network interfaces has.
    pub(crate) fn network_view(&self, device: &Device, view: DeviceView<'_>) -> NetworkView {
        NetworkView {
            id: view.id,
            uid: view.uid,
            site_id: view.site_id,
            site_uid: view.site_uid,
            site_name: view.site_name,
            device_type: view.device_type,
            hostname: view.hostname,
            nics: self.nics(device, view.int_ip_address.clone()),
            int_ip_address: view.int_ip_address,
            ext_ip_address: view.ext_ip_address,
            extra: view.extra,
        }
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
