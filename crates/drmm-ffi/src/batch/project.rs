//! Objects cut down to some of their fields, while the parser passes over the rest.
//!
//! The fields come in the order of the answer and are handed over in the order in which they were
//! named. So each is kept on a tape until its item has ended, as MessagePack but for the strings
//! of the list's scope: those are counted in the order in which they are written.

use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::encode::{Encoder, Item, NUMBER};
use super::fields::{Fields, Place};
use super::limit::MOST_MARKS;
use crate::wire::{self, OpenArray};

/// The fields of one item, as far as they have come.
#[derive(Debug, Default)]
pub(crate) struct Projection {
    /// A tape for each field.
    tapes: Vec<Tape>,
    /// Which fields the value that is being read has given. Of keys that are the same the first
    /// counts.
    came: Vec<bool>,
    /// Which fields there were in any item.
    found: Vec<bool>,
    /// How many bytes may still be put on the tapes of this item, beside those that each stand once
    /// in the answer.
    room: usize,
    /// There was more than that: what is on the tapes is not whole.
    full: bool,
}

#[derive(Debug, Default)]
struct Tape {
    bytes: Vec<u8>,
    marks: Marks,
}

/// Strings that are to be written later, and where.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    texts: String,
    places: Vec<Mark>,
    full: bool,
}

#[derive(Debug)]
struct Mark {
    at: usize,
    text: Range<usize>,
}

/// Where on a tape a value begins.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    byte: usize,
    mark: usize,
}

impl Marks {
    /// Keeps a string that belongs to the place `at`.
    pub(crate) fn push(&mut self, at: usize, text: &str) {
        if self.places.len() == MOST_MARKS {
            self.full = true;
            return;
        }
        let start = self.texts.len();
        self.texts.push_str(text);
        let text = start..self.texts.len();
        self.places.push(Mark { at, text });
    }
}

impl Projection {
    /// Begins an item, of which the tapes may make so many bytes.
    fn clear(&mut self, fields: &Fields, room: usize) {
        self.room = room;
        let len = fields.names().len();
        self.tapes.resize_with(len, Tape::default);
        self.came.resize(len, false);
        self.found.resize(len, false);
        for tape in &mut self.tapes {
            tape.bytes.clear();
            tape.marks.texts.clear();
            tape.marks.places.clear();
        }
    }

    /// Whether there was more than the tapes may hold.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// How many bytes the tapes have.
    #[cfg(test)]
    pub(crate) fn bytes(&self) -> usize {
        self.tapes.iter().map(|tape| tape.bytes.len()).sum()
    }

    /// Whether there is room for so many bytes more, which are then taken.
    fn takes(&mut self, bytes: usize) -> bool {
        match self.room.checked_sub(bytes) {
            Some(rest) if !self.full => {
                self.room = rest;
                true
            }
            _ => {
                self.full = true;
                false
            }
        }
    }

    /// Begins a value: nothing below it has come.
    pub(crate) fn begin(&mut self, place: Place<'_>) {
        for &slot in place.below() {
            self.came[slot] = false;
        }
    }

    /// Ends a value: what has not come below it is null.
    pub(crate) fn complete(&mut self, place: Place<'_>) {
        if !self.takes(place.below().len()) {
            return;
        }
        for &slot in place.below() {
            if !std::mem::replace(&mut self.came[slot], true) {
                wire::nil(&mut self.tapes[slot].bytes);
            }
        }
    }

    /// Notes a value that does not tell whether there are such fields: null, or a list without
    /// elements.
    pub(crate) fn says_nothing(&mut self, place: Place<'_>) {
        for &slot in place.below() {
            self.found[slot] = true;
        }
    }

    /// Begins a list: each field below it is a list as well.
    pub(crate) fn open_lists(&mut self, place: Place<'_>) -> Vec<OpenArray> {
        if !self.takes(place.below().len() * wire::OPEN_ARRAY) {
            return Vec::new();
        }
        let slots = place.below().iter();
        slots
            .map(|&slot| wire::open_array(&mut self.tapes[slot].bytes))
            .collect()
    }

    pub(crate) fn close_lists(&mut self, place: Place<'_>, lists: Vec<OpenArray>, len: usize) {
        for (&slot, list) in place.below().iter().zip(lists) {
            list.close(&mut self.tapes[slot].bytes, len);
            self.came[slot] = true;
        }
        if len == 0 {
            self.says_nothing(place);
        }
    }

    /// Adds the fields that were found to `found`.
    pub(crate) fn tell_found(&self, found: &mut Vec<bool>) {
        found.resize(self.found.len(), false);
        for (found, &here) in found.iter_mut().zip(&self.found) {
            *found |= here;
        }
    }

    fn has_come(&self, place: Place<'_>) -> bool {
        place.any().is_some_and(|slot| self.came[slot])
    }

    fn start(&self, slot: usize) -> Start {
        Start {
            byte: self.tapes[slot].bytes.len(),
            mark: self.tapes[slot].marks.places.len(),
        }
    }
}

impl Encoder<'_> {
    /// Writes one value of the list of items: an object of the shape `shape`, which has these
    /// fields, of at most `room` bytes.
    pub(crate) fn project<'de, D: Deserializer<'de>>(
        &mut self,
        fields: &Fields,
        shape: u32,
        room: usize,
        item: D,
    ) -> Result<(), D::Error> {
        self.scratch.projection.clear(fields, room);
        Pick {
            encoder: self,
            place: fields.item(),
        }
        .deserialize(item)?;
        let open = wire::open_object(self.out);
        for slot in 0..fields.names().len() {
            self.play(slot, Start::default());
        }
        open.close(self.out, shape);
        Ok(())
    }

    /// Writes what a tape holds.
    fn play(&mut self, slot: usize, start: Start) {
        let tape = std::mem::take(&mut self.scratch.projection.tapes[slot]);
        let bytes = tape.bytes.len() - start.byte;
        let marks = tape.marks.places.len() - start.mark;
        let room = bytes + marks * size_of::<Mark>();
        if !self.scratch.projection.takes(room) {
            self.scratch.projection.tapes[slot] = tape;
            return;
        }
        let mut at = start.byte;
        for mark in &tape.marks.places[start.mark..] {
            self.out.extend_from_slice(&tape.bytes[at..mark.at]);
            self.string(&tape.marks.texts[mark.text.clone()]);
            at = mark.at;
        }
        self.out.extend_from_slice(&tape.bytes[at..]);
        self.scratch.projection.tapes[slot] = tape;
    }
}

/// A value of which only fields are wanted.
struct Pick<'a, 'b> {
    encoder: &'a mut Encoder<'b>,
    place: Place<'a>,
}

impl<'de> DeserializeSeed<'de> for Pick<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        let Self { encoder, place } = self;
        encoder.scratch.projection.begin(place);
        value.deserialize_any(Pick { encoder, place })?;
        encoder.scratch.projection.complete(place);
        Ok(())
    }
}

/// What has no fields.
macro_rules! pass_over {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E>(self, _: $type) -> Result<(), E> {
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for Pick<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    pass_over! { visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_str(&str) }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.encoder.scratch.projection.says_nothing(self.place);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let Self { encoder, place } = self;
        let lists = encoder.scratch.projection.open_lists(place);
        let mut len = 0_usize;
        while elements
            .next_element_seed(Pick { encoder, place })?
            .is_some()
        {
            len += 1;
        }
        encoder.scratch.projection.close_lists(place, lists, len);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { encoder, place } = self;
        while let Some(child) = map.next_key_seed(KeySeed(place))? {
            match child.filter(|&child| !encoder.scratch.projection.has_come(child)) {
                Some(place) => map.next_value_seed(Keep { encoder, place })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// A value that is wanted as a whole, or something inside it.
struct Keep<'a, 'b> {
    encoder: &'a mut Encoder<'b>,
    place: Place<'a>,
}

impl<'de> DeserializeSeed<'de> for Keep<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        let Self { encoder, place } = self;
        let Some(slot) = place.slot() else {
            return Pick { encoder, place }.deserialize(value);
        };
        let mut tape = std::mem::take(&mut encoder.scratch.projection.tapes[slot]);
        let mut aside = Encoder {
            scratch: encoder.scratch,
            out: &mut tape.bytes,
            scope: encoder.scope,
            shapes: encoder.shapes,
            marks: Some(&mut tape.marks),
        };
        let kept = Item {
            encoder: &mut aside,
            nested: true,
            place: Some(place).filter(|place| !place.below().is_empty()),
        }
        .deserialize(value);
        let projection = &mut encoder.scratch.projection;
        projection.full |= tape.marks.full;
        projection.tapes[slot] = tape;
        projection.came[slot] = true;
        projection.found[slot] = true;
        kept
    }
}

/// A value inside one that is wanted as a whole, while it is wanted itself, or something inside it.
pub(crate) struct Shared<'a, 'b> {
    pub(crate) encoder: &'a mut Encoder<'b>,
    pub(crate) place: Place<'a>,
}

impl<'de> DeserializeSeed<'de> for Shared<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        let Self { encoder, place } = self;
        let Some(slot) = place.slot() else {
            let place = Some(place);
            return Item {
                encoder,
                nested: true,
                place,
            }
            .deserialize(value);
        };
        let start = encoder.scratch.projection.start(slot);
        Keep { encoder, place }.deserialize(value)?;
        encoder.play(slot, start);
        Ok(())
    }
}

/// Where a key leads: to a field that is wanted, or to none. A number has none either.
struct KeySeed<'a>(Place<'a>);

impl<'de, 'a> DeserializeSeed<'de> for KeySeed<'a> {
    type Value = Option<Place<'a>>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Self::Value, D::Error> {
        // As it stands there, unchecked; what is skipped may be no Unicode.
        key.deserialize_bytes(self)
    }
}

impl<'a> Visitor<'_> for KeySeed<'a> {
    type Value = Option<Place<'a>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Self::Value, E> {
        Ok(self.0.child(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        if key == NUMBER {
            return Ok(None);
        }
        self.visit_bytes(key.as_bytes())
    }
}
