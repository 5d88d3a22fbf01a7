//! A batch in the making: the items of one answer, as the parser comes to them.

use std::sync::PoisonError;

use drmm::ItemSink;
use serde::Deserialize as _;
use serde::de::{Deserializer, IgnoredAny};

use super::encode::{Encoder, Scratch};
use super::memory::Memory;
use super::strings::Scope;
use super::{Batch, Batches};

/// So many lists of keys are kept for the next page.
const MOST_NODES: usize = 1 << 16;

/// Takes the items of one answer.
pub struct Sink<'a> {
    pub(super) decoder: &'a Batches,
    pub(super) scratch: Scratch,
    pub(super) scope: Scope,
    pub(super) bytes: Vec<u8>,
    pub(super) items: usize,
    pub(super) oversized: bool,
}

impl Sink<'_> {
    fn encoder(&mut self) -> Encoder<'_> {
        Encoder {
            scratch: &mut self.scratch,
            out: &mut self.bytes,
            scope: &mut self.scope,
            shapes: &self.decoder.0.shapes,
            marks: None,
        }
    }
}

impl ItemSink for Sink<'_> {
    type Batch = Batch;

    fn item<'de, D: Deserializer<'de>>(&mut self, item: D) -> Result<(), D::Error> {
        if self.oversized {
            return IgnoredAny::deserialize(item).map(drop);
        }
        self.items += 1;
        let limit = self.decoder.0.limit.bytes();
        match &self.decoder.0.wanted {
            Some(wanted) => {
                let room = limit.saturating_sub(self.bytes.len());
                self.encoder()
                    .project(&wanted.fields, wanted.shape, room, item)
            }
            None => self.encoder().item(item),
        }?;
        if self.bytes.len() > limit || self.scratch.is_full() {
            // The rest is read all the same: malformed JSON is malformed, however much of it there is.
            self.oversized = true;
            self.bytes = Vec::new();
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.items += 1;
        self.encoder().string(text);
    }

    fn finish(self) -> Batch {
        let Self {
            decoder,
            mut scratch,
            bytes,
            items,
            oversized,
            ..
        } = self;
        scratch.size = bytes.len();
        if !oversized
            && let Some(wanted) = &decoder.0.wanted
            && items > 0
        {
            let mut found = wanted.found.lock().unwrap_or_else(PoisonError::into_inner);
            scratch.projection.tell_found(found.get_or_insert_default());
        }
        // A sink that fails is dropped and its scratch with it; that is rare.
        if !oversized && scratch.trie.len() <= MOST_NODES {
            decoder.idle().push(scratch);
        }
        let memory = if decoder.0.wiped {
            Memory::wiped(bytes)
        } else {
            Memory::of(bytes, &decoder.0.rooms)
        };
        Batch {
            bytes: memory,
            items,
            oversized,
        }
    }
}
