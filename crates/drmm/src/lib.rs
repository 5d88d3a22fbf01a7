//! A client for the Datto RMM API.
