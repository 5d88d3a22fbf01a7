//! What becomes of a number. `serde_json` reads those that 64 bits can hold, and hands over the text
//! of all others as it stands in the JSON, so that no digit is lost on the way.

use std::fmt;

use crate::wire;

/// No integer has more digits than this. To read one takes time that grows with the square of its
/// length, and nobody can cancel it.
const MOST_DIGITS: usize = 1000;

/// An integer of more than [`MOST_DIGITS`].
#[derive(Debug)]
pub(crate) struct TooLong;

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer of more than {MOST_DIGITS} digits")
    }
}

/// Writes a JSON number: int if it has neither fraction nor exponent and fits into 64 bits with a
/// sign, its digits if it does not fit, else float 64.
///
/// As in `ConvertFrom-Json`, `-0` is the integer 0, `1e3` is a float, and a float beyond the range
/// of 64 bits is an infinity.
pub(crate) fn write(out: &mut Vec<u8>, text: &str) -> Result<(), TooLong> {
    if text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
        // The grammar of JSON numbers is part of what `parse` accepts, so this cannot fail; NaN
        // would show that it did.
        wire::float(out, text.parse().unwrap_or(f64::NAN));
        return Ok(());
    }
    if text.trim_start_matches('-').len() > MOST_DIGITS {
        return Err(TooLong);
    }
    match text.parse() {
        Ok(value) => wire::int(out, value),
        Err(_) => wire::digits(out, text),
    }
    Ok(())
}

/// Writes an integer that has been read.
pub(crate) fn unsigned(out: &mut Vec<u8>, value: u64) {
    match i64::try_from(value) {
        Ok(value) => wire::int(out, value),
        Err(_) => wire::digits(out, &value.to_string()),
    }
}
