//! Variables: those that the account and its sites begin with, and how one is written.

use serde::Serialize;

use crate::seed::{Purpose, Seed};

/// The id of the first variable, and the step to the next.
const FIRST_ID: i64 = 310_011;
const ID_STEP: i64 = 7;

/// Names that scripts read, and whether people mask what is in them.
const NAMES: [(&str, bool); 8] = [
    ("BackupServer", false),
    ("ProxyPasswort", true),
    ("Lizenzschlüssel", true),
    ("WartungsfensterBeginn", false),
    ("usrDomainJoin", true),
    ("NTP Server", false),
    ("LAPS_Rotation_Tage", false),
    ("leer", false),
];

/// The same for sites. One is also an account's: the site's goes before it.
const SITE_NAMES: [(&str, bool); 5] = [
    ("Standortkürzel", false),
    ("WLAN Schlüssel", true),
    ("BackupServer", false),
    ("RouterPasswort", true),
    ("Drucker_Büro", false),
];

/// What is kept of a variable.
#[derive(Clone)]
pub(crate) struct Variable {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) masked: bool,
}

/// A variable as the API writes it.
#[derive(Serialize)]
pub(crate) struct VariableView {
    id: i64,
    name: String,
    value: String,
    masked: bool,
}

impl Variable {
    /// The id of the variable that was made as number `index`, from 0.
    pub(crate) fn id(index: usize) -> i64 {
        FIRST_ID + ID_STEP * i64::try_from(index).unwrap_or_default()
    }

    pub(crate) fn view(&self) -> VariableView {
        VariableView {
            id: self.id,
            name: self.name.clone(),
            // The service never gives a masked value back.
            value: if self.masked {
                "********".to_owned()
            } else {
                self.value.clone()
            },
            masked: self.masked,
        }
    }
}

/// The variables an account begins with, without their ids.
pub(crate) fn of_account(seed: Seed) -> Vec<Variable> {
    let value = |index: usize, name: &str| match name {
        "leer" => String::new(),
        "LAPS_Rotation_Tage" => "30".to_owned(),
        "WartungsfensterBeginn" => "Sa 22:00".to_owned(),
        _ => {
            let index = u32::try_from(index).unwrap_or_default();
            format!("{:08x}", seed.rng(Purpose::Variable, index).u32(..))
        }
    };
    NAMES
        .iter()
        .enumerate()
        .map(|(index, &(name, masked))| new(name, value(index, name), masked))
        .collect()
}

/// The variables a site begins with, without their ids. One site in five has none.
pub(crate) fn of_site(seed: Seed, site: u32) -> Vec<Variable> {
    if site % 5 == 4 {
        return Vec::new();
    }
    let mut rng = seed.rng(Purpose::SiteVariable, site);
    let mut list = Vec::new();
    for (name, masked) in SITE_NAMES {
        // The first one is always there.
        if list.is_empty() || rng.bool() {
            list.push(new(name, format!("{:08x}", rng.u32(..)), masked));
        }
    }
    list
}

fn new(name: &str, value: String, masked: bool) -> Variable {
    Variable {
        id: 0,
        name: name.to_owned(),
        value,
        masked,
    }
}
