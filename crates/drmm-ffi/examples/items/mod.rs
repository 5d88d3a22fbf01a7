//! From the text of a list to a batch's items, as the client does it with an answer.

use std::fmt;

use drmm::ItemSink;
use drmm_native::Sink;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};

/// Reads a JSON array; its elements become items.
pub(crate) fn read(text: &[u8], sink: &mut Sink<'_>) -> serde_json::Result<()> {
    let mut parser = serde_json::Deserializer::from_slice(text);
    parser.deserialize_seq(Items(sink))?;
    parser.end()
}

struct Items<'a, 'b>(&'a mut Sink<'b>);

impl<'de> Visitor<'de> for Items<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Items(self.0))?.is_some() {}
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Items<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, item: D) -> Result<(), D::Error> {
        self.0.item(item)
    }
}
