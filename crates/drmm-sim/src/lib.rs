//! A simulator of the Datto RMM API.
