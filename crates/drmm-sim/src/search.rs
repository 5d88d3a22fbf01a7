//! The query language of the activity log, as far as it is spoken here: words, phrases in quotes,
//! `field : value`, the wildcards `*` and `?`, `AND`, `OR`, `NOT` and parentheses. Nothing is fuzzy.

use crate::error::ApiError;

/// A condition on the texts of an entry.
#[derive(Debug, PartialEq)]
pub(crate) enum Search {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Term {
        /// The last part of the field's name, in lower case; without it, any field.
        field: Option<String>,
        /// In lower case.
        value: String,
    },
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Open,
    Close,
    Colon,
    Word(String),
    Phrase(String),
}

impl Search {
    /// Reads a query; 400 if it is none.
    pub(crate) fn parse(query: &str) -> Result<Self, ApiError> {
        let mut tokens = tokens(query)?;
        tokens.reverse();
        let search = any(&mut tokens)?;
        if tokens.is_empty() {
            Ok(search)
        } else {
            Err(refused())
        }
    }

    /// Whether it holds for an entry with these fields, of each its name and its text.
    pub(crate) fn holds(&self, fields: &[(String, String)]) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(fields)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(fields)),
            Self::Not(part) => !part.holds(fields),
            Self::Term { field, value } => fields.iter().any(|(name, text)| {
                let named = field.as_deref().is_none_or(|field| last(name) == field);
                named && fits(&text.to_lowercase(), value)
            }),
        }
    }
}

fn refused() -> ApiError {
    ApiError::bad_request("searchQuery is no query")
}

/// The last part of a name, in lower case: the service's names and the answer's differ before it.
fn last(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or_default();
    last.replace('_', "").to_lowercase()
}

fn tokens(query: &str) -> Result<Vec<Token>, ApiError> {
    let mut tokens = Vec::new();
    let mut left = query.trim_start();
    while let Some(first) = left.chars().next() {
        let length = match first {
            '(' => {
                tokens.push(Token::Open);
                1
            }
            ')' => {
                tokens.push(Token::Close);
                1
            }
            ':' => {
                tokens.push(Token::Colon);
                1
            }
            '"' => {
                let end = left[1..].find('"').ok_or_else(refused)?;
                tokens.push(Token::Phrase(left[1..=end].to_lowercase()));
                end + 2
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || "():\"".contains(c);
                let end = left.find(ends).unwrap_or(left.len());
                tokens.push(Token::Word(left[..end].to_owned()));
                end
            }
        };
        left = left[length..].trim_start();
    }
    Ok(tokens)
}

/// Takes the next token (the last of the list) if it is this word.
fn take(tokens: &mut Vec<Token>, word: &str) -> bool {
    let is_next = matches!(tokens.last(), Some(Token::Word(next)) if next == word);
    if is_next {
        tokens.pop();
    }
    is_next
}

fn any(tokens: &mut Vec<Token>) -> Result<Search, ApiError> {
    let mut parts = vec![all(tokens)?];
    while take(tokens, "OR") {
        parts.push(all(tokens)?);
    }
    Ok(only(parts, Search::Any))
}

/// Words that merely follow one another all have to be there.
fn all(tokens: &mut Vec<Token>) -> Result<Search, ApiError> {
    let mut parts = vec![one(tokens)?];
    loop {
        let follows = match tokens.last() {
            None | Some(Token::Close) => false,
            Some(Token::Word(word)) => word != "OR",
            Some(_) => true,
        };
        if !take(tokens, "AND") && !follows {
            return Ok(only(parts, Search::All));
        }
        parts.push(one(tokens)?);
    }
}

fn one(tokens: &mut Vec<Token>) -> Result<Search, ApiError> {
    if take(tokens, "NOT") {
        return Ok(Search::Not(Box::new(one(tokens)?)));
    }
    let value = |token| match token {
        Some(Token::Word(text)) if !matches!(text.as_str(), "AND" | "OR" | "NOT") => Ok(text),
        Some(Token::Phrase(text)) => Ok(text),
        _ => Err(refused()),
    };
    let first = tokens.pop();
    if first == Some(Token::Open) {
        let inner = any(tokens)?;
        return match tokens.pop() {
            Some(Token::Close) => Ok(inner),
            _ => Err(refused()),
        };
    }
    let first = value(first)?;
    if tokens.last() != Some(&Token::Colon) {
        let value = first.to_lowercase();
        return Ok(Search::Term { field: None, value });
    }
    tokens.pop();
    Ok(Search::Term {
        field: Some(last(&first)),
        value: value(tokens.pop())?.to_lowercase(),
    })
}

fn only(mut parts: Vec<Search>, many: fn(Vec<Search>) -> Search) -> Search {
    match parts.pop() {
        Some(part) if parts.is_empty() => part,
        Some(part) => {
            parts.push(part);
            many(parts)
        }
        None => many(parts),
    }
}

/// Whether a text has the value in it; one with wildcards has to be a word of the text, or all of it.
fn fits(text: &str, value: &str) -> bool {
    if !value.contains(['*', '?']) {
        return text.contains(value);
    }
    wild(text, value) || text.split_whitespace().any(|word| wild(word, value))
}

fn wild(text: &str, pattern: &str) -> bool {
    let mut left = pattern.chars();
    match left.next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = left.as_str();
            wild(text, rest)
                || text
                    .char_indices()
                    .any(|(at, c)| wild(&text[at + c.len_utf8()..], rest))
        }
        Some(wanted) => {
            let mut chars = text.chars();
            let fits = chars.next().is_some_and(|c| wanted == '?' || wanted == c);
            fits && wild(chars.as_str(), left.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(query: &str) -> bool {
        let fields = [
            ("category", "job"),
            ("hostname", "SRV-MUC-00002"),
            ("site.name", "Müller & Söhne"),
            ("details.jobName", "Prüfung Nacht"),
        ];
        let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
        Search::parse(query).unwrap().holds(&fields)
    }

    #[test]
    fn what_is_asked_for_is_found() {
        for query in [
            "job",
            "\"prüfung nacht\"",
            "category:job",
            "device.hostname : \"srv-muc-00002\"",
            "data.job_name : Prüfung AND device.hostname : srv*",
            "müller söhne",
            "nothing OR job",
            "NOT nothing",
            "(nothing OR srv*2) AND NOT category:device",
            "hostname:SRV-???-00002",
            "*",
        ] {
            assert!(holds(query), "{query}");
        }
    }

    #[test]
    fn other_things_are_not() {
        for query in [
            "nothing",
            "\"nacht prüfung\"",
            "category:prüfung",
            "job AND nothing",
            "job nothing",
            "NOT job",
            "NOT (job OR nothing)",
            "hostname:muc*",
            "hostname:SRV-??-00002",
        ] {
            assert!(!holds(query), "{query}");
        }
    }

    #[test]
    fn what_is_no_query_is_refused() {
        for query in [
            "",
            " ",
            "(",
            "job)",
            "(job",
            "\"job",
            "AND",
            "job AND",
            "OR job",
            "NOT",
            "category:",
            ":job",
            "category::job",
            "()",
        ] {
            assert!(Search::parse(query).is_err(), "{query}");
        }
    }
}
