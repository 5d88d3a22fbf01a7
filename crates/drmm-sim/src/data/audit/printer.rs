//! What has been found out about a printer.

use serde_json::{Value, json};

use super::{often, snmp_info};
use crate::{
    data::{Version, World},
    seed::Purpose,
    state::DeviceChange,
};

const SUPPLIES: [&str; 4] = [
    "Toner schwarz",
    "Toner cyan",
    "Toner magenta",
    "Resttonerbehälter",
];

impl World {
    /// Writes the audit of a printer.
    pub(crate) fn printer_audit(&self, index: u32, change: DeviceChange) -> Value {
        let device = &self.devices[index as usize];
        let view = self.device_view(index, change, Version::V2, false);
        let mut rng = self.seed.rng(Purpose::Audit, index);
        let rng = &mut rng;
        let (maker, model) = [
            ("HP", "LaserJet Enterprise M507"),
            ("Brother", "MFC-L8900CDW"),
            ("Kyocera", "ECOSYS M6235cidn"),
        ][rng.usize(..3)];
        json!({
            "portalUrl": view.portal_url,
            "snmpInfo": snmp_info(&view.hostname, &format!("{maker} {model}"), rng),
            "printerMarkerSupplies": SUPPLIES[..rng.usize(1..=4)].iter().map(|name| json!({
                "description": name,
                "maxCapacity": often(rng).then_some("100"),
                "suppliesLevel": rng.u8(..=100).to_string(),
            })).collect::<Vec<_>>(),
            "printer": { "printedPageCount": often(rng).then(|| rng.u32(..400_000)) },
            "systemInfo": { "manufacturer": maker, "model": often(rng).then_some(model) },
            "nics": self.nics(device, view.int_ip_address),
        })
    }
}
