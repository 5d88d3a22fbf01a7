//! Device filters by which the device lists can be narrowed: `filterId`.

use super::device::Device;

/// A filter, default or custom.
pub(crate) struct Filter {
    pub(crate) id: i64,
    /// Which devices it picks.
    pub(crate) picks: fn(&Device) -> bool,
}

/// All filters of the account: the service's own below 1,000, the account's own from there on.
pub(crate) const FILTERS: &[Filter] = &[
    // All devices.
    Filter {
        id: 101,
        picks: |_| true,
    },
    // All servers.
    Filter {
        id: 102,
        picks: |device| category(device) == "Server",
    },
    // All laptops.
    Filter {
        id: 103,
        picks: |device| category(device) == "Laptop",
    },
    // Online devices.
    Filter {
        id: 104,
        picks: |device| device.online,
    },
    // Offline devices.
    Filter {
        id: 105,
        picks: |device| !device.online,
    },
    // Devices that need a reboot.
    Filter {
        id: 106,
        picks: |device| device.model().has_agent() && device.reboot_required,
    },
    // A custom one: printers and switches.
    Filter {
        id: 20_001,
        picks: |device| category(device) == "Network Device",
    },
    // A custom one that picks nothing.
    Filter {
        id: 20_002,
        picks: |_| false,
    },
];

/// The filter with this id.
pub(crate) fn by_id(id: i64) -> Option<&'static Filter> {
    FILTERS.iter().find(|filter| filter.id == id)
}

fn category(device: &Device) -> &'static str {
    device.model().kind.map_or("", |(category, _)| category)
}
