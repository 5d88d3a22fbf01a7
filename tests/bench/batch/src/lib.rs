//! What the library does between receiving a page and handing it over, as functions of its own:
//! `tests/bench` measures with them what it costs to make objects of text that is there already.
//! Built as the library itself is, and never shipped.
//!
//! `cargo build --release -p drmm-batch`

use std::ptr;

use drmm::{Decoder as _, ItemSink as _};
use drmm_native::{Batches, Bytes};

/// Makes the decoder of a stream: of whole items, or of the fields that stand in `text`, one a line.
/// NULL if they cannot be chosen. Freed with [`bench_close`].
///
/// # Safety
/// `text` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bench_open(text: *const u8, len: usize) -> *mut Batches {
    // SAFETY: `# Safety` is what the caller promises.
    let text = unsafe { std::slice::from_raw_parts(text, len) };
    let fields: Vec<_> = String::from_utf8_lossy(text)
        .lines()
        .map(str::to_owned)
        .collect();
    if fields.is_empty() {
        return Box::into_raw(Box::default());
    }
    Batches::projected(fields).map_or(ptr::null_mut(), |batches| Box::into_raw(Box::new(batches)))
}

/// Makes a batch of the text of a page of devices. NULL if it is none; freed with [`bench_free`]. `start` and `start_len` receive the batch.
///
/// # Safety
/// `stream` is of [`bench_open`]; `text` points to `len` bytes; `start` and `start_len` point to
/// memory for a pointer and a length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bench_batch(
    stream: *const Batches,
    text: *const u8,
    len: usize,
    start: *mut *const u8,
    start_len: *mut usize,
) -> *mut Bytes {
    // SAFETY: `# Safety` is what the caller promises.
    let stream = unsafe { &*stream };
    // SAFETY: as above.
    let text = unsafe { std::slice::from_raw_parts(text, len) };
    let mut sink = stream.sink();
    if !matches!(drmm::read_items(text, "devices", &mut sink), Ok(1..)) {
        return ptr::null_mut();
    }
    let Ok(bytes) = stream.deliver(sink.finish()) else {
        return ptr::null_mut();
    };
    // SAFETY: as above.
    unsafe { start.write(bytes.as_slice().as_ptr()) };
    // SAFETY: as above.
    unsafe { start_len.write(bytes.as_slice().len()) };
    Box::into_raw(Box::new(bytes))
}

/// Frees a batch.
///
/// # Safety
/// `batch` is of [`bench_batch`] and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bench_free(batch: *mut Bytes) {
    // SAFETY: `# Safety` is what the caller promises.
    drop(unsafe { Box::from_raw(batch) });
}

/// Frees the decoder of a stream.
///
/// # Safety
/// `stream` is of [`bench_open`] and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bench_close(stream: *mut Batches) {
    // SAFETY: `# Safety` is what the caller promises.
    drop(unsafe { Box::from_raw(stream) });
}
