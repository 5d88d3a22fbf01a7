//! An allocator that counts what is in use, so that a test sees what was never given back.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicIsize, Ordering};

#[global_allocator]
static COUNTING: Counting = Counting;

static BLOCKS: AtomicIsize = AtomicIsize::new(0);

thread_local! {
    /// What this thread has taken and not given back.
    static BYTES: Cell<isize> = const { Cell::new(0) };
}

/// The blocks in use by all threads.
#[allow(dead_code, reason = "each test uses one of the two")]
pub(crate) fn blocks() -> isize {
    BLOCKS.load(Ordering::SeqCst)
}

/// The bytes that this thread has taken and not given back.
#[allow(dead_code, reason = "each test uses one of the two")]
pub(crate) fn bytes_of_this_thread() -> isize {
    BYTES.get()
}

struct Counting;

fn count(blocks: isize, bytes: usize) {
    BLOCKS.fetch_add(blocks, Ordering::SeqCst);
    let bytes = isize::try_from(bytes).unwrap_or(isize::MAX);
    // A thread that ends may still free when its own variables are gone.
    let _ = BYTES.try_with(|all| all.set(all.get() + blocks * bytes));
}

// SAFETY: the system's allocator does the work; `realloc` is made of the other two.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size());
        // SAFETY: the caller promises what the system's allocator wants.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-1, layout.size());
        // SAFETY: the caller promises what the system's allocator wants.
        unsafe { System.dealloc(pointer, layout) }
    }
}
