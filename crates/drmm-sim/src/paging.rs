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
    let start = (page as usize).saturating_mul(max).min(total);
    let end = start
        .saturating_add(call.tweak.items.unwrap_or(max))
        .min(total);
    // Where the next page begins does not depend on what a fault did to this one.
    let more = start.saturating_add(max) < total;
    let url = |page: u32| format!("{}{}?{}", call.origin, call.path, call.query.of_page(page));
    let next_page_url = if call.tweak.repeats {
        Some(url(page))
    } else if let Some(other) = &call.tweak.next_page_url {
        Some(other.clone())
    } else {
        more.then(|| url(page + 1))
    };
    let details = PageDetails {
        count: end - start,
        total_count: call.tweak.total_count.unwrap_or(Some(total as u64)),
        prev_page_url: page.checked_sub(1).map(url),
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
        Answer::append(&mut body, &write(hidden + position))?;
    }
    body.extend_from_slice(b"]}");
    Ok(Answer::from_json(body))
}
