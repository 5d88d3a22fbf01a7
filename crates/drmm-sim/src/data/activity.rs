//! What happened in the account, minute by minute: made from the seed when somebody asks for it.

use serde::Serialize;
use serde_json::{Value, json};

use super::{World, user};
use crate::seed::{Purpose, Uid};

const MINUTE_MS: i64 = 60_000;

/// The most entries of one minute, a power of two.
const MOST_A_MINUTE: u32 = 4;

/// The id of the first user, and the step to the next. Only here do users have one.
const FIRST_USER: i64 = 4_101;
const USER_STEP: i64 = 3;

/// What kinds of entries there are: entity, category and action.
const KINDS: [(Entity, &str, &str); 10] = [
    (Entity::Device, "job", "deployment"),
    (Entity::Device, "device", "move"),
    (Entity::Device, "alert", "resolve"),
    (Entity::Device, "remote", "session"),
    (Entity::Device, "device", "note"),
    (Entity::Device, "device", "audit"),
    (Entity::User, "user", "login"),
    (Entity::User, "user", "logout"),
    (Entity::User, "site", "update"),
    (Entity::User, "filter", "create"),
];

/// Positions in [`KINDS`] of what callers can do here.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Deed {
    Job,
    Move,
    Resolve,
}

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Entity {
    Device,
    User,
}

/// An entry, as far as most filters need it.
#[derive(Clone)]
pub(crate) struct Activity {
    /// Unix milliseconds.
    pub(crate) time: i64,
    pub(crate) id: Uid,
    kind: u8,
    device: u32,
    /// The site of the device at that time.
    site: u32,
    /// Who did it, by position among the users.
    user: usize,
    /// Decides what the details say.
    salt: u64,
    /// The details, where they are known.
    written: Option<String>,
}

/// An entry as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivityView {
    id: Uid,
    entity: Entity,
    category: &'static str,
    action: &'static str,
    date: f64,
    site: Option<SiteView>,
    device_id: Option<i64>,
    hostname: Option<String>,
    user: Option<UserView>,
    details: String,
    has_std_out: Option<bool>,
    has_std_err: Option<bool>,
}

#[derive(Serialize)]
struct SiteView {
    id: i64,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserView {
    id: i64,
    user_name: &'static str,
    first_name: &'static str,
    last_name: &'static str,
}

impl Activity {
    /// What a caller has done to a device, which was at this site.
    pub(crate) fn written(
        id: Uid,
        time: i64,
        deed: Deed,
        device: u32,
        site: u32,
        details: &Value,
    ) -> Self {
        Self {
            time,
            id,
            kind: deed as u8,
            device,
            site,
            user: 0,
            salt: 0,
            written: Some(details.to_string()),
        }
    }

    pub(crate) fn entity(&self) -> Entity {
        KINDS[self.kind as usize].0
    }

    pub(crate) fn category(&self) -> &'static str {
        KINDS[self.kind as usize].1
    }

    pub(crate) fn action(&self) -> &'static str {
        KINDS[self.kind as usize].2
    }

    /// The site; what is about a user has none.
    pub(crate) fn site(&self) -> Option<u32> {
        (self.entity() == Entity::Device).then_some(self.site)
    }

    /// The id of the user who did it; nobody did what a device did by itself.
    pub(crate) fn user_id(&self) -> Option<i64> {
        (self.action() != "audit")
            .then(|| FIRST_USER + USER_STEP * i64::try_from(self.user).unwrap_or_default())
    }

    /// Where it stands: by time, and those of one millisecond by id.
    pub(crate) fn key(&self) -> (i64, Uid) {
        (self.time, self.id)
    }
}

impl World {
    /// What happened from one moment to another, both included, oldest first.
    pub(crate) fn activities(&self, from: i64, until: i64) -> Vec<Activity> {
        let mut found = Vec::new();
        for minute in from.div_euclid(MINUTE_MS)..=until.div_euclid(MINUTE_MS) {
            let Ok(minute) = u32::try_from(minute) else {
                continue;
            };
            let mut rng = self.seed.rng(Purpose::Activity, minute);
            for number in 0..rng.u32(..=MOST_A_MINUTE) {
                let activity = self.activity(minute, number, &mut rng);
                if (from..=until).contains(&activity.time) {
                    found.push(activity);
                }
            }
        }
        found.sort_unstable_by_key(Activity::key);
        found
    }

    fn activity(&self, minute: u32, number: u32, rng: &mut fastrand::Rng) -> Activity {
        let about_users = KINDS.iter().position(|kind| kind.0 == Entity::User);
        let first = if self.devices.is_empty() {
            about_users.unwrap_or_default()
        } else {
            0
        };
        let kind = rng.usize(first..KINDS.len());
        let device = rng.u64(..(self.devices.len() as u64).max(1));
        let device = u32::try_from(device).unwrap_or_default();
        let minutes = minute.wrapping_mul(2 * MOST_A_MINUTE).wrapping_add(number);
        Activity {
            time: i64::from(minute) * MINUTE_MS + rng.i64(0..MINUTE_MS),
            id: self.seed.uid(Purpose::ActivityUid, minutes),
            kind: u8::try_from(kind).unwrap_or_default(),
            device,
            site: self
                .devices
                .get(device as usize)
                .map_or(0, |device| device.site),
            // Not the one who writes through the API, nor the one who never came.
            user: rng.usize(1..user::COUNT - 1),
            salt: rng.u64(..),
            written: None,
        }
    }

    /// Writes one entry.
    pub(crate) fn activity_view(&self, activity: &Activity) -> ActivityView {
        let site = activity.site().map(|site| self.sites.at(site));
        let device = site
            .as_ref()
            .and_then(|_| self.devices.get(activity.device as usize));
        let (first_name, last_name, user_name) = user::names(activity.user);
        let user = activity.user_id().map(|id| UserView {
            id,
            user_name,
            first_name,
            last_name,
        });
        let mut rng = fastrand::Rng::with_seed(activity.salt);
        let details = activity
            .written
            .clone()
            .unwrap_or_else(|| details(activity, &mut rng).to_string());
        let job = activity.category() == "job";
        ActivityView {
            id: activity.id,
            entity: activity.entity(),
            category: activity.category(),
            action: activity.action(),
            // Exact: milliseconds of any near year are far below 2^53.
            #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
            date: activity.time as f64 / 1_000.0,
            site: site.map(|site| SiteView {
                id: site.id(),
                name: site.details.name.clone(),
            }),
            device_id: device.map(super::Device::id),
            hostname: device.map(|device| {
                let mut name = String::new();
                device.write_hostname(self.sites.at(device.site).code, &mut name);
                name
            }),
            user,
            details,
            has_std_out: job.then(|| rng.bool()),
            has_std_err: job.then(|| rng.u8(..5) == 0),
        }
    }
}

/// What the service's own interface shows of an entry, with times in Unix milliseconds.
fn details(activity: &Activity, rng: &mut fastrand::Rng) -> Value {
    let started = activity.time - rng.i64(1_000..3_600_000);
    match activity.action() {
        "deployment" => json!({
            "job_name": one(&["Prüfung \"Nacht\"", "Patch Reboot", "Inventar"], rng),
            "job_status": one(&["success", "failure"], rng),
            "start_time": started,
            "end_time": activity.time,
        }),
        "move" => json!({ "from_site": "Müller & Söhne GmbH", "to_site": "Contoso Dental" }),
        "resolve" => json!({ "alert_priority": "High", "alert_date": started }),
        "session" => json!({
            "session_type": one(&["web_remote", "splashtop"], rng),
            "start_time": started,
            "end_time": if rng.bool() { Value::Null } else { activity.time.into() },
        }),
        "note" => json!({ "note": "Gerät getauscht,\r\nalter \"PC\" im Lager" }),
        "audit" => json!({ "changes": rng.u8(..9) }),
        "login" | "logout" => json!({ "ip_address": format!("203.0.113.{}", rng.u8(1..)) }),
        "update" => json!({ "site_name": "Bäckerei Hölzl", "fields": ["description", "notes"] }),
        _ => json!({ "filter_id": rng.u16(20_001..), "filter_name": "Größer als 90 %" }),
    }
}

fn one<'a>(choices: &[&'a str], rng: &mut fastrand::Rng) -> &'a str {
    choices[rng.usize(..choices.len())]
}
