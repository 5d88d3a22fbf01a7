//! Errors: the kinds as numbers, and the error as an object that the caller owns.

use std::ptr;
use std::str::Utf8Error;
use std::time::Duration;

use crate::boundary::infallible;
use crate::handle::{Handle, Table};

/// No error.
pub const DRMM_OK: i32 = 0;

// 1: the boundary itself. Last added: 4.

/// A required pointer is NULL.
pub const DRMM_ERROR_NULL: i32 = 1;
/// A document is not UTF-8.
pub const DRMM_ERROR_UTF8: i32 = 2;
/// A fault of this library, caught at the boundary.
pub const DRMM_ERROR_PANIC: i32 = 3;
/// A handle was freed already, or is of another type.
pub const DRMM_ERROR_HANDLE: i32 = 4;

// From here on the numbers are those of `drmm::ErrorKind`, which says more about each.

/// A document (options or call) is not what the contract says.
pub const DRMM_ERROR_DOCUMENT: i32 = 10;
/// A value is not acceptable: a URL, a path, a page size. No request was sent.
pub const DRMM_ERROR_INVALID_ARGUMENT: i32 = 11;
/// The session has been disconnected.
pub const DRMM_ERROR_NOT_CONNECTED: i32 = 12;

/// The key was not accepted, or a fresh token was refused (400 and 401).
pub const DRMM_ERROR_AUTHENTICATION: i32 = 20;
/// 403 for this resource.
pub const DRMM_ERROR_FORBIDDEN: i32 = 21;
/// 404.
pub const DRMM_ERROR_NOT_FOUND: i32 = 22;
/// Any other 4xx: the request itself is at fault.
pub const DRMM_ERROR_REJECTED: i32 = 23;
/// 409.
pub const DRMM_ERROR_CONFLICT: i32 = 24;
/// 429, after all attempts.
pub const DRMM_ERROR_RATE_LIMITED: i32 = 25;
/// The server has blocked this address; it says when to try again.
pub const DRMM_ERROR_BLOCKED: i32 = 26;
/// 5xx, after all attempts.
pub const DRMM_ERROR_SERVER: i32 = 27;

/// The server could not be reached, or the connection broke.
pub const DRMM_ERROR_CONNECTION: i32 = 40;
/// The server's certificate was not accepted, or the handshake failed.
pub const DRMM_ERROR_TLS: i32 = 41;
/// A deadline passed.
pub const DRMM_ERROR_TIMEOUT: i32 = 42;

/// The answer is not the JSON that was expected.
pub const DRMM_ERROR_MALFORMED: i32 = 50;
/// The answer exceeds the cap in size or depth: 256 MiB as it comes, 1 GiB as it is handed over, 128
/// levels.
pub const DRMM_ERROR_TOO_LARGE: i32 = 51;
/// `nextPageUrl` leads to another origin; it was not followed.
pub const DRMM_ERROR_FOREIGN_PAGE: i32 = 52;
/// `nextPageUrl` leads to a page that had been read already.
pub const DRMM_ERROR_PAGE_LOOP: i32 = 53;

/// A fault of this library, caught in one of its threads.
pub const DRMM_ERROR_INTERNAL: i32 = 60;
/// The operating system refused a thread or random numbers.
pub const DRMM_ERROR_SYSTEM: i32 = 61;

/// What went wrong, in full. Freed with `drmm_free_error`.
#[expect(non_camel_case_types, reason = "the name is the one that C sees")]
pub struct drmm_error {
    kind: i32,
    status: i32,
    retry_after_ms: i64,
    message: String,
    method: &'static str,
    path: String,
}

impl Handle for drmm_error {
    const NAME: &'static str = "error";

    fn table() -> &'static Table<Self> {
        static ERRORS: Table<drmm_error> = Table::new();
        &ERRORS
    }
}

impl drmm_error {
    fn new(kind: i32, message: String) -> Self {
        Self {
            kind,
            status: 0,
            retry_after_ms: -1,
            message,
            method: "",
            path: String::new(),
        }
    }

    pub(crate) fn null(name: &str) -> Self {
        Self::new(DRMM_ERROR_NULL, format!("the argument '{name}' is NULL"))
    }

    pub(crate) fn handle(name: &str) -> Self {
        let message = format!("the argument '{name}' was freed already, or is no {name}");
        Self::new(DRMM_ERROR_HANDLE, message)
    }

    pub(crate) fn utf8(name: &str, error: Utf8Error) -> Self {
        let message = format!("the argument '{name}' is not UTF-8 ({error})");
        Self::new(DRMM_ERROR_UTF8, message)
    }

    pub(crate) fn length(name: &str, len: usize) -> Self {
        let message = format!("the argument '{name}' cannot be {len} bytes long");
        Self::new(DRMM_ERROR_INVALID_ARGUMENT, message)
    }

    pub(crate) fn argument(message: String) -> Self {
        Self::new(DRMM_ERROR_INVALID_ARGUMENT, message)
    }

    pub(crate) fn panic(place: Option<String>) -> Self {
        let place = place.map_or(String::new(), |place| format!(" ({place})"));
        let message = format!("a fault of this library{place}; please report it");
        Self::new(DRMM_ERROR_PANIC, message)
    }

    pub(crate) fn oversized() -> Self {
        let message = "the answer would take more than 1 GiB of memory; ask for fewer of its fields, or for smaller pages".to_owned();
        Self::new(DRMM_ERROR_TOO_LARGE, message)
    }

    pub(crate) fn kind(&self) -> i32 {
        self.kind
    }
}

impl From<drmm::Error> for drmm_error {
    fn from(error: drmm::Error) -> Self {
        Self {
            kind: error.kind() as i32,
            status: error.status().map_or(0, i32::from),
            retry_after_ms: error.retry_after().map_or(-1, milliseconds),
            message: error.message().to_owned(),
            method: error.method(),
            path: error.path().to_owned(),
        }
    }
}

/// A duration as the contract has it: whole milliseconds, no less than the duration, so that who
/// waits that long has waited long enough.
pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros().div_ceil(1000)).unwrap_or(i64::MAX)
}

/// The kind of the error, a `DRMM_ERROR_*`; 0 for NULL, `DRMM_ERROR_HANDLE` for what is no error.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_error_kind(error: *const drmm_error) -> i32 {
    infallible(DRMM_ERROR_PANIC, || {
        if error.is_null() {
            return DRMM_OK;
        }
        Handle::borrow(error).map_or(DRMM_ERROR_HANDLE, |error| error.kind)
    })
}

/// The HTTP status of the response at fault; 0 if there was none.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_error_status(error: *const drmm_error) -> i32 {
    infallible(0, || Handle::borrow(error).map_or(0, |error| error.status))
}

/// How many milliseconds to wait before trying again; -1 if that is not known.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_error_retry_after_ms(error: *const drmm_error) -> i64 {
    infallible(-1, || {
        Handle::borrow(error).map_or(-1, |error| error.retry_after_ms)
    })
}

/// What went wrong, in lower case and without a full stop. The text belongs to the error.
///
/// # Safety
/// `len` is NULL (then NULL is returned) or points to memory for a length. The text is not read
/// after the error is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_error_message(
    error: *const drmm_error,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { lend(error, len, |error| error.message.as_bytes()) }
}

/// The method of the request at fault; empty if no request was. The text belongs to the error.
///
/// # Safety
/// As for `drmm_error_message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_error_method(error: *const drmm_error, len: *mut usize) -> *const u8 {
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { lend(error, len, |error| error.method.as_bytes()) }
}

/// The path and query of the request at fault; empty if no request was. The text belongs to the
/// error.
///
/// # Safety
/// As for `drmm_error_message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_error_path(error: *const drmm_error, len: *mut usize) -> *const u8 {
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { lend(error, len, |error| error.path.as_bytes()) }
}

/// Frees an error. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_free_error(error: *mut drmm_error) {
    infallible((), || drop(Handle::take(error)));
}

/// Lends bytes of a handle to the caller: writes their length and returns their start, or 0 and
/// NULL if there is no such handle.
///
/// # Safety
/// `len` is NULL or points to memory for a length.
pub(crate) unsafe fn lend<T: Handle>(
    handle: *const T,
    len: *mut usize,
    bytes: impl FnOnce(&T) -> &[u8],
) -> *const u8 {
    if len.is_null() {
        return ptr::null();
    }
    // The bytes are the handle's, so they stay when this reference to it ends.
    let lent = infallible((ptr::null(), 0), || match T::borrow(handle) {
        Ok(value) => {
            let bytes = bytes(&value);
            (bytes.as_ptr(), bytes.len())
        }
        Err(_) => (ptr::null(), 0),
    });
    // SAFETY: it is not NULL, so the caller promises memory for a length.
    unsafe { len.write(lent.1) };
    lent.0
}

/// That the numbers are the client's, checked when this is compiled.
const _: () = {
    use drmm::ErrorKind;
    assert!(DRMM_ERROR_DOCUMENT == ErrorKind::Document as i32);
    assert!(DRMM_ERROR_INVALID_ARGUMENT == ErrorKind::InvalidArgument as i32);
    assert!(DRMM_ERROR_NOT_CONNECTED == ErrorKind::NotConnected as i32);
    assert!(DRMM_ERROR_AUTHENTICATION == ErrorKind::Authentication as i32);
    assert!(DRMM_ERROR_FORBIDDEN == ErrorKind::Forbidden as i32);
    assert!(DRMM_ERROR_NOT_FOUND == ErrorKind::NotFound as i32);
    assert!(DRMM_ERROR_REJECTED == ErrorKind::Rejected as i32);
    assert!(DRMM_ERROR_CONFLICT == ErrorKind::Conflict as i32);
    assert!(DRMM_ERROR_RATE_LIMITED == ErrorKind::RateLimited as i32);
    assert!(DRMM_ERROR_BLOCKED == ErrorKind::Blocked as i32);
    assert!(DRMM_ERROR_SERVER == ErrorKind::Server as i32);
    assert!(DRMM_ERROR_CONNECTION == ErrorKind::Connection as i32);
    assert!(DRMM_ERROR_TLS == ErrorKind::Tls as i32);
    assert!(DRMM_ERROR_TIMEOUT == ErrorKind::Timeout as i32);
    assert!(DRMM_ERROR_MALFORMED == ErrorKind::Malformed as i32);
    assert!(DRMM_ERROR_TOO_LARGE == ErrorKind::TooLarge as i32);
    assert!(DRMM_ERROR_FOREIGN_PAGE == ErrorKind::ForeignPage as i32);
    assert!(DRMM_ERROR_PAGE_LOOP == ErrorKind::PageLoop as i32);
    assert!(DRMM_ERROR_INTERNAL == ErrorKind::Internal as i32);
    assert!(DRMM_ERROR_SYSTEM == ErrorKind::System as i32);
};
