//! The kinds of device there are, and what each kind has in common.

/// One kind of device.
pub(crate) struct Model {
    /// `deviceClass` of the API.
    pub(crate) class: &'static str,
    /// `deviceType.category` and `deviceType.type`; an unknown device has none.
    pub(crate) kind: Option<(&'static str, &'static str)>,
    /// Start of the host name.
    pub(crate) prefix: &'static str,
    /// Operating systems; empty where the API knows none.
    pub(crate) systems: &'static [&'static str],
    /// How many of a hundred devices are of this kind.
    pub(crate) share: u32,
}

impl Model {
    /// Whether an agent runs on it, so that there are a user, patches and a virus scanner.
    pub(crate) fn has_agent(&self) -> bool {
        self.class == "device"
    }
}

const CLIENT_SYSTEMS: &[&str] = &[
    "Microsoft Windows 11 Pro 10.0.26100",
    "Microsoft Windows 11 Enterprise 10.0.22631",
    "Microsoft Windows 10 Pro 10.0.19045",
    "macOS 15.5 (24F74)",
    "Ubuntu 24.04.2 LTS 6.8.0-60-generic",
];

const SERVER_SYSTEMS: &[&str] = &[
    "Microsoft Windows Server 2022 Standard 10.0.20348",
    "Microsoft Windows Server 2019 Datacenter 10.0.17763",
    "Microsoft Windows Server 2025 Standard 10.0.26100",
    "Debian GNU/Linux 12 (bookworm) 6.1.0-37-amd64",
];

/// All kinds. The shares add up to a hundred.
pub(crate) const MODELS: &[Model] = &[
    Model {
        class: "device",
        kind: Some(("Desktop", "Desktop")),
        prefix: "PC",
        systems: CLIENT_SYSTEMS,
        share: 36,
    },
    Model {
        class: "device",
        kind: Some(("Laptop", "Notebook")),
        prefix: "NB",
        systems: CLIENT_SYSTEMS,
        share: 34,
    },
    Model {
        class: "device",
        kind: Some(("Server", "Main System Chassis")),
        prefix: "SRV",
        systems: SERVER_SYSTEMS,
        share: 12,
    },
    Model {
        class: "device",
        kind: Some(("Server", "Rack Mount Chassis")),
        prefix: "RCK",
        systems: SERVER_SYSTEMS,
        share: 4,
    },
    Model {
        class: "printer",
        kind: Some(("Network Device", "Printer")),
        prefix: "PRN",
        systems: &[],
        share: 5,
    },
    Model {
        class: "esxihost",
        kind: Some(("ESXi Host", "ESXi Host")),
        prefix: "ESX",
        systems: &[
            "VMware ESXi 8.0.3 build-24674464",
            "VMware ESXi 7.0.3 build-23794027",
        ],
        share: 2,
    },
    Model {
        class: "rmmnetworkdevice",
        kind: Some(("Network Device", "Switch")),
        prefix: "SW",
        systems: &[],
        share: 5,
    },
    Model {
        class: "unknown",
        kind: None,
        prefix: "UNK",
        systems: &[],
        share: 2,
    },
];

/// The first devices of an account, so that even a small one has every class: these follow one
/// another from the third device on, and all others are drawn by share.
pub(crate) const EVERY_CLASS: [usize; 5] = [2, 4, 5, 6, 7];

/// Where [`EVERY_CLASS`] begins.
pub(crate) const EVERY_CLASS_FROM: u32 = 2;

/// Draws the model of a device by share.
pub(crate) fn draw(rng: &mut fastrand::Rng) -> usize {
    let mut left = rng.u32(..100);
    for (index, model) in MODELS.iter().enumerate() {
        if left < model.share {
            return index;
        }
        left -= model.share;
    }
    MODELS.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(MODELS.iter().map(|model| model.share).sum::<u32>(), 100);
    }

    #[test]
    fn every_class_is_among_the_first_devices() {
        let classes: Vec<_> = EVERY_CLASS
            .iter()
            .map(|&index| MODELS[index].class)
            .collect();
        assert_eq!(
            classes,
            [
                "device",
                "printer",
                "esxihost",
                "rmmnetworkdevice",
                "unknown"
            ]
        );
    }
}
