//! Which strings stood earlier in a scope, and under which number.
//!
//! A string is found by its hash and compared where it was written, in the output: nothing is
//! copied. A table looks at one bucket of four slots only, so it takes the same short time
//! whatever strings someone made up to collide; what falls out of a full bucket is merely written
//! once more. Slots carry the scope they belong to, so that leaving one costs nothing.

use std::hash::Hasher as _;
use std::ops::Range;

use rustc_hash::FxHasher;

/// Strings of up to this many bytes are numbered; so says the contract.
const LONGEST: usize = 64;
const BUCKET: usize = 4;
const FIRST_SLOTS: usize = 1024;
const MOST_SLOTS: usize = 1 << 16;

/// One scope: the list of items, or the inside of one nested object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    id: u32,
    nested: bool,
    /// The number of the next string.
    next: u32,
}

/// The strings of all scopes that are open. The list has a table of its own, so that the many
/// short-lived scopes inside its items do not push its strings out.
#[derive(Debug)]
pub(crate) struct Strings {
    list: Table,
    nested: Table,
    last_scope: u32,
}

/// What to do with a string.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// It stood earlier: write its number.
    Seen(u32),
    /// It is new: write it, then tell [`Strings::written`].
    New(Ticket),
    /// It has no number, being empty or long.
    Unnumbered,
}

/// Where a new string goes once it has been written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    hash: usize,
    tag: u32,
}

impl Strings {
    pub(crate) fn new() -> Self {
        Self {
            list: Table::new(),
            nested: Table::new(),
            last_scope: 0,
        }
    }

    /// Opens the scope of a list of items; the one before is over.
    pub(crate) fn open_list(&mut self) -> Scope {
        self.list.used = 0;
        Scope {
            id: self.next_id(),
            nested: false,
            next: 0,
        }
    }

    /// Opens the scope of a nested object. The caller keeps the outer one, and comes back to it.
    pub(crate) fn open_nested(&mut self) -> Scope {
        Scope {
            id: self.next_id(),
            nested: true,
            next: 0,
        }
    }

    fn next_id(&mut self) -> u32 {
        if self.last_scope == u32::MAX {
            // The numbers begin again, so nothing that is in the tables may stay: a string of an
            // old scope would be taken for one of a new scope. Those that are open only forget.
            self.list.clear();
            self.nested.clear();
            self.last_scope = 0;
        }
        self.last_scope += 1;
        self.last_scope
    }

    /// Looks a string up in a scope whose text stands in `out`.
    pub(crate) fn find(&self, scope: &Scope, out: &[u8], text: &str) -> Lookup {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > LONGEST {
            return Lookup::Unnumbered;
        }
        let ticket = Ticket::new(bytes);
        let table = if scope.nested {
            &self.nested
        } else {
            &self.list
        };
        match table.find(scope.id, &ticket, out, bytes) {
            Some(number) => Lookup::Seen(number),
            None => Lookup::New(ticket),
        }
    }

    /// Gives a string that was just written at `place` the scope's next number.
    pub(crate) fn written(&mut self, scope: &mut Scope, ticket: &Ticket, place: usize) {
        let number = scope.next;
        scope.next += 1;
        if let Ok(place) = u32::try_from(place) {
            let slot = Slot {
                scope: scope.id,
                tag: ticket.tag,
                place,
                number,
            };
            let table = if scope.nested {
                &mut self.nested
            } else {
                &mut self.list
            };
            table.insert(ticket.hash, slot);
        }
    }
}

impl Ticket {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "any bits of a hash will do"
    )]
    fn new(bytes: &[u8]) -> Self {
        let mut hasher = FxHasher::default();
        hasher.write(bytes);
        let hash = hasher.finish();
        // The low bits choose the bucket; the tag has higher ones, and the length.
        Self {
            hash: hash as usize,
            tag: ((hash >> 32) as u32 & !0xff) | bytes.len() as u32,
        }
    }
}

#[derive(Debug)]
struct Table {
    /// A power of two of them.
    slots: Vec<Slot>,
    /// How many strings the list has put in.
    used: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// 0 if the slot was never used.
    scope: u32,
    tag: u32,
    place: u32,
    number: u32,
}

impl Table {
    fn new() -> Self {
        Self {
            slots: vec![Slot::default(); FIRST_SLOTS],
            used: 0,
        }
    }

    fn clear(&mut self) {
        self.slots.fill(Slot::default());
    }

    fn bucket(&self, hash: usize) -> Range<usize> {
        let start = hash & (self.slots.len() - BUCKET);
        start..start + BUCKET
    }

    fn find(&self, scope: u32, ticket: &Ticket, out: &[u8], bytes: &[u8]) -> Option<u32> {
        self.slots[self.bucket(ticket.hash)]
            .iter()
            .find_map(|slot| {
                let start = slot.place as usize;
                let same = slot.scope == scope
                    && slot.tag == ticket.tag
                    && out.get(start..start + bytes.len()) == Some(bytes);
                same.then_some(slot.number)
            })
    }

    fn insert(&mut self, hash: usize, slot: Slot) {
        let range = self.bucket(hash);
        let bucket = &mut self.slots[range];
        // A slot that this scope does not use; in a full bucket, the one whose turn it is.
        let free = bucket.iter().position(|other| other.scope != slot.scope);
        bucket[free.unwrap_or(slot.number as usize % BUCKET)] = slot;
        self.used += 1;
        if self.used > self.slots.len() / 2 && self.slots.len() < MOST_SLOTS {
            // The scope forgets what it has seen, which repeats each string once at most; the
            // table never shrinks, so it happens in the first batches of a stream only.
            *self = Self {
                slots: vec![Slot::default(); self.slots.len() * 4],
                used: 0,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes `text` as the encoder does and returns what was found before.
    fn put(strings: &mut Strings, scope: &mut Scope, out: &mut Vec<u8>, text: &str) -> Option<u32> {
        match strings.find(scope, out, text) {
            Lookup::Seen(number) => Some(number),
            Lookup::Unnumbered => None,
            Lookup::New(ticket) => {
                let place = out.len();
                out.extend_from_slice(text.as_bytes());
                strings.written(scope, &ticket, place);
                None
            }
        }
    }

    #[test]
    fn finds_a_string_in_its_own_scope_only() {
        let (mut strings, mut out) = (Strings::new(), Vec::new());
        let mut list = strings.open_list();
        assert_eq!(put(&mut strings, &mut list, &mut out, "a"), None);
        assert_eq!(put(&mut strings, &mut list, &mut out, "b"), None);
        let mut nested = strings.open_nested();
        assert_eq!(put(&mut strings, &mut nested, &mut out, "b"), None);
        assert_eq!(put(&mut strings, &mut nested, &mut out, "b"), Some(0));
        let mut sibling = strings.open_nested();
        assert_eq!(put(&mut strings, &mut sibling, &mut out, "b"), None);
        assert_eq!(put(&mut strings, &mut list, &mut out, "b"), Some(1));
        let mut next_list = strings.open_list();
        assert_eq!(put(&mut strings, &mut next_list, &mut out, "b"), None);
    }

    #[test]
    fn numbers_strings_of_1_to_64_bytes() {
        let (mut strings, out) = (Strings::new(), Vec::new());
        let list = strings.open_list();
        assert_eq!(strings.find(&list, &out, ""), Lookup::Unnumbered);
        assert_eq!(
            strings.find(&list, &out, &"x".repeat(65)),
            Lookup::Unnumbered
        );
        assert!(matches!(
            strings.find(&list, &out, &"x".repeat(64)),
            Lookup::New(_)
        ));
    }

    #[test]
    fn never_gives_the_number_of_another_string_however_full_it_is() {
        let (mut strings, mut out) = (Strings::new(), Vec::new());
        for mut scope in [strings.open_list(), strings.open_nested()] {
            let mut written = Vec::new();
            for i in 0..200_000_u32 {
                let text = (i % 150_000).to_string();
                match put(&mut strings, &mut scope, &mut out, &text) {
                    Some(number) => assert_eq!(written[number as usize], text),
                    None => written.push(text),
                }
            }
            assert_eq!(scope.next as usize, written.len());
        }
        assert!(strings.list.slots.len() <= MOST_SLOTS);
    }

    #[test]
    fn numbers_of_scopes_that_begin_again_bring_nothing_back() {
        let (mut strings, mut out) = (Strings::new(), Vec::new());
        let mut first = strings.open_list();
        put(&mut strings, &mut first, &mut out, "a");
        strings.last_scope = u32::MAX;
        let mut second = strings.open_list();
        assert_eq!(second.id, first.id);
        assert_eq!(put(&mut strings, &mut second, &mut out, "a"), None);
        assert_eq!(put(&mut strings, &mut second, &mut out, "a"), Some(0));
    }
}
