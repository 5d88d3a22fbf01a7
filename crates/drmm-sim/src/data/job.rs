//! What a job runs, and how that ends.

use super::{
    World,
    component::{COMPONENTS, Component, Kind, Variable},
    udf::is_date,
};
use crate::seed::Uid;

/// How the run of a component ends.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Outcome {
    Success,
    Warning,
    Failure,
}

impl Component {
    /// The component at a position.
    pub(crate) fn at(index: u32) -> &'static Self {
        &COMPONENTS[index as usize]
    }

    /// How its runs end: its name says so.
    pub(crate) fn outcome(&self) -> Outcome {
        let name = self.name.to_lowercase();
        if name.contains("fail") {
            Outcome::Failure
        } else if name.contains("warn") {
            Outcome::Warning
        } else {
            Outcome::Success
        }
    }
}

impl Variable {
    /// Whether it may have this value.
    pub(crate) fn takes(&self, value: &str) -> bool {
        match self.kind {
            Kind::Text | Kind::Choice => true,
            Kind::Boolean => value == "true" || value == "false",
            Kind::Date => value.is_empty() || is_date(value),
        }
    }
}

impl World {
    /// The position of the component with this uid.
    pub(crate) fn component(&self, uid: &str) -> Option<u32> {
        let uid = Uid::parse(uid)?;
        let all = 0..u32::try_from(COMPONENTS.len()).unwrap_or_default();
        all.into_iter()
            .find(|&index| self.component_uid(index) == uid)
    }
}
