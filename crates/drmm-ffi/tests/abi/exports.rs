//! Every export as a function of its arguments, so that what is tried on one is tried on all.

use std::ptr::{NonNull, null, null_mut};

use drmm_native::*;

/// A document that each function which takes one accepts; the last character has two bytes.
const OPTIONS: &str = r#"{"url":"http://127.0.0.1:9","key":"key","secret":"é"}"#;
const REQUEST: &str = r#"{"path":"v2/device/{}","args":["é"]}"#;
const KEYS: &str = r#"{"key":"key","secret":"é"}"#;
const PAGES: &str = r#"{"path":"v2/devices","items":"é"}"#;

/// An export: its name and how it is called.
pub(crate) struct Export {
    pub(crate) name: &'static str,
    pub(crate) document: &'static str,
    pub(crate) arity: usize,
    call: Box<dyn Fn(&mut Arguments) -> Returned>,
}

/// What an export returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    Number(i64),
    Pointer(*const u8),
    Nothing,
}

/// What the arguments of one call are taken from: live handles, a good document, places. A test
/// spoils what it wants to, and gives the rest back by dropping it.
pub(crate) struct Arguments {
    pub(crate) session: *mut drmm_session,
    pub(crate) stream: *mut drmm_stream,
    pub(crate) buffer: *mut drmm_buffer,
    pub(crate) error: *mut drmm_error,
    pub(crate) start: *const u8,
    pub(crate) len: usize,
    /// The places of this one argument, or of all, are NULL.
    pub(crate) null: Null,
    pub(crate) places: Places,
    /// What is to be freed, whatever a test does to the handles above.
    given: Given,
}

type Given = (
    *mut drmm_session,
    *mut drmm_stream,
    *mut drmm_buffer,
    *mut drmm_error,
);

/// Which arguments are NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    None,
    At(usize),
    All,
}

/// The memory that out-pointers point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    session: *mut drmm_session,
    stream: *mut drmm_stream,
    buffers: [*mut drmm_buffer; 2],
    pub(crate) error: *mut drmm_error,
    state: i32,
    pub(crate) len: usize,
}

impl Places {
    /// Nobody has written to them.
    pub(crate) fn untouched() -> Self {
        Self {
            session: untouched(),
            stream: untouched(),
            buffers: [untouched(); 2],
            error: null_mut(),
            state: 77,
            len: 77,
        }
    }
}

/// An address that no function may write to or free: it is not changed, so nobody did.
fn untouched<T>() -> *mut T {
    NonNull::dangling().as_ptr()
}

impl Arguments {
    /// Arguments that are all right.
    pub(crate) fn new(document: &'static str) -> Self {
        let (mut session, mut stream) = (null_mut(), null_mut());
        let (mut buffer, mut error) = (null_mut(), null_mut());
        let (options, call) = (OPTIONS.as_bytes(), REQUEST.as_bytes());
        // SAFETY: the document is as long as it says, and the place is there.
        let opened =
            unsafe { drmm_connect(options.as_ptr(), options.len(), &mut session, null_mut()) };
        // SAFETY: as above.
        let started =
            unsafe { drmm_request(session, call.as_ptr(), call.len(), &mut stream, null_mut()) };
        // Nothing is waited for, and nobody is asked.
        // SAFETY: as above.
        let cancelled = unsafe { drmm_cancel(stream, null_mut()) };
        // SAFETY: as above.
        let described = unsafe { drmm_describe(session, &mut buffer, null_mut()) };
        // SAFETY: as above.
        let refused = unsafe { drmm_connect(null(), 0, untouched(), &mut error) };
        assert_eq!(
            [opened, started, cancelled, described, refused],
            [DRMM_OK, DRMM_OK, DRMM_OK, DRMM_OK, DRMM_ERROR_DOCUMENT]
        );
        Self {
            session,
            stream,
            buffer,
            error,
            start: document.as_ptr(),
            len: document.len(),
            null: Null::None,
            places: Places::untouched(),
            given: (session, stream, buffer, error),
        }
    }

    fn is_null(&self, at: usize) -> bool {
        self.null == Null::All || self.null == Null::At(at)
    }
}

impl Drop for Arguments {
    /// Frees all of it; what a test or an export has freed is no handle any more.
    fn drop(&mut self) {
        let (session, stream, buffer, error) = self.given;
        for session in [self.places.session, session] {
            drmm_free_session(session);
        }
        for stream in [self.places.stream, stream] {
            drmm_free_stream(stream);
        }
        let [batch, report] = self.places.buffers;
        for buffer in [batch, report, buffer] {
            drmm_free_buffer(buffer);
        }
        for error in [self.places.error, error] {
            drmm_free_error(error);
        }
    }
}

impl Export {
    /// Calls it.
    ///
    /// # Safety
    /// The document is as long as it says, or of a length that must be refused unread.
    pub(crate) unsafe fn call(&self, arguments: &mut Arguments) -> Returned {
        (self.call)(arguments)
    }
}

/// A type of argument: what to pass at a position.
trait Argument {
    fn of(arguments: &mut Arguments, at: usize) -> Self;
}

macro_rules! handles {
    ($($handle:ident: $field:ident),*) => {$(
        impl Argument for *const $handle {
            fn of(arguments: &mut Arguments, at: usize) -> Self {
                if arguments.is_null(at) { null() } else { arguments.$field }
            }
        }

        impl Argument for *mut $handle {
            fn of(arguments: &mut Arguments, at: usize) -> Self {
                if arguments.is_null(at) { null_mut() } else { arguments.$field }
            }
        }
    )*};
}

handles!(drmm_session: session, drmm_stream: stream, drmm_buffer: buffer, drmm_error: error);

macro_rules! places {
    ($($place:ty: $($field:tt).+),* $(,)?) => {$(
        impl Argument for *mut $place {
            fn of(arguments: &mut Arguments, at: usize) -> Self {
                if arguments.is_null(at) { null_mut() } else { &raw mut arguments.places.$($field).+ }
            }
        }
    )*};
}

places!(
    *mut drmm_session: session,
    *mut drmm_stream: stream,
    *mut drmm_error: error,
    i32: state,
    usize: len,
);

impl Argument for *mut *mut drmm_buffer {
    fn of(arguments: &mut Arguments, at: usize) -> Self {
        if arguments.is_null(at) {
            return null_mut();
        }
        &raw mut arguments.places.buffers[at % 2]
    }
}

impl Argument for *const u8 {
    fn of(arguments: &mut Arguments, at: usize) -> Self {
        if arguments.is_null(at) {
            null()
        } else {
            arguments.start
        }
    }
}

impl Argument for usize {
    fn of(arguments: &mut Arguments, _at: usize) -> Self {
        arguments.len
    }
}

impl Argument for u32 {
    fn of(_arguments: &mut Arguments, _at: usize) -> Self {
        0
    }
}

impl From<()> for Returned {
    fn from((): ()) -> Self {
        Self::Nothing
    }
}

impl From<i32> for Returned {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u32> for Returned {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<i64> for Returned {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<*const u8> for Returned {
    fn from(pointer: *const u8) -> Self {
        Self::Pointer(pointer)
    }
}

/// An export with so many arguments; their types are the compiler's business.
macro_rules! export {
    ($name:ident($($hole:tt)*) $($document:ident)?) => {{
        let function = $name as unsafe extern "C" fn($(argument!($hole)),*) -> _;
        Export {
            name: stringify!($name),
            document: [$($document,)? ""][0],
            arity: <[&str]>::len(&[$(stringify!($hole)),*]),
            call: Box::new(move |_arguments| {
                let mut _at = 0..;
                // SAFETY: the places are there, and the document is what `Export::call` is promised.
                let returned = unsafe {
                    function($(next!($hole, _arguments, _at)),*)
                };
                Returned::from(returned)
            }),
        }
    }};
}

/// The type of an argument: whatever the function takes there.
macro_rules! argument {
    ($hole:tt) => {
        _
    };
}

macro_rules! next {
    ($hole:tt, $arguments:ident, $at:ident) => {
        Argument::of($arguments, $at.next().unwrap_or_default())
    };
}

/// All exports. A test compares them with the list and the header.
pub(crate) fn all() -> Vec<Export> {
    vec![
        export!(drmm_abi_version()),
        export!(drmm_buffer_read(_ _)),
        export!(drmm_cancel(_ _)),
        export!(drmm_connect(_ _ _ _) OPTIONS),
        export!(drmm_describe(_ _ _)),
        export!(drmm_disconnect(_ _)),
        export!(drmm_error_kind(_)),
        export!(drmm_error_message(_ _)),
        export!(drmm_error_method(_ _)),
        export!(drmm_error_path(_ _)),
        export!(drmm_error_retry_after_ms(_)),
        export!(drmm_error_status(_)),
        export!(drmm_free_buffer(_)),
        export!(drmm_free_error(_)),
        export!(drmm_free_session(_)),
        export!(drmm_free_stream(_)),
        export!(drmm_login(_ _ _)),
        export!(drmm_next(_ _ _ _ _ _)),
        export!(drmm_paginate(_ _ _ _ _) PAGES),
        export!(drmm_request(_ _ _ _ _) REQUEST),
        export!(drmm_token(_ _ _ _ _) KEYS),
    ]
}
