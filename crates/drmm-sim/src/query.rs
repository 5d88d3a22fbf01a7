//! Query parameters, checked against what an operation takes.

use crate::{error::ApiError, instant};

/// The most items of one page.
pub(crate) const MOST_ITEMS: u32 = 250;

/// A query parameter of an operation.
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// What values a parameter takes.
pub(crate) enum Kind {
    /// A page number, from 0.
    Page,
    /// A page size, 1 to [`MOST_ITEMS`].
    Max,
    /// A 64-bit number.
    Int64,
    /// `true` or `false` in any case.
    Bool,
    /// Anything.
    Text,
    /// One of these.
    OneOf(&'static [&'static str]),
    /// A moment, `yyyy-mm-ddThh:mm:ssZ`.
    Instant,
    /// Any number of texts, with commas between them or the parameter repeated.
    Texts,
    /// The same with 64-bit numbers.
    Int64s,
    /// The same with some of these.
    SomeOf(&'static [&'static str]),
}

/// What every list takes.
pub(crate) const PAGE: Param = Param {
    name: "page",
    kind: Kind::Page,
};
/// What every list takes.
pub(crate) const MAX: Param = Param {
    name: "max",
    kind: Kind::Max,
};

/// The checked parameters of one request.
#[derive(Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads the raw query string and refuses what `params` does not have.
    pub(crate) fn parse(raw: &str, params: &[Param]) -> Result<Self, ApiError> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
            let Some(param) = params.iter().find(|param| param.name == name) else {
                return Err(ApiError::bad_request("unknown query parameter"));
            };
            let again = pairs.iter().any(|(known, _)| *known == name);
            if again && !param.kind.is_list() {
                return Err(ApiError::bad_request(format!(
                    "{} is given twice",
                    param.name
                )));
            }
            if !param.kind.takes(&value) {
                return Err(ApiError::bad_request(format!(
                    "{} has a value of the wrong type",
                    param.name
                )));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self { pairs })
    }

    /// The page that is asked for; without any, the first.
    pub(crate) fn page(&self) -> u32 {
        self.text("page")
            .and_then(|value| value.parse().ok())
            .unwrap_or(0)
    }

    /// The page size that is asked for; without any, the largest.
    pub(crate) fn max(&self) -> u32 {
        self.text("max")
            .and_then(|value| value.parse().ok())
            .unwrap_or(MOST_ITEMS)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a list, in order.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        self.pairs
            .iter()
            .filter(|(known, _)| known == name)
            .flat_map(|(_, value)| value.split(','))
            .collect()
    }

    pub(crate) fn int64(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.text(name)
            .map(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The query string of another page of the same list: the same parameters, `page` and `max` set.
    pub(crate) fn of_page(&self, page: u32) -> String {
        self.with(&[("max", self.max().to_string()), ("page", page.to_string())])
    }

    /// The query string with the same parameters, but these in place of what they were.
    pub(crate) fn with(&self, others: &[(&str, String)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let replaced = |name: &str| others.iter().any(|(other, _)| *other == name);
        query.extend_pairs(self.pairs.iter().filter(|(name, _)| !replaced(name)));
        query.extend_pairs(others);
        query.finish()
    }
}

impl Kind {
    fn is_list(&self) -> bool {
        matches!(self, Self::Texts | Self::Int64s | Self::SomeOf(_))
    }

    fn takes(&self, value: &str) -> bool {
        // A plus sign is what `parse` would take and the API does not.
        let number = |value: &str| !value.starts_with('+') && value.parse::<i64>().is_ok();
        match self {
            // The description says int32.
            Self::Page => number(value) && value.parse().is_ok_and(|page: i32| page >= 0),
            Self::Max => {
                number(value)
                    && value
                        .parse()
                        .is_ok_and(|max| (1..=MOST_ITEMS).contains(&max))
            }
            Self::Int64 => number(value),
            Self::Bool => value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false"),
            Self::Text => true,
            Self::OneOf(choices) => choices.contains(&value),
            Self::Instant => instant::parse(value).is_some(),
            Self::Texts => value.split(',').all(|item| !item.is_empty()),
            Self::Int64s => value.split(',').all(number),
            Self::SomeOf(choices) => value.split(',').all(|item| choices.contains(&item)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARAMS: &[Param] = &[
        PAGE,
        MAX,
        Param {
            name: "filterId",
            kind: Kind::Int64,
        },
        Param {
            name: "muted",
            kind: Kind::Bool,
        },
        Param {
            name: "siteName",
            kind: Kind::Text,
        },
        Param {
            name: "order",
            kind: Kind::OneOf(&["asc", "desc"]),
        },
        Param {
            name: "from",
            kind: Kind::Instant,
        },
        Param {
            name: "actions",
            kind: Kind::Texts,
        },
        Param {
            name: "siteIds",
            kind: Kind::Int64s,
        },
        Param {
            name: "entities",
            kind: Kind::SomeOf(&["device", "user"]),
        },
    ];

    #[test]
    fn values_of_the_right_type_are_taken() {
        for raw in [
            "",
            "page=0&max=1",
            "page=2147483647&max=250",
            "filterId=-9223372036854775808",
            "muted=True",
            "muted=FALSE",
            "siteName=",
            "siteName=a%26b%3D+c",
            "order=asc",
            "from=2026-06-01T00:00:00Z",
            "from=2026-06-01T00%3A00%3A00Z",
            "actions=a,b&actions=c",
            "siteIds=1,-2&siteIds=3",
            "entities=user,device&entities=user",
        ] {
            assert!(Query::parse(raw, PARAMS).is_ok(), "{raw}");
        }
    }

    #[test]
    fn others_are_refused() {
        for raw in [
            "page=-1",
            "page=",
            "page=+1",
            "page=1.5",
            "page=2147483648",
            "max=0",
            "max=251",
            "max=x",
            "filterId=abc",
            "filterId=9223372036854775808",
            "muted=1",
            "muted=",
            "Page=0",
            "unknown=1",
            "page=0&page=1",
            "=",
            "order=ASC",
            "order=asc&order=asc",
            "from=2026-06-01",
            "actions=",
            "actions=a,,b",
            "siteIds=1,x",
            "siteIds=1,",
            "entities=user,site",
        ] {
            assert!(Query::parse(raw, PARAMS).is_err(), "{raw}");
        }
    }

    #[test]
    fn a_list_is_read_with_commas_and_repeated() {
        let query = Query::parse("siteIds=1,2&order=asc&siteIds=3", PARAMS).unwrap();
        assert_eq!(query.list("siteIds"), ["1", "2", "3"]);
        assert!(query.list("actions").is_empty());
    }

    #[test]
    fn another_page_keeps_the_other_parameters() {
        let query = Query::parse("siteName=a%26b&page=3&muted=true&max=10", PARAMS).unwrap();
        assert_eq!(query.of_page(4), "siteName=a%26b&muted=true&max=10&page=4");
        let query = Query::parse("siteIds=1,2&order=asc&siteIds=3", PARAMS).unwrap();
        let next = query.with(&[("order", "desc".to_owned())]);
        assert_eq!(next, "siteIds=1%2C2&siteIds=3&order=desc");
    }
}
