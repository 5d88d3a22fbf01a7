//! The memory of batches: wiped when it is freed, or written again.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use zeroize::Zeroize as _;

/// More than the batch of a page takes; what is larger is an exception, and not kept.
const LARGEST_ROOM: usize = 4 * 1024 * 1024;

/// The memory of a stream's batches that were read, for the next ones. Batches are made on many
/// threads and freed on another; an allocator would keep for each of them what the largest took.
#[derive(Default)]
pub(crate) struct Rooms(Mutex<Vec<Vec<u8>>>);

impl Rooms {
    /// Room for a batch, empty.
    pub(crate) fn take(&self) -> Vec<u8> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rooms.pop().unwrap_or_default()
    }

    fn give(&self, mut bytes: Vec<u8>) {
        if bytes.capacity() <= LARGEST_ROOM {
            bytes.clear();
            let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            rooms.push(bytes);
        }
    }
}

/// Bytes, and what becomes of their memory.
pub(crate) struct Memory {
    bytes: Vec<u8>,
    end: End,
}

enum End {
    Freed,
    /// They are secret.
    Wiped,
    /// Unless the stream has ended.
    GivenBack(Weak<Rooms>),
}

impl Memory {
    /// Bytes that nobody may find afterwards.
    pub(crate) fn wiped(bytes: Vec<u8>) -> Self {
        let end = End::Wiped;
        Self { bytes, end }
    }

    /// Bytes whose memory is used again.
    pub(crate) fn of(bytes: Vec<u8>, rooms: &Arc<Rooms>) -> Self {
        let end = End::GivenBack(Arc::downgrade(rooms));
        Self { bytes, end }
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// Writes over what stands at a place.
    pub(crate) fn put(&mut self, start: usize, part: &[u8]) {
        self.bytes[start..start + part.len()].copy_from_slice(part);
    }
}

impl From<Vec<u8>> for Memory {
    fn from(bytes: Vec<u8>) -> Self {
        let end = End::Freed;
        Self { bytes, end }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        match &self.end {
            End::Freed => {}
            End::Wiped => self.bytes.zeroize(),
            End::GivenBack(rooms) => {
                if let Some(rooms) = rooms.upgrade() {
                    rooms.give(std::mem::take(&mut self.bytes));
                }
            }
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes.len())
    }
}
