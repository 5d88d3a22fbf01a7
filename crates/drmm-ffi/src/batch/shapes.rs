//! The shapes of a stream: one table for all its pages.

use std::collections::{HashMap, HashSet};

use crate::wire;

/// The table. A shape is known by its list of keys as MessagePack, which is also how it is
/// written; so a list of keys is stored once.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    numbers: HashMap<Box<[u8]>, u32>,
    /// The shapes that no batch has carried yet, as MessagePack, one after another.
    pending: Vec<u8>,
    /// How many shapes batches have carried.
    delivered: usize,
    /// What was said in this stream already, so that it is said once.
    said: HashSet<Box<str>>,
    notes: Vec<Box<str>>,
}

/// What a batch says before its items.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewShapes {
    pub(crate) first: usize,
    pub(crate) count: usize,
    /// The lists of keys, as MessagePack, one after another.
    pub(crate) lists: Vec<u8>,
}

impl Shapes {
    /// The number of the shape whose keys are `list`, an array in MessagePack. It is given the
    /// next one if it is new.
    pub(crate) fn number(&mut self, list: &[u8]) -> u32 {
        if let Some(&number) = self.numbers.get(list) {
            return number;
        }
        let number = wire::size(self.numbers.len());
        self.numbers.insert(list.into(), number);
        self.pending.extend_from_slice(list);
        number
    }

    /// Notes something to be reported, unless it was before.
    pub(crate) fn note(&mut self, text: String) {
        let text = text.into_boxed_str();
        if !self.said.contains(&text) {
            self.said.insert(text.clone());
            self.notes.push(text);
        }
    }

    /// What was noted since the last call.
    pub(crate) fn take_notes(&mut self) -> Vec<Box<str>> {
        std::mem::take(&mut self.notes)
    }

    /// The shapes that no batch has carried yet, to be put into the next.
    pub(crate) fn deliver(&mut self) -> NewShapes {
        let first = self.delivered;
        self.delivered = self.numbers.len();
        let lists = std::mem::take(&mut self.pending);
        NewShapes {
            first,
            count: self.delivered - first,
            lists,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_numbered_and_delivered_once() {
        let mut shapes = Shapes::default();
        assert_eq!(shapes.number(&[0x91, 0xa1, b'a']), 0);
        assert_eq!(shapes.number(&[0x90]), 1);
        assert_eq!(shapes.number(&[0x91, 0xa1, b'a']), 0);
        let new = shapes.deliver();
        assert_eq!(
            new,
            NewShapes {
                first: 0,
                count: 2,
                lists: vec![0x91, 0xa1, b'a', 0x90]
            }
        );
        assert_eq!(shapes.number(&[0x91, 0xa1, b'b']), 2);
        let new = shapes.deliver();
        assert_eq!(
            new,
            NewShapes {
                first: 2,
                count: 1,
                lists: vec![0x91, 0xa1, b'b']
            }
        );
        assert_eq!(
            shapes.deliver(),
            NewShapes {
                first: 3,
                count: 0,
                lists: vec![]
            }
        );
    }

    #[test]
    fn a_note_is_given_once() {
        let mut shapes = Shapes::default();
        shapes.note("a".to_owned());
        shapes.note("b".to_owned());
        shapes.note("a".to_owned());
        assert_eq!(shapes.take_notes(), ["a".into(), "b".into()]);
        shapes.note("b".to_owned());
        assert_eq!(shapes.take_notes(), []);
    }
}
