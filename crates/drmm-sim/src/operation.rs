//! The write operations that have a bucket of their own in the quota's modern model.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A write operation, under the name by which `operationWriteStatus` of `request_rate` knows it:
/// [`Operation::DeviceUdfSet`] is `device-udf-set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
#[expect(
    missing_docs,
    reason = "the names say it, and they are not of our making"
)]
pub enum Operation {
    SiteCreate,
    SiteUpdate,
    SiteVariableCreate,
    SiteVariableUpdate,
    SiteVariableDelete,
    SiteProxyCreate,
    SiteProxyDelete,
    DeviceMove,
    DeviceJobCreate,
    DeviceWarrantyCreate,
    DeviceUdfSet,
    AlertResolve,
    AlertMute,
    AlertUnmute,
    AccountVariableCreate,
    AccountVariableUpdate,
    AccountVariableDelete,
    UserResetKeys,
}

impl Operation {
    const ALL: [Self; 18] = [
        Self::SiteCreate,
        Self::SiteUpdate,
        Self::SiteVariableCreate,
        Self::SiteVariableUpdate,
        Self::SiteVariableDelete,
        Self::SiteProxyCreate,
        Self::SiteProxyDelete,
        Self::DeviceMove,
        Self::DeviceJobCreate,
        Self::DeviceWarrantyCreate,
        Self::DeviceUdfSet,
        Self::AlertResolve,
        Self::AlertMute,
        Self::AlertUnmute,
        Self::AccountVariableCreate,
        Self::AccountVariableUpdate,
        Self::AccountVariableDelete,
        Self::UserResetKeys,
    ];

    /// What the live service grants each of them in a window.
    pub(crate) fn usual_limits() -> BTreeMap<Self, u32> {
        let usual = |operation| match operation {
            Self::DeviceUdfSet => 600,
            _ => 100,
        };
        Self::ALL
            .into_iter()
            .map(|operation| (operation, usual(operation)))
            .collect()
    }
}
