//! A caller in Rust: the exports with owned handles.

use std::ptr::null_mut;

use drmm_native::*;

/// What a function returned, and the error it gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: i32,
    pub(crate) message: String,
}

/// Makes a call that may fail: `call` gets the place for the error.
pub(crate) fn call(call: impl FnOnce(*mut *mut drmm_error) -> i32) -> Result<(), Fault> {
    let mut error: *mut drmm_error = null_mut();
    let kind = call(&mut error);
    if kind == DRMM_OK {
        assert!(error.is_null(), "an error is written on failure only");
        return Ok(());
    }
    assert_eq!(drmm_error_kind(error), kind);
    let mut len = 0;
    // SAFETY: the length has its place.
    let text = unsafe { drmm_error_message(error, &mut len) };
    // SAFETY: the error lends this many bytes, and is not freed yet.
    let bytes = unsafe { std::slice::from_raw_parts(text, len) };
    let message = String::from_utf8(bytes.to_vec()).expect("a message is UTF-8");
    drmm_free_error(error);
    Err(Fault { kind, message })
}

/// A session that is freed when it is dropped.
pub(crate) struct Session(pub(crate) *mut drmm_session);

// SAFETY: the contract allows every function on any thread.
unsafe impl Send for Session {}
// SAFETY: the contract allows two calls on one session at once.
unsafe impl Sync for Session {}

impl Session {
    pub(crate) fn connect(options: &[u8]) -> Result<Self, Fault> {
        let mut session = null_mut();
        call(|error| {
            // SAFETY: the document is as long as it says, and the places are there.
            unsafe { drmm_connect(options.as_ptr(), options.len(), &mut session, error) }
        })?;
        Ok(Self(session))
    }

    pub(crate) fn to(server: &drmm_sim::Server) -> Self {
        let options = serde_json::json!({
            "url": server.url(), "key": server.key(), "secret": server.secret(), "proxy": "",
        });
        Self::connect(options.to_string().as_bytes()).expect("the simulator's own options")
    }

    pub(crate) fn request(&self, document: &[u8]) -> Result<Stream, Fault> {
        let mut stream = null_mut();
        call(|error| {
            // SAFETY: the document is as long as it says, and the places are there.
            unsafe {
                drmm_request(
                    self.0,
                    document.as_ptr(),
                    document.len(),
                    &mut stream,
                    error,
                )
            }
        })?;
        Ok(Stream(stream))
    }

    pub(crate) fn paginate(&self, document: &[u8]) -> Result<Stream, Fault> {
        let mut stream = null_mut();
        call(|error| {
            // SAFETY: the document is as long as it says, and the places are there.
            unsafe {
                drmm_paginate(
                    self.0,
                    document.as_ptr(),
                    document.len(),
                    &mut stream,
                    error,
                )
            }
        })?;
        Ok(Stream(stream))
    }

    pub(crate) fn token(&self, keys: &[u8]) -> Result<Stream, Fault> {
        let mut stream = null_mut();
        call(|error| {
            // SAFETY: the document is as long as it says, and the places are there.
            unsafe { drmm_token(self.0, keys.as_ptr(), keys.len(), &mut stream, error) }
        })?;
        Ok(Stream(stream))
    }

    pub(crate) fn describe(&self) -> Result<Vec<u8>, Fault> {
        let mut description = null_mut();
        // SAFETY: the session is not freed, and the places are there.
        call(|error| unsafe { drmm_describe(self.0, &mut description, error) })?;
        Ok(take(description))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        drmm_free_session(self.0);
    }
}

/// A stream that is freed when it is dropped.
pub(crate) struct Stream(pub(crate) *mut drmm_stream);

// SAFETY: the contract allows every function on any thread.
unsafe impl Send for Stream {}
// SAFETY: the contract allows `drmm_next` and `drmm_cancel` on one stream at once.
unsafe impl Sync for Stream {}

/// What `drmm_next` answered.
#[derive(Debug, Default)]
pub(crate) struct Step {
    pub(crate) state: i32,
    pub(crate) batch: Vec<u8>,
    pub(crate) report: Vec<u8>,
}

impl Stream {
    pub(crate) fn next(&self, timeout_ms: u32) -> Result<Step, Fault> {
        let (mut state, mut batch, mut report) = (0, null_mut(), null_mut());
        call(|error| {
            // SAFETY: the stream is not freed, and the places are there.
            unsafe {
                drmm_next(
                    self.0,
                    timeout_ms,
                    &mut state,
                    &mut batch,
                    &mut report,
                    error,
                )
            }
        })?;
        assert_eq!(state == DRMM_READY, !batch.is_null());
        Ok(Step {
            state,
            batch: take(batch),
            report: take(report),
        })
    }

    /// Asks until the stream is not pending any more.
    pub(crate) fn wait(&self) -> Result<Step, Fault> {
        loop {
            let step = self.next(60_000)?;
            if step.state != DRMM_PENDING {
                return Ok(step);
            }
        }
    }

    pub(crate) fn cancel(&self) {
        // SAFETY: the stream is not freed.
        call(|error| unsafe { drmm_cancel(self.0, error) }).expect("nothing can go wrong");
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        drmm_free_stream(self.0);
    }
}

/// The bytes of a buffer, which is freed; none for NULL.
fn take(buffer: *mut drmm_buffer) -> Vec<u8> {
    let mut len = 0;
    // SAFETY: the buffer is not freed yet, or NULL; the length has its place.
    let start = unsafe { drmm_buffer_read(buffer, &mut len) };
    if start.is_null() {
        return Vec::new();
    }
    // SAFETY: the buffer lends this many bytes, and is not freed yet.
    let bytes = unsafe { std::slice::from_raw_parts(start, len) }.to_vec();
    drmm_free_buffer(buffer);
    bytes
}
