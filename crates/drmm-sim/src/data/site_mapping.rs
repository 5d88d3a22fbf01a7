//! Which networks of Datto Networking belong to a site.

use serde::Serialize;

use super::{Site, World};
use crate::seed::{Purpose, Uid};

/// A site with its networks as the API writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiteMappingView {
    id: i64,
    uid: Uid,
    account_uid: Uid,
    name: String,
    description: Option<String>,
    datto_networking_network_ids: Vec<i64>,
    portal_url: String,
}

impl World {
    /// Writes one site with its networks: about half of those that the account began with have one
    /// or two.
    pub(crate) fn site_mapping_view(&self, site: &Site) -> SiteMappingView {
        let mut rng = self.seed.rng(Purpose::SiteMapping, site.index);
        let networks = if self.sites.began_with(site.index) && rng.bool() {
            1 + rng.usize(..2)
        } else {
            0
        };
        SiteMappingView {
            id: site.id(),
            uid: site.uid,
            account_uid: self.account.uid,
            name: site.details.name.clone(),
            description: site.details.description.clone(),
            datto_networking_network_ids: (0..networks)
                .map(|_| rng.i64(100_000..900_000))
                .collect(),
            portal_url: site.portal_url(),
        }
    }
}
