//! From the parser's events to MessagePack, without a tree in between.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fields::Place;
use super::number;
use super::project::{Marks, Projection, Shared};
use super::shapes::Shapes;
use super::strings::{Lookup, Scope, Strings};
use super::trie::{Node, ROOT, Seen, Trie};
use crate::wire;

/// The one key of the map that `serde_json` makes of a number, so that all its digits come through.
pub(crate) const NUMBER: &str = "$serde_json::private::Number";

/// What encoding needs besides the output. It is kept from page to page, because the next one
/// looks much the same.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) trie: Trie,
    pub(crate) strings: Strings,
    pub(crate) projection: Projection,
    /// How large the last batch was, in bytes.
    pub(crate) size: usize,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self {
            trie: Trie::new(),
            strings: Strings::new(),
            projection: Projection::default(),
            size: 0,
        }
    }

    /// Whether there was more than is kept: what was made of it is not whole.
    pub(crate) fn is_full(&self) -> bool {
        self.trie.is_full() || self.projection.is_full()
    }
}

/// A batch in the making.
pub(crate) struct Encoder<'a> {
    pub(crate) scratch: &'a mut Scratch,
    pub(crate) out: &'a mut Vec<u8>,
    pub(crate) scope: &'a mut Scope,
    pub(crate) shapes: &'a Mutex<Shapes>,
    /// Takes the strings of this scope, if they are to be written later.
    pub(crate) marks: Option<&'a mut Marks>,
}

impl Encoder<'_> {
    /// Writes one value of the list of items.
    pub(crate) fn item<'de, D: Deserializer<'de>>(&mut self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(Item {
            encoder: self,
            nested: false,
            place: None,
        })
    }

    pub(crate) fn string(&mut self, text: &str) {
        if let Some(marks) = &mut self.marks {
            marks.push(self.out.len(), text);
            return;
        }
        match self.scratch.strings.find(self.scope, self.out, text) {
            Lookup::Seen(number) => wire::reference(self.out, number),
            Lookup::Unnumbered => {
                wire::string(self.out, text);
            }
            Lookup::New(ticket) => {
                let place = wire::string(self.out, text);
                self.scratch.strings.written(self.scope, &ticket, place);
            }
        }
    }

    fn shape(&mut self, end: Node) -> u32 {
        let trie = &mut self.scratch.trie;
        if let Some(number) = trie.shape(end) {
            return number;
        }
        let list = trie.list(end);
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let number = shapes.number(&list);
        for note in trie.take_notes() {
            shapes.note(note);
        }
        trie.set_shape(end, number);
        number
    }

    /// Writes an object whose first key has been read. Fields of it that are wanted as well are kept
    /// if they stand below `place`.
    fn object<'de, A: MapAccess<'de>>(
        &mut self,
        mut map: A,
        first: Option<Node>,
        mut seen: Seen,
        place: Option<Place<'_>>,
    ) -> Result<(), A::Error> {
        let open = wire::open_object(self.out);
        let mut end = ROOT;
        let mut next = first;
        while let Some(node) = next {
            end = node;
            if self.scratch.trie.is_dropped(node) {
                map.next_value::<IgnoredAny>()?;
                wire::nil(self.out);
            } else if let Some(place) =
                place.and_then(|place| place.child(self.scratch.trie.name(node).as_bytes()))
            {
                map.next_value_seed(Shared {
                    encoder: self,
                    place,
                })?;
            } else {
                map.next_value_seed(Item {
                    encoder: self,
                    nested: true,
                    place: None,
                })?;
            }
            let trie = &mut self.scratch.trie;
            next = match map.next_key_seed(KeySeed {
                trie,
                node,
                seen: &mut seen,
            })? {
                Some(Key::Name(node)) => Some(node),
                Some(Key::Number) => return Err(de::Error::custom("a number is not one")),
                None => None,
            };
        }
        let shape = self.shape(end);
        open.close(self.out, shape);
        Ok(())
    }
}

/// A value to be written: an item of the list, or something inside one.
pub(crate) struct Item<'a, 'b> {
    pub(crate) encoder: &'a mut Encoder<'b>,
    /// An object here has a scope of its own.
    pub(crate) nested: bool,
    /// Fields of it that stand below this place are kept as well.
    pub(crate) place: Option<Place<'a>>,
}

impl<'de> DeserializeSeed<'de> for Item<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        let Some(place) = self.place else {
            return value.deserialize_any(self);
        };
        self.encoder.scratch.projection.begin(place);
        value.deserialize_any(Item {
            encoder: self.encoder,
            ..self
        })?;
        self.encoder.scratch.projection.complete(place);
        Ok(())
    }
}

impl<'de> Visitor<'de> for Item<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        if let Some(place) = self.place {
            self.encoder.scratch.projection.says_nothing(place);
        }
        wire::nil(self.encoder.out);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        wire::boolean(self.encoder.out, value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        wire::int(self.encoder.out, value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        number::unsigned(self.encoder.out, value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        wire::float(self.encoder.out, value);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.encoder.string(text);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Self { encoder, place, .. } = self;
        let lists = place.map(|place| encoder.scratch.projection.open_lists(place));
        let open = wire::open_array(encoder.out);
        let mut len = 0_usize;
        while elements
            .next_element_seed(Item {
                encoder,
                nested: true,
                place,
            })?
            .is_some()
        {
            len += 1;
        }
        open.close(encoder.out, len);
        if let (Some(place), Some(lists)) = (place, lists) {
            encoder.scratch.projection.close_lists(place, lists, len);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self {
            encoder,
            nested,
            place,
        } = self;
        let mut seen = Seen::default();
        let trie = &mut encoder.scratch.trie;
        let first = match map.next_key_seed(KeySeed {
            trie,
            node: ROOT,
            seen: &mut seen,
        })? {
            Some(Key::Number) => return map.next_value_seed(NumberSeed(encoder.out)),
            Some(Key::Name(node)) => Some(node),
            None => None,
        };
        if !nested {
            return encoder.object(map, first, seen, place);
        }
        let mut scope = encoder.scratch.strings.open_nested();
        let mut inner = Encoder {
            scratch: encoder.scratch,
            out: encoder.out,
            scope: &mut scope,
            shapes: encoder.shapes,
            marks: None,
        };
        inner.object(map, first, seen, place)
    }
}

/// What stands before a value in a map.
enum Key {
    /// A key of an object.
    Name(Node),
    /// It is no object: the parser hands over a number.
    Number,
}

struct KeySeed<'a> {
    trie: &'a mut Trie,
    /// The key before this one.
    node: Node,
    seen: &'a mut Seen,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Key, D::Error> {
        // Asked for bytes, the parser gives a key as it stands there, unchecked; the tree checks
        // those it does not know. A number's key comes as text all the same: so an object that
        // has a key of that name is still an object.
        key.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_bytes<E: de::Error>(self, key: &[u8]) -> Result<Key, E> {
        match self.trie.follow(self.node, key, self.seen) {
            Ok(node) => Ok(Key::Name(node)),
            Err(_) => Err(E::custom("a key is not valid Unicode")),
        }
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<Key, E> {
        if key == NUMBER {
            return Ok(Key::Number);
        }
        self.visit_bytes(key.as_bytes())
    }
}

/// Takes a number's text.
struct NumberSeed<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for NumberSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<(), D::Error> {
        text.deserialize_str(self)
    }
}

impl Visitor<'_> for NumberSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        number::write(self.0, text).map_err(E::custom)
    }
}
