//! What those earlier in the queue are about to take.

use crate::operation::Access;

/// Places that those earlier in the queue are about to take.
#[derive(Default)]
pub(super) struct Claims<'a> {
    pub(super) total: u32,
    by_bucket: Vec<(&'a str, u32)>,
    /// Kinds of request of which one cannot go, and what holds it up.
    pub(super) stuck: Vec<(Access, Vec<&'a str>)>,
}

impl<'a> Claims<'a> {
    pub(super) fn of(&self, name: &str) -> u32 {
        let mut found = self.by_bucket.iter();
        found
            .find(|(known, _)| *known == name)
            .map_or(0, |(_, count)| *count)
    }

    pub(super) fn add(&mut self, name: &'a str) {
        match self.by_bucket.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => self.by_bucket.push((name, 1)),
        }
    }
}
