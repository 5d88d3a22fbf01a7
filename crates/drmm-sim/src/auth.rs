//! Keys, secrets and the tokens they buy.
//!
//! Pure: the clock is a parameter, a [`Duration`] since the server started.

use std::{collections::HashMap, time::Duration};

use serde::Serialize;

/// `public-client:public`, which every client sends with a token request, in Base64.
pub(crate) const CLIENT_CREDENTIALS: &str = "cHVibGljLWNsaWVudDpwdWJsaWM=";

/// The keys that are known and the tokens that are out.
#[derive(Default)]
pub(crate) struct Auth {
    keys: HashMap<String, String>,
    /// Until when each token is good.
    tokens: HashMap<String, Duration>,
}

/// The answer to a token request.
#[derive(Serialize)]
pub(crate) struct Token {
    access_token: String,
    token_type: &'static str,
    /// Whole seconds, rounded down.
    expires_in: u64,
    scope: &'static str,
    jti: String,
}

impl Auth {
    /// Adds a key, or replaces its secret. Tokens that are out stay good.
    pub(crate) fn set_key(&mut self, key: String, secret: String) {
        self.keys.insert(key, secret);
    }

    /// A token for a key and its secret; `None` if they do not belong together.
    pub(crate) fn issue(
        &mut self,
        now: Duration,
        lifetime: Duration,
        key: &str,
        secret: &str,
    ) -> Option<Token> {
        if self.keys.get(key).is_none_or(|known| known != secret) {
            return None;
        }
        self.tokens.retain(|_, until| now < *until);
        let jti = random_text(22);
        let access_token = jwt(&jti, lifetime);
        self.tokens.insert(access_token.clone(), now + lifetime);
        Some(Token {
            access_token,
            token_type: "bearer",
            expires_in: lifetime.as_secs(),
            scope: "read write",
            jti,
        })
    }

    /// Whether a token is known and has not expired.
    pub(crate) fn accepts(&self, now: Duration, token: &str) -> bool {
        self.tokens.get(token).is_some_and(|&until| now < until)
    }

    /// Makes every token that is out worthless.
    pub(crate) fn revoke_all(&mut self) {
        self.tokens.clear();
    }
}

/// Looks like a JSON web token; its signature is chance, for nobody but the issuer reads it.
fn jwt(jti: &str, lifetime: Duration) -> String {
    let expires =
        crate::error::now_ms() / 1_000 + i64::try_from(lifetime.as_secs()).unwrap_or_default();
    let payload = format!(
        r#"{{"scope":["read","write"],"exp":{expires},"jti":"{jti}","client_id":"public-client"}}"#
    );
    format!(
        "{}.{}.{}",
        base64url(br#"{"alg":"RS256","typ":"JWT"}"#),
        base64url(payload.as_bytes()),
        random_text(342)
    )
}

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Tokens are the one thing that does not follow from the seed: two servers never share one.
fn random_text(length: usize) -> String {
    (0..length)
        .map(|_| char::from(BASE64URL[fastrand::usize(..64)]))
        .collect()
}

/// Base64 for URLs, without padding, as web tokens have it.
fn base64url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = (at(0) << 16) | (at(1) << 8) | at(2);
        for position in 0..=chunk.len() {
            let digit = (group >> (18 - 6 * position)) & 0x3f;
            text.push(char::from(BASE64URL[digit as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn auth() -> Auth {
        let mut auth = Auth::default();
        auth.set_key("key".to_owned(), "secret".to_owned());
        auth
    }

    #[test]
    fn a_token_is_good_until_it_expires() {
        let mut auth = auth();
        let token = auth.issue(HOUR, HOUR, "key", "secret").unwrap();
        assert_eq!(token.expires_in, 3_600);
        assert!(auth.accepts(HOUR * 2 - Duration::from_millis(1), &token.access_token));
        assert!(!auth.accepts(HOUR * 2, &token.access_token));
    }

    #[test]
    fn key_and_secret_must_belong_together() {
        let mut auth = auth();
        for (key, secret) in [
            ("key", "Secret"),
            ("Key", "secret"),
            ("secret", "key"),
            ("", ""),
            ("key", ""),
        ] {
            assert!(
                auth.issue(HOUR, HOUR, key, secret).is_none(),
                "{key} {secret}"
            );
        }
        auth.set_key("key".to_owned(), "other".to_owned());
        assert!(auth.issue(HOUR, HOUR, "key", "secret").is_none());
        assert!(auth.issue(HOUR, HOUR, "key", "other").is_some());
    }

    #[test]
    fn revoked_tokens_are_unknown() {
        let mut auth = auth();
        let token = auth
            .issue(HOUR, HOUR, "key", "secret")
            .unwrap()
            .access_token;
        auth.revoke_all();
        assert!(!auth.accepts(HOUR, &token));
    }

    #[test]
    fn base64_for_urls() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("\u{fb}\u{ff}>", "w7vDvz4"),
        ] {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
    }
}
