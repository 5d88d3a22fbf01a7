//! Pages: which to fetch, when, and what has come of the list.
//!
//! Pure. The API counts pages from 0, 250 items at most.

use std::collections::{BTreeMap, BTreeSet};

use crate::envelope::PageRead;
use crate::error::{Error, ErrorKind};
use crate::known::Known;
use crate::next_page;
use crate::options::Origin;
use crate::route::Route;

/// Items on a page, at most: what the API serves.
pub(crate) const PAGE_SIZE: u32 = 250;

/// Which pages of a list have been asked for, have come, and come next.
#[derive(Debug)]
pub(crate) struct PagePlan {
    origin: Origin,
    first: Route,
    size: u32,
    /// Whether pages have no numbers.
    cursor: bool,
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
    /// What each page that has come said of the total.
    totals: BTreeMap<u64, u64>,
    items_given: u64,
    /// What names the items that have come.
    known: Known,
    /// Items that had come before on another page. On the same page, items may share a name: it is one
    /// answer, so nothing has moved.
    repeated: u64,
    /// Items on a page, at most, as the first one shows: a server may hold its pages smaller than asked
    /// for.
    held: u64,
}

/// A list that leads astray.
#[derive(Debug)]
pub(crate) struct Astray {
    /// The first page that is not to be handed over.
    pub(crate) page: u64,
    pub(crate) error: Error,
}

/// What came of a list, against what was announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Balance {
    /// As announced, or nothing was.
    Even,
    /// More than announced: some were added while the list was read.
    More,
    /// As many as there were at first: some were added while the list was read, too early in it.
    Later(u64),
    /// The total fell while the list was read. What came after what was removed moved forward, and as
    /// many may have been passed over.
    Fell { by: u64, to: u64 },
    /// Somewhat fewer than there were at first and at last: the server left them out.
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
            cursor: false,
            side_by_side: side_by_side as u64,
            asked: 0,
            came: 0,
            given: 0,
            way: Way::Unknown,
            end: None,
            totals: BTreeMap::new(),
            items_given: 0,
            known: Known::default(),
            repeated: 0,
            held: u64::from(size),
        }
    }

    /// The plan of a list whose pages have no numbers: each names the next, and `route` is the first.
    pub(crate) fn by_cursor(origin: Origin, route: &Route) -> Self {
        Self {
            first: route.clone(),
            cursor: true,
            ..Self::new(origin, route, PAGE_SIZE, 1)
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
            Way::Followed { next, .. } if eager && ahead < 1 => next.take()?,
            _ => return None,
        };
        self.asked += 1;
        Some((self.asked - 1, route))
    }

    /// A page that was to be asked for was not; it is the next one again.
    pub(crate) fn take_back(&mut self, route: Route) {
        self.asked -= 1;
        if let Way::Followed { next, .. } = &mut self.way {
            *next = Some(route);
        }
    }

    /// A page has come, in any order; its own `route` and what it said. Gives the number of its items
    /// that had come on other pages before.
    ///
    /// # Errors
    /// `ForeignPage`, `PageLoop` and `Malformed` if it names a next page that must not be followed.
    pub(crate) fn came(
        &mut self,
        number: u64,
        route: &Route,
        read: &PageRead,
    ) -> Result<u64, Astray> {
        self.came += 1;
        let repeated = self.known.add(&read.names);
        let is_new = match read.print {
            Some(print) => self.known.add(&[print]) == 0,
            None => read.names.is_empty() || repeated < read.names.len() as u64,
        };
        let instead = |error| Astray {
            page: number,
            error,
        };
        let behind = |error| Astray {
            page: number + 1,
            error,
        };
        // A short one is the last of its list; behind a full one there may be more.
        if read.is_bare && read.items > 0 && (self.cursor || read.items >= self.held) {
            let message =
                "the answer has no «pageDetails», so whether more pages follow cannot be known";
            return Err(instead(Error::new(ErrorKind::Malformed, message)));
        }
        let next = match &read.details.next_page_url {
            Some(url) if !url.trim().is_empty() => {
                Some(self.next_route(url, route).map_err(behind)?)
            }
            _ => None,
        };
        if let Some(total) = read.details.total_count {
            self.totals.insert(number, total);
        }
        if matches!(self.way, Way::Unknown) {
            self.way = self.choose_way(read, next.as_ref());
            // How much lies on a page without a number says nothing of those behind it.
            if !self.cursor && next.is_some() && read.items > 0 {
                self.held = self.held.min(read.items);
            }
        }
        if let Some(next) = &next {
            self.goes_on(number, read.items, is_new, next)
                .map_err(instead)?;
        }
        self.repeated += repeated;
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
                // A cursor behind the last item still names a page: it is empty.
                Some(_) if self.cursor && read.items == 0 => self.end_before(number + 1),
                Some(next) => {
                    seen.insert(route.as_str().to_owned());
                    if seen.contains(next.as_str()) {
                        return Err(behind(looped(&next)));
                    }
                    *following = Some(next);
                }
                None => self.end_before(number + 1),
            },
            _ => {}
        }
        Ok(repeated)
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

    /// Items that had come on another page before.
    pub(crate) fn repeated(&self) -> u64 {
        self.repeated
    }

    /// How many items the server says there are: the last page knows best.
    pub(crate) fn announced(&self) -> Option<u64> {
        self.totals.values().next_back().copied()
    }

    /// What a list that has ended lacks of, or has beyond, what the server announced.
    pub(crate) fn balance(&self) -> Balance {
        let totals = || self.totals.values().copied();
        let (Some(first), Some(last)) = (totals().next(), totals().next_back()) else {
            return Balance::Even;
        };
        let came = self.items_given.saturating_sub(self.repeated);
        if last.saturating_sub(came) >= self.held {
            // A few may have been removed meanwhile. A page of them has not.
            Balance::Broken
        } else if came < first.min(last) {
            Balance::Fewer
        } else if let Some((by, to)) = self.fall() {
            Balance::Fell { by, to }
        } else if came < last {
            Balance::Later(last - came)
        } else if came > last {
            Balance::More
        } else {
            Balance::Even
        }
    }

    /// The deepest fall of the total, from what a page said to what a later one said, and to where.
    /// Pages come side by side, so that those in between may have been counted in another order.
    fn fall(&self) -> Option<(u64, u64)> {
        let mut highest = 0;
        let falls = self.totals.values().map(|&total| {
            highest = total.max(highest);
            (highest - total, total)
        });
        falls.filter(|(by, _)| *by > 0).max_by_key(|(by, _)| *by)
    }

    /// Whether a page that names a next one shows that the server goes on. One that says the same as
    /// those before it, or nothing, would be followed for ever; below the announced total that has an
    /// end, and a list that changes may repeat a whole page.
    fn goes_on(&self, number: u64, items: u64, is_new: bool, next: &Route) -> Result<(), Error> {
        let told = self.totals.values().next().copied();
        let (what, kind) = match &self.way {
            Way::Followed { .. } if items == 0 && !self.cursor => ("no item", ErrorKind::Malformed),
            Way::Followed { .. } if items > 0 && !is_new => {
                ("only items that had come before", ErrorKind::PageLoop)
            }
            Way::Numbered { pages }
                if items > 0
                    && !is_new
                    && number + 1 == *pages
                    && told.is_none_or(|told| number.saturating_mul(self.held) >= told) =>
            {
                ("only items that had come before", ErrorKind::PageLoop)
            }
            _ => return Ok(()),
        };
        let message = format!(
            "the page holds {what} and names a next one nevertheless ({})",
            next.as_str()
        );
        Err(Error::new(kind, message))
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
        if self.cursor {
            return Way::Followed {
                next: None,
                seen: BTreeSet::new(),
            };
        }
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
        let next = next_page::route(&self.origin, from, url)?;
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
