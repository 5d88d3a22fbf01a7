//! Variables of the account.

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

/// The variables an account begins with.
pub(crate) fn generate(seed: Seed) -> Vec<Variable> {
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
        .map(|(index, &(name, masked))| Variable {
            id: Variable::id(index),
            name: name.to_owned(),
            value: value(index, name),
            masked,
        })
        .collect()
}
