//! Lists in pages: `{"pageDetails": {…}, "<name>": […]}`.

use serde::Serialize;

use crate::{answer::Answer, call::Call, error::ApiError};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageDetails {
    count: usize,
    total_count: Option<u64>,
    prev_page_url: Option<String>,
    next_page_url: Option<String>,
}

/// Answers with the page of `total` items that the call asks for. `write` makes the item at a
/// position; only those on the page are made.
pub(crate) fn page<T: Serialize>(
    call: &Call<'_>,
    name: &str,
    total: usize,
    write: impl Fn(usize) -> T,
) -> Result<Answer, ApiError> {
    let page = call.query.page();
    let max = call.query.max() as usize;
    let hidden = call.tweak.hidden.min(total);
    let total = total - hidden;
    let shown = if call.tweak.stands { 0 } else { page as usize };
    let start = shown.saturating_mul(max).min(total);
    let end = start.saturating_add(max).min(total);
    let url = |page: u32| format!("{}{}?{}", call.origin, call.path, call.query.of_page(page));
    let window = Window {
        start,
        end,
        total,
        previous: page.checked_sub(1).map(url),
        this: url(page),
        next: (end < total || call.tweak.stands).then(|| url(page.saturating_add(1))),
    };
    self::write(call, name, window, |position| write(hidden + position))
}

/// The part of a list that a page shows.
pub(crate) struct Window {
    pub(crate) start: usize,
    /// Behind the last one.
    pub(crate) end: usize,
    /// Items of the whole list.
    pub(crate) total: usize,
    /// The addresses of the page before, of this one and of the one behind.
    pub(crate) previous: Option<String>,
    pub(crate) this: String,
    pub(crate) next: Option<String>,
}

/// Answers with a part of a list, as far as no fault rule says otherwise. `write` makes the item at a
/// position.
pub(crate) fn write<T: Serialize>(
    call: &Call<'_>,
    name: &str,
    window: Window,
    write: impl Fn(usize) -> T,
) -> Result<Answer, ApiError> {
    let start = window.start;
    // Where the next page begins does not depend on what a fault did to this one.
    let end = match call.tweak.items {
        Some(items) => start.saturating_add(items).min(window.total),
        None => window.end,
    };
    let next_page_url = if call.tweak.repeats {
        Some(window.this)
    } else if let Some(other) = &call.tweak.next_page_url {
        Some(other.clone())
    } else {
        window.next
    };
    let details = PageDetails {
        count: end - start,
        total_count: call.tweak.total_count.unwrap_or(Some(window.total as u64)),
        prev_page_url: window.previous,
        next_page_url,
    };

    let mut body = Vec::with_capacity(4096 + (end - start) * 2048);
    body.extend_from_slice(b"{\"pageDetails\":");
    Answer::append(&mut body, &details)?;
    body.push(b',');
    Answer::append(&mut body, &name)?;
    body.extend_from_slice(b":[");
    for position in start..end {
        if position > start {
            body.push(b',');
        }
        Answer::append(&mut body, &write(position))?;
    }
    body.extend_from_slice(b"]}");
    Ok(Answer::from_json(body))
}
