//! What tests need and no release has.

use crate::boundary::fallible;
use crate::error::drmm_error;

/// Panics, to show what becomes of it. It is in neither the header nor a release.
///
/// # Safety
/// `error` is NULL or points to memory for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_debug_panic(error: *mut *mut drmm_error) -> i32 {
    #[expect(clippy::panic, reason = "it is what this function is for")]
    let work = || panic!("on purpose");
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}
