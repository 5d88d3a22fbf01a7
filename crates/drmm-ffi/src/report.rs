//! Reports: what has happened since the last answer of a stream.

use drmm::{EventKind, Progress, Report};

use crate::error::milliseconds;
use crate::wire;

/// A detail, for the verbose stream.
pub const DRMM_EVENT_DETAIL: i32 = 1;
/// A warning.
pub const DRMM_EVENT_WARNING: i32 = 2;
/// A field that was named and that no item of the list had.
pub const DRMM_EVENT_LACK: i32 = 3;

const _: () = {
    assert!(DRMM_EVENT_DETAIL == EventKind::Detail as i32);
    assert!(DRMM_EVENT_WARNING == EventKind::Warning as i32);
    assert!(DRMM_EVENT_LACK == EventKind::Lack as i32);
};

/// A report as MessagePack, with what the decoder has to say: notes as further details, and what a
/// list lacked. `None` if there is nothing to report.
pub(crate) fn encode(
    report: Option<Report>,
    notes: &[Box<str>],
    lacks: &[Box<str>],
) -> Option<Vec<u8>> {
    if report.is_none() && notes.is_empty() && lacks.is_empty() {
        return None;
    }
    let (progress, events) = match report {
        Some(report) => (report.progress, report.events),
        None => (None, Vec::new()),
    };
    let mut out = Vec::new();
    wire::array(&mut out, 2);
    match progress {
        Some(progress) => write_progress(&mut out, &progress),
        None => wire::nil(&mut out),
    }
    wire::array(&mut out, events.len() + notes.len() + lacks.len());
    for event in &events {
        write_event(&mut out, event.kind, &event.text);
    }
    for note in notes {
        write_event(&mut out, EventKind::Detail, note);
    }
    for lack in lacks {
        write_event(&mut out, EventKind::Lack, lack);
    }
    Some(out)
}

fn write_progress(out: &mut Vec<u8>, progress: &Progress) {
    wire::array(out, 4);
    wire::string(out, &progress.text);
    wire::int(out, count(progress.done));
    wire::int(out, progress.total.map_or(-1, count));
    wire::int(out, progress.wait.map_or(-1, milliseconds));
}

fn write_event(out: &mut Vec<u8>, kind: EventKind, text: &str) {
    wire::array(out, 2);
    wire::int(out, kind as i64);
    wire::string(out, text);
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use drmm::Event;

    use super::*;

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(encode(None, &[], &[]), None);
    }

    #[test]
    fn a_full_report() {
        let progress = Progress {
            text: "page 2 of 40".to_owned(),
            done: 250,
            total: Some(10_000),
            wait: Some(Duration::from_micros(1)),
        };
        let event = Event {
            kind: EventKind::Warning,
            text: "w".to_owned(),
        };
        let report = Report {
            progress: Some(progress),
            events: vec![event],
        };
        assert_eq!(
            encode(Some(report), &["n".into()], &[]).as_deref(),
            Some(
                &b"\x92\x94\xacpage 2 of 40\xcc\xfa\xcd\x27\x10\x01\x92\x92\x02\xa1w\x92\x01\xa1n"
                    [..]
            )
        );
    }

    #[test]
    fn what_is_unknown_is_minus_1() {
        let progress = Progress {
            text: String::new(),
            done: 0,
            total: None,
            wait: None,
        };
        let report = Report {
            progress: Some(progress),
            events: vec![],
        };
        assert_eq!(
            encode(Some(report), &[], &[]).as_deref(),
            Some(&b"\x92\x94\xa0\x00\xff\xff\x90"[..])
        );
    }

    #[test]
    fn notes_and_lacks_alone() {
        assert_eq!(
            encode(None, &["n".into()], &["l".into()]).as_deref(),
            Some(&b"\x92\xc0\x92\x92\x01\xa1n\x92\x03\xa1l"[..])
        );
    }
}
