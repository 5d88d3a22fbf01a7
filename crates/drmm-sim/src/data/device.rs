//! Devices: the few bytes kept of each, and how one is written in full.

use serde::Serialize;

use super::{
    World, digits,
    extra::Extra,
    model::{self, EVERY_CLASS, EVERY_CLASS_FROM, MODELS, Model},
    names::{ANTIVIRUS, USERS},
    udf::{TypedUdfs, Udfs},
};
use crate::{
    seed::{DAY_MS, EPOCH_MS, Purpose, Seed, Uid},
    state::DeviceChange,
};

/// The id of the first device, and the step to the next: ids have gaps, as real ones have.
const FIRST_ID: i64 = 2_400_007;
const ID_STEP: i64 = 3;

/// A MAC address is this and the device's position in the account as six hexadecimal digits.
const MAC_PREFIX: &str = "0C9D92";

/// The same for its second interface, by which the API does not find it.
const SECOND_MAC_PREFIX: &str = "0C9D93";

/// How many devices such addresses can tell apart.
pub(crate) const MOST_DEVICES: u32 = 0x0100_0000;

/// What is kept of a device: what look-ups and filters need. The rest is made anew when asked for.
pub(crate) struct Device {
    pub(crate) uid: Uid,
    pub(crate) index: u32,
    /// The site it was made for; [`crate::state`] knows where it is now.
    pub(crate) site: u32,
    model: u8,
    system: u8,
    pub(crate) online: bool,
    pub(crate) reboot_required: bool,
}

impl Device {
    /// Makes device `index` of an account with `sites` sites.
    pub(crate) fn generate(seed: Seed, index: u32, sites: u32) -> Self {
        let mut rng = seed.rng(Purpose::Device, index);
        let forced = index
            .checked_sub(EVERY_CLASS_FROM)
            .and_then(|at| EVERY_CLASS.get(at as usize));
        let model = forced.copied().unwrap_or_else(|| model::draw(&mut rng));
        let systems = MODELS[model].systems.len();
        let system = if systems == 0 {
            0
        } else {
            rng.usize(..systems)
        };
        let (site, deleted) = draw_site(sites, &mut rng);
        Self {
            uid: seed.uid(Purpose::DeviceUid, index),
            index,
            site,
            model: u8::try_from(model).unwrap_or_default(),
            system: u8::try_from(system).unwrap_or_default(),
            online: !deleted && rng.u8(..100) < 72,
            reboot_required: rng.u8(..100) < 9,
        }
    }

    /// The number by which the API knows the device.
    pub(crate) fn id(&self) -> i64 {
        FIRST_ID + ID_STEP * i64::from(self.index)
    }

    /// The address of its first network interface, twelve hexadecimal digits.
    pub(crate) fn mac_address(&self) -> String {
        format!("{MAC_PREFIX}{:06X}", self.index)
    }

    /// The address of its second network interface, if it has one.
    pub(crate) fn second_mac_address(&self) -> String {
        format!("{SECOND_MAC_PREFIX}{:06X}", self.index)
    }

    pub(crate) fn model(&self) -> &'static Model {
        &MODELS[self.model as usize]
    }

    /// Position in [`MODELS`].
    pub(crate) fn model_index(&self) -> usize {
        self.model as usize
    }

    pub(crate) fn operating_system(&self) -> Option<&'static str> {
        self.model().systems.get(self.system as usize).copied()
    }

    /// Writes the host name, which is unique, behind what is in `buffer`.
    pub(crate) fn write_hostname(&self, code: &str, buffer: &mut String) {
        buffer.push_str(self.model().prefix);
        buffer.push('-');
        buffer.push_str(code);
        buffer.push('-');
        digits(self.index, 5, buffer);
    }
}

/// The position of the device with this id, whether or not the account reaches that far.
pub(crate) fn index_of_id(id: i64) -> Option<u32> {
    let offset = id.checked_sub(FIRST_ID)?;
    if offset % ID_STEP != 0 {
        return None;
    }
    u32::try_from(offset / ID_STEP).ok()
}

/// The position of the device with this MAC address, whether or not the account reaches that far.
pub(crate) fn index_of_mac(address: &str) -> Option<u32> {
    let (prefix, digits) = address.split_at_checked(MAC_PREFIX.len())?;
    let hexadecimal = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    if !hexadecimal || !prefix.eq_ignore_ascii_case(MAC_PREFIX) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

/// One device in a hundred is deleted; the others are spread so that the first sites are the largest.
fn draw_site(sites: u32, rng: &mut fastrand::Rng) -> (u32, bool) {
    if sites == 1 {
        return (0, false);
    }
    if rng.u8(..100) == 0 {
        return (sites - 1, true);
    }
    let live = sites - 1;
    (rng.u32(..live).min(rng.u32(..live)), false)
}

/// In which form a device carries its user-defined fields.
#[derive(Clone, Copy)]
pub(crate) enum Version {
    /// `udf`, an object of texts.
    V2,
    /// `udfs`, a list of typed values.
    V3,
}

/// A device as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeviceView<'a> {
    pub(super) id: i64,
    pub(super) uid: Uid,
    pub(super) site_id: i64,
    pub(super) site_uid: Uid,
    pub(super) site_name: String,
    pub(super) device_type: Option<DeviceType>,
    pub(super) hostname: String,
    pub(super) int_ip_address: Option<String>,
    operating_system: Option<&'static str>,
    pub(super) last_logged_in_user: Option<String>,
    domain: Option<&'static str>,
    cag_version: Option<&'static str>,
    display_version: Option<&'static str>,
    pub(super) ext_ip_address: Option<String>,
    description: Option<String>,
    a64_bit: bool,
    reboot_required: Option<bool>,
    online: bool,
    suspended: bool,
    deleted: bool,
    last_seen: i64,
    last_reboot: Option<i64>,
    last_audit_date: Option<i64>,
    creation_date: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    udf: Option<Udfs<'a>>,
    snmp_enabled: bool,
    device_class: &'static str,
    pub(super) portal_url: String,
    warranty_date: Option<String>,
    antivirus: Option<Antivirus>,
    pub(super) patch_management: Option<PatchManagement>,
    software_status: Option<&'static str>,
    pub(super) web_remote_url: Option<String>,
    network_probe: bool,
    onboarded_via_network_monitor: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    udfs: Option<TypedUdfs<'a>>,
    #[serde(flatten)]
    pub(super) extra: Option<Extra>,
}

#[derive(Serialize)]
pub(super) struct DeviceType {
    category: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Antivirus {
    antivirus_product: Option<&'static str>,
    antivirus_status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PatchManagement {
    patch_status: &'static str,
    pub(super) patches_approved_pending: u32,
    pub(super) patches_not_approved: u32,
    pub(super) patches_installed: u32,
}

impl World {
    /// Writes one device. `change` is what happened to it since the server started.
    pub(crate) fn device_view(
        &self,
        index: u32,
        change: DeviceChange,
        version: Version,
        extra: bool,
    ) -> DeviceView<'_> {
        let device = &self.devices[index as usize];
        let code = self.sites.at(device.site).code;
        let site = self.sites.at(change.site.unwrap_or(device.site));
        let model = device.model();
        let agent = model.has_agent();
        let mut rng = self.seed.rng(Purpose::DeviceText, index);
        let rng = &mut rng;
        let id = device.id();
        let created = EPOCH_MS - rng.i64(30 * DAY_MS..2_000 * DAY_MS);
        let last_seen = if device.online {
            EPOCH_MS - rng.i64(0..120_000)
        } else {
            EPOCH_MS - rng.i64(DAY_MS / 24..30 * DAY_MS)
        };
        let mut hostname = String::with_capacity(16);
        device.write_hostname(code, &mut hostname);
        let online = device.online;
        let udfs = Udfs {
            seed: self.seed,
            device: index,
            keys: &self.udf_keys,
            written: change.udfs,
        };
        let (udf, udfs) = match version {
            Version::V2 => (Some(udfs), None),
            Version::V3 => (None, Some(TypedUdfs(udfs))),
        };
        let cag_version = agent.then(|| ["4.4.2224.2224", "4.4.2260.2260"][rng.usize(..2)]);
        DeviceView {
            id,
            uid: device.uid,
            site_id: site.id(),
            site_uid: site.uid,
            site_name: site.details.name.clone(),
            device_type: model
                .kind
                .map(|(category, kind)| DeviceType { category, kind }),
            hostname,
            int_ip_address: most(rng)
                .then(|| format!("10.{}.{}.{}", rng.u8(..), rng.u8(..), rng.u8(1..))),
            operating_system: device.operating_system(),
            last_logged_in_user: (agent && most(rng))
                .then(|| format!("{}\\{}", code, USERS[rng.usize(..USERS.len())])),
            domain: agent.then(|| ["corp.example.local", "WORKGROUP"][rng.usize(..2)]),
            cag_version,
            display_version: cag_version,
            ext_ip_address: most(rng).then(|| format!("203.0.113.{}", rng.u8(1..))),
            description: most(rng).then(|| description(id, rng)),
            a64_bit: agent && rng.u8(..50) != 0,
            reboot_required: agent.then_some(device.reboot_required),
            online,
            suspended: rng.u8(..100) == 0,
            deleted: site.deleted,
            last_seen,
            last_reboot: agent.then(|| last_seen - rng.i64(0..40 * DAY_MS)),
            last_audit_date: most(rng).then(|| last_seen - rng.i64(0..DAY_MS)),
            creation_date: created,
            udf,
            snmp_enabled: !agent && rng.bool(),
            device_class: model.class,
            portal_url: format!("https://sim.centrastage.net/csm/device/summary/{id}"),
            warranty_date: {
                let made = (rng.u8(..3) == 0).then(|| {
                    format!(
                        "20{}-{:02}-{:02}",
                        rng.u8(24..30),
                        rng.u8(1..=12),
                        rng.u8(1..=28)
                    )
                });
                change.warranty.unwrap_or(made)
            },
            antivirus: (agent && most(rng)).then(|| antivirus(rng)),
            patch_management: agent.then(|| patch_management(device.reboot_required, rng)),
            software_status: agent
                .then(|| ["Compliant", "Non-compliant", "Disabled"][rng.usize(..3)]),
            web_remote_url: agent
                .then(|| format!("https://sim.centrastage.net/csm/webremote/{id}")),
            network_probe: agent && rng.u8(..60) == 0,
            onboarded_via_network_monitor: model.class == "rmmnetworkdevice",
            udfs,
            extra: extra.then(Extra::default),
        }
    }
}

/// True nine times out of ten: any field of the API may be null, and some are.
fn most(rng: &mut fastrand::Rng) -> bool {
    rng.u8(..10) != 0
}

fn description(id: i64, rng: &mut fastrand::Rng) -> String {
    match rng.u8(..4) {
        0 => format!("Büro {}, 3. Stock", rng.u8(1..)),
        1 => format!("\"Leihgerät\" {id}"),
        2 => format!("C:\\Users\\Public\tAsset {id}"),
        _ => format!("Asset {id}"),
    }
}

fn antivirus(rng: &mut fastrand::Rng) -> Antivirus {
    let status = [
        "RunningAndUpToDate",
        "RunningAndNotUpToDate",
        "NotRunning",
        "NotDetected",
    ];
    // Most scanners are fine.
    let at = if rng.u8(..10) < 8 { 0 } else { rng.usize(..4) };
    Antivirus {
        antivirus_product: (at != 3).then(|| ANTIVIRUS[rng.usize(..ANTIVIRUS.len())]),
        antivirus_status: status[at],
    }
}

fn patch_management(reboot_required: bool, rng: &mut fastrand::Rng) -> PatchManagement {
    let other = [
        "NoPolicy",
        "NoData",
        "InstallError",
        "ApprovedPending",
        "FullyPatched",
    ];
    let status = if reboot_required {
        "RebootRequired"
    } else {
        other[rng.usize(..5)]
    };
    let pending = if status == "ApprovedPending" {
        rng.u32(1..20)
    } else {
        0
    };
    PatchManagement {
        patch_status: status,
        patches_approved_pending: pending,
        patches_not_approved: if status == "NoData" { 0 } else { rng.u32(..15) },
        patches_installed: if status == "NoData" {
            0
        } else {
            rng.u32(40..400)
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_back_to_its_device() {
        let device = Device::generate(Seed(1), 99_999, 40);
        assert_eq!(index_of_id(device.id()), Some(99_999));
        for id in [device.id() + 1, 0, -1, i64::MIN, i64::MAX] {
            assert!(index_of_id(id).is_none_or(|index| index > 99_999), "{id}");
        }
    }

    #[test]
    fn a_mac_address_has_one_form() {
        assert_eq!(index_of_mac("0C9D920001fF"), Some(511));
        let device = Device::generate(Seed(1), 99_999, 40);
        assert_eq!(index_of_mac(&device.mac_address()), Some(99_999));
        for text in [
            "",
            "0C9D92",
            "0C:9D:92:00:01:FF",
            "0C9D9200001",
            "0C9D93000001",
            "0C9D92+00001",
            "ääääää",
        ] {
            assert_eq!(index_of_mac(text), None, "{text}");
        }
    }
}
