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
    keys: HashMap<String, Key>,
    tokens: HashMap<String, Issued>,
    /// How many users have had a key.
    users: u32,
    /// How many keys were reset.
    resets: u32,
}

/// A key: its secret, and which user it belongs to.
struct Key {
    secret: String,
    user: u32,
}

/// A token that is out: until when it is good, and which user it speaks for.
struct Issued {
    until: Duration,
    user: u32,
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
    /// Adds a key of another user, or replaces its secret. Tokens that are out stay good.
    pub(crate) fn set_key(&mut self, key: String, secret: String) {
        let known = self.keys.get(&key).map(|key| key.user);
        let user = known.unwrap_or_else(|| {
            self.users += 1;
            self.users
        });
        self.keys.insert(key, Key { secret, user });
    }

    /// Gives the user for whom a token speaks another key in place of the one he has; `None` if the
    /// token is good for nothing. `make` makes the pair with a number, from 1. Tokens that are out
    /// stay good: nothing is known of them, and a script that resets its key could not say that it
    /// has.
    pub(crate) fn reset_key(
        &mut self,
        now: Duration,
        token: &str,
        make: impl FnOnce(u32) -> (String, String),
    ) -> Option<(String, String)> {
        let issued = self.tokens.get(token).filter(|issued| now < issued.until)?;
        let user = issued.user;
        self.resets += 1;
        let (key, secret) = make(self.resets);
        self.keys.retain(|_, key| key.user != user);
        let entry = Key {
            secret: secret.clone(),
            user,
        };
        self.keys.insert(key.clone(), entry);
        Some((key, secret))
    }

    /// A token for a key and its secret; `None` if they do not belong together.
    pub(crate) fn issue(
        &mut self,
        now: Duration,
        lifetime: Duration,
        key: &str,
        secret: &str,
    ) -> Option<Token> {
        let user = self.keys.get(key).filter(|key| key.secret == secret)?.user;
        self.tokens.retain(|_, issued| now < issued.until);
        let jti = random_text(22);
        let access_token = jwt(&jti, lifetime);
        let until = now + lifetime;
        self.tokens
            .insert(access_token.clone(), Issued { until, user });
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
        self.tokens
            .get(token)
            .is_some_and(|issued| now < issued.until)
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
    fn a_reset_key_is_replaced_and_keys_of_others_stay() {
        let mut auth = auth();
        auth.set_key("other".to_owned(), "secret".to_owned());
        let token = auth.issue(HOUR, HOUR, "key", "secret").unwrap();
        let make = |number: u32| (format!("key{number}"), "new".to_owned());
        let mut reset = |now, token: &str| auth.reset_key(now, token, make);
        assert_eq!(reset(HOUR * 2, &token.access_token), None);
        assert_eq!(reset(HOUR, "none"), None);
        assert_eq!(reset(HOUR, &token.access_token).unwrap().0, "key1");
        // An old token still speaks for the user, whose key is another by now.
        assert_eq!(reset(HOUR, &token.access_token).unwrap().0, "key2");
        assert!(auth.accepts(HOUR, &token.access_token));
        for (key, secret, good) in [
            ("key", "secret", false),
            ("key1", "new", false),
            ("key2", "secret", false),
            ("key2", "new", true),
            ("other", "secret", true),
        ] {
            let token = auth.issue(HOUR, HOUR, key, secret);
            assert_eq!(token.is_some(), good, "{key} {secret}");
        }
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
