//! What becomes of an answer's JSON: the client reads the envelope, the caller's [`Decoder`] takes
//! the items. So the text is parsed once, and no tree of values stands in between.

use serde::de::{DeserializeSeed, Deserializer};
use serde_json::Value;

use crate::identity::Watch;

/// Makes batches of answers. One decoder serves one stream; pages of that stream may be decoded on
/// several threads at once and are handed over in order.
pub trait Decoder: Send + Sync + 'static {
    /// What one answer becomes.
    type Batch: Send + 'static;
    /// A batch in the making.
    type Sink<'a>: ItemSink<Batch = Self::Batch>
    where
        Self: 'a;

    /// Starts a batch.
    fn sink(&self) -> Self::Sink<'_>;
}

/// Takes the items of one answer, in order.
pub trait ItemSink {
    /// What the items become.
    type Batch;

    /// Takes one item from the parser.
    ///
    /// # Errors
    /// Those of the parser: the JSON is malformed, or too deep.
    fn item<'de, D: Deserializer<'de>>(&mut self, item: D) -> Result<(), D::Error>;

    /// Takes an answer that was asked for as text, as its one item.
    fn text(&mut self, text: &str);

    /// Ends the batch.
    fn finish(self) -> Self::Batch;
}

/// Decodes into [`serde_json::Value`]s, for callers who want trees.
#[derive(Debug, Clone, Copy, Default)]
pub struct Values;

impl Decoder for Values {
    type Batch = Vec<Value>;
    type Sink<'a> = Vec<Value>;

    fn sink(&self) -> Vec<Value> {
        Vec::new()
    }
}

impl ItemSink for Vec<Value> {
    type Batch = Self;

    fn item<'de, D: Deserializer<'de>>(&mut self, item: D) -> Result<(), D::Error> {
        self.push(serde::Deserialize::deserialize(item)?);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.push(Value::String(text.to_owned()));
    }

    fn finish(self) -> Self {
        self
    }
}

/// Hands one item to a sink, as a seed for the parser.
pub(crate) struct ItemSeed<'a, 'b, S> {
    pub(crate) sink: &'a mut S,
    /// Who notes which item it is.
    pub(crate) watch: Option<&'a mut Watch<'b>>,
}

impl<'de, S: ItemSink> DeserializeSeed<'de> for ItemSeed<'_, '_, S> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, item: D) -> Result<(), D::Error> {
        match self.watch {
            Some(watch) => self.sink.item(watch.item(item)),
            None => self.sink.item(item),
        }
    }
}
