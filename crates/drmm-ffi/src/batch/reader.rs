//! Reads batches back, as the contract says and no more leniently: a reader to test the writer
//! with.

use serde_json::{Map, Number, Value};

/// The reader of one stream.
#[derive(Default)]
pub(crate) struct Reader {
    /// Lists of keys; `None` is a value to be passed over.
    pub(crate) shapes: Vec<Vec<Option<String>>>,
    /// How many back-references were read, by their length in bytes.
    pub(crate) references: [usize; 5],
}

impl Reader {
    /// The items of one batch.
    pub(crate) fn read(&mut self, batch: &[u8]) -> Vec<Value> {
        let mut at = Cursor(batch);
        assert_eq!(at.array(), Some(3));
        assert_eq!(
            at.value(self, &mut Vec::new()),
            Value::from(self.shapes.len())
        );
        for _ in 0..at.array().expect("the shapes") {
            let keys = (0..at.array().expect("a list of keys"))
                .map(|_| at.key())
                .collect();
            self.shapes.push(keys);
        }
        let mut scope = Vec::new();
        let items = at.array().expect("the items");
        let items = (0..items)
            .map(|_| match at.object() {
                Some(content) => self.object(content, &mut scope),
                None => at.value(self, &mut scope),
            })
            .collect();
        assert!(at.0.is_empty(), "{} bytes after the batch", at.0.len());
        items
    }

    fn object(&mut self, content: &[u8], scope: &mut Vec<String>) -> Value {
        let mut at = Cursor(content);
        let shape = u32::from_be_bytes(at.take());
        let keys = self.shapes[shape as usize].clone();
        let mut object = Map::new();
        for key in keys {
            let value = at.value(self, scope);
            if let Some(key) = key {
                assert!(
                    object.insert(key, value).is_none(),
                    "a key stands twice in its shape"
                );
            }
        }
        assert!(at.0.is_empty(), "{} bytes after the object", at.0.len());
        Value::Object(object)
    }
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn bytes(&mut self, len: usize) -> &'a [u8] {
        let (bytes, rest) = self.0.split_at(len);
        self.0 = rest;
        bytes
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        self.bytes(N)
            .try_into()
            .expect("as many bytes as asked for")
    }

    fn len8(&mut self) -> usize {
        usize::from(self.take::<1>()[0])
    }

    fn len16(&mut self) -> usize {
        usize::from(u16::from_be_bytes(self.take()))
    }

    fn len32(&mut self) -> usize {
        u32::from_be_bytes(self.take()) as usize
    }

    fn array(&mut self) -> Option<usize> {
        let (&tag, rest) = self.0.split_first()?;
        if !matches!(tag, 0x90..=0x9f | 0xdc | 0xdd) {
            return None;
        }
        self.0 = rest;
        Some(match tag {
            0xdc => self.len16(),
            0xdd => self.len32(),
            tag => usize::from(tag & 0x0f),
        })
    }

    /// The content of an object.
    fn object(&mut self) -> Option<&'a [u8]> {
        let [0xc9, a, b, c, d, 1, rest @ ..] = self.0 else {
            return None;
        };
        self.0 = rest;
        Some(self.bytes(u32::from_be_bytes([*a, *b, *c, *d]) as usize))
    }

    fn key(&mut self) -> Option<String> {
        if self.0.first() == Some(&0xc0) {
            self.take::<1>();
            return None;
        }
        let [tag] = self.take();
        Some(self.text(tag))
    }

    fn text(&mut self, tag: u8) -> String {
        let len = match tag {
            0xa0..=0xbf => usize::from(tag & 0x1f),
            0xd9 => self.len8(),
            0xda => self.len16(),
            0xdb => self.len32(),
            _ => panic!("{tag:#x} is no string"),
        };
        String::from_utf8(self.bytes(len).to_vec()).expect("UTF-8")
    }

    fn value(&mut self, reader: &mut Reader, scope: &mut Vec<String>) -> Value {
        if let Some(content) = self.object() {
            return reader.object(content, &mut Vec::new());
        }
        if let Some(len) = self.array() {
            return (0..len).map(|_| self.value(reader, scope)).collect();
        }
        let [tag] = self.take();
        match tag {
            0x00..=0x7f => tag.into(),
            0xe0..=0xff => i8::from_be_bytes([tag]).into(),
            0xc0 => Value::Null,
            0xc2 => false.into(),
            0xc3 => true.into(),
            0xcb => f64::from_be_bytes(self.take()).into(),
            0xcc => u8::from_be_bytes(self.take()).into(),
            0xcd => u16::from_be_bytes(self.take()).into(),
            0xce => u32::from_be_bytes(self.take()).into(),
            0xcf => {
                let value = u64::from_be_bytes(self.take());
                i64::try_from(value)
                    .expect("an integer of 64 bits with a sign")
                    .into()
            }
            0xd0 => i8::from_be_bytes(self.take()).into(),
            0xd1 => i16::from_be_bytes(self.take()).into(),
            0xd2 => i32::from_be_bytes(self.take()).into(),
            0xd3 => i64::from_be_bytes(self.take()).into(),
            0xd4..=0xd6 => {
                assert_eq!(self.take(), [2], "the type of a back-reference");
                let bytes = self.bytes(1 << (tag - 0xd4));
                reader.references[bytes.len()] += 1;
                let number = bytes
                    .iter()
                    .fold(0, |number, &byte| number << 8 | usize::from(byte));
                Value::String(scope[number].clone())
            }
            0xc7..=0xc9 => {
                let len = match tag {
                    0xc7 => self.len8(),
                    0xc8 => self.len16(),
                    _ => self.len32(),
                };
                assert_eq!(self.take(), [3], "the type of a long integer");
                let digits = std::str::from_utf8(self.bytes(len)).expect("ASCII");
                Value::Number(Number::from_string_unchecked(digits.to_owned()))
            }
            tag => {
                let text = self.text(tag);
                if (1..=64).contains(&text.len()) {
                    scope.push(text.clone());
                }
                Value::String(text)
            }
        }
    }
}
