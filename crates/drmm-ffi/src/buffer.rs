//! Buffers: batches, reports and descriptions, as bytes that the caller owns.

use crate::batch::Bytes;
use crate::boundary::infallible;
use crate::error::lend;
use crate::handle::{Handle, Table};

/// Bytes of the library. Freed with `drmm_free_buffer`.
#[expect(non_camel_case_types, reason = "the name is the one that C sees")]
pub struct drmm_buffer(Bytes);

impl Handle for drmm_buffer {
    const NAME: &'static str = "buffer";

    fn table() -> &'static Table<Self> {
        static BUFFERS: Table<drmm_buffer> = Table::new();
        &BUFFERS
    }
}

impl drmm_buffer {
    pub(crate) fn new(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }
}

/// The bytes of a buffer. They belong to it and live as long as it does. A buffer that is NULL
/// gives NULL and length 0.
///
/// # Safety
/// `len` is NULL (then NULL is returned) or points to memory for a length. The bytes are not read
/// after the buffer is freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn drmm_buffer_read(
    buffer: *const drmm_buffer,
    len: *mut usize,
) -> *const u8 {
    // SAFETY: `# Safety` is what the caller promises.
    unsafe { lend(buffer, len, |buffer| buffer.0.as_slice()) }
}

/// Frees a buffer. NULL is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_free_buffer(buffer: *mut drmm_buffer) {
    infallible((), || drop(Handle::take(buffer)));
}
