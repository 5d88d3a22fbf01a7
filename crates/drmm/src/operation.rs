//! What a request counts as in the quota: a read, or one of the API's write operations.
//!
//! The names are those under which `request_rate` reports the buckets of an account of the modern
//! model (`operationWriteStatus`), as seen on live accounts. Where services and clients name one
//! operation differently, both names stand here.

use crate::call::Method;
use crate::route::Route;

/// A write operation: how it is asked for, and what its bucket is called.
#[derive(Debug)]
struct Operation {
    method: Method,
    /// The path below `/api/v2/`, with `*` for a segment that varies.
    path: &'static str,
    buckets: &'static [&'static str],
}

/// Every write of the OpenAPI file (build 235).
const OPERATIONS: [Operation; 18] = [
    put("site", &["site-create"]),
    put(
        "site/*/variable",
        &["site-variable-create", "site-variable-set"],
    ),
    put("device/*/site/*", &["device-move"]),
    put("device/*/quickjob", &["device-job-create"]),
    put(
        "account/variable",
        &["account-variable-create", "account-variable-set"],
    ),
    post("site/*", &["site-update"]),
    post(
        "site/*/variable/*",
        &["site-variable-update", "site-variable-set"],
    ),
    post(
        "site/*/settings/proxy",
        &["site-proxy-create", "site-proxy-set"],
    ),
    post("device/*/udf", &["device-udf-set"]),
    post(
        "device/*/warranty",
        &["device-warranty-create", "device-warranty-set"],
    ),
    post("alert/*/resolve", &["alert-resolve"]),
    post("alert/*/mute", &["alert-mute"]),
    post("alert/*/unmute", &["alert-unmute"]),
    post(
        "account/variable/*",
        &["account-variable-update", "account-variable-set"],
    ),
    post("user/resetApiKeys", &["user-reset-keys"]),
    delete("site/*/variable/*", &["site-variable-delete"]),
    delete("site/*/settings/proxy", &["site-proxy-delete"]),
    delete("account/variable/*", &["account-variable-delete"]),
];

/// What a request counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// Any GET.
    Read,
    /// Any other method; the names that its operation's bucket may have, none if it is unknown.
    Write(&'static [&'static str]),
}

impl Access {
    /// What this request counts as. The version (`v2`, `v3`) makes no difference.
    pub(crate) fn of(method: Method, route: &Route) -> Self {
        if method == Method::Get {
            return Self::Read;
        }
        let path = route.path().trim_matches('/');
        let known = path
            .strip_prefix("api/")
            .and_then(|path| path.split_once('/'))
            .and_then(|(_, path)| {
                OPERATIONS
                    .iter()
                    .find(|known| known.method == method && fits(path, known.path))
            });
        Self::Write(known.map_or(&[], |known| known.buckets))
    }
}

fn fits(path: &str, pattern: &str) -> bool {
    let mut segments = path.split('/');
    pattern.split('/').all(|expected| {
        segments
            .next()
            .is_some_and(|segment| expected == "*" || expected.eq_ignore_ascii_case(segment))
    }) && segments.next().is_none()
}

const fn put(path: &'static str, buckets: &'static [&'static str]) -> Operation {
    let method = Method::Put;
    Operation {
        method,
        path,
        buckets,
    }
}

const fn post(path: &'static str, buckets: &'static [&'static str]) -> Operation {
    let method = Method::Post;
    Operation {
        method,
        path,
        buckets,
    }
}

const fn delete(path: &'static str, buckets: &'static [&'static str]) -> Operation {
    let method = Method::Delete;
    Operation {
        method,
        path,
        buckets,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(method: Method, path: &str) -> Access {
        Access::of(method, &Route::new(path, None, &[]).expect("a route"))
    }

    #[test]
    fn each_write_counts_in_the_bucket_of_its_operation() {
        let writes = [
            (Method::Put, "v2/site", "site-create"),
            (Method::Post, "v2/site/5f", "site-update"),
            (
                Method::Post,
                "v2/site/5f/settings/proxy",
                "site-proxy-create",
            ),
            (Method::Post, "v3/device/5f/udf?x=1", "device-udf-set"),
            (Method::Post, "/v2/device/5f/UDF/", "device-udf-set"),
            (
                Method::Delete,
                "v2/account/variable/7",
                "account-variable-delete",
            ),
        ];
        for (method, path, name) in writes {
            assert!(
                matches!(bucket(method, path), Access::Write(names) if names[0] == name),
                "{path}"
            );
        }
    }

    #[test]
    fn what_is_not_in_the_table_is_a_write_without_a_bucket_of_its_own() {
        assert_eq!(
            bucket(Method::Post, "v2/device/5f/reboot"),
            Access::Write(&[])
        );
        assert_eq!(bucket(Method::Put, "v2/site/5f"), Access::Write(&[]));
        assert_eq!(bucket(Method::Get, "v2/device/5f/udf"), Access::Read);
    }

    /// The API's own description, where it lies beside the checkout.
    #[test]
    fn every_write_of_the_description_is_in_the_table() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/api/datto-rmm-openapi-3.1-build-235.json"
        );
        let Ok(text) = std::fs::read_to_string(file) else {
            println!("the API description is not here: only the table's own tests count");
            return;
        };
        let description: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let mut writes = 0;
        for (path, item) in description["paths"].as_object().expect("paths") {
            let written: String = path
                .split('/')
                .map(|part| if part.starts_with('{') { "5f" } else { part })
                .collect::<Vec<_>>()
                .join("/");
            for (name, method) in [
                ("put", Method::Put),
                ("post", Method::Post),
                ("delete", Method::Delete),
            ] {
                if item.get(name).is_some() {
                    writes += 1;
                    assert_ne!(
                        bucket(method, &written),
                        Access::Write(&[]),
                        "{name} {path}"
                    );
                }
            }
        }
        // The user-defined fields are written in v2 and in v3.
        assert_eq!(writes, OPERATIONS.len() + 1);
    }
}
