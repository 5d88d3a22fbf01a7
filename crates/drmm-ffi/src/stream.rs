//! Streams: everything that takes time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use drmm::{Answer, Stream};

use crate::batch::{Batches, Bytes, Oversized};
use crate::boundary::{fallible, infallible, out};
use crate::buffer::drmm_buffer;
use crate::error::drmm_error;
use crate::handle::{Handle, Table};
use crate::report;

/// `drmm_next` has a batch.
pub const DRMM_READY: i32 = 1;
/// `drmm_next` has waited for as long as it was told to.
pub const DRMM_PENDING: i32 = 2;
/// `drmm_next` has given everything.
pub const DRMM_END: i32 = 3;
/// The stream was cancelled.
pub const DRMM_CANCELLED: i32 = 4;

/// Batches that come one after the other. Freed with `drmm_free_stream`.
#[expect(non_camel_case_types, reason = "the name is the one that C sees")]
pub struct drmm_stream {
    stream: Stream<Batches>,
    batches: Batches,
    /// Held while a batch is fetched and its shapes are put in front of it: the reader's table
    /// grows in the order in which batches come.
    turn: Mutex<Turn>,
}

/// How the last batch was delivered.
#[derive(Default)]
struct Turn {
    /// It was too large to be: so the stream has failed.
    oversized: bool,
}

impl Handle for drmm_stream {
    const NAME: &'static str = "stream";

    fn table() -> &'static Table<Self> {
        static STREAMS: Table<drmm_stream> = Table::new();
        &STREAMS
    }
}

/// What `drmm_next` writes.
struct Step {
    state: i32,
    batch: Option<Bytes>,
    report: Option<Vec<u8>>,
}

impl drmm_stream {
    /// Starts a stream; `start` is given its decoder.
    pub(crate) fn start(
        batches: Batches,
        start: impl FnOnce(Batches) -> Result<Stream<Batches>, drmm::Error>,
    ) -> Result<Self, drmm_error> {
        let stream = start(batches.clone())?;
        Ok(Self {
            stream,
            batches,
            turn: Mutex::default(),
        })
    }

    fn next(&self, time: Duration) -> Result<Step, drmm_error> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        if turn.oversized {
            return Err(drmm_error::oversized());
        }
        let (state, batch) = match self.stream.next(time)? {
            Answer::Ready(batch) => match self.batches.deliver(batch) {
                Ok(bytes) => (DRMM_READY, Some(bytes)),
                Err(Oversized) => {
                    turn.oversized = true;
                    // Nobody gets the pages that are still to come.
                    self.stream.cancel();
                    (DRMM_PENDING, None)
                }
            },
            Answer::Pending => (DRMM_PENDING, None),
            Answer::End => (DRMM_END, None),
            Answer::Cancelled => (DRMM_CANCELLED, None),
        };
        let lacks = match state {
            DRMM_END => self.batches.take_lacks(),
            _ => Vec::new(),
        };
        let report = report::encode(self.stream.report(), &self.batches.take_notes(), &lacks);
        if turn.oversized && report.is_none() {
            return Err(drmm_error::oversized());
        }
        Ok(Step {
            state,
            batch,
            report,
        })
    }
}

/// Waits up to `timeout_ms` milliseconds for the next batch of a stream.
///
/// On success it writes
/// - `state`: `DRMM_READY`, `DRMM_PENDING`, `DRMM_END` or `DRMM_CANCELLED`. The last two come
///   again whenever the function is called again;
/// - `batch`: the batch if the state is `DRMM_READY`, else NULL. The caller frees it with
///   `drmm_free_buffer`;
/// - `report`: what has happened since the last call, or NULL if nothing has. The caller frees it
///   with `drmm_free_buffer`.
///
/// An error is what made the stream fail; it comes again whenever the function is called again.
/// What happened before comes first, with `DRMM_PENDING`, so that no report is lost.
///
/// # Safety
/// The pointers other than `stream` are NULL or point to memory for what they are to hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_next(
    stream: *const drmm_stream,
    timeout_ms: u32,
    state: *mut i32,
    batch: *mut *mut drmm_buffer,
    report: *mut *mut drmm_buffer,
    error: *mut *mut drmm_error,
) -> i32 {
    let work = || {
        let stream = drmm_stream::borrow(stream)?;
        // SAFETY: `# Safety` is what the caller promises.
        let state = unsafe { out(state, "state") }?;
        // SAFETY: `# Safety` is what the caller promises.
        let batch = unsafe { out(batch, "batch") }?;
        // SAFETY: `# Safety` is what the caller promises.
        let report = unsafe { out(report, "report") }?;
        let step = stream.next(Duration::from_millis(timeout_ms.into()))?;
        state.write(step.state);
        batch.write(buffer(step.batch));
        report.write(buffer(step.report));
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

fn buffer(bytes: Option<impl Into<Bytes>>) -> *mut drmm_buffer {
    bytes.map_or(std::ptr::null_mut(), |bytes| {
        drmm_buffer::new(bytes).into_raw()
    })
}

/// Cancels a stream, from any thread and any number of times. Whoever waits in `drmm_next` comes
/// back with `DRMM_CANCELLED`, and no request of this stream starts any more.
///
/// # Safety
/// `error` is NULL or points to memory for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_cancel(
    stream: *const drmm_stream,
    error: *mut *mut drmm_error,
) -> i32 {
    let work = || {
        let stream = drmm_stream::borrow(stream)?;
        stream.stream.cancel();
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// Cancels what a stream still does, and frees it. Whoever waits in `drmm_next` comes back with
/// `DRMM_CANCELLED`. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_free_stream(stream: *mut drmm_stream) {
    infallible((), || {
        if let Some(stream) = Handle::take(stream) {
            // Now, and not when the last call that still uses it ends.
            stream.stream.cancel();
        }
    });
}

#[cfg(test)]
mod tests {
    use drmm::{Call, Options, Secret, Session};
    use drmm_sim::{Config, Server};

    use super::*;
    use crate::error::DRMM_ERROR_TOO_LARGE;

    /// The batches before the error that a stream ends with, its reports, and the error's kind.
    fn read(stream: &drmm_stream) -> (usize, usize, i32) {
        let (mut batches, mut reports) = (0, 0);
        loop {
            match stream.next(Duration::from_secs(60)) {
                Ok(step) => {
                    assert!([DRMM_READY, DRMM_PENDING].contains(&step.state));
                    batches += usize::from(step.batch.is_some());
                    reports += usize::from(step.report.is_some());
                }
                Err(error) => return (batches, reports, error.kind()),
            }
        }
    }

    #[test]
    fn a_batch_that_is_too_large_is_the_streams_error_again_and_again() {
        let config = Config {
            devices: 30,
            ..Config::default()
        };
        let server = Server::start(config).expect("the simulator starts");
        let secret = Secret::from(server.secret());
        let options = Options::new(&server.url(), server.key(), secret).expect("options");
        let session = Session::connect(&options).expect("a session");
        let call = Call {
            items: Some("devices".to_owned()),
            page_size: Some(10),
            ..Call::get("v2/account/devices")
        };
        let batches = Batches::default().limited(1_000);
        let started = drmm_stream::start(batches, |it| session.paginate(call, it));
        let stream = started.ok().expect("it starts");
        let (batches, reports, kind) = read(&stream);
        assert_eq!((batches, kind), (0, DRMM_ERROR_TOO_LARGE));
        assert!(reports > 0);
        assert_eq!(read(&stream), (0, 0, DRMM_ERROR_TOO_LARGE));
        stream.stream.cancel();
        assert_eq!(read(&stream), (0, 0, DRMM_ERROR_TOO_LARGE));
    }
}
