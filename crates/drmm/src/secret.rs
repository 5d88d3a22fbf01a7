//! Text that must not be seen: wiped when dropped, redacted when shown.
//!
//! Where secrets and tokens are, and who wipes them:
//!
//! - [`Secret`]s, of options, credentials and tokens: when dropped; the last session of a credential
//!   drops them at `disconnect`.
//! - The form that asks for a token, the answer that brings it, and the header that carries it: when
//!   the request is done (`route.rs`, `grant.rs`, `transport.rs`). The answer is asked for
//!   uncompressed, since a decompressor would keep its own copy.
//! - The HTTP library's buffers: output once it is sent, the rest when the connection closes, with the
//!   last session that has the same settings (`connect.rs`).
//!
//! Out of reach: plain text within the TLS library while it passes, the HTTP library's copy of a
//! proxy's user name and password, the parser's scratch space for a secret that was escaped in its
//! document, and whatever the caller keeps, such as the document itself.

use std::fmt;

use serde::{Deserialize, Deserializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A secret key, a token, or a proxy's address with its password. It has no `Display`, and its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the original is not copied.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself: for a request's header or body and nothing else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text.to_owned())
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use zeroize::ZeroizeOnDrop;

    use super::*;

    fn is_wiped(_: &impl ZeroizeOnDrop) {}

    #[test]
    fn a_secret_is_wiped_and_never_shown() {
        let secret = Secret::from("canary");
        is_wiped(&secret.0);
        assert_eq!(
            format!("{secret:?} {secret:#?}"),
            "Secret(redacted) Secret(redacted)"
        );
        assert_eq!(
            format!("{:?}", Some(secret.clone())),
            "Some(Secret(redacted))"
        );
        assert!(secret == Secret::from("canary") && secret != Secret::from("canarx"));
    }
}
