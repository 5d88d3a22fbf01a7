//! From an answer's JSON to the batch that the contract describes, in one pass.
//!
//! [`Batches`] belongs to one stream. Its pages are decoded on several threads at once; each
//! borrows a scratch of its own, and they meet only where an object has keys that are new. The
//! shapes that a batch needs are put in front of it when it is handed over, because only then is
//! it known which of them the reader has.

mod encode;
mod fields;
mod limit;
mod memory;
mod names;
mod number;
mod project;
mod shapes;
mod sink;
mod strings;
mod trie;

#[cfg(test)]
mod reader;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drmm::Decoder;

use self::encode::Scratch;
use self::fields::Fields;
use self::limit::Limit;
use self::memory::{Memory, Rooms};
use self::shapes::Shapes;
use crate::wire;

pub use self::sink::Sink;

/// Room in front of the items for what comes before them when there are no new shapes.
const HEADROOM: usize = 16;

/// The decoder of one stream. Clones are the same decoder.
#[derive(Clone, Default)]
pub struct Batches(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// What is handed over is wiped when it is freed.
    wiped: bool,
    /// What is handed over of an item; all of it without.
    wanted: Option<Wanted>,
    limit: Limit,
    shapes: Mutex<Shapes>,
    idle: Mutex<Vec<Scratch>>,
    /// The memory of batches that were read, for the next ones.
    rooms: Arc<Rooms>,
}

/// The fields that are handed over of each item.
struct Wanted {
    fields: Fields,
    /// The shape of every item.
    shape: u32,
    /// Which of the fields an item had; `None` before there was an item, and once it has been told.
    found: Mutex<Option<Vec<bool>>>,
}

/// The items of one answer; its shapes come when it is handed over.
pub struct Batch {
    /// [`HEADROOM`] bytes, then the items.
    bytes: Memory,
    items: usize,
    /// There was more than may be handed over: the bytes are none.
    oversized: bool,
}

/// A batch that would take more memory than an answer may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Oversized;

impl Batches {
    /// A decoder of what nobody may find in memory afterwards: one short answer. Longer ones would
    /// leave copies behind while they grow.
    pub(crate) fn wiped() -> Self {
        Self(Arc::new(Shared {
            wiped: true,
            ..Shared::default()
        }))
    }

    /// A decoder that hands over these fields of each item, in this order, and skips all else.
    ///
    /// # Errors
    /// What is wrong with the names.
    pub fn projected(names: Vec<String>) -> Result<Self, String> {
        let fields = Fields::new(names)?;
        let mut shapes = Shapes::default();
        let shape = shapes.number(&fields.list());
        Ok(Self(Arc::new(Shared {
            wanted: Some(Wanted {
                fields,
                shape,
                found: Mutex::default(),
            }),
            shapes: Mutex::new(shapes),
            ..Shared::default()
        })))
    }

    /// The batch as the reader gets it, with the shapes that are new to the reader. Batches of one
    /// stream must be finished in the order in which they are read.
    ///
    /// # Errors
    /// The batch is too large.
    pub fn deliver(&self, batch: Batch) -> Result<Bytes, Oversized> {
        if batch.oversized {
            return Err(Oversized);
        }
        let new = self.shapes().deliver();
        let mut head = Vec::with_capacity(HEADROOM + new.lists.len());
        wire::array(&mut head, 3);
        wire::uint(&mut head, wire::size(new.first).into());
        wire::array(&mut head, new.count);
        head.extend_from_slice(&new.lists);
        wire::array(&mut head, batch.items);

        let mut memory = batch.bytes;
        // MessagePack cannot say how large anything of more than 4 GiB is.
        if u32::try_from(head.len() + memory.as_slice().len()).is_err() {
            return Err(Oversized);
        }
        if let Some(start) = HEADROOM.checked_sub(head.len()) {
            memory.put(start, &head);
            return Ok(Bytes { memory, start });
        }
        head.extend_from_slice(&memory.as_slice()[HEADROOM..]);
        let memory = if self.0.wiped {
            Memory::wiped(head)
        } else {
            Memory::from(head)
        };
        Ok(Bytes { memory, start: 0 })
    }

    /// What there is to say about the answers decoded since the last call.
    pub(crate) fn take_notes(&self) -> Vec<Box<str>> {
        self.shapes().take_notes()
    }

    /// The fields that are wanted and that no item had. Told once, and not for a list without
    /// items.
    pub(crate) fn take_lacks(&self) -> Vec<Box<str>> {
        let Some(wanted) = &self.0.wanted else {
            return Vec::new();
        };
        let found = wanted
            .found
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
            .unwrap_or_default();
        wanted
            .fields
            .names()
            .iter()
            .zip(found)
            .filter(|(_, found)| !found)
            .map(|(name, _)| name.clone())
            .collect()
    }

    fn shapes(&self) -> MutexGuard<'_, Shapes> {
        self.0.shapes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Scratch>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Batches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches").finish_non_exhaustive()
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The items may hold anything, so only their number is shown.
        f.debug_struct("Batch")
            .field("items", &self.items)
            .finish_non_exhaustive()
    }
}

impl Decoder for Batches {
    type Batch = Batch;
    type Sink<'a> = Sink<'a>;

    fn sink(&self) -> Sink<'_> {
        let idle = self.idle().pop();
        let mut scratch = idle.unwrap_or_else(Scratch::new);
        let scope = scratch.strings.open_list();
        let mut bytes = self.0.rooms.take();
        bytes.reserve(HEADROOM + scratch.size + scratch.size / 8);
        bytes.resize(HEADROOM, 0);
        Sink {
            decoder: self,
            scratch,
            scope,
            bytes,
            items: 0,
            oversized: false,
        }
    }
}

/// Bytes for the caller, of which the first few may not count.
#[derive(Debug)]
pub struct Bytes {
    memory: Memory,
    start: usize,
}

impl Bytes {
    /// Those that count.
    pub fn as_slice(&self) -> &[u8] {
        &self.memory.as_slice()[self.start..]
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            memory: bytes.into(),
            start: 0,
        }
    }
}
