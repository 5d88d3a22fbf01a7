//! MessagePack, as far as the contract needs it: bytes appended to a vector.
//!
//! What has a length that is not known in advance (arrays, objects) is written in its 32-bit form
//! and patched at its end; everything else takes its smallest form.

/// A length or a count as MessagePack has it.
///
/// INVARIANT: a batch of more than 4 GiB is never handed over (`Batches::deliver`), and
/// what is counted takes a byte each; so what is cut off here is never read.
pub(crate) fn size(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

pub(crate) fn nil(out: &mut Vec<u8>) {
    out.push(0xc0);
}

pub(crate) fn boolean(out: &mut Vec<u8>, value: bool) {
    out.push(if value { 0xc3 } else { 0xc2 });
}

pub(crate) fn int(out: &mut Vec<u8>, value: i64) {
    match u64::try_from(value) {
        Ok(value) => uint(out, value),
        Err(_) => negative(out, value),
    }
}

pub(crate) fn uint(out: &mut Vec<u8>, value: u64) {
    if let Ok(value) = u8::try_from(value) {
        if value >= 0x80 {
            out.push(0xcc);
        }
        out.push(value);
    } else if let Ok(value) = u16::try_from(value) {
        tagged(out, 0xcd, value.to_be_bytes());
    } else if let Ok(value) = u32::try_from(value) {
        tagged(out, 0xce, value.to_be_bytes());
    } else {
        tagged(out, 0xcf, value.to_be_bytes());
    }
}

fn negative(out: &mut Vec<u8>, value: i64) {
    if let Ok(value) = i8::try_from(value) {
        if value < -32 {
            out.push(0xd0);
        }
        out.extend(value.to_be_bytes());
    } else if let Ok(value) = i16::try_from(value) {
        tagged(out, 0xd1, value.to_be_bytes());
    } else if let Ok(value) = i32::try_from(value) {
        tagged(out, 0xd2, value.to_be_bytes());
    } else {
        tagged(out, 0xd3, value.to_be_bytes());
    }
}

pub(crate) fn float(out: &mut Vec<u8>, value: f64) {
    tagged(out, 0xcb, value.to_be_bytes());
}

/// A string. Returns where its text starts in `out`.
pub(crate) fn string(out: &mut Vec<u8>, text: &str) -> usize {
    let len = size(text.len());
    out.reserve(text.len() + 5);
    if let Ok(len) = u8::try_from(len) {
        if len < 32 {
            out.push(0xa0 | len);
        } else {
            out.extend([0xd9, len]);
        }
    } else if let Ok(len) = u16::try_from(len) {
        tagged(out, 0xda, len.to_be_bytes());
    } else {
        tagged(out, 0xdb, len.to_be_bytes());
    }
    let start = out.len();
    out.extend_from_slice(text.as_bytes());
    start
}

/// The head of an array whose length is known.
pub(crate) fn array(out: &mut Vec<u8>, len: usize) {
    let len = size(len);
    if let Ok(len) = u8::try_from(len)
        && len < 16
    {
        out.push(0x90 | len);
    } else if let Ok(len) = u16::try_from(len) {
        tagged(out, 0xdc, len.to_be_bytes());
    } else {
        tagged(out, 0xdd, len.to_be_bytes());
    }
}

/// A back-reference: ext 2 of 1, 2 or 4 bytes.
pub(crate) fn reference(out: &mut Vec<u8>, number: u32) {
    if let Ok(number) = u8::try_from(number) {
        tagged(out, 0xd4, [2, number]);
    } else if let Ok(number) = u16::try_from(number) {
        tagged(out, 0xd5, [2]);
        out.extend(number.to_be_bytes());
    } else {
        tagged(out, 0xd6, [2]);
        out.extend(number.to_be_bytes());
    }
}

/// The digits of an integer that needs more than 64 bits: ext 3. Never in the 32-bit form, which is
/// an object's: the caller sees to it that there are fewer than 65,536.
pub(crate) fn digits(out: &mut Vec<u8>, text: &str) {
    if let Ok(len) = u8::try_from(text.len()) {
        out.extend([0xc7, len, 3]);
    } else {
        let len = u16::try_from(text.len()).unwrap_or(u16::MAX);
        tagged(out, 0xc8, len.to_be_bytes());
        out.push(3);
    }
    out.extend_from_slice(text.as_bytes());
}

/// Where an array that is being written starts; its length comes at its end.
#[must_use]
pub(crate) struct OpenArray(usize);

/// How many bytes an array takes before its elements.
pub(crate) const OPEN_ARRAY: usize = 5;

pub(crate) fn open_array(out: &mut Vec<u8>) -> OpenArray {
    let at = out.len();
    tagged(out, 0xdd, [0; 4]);
    OpenArray(at)
}

impl OpenArray {
    /// Ends the array. An empty one takes a single byte.
    pub(crate) fn close(self, out: &mut Vec<u8>, len: usize) {
        if len == 0 {
            out.truncate(self.0);
            out.push(0x90);
        } else {
            patch(out, self.0 + 1, size(len));
        }
    }
}

/// Where an object that is being written starts; its length and shape come at its end.
#[must_use]
pub(crate) struct OpenObject(usize);

pub(crate) fn open_object(out: &mut Vec<u8>) -> OpenObject {
    let at = out.len();
    tagged(out, 0xc9, [0, 0, 0, 0, 1, 0, 0, 0, 0]);
    OpenObject(at)
}

impl OpenObject {
    /// Ends the object: ext 1, whose content is the shape's number and then the values.
    pub(crate) fn close(self, out: &mut [u8], shape: u32) {
        let len = size(out.len() - (self.0 + 6));
        patch(out, self.0 + 1, len);
        patch(out, self.0 + 6, shape);
    }
}

fn tagged<const N: usize>(out: &mut Vec<u8>, tag: u8, bytes: [u8; N]) {
    out.push(tag);
    out.extend_from_slice(&bytes);
}

fn patch(out: &mut [u8], at: usize, value: u32) {
    out[at..at + 4].copy_from_slice(&value.to_be_bytes());
}
