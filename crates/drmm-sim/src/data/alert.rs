//! Alerts: the few bytes kept of each, and how one is written in full.

use serde::Serialize;
use serde_json::Value;

use super::{World, context, extra::Extra};
use crate::{
    config::Config,
    seed::{DAY_MS, EPOCH_MS, Purpose, Seed, Uid},
    state::Resolution,
};

const PRIORITIES: [&str; 6] = [
    "Critical",
    "High",
    "Moderate",
    "Low",
    "Information",
    "Unknown",
];

/// What is kept of an alert.
pub(crate) struct Alert {
    pub(crate) uid: Uid,
    pub(crate) index: u32,
    pub(crate) device: u32,
    /// When it was raised, Unix milliseconds.
    timestamp: i64,
    context: u8,
    priority: u8,
    pub(crate) muted: bool,
    /// Whether it is open in the generated data; [`crate::state`] knows what was resolved since.
    pub(crate) open: bool,
}

/// Makes all alerts, newest first.
pub(crate) fn generate(seed: Seed, config: &Config) -> Vec<Alert> {
    let mut left_open = config.open_alerts();
    let mut left_resolved = config.resolved_alerts();
    let total = left_open.saturating_add(left_resolved);
    let mut timestamp = EPOCH_MS;
    let mut alerts = Vec::with_capacity(total as usize);
    for index in 0..total {
        let mut rng = seed.rng(Purpose::Alert, index);
        // Drawn without putting back, so that the numbers come out exactly.
        let open = rng.u32(..left_open + left_resolved) < left_open;
        let number = if open {
            config.open_alerts() - left_open
        } else {
            config.resolved_alerts() - left_resolved
        };
        if open {
            left_open -= 1;
        } else {
            left_resolved -= 1;
        }
        timestamp -= rng.i64(1..=(60 * DAY_MS / i64::from(total)).max(1));
        alerts.push(Alert {
            uid: seed.uid(Purpose::AlertUid, index),
            index,
            device: rng.u32(..config.devices),
            timestamp,
            context: context_of(number, &mut rng),
            priority: priority_of(number, &mut rng),
            muted: rng.u8(..10) == 0,
            open,
        });
    }
    alerts
}

/// Every context is among the first open and among the first resolved alerts; then a known one by
/// chance.
fn context_of(number: u32, rng: &mut fastrand::Rng) -> u8 {
    let drawn = rng.usize(..context::KNOWN);
    let at = if (number as usize) < context::CLASSES.len() {
        number as usize
    } else {
        drawn
    };
    u8::try_from(at).unwrap_or_default()
}

/// Every priority is among the first alerts; then few are critical.
fn priority_of(number: u32, rng: &mut fastrand::Rng) -> u8 {
    let drawn = [0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4][rng.usize(..12)];
    if number < 6 {
        u8::try_from(number).unwrap_or_default()
    } else {
        drawn
    }
}

/// An alert as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AlertView {
    alert_uid: Uid,
    priority: &'static str,
    diagnostics: Option<String>,
    resolved: bool,
    resolved_by: Option<String>,
    resolved_on: Option<i64>,
    muted: bool,
    ticket_number: Option<String>,
    timestamp: i64,
    alert_monitor_info: MonitorInfo,
    alert_context: Value,
    alert_source_info: SourceInfo,
    response_actions: Option<Vec<ResponseAction>>,
    autoresolve_mins: Option<u32>,
    #[serde(flatten)]
    extra: Option<Extra>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MonitorInfo {
    sends_emails: bool,
    creates_ticket: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SourceInfo {
    device_uid: Uid,
    device_name: String,
    site_uid: Uid,
    site_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResponseAction {
    action_time: i64,
    action_type: &'static str,
    description: Option<String>,
    action_reference: Option<String>,
    action_reference_int: Option<String>,
}

impl World {
    /// Writes one alert. `resolution` is what happened to it since the server started, `site` where
    /// its device is now.
    pub(crate) fn alert_view(
        &self,
        index: u32,
        resolution: Option<Resolution>,
        site: u32,
        extra: bool,
    ) -> AlertView {
        let alert = &self.alerts[index as usize];
        let device = &self.devices[alert.device as usize];
        let site = self.sites.at(site);
        let mut rng = self.seed.rng(Purpose::AlertText, index);
        let rng = &mut rng;
        let creates_ticket = rng.u8(..3) == 0;
        let ticket =
            creates_ticket.then(|| format!("T20260{}.{:04}", rng.u16(401..532), rng.u16(..10_000)));
        let earlier = (!alert.open).then(|| Resolution {
            on: alert.timestamp + rng.i64(60_000..2 * DAY_MS),
            by: ["automation", "helpdesk", "j.weiß"][rng.usize(..3)].to_owned(),
        });
        let resolution = resolution.or(earlier);
        let mut device_name = String::new();
        device.write_hostname(self.sites.at(device.site).code, &mut device_name);
        AlertView {
            alert_uid: alert.uid,
            priority: PRIORITIES[alert.priority as usize],
            diagnostics: diagnostics(&device_name, rng),
            alert_monitor_info: MonitorInfo {
                sends_emails: rng.bool(),
                creates_ticket,
            },
            alert_context: context::context(alert.context as usize, rng),
            response_actions: response_actions(alert.timestamp, ticket.as_deref(), rng),
            autoresolve_mins: (rng.u8(..3) == 0).then_some(1_440),
            resolved: resolution.is_some(),
            resolved_on: resolution.as_ref().map(|resolution| resolution.on),
            resolved_by: resolution.map(|resolution| resolution.by),
            muted: alert.muted,
            ticket_number: ticket,
            timestamp: alert.timestamp,
            alert_source_info: SourceInfo {
                device_uid: device.uid,
                device_name,
                site_uid: site.uid,
                site_name: site.details.name.clone(),
            },
            extra: extra.then(Extra::default),
        }
    }
}

fn diagnostics(device: &str, rng: &mut fastrand::Rng) -> Option<String> {
    match rng.u8(..4) {
        0 => None,
        1 => Some(String::new()),
        2 => Some(format!(
            "<h3>{device}</h3>\r\n<p>Load &gt; {}&nbsp;%<br/>since boot</p>",
            rng.u8(50..100)
        )),
        _ => Some(format!(
            "Prüfung auf {device} fehlgeschlagen: exit code {}\n",
            rng.u8(1..)
        )),
    }
}

fn response_actions(
    raised: i64,
    ticket: Option<&str>,
    rng: &mut fastrand::Rng,
) -> Option<Vec<ResponseAction>> {
    if rng.u8(..8) == 0 {
        return None;
    }
    let mut actions = Vec::new();
    if let Some(ticket) = ticket {
        actions.push(ResponseAction {
            action_time: raised + rng.i64(500..5_000),
            action_type: "TICKET_CREATED",
            description: Some(format!("Ticket {ticket} angelegt")),
            action_reference: Some(ticket.to_owned()),
            action_reference_int: Some(rng.u32(10_000..99_999).to_string()),
        });
    }
    if rng.bool() {
        actions.push(ResponseAction {
            action_time: raised + rng.i64(500..5_000),
            action_type: ["EMAIL_SENT", "COMPONENT", "WEBHOOK_EXECUTED"][rng.usize(..3)],
            description: rng.bool().then(|| "noc@example.com".to_owned()),
            action_reference: None,
            action_reference_int: None,
        });
    }
    Some(actions)
}
