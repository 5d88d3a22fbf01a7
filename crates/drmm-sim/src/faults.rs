//! Fault rules: which requests go wrong, and how.
//!
//! Rules are asked in order and the first that applies decides; a rule only counts the requests
//! that reach it. They are asked after authentication and quota, so a fault costs what a request
//! costs, and a request that is refused for another reason uses up no rule.
//!
//! Faults that replace the answer (`status`, `answer`, `html`, `empty200`, `noContent`, `deepJson`,
//! `endlessBody`) keep the operation from being carried out. All others let it happen first: after
//! a `resetBeforeHeaders` the alert *is* resolved, and the client cannot know.
//!
//! Two faults are about what comes after: `insertItems` and `removeItems` answer rightly and change
//! the list behind the client's back, so that its next pages begin elsewhere.
//!
//! There are two kinds of 403: `{"status":403}` is a plain one, in the API's error shape, for this
//! request alone; `block` is what the quota does to an address that does not stop, see
//! [`crate::quota`].

use std::{fmt, num::NonZeroU32, str::FromStr};

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

/// One rule: the requests it is for, and what happens to them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The requests it is for.
    #[serde(rename = "match")]
    pattern: Pattern,
    /// Only this page number; a request without `page` asks for page 0.
    #[serde(default)]
    page: Option<u32>,
    /// How many matching requests pass before the first fault.
    #[serde(default)]
    after: u64,
    /// How many faults there are; `None` is no end of them.
    #[serde(default)]
    times: Option<u64>,
    #[serde(deserialize_with = "fault")]
    fault: Fault,
}

/// What happens to a request.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
#[non_exhaustive]
pub enum Fault {
    /// An HTTP status, in the API's error shape unless a body is given.
    Status {
        /// 200 to 599.
        #[serde(deserialize_with = "status")]
        status: u16,
        /// The seconds of a `Retry-After` header.
        #[serde(default)]
        retry_after_s: Option<u32>,
        /// Instead of the error shape.
        #[serde(default)]
        body: Option<String>,
    },
    /// 307 to another address.
    Redirect(String),
    /// The caller's address is blocked from now on, for five windows or until a reset: a page of HTML
    /// with status 403 for each of its requests, those for tokens too.
    Block,
    /// Any answer.
    Answer {
        /// The body.
        answer: String,
        /// `application/json` if none is given.
        #[serde(default)]
        content_type: Option<String>,
        /// 200 if none is given.
        #[serde(default = "ok", deserialize_with = "status")]
        status: u16,
    },
    /// The connection is reset before a byte of the answer.
    ResetBeforeHeaders,
    /// The connection is reset in the middle of the headers.
    ResetInHeaders,
    /// The connection is reset in the middle of the body.
    ResetInBody,
    /// The connection is closed in the body.
    CutBody {
        /// Bytes of the body that are sent.
        keep_bytes: usize,
        /// Whether `Content-Length` promised the whole body. Else it is sent in chunks, and the last
        /// chunk is missing.
        content_length: bool,
    },
    /// The connection is closed after so many bytes of a body that lasts as long as it: there is no
    /// `Content-Length`, there are no chunks and no gzip, so that the JSON alone tells.
    CloseEarly(usize),
    /// The gzip stream ends half-way; the HTTP framing is right.
    CutGzip,
    /// The first colon of the JSON is an equals sign.
    MalformedJson,
    /// Arrays within arrays, so many deep.
    DeepJson(usize),
    /// A body that never ends.
    EndlessBody,
    /// The body drips.
    SlowBody {
        /// Bytes a second.
        bytes_per_s: NonZeroU32,
    },
    /// The right answer, so many milliseconds late.
    DelayMs(u64),
    /// 200 with a maintenance page.
    Html,
    /// 200 without a body.
    Empty200,
    /// 204.
    NoContent,
    /// `nextPageUrl` is this page's own address.
    PageLoop,
    /// The page holds the list's first items, whatever its number, and names the next one, without end;
    /// `totalCount` is this, or null.
    SamePage(Option<u64>),
    /// `nextPageUrl` is this.
    NextPageUrl(String),
    /// `totalCount` is this, or null.
    TotalCount(Option<u64>),
    /// The page has so many items (if there are so many), whatever `max` says.
    PageItems(usize),
    /// So many items are added at the beginning of the list once this page is answered: the end of
    /// this page comes again on the next. (Until then the list is without its first items.) Happens
    /// once for a rule.
    InsertItems(usize),
    /// The first items of the list are removed once this page is answered: the beginning of the next
    /// page is never seen. Happens once for a rule.
    RemoveItems(usize),
}

impl Rule {
    /// A rule for all requests that `pattern` matches: a method (or `*`), a space, and a route as the
    /// API's description writes it (`GET /v2/site/{siteUid}/devices`) or a path
    /// (`GET /v2/system/status`); a `*` at the end stands for anything.
    pub fn new(pattern: &str, fault: Fault) -> Result<Self, RuleError> {
        Ok(Self {
            pattern: pattern.parse()?,
            page: None,
            after: 0,
            times: None,
            fault,
        })
    }

    /// Only for this page number.
    #[must_use]
    pub fn page(self, page: u32) -> Self {
        Self {
            page: Some(page),
            ..self
        }
    }

    /// Not for the first so many.
    #[must_use]
    pub fn after(self, after: u64) -> Self {
        Self { after, ..self }
    }

    /// No more than so many faults.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }
}

/// Reads an array of rules.
pub fn parse_rules(json: &[u8]) -> Result<Vec<Rule>, RuleError> {
    serde_json::from_slice(json).map_err(|error| RuleError(error.to_string()))
}

/// Why something is not a rule.
#[derive(Debug)]
pub struct RuleError(String);

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a fault rule: {}", self.0)
    }
}

impl std::error::Error for RuleError {}

#[derive(Clone, Debug, PartialEq)]
struct Pattern {
    /// `None` is any.
    method: Option<String>,
    /// Without the wildcard.
    path: String,
    wildcard: bool,
}

impl FromStr for Pattern {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (method, path) = text
            .split_once(' ')
            .filter(|(method, path)| !method.is_empty() && (path.starts_with('/') || *path == "*"))
            .ok_or_else(|| RuleError(format!("\"{text}\" is not a method, a space and a path")))?;
        let wildcard = path.ends_with('*');
        Ok(Self {
            method: (method != "*").then(|| method.to_owned()),
            path: path.strip_suffix('*').unwrap_or(path).to_owned(),
            wildcard,
        })
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(D::Error::custom)
    }
}

impl Pattern {
    fn matches(&self, method: &str, paths: &[&str]) -> bool {
        let fits = |path: &&str| {
            if self.wildcard {
                path.starts_with(&self.path)
            } else {
                **path == self.path
            }
        };
        self.method.as_deref().is_none_or(|known| known == method) && paths.iter().any(fits)
    }
}

/// `{"status": …}` and `{"answer": …}` have their fields beside the name, all others behind it.
fn fault<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fault, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let name = ["answer", "status"]
        .into_iter()
        .find(|name| value.get(name).is_some());
    let value = match name {
        Some(name) => Value::Object([(name.to_owned(), value)].into_iter().collect()),
        None => value,
    };
    Fault::deserialize(value).map_err(D::Error::custom)
}

fn ok() -> u16 {
    200
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    if !(200..=599).contains(&status) {
        return Err(D::Error::custom(format!(
            "{status} is not a final HTTP status"
        )));
    }
    Ok(status)
}

/// The rules in force, and how often each has been reached.
#[derive(Default)]
pub(crate) struct FaultBook(Vec<Entry>);

struct Entry {
    rule: Rule,
    seen: u64,
}

/// What the rules say about a request.
#[derive(Debug, PartialEq)]
pub(crate) struct Picked {
    pub(crate) fault: Option<Fault>,
    /// So many items at the beginning of the list are not there.
    pub(crate) hidden: usize,
}

impl Rule {
    /// The number of the last fault, counted like `after` from 0, and one more.
    fn end(&self) -> u64 {
        let times = match self.fault {
            Fault::InsertItems(_) | Fault::RemoveItems(_) => 1,
            _ => self.times.unwrap_or(u64::MAX),
        };
        self.after.saturating_add(times)
    }
}

impl Entry {
    /// How many items at the beginning of a list this rule hides at present.
    fn hidden(&self) -> usize {
        let happened = self.seen >= self.rule.end();
        match self.rule.fault {
            Fault::InsertItems(items) if !happened => items,
            Fault::RemoveItems(items) if happened => items,
            _ => 0,
        }
    }
}

impl FaultBook {
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        Self(
            rules
                .into_iter()
                .map(|rule| Entry { rule, seen: 0 })
                .collect(),
        )
    }

    /// What the rules say about a request. `paths` are its route and its exact path.
    pub(crate) fn pick(&mut self, method: &str, paths: &[&str], page: u32) -> Picked {
        let matching = self
            .0
            .iter_mut()
            .filter(|entry| entry.rule.pattern.matches(method, paths));
        let mut picked = Picked {
            fault: None,
            hidden: 0,
        };
        for entry in matching {
            picked.hidden += entry.hidden();
            let asked = picked.fault.is_none() && entry.rule.page.is_none_or(|only| only == page);
            if !asked {
                continue;
            }
            let number = entry.seen;
            entry.seen += 1;
            if (entry.rule.after..entry.rule.end()).contains(&number) {
                picked.fault = Some(entry.rule.fault.clone());
            }
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fault: &str) -> Result<Fault, RuleError> {
        let rules = parse_rules(format!(r#"[{{"match":"GET /x","fault":{fault}}}]"#).as_bytes())?;
        Ok(rules[0].fault.clone())
    }

    #[test]
    fn every_fault_is_read() {
        let text = |text: &str| text.to_owned();
        let status = |status| Fault::Status {
            status,
            retry_after_s: None,
            body: None,
        };
        for (json, expected) in [
            (r#"{"status":500}"#, status(500)),
            (
                r#"{"status":429,"retryAfterS":2,"body":"x"}"#,
                Fault::Status {
                    status: 429,
                    retry_after_s: Some(2),
                    body: Some(text("x")),
                },
            ),
            (
                r#"{"answer":"[]","contentType":"text/plain","status":202}"#,
                Fault::Answer {
                    answer: text("[]"),
                    content_type: Some(text("text/plain")),
                    status: 202,
                },
            ),
            (
                r#"{"answer":""}"#,
                Fault::Answer {
                    answer: text(""),
                    content_type: None,
                    status: 200,
                },
            ),
            (r#""resetBeforeHeaders""#, Fault::ResetBeforeHeaders),
            (r#""resetInHeaders""#, Fault::ResetInHeaders),
            (r#""resetInBody""#, Fault::ResetInBody),
            (
                r#"{"cutBody":{"keepBytes":10,"contentLength":true}}"#,
                Fault::CutBody {
                    keep_bytes: 10,
                    content_length: true,
                },
            ),
            (r#""cutGzip""#, Fault::CutGzip),
            (r#""malformedJson""#, Fault::MalformedJson),
            (r#"{"deepJson":10000}"#, Fault::DeepJson(10_000)),
            (r#""endlessBody""#, Fault::EndlessBody),
            (
                r#"{"slowBody":{"bytesPerS":1}}"#,
                Fault::SlowBody {
                    bytes_per_s: NonZeroU32::MIN,
                },
            ),
            (r#"{"delayMs":5000}"#, Fault::DelayMs(5_000)),
            (r#""html""#, Fault::Html),
            (r#""empty200""#, Fault::Empty200),
            (r#""noContent""#, Fault::NoContent),
            (r#""pageLoop""#, Fault::PageLoop),
            (
                r#"{"nextPageUrl":"http://other.example/"}"#,
                Fault::NextPageUrl(text("http://other.example/")),
            ),
            (r#"{"totalCount":null}"#, Fault::TotalCount(None)),
            (r#"{"totalCount":7}"#, Fault::TotalCount(Some(7))),
            (r#"{"pageItems":3}"#, Fault::PageItems(3)),
            (r#"{"insertItems":3}"#, Fault::InsertItems(3)),
            (r#"{"removeItems":3}"#, Fault::RemoveItems(3)),
            (r#""block""#, Fault::Block),
            (
                r#"{"redirect":"http://other.example/"}"#,
                Fault::Redirect(text("http://other.example/")),
            ),
        ] {
            assert_eq!(read(json).unwrap(), expected, "{json}");
        }
    }

    #[test]
    fn what_is_no_fault_is_refused_with_a_reason() {
        for json in [
            r#""reset""#,
            r#"{"status":"500"}"#,
            r#"{"status":42}"#,
            r#"{"status":500,"retryAfter":2}"#,
            r#"{"slowBody":{"bytesPerS":0}}"#,
            r#"{"cutBody":{}}"#,
            "7",
            "null",
            "{}",
        ] {
            assert!(read(json).is_err(), "{json}");
        }
        let error = parse_rules(br#"[{"match":"/v2/account","fault":"html"}]"#).unwrap_err();
        assert!(
            error.to_string().contains("a method, a space and a path"),
            "{error}"
        );
    }

    fn book(rule: Rule) -> FaultBook {
        FaultBook::new(vec![rule])
    }

    #[test]
    fn patterns_match_routes_paths_and_beginnings() {
        let paths = ["/v2/device/{deviceUid}", "/v2/device/7"];
        for (pattern, matches) in [
            ("GET /v2/device/{deviceUid}", true),
            ("GET /v2/device/7", true),
            ("* /v2/device/7", true),
            ("GET /v2/device/*", true),
            ("GET *", true),
            ("GET /v2/device", false),
            ("GET /v2/device/8", false),
            ("POST /v2/device/7", false),
        ] {
            let picked = book(Rule::new(pattern, Fault::Html).unwrap()).pick("GET", &paths, 0);
            assert_eq!(picked.fault.is_some(), matches, "{pattern}");
        }
    }

    #[test]
    fn after_and_times_count_the_matching_requests_only() {
        let mut book = book(
            Rule::new("GET /x", Fault::Html)
                .unwrap()
                .page(1)
                .after(1)
                .times(2),
        );
        let mut pick = |page| book.pick("GET", &["/x"], page).fault.is_some();
        assert!(!pick(0) && !pick(0));
        assert_eq!(
            [pick(1), pick(1), pick(1), pick(1)],
            [false, true, true, false]
        );
    }

    #[test]
    fn a_rule_that_is_used_up_leaves_the_next() {
        let first = Rule::new("GET /x", Fault::Html).unwrap().times(1);
        let second = Rule::new("GET /x", Fault::NoContent).unwrap();
        let mut book = FaultBook::new(vec![first, second]);
        let mut pick = || book.pick("GET", &["/x"], 0).fault;
        assert_eq!(
            [pick(), pick()],
            [Some(Fault::Html), Some(Fault::NoContent)]
        );
    }

    #[test]
    fn a_list_changes_behind_the_page_of_the_rule_for_all_pages() {
        for (fault, before, after) in [(Fault::InsertItems(3), 3, 0), (Fault::RemoveItems(3), 0, 3)]
        {
            let mut book = book(Rule::new("GET /x", fault).unwrap().page(1).after(1));
            let mut hidden = |path, page| book.pick("GET", &[path], page).hidden;
            for page in [0, 2, 1, 1] {
                assert_eq!(hidden("/x", page), before, "page {page}");
            }
            for page in [0, 2, 1, 1] {
                assert_eq!(hidden("/x", page), after, "page {page}");
            }
            assert_eq!(hidden("/y", 1), 0);
        }
    }
}
