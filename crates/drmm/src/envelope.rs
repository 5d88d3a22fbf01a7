//! The envelope of a page, and the items in it.
//!
//! `pageDetails` says `totalCount` (may be null) and `nextPageUrl` (null on the last page); the items
//! stand in a field whose name the caller gives, and go straight to the caller's decoder. A text in
//! `error` is the server's word that the page is not whole, though its status is 200.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::decode::{ItemSeed, ItemSink};
use crate::identity::Watch;

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
    /// What names its items, as far as they have names.
    pub(crate) names: Vec<u64>,
    pub(crate) details: PageDetails,
    /// The server says that it could not read all of it, as it does of the activity log.
    pub(crate) failed: bool,
}

/// Reads a page into `sink`: the elements of the field `items`, in order; the text of the fields
/// `folded` is JSON. `None` if there is no such field as `items`.
pub(crate) fn read_page<S: ItemSink>(
    body: &[u8],
    items: &str,
    folded: &[String],
    sink: &mut S,
) -> serde_json::Result<Option<PageRead>> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let mut watch = Watch::new(body, folded);
    let read = parser.deserialize_map(PageVisitor {
        items,
        sink,
        watch: &mut watch,
    })?;
    parser.end()?;
    Ok(read.map(|read| PageRead {
        names: watch.into_names(),
        ..read
    }))
}

/// Reads the text of a page into `sink` as a stream does, for those who measure what that costs. Gives
/// the number of its items.
///
/// # Errors
/// Those of the parser.
#[doc(hidden)]
pub fn read_items<S: ItemSink>(page: &[u8], items: &str, sink: &mut S) -> serde_json::Result<u64> {
    read_page(page, items, &[], sink).map(|read| read.map_or(0, |read| read.items))
}

/// Reads a whole answer into `sink`: the elements of an array, or the one value.
pub(crate) fn read_whole<S: ItemSink>(body: &[u8], sink: &mut S) -> serde_json::Result<u64> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    let items = match first {
        None => return Ok(0),
        Some(b'[') => parser.deserialize_seq(ItemsVisitor { sink, watch: None })?,
        Some(_) => {
            ItemSeed { sink, watch: None }.deserialize(&mut parser)?;
            1
        }
    };
    parser.end()?;
    Ok(items)
}

struct PageVisitor<'a, 'b, S> {
    items: &'a str,
    sink: &'a mut S,
    watch: &'a mut Watch<'b>,
}

impl<'de, S: ItemSink> Visitor<'de> for PageVisitor<'_, '_, S> {
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
                read.items = map.next_value_seed(ItemsVisitor {
                    sink: self.sink,
                    watch: Some(self.watch),
                })?;
            } else if key == "error" {
                let said = map.next_value::<serde_json::Value>()?;
                read.failed = said.as_str().is_some_and(|text| !text.trim().is_empty());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found.then_some(read))
    }
}

struct ItemsVisitor<'a, 'b, S> {
    sink: &'a mut S,
    watch: Option<&'a mut Watch<'b>>,
}

impl<'de, S: ItemSink> DeserializeSeed<'de> for ItemsVisitor<'_, '_, S> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        // A list that is null is an empty one.
        deserializer.deserialize_option(self)
    }
}

impl<'de, S: ItemSink> Visitor<'de> for ItemsVisitor<'_, '_, S> {
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

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<u64, A::Error> {
        let mut count = 0;
        while list
            .next_element_seed(ItemSeed {
                sink: self.sink,
                watch: self.watch.as_deref_mut(),
            })?
            .is_some()
        {
            count += 1;
        }
        Ok(count)
    }
}
