//! The settings of a site.

use serde::Serialize;

use super::{
    Site, World,
    proxy::{Proxy, ProxyView},
};
use crate::seed::{Purpose, Uid};

/// The settings of a site as the API writes them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiteSettingsView {
    general_settings: GeneralSettings,
    proxy_settings: Option<ProxyView>,
    mail_recipients: Vec<MailRecipient>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GeneralSettings {
    name: String,
    uid: Uid,
    description: Option<String>,
    on_demand: bool,
}

/// The description has a field more, `receives`, which is for writing only.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MailRecipient {
    name: &'static str,
    email: String,
    #[serde(rename = "type")]
    kind: &'static str,
    receives_new_devices: bool,
    receives_alerts: bool,
    receives_reports: bool,
}

impl World {
    /// Writes the settings of one site.
    pub(crate) fn site_settings_view(&self, site: &Site) -> SiteSettingsView {
        let details = &site.details;
        SiteSettingsView {
            general_settings: GeneralSettings {
                name: details.name.clone(),
                uid: site.uid,
                description: details.description.clone(),
                on_demand: details.on_demand,
            },
            proxy_settings: site.proxy.as_ref().map(Proxy::view),
            mail_recipients: self.mail_recipients(site.index),
        }
    }

    /// None to three; a site that was made since the server started has none.
    fn mail_recipients(&self, site: u32) -> Vec<MailRecipient> {
        if !self.sites.began_with(site) {
            return Vec::new();
        }
        let mut rng = self.seed.rng(Purpose::MailRecipient, site);
        let names = ["Jörg Weiß", "NOC", "Empfang Süd"];
        (0..rng.usize(..=names.len()))
            .map(|number| MailRecipient {
                name: names[number],
                email: format!("site{site}.{number}@example.com"),
                kind: ["HTML", "TEXT"][rng.usize(..2)],
                receives_new_devices: rng.bool(),
                receives_alerts: rng.bool(),
                receives_reports: rng.bool(),
            })
            .collect()
    }
}
