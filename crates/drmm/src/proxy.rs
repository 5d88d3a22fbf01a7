//! Which proxy a session goes through, if any.

use crate::error::{Error, ErrorKind};
use crate::options::{Options, Origin, Proxy};

/// The variables that name a proxy for HTTPS, the first that says something decides. `HTTP_PROXY`
/// is for plain HTTP, which goes to this machine only.
const VARIABLES: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/// The hosts that are reached without one.
const EXCEPTIONS: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The proxy that these options ask for; the environment is looked at now.
pub(crate) fn of(options: &Options) -> Result<Option<ureq::Proxy>, Error> {
    match &options.proxy {
        Proxy::None => Ok(None),
        Proxy::Url(url) => read(url.expose(), "the proxy").map(Some),
        Proxy::Environment => of_environment(&options.origin, |name| std::env::var(name).ok()),
    }
}

fn of_environment(
    origin: &Origin,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<ureq::Proxy>, Error> {
    let find = |names: &[&'static str]| {
        names.iter().find_map(|name| {
            let value = variable(name)?.trim().to_owned();
            (!value.is_empty()).then_some((*name, value))
        })
    };
    let excepted = |(_, list): (_, String)| is_excepted(origin.host(), &list);
    // A simulator on this machine is not reached through anyone's proxy.
    if origin.is_loopback() || find(&EXCEPTIONS).is_some_and(excepted) {
        return Ok(None);
    }
    find(&VARIABLES)
        .map(|(name, url)| read(&url, &format!("the proxy in {name}")))
        .transpose()
}

/// By its name, by a suffix with its dot, or by `*` for all.
fn is_excepted(host: &str, list: &str) -> bool {
    let list = list.to_ascii_lowercase();
    list.split([',', ' '])
        .filter(|entry| !entry.is_empty())
        .any(|entry| {
            entry == "*"
                || entry.trim_start_matches('.') == host
                || (entry.starts_with('.') && host.ends_with(entry))
        })
}

/// The address may hold a password, so the message does not repeat it.
fn read(url: &str, what: &str) -> Result<ureq::Proxy, Error> {
    ureq::Proxy::new(url).map_err(|_| {
        let message = format!(
            "{what} is not of the form http://[user:password@]host:port (or socks5://, socks5h://)"
        );
        Error::new(ErrorKind::InvalidArgument, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn found(url: &str, environment: &[(&str, &str)]) -> Result<Option<String>, Error> {
        let options = Options::new(url, "k", Secret::from("s")).expect("options");
        let variable = |name: &str| {
            let found = environment.iter().find(|(known, _)| *known == name)?;
            Some(found.1.to_owned())
        };
        let proxy = of_environment(&options.origin, variable)?;
        Ok(proxy.map(|proxy| format!("{} {}", proxy.host(), proxy.port())))
    }

    const API: &str = "https://a.example.com";

    #[test]
    fn the_first_variable_that_says_something_names_the_proxy() {
        let proxy = |environment: &[(&str, &str)]| found(API, environment).expect("valid");
        assert_eq!(proxy(&[]), None);
        assert_eq!(
            proxy(&[
                ("ALL_PROXY", "http://all:1"),
                ("HTTPS_PROXY", "http://https:2")
            ])
            .as_deref(),
            Some("https 2")
        );
        assert_eq!(
            proxy(&[("HTTPS_PROXY", " "), ("ALL_PROXY", "all:1")]).as_deref(),
            Some("all 1")
        );
        assert_eq!(
            proxy(&[
                ("https_proxy", "http://u:p@small"),
                ("HTTPS_PROXY", "http://b")
            ])
            .as_deref(),
            Some("small 80")
        );
        assert_eq!(proxy(&[("HTTP_PROXY", "http://http:1")]), None);
    }

    #[test]
    fn exceptions_and_this_machine_are_reached_directly() {
        let through = |url: &str, list: &str| {
            found(url, &[("https_proxy", "http://p:1"), ("NO_PROXY", list)])
                .expect("valid")
                .is_some()
        };
        for list in [
            "",
            "b.example.com",
            ".other.com",
            "ample.com",
            "example.com",
            "c.a.example.com",
        ] {
            assert!(through(API, list), "{list}");
        }
        for list in [
            "*",
            "A.EXAMPLE.COM",
            ".example.com",
            "x, .com",
            "x,a.example.com ",
            ".a.example.com",
        ] {
            assert!(!through(API, list), "{list}");
        }
        for url in [
            "http://127.0.0.1:1",
            "https://localhost",
            "https://[::1]:8443",
        ] {
            assert!(!through(url, ""), "{url}");
        }
    }

    #[test]
    fn a_variable_that_is_no_address_is_an_error_and_not_a_way_around() {
        let error = found(API, &[("HTTPS_PROXY", "http://u:canary@")]).expect_err("no address");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(
            error
                .message()
                .starts_with("the proxy in HTTPS_PROXY is not"),
            "{error}"
        );
        assert!(!error.message().contains("canary"), "{error}");
    }
}
