//! How much memory an answer may take.
//!
//! The answer itself ends at 256 MiB, and as a whole it takes about as much once it is read, at most
//! three times that. Two things do not keep to this proportion, since they are made anew for whatever
//! asks for them: chosen fields, of which there may be a thousand for each empty object, and what is
//! kept of keys that nobody has seen before. An allocation that fails would end the caller's process,
//! so both end here.

/// The most bytes of one batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit(usize);

/// So many lists of keys may be known at a time; a page of the API has some hundred.
pub(crate) const MOST_LISTS: usize = 1 << 20;

/// So many strings of one field may wait until their item has ended.
pub(crate) const MOST_MARKS: usize = 1 << 22;

impl Limit {
    pub(crate) fn bytes(self) -> usize {
        self.0
    }

    #[cfg(test)]
    pub(crate) fn of(bytes: usize) -> Self {
        Self(bytes)
    }
}

impl Default for Limit {
    /// A GiB, as the error says.
    fn default() -> Self {
        Self(1 << 30)
    }
}
