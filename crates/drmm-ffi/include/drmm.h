/*
 * Generated from crates/drmm-ffi/src by its tests; do not edit.
 *
 * The C ABI of the Datto RMM client: library `drmm_native`, header `include/drmm.h`.
 *
 * A handful of functions that do not change when the API grows: what to call is said in a
 * document, and everything that takes time is a *stream of batches*. A single request is a
 * stream of one batch.
 *
 * # Contract
 *
 * **Order.** Call `drmm_abi_version` first and compare it with `DRMM_ABI_VERSION`. Then
 * `drmm_connect`, any number of streams, `drmm_disconnect`, and the `drmm_free_*` function of
 * every handle.
 *
 * **Status.** Every function that can fail returns an `int32_t`: `DRMM_OK` (0), or the kind of
 * the error (`DRMM_ERROR_*`). Out-pointers come last and are written on success only; the very
 * last one, `error`, is written on failure only. `error` may be NULL if the caller does not want
 * to know more than the kind.
 *
 * **Ownership.** A handle that comes out of a function belongs to the caller, who frees it once
 * with the `drmm_free_*` function of its type. Freeing NULL does nothing. Pointers that
 * `drmm_buffer_read` and `drmm_error_message`, `_method` and `_path` return belong to the handle
 * and live as long as it does.
 *
 * **Handles** are numbers in the shape of pointers; there is nothing to read behind them. One that
 * was freed, or is of another type, is `DRMM_ERROR_HANDLE`. A function that has no status to return
 * does with it what it does with NULL; so freeing it again does nothing.
 *
 * **Bytes** are pointer and length in bytes; text is UTF-8 and not terminated. A pointer may be
 * NULL only where its length is 0. No `bool`, no struct and no enum with payload crosses the
 * boundary by value, and nothing calls back.
 *
 * **Threads.** Every function may be called from any thread. Two calls on one session, or
 * `drmm_cancel` beside `drmm_next` on one stream, are fine. Two concurrent `drmm_next` calls on
 * one stream take turns. A handle that is freed during a call on it is gone for every later call;
 * this one ends as if nothing had happened, but that a stream is cancelled.
 *
 * **Panics** end at the boundary: the call returns `DRMM_ERROR_PANIC`, nothing is printed and
 * the host lives on.
 *
 * **Secrets** are wiped from memory when the last session of an account closes, and are never in
 * an error, a report or a description. The one function that hands one out is `drmm_token`.
 *
 * # Documents the caller writes (JSON, UTF-8)
 *
 * An unknown field, or a value of the wrong type, is `DRMM_ERROR_DOCUMENT`.
 *
 * *Options*, for `drmm_connect`:
 *
 * | field | type | meaning |
 * |---|---|---|
 * | `url` | string | the platform's origin, `https://…`; `http://` for loopback only. A trailing `/` or `/api` is dropped |
 * | `key`, `secret` | string | the API key and its secret |
 * | `userAgent` | string, optional | sent with each request |
 * | `proxy` | string, optional | `http://[user:password@]host:port`, or `socks5://`, `socks5h://`; `""` for none; absent: the environment decides |
 * | `timeoutMs` | integer, optional | deadline of one attempt of one request, in ms; 100,000 by default. All attempts of a request end within three times this (or this and 5 s, if that is more), waits for the quota not counted |
 * | `pages` | integer, optional | pages fetched side by side, 1 to 32; 8 by default |
 *
 * *Call*, for `drmm_request` and `drmm_paginate`:
 *
 * | field | type | meaning |
 * |---|---|---|
 * | `method` | string, optional | `GET` (default), `PUT`, `POST`, `DELETE` |
 * | `path` | string | below `/api/`, with or without a leading `/`; each `{}` takes the next of `args` as one encoded segment. Without `args` the path is taken as written, and may end in `?name=value&…` |
 * | `args` | array of strings, optional | the values of the `{}` |
 * | `query` | array of `[name, value]`, optional | encoded and appended in order |
 * | `body` | string, optional | sent as `application/json` |
 * | `items` | string | `drmm_paginate` only: the field of a page that holds its items |
 * | `pageSize` | integer, optional | `drmm_paginate` only: 1 to 250; 250 by default |
 * | `pages` | integer, optional | `drmm_paginate` only: pages of this list fetched side by side, 1 to 32; as the options say by default |
 * | `cursor` | boolean, optional | `drmm_paginate` only: pages have no numbers and are followed by their `nextPageUrl` alone; neither `page` nor `max` is sent, and `pageSize` and `pages` have no place |
 * | `jsonFields` | array of strings, optional | `drmm_paginate` only: fields of an item whose text is JSON; their value is what the text says, or the text where it is not JSON |
 * | `fields` | array of strings, optional | what is handed over of each item: an object with these fields, in this order and with these names as its keys. Names are compared without regard to case; `a.b` is the field `b` of the object `a`. What an item lacks is null. Where `a` is an array, `a.b` is one as long, of what its elements have. At least one name and at most 1,000, none of them twice |
 * | `answer` | string, optional | `objects` (default): the answer's JSON; `text`: the answer's text as one string, empty if it was empty |
 * | `once` | boolean, optional | a request that fails is not tried again |
 *
 * *Keys*, for `drmm_token`: `key` and `secret`, both strings.
 *
 * # Documents the library writes (MessagePack)
 *
 * A **batch** (from `drmm_next`) is `[first, shapes, items]`. `shapes` are the lists of keys that
 * are new in this stream, numbered from `first`: the reader appends them to a table that only
 * grows. A key that is nil marks a value to be passed over, which is written as nil (its name is
 * empty, or the same as an earlier one but for case). `items` are values:
 *
 * | value | written as |
 * |---|---|
 * | null, boolean | nil, bool |
 * | integer of 64 bits, signed | int, in its smallest form; never more than 2^63 - 1 |
 * | any other integer | ext 3: its decimal digits in ASCII, 1,000 at most, after a `-` if it is negative |
 * | number with a fraction or an exponent | float 64; an infinity if it is beyond that |
 * | string | str |
 * | string that stood earlier in the same scope | ext 2: its number in that scope (1, 2 or 4 bytes, big-endian) |
 * | array | array |
 * | object | ext 1 (always the 32-bit form): the number of its shape (4 bytes, big-endian), then its values, one for each key |
 *
 * A *scope* is the list of items, or the inside of one object that is the value of a field or the
 * element of an array; the items themselves (objects in the list of items) belong to the list's
 * scope. In a scope every string of 1 to 64 bytes that is written as str has the next number, from
 * 0. So a nested object can be kept and read later with the table of shapes and nothing else.
 *
 * An answer without a body is a batch with no items, and so is an empty list. An answer that is
 * an array gives its elements as items.
 *
 * A **report** (from `drmm_next`, or NULL when nothing has happened) is `[progress, events]`.
 * `progress` is nil or `[text, done, total, wait]`: what is being waited for, items that have
 * come and items in all (-1 if unknown), and the ms until the wait ends (-1 if unknown).
 * `events` are `[kind, text]`, oldest first; kind 1 is a detail (one for each request: method,
 * path, status, ms, quota; retries; waits), kind 2 a warning, kind 3 the name of one of the call's
 * `fields` that no item of the list had. The last comes with `DRMM_END`, and for a list that had
 * items only; null, or an array without elements, on the way to a field leaves it open whether
 * there is one.
 *
 * A **description** (from `drmm_describe`) is a batch with one item.
 */

#ifndef DRMM_H
#define DRMM_H

#include <stdint.h>

/** The version of the library that this header came with. */
#define DRMM_VERSION "2.0.0"

/**
 * The version of this contract. It changes when an old caller could misunderstand the library.
 */
#define DRMM_ABI_VERSION 1

/**
 * `drmm_next` has a batch.
 */
#define DRMM_READY 1

/**
 * `drmm_next` has waited for as long as it was told to.
 */
#define DRMM_PENDING 2

/**
 * `drmm_next` has given everything.
 */
#define DRMM_END 3

/**
 * The stream was cancelled.
 */
#define DRMM_CANCELLED 4

/**
 * A detail, for the verbose stream.
 */
#define DRMM_EVENT_DETAIL 1

/**
 * A warning.
 */
#define DRMM_EVENT_WARNING 2

/**
 * A field that was named and that no item of the list had.
 */
#define DRMM_EVENT_LACK 3

/**
 * No error.
 */
#define DRMM_OK 0

/**
 * A required pointer is NULL.
 */
#define DRMM_ERROR_NULL 1

/**
 * A document is not UTF-8.
 */
#define DRMM_ERROR_UTF8 2

/**
 * A fault of this library, caught at the boundary.
 */
#define DRMM_ERROR_PANIC 3

/**
 * A handle was freed already, or is of another type.
 */
#define DRMM_ERROR_HANDLE 4

/**
 * A document (options or call) is not what the contract says.
 */
#define DRMM_ERROR_DOCUMENT 10

/**
 * A value is not acceptable: a URL, a path, a page size. No request was sent.
 */
#define DRMM_ERROR_INVALID_ARGUMENT 11

/**
 * The session has been disconnected.
 */
#define DRMM_ERROR_NOT_CONNECTED 12

/**
 * The key was not accepted, or a fresh token was refused (400 and 401).
 */
#define DRMM_ERROR_AUTHENTICATION 20

/**
 * 403 for this resource.
 */
#define DRMM_ERROR_FORBIDDEN 21

/**
 * 404.
 */
#define DRMM_ERROR_NOT_FOUND 22

/**
 * Any other 4xx: the request itself is at fault.
 */
#define DRMM_ERROR_REJECTED 23

/**
 * 409.
 */
#define DRMM_ERROR_CONFLICT 24

/**
 * 429, after all attempts.
 */
#define DRMM_ERROR_RATE_LIMITED 25

/**
 * The server has blocked this address; it says when to try again.
 */
#define DRMM_ERROR_BLOCKED 26

/**
 * 5xx, after all attempts.
 */
#define DRMM_ERROR_SERVER 27

/**
 * The server could not be reached, or the connection broke.
 */
#define DRMM_ERROR_CONNECTION 40

/**
 * The server's certificate was not accepted, or the handshake failed.
 */
#define DRMM_ERROR_TLS 41

/**
 * A deadline passed.
 */
#define DRMM_ERROR_TIMEOUT 42

/**
 * The answer is not the JSON that was expected.
 */
#define DRMM_ERROR_MALFORMED 50

/**
 * The answer exceeds the cap in size or depth: 256 MiB as it comes, 1 GiB as it is handed over, 128
 * levels.
 */
#define DRMM_ERROR_TOO_LARGE 51

/**
 * `nextPageUrl` leads to another origin; it was not followed.
 */
#define DRMM_ERROR_FOREIGN_PAGE 52

/**
 * `nextPageUrl` leads to a page that had been read already.
 */
#define DRMM_ERROR_PAGE_LOOP 53

/**
 * A fault of this library, caught in one of its threads.
 */
#define DRMM_ERROR_INTERNAL 60

/**
 * The operating system refused a thread or random numbers.
 */
#define DRMM_ERROR_SYSTEM 61

/**
 * Bytes of the library. Freed with `drmm_free_buffer`.
 */
typedef struct drmm_buffer drmm_buffer;

/**
 * What went wrong, in full. Freed with `drmm_free_error`.
 */
typedef struct drmm_error drmm_error;

/**
 * A connection to one account. Freed with `drmm_free_session`, which also disconnects it.
 */
typedef struct drmm_session drmm_session;

/**
 * Batches that come one after the other. Freed with `drmm_free_stream`.
 */
typedef struct drmm_stream drmm_stream;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the contract that the library keeps, to be compared with `DRMM_ABI_VERSION`
 * before anything else is called.
 */
uint32_t drmm_abi_version(void);

/**
 * Opens a session. Nothing is sent: `drmm_login` finds out whether the key is accepted.
 *
 * `options` is a JSON document of `options_len` bytes, see above. On success `session` is
 * written; the caller frees it with `drmm_free_session`.
 *
 * Errors: `DRMM_ERROR_DOCUMENT`, `DRMM_ERROR_INVALID_ARGUMENT` for a URL or proxy that is not
 * acceptable.
 *
 * # Safety
 * `options` is NULL or points to `options_len` bytes that do not change during the call; the
 * other pointers are NULL or point to memory for what they are to hold.
 */
int32_t drmm_connect(const uint8_t *options,
                     uintptr_t options_len,
                     drmm_session **session,
                     drmm_error **error);

/**
 * Starts a stream that has no batches: it ends once the session has a token, fetched or reused.
 *
 * On success `stream` is written; the caller frees it with `drmm_free_stream`. A key that is not
 * accepted is an error of `drmm_next`, not of this function.
 *
 * # Safety
 * The pointers other than `session` are NULL or point to memory for what they are to hold.
 */
int32_t drmm_login(const drmm_session *session, drmm_stream **stream, drmm_error **error);

/**
 * Starts a stream of one batch: a new access token, for requests that the caller makes itself.
 *
 * `keys` is a JSON document of `keys_len` bytes, see above: whose token it is, the session's own or
 * anybody's. It is fetched at the session's origin and in its way, is not kept, and is no session's
 * token. The batch has one item, its text; freeing the batch, or the stream before it was read,
 * wipes it. On success `stream` is written; the caller frees it with `drmm_free_stream`. Keys that
 * are not accepted are an error of `drmm_next`, not of this function.
 *
 * Errors: `DRMM_ERROR_DOCUMENT`, `DRMM_ERROR_INVALID_ARGUMENT`, `DRMM_ERROR_NOT_CONNECTED`.
 *
 * # Safety
 * `keys` is NULL or points to `keys_len` bytes that do not change during the call; `stream` and
 * `error` are NULL or point to memory for what they are to hold.
 */
int32_t drmm_token(const drmm_session *session,
                   const uint8_t *keys,
                   uintptr_t keys_len,
                   drmm_stream **stream,
                   drmm_error **error);

/**
 * Starts one request: a stream with one batch.
 *
 * `call` is a JSON document of `call_len` bytes, see above. On success `stream` is written; the
 * caller frees it with `drmm_free_stream`.
 *
 * Errors: `DRMM_ERROR_DOCUMENT`, `DRMM_ERROR_INVALID_ARGUMENT`, `DRMM_ERROR_NOT_CONNECTED`. What
 * comes of the request is an answer of `drmm_next`.
 *
 * # Safety
 * `call` is NULL or points to `call_len` bytes that do not change during the call; `stream` and
 * `error` are NULL or point to memory for what they are to hold.
 */
int32_t drmm_request(const drmm_session *session,
                     const uint8_t *call,
                     uintptr_t call_len,
                     drmm_stream **stream,
                     drmm_error **error);

/**
 * Starts to fetch a list: a stream with a batch for each page, in order.
 *
 * Arguments, errors and who frees what: as for `drmm_request`.
 *
 * # Safety
 * As for `drmm_request`.
 */
int32_t drmm_paginate(const drmm_session *session,
                      const uint8_t *call,
                      uintptr_t call_len,
                      drmm_stream **stream,
                      drmm_error **error);

/**
 * Describes a session: the quota as far as it is known, the token's expiry, counters. Nothing is
 * sent.
 *
 * On success `description` is written: a batch with one item. The caller frees it with
 * `drmm_free_buffer`.
 *
 * # Safety
 * The pointers other than `session` are NULL or point to memory for what they are to hold.
 */
int32_t drmm_describe(const drmm_session *session, drmm_buffer **description, drmm_error **error);

/**
 * Disconnects a session, any number of times. What is asked of it afterwards is
 * `DRMM_ERROR_NOT_CONNECTED`; so is what its streams still want, as soon as they need a token
 * that is gone. The last session of a key and secret wipes token and secret.
 *
 * # Safety
 * `error` is NULL or points to memory for a pointer.
 */
int32_t drmm_disconnect(const drmm_session *session, drmm_error **error);

/**
 * Disconnects and frees a session. Its streams may live on, and must be freed as well. NULL is
 * nothing.
 */
void drmm_free_session(drmm_session *session);

/**
 * Waits up to `timeout_ms` milliseconds for the next batch of a stream.
 *
 * On success it writes
 * - `state`: `DRMM_READY`, `DRMM_PENDING`, `DRMM_END` or `DRMM_CANCELLED`. The last two come
 *   again whenever the function is called again;
 * - `batch`: the batch if the state is `DRMM_READY`, else NULL. The caller frees it with
 *   `drmm_free_buffer`;
 * - `report`: what has happened since the last call, or NULL if nothing has. The caller frees it
 *   with `drmm_free_buffer`.
 *
 * An error is what made the stream fail; it comes again whenever the function is called again.
 * What happened before comes first, with `DRMM_PENDING`, so that no report is lost.
 *
 * # Safety
 * The pointers other than `stream` are NULL or point to memory for what they are to hold.
 */
int32_t drmm_next(const drmm_stream *stream,
                  uint32_t timeout_ms,
                  int32_t *state,
                  drmm_buffer **batch,
                  drmm_buffer **report,
                  drmm_error **error);

/**
 * Cancels a stream, from any thread and any number of times. Whoever waits in `drmm_next` comes
 * back with `DRMM_CANCELLED`, and no request of this stream starts any more.
 *
 * # Safety
 * `error` is NULL or points to memory for a pointer.
 */
int32_t drmm_cancel(const drmm_stream *stream, drmm_error **error);

/**
 * Cancels what a stream still does, and frees it. Whoever waits in `drmm_next` comes back with
 * `DRMM_CANCELLED`. NULL is nothing.
 */
void drmm_free_stream(drmm_stream *stream);

/**
 * The bytes of a buffer. They belong to it and live as long as it does. A buffer that is NULL
 * gives NULL and length 0.
 *
 * # Safety
 * `len` is NULL (then NULL is returned) or points to memory for a length. The bytes are not read
 * after the buffer is freed.
 */
const uint8_t *drmm_buffer_read(const drmm_buffer *buffer, uintptr_t *len);

/**
 * Frees a buffer. NULL is nothing.
 */
void drmm_free_buffer(drmm_buffer *buffer);

/**
 * The kind of the error, a `DRMM_ERROR_*`; 0 for NULL, `DRMM_ERROR_HANDLE` for what is no error.
 */
int32_t drmm_error_kind(const drmm_error *error);

/**
 * The HTTP status of the response at fault; 0 if there was none.
 */
int32_t drmm_error_status(const drmm_error *error);

/**
 * How many milliseconds to wait before trying again; -1 if that is not known.
 */
int64_t drmm_error_retry_after_ms(const drmm_error *error);

/**
 * What went wrong, in lower case and without a full stop. The text belongs to the error.
 *
 * # Safety
 * `len` is NULL (then NULL is returned) or points to memory for a length. The text is not read
 * after the error is freed.
 */
const uint8_t *drmm_error_message(const drmm_error *error, uintptr_t *len);

/**
 * The method of the request at fault; empty if no request was. The text belongs to the error.
 *
 * # Safety
 * As for `drmm_error_message`.
 */
const uint8_t *drmm_error_method(const drmm_error *error, uintptr_t *len);

/**
 * The path and query of the request at fault; empty if no request was. The text belongs to the
 * error.
 *
 * # Safety
 * As for `drmm_error_message`.
 */
const uint8_t *drmm_error_path(const drmm_error *error, uintptr_t *len);

/**
 * Frees an error. NULL is nothing.
 */
void drmm_free_error(drmm_error *error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* DRMM_H */
