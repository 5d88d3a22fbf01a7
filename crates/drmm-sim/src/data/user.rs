//! Users: those who may sign in to the account.

use serde::Serialize;

use super::World;
use crate::seed::{DAY_MS, EPOCH_MS, Purpose};

/// The user whom the first key belongs to.
pub(crate) const API_USER: &str = "api-user";

/// First name, last name, user name, and whether the user may not sign in any more.
const USERS: [(&str, &str, &str, bool); 14] = [
    ("API", "Simulator", API_USER, false),
    ("Jörg", "Weiß", "j.weiß", false),
    ("Anna", "Müller", "a.müller", false),
    ("Björn", "Åström", "björn.åström", false),
    ("María", "García López", "maria.garcía", false),
    ("John", "Smith", "jsmith", false),
    ("Siobhán", "O'Neil", "o'neil", false),
    ("François", "Lefèvre", "flefevre", true),
    ("Łukasz", "Wójcik", "lwojcik", false),
    ("", "Helpdesk", "helpdesk", false),
    ("Zoë", "van der Berg-Schröder", "zoe.berg", false),
    ("Jiří", "Novák", "jnovak", true),
    ("太郎", "山田", "t.yamada", false),
    ("Never", "Seen", "never.seen", false),
];

/// How many users the account has.
pub(crate) const COUNT: usize = USERS.len();

/// First name, last name and user name of a user.
pub(crate) fn names(index: usize) -> (&'static str, &'static str, &'static str) {
    let (first_name, last_name, username, _) = USERS[index];
    (first_name, last_name, username)
}

/// A user as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserView {
    last_name: &'static str,
    first_name: &'static str,
    username: &'static str,
    email: String,
    telephone: Option<String>,
    status: &'static str,
    created: i64,
    last_access: Option<i64>,
    disabled: bool,
}

impl World {
    /// Writes one user.
    pub(crate) fn user_view(&self, index: usize) -> UserView {
        let (first_name, last_name, username, disabled) = USERS[index];
        let number = u32::try_from(index).unwrap_or_default();
        let mut rng = self.seed.rng(Purpose::User, number);
        let created = EPOCH_MS - rng.i64(400 * DAY_MS..2_500 * DAY_MS);
        let idle = if disabled { 200 * DAY_MS } else { 0 };
        let last_access = EPOCH_MS - idle - rng.i64(0..30 * DAY_MS);
        let telephone = format!("+49 89 555{:04}", rng.u16(..10_000));
        // The last one has an invitation, which nobody has taken up.
        let invited = index + 1 == COUNT;
        UserView {
            last_name,
            first_name,
            username,
            email: format!("user{number}@example.com"),
            telephone: rng.bool().then_some(telephone),
            status: if invited { "Pending" } else { "Active" },
            created,
            last_access: (!invited).then_some(last_access),
            disabled,
        }
    }
}
