//! Sessions: a connection to one account, and what is asked of it.

use drmm::{Call, Decoder as _, ItemSink as _, Keys, Options, Session, Stream};

use crate::batch::Batches;
use crate::boundary::{document, fallible, infallible, out};
use crate::buffer::drmm_buffer;
use crate::error::drmm_error;
use crate::handle::{Handle, Table};
use crate::stream::drmm_stream;

/// A connection to one account. Freed with `drmm_free_session`, which also disconnects it.
#[expect(non_camel_case_types, reason = "the name is the one that C sees")]
pub struct drmm_session(Session);

impl Handle for drmm_session {
    const NAME: &'static str = "session";

    fn table() -> &'static Table<Self> {
        static SESSIONS: Table<drmm_session> = Table::new();
        &SESSIONS
    }
}

/// Opens a session. Nothing is sent: `drmm_login` finds out whether the key is accepted.
///
/// `options` is a JSON document of `options_len` bytes, see above. On success `session` is
/// written; the caller frees it with `drmm_free_session`.
///
/// Errors: `DRMM_ERROR_DOCUMENT`, `DRMM_ERROR_INVALID_ARGUMENT` for a URL or proxy that is not
/// acceptable.
///
/// # Safety
/// `options` is NULL or points to `options_len` bytes that do not change during the call; the
/// other pointers are NULL or point to memory for what they are to hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_connect(
    options: *const u8,
    options_len: usize,
    session: *mut *mut drmm_session,
    error: *mut *mut drmm_error,
) -> i32 {
    let work = || {
        // SAFETY: `# Safety` is what the caller promises.
        let options = unsafe { document(options, options_len, "options") }?;
        // SAFETY: `# Safety` is what the caller promises.
        let session = unsafe { out(session, "session") }?;
        let opened = Session::connect(&Options::from_json(options)?)?;
        session.write(drmm_session(opened).into_raw());
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// Starts a stream that has no batches: it ends once the session has a token, fetched or reused.
///
/// On success `stream` is written; the caller frees it with `drmm_free_stream`. A key that is not
/// accepted is an error of `drmm_next`, not of this function.
///
/// # Safety
/// The pointers other than `session` are NULL or point to memory for what they are to hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_login(
    session: *const drmm_session,
    stream: *mut *mut drmm_stream,
    error: *mut *mut drmm_error,
) -> i32 {
    let work = || {
        let session = drmm_session::borrow(session)?;
        // SAFETY: `# Safety` is what the caller promises.
        let stream = unsafe { out(stream, "stream") }?;
        let started = drmm_stream::start(Batches::default(), |it| session.0.login(it))?;
        stream.write(started.into_raw());
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// Starts a stream of one batch: a new access token, for requests that the caller makes itself.
///
/// `keys` is a JSON document of `keys_len` bytes, see above: whose token it is, the session's own or
/// anybody's. It is fetched at the session's origin and in its way, is not kept, and is no session's
/// token. The batch has one item, its text; freeing the batch, or the stream before it was read,
/// wipes it. On success `stream` is written; the caller frees it with `drmm_free_stream`. Keys that
/// are not accepted are an error of `drmm_next`, not of this function.
///
/// Errors: `DRMM_ERROR_DOCUMENT`, `DRMM_ERROR_INVALID_ARGUMENT`, `DRMM_ERROR_NOT_CONNECTED`.
///
/// # Safety
/// `keys` is NULL or points to `keys_len` bytes that do not change during the call; `stream` and
/// `error` are NULL or point to memory for what they are to hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_token(
    session: *const drmm_session,
    keys: *const u8,
    keys_len: usize,
    stream: *mut *mut drmm_stream,
    error: *mut *mut drmm_error,
) -> i32 {
    let work = || {
        let session = drmm_session::borrow(session)?;
        // SAFETY: `# Safety` is what the caller promises.
        let keys = unsafe { document(keys, keys_len, "keys") }?;
        // SAFETY: `# Safety` is what the caller promises.
        let stream = unsafe { out(stream, "stream") }?;
        let keys = Keys::from_json(keys)?;
        let started = drmm_stream::start(Batches::wiped(), |it| session.0.token(keys, it))?;
        stream.write(started.into_raw());
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// What a session does with a call.
type Ask = fn(&Session, Call, Batches) -> Result<Stream<Batches>, drmm::Error>;

/// Starts the stream of a call.
///
/// # Safety
/// As for [`drmm_request`].
unsafe fn start(
    session: *const drmm_session,
    (call, call_len): (*const u8, usize),
    stream: *mut *mut drmm_stream,
    error: *mut *mut drmm_error,
    ask: Ask,
) -> i32 {
    let work = || {
        let session = drmm_session::borrow(session)?;
        // SAFETY: `# Safety` is what the caller promises.
        let call = unsafe { document(call, call_len, "call") }?;
        // SAFETY: `# Safety` is what the caller promises.
        let stream = unsafe { out(stream, "stream") }?;
        let mut call = Call::from_json(call)?;
        let batches = match call.fields.as_mut().map(std::mem::take) {
            Some(names) => Batches::projected(names).map_err(drmm_error::argument)?,
            None => Batches::default(),
        };
        let started = drmm_stream::start(batches, |it| ask(&session.0, call, it))?;
        stream.write(started.into_raw());
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// Starts one request: a stream with one batch.
///
/// `call` is a JSON document of `call_len` bytes, see above. On success `stream` is written; the
/// caller frees it with `drmm_free_stream`.
///
/// Errors: `DRMM_ERROR_DOCUMENT`, `DRMM_ERROR_INVALID_ARGUMENT`, `DRMM_ERROR_NOT_CONNECTED`. What
/// comes of the request is an answer of `drmm_next`.
///
/// # Safety
/// `call` is NULL or points to `call_len` bytes that do not change during the call; `stream` and
/// `error` are NULL or point to memory for what they are to hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_request(
    session: *const drmm_session,
    call: *const u8,
    call_len: usize,
    stream: *mut *mut drmm_stream,
    error: *mut *mut drmm_error,
) -> i32 {
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { start(session, (call, call_len), stream, error, Session::request) }
}

/// Starts to fetch a list: a stream with a batch for each page, in order.
///
/// Arguments, errors and who frees what: as for `drmm_request`.
///
/// # Safety
/// As for `drmm_request`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_paginate(
    session: *const drmm_session,
    call: *const u8,
    call_len: usize,
    stream: *mut *mut drmm_stream,
    error: *mut *mut drmm_error,
) -> i32 {
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { start(session, (call, call_len), stream, error, Session::paginate) }
}

/// Describes a session: the quota as far as it is known, the token's expiry, counters. Nothing is
/// sent.
///
/// On success `description` is written: a batch with one item. The caller frees it with
/// `drmm_free_buffer`.
///
/// # Safety
/// The pointers other than `session` are NULL or point to memory for what they are to hold.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_describe(
    session: *const drmm_session,
    description: *mut *mut drmm_buffer,
    error: *mut *mut drmm_error,
) -> i32 {
    let work = || {
        let session = drmm_session::borrow(session)?;
        // SAFETY: `# Safety` is what the caller promises.
        let description = unsafe { out(description, "description") }?;
        let batches = Batches::default();
        let mut sink = batches.sink();
        sink.item(&session.0.describe())
            .map_err(|_: serde_json::Error| drmm_error::panic(None))?;
        let bytes = batches
            .deliver(sink.finish())
            .map_err(|_| drmm_error::oversized())?;
        description.write(drmm_buffer::new(bytes).into_raw());
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// Disconnects a session, any number of times. What is asked of it afterwards is
/// `DRMM_ERROR_NOT_CONNECTED`; so is what its streams still want, as soon as they need a token
/// that is gone. The last session of a key and secret wipes token and secret.
///
/// # Safety
/// `error` is NULL or points to memory for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_disconnect(
    session: *const drmm_session,
    error: *mut *mut drmm_error,
) -> i32 {
    let work = || {
        let session = drmm_session::borrow(session)?;
        session.0.disconnect();
        Ok(())
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// Disconnects and frees a session. Its streams may live on, and must be freed as well. NULL is
/// nothing.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_free_session(session: *mut drmm_session) {
    infallible((), || {
        if let Some(session) = Handle::take(session) {
            // Now, and not when the last call that still uses it ends.
            session.0.disconnect();
        }
    });
}
