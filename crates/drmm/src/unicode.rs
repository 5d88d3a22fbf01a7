//! Text that no Unicode knows, put right.
//!
//! The API passes on what agents report, cut wherever it was too long: half of a surrogate pair
//! (`"\ud83d"`) or of a character's bytes. JSON's grammar allows the first; the parser refuses both,
//! and with them the whole page. They become U+FFFD, as in any browser.

use std::borrow::Cow;

/// What a half of a character becomes, as an escape. It is as long as what it replaces.
const REPLACEMENT: &[u8; 6] = b"\\ufffd";

/// The answer with all halves of characters replaced; `None` if there are none.
pub(crate) fn mended(body: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(body);
    let broken = matches!(text, Cow::Owned(_));
    let mut bytes = text.into_owned().into_bytes();
    let halves = halves(&bytes);
    for at in &halves {
        bytes[*at..at + REPLACEMENT.len()].copy_from_slice(REPLACEMENT);
    }
    (broken || !halves.is_empty()).then_some(bytes)
}

/// Where the escapes of surrogates stand that have no partner.
fn halves(text: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ahead) = text[at..].iter().position(|byte| *byte == b'\\') {
        at += ahead;
        at += match unit(text, at) {
            Some(0xD800..=0xDBFF) if matches!(unit(text, at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => {
                found.push(at);
                6
            }
            // Another escape, which is two bytes or more: what follows is looked at either way.
            _ => 2,
        };
        if at >= text.len() {
            break;
        }
    }
    found
}

/// The UTF-16 unit of the escape that stands here.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |unit, digit| {
        Some(unit << 4 | u16::try_from(char::from(*digit).to_digit(16)?).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_replaced_and_whole_ones_stay() {
        for (text, mended_text) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDC00x\udbff""#, r#""\ufffdx\ufffd""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\\ud800\\\ud800""#, r#""\\ud800\\\ufffd""#),
            (r#""\ud800\n""#, r#""\ufffd\n""#),
        ] {
            let found = mended(text.as_bytes()).expect(text);
            assert_eq!(String::from_utf8_lossy(&found), mended_text);
            serde_json::from_slice::<String>(&found).expect(text);
        }
        for text in [
            "",
            "\\",
            "\"\\",
            r#""\u"#,
            r#""\ud8"#,
            r#""\ud83d\ude00""#,
            r#""\\ud800""#,
            r#""\ud7ff\ue000 ä""#,
        ] {
            assert_eq!(mended(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_too() {
        let found = mended(b"\"a\xC3\" \xF0\x9F").expect("something to mend");
        assert_eq!(String::from_utf8_lossy(&found), "\"a\u{FFFD}\" \u{FFFD}");
    }
}
