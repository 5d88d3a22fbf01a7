//! By what an item of a list is told from the others, noted while the parser passes over it.
//!
//! A list that changes while its pages are fetched shows items twice. The parser hands each item to
//! the caller's decoder, once; [`Watched`] stands in between and looks at the item's own keys until
//! one of [`KEYS`] comes. The key stands in the answer's text, so its value is read there: nothing
//! is parsed twice, and what is inside the item passes by untouched.
//!
//! Since it knows the keys, it is also where fields are found whose text is to be unfolded.

use std::fmt;
use std::hash::{DefaultHasher, Hasher};

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};

use crate::unfold::Unfold;

/// The keys that name an item; the first of them in an item counts.
const KEYS: [&[u8]; 3] = [b"id", b"uid", b"alertUid"];

/// The items of one answer that have been seen.
#[derive(Debug)]
pub(crate) struct Watch<'b> {
    body: &'b [u8],
    /// The fields of an item whose text is JSON.
    folded: &'b [String],
    /// The value that comes next is that of such a field.
    unfolds: bool,
    /// A hash of the name of each item that has one.
    names: Vec<u64>,
    /// The item that is being read has been named.
    named: bool,
}

impl<'b> Watch<'b> {
    pub(crate) fn new(body: &'b [u8], folded: &'b [String]) -> Self {
        Self {
            body,
            folded,
            unfolds: false,
            names: Vec::new(),
            named: false,
        }
    }

    /// The next item, as the decoder is to see it.
    pub(crate) fn item<D>(&mut self, inner: D) -> Watched<'_, 'b, D> {
        self.named = false;
        Watched { inner, watch: self }
    }

    pub(crate) fn into_names(self) -> Vec<u64> {
        self.names
    }

    /// Whether the rest of the item's keys make no difference.
    fn is_done(&self) -> bool {
        self.named && self.folded.is_empty()
    }

    fn key(&mut self, key: &[u8]) {
        self.unfolds = self.folded.iter().any(|field| field.as_bytes() == key);
        if self.named || !KEYS.contains(&key) {
            return;
        }
        let behind = key
            .as_ptr()
            .addr()
            .checked_sub(self.body.as_ptr().addr())
            .and_then(|start| self.body.get(start..)?.get(key.len()..));
        // A key with escapes stands elsewhere. Its item has no name then, which costs nothing.
        let Some(value) = behind.and_then(value) else {
            return;
        };
        self.named = true;
        let mut hasher = DefaultHasher::new();
        hasher.write(key);
        hasher.write(value);
        self.names.push(hasher.finish());
    }
}

/// The text or number that follows a key, as it stands in the answer; `behind` begins with the
/// key's closing quotation mark.
fn value(behind: &[u8]) -> Option<&[u8]> {
    let text = behind.strip_prefix(b"\"")?.trim_ascii_start();
    let text = text.strip_prefix(b":")?.trim_ascii_start();
    let (text, end): (_, fn(&u8) -> bool) = match text.first()? {
        b'"' => (&text[1..], |byte| *byte == b'"'),
        b'0'..=b'9' | b'-' => (text, |byte| {
            !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')
        }),
        _ => return None,
    };
    text.get(..text.iter().position(end)?)
}

/// A deserializer of one item, under watch.
pub(crate) struct Watched<'a, 'b, D> {
    inner: D,
    watch: &'a mut Watch<'b>,
}

/// What does not become an object passes as it is.
macro_rules! pass {
    ($($method:ident($($name:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($name,)* visitor)
        }
    )*};
}

/// What may become one passes with its visitor under watch, too.
macro_rules! watch {
    ($wrap:ident: $($method:ident($($name:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($name,)* $wrap { inner: visitor, watch: self.watch })
        }
    )*};
}

macro_rules! visit {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E: serde::de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watched<'_, '_, D> {
    type Error = D::Error;

    watch! { Watched:
        deserialize_any()
        deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
    }

    pass! {
        deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64()
        deserialize_u128() deserialize_f32() deserialize_f64() deserialize_char() deserialize_str()
        deserialize_string() deserialize_bytes() deserialize_byte_buf() deserialize_option()
        deserialize_unit() deserialize_seq() deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watched<'_, '_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_i128(i128) visit_u128(u128)
        visit_f64(f64) visit_char(char) visit_str(&str) visit_borrowed_str(&'de str)
        visit_string(String) visit_bytes(&[u8]) visit_borrowed_bytes(&'de [u8])
        visit_byte_buf(Vec<u8>)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(inner)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(list)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<V::Value, A::Error> {
        self.inner.visit_enum(variant)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Watched {
            inner: map,
            watch: self.watch,
        })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Watched<'_, '_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if self.watch.is_done() {
            return self.inner.next_key_seed(seed);
        }
        self.inner.next_key_seed(Key {
            inner: seed,
            watch: self.watch,
        })
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        if std::mem::take(&mut self.watch.unfolds) {
            return self.inner.next_value_seed(Unfold(seed));
        }
        self.inner.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A key of an item under watch: its seed, its deserializer, its visitor.
struct Key<'a, 'b, T> {
    inner: T,
    watch: &'a mut Watch<'b>,
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Key<'_, '_, K> {
    type Value = K::Value;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<K::Value, D::Error> {
        self.inner.deserialize(Key {
            inner: key,
            watch: self.watch,
        })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Key<'_, '_, D> {
    type Error = D::Error;

    watch! { Key:
        deserialize_any() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_identifier()
    }

    pass! {
        deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64()
        deserialize_u128() deserialize_f32() deserialize_f64() deserialize_char()
        deserialize_option() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Key<'_, '_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! { visit_str(&str) visit_string(String) visit_bytes(&[u8]) visit_byte_buf(Vec<u8>) }

    fn visit_borrowed_str<E: serde::de::Error>(self, key: &'de str) -> Result<V::Value, E> {
        self.watch.key(key.as_bytes());
        self.inner.visit_borrowed_str(key)
    }

    fn visit_borrowed_bytes<E: serde::de::Error>(self, key: &'de [u8]) -> Result<V::Value, E> {
        self.watch.key(key);
        self.inner.visit_borrowed_bytes(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::Value;

    /// How many names one item has, and that it comes through unchanged.
    fn names(item: &str) -> Vec<u64> {
        let mut watch = Watch::new(item.as_bytes(), &[]);
        let mut parser = serde_json::Deserializer::from_slice(item.as_bytes());
        let read = Value::deserialize(watch.item(&mut parser)).expect("JSON");
        assert_eq!(read, serde_json::from_str::<Value>(item).expect("JSON"));
        watch.into_names()
    }

    #[test]
    fn an_item_is_named_by_its_own_first_key_that_names_it() {
        let same = names(r#"{"id":17}"#);
        assert_eq!(same.len(), 1);
        for item in [
            r#"{"id": 17 , "x":1}"#,
            r#"{"id":"17"}"#,
            r#"{"x":{"id":18,"uid":"b"},"id":17,"uid":"a"}"#,
            "{\"x\":[1,{\"id\":2}],\"y\":1.50,\"id\"\n:\t17\r\n}",
        ] {
            assert_eq!(names(item), same, "{item}");
        }
        for item in [
            r#"{"id":18}"#,
            r#"{"uid":"17","id":17}"#,
            r#"{"alertUid":"17"}"#,
        ] {
            assert_ne!(names(item), same, "{item}");
            assert_eq!(names(item).len(), 1, "{item}");
        }
        assert_ne!(names(r#"{"uid":"a"}"#), names(r#"{"uid":"b"}"#));
    }

    #[test]
    fn what_has_no_name_passes_without_one() {
        for item in [
            "17",
            "-1.5e300",
            "123456789012345678901234567890",
            "null",
            "true",
            "\"id\"",
            "[{\"id\":1}]",
            "{}",
            r#"{"x":{"id":1}}"#,
            r#"{"id":null}"#,
            r#"{"id":{"id":1}}"#,
            r#"{"id":true,"y":"ä"}"#,
            r#"{"\u0069d":1}"#,
        ] {
            assert!(names(item).is_empty(), "{item}");
        }
        assert_eq!(names(r#"{"id":null,"uid":"a"}"#).len(), 1);
    }
}
