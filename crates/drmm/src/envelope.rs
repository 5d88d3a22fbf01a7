//! The envelope of a page, and the items in it.
//!
//! `pageDetails` says `totalCount` (may be null) and `nextPageUrl` (null on the last page); the items
//! stand in a field whose name the caller gives, and go straight to the caller's decoder. A text in
//! `error` is the server's word that the page is not whole, though its status is 200.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hasher};

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
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
    /// It says nothing about the pages after it.
    pub(crate) is_bare: bool,
    /// What tells its items, all together, from those of another page, if none of them has a name.
    pub(crate) print: Option<u64>,
}

/// Why an object is no page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoPage {
    /// It has no field for the items.
    NoItems,
    /// The server says that it could not read all of it, as it does of the activity log.
    Failed,
}

/// Reads a page into `sink`: the elements of the field `items`, in order; the text of the fields
/// `folded` is JSON.
pub(crate) fn read_page<S: ItemSink>(
    body: &[u8],
    items: &str,
    folded: &[String],
    sink: &mut S,
) -> serde_json::Result<Result<PageRead, NoPage>> {
    let mut parser = serde_json::Deserializer::from_slice(body);
    let mut watch = Watch::new(body, folded);
    let read = parser.deserialize_map(PageVisitor {
        body,
        items,
        sink,
        watch: &mut watch,
    })?;
    parser.end()?;
    Ok(read.map(|(read, text)| {
        let names = watch.into_names();
        PageRead {
            print: names.is_empty().then(|| print(text)),
            names,
            ..read
        }
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

fn print(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text);
    hasher.finish()
}

/// Whether the text is JSON that breaks off; what else is wrong with it is not asked.
pub(crate) fn is_cut(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_err_and(|error| error.is_eof())
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
    body: &'b [u8],
    items: &'a str,
    sink: &'a mut S,
    watch: &'a mut Watch<'b>,
}

impl<'b, S> PageVisitor<'_, 'b, S> {
    /// The answer's text from a key on; a key with escapes stands elsewhere.
    fn from(&self, key: &str) -> Option<&'b [u8]> {
        let start = key.as_ptr().addr().checked_sub(self.body.as_ptr().addr());
        self.body.get(start?..)
    }
}

/// A field's name, where it stands.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de, 'b, S: ItemSink> Visitor<'de> for PageVisitor<'_, 'b, S> {
    /// The page and the text of its items, from their field's name to that of the next.
    type Value = Result<(PageRead, &'b [u8]), NoPage>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a page with the field «{}»", self.items)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut read = PageRead::default();
        let (mut details, mut failed) = (None, false);
        // From the items on, and from what follows them.
        let (mut text, mut rest): (Option<&[u8]>, Option<&[u8]>) = (None, None);
        while let Some(Key(key)) = map.next_key()? {
            if text.is_some() && rest.is_none() {
                rest = self.from(&key);
            }
            if key == "pageDetails" {
                details = map.next_value_seed(DetailsSeed)?;
            } else if key == self.items && text.is_none() {
                text = Some(self.from(&key).unwrap_or(self.body));
                read.items = map.next_value_seed(ItemsVisitor {
                    sink: self.sink,
                    watch: Some(self.watch),
                })?;
            } else if key == "error" {
                let said = map.next_value::<serde_json::Value>()?;
                failed = said.as_str().is_some_and(|text| !text.trim().is_empty());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        let Some(text) = text else {
            return Ok(Err(NoPage::NoItems));
        };
        if failed {
            return Ok(Err(NoPage::Failed));
        }
        let end = text.len().saturating_sub(rest.map_or(0, <[u8]>::len));
        let is_bare = details.is_none();
        let details = details.unwrap_or_default();
        let read = PageRead {
            details,
            is_bare,
            ..read
        };
        Ok(Ok((read, &text[..end])))
    }
}

/// What a page says about the others: an object, or nothing.
struct DetailsSeed;

impl<'de> DeserializeSeed<'de> for DetailsSeed {
    type Value = Option<PageDetails>;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DetailsSeed {
    type Value = Option<PageDetails>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what a page says about the others")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        PageDetails::deserialize(MapAccessDeserializer::new(map)).map(Some)
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
