//! Documents, damaged in all the ways that come to mind, and noise.

use fastrand::Rng;

/// What is put in where it does not belong.
const WORDS: [&str; 30] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\",
    "null",
    "true",
    "-0",
    "1e400",
    "-1e-400",
    "0x1",
    "18446744073709551616",
    "-9223372036854775809",
    "1.5",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\u{feff}",
    "\u{0}",
    "{}",
    "{{}}",
    "../",
    "%2e%2e/",
    "?",
    "#",
    "@",
    "\"path\":\"v2/x\",",
];

/// Values that are of the wrong type, or too much of a good thing.
const VALUES: [&str; 14] = [
    "null",
    "true",
    "-1",
    "0",
    "1e2",
    "33",
    "18446744073709551615",
    "18446744073709551616",
    "\"\"",
    "\"\\u0000\"",
    "[]",
    "[[\"a\"]]",
    "{}",
    "[\"\",\"\"]",
];

/// The documents of one kind: some that are all right, and its fields with the values they have.
pub(crate) struct Kind {
    pub(crate) whole: &'static [&'static str],
    pub(crate) fields: &'static [(&'static str, &'static [&'static str])],
}

/// A source of documents.
pub(crate) struct Damage<'a> {
    random: Rng,
    kind: &'a Kind,
    document: Vec<u8>,
}

impl<'a> Damage<'a> {
    pub(crate) fn new(seed: u64, kind: &'a Kind) -> Self {
        Self {
            random: Rng::with_seed(seed),
            kind,
            document: Vec::new(),
        }
    }

    /// The next document.
    pub(crate) fn next(&mut self) -> &[u8] {
        match self.random.u32(..1 << 16) {
            0..6_000 => self.noise(),
            6_000..12_000 => self.nonsense(),
            // Rare, since each takes as long as a thousand others.
            12_000..12_004 => self.abyss(),
            12_004..30_000 => self.damaged(),
            _ => self.assembled(),
        }
        &self.document
    }

    fn any<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.random.usize(..list.len())]
    }

    /// Any bytes.
    fn noise(&mut self) {
        let len = self.random.usize(..80);
        self.document.clear();
        self.document.extend((0..len).map(|_| self.random.u8(..)));
    }

    /// Words of JSON in any order.
    fn nonsense(&mut self) {
        self.document.clear();
        for _ in 0..self.random.usize(1..12) {
            let word = self.any(&WORDS);
            self.document.extend_from_slice(word.as_bytes());
        }
    }

    /// Deeper, longer or larger than anything has a right to be.
    fn abyss(&mut self) {
        let (open, close) = [
            ("[", "]"),
            ("{\"a\":", "}"),
            ("\"", "\""),
            ("9", ""),
            ("0.", ""),
        ][self.random.usize(..5)];
        let depth = self.random.usize(100..30_000);
        self.document.clear();
        if self.random.bool() {
            self.document.extend_from_slice(b"{\"path\":");
        }
        self.document
            .extend_from_slice(open.repeat(depth).as_bytes());
        if self.random.bool() {
            self.document
                .extend_from_slice(close.repeat(depth).as_bytes());
        }
    }

    /// One of the corpus with one to four faults.
    fn damaged(&mut self) {
        let whole = self.any(self.kind.whole);
        self.document.clear();
        self.document.extend_from_slice(whole.as_bytes());
        for _ in 0..self.random.usize(1..5) {
            self.fault();
        }
    }

    /// JSON as it should be, of fields that may be missing, come twice, or hold what they should
    /// not.
    fn assembled(&mut self) {
        let kind = self.kind;
        self.document.clear();
        self.document.push(b'{');
        for (name, values) in kind.fields {
            let times = match self.random.u8(..) {
                0..2 => 2,
                2..80 => 0,
                _ => 1,
            };
            for _ in 0..times {
                let value = match self.random.u8(..) {
                    0..6 => self.any(&VALUES),
                    _ => self.any(values),
                };
                if self.document.len() > 1 {
                    self.document.push(b',');
                }
                self.document
                    .extend_from_slice(format!("\"{name}\":").as_bytes());
                let start = self.document.len();
                self.document.extend_from_slice(value.as_bytes());
                if self.random.u8(..) < 30 {
                    self.bend(start);
                }
            }
        }
        self.document.push(b'}');
    }

    /// Puts something into a text that starts here, and leaves it a text.
    fn bend(&mut self, start: usize) {
        const PARTS: [&str; 20] = [
            "a",
            "é",
            "😀",
            "/",
            "//",
            ":",
            "@",
            "?",
            "#",
            "%",
            "%2e",
            "..",
            "{}",
            "{",
            " ",
            "\\t",
            "\\u0000",
            "\\ud83d\\ude00",
            "[",
            "99999",
        ];
        let text = &self.document[start..];
        if text.len() < 2 || text[0] != b'"' || !text.is_ascii() || text.contains(&b'\\') {
            return;
        }
        let at = start + self.random.usize(1..text.len());
        let part = self.any(&PARTS);
        let times = if self.random.u8(..) < 200 {
            1
        } else {
            self.random.usize(2..60)
        };
        insert(&mut self.document, at, part.repeat(times).as_bytes());
    }

    fn fault(&mut self) {
        let len = self.document.len();
        if len == 0 {
            return;
        }
        let at = self.random.usize(..len);
        let end = (at + self.random.usize(1..12)).min(len);
        match self.random.u8(..8) {
            0 => self.document[at] ^= 1 << self.random.u8(..8),
            1 => self.document[at] = self.random.u8(..),
            2 => drop(self.document.drain(at..end)),
            3 => self.document.extend_from_within(at..end),
            4 => {
                let part = self.document[at..end].to_vec();
                insert(&mut self.document, at, &part);
            }
            5 => {
                let word = self.any(&WORDS);
                insert(&mut self.document, at, word.as_bytes());
            }
            6 => {
                let other = self.any(self.kind.whole).as_bytes();
                let from = self.random.usize(..other.len());
                let to = (from + self.random.usize(1..24)).min(other.len());
                insert(&mut self.document, at, &other[from..to]);
            }
            _ => self.document.truncate(at),
        }
    }
}

fn insert(document: &mut Vec<u8>, at: usize, part: &[u8]) {
    drop(document.splice(at..at, part.iter().copied()));
}
