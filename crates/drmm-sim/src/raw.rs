//! Answers of which only a part is sent, as the exact bytes.

use http::{
    HeaderValue,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING},
};

use crate::{
    answer::Answer,
    wire::{End, RawAnswer},
};

/// Nothing, then a reset.
pub(crate) fn reset_before_headers() -> RawAnswer {
    RawAnswer {
        bytes: Vec::new(),
        end: End::Reset,
    }
}

/// Half of the headers, then a reset.
pub(crate) fn reset_in_headers(answer: &Answer) -> RawAnswer {
    let mut bytes = whole_head(answer);
    bytes.truncate(bytes.len() / 2);
    RawAnswer {
        bytes,
        end: End::Reset,
    }
}

/// The headers and half of the body, then a reset.
pub(crate) fn reset_in_body(answer: &Answer) -> RawAnswer {
    let mut bytes = whole_head(answer);
    bytes.extend_from_slice(&answer.body[..answer.body.len() / 2]);
    RawAnswer {
        bytes,
        end: End::Reset,
    }
}

/// The headers, which promise the whole body, and `keep` bytes of it.
pub(crate) fn cut_with_length(answer: &Answer, keep: usize) -> RawAnswer {
    let mut bytes = whole_head(answer);
    bytes.extend_from_slice(&answer.body[..keep.min(answer.body.len())]);
    RawAnswer {
        bytes,
        end: End::Close,
    }
}

/// The headers and one chunk of `keep` bytes; the chunk that says it was the last never comes.
pub(crate) fn cut_in_chunks(answer: &Answer, keep: usize) -> RawAnswer {
    let kept = &answer.body[..keep.min(answer.body.len())];
    let mut bytes = head(
        &answer
            .clone()
            .with(TRANSFER_ENCODING, HeaderValue::from_static("chunked")),
    );
    if !kept.is_empty() {
        bytes.extend_from_slice(format!("{:x}\r\n", kept.len()).as_bytes());
        bytes.extend_from_slice(kept);
        bytes.extend_from_slice(b"\r\n");
    }
    RawAnswer {
        bytes,
        end: End::Close,
    }
}

/// The headers, which say nothing of the body's length, and `keep` bytes of it.
pub(crate) fn cut_by_closing(answer: &Answer, keep: usize) -> RawAnswer {
    let mut bytes = head(answer);
    bytes.extend_from_slice(&answer.body[..keep.min(answer.body.len())]);
    RawAnswer {
        bytes,
        end: End::Close,
    }
}

fn whole_head(answer: &Answer) -> Vec<u8> {
    head(
        &answer
            .clone()
            .with(CONTENT_LENGTH, HeaderValue::from(answer.body.len())),
    )
}

fn head(answer: &Answer) -> Vec<u8> {
    let status = answer.status;
    let mut bytes = format!(
        "HTTP/1.1 {} {}\r\n",
        status.as_u16(),
        status.canonical_reason().unwrap_or_default()
    )
    .into_bytes();
    for (name, value) in &answer.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Answer {
        Answer::from_json(b"{\"a\":1}".to_vec())
    }

    fn text(raw: &RawAnswer) -> &str {
        std::str::from_utf8(&raw.bytes).unwrap()
    }

    #[test]
    fn a_cut_body_keeps_its_promise_in_the_header() {
        let raw = cut_with_length(&answer(), 3);
        assert!(
            text(&raw).contains("content-length: 7\r\n"),
            "{}",
            text(&raw)
        );
        assert!(text(&raw).ends_with("\r\n\r\n{\"a"));
        assert_eq!(raw.end, End::Close);
    }

    #[test]
    fn a_cut_in_chunks_lacks_the_last() {
        let raw = cut_in_chunks(&answer(), 3);
        assert!(
            text(&raw).ends_with("transfer-encoding: chunked\r\n\r\n3\r\n{\"a\r\n"),
            "{}",
            text(&raw)
        );
        assert!(text(&cut_in_chunks(&answer(), 0)).ends_with("chunked\r\n\r\n"));
    }

    #[test]
    fn a_cut_by_closing_promises_nothing() {
        let raw = cut_by_closing(&answer(), 3);
        assert!(text(&raw).ends_with("\r\n\r\n{\"a"), "{}", text(&raw));
        assert!(!text(&raw).contains("content-length"), "{}", text(&raw));
        assert!(!text(&raw).contains("transfer-encoding"), "{}", text(&raw));
        assert_eq!(raw.end, End::Close);
    }

    #[test]
    fn a_reset_in_the_headers_leaves_them_unfinished() {
        let raw = reset_in_headers(&answer());
        assert!(text(&raw).starts_with("HTTP/1.1 200 OK\r\n") && !text(&raw).contains("\r\n\r\n"));
        assert_eq!(raw.end, End::Reset);
    }
}
