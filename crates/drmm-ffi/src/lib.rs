//! The C ABI of the Datto RMM client: library `drmm_native`, header `include/drmm.h`.
//!
//! A handful of functions that do not change when the API grows: what to call is said in a
//! document, and everything that takes time is a *stream of batches*. A single request is a
//! stream of one batch.
//!
//! # Contract
//!
//! **Order.** Call `drmm_abi_version` first and compare it with `DRMM_ABI_VERSION`. Then
//! `drmm_connect`, any number of streams, `drmm_disconnect`, and the `drmm_free_*` function of
//! every handle.
//!
//! **Status.** Every function that can fail returns an `int32_t`: `DRMM_OK` (0), or the kind of
//! the error (`DRMM_ERROR_*`). Out-pointers come last and are written on success only; the very
//! last one, `error`, is written on failure only. `error` may be NULL if the caller does not want
//! to know more than the kind.
//!
//! **Ownership.** A handle that comes out of a function belongs to the caller, who frees it once
//! with the `drmm_free_*` function of its type. Freeing NULL does nothing. Pointers that
//! `drmm_buffer_read` and `drmm_error_message`, `_method` and `_path` return belong to the handle
//! and live as long as it does.
//!
//! **Handles** are numbers in the shape of pointers; there is nothing to read behind them. One that
//! was freed, or is of another type, is `DRMM_ERROR_HANDLE`. A function that has no status to return
//! does with it what it does with NULL; so freeing it again does nothing.
//!
//! **Bytes** are pointer and length in bytes; text is UTF-8 and not terminated. A pointer may be
//! NULL only where its length is 0. No `bool`, no struct and no enum with payload crosses the
//! boundary by value, and nothing calls back.
//!
//! **Threads.** Every function may be called from any thread. Two calls on one session, or
//! `drmm_cancel` beside `drmm_next` on one stream, are fine. Two concurrent `drmm_next` calls on
//! one stream take turns. A handle that is freed during a call on it is gone for every later call;
//! this one ends as if nothing had happened, but that a stream is cancelled.
//!
//! **Panics** end at the boundary: the call returns `DRMM_ERROR_PANIC`, nothing is printed and
//! the host lives on.
//!
//! **Secrets** are wiped from memory when the last session of an account closes, and are never in
//! an error, a report or a description. The one function that hands one out is `drmm_token`.
//!
//! # Documents the caller writes (JSON, UTF-8)
//!
//! An unknown field, or a value of the wrong type, is `DRMM_ERROR_DOCUMENT`.
//!
//! *Options*, for `drmm_connect`:
//!
//! | field | type | meaning |
//! |---|---|---|
//! | `url` | string | the platform's origin, `https://…`; `http://` for loopback only. A trailing `/` or `/api` is dropped |
//! | `key`, `secret` | string | the API key and its secret |
//! | `userAgent` | string, optional | sent with each request |
//! | `proxy` | string, optional | `http://[user:password@]host:port`, or `socks5://`, `socks5h://`; `""` for none; absent: the environment decides |
//! | `timeoutMs` | integer, optional | deadline of one attempt of one request, in ms; 100,000 by default. All attempts of a request end within three times this (or this and 5 s, if that is more), waits for the quota not counted |
//! | `pages` | integer, optional | pages fetched side by side, 1 to 32; 8 by default |
//!
//! *Call*, for `drmm_request` and `drmm_paginate`:
//!
//! | field | type | meaning |
//! |---|---|---|
//! | `method` | string, optional | `GET` (default), `PUT`, `POST`, `DELETE` |
//! | `path` | string | below `/api/`, with or without a leading `/`; each `{}` takes the next of `args` as one encoded segment. Without `args` the path is taken as written, and may end in `?name=value&…` |
//! | `args` | array of strings, optional | the values of the `{}` |
//! | `query` | array of `[name, value]`, optional | encoded and appended in order |
//! | `body` | string, optional | sent as `application/json` |
//! | `items` | string | `drmm_paginate` only: the field of a page that holds its items |
//! | `pageSize` | integer, optional | `drmm_paginate` only: 1 to 250; 250 by default |
//! | `pages` | integer, optional | `drmm_paginate` only: pages of this list fetched side by side, 1 to 32; as the options say by default |
//! | `cursor` | boolean, optional | `drmm_paginate` only: pages have no numbers and are followed by their `nextPageUrl` alone; neither `page` nor `max` is sent, and `pageSize` and `pages` have no place |
//! | `jsonFields` | array of strings, optional | `drmm_paginate` only: fields of an item whose text is JSON; their value is what the text says, or the text where it is not JSON |
//! | `fields` | array of strings, optional | what is handed over of each item: an object with these fields, in this order and with these names as its keys. Names are compared without regard to case; `a.b` is the field `b` of the object `a`. What an item lacks is null. Where `a` is an array, `a.b` is one as long, of what its elements have. At least one name and at most 1,000, none of them twice |
//! | `answer` | string, optional | `objects` (default): the answer's JSON; `text`: the answer's text as one string, empty if it was empty |
//! | `once` | boolean, optional | a request that fails is not tried again |
//!
//! *Keys*, for `drmm_token`: `key` and `secret`, both strings.
//!
//! # Documents the library writes (MessagePack)
//!
//! A **batch** (from `drmm_next`) is `[first, shapes, items]`. `shapes` are the lists of keys that
//! are new in this stream, numbered from `first`: the reader appends them to a table that only
//! grows. A key that is nil marks a value to be passed over, which is written as nil (its name is
//! empty, or the same as an earlier one but for case). `items` are values:
//!
//! | value | written as |
//! |---|---|
//! | null, boolean | nil, bool |
//! | integer of 64 bits, signed | int, in its smallest form; never more than 2^63 - 1 |
//! | any other integer | ext 3: its decimal digits in ASCII, 1,000 at most, after a `-` if it is negative |
//! | number with a fraction or an exponent | float 64; an infinity if it is beyond that |
//! | string | str |
//! | string that stood earlier in the same scope | ext 2: its number in that scope (1, 2 or 4 bytes, big-endian) |
//! | array | array |
//! | object | ext 1 (always the 32-bit form): the number of its shape (4 bytes, big-endian), then its values, one for each key |
//!
//! A *scope* is the list of items, or the inside of one object that is the value of a field or the
//! element of an array; the items themselves (objects in the list of items) belong to the list's
//! scope. In a scope every string of 1 to 64 bytes that is written as str has the next number, from
//! 0. So a nested object can be kept and read later with the table of shapes and nothing else.
//!
//! An answer without a body is a batch with no items, and so is an empty list. An answer that is
//! an array gives its elements as items.
//!
//! A **report** (from `drmm_next`, or NULL when nothing has happened) is `[progress, events]`.
//! `progress` is nil or `[text, done, total, wait]`: what is being waited for, items that have
//! come and items in all (-1 if unknown), and the ms until the wait ends (-1 if unknown).
//! `events` are `[kind, text]`, oldest first; kind 1 is a detail (one for each request: method,
//! path, status, ms, quota; retries; waits), kind 2 a warning, kind 3 the name of one of the call's
//! `fields` that no item of the list had. The last comes with `DRMM_END`, and for a list that had
//! items only; null, or an array without elements, on the way to a field leaves it open whether
//! there is one.
//!
//! A **description** (from `drmm_describe`) is a batch with one item.

mod batch;
mod boundary;
mod buffer;
mod error;
mod handle;
mod report;
mod session;
mod stream;
mod wire;

#[cfg(debug_assertions)]
mod debug;

pub use batch::{Batch, Batches, Bytes, Oversized, Sink};
pub use buffer::*;
#[cfg(debug_assertions)]
pub use debug::*;
pub use error::*;
pub use report::{DRMM_EVENT_DETAIL, DRMM_EVENT_LACK, DRMM_EVENT_WARNING};
pub use session::*;
pub use stream::*;

/// The version of this contract. It changes when an old caller could misunderstand the library.
pub const DRMM_ABI_VERSION: u32 = 1;

/// The version of the contract that the library keeps, to be compared with `DRMM_ABI_VERSION`
/// before anything else is called.
#[unsafe(no_mangle)]
pub extern "C" fn drmm_abi_version() -> u32 {
    DRMM_ABI_VERSION
}
