//! Handles: what C knows by pointer only.
//!
//! The pointer is no address but a number that is given once, and the values are in a table. So a
//! handle that was freed, or is of another type, is found out instead of leading into foreign
//! memory; and a value that is freed beside a call lives until the call is over.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use crate::error::drmm_error;

/// The values of one type that the caller has not freed yet, by their number.
pub(crate) struct Table<T>(LazyLock<Mutex<HashMap<usize, Arc<T>>>>);

/// The next number. All types draw from it, so that no number is valid for two of them. All are odd,
/// so that no address of anything but bytes is one by chance.
static NEXT: AtomicUsize = AtomicUsize::new(1);

impl<T> Table<T> {
    pub(crate) const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<usize, Arc<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, value: T) -> usize {
        let value = Arc::new(value);
        let mut values = self.lock();
        loop {
            let number = NEXT.fetch_add(2, Ordering::Relaxed);
            // Where a pointer has 32 bits the numbers may come round. -1 means that there is no
            // handle, to .NET.
            if number != usize::MAX
                && let Entry::Vacant(free) = values.entry(number)
            {
                free.insert(value);
                return number;
            }
        }
    }
}

/// A type whose values are handed to the caller.
pub(crate) trait Handle: Sized + Send + Sync + 'static {
    /// What the argument is called in the functions that take it.
    const NAME: &'static str;

    /// The values of this type.
    fn table() -> &'static Table<Self>;

    /// Hands the value to the caller, who frees it.
    fn into_raw(self) -> *mut Self {
        ptr::without_provenance_mut(Self::table().insert(self))
    }

    /// The value of a handle; it lives at least as long as what is returned.
    fn borrow(pointer: *const Self) -> Result<Arc<Self>, drmm_error> {
        if pointer.is_null() {
            return Err(drmm_error::null(Self::NAME));
        }
        let value = Self::table().lock().get(&pointer.addr()).cloned();
        value.ok_or_else(|| drmm_error::handle(Self::NAME))
    }

    /// Takes a value back from the caller; `None` for NULL and for what is no handle any more.
    fn take(pointer: *mut Self) -> Option<Arc<Self>> {
        Self::table().lock().remove(&pointer.addr())
    }

    /// How many handles of this type there are.
    #[cfg(debug_assertions)]
    fn count() -> usize {
        Self::table().lock().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Thing(usize);

    impl Handle for Thing {
        const NAME: &'static str = "thing";

        fn table() -> &'static Table<Self> {
            static THINGS: Table<Thing> = Table::new();
            &THINGS
        }
    }

    #[test]
    fn a_handle_is_an_odd_number_that_comes_once() {
        let mut handles: Vec<*mut Thing> = (0..1000).map(|it| Thing(it).into_raw()).collect();
        for (at, &handle) in (0..).zip(&handles) {
            assert_eq!(handle.addr() % 2, 1);
            assert!(matches!(Thing::borrow(handle), Ok(thing) if thing.0 == at));
        }
        for &handle in &handles {
            assert!(Thing::take(handle).is_some());
            assert!(Thing::take(handle).is_none() && Thing::borrow(handle).is_err());
        }
        handles.sort();
        handles.dedup();
        assert_eq!(handles.len(), 1000);
    }
}
