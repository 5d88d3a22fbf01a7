//! The table of operations, and how a path finds its place in it.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::{
    answer::Answer, call::Call, error::ApiError, operation::Operation, query::Param, routes,
};

type Handler = fn(&Call<'_>) -> Result<Answer, ApiError>;

/// One operation of the API.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// The path as the API's description writes it: `/v2/device/{deviceUid}`.
    pub(crate) template: &'static str,
    /// The query parameters it takes.
    pub(crate) params: &'static [Param],
    pub(crate) handler: Handler,
    /// Under which name the quota counts it; only writes have one.
    pub(crate) operation: Option<Operation>,
    /// Whether it is answered without a token.
    pub(crate) anonymous: bool,
}

impl Route {
    pub(crate) const fn get(
        template: &'static str,
        params: &'static [Param],
        handler: Handler,
    ) -> Self {
        Self {
            method: "GET",
            template,
            params,
            handler,
            operation: None,
            anonymous: false,
        }
    }

    pub(crate) const fn put(
        template: &'static str,
        operation: Operation,
        handler: Handler,
    ) -> Self {
        Self::write("PUT", template, operation, handler)
    }

    pub(crate) const fn post(
        template: &'static str,
        operation: Operation,
        handler: Handler,
    ) -> Self {
        Self::write("POST", template, operation, handler)
    }

    pub(crate) const fn delete(
        template: &'static str,
        operation: Operation,
        handler: Handler,
    ) -> Self {
        Self::write("DELETE", template, operation, handler)
    }

    const fn write(
        method: &'static str,
        template: &'static str,
        operation: Operation,
        handler: Handler,
    ) -> Self {
        Self {
            method,
            template,
            params: &[],
            handler,
            operation: Some(operation),
            anonymous: false,
        }
    }

    pub(crate) const fn without_token(self) -> Self {
        Self {
            anonymous: true,
            ..self
        }
    }

    /// The name under which requests are counted and faults are set: `GET /v2/account`.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// The decoded variable segments if `path` fits, and how many there are.
    fn captures(&self, path: &[String]) -> Option<Vec<String>> {
        let mut captures = Vec::new();
        let mut left = path.iter();
        for part in self.template.split('/').skip(1) {
            let segment = left.next()?;
            if part.starts_with('{') {
                captures.push(segment.clone());
            } else if part != segment {
                return None;
            }
        }
        left.next().is_none().then_some(captures)
    }
}

/// Where a path leads.
pub(crate) enum Match {
    Found(&'static Route, Vec<String>),
    /// The path is there, with these methods only.
    WrongMethod(Vec<&'static str>),
    Unknown,
}

/// Finds the operation for a path below `/api`.
pub(crate) fn find(method: &Method, path: &str) -> Match {
    let path = path.strip_suffix('/').unwrap_or(path);
    // Split first, decode then: an encoded slash stays inside its segment.
    let segments: Vec<_> = path
        .split('/')
        .skip(1)
        .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
        .collect();
    let fits: Vec<_> = routes::all()
        .filter_map(|route| Some((route, route.captures(&segments)?)))
        .collect();
    let allowed: Vec<_> = fits.iter().map(|(route, _)| route.method).collect();
    // `/v2/device/id/7` also fits a template with a variable in place of `id`: the literal one wins.
    let best = fits
        .into_iter()
        .filter(|(route, _)| route.method == method)
        .min_by_key(|(_, captures)| captures.len());
    match best {
        Some((route, captures)) => Match::Found(route, captures),
        None if allowed.is_empty() => Match::Unknown,
        None => Match::WrongMethod(allowed),
    }
}

/// The operations this simulator speaks, as `GET /v2/account`.
pub fn served_operations() -> Vec<String> {
    routes::all().map(Route::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: &Method, path: &str) -> Option<(&'static str, Vec<String>)> {
        match find(method, path) {
            Match::Found(route, captures) => Some((route.template, captures)),
            Match::WrongMethod(_) | Match::Unknown => None,
        }
    }

    #[test]
    fn segments_are_decoded_after_they_are_split() {
        let (template, captures) = found(&Method::GET, "/v2/device/..%2Fx%3Fb").unwrap();
        assert_eq!(
            (template, captures),
            ("/v2/device/{deviceUid}", vec!["../x?b".to_owned()])
        );
    }

    #[test]
    fn one_slash_at_the_end_is_accepted() {
        assert_eq!(
            found(&Method::GET, "/v2/account/").unwrap().0,
            "/v2/account"
        );
        assert!(found(&Method::GET, "/v2/account//").is_none());
    }

    #[test]
    fn a_wrong_method_names_the_right_one() {
        let Match::WrongMethod(allowed) = find(&Method::DELETE, "/v2/account/sites") else {
            panic!("the path is there");
        };
        assert_eq!(allowed, ["GET"]);
    }

    #[test]
    fn what_is_not_there_is_unknown() {
        for path in [
            "/v2",
            "/v2/",
            "/v2/accounts",
            "/v2/account/sites/x",
            "/v3/account",
            "/v3/device/7/patches",
            "",
        ] {
            assert!(matches!(find(&Method::GET, path), Match::Unknown), "{path}");
        }
    }

    #[test]
    fn no_operation_is_there_twice() {
        let mut names = served_operations();
        let before = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), before);
    }
}
