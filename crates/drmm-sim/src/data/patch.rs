//! Patches: the catalogue, and which of it a device has.

use serde::Serialize;

use super::{Version, World, device::Device};
use crate::{
    seed::{DAY_MS, EPOCH_MS, Purpose, Uid},
    state::DeviceChange,
};

/// The patches of one family of systems, newest first: as many as a device may have.
const FAMILY: u32 = 460;

/// How many of the newest a device may know nothing of.
const UNKNOWN: u32 = 20;

/// Where a patch stands on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum InstallStatus {
    Installed,
    ApprovedPending,
    NotApproved,
}

impl InstallStatus {
    pub(crate) const ALL: [Self; 3] = [Self::Installed, Self::ApprovedPending, Self::NotApproved];

    /// As the API writes it.
    pub(crate) const NAMES: [&'static str; 3] = ["INSTALLED", "APPROVED_PENDING", "NOT_APPROVED"];

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let at = Self::NAMES.iter().position(|name| *name == text)?;
        Some(Self::ALL[at])
    }
}

/// Positions in the catalogue, from one on and so many.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    pub(crate) first: u32,
    pub(crate) count: u32,
    pub(crate) status: InstallStatus,
}

/// A patch as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PatchView {
    patch_id: Uid,
    category: Option<Vec<&'static str>>,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    description: Option<&'static str>,
    release_date: Option<String>,
    severity: &'static str,
    max_size: Option<u64>,
    reboot_required: Option<bool>,
    require_user_input: bool,
    kb_article_id: Option<String>,
    install_status: InstallStatus,
    /// On a device.
    #[serde(skip_serializing_if = "Option::is_none")]
    manual_override: Option<bool>,
    /// At a site.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_devices: Option<u64>,
}

/// How many patches the catalogue has.
pub(crate) const CATALOGUE: usize = 3 * FAMILY as usize;

/// Which part of the catalogue is for a device.
fn family(device: &Device) -> u32 {
    let system = device.operating_system().unwrap_or_default();
    match system {
        _ if system.contains("Server") => 1,
        _ if system.contains("Windows") => 0,
        _ => 2,
    }
}

impl World {
    /// Which patches a device has, as many of each status as the device itself says.
    pub(crate) fn patches_of(&self, index: u32, change: DeviceChange) -> Vec<Run> {
        let device = &self.devices[index as usize];
        let view = self.device_view(index, change, Version::V2, false);
        let Some(counts) = view.patch_management else {
            return Vec::new();
        };
        let mut rng = self.seed.rng(Purpose::Patch, u32::MAX - index);
        let mut first = FAMILY * family(device) + rng.u32(..UNKNOWN);
        // What waits is newer than what is there.
        [
            (
                counts.patches_approved_pending,
                InstallStatus::ApprovedPending,
            ),
            (counts.patches_not_approved, InstallStatus::NotApproved),
            (counts.patches_installed, InstallStatus::Installed),
        ]
        .into_iter()
        .map(|(count, status)| {
            let run = Run {
                first,
                count,
                status,
            };
            first += count;
            run
        })
        .collect()
    }

    /// Writes a patch as it stands on a device.
    pub(crate) fn device_patch(&self, device: u32, patch: u32, status: InstallStatus) -> PatchView {
        let overridden = (device ^ patch).is_multiple_of(23);
        PatchView {
            manual_override: Some(overridden),
            ..self.patch(patch, status)
        }
    }

    /// Writes a patch as it stands on so many devices of a site.
    pub(crate) fn site_patch(&self, devices: u64, patch: u32, status: InstallStatus) -> PatchView {
        PatchView {
            total_devices: Some(devices),
            ..self.patch(patch, status)
        }
    }

    fn patch(&self, index: u32, status: InstallStatus) -> PatchView {
        let mut rng = self.seed.rng(Purpose::Patch, index);
        let (family, age) = (index / FAMILY, index % FAMILY);
        let driver = rng.u8(..8) == 0;
        let knowledge = 5_060_000 - 37 * age;
        let title = match family {
            _ if driver => format!("Intel – net – {}.{}.2.1", rng.u8(1..30), rng.u8(..20)),
            0 => format!("Kumulatives Update für Windows 11 (KB{knowledge})"),
            1 => format!("Security Update for Windows Server (KB{knowledge})"),
            _ => format!("openssl {}.{}.{}", rng.u8(1..4), rng.u8(..9), age),
        };
        let severity = ["CRITICAL", "IMPORTANT", "MODERATE", "LOW", "UNSPECIFIED"][rng.usize(..5)];
        let categories: [&[&str]; 3] = [
            &["Security Updates"],
            &["Update Rollups", "Windows 11"],
            &["Critical Updates"],
        ];
        PatchView {
            patch_id: self.seed.uid(Purpose::PatchUid, index),
            category: (rng.u8(..10) != 0).then(|| categories[rng.usize(..3)].to_vec()),
            kind: if driver { "DRIVER" } else { "SOFTWARE" },
            title,
            description: (rng.u8(..4) != 0)
                .then_some("Behebt Probleme.\r\nNach der Installation ist ein Neustart nötig."),
            release_date: (rng.u8(..12) != 0).then(|| day(EPOCH_MS - i64::from(age) * 3 * DAY_MS)),
            severity,
            max_size: (rng.u8(..9) != 0).then(|| rng.u64(1_000..900_000_000)),
            reboot_required: (rng.u8(..9) != 0).then(|| rng.bool()),
            require_user_input: rng.u8(..20) == 0,
            kb_article_id: (family != 2 && !driver).then(|| knowledge.to_string()),
            install_status: status,
            manual_override: None,
            total_devices: None,
        }
    }
}

/// The day of a moment, `yyyy-mm-dd`.
fn day(ms: i64) -> String {
    crate::instant::text(ms)[..10].to_owned()
}
