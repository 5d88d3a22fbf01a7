//! A line of the table: what happens, and what is to come of it.

use std::ops::RangeInclusive;
use std::time::Duration;

use drmm::ErrorKind;
use drmm_sim::Fault;

/// One line of the table.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) script: Script,
    /// The deadline of an attempt, where it is not the usual one.
    pub(crate) timeout: Option<Duration>,
    pub(crate) list: Expected,
    pub(crate) read: Option<Expected>,
    pub(crate) write: Option<Expected>,
    /// The same read and the same write, whose answer is asked for as text.
    pub(crate) read_text: Option<Expected>,
    pub(crate) write_text: Option<Expected>,
}

/// What happens on the server's side.
#[derive(Clone)]
pub(crate) enum Script {
    /// A fault for the requests of the third page, and for all single ones.
    Fault(Fault),
    /// The same so many times.
    Times(u64, Fault),
    /// A fault for all pages, so many times from the second request on.
    Burst(u64, Fault),
    /// A fault for all pages.
    Everywhere(Fault),
    /// A fault for the first page, which the others follow.
    First(Fault),
    /// No page says a total, so that each leads to the next; and the third has a fault, so many times.
    WithoutTotal(u64, Fault),
    /// The address is blocked. Pages come one after the other then, since a block meets all of them.
    Blocked,
    /// The server goes away; for a list after its first page.
    Gone,
    /// All tokens are revoked; for a list after its first page.
    Revoked,
    /// The third page names a next page on another server, which notes who comes.
    Elsewhere,
    /// The third page names the next as this, with our own port in place of `{port}`.
    NextPage(&'static str),
}

impl Script {
    /// Whether it is about the body of an answer. A write has one only if it is refused.
    pub(crate) fn needs_a_body(&self) -> bool {
        matches!(
            self.fault(),
            Some(
                Fault::ResetInBody
                    | Fault::CutBody { .. }
                    | Fault::CutGzip
                    | Fault::SlowBody { .. }
            )
        )
    }

    /// Whether a write that is answered well has not been done.
    pub(crate) fn is_in_place_of_it(&self) -> bool {
        matches!(
            self.fault(),
            Some(Fault::NoContent | Fault::Empty200 | Fault::Answer { .. })
        )
    }

    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) | Self::Times(_, fault) => Some(fault),
            _ => None,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Expected {
    pub(crate) outcome: Outcome,
    pub(crate) requests: RangeInclusive<u64>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// All items in order, each once; of a single request, its answer.
    Whole,
    /// So many items, in order, of which so many came twice, and an event that says so.
    Told {
        items: usize,
        twice: usize,
        text: &'static str,
    },
    /// An error after so many items.
    Fails(ErrorKind, usize),
}

pub(crate) fn whole(requests: u64) -> Expected {
    whole_in(requests..=requests)
}

pub(crate) fn whole_in(requests: RangeInclusive<u64>) -> Expected {
    Expected {
        outcome: Outcome::Whole,
        requests,
    }
}

pub(crate) fn told(items: usize, text: &'static str, requests: u64) -> Expected {
    told_twice(items, 0, text, requests)
}

pub(crate) fn told_twice(
    items: usize,
    twice: usize,
    text: &'static str,
    requests: u64,
) -> Expected {
    Expected {
        outcome: Outcome::Told { items, twice, text },
        requests: requests..=requests,
    }
}

pub(crate) fn fails(kind: ErrorKind, items: usize, requests: u64) -> Expected {
    fails_in(kind, items, requests..=requests)
}

/// Of a list of four pages: its third is an error that is not tried again, and that may come before
/// the fourth has been asked for.
pub(crate) fn fails_at_once(kind: ErrorKind, items: usize) -> Expected {
    fails_in(kind, items, 3..=4)
}

pub(crate) fn fails_in(kind: ErrorKind, items: usize, requests: RangeInclusive<u64>) -> Expected {
    Expected {
        outcome: Outcome::Fails(kind, items),
        requests,
    }
}

/// A line for a list, a read and a write; as text the latter two come to the same.
pub(crate) fn all_three(
    name: &'static str,
    script: Script,
    list: Expected,
    read: Expected,
    write: Expected,
) -> Case {
    Case {
        name,
        script,
        timeout: None,
        list,
        read_text: Some(read.clone()),
        write_text: Some(write.clone()),
        read: Some(read),
        write: Some(write),
    }
}

/// A line about pages.
pub(crate) fn only_list(name: &'static str, script: Script, list: Expected) -> Case {
    Case {
        name,
        script,
        timeout: None,
        list,
        read: None,
        write: None,
        read_text: None,
        write_text: None,
    }
}

/// A fault that passes is met again by a read only; one that stays ends a list after its first two
/// pages, with what came before it.
pub(crate) fn passing(name: [&'static str; 2], fault: &Fault, kind: ErrorKind) -> [Case; 2] {
    [
        all_three(
            name[0],
            Script::Times(1, fault.clone()),
            whole(5),
            whole(2),
            fails(kind, 0, 1),
        ),
        all_three(
            name[1],
            Script::Fault(fault.clone()),
            fails(kind, 500, 7),
            fails(kind, 0, 4),
            fails(kind, 0, 1),
        ),
    ]
}

/// A fault that lies in the JSON alone: as text it comes through.
pub(crate) fn only_as_objects(case: Case) -> Case {
    Case {
        read_text: Some(whole(1)),
        write_text: Some(whole(1)),
        ..case
    }
}

/// A fault that a second attempt would meet again.
pub(crate) fn lasting(name: &'static str, fault: Fault, kind: ErrorKind) -> Case {
    all_three(
        name,
        Script::Fault(fault),
        fails_at_once(kind, 500),
        fails(kind, 0, 1),
        fails(kind, 0, 1),
    )
}
