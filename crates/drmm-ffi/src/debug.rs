//! What tests need and no release has.

use std::thread;

use crate::boundary::{fallible, infallible};
use crate::buffer::drmm_buffer;
use crate::error::drmm_error;
use crate::handle::Handle as _;
use crate::session::drmm_session;
use crate::stream::drmm_stream;

/// Panics in a thread like the client's and then here, to show what becomes of it. It is in neither
/// the header nor a release.
///
/// # Safety
/// `error` is NULL or points to memory for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_debug_panic(error: *mut *mut drmm_error) -> i32 {
    #[expect(clippy::panic, reason = "it is what this function is for")]
    let work = || {
        let thread = thread::Builder::new().name("drmm-debug".to_owned());
        match thread
            .spawn(|| panic!("on purpose"))
            .map(thread::JoinHandle::join)
        {
            Ok(Err(_)) => panic!("on purpose"),
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    };
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { fallible(error, work) }
}

/// How many handles of any type the caller has not freed yet. It is in neither the header nor a
/// release.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_debug_handles() -> usize {
    infallible(usize::MAX, || {
        drmm_session::count() + drmm_stream::count() + drmm_buffer::count() + drmm_error::count()
    })
}
