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
    /// Adds hashes that come together, and gives the number of those that were there before any of them.
    pub(crate) fn add(&mut self, hashes: &[u64]) -> u64 {
        let there = hashes.iter().filter(|&&hash| self.holds(hash)).count();
        for &hash in hashes {
            self.0[shelf(hash)].insert(hash);
        }
        there as u64
    }

    fn holds(&self, hash: u64) -> bool {
        self.0[shelf(hash)].contains(&hash)
    }
}

/// Where a hash stands; each shelf mixes all its bits anew.
fn shelf(hash: u64) -> usize {
    usize::try_from(hash % SHELVES).unwrap_or(0)
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
        let hash = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hashes: Vec<_> = (0..1_000).map(hash).collect();
        assert_eq!(known.add(&hashes), 0);
        assert_eq!(known.add(&hashes), 1_000);
    }

    #[test]
    fn hashes_that_share_a_shelf_are_told_apart() {
        let mut known = Known::default();
        assert_eq!(known.add(&[0x0100, 0x0200, 0x0101]), 0);
        assert_eq!(known.add(&[0x0200, 0x0300]), 1);
    }

    #[test]
    fn those_that_come_together_are_all_new() {
        let mut known = Known::default();
        assert_eq!(known.add(&[7, 8, 7]), 0);
        assert_eq!(known.add(&[9, 7, 7]), 2);
    }
}
