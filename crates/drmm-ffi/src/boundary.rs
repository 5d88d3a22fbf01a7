//! Where Rust ends: every export runs in here.
//!
//! A panic that left an `extern "C"` function would abort the host, someone's shell; and even one
//! that is caught would print a message into it. So the boundary catches panics, and a panic hook
//! keeps still about ours: those in the boundary, and those in the client's threads.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::mem::MaybeUninit;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;
use std::thread;

use crate::error::drmm_error;
use crate::handle::Handle as _;

/// What the client calls its threads begins like this.
const THREADS: &str = "drmm-";

thread_local! {
    /// How many boundaries this thread is in.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// Where the last panic inside a boundary happened.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs an export that can fail. Returns `DRMM_OK` or the kind of the error, and gives the error
/// to the caller if that is wanted.
///
/// # Safety
/// `error` is NULL or points to memory for a pointer.
pub(crate) unsafe fn fallible(
    error: *mut *mut drmm_error,
    work: impl FnOnce() -> Result<(), drmm_error>,
) -> i32 {
    let fault = match guarded(work) {
        Ok(Ok(())) => return crate::DRMM_OK,
        Ok(Err(fault)) => fault,
        Err(place) => drmm_error::panic(place),
    };
    let kind = fault.kind();
    if !error.is_null() {
        // SAFETY: it is not NULL, so the caller promises memory for a pointer.
        unsafe { error.write(fault.into_raw()) };
    }
    kind
}

/// Runs an export that has no error to give; if it panics, it returns `otherwise`.
pub(crate) fn infallible<T>(otherwise: T, work: impl FnOnce() -> T) -> T {
    guarded(work).unwrap_or(otherwise)
}

/// Runs `work`. If it panics, the error is where that happened.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Option<String>> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !is_ours(panic) {
                previous(panic);
            }
        }));
    });

    DEPTH.set(DEPTH.get() + 1);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    result.map_err(|payload| {
        discard(payload);
        PLACE.take()
    })
}

/// Whether a panic is of this library. Then its place is kept, but not its message: that may
/// quote what it was about.
fn is_ours(panic: &PanicHookInfo<'_>) -> bool {
    if DEPTH.get() > 0 {
        PLACE.set(panic.location().map(|at| place(at.file(), at.line())));
        return true;
    }
    thread::current()
        .name()
        .is_some_and(|name| name.starts_with(THREADS))
}

/// A place in the source, without the folders of the machine that built it.
fn place(file: &str, line: u32) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    format!(
        "{}:{line}",
        parts[parts.len().saturating_sub(3)..].join("/")
    )
}

/// Drops what was thrown. Only text is sure to do nothing when it is dropped; anything else stays,
/// lest it panic again.
fn discard(payload: Box<dyn Any + Send>) {
    if !payload.is::<&str>() && !payload.is::<String>() {
        std::mem::forget(payload);
    }
}

/// The place of an out-pointer, to be written when all has gone well.
///
/// # Safety
/// `pointer` is NULL or points to memory for a `T`, which nobody else uses during the call.
pub(crate) unsafe fn out<'a, T>(
    pointer: *mut T,
    name: &str,
) -> Result<&'a mut MaybeUninit<T>, drmm_error> {
    // SAFETY: the caller promises it; a `MaybeUninit` may be anything.
    unsafe { pointer.cast::<MaybeUninit<T>>().as_mut() }.ok_or_else(|| drmm_error::null(name))
}

/// A document of the caller.
///
/// # Safety
/// `pointer` is NULL or points to `len` bytes, which do not change during the call.
pub(crate) unsafe fn document<'a>(
    pointer: *const u8,
    len: usize,
    name: &str,
) -> Result<&'a [u8], drmm_error> {
    if len == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(drmm_error::null(name));
    }
    if isize::try_from(len).is_err() {
        return Err(drmm_error::length(name, len));
    }
    // SAFETY: it is not NULL, and the caller promises `len` bytes, which fit into memory.
    let bytes = unsafe { std::slice::from_raw_parts(pointer, len) };
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(drmm_error::utf8(name, error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_place() {
        let result = guarded(|| panic!("a secret"));
        let expected = format!("drmm-ffi/src/boundary.rs:{}", line!() - 1);
        assert_eq!(result, Err::<(), _>(Some(expected)));
    }

    #[test]
    fn a_boundary_within_a_boundary() {
        let result = guarded(|| {
            assert!(guarded(|| panic!("inside")).is_err());
            DEPTH.get()
        });
        assert_eq!(result, Ok(1));
        assert_eq!(DEPTH.get(), 0);
    }

    #[test]
    fn what_was_thrown_may_be_dangerous_to_drop() {
        struct Bomb;
        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("dropped");
            }
        }
        assert!(guarded(|| panic::panic_any(Bomb)).is_err());
        assert_eq!(infallible(7, || panic::panic_any("text")), 7);
    }

    #[test]
    fn places_say_nothing_about_the_machine() {
        assert_eq!(
            place("/srv/build/crates/drmm/src/pages.rs", 3),
            "drmm/src/pages.rs:3"
        );
        assert_eq!(place(r"D:\a\drmm\src\pages.rs", 3), "drmm/src/pages.rs:3");
        assert_eq!(place("pages.rs", 3), "pages.rs:3");
    }
}
