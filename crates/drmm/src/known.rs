//! Which items of a list have come, by a hash of what names them.

use std::collections::HashSet;

/// Shelves of a set, so that it never grows by more than one of them at a time.
const SHELVES: u64 = 64;

/// A set of hashes, in some thirteen bytes each. One large table would take three times that for a
/// moment whenever it doubles; and a block that large, once it is given back, teaches an allocator to
/// keep as much for every thread.
#[derive(Debug)]
pub(crate) struct Known(Vec<HashSet<u64>>);

impl Known {
    /// Adds a hash; `false` if it was there.
    pub(crate) fn insert(&mut self, hash: u64) -> bool {
        // Each shelf mixes all bits of a hash anew.
        let shelf = usize::try_from(hash % SHELVES).unwrap_or(0);
        self.0[shelf].insert(hash)
    }
}

impl Default for Known {
    fn default() -> Self {
        Self((0..SHELVES).map(|_| HashSet::new()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hash_is_new_once() {
        let mut known = Known::default();
        let hashes = || (0..1_000_u64).map(|i| i.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        assert!(hashes().all(|hash| known.insert(hash)));
        assert!(!hashes().any(|hash| known.insert(hash)));
    }

    #[test]
    fn hashes_that_share_a_shelf_are_told_apart() {
        let mut known = Known::default();
        assert!(known.insert(0x0100) && known.insert(0x0200) && known.insert(0x0101));
        assert!(!known.insert(0x0200));
    }
}
