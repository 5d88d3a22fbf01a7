//! The activity log, which has pages of its own kind: each begins behind an entry of the last one.

use serde_json::{Value, json};

use crate::{
    answer::Answer,
    call::Call,
    data::activity::{Activity, Entity},
    error::{ApiError, now_ms},
    instant,
    paging::{self, Window},
    query::{Kind, Param},
    route::Route,
    search::Search,
    seed::Uid,
};

/// So far back the log goes if nobody says how far, in milliseconds.
const USUAL_REACH: i64 = 15 * 60_000;

/// Entries on a page if nobody says how many.
const USUAL_SIZE: usize = 20;

const fn param(name: &'static str, kind: Kind) -> Param {
    Param { name, kind }
}

pub(super) const ROUTES: &[Route] = &[Route::get(
    "/v2/activity-logs",
    &[
        param("size", Kind::Max),
        param("order", Kind::OneOf(&["asc", "desc"])),
        param("searchAfter", Kind::Texts),
        param("page", Kind::OneOf(&["next", "previous"])),
        param("from", Kind::Instant),
        param("until", Kind::Instant),
        param("entities", Kind::SomeOf(&["device", "user"])),
        param("categories", Kind::Texts),
        param("actions", Kind::Texts),
        param("siteIds", Kind::Int64s),
        param("userIds", Kind::Int64s),
        param("searchQuery", Kind::Text),
    ],
    activities,
)];

fn activities(call: &Call<'_>) -> Result<Answer, ApiError> {
    let query = &call.query;
    let moment = |name| query.text(name).and_then(instant::parse);
    let now = now_ms();
    // A whole second, as it has to be written into the address of the next page.
    let from = moment("from").unwrap_or((now - USUAL_REACH).div_euclid(1_000) * 1_000);
    let until = moment("until").unwrap_or(now).min(now);
    let search = query.text("searchQuery").map(Search::parse).transpose()?;
    let after = cursor(&query.list("searchAfter"))?;
    let wanted = Wanted::new(call);

    let begin = from.max(call.app.activities.begin);
    let mut found = call.app.world.activities(begin, until);
    found.extend(call.app.activities.between(from, until));
    found.retain(|activity| wanted.includes(activity));
    if let Some(search) = search {
        found.retain(|activity| search.holds(&fields(call, activity)));
    }
    found.sort_unstable_by_key(Activity::key);
    let newest_first = query.text("order") != Some("asc");
    if newest_first {
        found.reverse();
    }
    let found = &found[call.tweak.hidden.min(found.len())..];

    let size = query
        .int64("size")
        .and_then(|size| usize::try_from(size).ok());
    let size = size.unwrap_or(USUAL_SIZE);
    let start = match after {
        None => 0,
        Some(key) => {
            // The list is sorted: first come those that are not behind the entry.
            let not_behind = |activity: &Activity| {
                let order = activity.key().cmp(&key);
                if newest_first {
                    order.is_ge()
                } else {
                    order.is_le()
                }
            };
            let next = found.partition_point(not_behind);
            if query.text("page") == Some("previous") {
                let at = next.saturating_sub(1);
                at.saturating_sub(size)
            } else {
                next
            }
        }
    };
    let end = (start + size).min(found.len());
    let address = |way: &str, at: usize| {
        let (time, id) = found[at].key();
        let pairs = [
            ("from", instant::text(from)),
            ("page", way.to_owned()),
            ("searchAfter", format!("{time},{id}")),
        ];
        format!("{}{}?{}", call.origin, call.path, query.with(&pairs))
    };
    let window = Window {
        start,
        end,
        total: found.len(),
        previous: (start > 0 && start < end).then(|| address("previous", start)),
        this: format!("{}{}?{}", call.origin, call.path, query.with(&[])),
        next: (end < found.len()).then(|| address("next", end - 1)),
    };
    paging::write(call, "activities", window, |at| {
        call.app.world.activity_view(&found[at])
    })
}

/// The entry behind which a page begins: its time in milliseconds and its id.
fn cursor(parts: &[&str]) -> Result<Option<(i64, Uid)>, ApiError> {
    let key = match parts {
        [] => return Ok(None),
        [time, id] => time.parse().ok().zip(Uid::parse(id)),
        _ => None,
    };
    key.map(Some)
        .ok_or_else(|| ApiError::bad_request("searchAfter is not a time and an id"))
}

/// What a caller asked for. A list that is not there wants everything.
struct Wanted<'a> {
    entities: Vec<&'a str>,
    categories: Vec<&'a str>,
    actions: Vec<&'a str>,
    sites: Vec<i64>,
    users: Vec<i64>,
    call: &'a Call<'a>,
}

impl<'a> Wanted<'a> {
    fn new(call: &'a Call<'a>) -> Self {
        let query = &call.query;
        let numbers = |name| {
            query
                .list(name)
                .iter()
                .filter_map(|id| id.parse().ok())
                .collect()
        };
        Self {
            entities: query.list("entities"),
            categories: query.list("categories"),
            actions: query.list("actions"),
            sites: numbers("siteIds"),
            users: numbers("userIds"),
            call,
        }
    }

    fn includes(&self, activity: &Activity) -> bool {
        let entity = match activity.entity() {
            Entity::Device => "device",
            Entity::User => "user",
        };
        let site = || {
            let site = self.call.app.world.sites.at(activity.site()?);
            Some(site.id())
        };
        fits(&self.entities, &entity)
            && fits(&self.categories, &activity.category())
            && fits(&self.actions, &activity.action())
            && (self.sites.is_empty() || site().is_some_and(|id| self.sites.contains(&id)))
            && (self.users.is_empty()
                || activity
                    .user_id()
                    .is_some_and(|id| self.users.contains(&id)))
    }
}

fn fits<T: PartialEq>(list: &[T], value: &T) -> bool {
    list.is_empty() || list.contains(value)
}

/// Every field of an entry as text, those of its details too.
fn fields(call: &Call<'_>, activity: &Activity) -> Vec<(String, String)> {
    let view = json!(call.app.world.activity_view(activity));
    let mut fields = Vec::new();
    flatten("", &view, &mut fields);
    let details = view["details"].as_str().unwrap_or_default();
    if let Ok(details) = serde_json::from_str(details) {
        flatten("data", &details, &mut fields);
    }
    fields
}

fn flatten(name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(inner) => {
            for (key, value) in inner {
                flatten(&format!("{name}.{key}"), value, fields);
            }
        }
        Value::Array(items) => {
            for value in items {
                flatten(name, value, fields);
            }
        }
        Value::String(text) => fields.push((name.to_owned(), text.clone())),
        other => fields.push((name.to_owned(), other.to_string())),
    }
}
