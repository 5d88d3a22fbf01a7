//! What can go wrong, and what each kind means to the caller.
//!
//! One type for the whole crate. A message names the value, the cause and, where there is one, the
//! fix; it starts in lower case and has no full stop, so that a caller can put it into a sentence.
//! No message holds a secret, a token, or a part of a request or response body.

use std::fmt;
use std::time::Duration;

/// The kind of an error. The numbers are part of the C ABI and are never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum ErrorKind {
    // 10: what the caller handed in. Last added: 12.
    /// A document (options or call) is not what the contract says.
    Document = 10,
    /// A value is not acceptable: a URL, a path, a page size. No request was sent.
    InvalidArgument = 11,
    /// The session has been disconnected.
    NotConnected = 12,

    // 20: what the server said. Last added: 27.
    /// The key was not accepted, or a fresh token was refused (400 and 401).
    Authentication = 20,
    /// 403 for this resource.
    Forbidden = 21,
    /// 404.
    NotFound = 22,
    /// Any other 4xx: the request itself is at fault.
    Rejected = 23,
    /// 409.
    Conflict = 24,
    /// 429, after all attempts.
    RateLimited = 25,
    /// The server has blocked this address; it says when to try again.
    Blocked = 26,
    /// 5xx, after all attempts.
    Server = 27,

    // 40: the network. Last added: 42.
    /// The server could not be reached, or the connection broke.
    Connection = 40,
    /// The server's certificate was not accepted, or the handshake failed.
    Tls = 41,
    /// A deadline passed.
    Timeout = 42,

    // 50: the answer. Last added: 53.
    /// The answer is not the JSON that was expected.
    Malformed = 50,
    /// The answer exceeds the cap in size or depth.
    TooLarge = 51,
    /// `nextPageUrl` leads to another origin; it was not followed.
    ForeignPage = 52,
    /// `nextPageUrl` leads to a page that had been read already.
    PageLoop = 53,

    // 60: this machine. Last added: 61.
    /// A fault of this library.
    Internal = 60,
    /// The operating system refused a thread or random numbers.
    System = 61,
}

/// An error of the client. See [`ErrorKind`] for the conditions.
#[derive(Debug, Clone)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<u16>,
    retry_after: Option<Duration>,
    method: &'static str,
    path: String,
}

impl Error {
    /// An error of this kind; `message` in lower case, without a full stop and without secrets.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            status: None,
            retry_after: None,
            method: "",
            path: String::new(),
        }))
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_retry_after(mut self, after: Option<Duration>) -> Self {
        self.0.retry_after = after;
        self
    }

    pub(crate) fn with_request(mut self, method: &'static str, path: &str) -> Self {
        self.0.method = method;
        path.clone_into(&mut self.0.path);
        self
    }

    pub(crate) fn with_message(mut self, message: String) -> Self {
        self.0.message = message;
        self
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The sentence, without its capital and its full stop.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The HTTP status, if a response was received.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// How long to wait before trying again, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The method of the request at fault, or an empty string.
    pub fn method(&self) -> &'static str {
        self.0.method
    }

    /// The path and query of the request at fault, or an empty string.
    pub fn path(&self) -> &str {
        &self.0.path
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}
