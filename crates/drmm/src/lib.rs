//! A client for the Datto RMM API: tokens, quota, pages, retries, HTTP.
//!
//! [`Session::connect`] with [`Options`], then [`Session::request`] and [`Session::paginate`] with
//! a [`Call`]: each gives a [`Stream`] of batches, made by a [`Decoder`] of the caller's choice.
//!
//! What may be decided without waiting or sending is pure, with the clock as a parameter:
//! `token`, `quota`, `operation`, `pages`, `next_page`, `retry`, `route`. Around them, `account` holds
//! what a process shares,
//! `gate` is where threads wait for the quota, `exchange` carries one request through, `stream`
//! hands batches over, and `transport` alone does I/O, over connections that `connect` makes.

mod account;
mod call;
mod client;
mod connect;
mod credential;
mod decode;
mod envelope;
mod error;
mod exchange;
mod fault;
#[cfg(test)]
mod fuzz_tests;
mod gate;
mod grant;
mod identity;
mod job;
mod known;
mod next_page;
mod operation;
mod options;
mod pages;
mod permit;
mod plan;
mod proxy;
mod quota;
mod rate_request;
mod retry;
mod route;
mod secret;
mod stream;
mod sync;
mod token;
mod transport;
mod unfold;
mod unicode;

pub use call::{Call, Form, Method};
pub use client::Session;
pub use decode::{Decoder, ItemSink, Values};
#[doc(hidden)]
pub use envelope::read_items;
pub use error::{Error, ErrorKind};
pub use job::{Event, EventKind, Progress, Report};
pub use options::{Keys, Options, Proxy};
pub use secret::Secret;
pub use stream::{Answer, Stream};
