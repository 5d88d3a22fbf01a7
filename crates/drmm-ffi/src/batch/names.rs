//! Names of fields: which of them a PowerShell object takes for the same.

/// A name as it counts: two names are the same if this is. It is what .NET's `OrdinalIgnoreCase`
/// compares, the comparer of a `PSObject`'s properties: each character by itself, in upper case.
pub(crate) fn folded(name: &str) -> String {
    name.chars().map(fold).collect()
}

/// Whether a key, as it stands in an answer, is this name.
pub(crate) fn are_same(name: &str, key: &[u8]) -> bool {
    if name.is_ascii() {
        // No other character is the same as one of ASCII.
        return name.as_bytes().eq_ignore_ascii_case(key);
    }
    std::str::from_utf8(key).is_ok_and(|key| folded(key) == folded(name))
}

fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    // The two whose upper case is in ASCII; .NET leaves them alone.
    if matches!(c, '\u{131}' | '\u{17f}') {
        return c;
    }
    // Where the upper case is several characters, .NET takes the one-to-one mapping, if there is
    // any. Then it is the title case, whose lower case is the character itself.
    only(c.to_uppercase())
        .or_else(|| only(c.to_lowercase()))
        .unwrap_or(c)
}

fn only(mut mapped: impl Iterator<Item = char>) -> Option<char> {
    match (mapped.next(), mapped.next()) {
        (first, None) => first,
        _ => None,
    }
}

/// What is said about a field that was left out. Names of fields may be said, values never.
pub(crate) fn note(kept: Option<&str>, dropped: &str) -> String {
    match kept {
        Some(kept) if kept == dropped => {
            format!(
                "the answer has {} twice: only the first is kept",
                quoted(dropped)
            )
        }
        Some(kept) => format!(
            "the answer has both {} and {}: only the first is kept",
            quoted(kept),
            quoted(dropped)
        ),
        None => "the answer has a field without a name: it is left out".to_owned(),
    }
}

/// A name in quotation marks, at most 80 characters of it, with nothing a terminal would obey.
pub(crate) fn quoted(name: &str) -> String {
    const LONGEST: usize = 80;
    let mut text = String::from('"');
    text.extend(
        name.chars()
            .take(LONGEST)
            .map(|c| if c.is_control() { ' ' } else { c }),
    );
    if name.chars().nth(LONGEST).is_some() {
        text.push('…');
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_name_in_other_case() {
        for (a, b) in [
            ("uid", "UID"),
            ("straße", "STRAßE"),
            ("été", "ÉTÉ"),
            ("ᾀ", "ᾈ"),
            ("ǆ", "ǅ"),
        ] {
            assert_eq!(folded(a), folded(b), "{a} and {b}");
            assert!(are_same(a, b.as_bytes()), "{a} and {b}");
        }
    }

    #[test]
    fn other_names() {
        for (a, b) in [
            ("i", "ı"),
            ("s", "ſ"),
            ("ß", "ss"),
            ("k", "\u{212a}"),
            ("a", "á"),
            ("i", "İ"),
        ] {
            assert_ne!(folded(a), folded(b), "{a} and {b}");
            assert!(!are_same(a, b.as_bytes()), "{a} and {b}");
        }
    }

    #[test]
    fn notes_quote_names_and_nothing_else() {
        assert_eq!(
            note(Some("a"), "A"),
            "the answer has both \"a\" and \"A\": only the first is kept"
        );
        assert_eq!(
            note(Some("a"), "a"),
            "the answer has \"a\" twice: only the first is kept"
        );
        assert_eq!(
            note(None, ""),
            "the answer has a field without a name: it is left out"
        );
        let long = "\u{1b}".to_owned() + &"x".repeat(100);
        assert_eq!(quoted(&long), format!("\" {}…\"", "x".repeat(79)));
    }
}
