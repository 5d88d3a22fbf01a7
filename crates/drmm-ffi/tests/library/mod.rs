//! Where the shared library is that belongs to these tests.

use std::path::PathBuf;

/// The library that cargo has just built for the tests: it lies beside the test's own program. (The
/// one a folder further up is of the last `cargo build`.)
pub(crate) fn path() -> PathBuf {
    let program = std::env::current_exe().expect("the path of this test");
    let folder = program.parent().expect("the folder of this test");
    let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let path = folder.join(format!("{prefix}drmm_native{suffix}"));
    assert!(path.is_file(), "cargo should have built {}", path.display());
    path
}
