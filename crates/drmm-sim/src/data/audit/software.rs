//! The programs on a device.

use serde::Serialize;

use crate::{data::World, seed::Purpose};

const PROGRAMS: [&str; 24] = [
    "7-Zip 24.09 (x64)",
    "Adobe Acrobat (64-bit)",
    "Datto RMM",
    "DATEV Mittelstand",
    "FortiClient VPN",
    "Git",
    "Google Chrome",
    "Java 8 Update 441 (64-bit)",
    "KeePass Password Safe 2.57",
    "LibreOffice 24.8 – Hilfepaket (Deutsch)",
    "Lexware büro easy",
    "Microsoft 365 Apps for Business - de-de",
    "Microsoft Edge",
    "Microsoft Visual C++ 2015-2022 Redistributable (x64)",
    "Microsoft Visual C++ 2015-2022 Redistributable (x86)",
    "Mozilla Firefox (x64 de)",
    "Notepad++ (64-bit x64)",
    "Python 3.13 (64-bit)",
    "SQL Server Management Studio",
    "TeamViewer Host",
    "Überwachung \"Plus\" Client",
    "VLC media player",
    "Zoom Workplace (64-bit)",
    "WinSCP 6.3",
];

/// A program as the API writes it.
#[derive(Serialize)]
pub(crate) struct SoftwareView {
    name: String,
    version: Option<String>,
}

impl World {
    /// How many programs are on a device; every eighth has more than one page of them.
    pub(crate) fn software_count(&self, index: u32) -> usize {
        let mut rng = self.seed.rng(Purpose::Software, index);
        if index.is_multiple_of(8) {
            rng.usize(251..620)
        } else {
            rng.usize(30..200)
        }
    }

    /// Writes one of the programs on a device. After the known ones come their language packs and
    /// updates, as they do on machines that have grown old.
    pub(crate) fn software(&self, index: u32, position: usize) -> SoftwareView {
        let mixed = index ^ u32::try_from(position).unwrap_or_default().rotate_left(16);
        let mut rng = self.seed.rng(Purpose::Software, mixed);
        let program = PROGRAMS[position % PROGRAMS.len()];
        let name = match position / PROGRAMS.len() {
            0 => program.to_owned(),
            round if round % 2 == 1 => format!("{program} – Sprachpaket {round}"),
            round => format!("Update for {program} (KB{})", 4_000_000 + 1_013 * round),
        };
        let version = (rng.u8(..12) != 0)
            .then(|| format!("{}.{}.{}", rng.u8(1..130), rng.u8(..40), rng.u16(..)));
        SoftwareView { name, version }
    }
}
