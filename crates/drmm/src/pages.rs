//! Pages: which to fetch, when, and how their envelope is read.
//!
//! Pure. The API counts pages from 0, 250 items at most; `pageDetails` says `totalCount` (may be
//! null) and `nextPageUrl` (null on the last page).

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::decode::{ItemSeed, ItemSink};
use crate::error::{Error, ErrorKind};
use crate::options::Origin;
use crate::route::Route;

/// Items on a page, at most: what the API serves.
pub(crate) const PAGE_SIZE: u32 = 250;

/// What an answer says about itself beside its items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PageDetails {
    /// Only a help: one that is no count is as good as none.
    #[serde(deserialize_with = "count")]
    pub(crate) total_count: Option<u64>,
    pub(crate) next_page_url: Option<String>,
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Number(number) => number.as_u64(),
        serde_json::Value::String(text) => text.parse().ok(),
        _ => None,
    })
}

/// A page that has come: how many items it held and what it says about the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageRead {
    pub(crate) items: u64,
    pub(crate) details: PageDetails,
}

/// Reads a page into `sink`: the elements of the field `items`, in order. `None` if there is no
/// such field.
pub(crate) fn read_page<S: ItemSink>(
    body: &[u8],
    items: &str,
    sink: &mut S,
) -> serde_json::Result<Option<PageRead>> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let read = parser.deserialize_map(PageVisitor { items, sink })?;
    parser.end()?;
    Ok(read)
}

/// Reads a whole answer into `sink`: the elements of an array, or the one value.
pub(crate) fn read_whole<S: ItemSink>(body: &[u8], sink: &mut S) -> serde_json::Result<u64> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let items = match first {
        None => return Ok(0),
        Some(b'[') => parser.deserialize_seq(ItemsVisitor(sink))?,
        Some(_) => {
            ItemSeed(sink).deserialize(&mut parser)?;
            1
        }
    };
    parser.end()?;
    Ok(items)
}

struct PageVisitor<'a, S> {
    items: &'a str,
    sink: &'a mut S,
}

impl<'de, S: ItemSink> Visitor<'de> for PageVisitor<'_, S> {
    type Value = Option<PageRead>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a page with the field «{}»", self.items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<PageRead>, A::Error> {
        let mut read = PageRead::default();
        let mut found = false;
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if key == "pageDetails" {
                read.details = map.next_value::<Option<PageDetails>>()?.unwrap_or_default();
            } else if key == self.items && !found {
                found = true;
                read.items = map.next_value_seed(ItemsSeed(self.sink))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found.then_some(read))
    }
}

struct ItemsSeed<'a, S>(&'a mut S);

impl<'de, S: ItemSink> DeserializeSeed<'de> for ItemsSeed<'_, S> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        // A list that is null is an empty one.
        deserializer.deserialize_option(ItemsVisitor(self.0))
    }
}

struct ItemsVisitor<'a, S>(&'a mut S);

impl<'de, S: ItemSink> Visitor<'de> for ItemsVisitor<'_, S> {
    type Value = u64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of items")
    }

    fn visit_none<E>(self) -> Result<u64, E> {
        Ok(0)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while list.next_element_seed(ItemSeed(self.0))?.is_some() {
            count += 1;
        }
        Ok(count)
    }
}

/// Which pages of a list have been asked for, have come, and come next.
#[derive(Debug)]
pub(crate) struct PagePlan {
    origin: Origin,
    first: Route,
    size: u32,
    /// Pages that may be under way at the same time, and as many again that may be kept: a page that
    /// is late holds up neither those after it nor, if the reader is slow, the memory.
    side_by_side: u64,
    /// Pages asked for so far; the next one has this number.
    asked: u64,
    /// Pages that have come so far, in whatever order.
    came: u64,
    /// Pages handed over so far.
    given: u64,
    /// How the pages after the first are found.
    way: Way,
    /// The list ends before the page with this number.
    end: Option<u64>,
    /// What the furthest page that has come said of the total, and which page that was.
    announced: Option<(u64, u64)>,
    items_given: u64,
}

/// What came of a list, against what was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Balance {
    /// As announced, or nothing was.
    Even,
    /// More than announced: some were added while the list was read.
    More,
    /// Somewhat fewer: some were removed while the list was read, or left out by the server.
    Fewer,
    /// Fewer by a page or more: the list is not whole.
    Broken,
}

#[derive(Debug)]
enum Way {
    /// The first page has not come yet.
    Unknown,
    /// So many pages are known to exist, numbered; they are fetched side by side.
    Numbered { pages: u64 },
    /// Each page names the next; `next` is the one that was named last, `seen` all before it.
    Followed {
        next: Option<Route>,
        seen: BTreeSet<String>,
    },
}

impl PagePlan {
    pub(crate) fn new(origin: Origin, route: &Route, size: u32, side_by_side: usize) -> Self {
        Self {
            origin,
            first: route.with_page(0, size),
            size,
            side_by_side: side_by_side as u64,
            asked: 0,
            came: 0,
            given: 0,
            way: Way::Unknown,
            end: None,
            announced: None,
            items_given: 0,
        }
    }

    /// The next page to ask for, and its number. `eager`: the caller has come back for more, so
    /// that what lies ahead is worth fetching.
    pub(crate) fn ask(&mut self, eager: bool) -> Option<(u64, Route)> {
        if self.end.is_some_and(|end| self.asked >= end) {
            return None;
        }
        let (under_way, ahead) = (self.asked - self.came, self.asked - self.given);
        let room = under_way < self.side_by_side && ahead < 2 * self.side_by_side;
        let route = match &mut self.way {
            Way::Unknown if self.asked == 0 => self.first.clone(),
            Way::Numbered { pages } if eager && room && self.asked < *pages => {
                self.first.with_page(self.asked, self.size)
            }
            // One ahead of the one that is being read.
            Way::Followed { next, .. } if eager && ahead < 2 => next.take()?,
            _ => return None,
        };
        self.asked += 1;
        Some((self.asked - 1, route))
    }

    /// A page has come, in any order; its own `route` and what it said.
    ///
    /// # Errors
    /// `ForeignPage` and `PageLoop` if it names a next page that must not be followed.
    pub(crate) fn came(
        &mut self,
        number: u64,
        route: &Route,
        read: &PageRead,
    ) -> Result<(), Error> {
        self.came += 1;
        let next = match &read.details.next_page_url {
            Some(url) if !url.is_empty() => Some(self.next_route(url, route)?),
            _ => None,
        };
        if let Some(total) = read.details.total_count {
            // Items come and go while a list is read: the last page knows best.
            if self.announced.is_none_or(|(page, _)| page <= number) {
                self.announced = Some((number, total));
            }
        }
        if matches!(self.way, Way::Unknown) {
            self.way = self.choose_way(read, next.as_ref());
        }
        match &mut self.way {
            // Nothing on it and nothing after it: the list ends before it, whatever was announced
            // and whatever later pages hold. `shortfall` tells if that leaves a gap.
            Way::Numbered { .. } if read.items == 0 && next.is_none() => self.end_before(number),
            Way::Numbered { pages } if number + 1 == *pages => match next {
                // More has been added than was announced: go on as far as the server leads.
                Some(_) if read.items > 0 => *pages += 1,
                _ => self.end_before(number + 1),
            },
            Way::Followed {
                next: following,
                seen,
            } => match next {
                Some(next) => {
                    seen.insert(route.as_str().to_owned());
                    if seen.contains(next.as_str()) {
                        return Err(looped(&next));
                    }
                    *following = Some(next);
                }
                None => self.end_before(number + 1),
            },
            _ => {}
        }
        Ok(())
    }

    /// A page has been handed over.
    pub(crate) fn gave(&mut self, items: u64) {
        self.given += 1;
        self.items_given += items;
    }

    /// The number of the page that is to be handed over next.
    pub(crate) fn wanted(&self) -> u64 {
        self.given
    }

    /// Pages that are known to exist and have not been asked for.
    pub(crate) fn coming(&self) -> u64 {
        match &self.way {
            Way::Numbered { pages } => pages.saturating_sub(self.asked),
            _ => 0,
        }
    }

    /// Whether all pages have been handed over.
    pub(crate) fn is_done(&self) -> bool {
        self.end.is_some_and(|end| self.given >= end)
    }

    pub(crate) fn items_given(&self) -> u64 {
        self.items_given
    }

    /// How many items the server says there are.
    pub(crate) fn announced(&self) -> Option<u64> {
        self.announced.map(|(_, total)| total)
    }

    /// What a list that has ended lacks of, or has beyond, what the server announced.
    pub(crate) fn balance(&self) -> Balance {
        match self.announced() {
            Some(total) if self.items_given < total => {
                let missing = total - self.items_given;
                // A few may have been removed meanwhile. A page of them has not.
                if missing >= u64::from(self.size) {
                    Balance::Broken
                } else {
                    Balance::Fewer
                }
            }
            Some(total) if self.items_given > total => Balance::More,
            _ => Balance::Even,
        }
    }

    /// How many pages there are, if that is known.
    pub(crate) fn pages(&self) -> Option<u64> {
        match &self.way {
            Way::Numbered { pages } => Some(*pages),
            _ => self.end,
        }
    }

    fn end_before(&mut self, page: u64) {
        self.end = Some(self.end.map_or(page, |end| end.min(page)));
    }

    fn choose_way(&self, read: &PageRead, next: Option<&Route>) -> Way {
        // The server may hold its pages smaller than asked for: the first one tells.
        let pages = read
            .details
            .total_count
            .map(|total| total.div_ceil(read.items.max(1)));
        match (pages, next) {
            // A next page that is named is there, whatever the total says.
            (Some(pages), Some(next)) if self.is_second(next) && read.items > 0 => Way::Numbered {
                pages: pages.max(2),
            },
            // A full page that names none, though the total says there are more.
            (Some(pages), None) if pages > 1 && read.items == u64::from(self.size) => {
                Way::Numbered { pages }
            }
            _ => Way::Followed {
                next: None,
                seen: BTreeSet::new(),
            },
        }
    }

    fn is_second(&self, next: &Route) -> bool {
        next.path() == self.first.path() && page_number(next) == Some(1)
    }

    fn next_route(&self, url: &str, from: &Route) -> Result<Route, Error> {
        let Some(path) = self.origin.path_of(url) else {
            let message = "the answer names a next page on another host; it was not followed";
            return Err(Error::new(ErrorKind::ForeignPage, message));
        };
        let next = Route::from_server(path);
        match (page_number(from), page_number(&next)) {
            (Some(here), Some(there)) if next.path() == from.path() && there <= here => {
                Err(looped(&next))
            }
            _ => Ok(next),
        }
    }
}

fn page_number(route: &Route) -> Option<u64> {
    route.query("page")?.parse().ok()
}

fn looped(next: &Route) -> Error {
    let message = format!(
        "the answer names a next page that had come before ({})",
        next.as_str()
    );
    Error::new(ErrorKind::PageLoop, message)
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
