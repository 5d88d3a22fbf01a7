//! The sites of the account as they are now: one may be changed, and new ones come to the end.

use std::{collections::HashMap, sync::Arc};

use parking_lot::RwLock;

use crate::{
    data::{Proxy, Site, SiteDetails},
    seed::{Purpose, Seed, Uid},
};

/// All sites, by their index. None ever goes.
pub(crate) struct Sites {
    seed: Seed,
    begun_with: usize,
    inner: RwLock<Inner>,
}

struct Inner {
    list: Vec<Arc<Site>>,
    by_uid: HashMap<Uid, usize>,
}

/// Another site has the name.
#[derive(Debug)]
pub(crate) struct NameTaken;

impl Sites {
    pub(crate) fn new(seed: Seed, sites: Vec<Site>) -> Self {
        let by_uid = sites.iter().map(|site| site.uid).zip(0..).collect();
        let list: Vec<_> = sites.into_iter().map(Arc::new).collect();
        Self {
            seed,
            begun_with: list.len(),
            inner: RwLock::new(Inner { list, by_uid }),
        }
    }

    /// The site with this index.
    pub(crate) fn at(&self, index: u32) -> Arc<Site> {
        Arc::clone(&self.inner.read().list[index as usize])
    }

    /// The site with this uid.
    pub(crate) fn by_uid(&self, uid: &str) -> Option<Arc<Site>> {
        let uid = Uid::parse(uid)?;
        let inner = self.inner.read();
        let at = *inner.by_uid.get(&uid)?;
        Some(Arc::clone(&inner.list[at]))
    }

    /// All sites, in the account's order.
    pub(crate) fn all(&self) -> Vec<Arc<Site>> {
        self.inner.read().list.clone()
    }

    /// Whether the account began with this site.
    pub(crate) fn began_with(&self, index: u32) -> bool {
        (index as usize) < self.begun_with
    }

    /// Makes a site, without devices.
    pub(crate) fn create(
        &self,
        details: SiteDetails,
        proxy: Option<Proxy>,
    ) -> Result<Arc<Site>, NameTaken> {
        let mut inner = self.inner.write();
        inner.want_free(&details.name, None)?;
        let at = inner.list.len();
        let index = u32::try_from(at).unwrap_or(u32::MAX);
        let uid = self.seed.uid(Purpose::SiteUid, index);
        let site = Arc::new(Site::new(index, uid, details, proxy));
        inner.list.push(Arc::clone(&site));
        inner.by_uid.insert(uid, at);
        Ok(site)
    }

    /// Gives a site other details.
    pub(crate) fn replace(&self, index: u32, details: SiteDetails) -> Result<Arc<Site>, NameTaken> {
        let mut inner = self.inner.write();
        inner.want_free(&details.name, Some(index))?;
        Ok(inner.change(index, |site| site.details = details))
    }

    /// Gives a site another proxy.
    pub(crate) fn set_proxy(&self, index: u32, proxy: Proxy) -> Arc<Site> {
        let mut inner = self.inner.write();
        inner.change(index, |site| site.proxy = Some(proxy))
    }

    /// Takes a site's proxy away; `None` if it has none.
    pub(crate) fn remove_proxy(&self, index: u32) -> Option<Proxy> {
        let mut removed = None;
        let mut inner = self.inner.write();
        inner.change(index, |site| removed = site.proxy.take());
        removed
    }
}

impl Inner {
    /// Wants that no site but the one with the index `but` has this name.
    fn want_free(&self, name: &str, but: Option<u32>) -> Result<(), NameTaken> {
        let taken = |site: &Arc<Site>| site.details.name == name && Some(site.index) != but;
        if self.list.iter().any(taken) {
            return Err(NameTaken);
        }
        Ok(())
    }

    /// Whoever has the site in hand goes on with it as it was.
    fn change(&mut self, index: u32, change: impl FnOnce(&mut Site)) -> Arc<Site> {
        let site = &mut self.list[index as usize];
        change(Arc::make_mut(site));
        Arc::clone(site)
    }
}
