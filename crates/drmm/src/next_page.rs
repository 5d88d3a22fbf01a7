//! Where a `nextPageUrl` leads.
//!
//! Pure. Only its path and query are ever used, on our own origin, so no credential can go anywhere
//! else. What stands before them must name our host all the same: a server that means another one
//! does not mean us. It may say `http` where we say `https`, as servers do behind something that
//! ends TLS for them; and it may be relative.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::error::{Error, ErrorKind};
use crate::options::Origin;
use crate::route::Route;

/// What no request line can carry and some servers forget to encode. `%` stays: the rest is encoded.
const UNFIT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Longer than any page's address, and as long as a request line may be.
const LONGEST: usize = 16 * 1024;

/// The route of the page that `url` names, seen from the page `from`.
///
/// # Errors
/// `ForeignPage` if it is another host's; `Malformed` if it is no address.
pub(crate) fn route(origin: &Origin, from: &Route, url: &str) -> Result<Route, Error> {
    let url = url.trim();
    let url = url.split('#').next().unwrap_or_default();
    let (scheme, rest) = match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, url),
    };
    let path = match (rest.strip_prefix("//"), scheme) {
        (Some(rest), _) => {
            let end = rest.find(['/', '?']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            if !is_here(origin, scheme, authority) {
                let message = "the answer names a next page on another host; it was not followed";
                return Err(Error::new(ErrorKind::ForeignPage, message));
            }
            path
        }
        (None, Some(_)) => return Err(unfit()),
        (None, None) => rest,
    };
    let path = utf8_percent_encode(path, UNFIT).to_string();
    let whole = match path.bytes().next() {
        Some(b'/') => path,
        Some(b'?') => format!("{}{path}", from.path()),
        // A relative path stands for the last part of the one it is found at.
        Some(_) if scheme.is_none() => {
            let folder = from
                .path()
                .rsplit_once('/')
                .map_or("", |(folder, _)| folder);
            format!("{folder}/{path}")
        }
        _ => return Err(unfit()),
    };
    let dots = whole
        .split(['/', '?'])
        .any(|part| part == "." || part == "..");
    if whole.len() > LONGEST || dots {
        return Err(unfit());
    }
    Ok(Route::from_server(whole))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Whether scheme and authority mean our origin: its host and, if one is given, its port, or both
/// have their scheme's usual one.
fn is_here(origin: &Origin, scheme: Option<&str>, authority: &str) -> bool {
    let usual = match scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => 443,
        Some(scheme) if scheme.eq_ignore_ascii_case("http") => 80,
        Some(_) => return false,
        None => origin.usual_port(),
    };
    let Some(after) = authority
        .get(..origin.host().len())
        .filter(|host| host.eq_ignore_ascii_case(origin.host()))
        .and_then(|host| authority.get(host.len()..))
    else {
        return false;
    };
    let Some(port) = after.strip_prefix(':') else {
        return after.is_empty();
    };
    port.parse::<u16>().is_ok_and(|port| {
        port == origin.port() || (port == usual && origin.port() == origin.usual_port())
    })
}

fn unfit() -> Error {
    let message = "the answer names a next page whose address is none; it was not followed";
    Error::new(ErrorKind::Malformed, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::secret::Secret;

    /// Where `url` leads from the second page of a list at `base`.
    fn led(base: &str, url: &str) -> Result<String, ErrorKind> {
        let options = Options::new(base, "k", Secret::new("s".into())).expect("options");
        let from = Route::new("v2/x?page=1", None, &[]).expect("a route");
        route(&options.origin, &from, url)
            .map(|route| route.as_str().to_owned())
            .map_err(|error| error.kind())
    }

    #[test]
    fn our_own_host_is_followed_however_it_is_written() {
        for url in [
            "https://a.example/api/v2/x?page=2",
            "https://A.Example:443/api/v2/x?page=2",
            "http://a.example/api/v2/x?page=2",
            "http://a.example:80/api/v2/x?page=2",
            "http://a.example:443/api/v2/x?page=2",
            "//a.example/api/v2/x?page=2",
            "HTTPS://a.example/api/v2/x?page=2#top",
            "/api/v2/x?page=2",
            " /api/v2/x?page=2\n",
            "?page=2",
            "x?page=2",
        ] {
            let expected = Ok("/api/v2/x?page=2".to_owned());
            assert_eq!(led("https://a.example", url), expected, "{url}");
        }
        for url in [
            "http://127.0.0.1:81/api/v2/x?page=2",
            "https://127.0.0.1:81/api/v2/x?page=2",
            "http://127.0.0.1/api/v2/x?page=2",
        ] {
            let expected = Ok("/api/v2/x?page=2".to_owned());
            assert_eq!(led("http://127.0.0.1:81", url), expected, "{url}");
        }
        let ours = led("http://[::1]:81", "http://[::1]:81/y");
        assert_eq!(ours.as_deref(), Ok("/y"));
    }

    #[test]
    fn what_a_request_line_cannot_carry_is_encoded() {
        assert_eq!(
            led(
                "https://a.example",
                "https://a.example/api/v2/x?q=a b|\"ü\"&r=%20"
            )
            .as_deref(),
            Ok("/api/v2/x?q=a%20b%7C%22%C3%BC%22&r=%20")
        );
    }

    #[test]
    fn another_host_is_foreign() {
        for url in [
            "https://b.example/x",
            "https://a.example.b.example/x",
            "https://a.exampl/x",
            "https://a.example:444/x",
            "http://a.example:8080/x",
            "https://a.example:80/x",
            "https://a.example:x/x",
            "https://a.example:/x",
            "//b.example/x",
            "https://a.example@b.example/",
            "https://b.example@a.example/",
            "https://a.example\\@b.example/",
            "https:///x",
            "ftp://a.example/x",
            "https://ä/x",
        ] {
            let foreign = Err(ErrorKind::ForeignPage);
            assert_eq!(led("https://a.example", url), foreign, "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_malformed() {
        for url in [
            "",
            "#",
            "https:",
            "https://a.example",
            "mailto:a",
            "javascript:alert(1)",
            "https:/x",
            "../../auth/oauth/token",
            "/api/./x",
            &format!("/{}", "x".repeat(20_000)),
        ] {
            let malformed = Err(ErrorKind::Malformed);
            assert_eq!(led("https://a.example", url), malformed, "{url}");
        }
    }
}
