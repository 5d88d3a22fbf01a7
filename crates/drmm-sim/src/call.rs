//! What a handler gets to see of a request.

use http::HeaderMap;

use crate::{app::App, query::Query};

/// One request that has its token, its place in the route table and its checked parameters.
pub(crate) struct Call<'a> {
    pub(crate) app: &'a App,
    /// The variable segments of the path, decoded, in order.
    pub(crate) captures: Vec<String>,
    pub(crate) query: Query,
    /// Scheme, host and port under which the caller knows this server.
    pub(crate) origin: String,
    /// The path as it was asked for, with `/api`.
    pub(crate) path: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    /// Whether items carry fields that no client knows.
    pub(crate) extra: bool,
    /// What a fault rule changes about pages.
    pub(crate) tweak: PageTweak,
}

impl Call<'_> {
    /// The variable segment at `position`; the route table guarantees those its template has.
    pub(crate) fn capture(&self, position: usize) -> &str {
        self.captures.get(position).map_or("", String::as_str)
    }
}

/// What a fault rule changes about a page.
#[derive(Clone, Default)]
pub(crate) struct PageTweak {
    /// The `totalCount` to claim; `Some(None)` is null.
    pub(crate) total_count: Option<Option<u64>>,
    /// The `nextPageUrl` to give.
    pub(crate) next_page_url: Option<String>,
    /// Gives this page's own address as `nextPageUrl`.
    pub(crate) repeats: bool,
    /// Holds the list's first items whatever its number, and names the next page.
    pub(crate) stands: bool,
    /// How many items this page has, whatever `max` says.
    pub(crate) items: Option<usize>,
    /// So many items at the beginning of the list are not there.
    pub(crate) hidden: usize,
}
