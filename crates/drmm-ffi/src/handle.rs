//! Handles: what C knows by pointer only. All of them are boxes that the caller owns, and the type
//! of the pointer says which function frees them.

use crate::error::drmm_error;

/// A type whose boxes are handed to the caller.
pub(crate) trait Handle: Sized {
    /// What the argument is called in the functions that take it.
    const NAME: &'static str;

    /// Hands the value to the caller, who frees it.
    fn into_raw(self) -> *mut Self {
        Box::into_raw(Box::new(self))
    }

    /// The value behind a pointer.
    ///
    /// # Safety
    /// `pointer` is NULL, or came from [`Handle::into_raw`] and is not freed before `'a` ends.
    unsafe fn borrow<'a>(pointer: *const Self) -> Result<&'a Self, drmm_error> {
        // SAFETY: the caller promises that it is NULL or a live value, which is never changed but
        // through its own locks.
        unsafe { pointer.as_ref() }.ok_or_else(|| drmm_error::null(Self::NAME))
    }

    /// Frees the value behind a pointer; NULL is nothing.
    ///
    /// # Safety
    /// `pointer` is NULL, or came from [`Handle::into_raw`], and is used neither now nor later.
    unsafe fn free(pointer: *mut Self) {
        if !pointer.is_null() {
            // SAFETY: it came from `into_raw`, and the caller gives it back.
            drop(unsafe { Box::from_raw(pointer) });
        }
    }
}
