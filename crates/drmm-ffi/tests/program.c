/*
 * A caller in C: connects, logs in, fetches devices, fields of them and a token of its own, cancels
 * half-way, reads errors, does what it should not, and frees all it was given. Arguments: URL, key,
 * secret, number of devices. It prints nothing if all is well.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drmm.h"

#define CHECK(condition)                                                                \
    do {                                                                                \
        if (!(condition)) {                                                             \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);             \
            exit(1);                                                                    \
        }                                                                               \
    } while (0)

#include "messagepack.h"

#ifdef DRMM_DEBUG
int32_t drmm_debug_panic(drmm_error **error);
uintptr_t drmm_debug_handles(void);
#endif

static const uint8_t *bytes(const char *text)
{
    return (const uint8_t *)text;
}

/* Fails with what the error says, if there is one. */
static void ok(int32_t status, drmm_error *error)
{
    if (status != DRMM_OK) {
        uintptr_t length = 0;
        const uint8_t *message = drmm_error_message(error, &length);
        fprintf(stderr, "error %d: %.*s\n", status, (int)length, (const char *)message);
        exit(1);
    }
}

/* The text of an error is this, or has this in it. */
static int has(const uint8_t *text, uintptr_t length, const char *part)
{
    size_t wanted = strlen(part);
    for (uintptr_t at = 0; at + wanted <= length; at++) {
        if (memcmp(text + at, part, wanted) == 0) {
            return 1;
        }
    }
    return 0;
}

typedef struct {
    uint64_t items;
    uint64_t shapes;
    uint64_t events;
    uint64_t lacks; /* of the events those that name a field that no item had */
    uint64_t total; /* as the last progress said, plus one; 0 if it did not */
} result;

static void read_batch(const drmm_buffer *batch, result *into)
{
    uintptr_t length = 0;
    const uint8_t *start = drmm_buffer_read(batch, &length);
    CHECK(start != NULL && length > 0);
    reader from = {start, start + length};
    CHECK(array(&from) == 3);
    CHECK(integer(&from) == into->shapes);
    for (uint64_t left = array(&from); left > 0; left--) {
        skip(&from);
        into->shapes++;
    }
    for (uint64_t left = array(&from); left > 0; left--) {
        skip(&from);
        into->items++;
    }
    CHECK(from.at == from.end);
}

static void read_report(const drmm_buffer *report, result *into)
{
    uintptr_t length = 0;
    const uint8_t *start = drmm_buffer_read(report, &length);
    CHECK(start != NULL && length > 0);
    reader from = {start, start + length};
    CHECK(array(&from) == 2);
    if (*from.at == 0xc0) {
        take(&from, 1);
    } else {
        CHECK(array(&from) == 4);
        skip(&from);
        skip(&from);
        into->total = *from.at == 0xff ? 0 : integer(&from) + 1;
        if (into->total == 0) {
            take(&from, 1);
        }
        skip(&from);
    }
    for (uint64_t left = array(&from); left > 0; left--) {
        CHECK(array(&from) == 2);
        uint64_t kind = integer(&from);
        CHECK(kind == DRMM_EVENT_DETAIL || kind == DRMM_EVENT_WARNING || kind == DRMM_EVENT_LACK);
        into->lacks += kind == DRMM_EVENT_LACK;
        skip(&from);
        into->events++;
    }
    CHECK(from.at == from.end);
}

/* One step of a stream: the state, or -1 for an error, which is then written. */
static int32_t step(const drmm_stream *stream, result *into, drmm_error **error)
{
    drmm_buffer *batch = NULL;
    drmm_buffer *report = NULL;
    int32_t state = 0;
    if (drmm_next(stream, 60000, &state, &batch, &report, error) != DRMM_OK) {
        CHECK(batch == NULL && report == NULL && state == 0);
        return -1;
    }
    CHECK((batch != NULL) == (state == DRMM_READY));
    if (batch != NULL) {
        read_batch(batch, into);
    }
    if (report != NULL) {
        read_report(report, into);
    }
    drmm_free_buffer(batch);
    drmm_free_buffer(report);
    return state;
}

/* Goes on until a stream is not pending any more. */
static int32_t next(const drmm_stream *stream, result *into, drmm_error **error)
{
    int32_t state;
    do {
        state = step(stream, into, error);
    } while (state == DRMM_PENDING);
    return state;
}

static drmm_stream *start_devices(const drmm_session *session, const char *call)
{
    drmm_stream *stream = NULL;
    drmm_error *error = NULL;
    ok(drmm_paginate(session, bytes(call), strlen(call), &stream, &error), error);
    CHECK(stream != NULL && error == NULL);
    return stream;
}

static drmm_session *connect(char **arguments)
{
    char options[1024];
    drmm_session *session = NULL;
    drmm_error *error = NULL;
    int length = snprintf(options, sizeof options,
                          "{\"url\": \"%s\", \"key\": \"%s\", \"secret\": \"%s\", \"userAgent\": "
                          "\"c-program\", \"proxy\": \"\", \"pages\": 4}",
                          arguments[0], arguments[1], arguments[2]);
    CHECK(length > 0 && (size_t)length < sizeof options);
    ok(drmm_connect(bytes(options), (uintptr_t)length, &session, &error), error);
    CHECK(session != NULL && error == NULL);
    memset(options, 0, sizeof options);
    return session;
}

static void log_in(const drmm_session *session)
{
    drmm_stream *stream = NULL;
    drmm_error *error = NULL;
    result got = {0};
    ok(drmm_login(session, &stream, &error), error);
    CHECK(next(stream, &got, &error) == DRMM_END);
    CHECK(next(stream, &got, &error) == DRMM_END);
    CHECK(got.items == 0 && error == NULL);
    drmm_free_stream(stream);
}

static void fetch_all(const drmm_session *session, uint64_t devices)
{
    const char *call = "{\"path\": \"/v2/account/devices\", \"items\": \"devices\", \"pageSize\": 50}";
    drmm_stream *stream = start_devices(session, call);
    drmm_error *error = NULL;
    result got = {0};
    uint64_t batches = 0;
    int32_t state;
    while ((state = next(stream, &got, &error)) == DRMM_READY) {
        batches++;
        CHECK(got.items == (batches * 50 < devices ? batches * 50 : devices));
    }
    CHECK(state == DRMM_END && error == NULL);
    CHECK(got.items == devices && batches == (devices + 49) / 50);
    CHECK(got.shapes > 0 && got.events >= batches && got.total == devices + 1);
    drmm_free_stream(stream);
}

/* Some fields of each device, one of which there is not: all items have the one shape. */
static void fetch_fields(const drmm_session *session, uint64_t devices)
{
    const char *call = "{\"path\": \"v2/account/devices\", \"items\": \"devices\", \"pageSize\": 50, "
                       "\"fields\": [\"UID\", \"udf.udf1\", \"hostname\", \"no such field\"]}";
    drmm_stream *stream = start_devices(session, call);
    drmm_error *error = NULL;
    result got = {0};
    int32_t state;
    while ((state = next(stream, &got, &error)) == DRMM_READY) {
        CHECK(got.shapes == 1 && got.lacks == 0);
    }
    CHECK(state == DRMM_END && error == NULL);
    CHECK(got.items == devices && got.lacks == 1);
    drmm_free_stream(stream);

    const char *wrong = "{\"path\": \"v2/account\", \"fields\": [\"a\", \"A\"]}";
    stream = NULL;
    int32_t status = drmm_request(session, bytes(wrong), strlen(wrong), &stream, NULL);
    CHECK(status == DRMM_ERROR_INVALID_ARGUMENT && stream == NULL);
}

/* A token of its own: one text, and nothing else. */
static void fetch_token(const drmm_session *session, char **arguments)
{
    char keys[256];
    drmm_stream *stream = NULL;
    drmm_error *error = NULL;
    result got = {0};
    int length = snprintf(keys, sizeof keys, "{\"key\": \"%s\", \"secret\": \"%s\"}", arguments[1],
                          arguments[2]);
    CHECK(length > 0 && (size_t)length < sizeof keys);
    ok(drmm_token(session, bytes(keys), (uintptr_t)length, &stream, &error), error);
    memset(keys, 0, sizeof keys);
    CHECK(next(stream, &got, &error) == DRMM_READY);
    CHECK(got.items == 1 && got.shapes == 0);
    CHECK(next(stream, &got, &error) == DRMM_END);
    CHECK(got.items == 1 && error == NULL);
    drmm_free_stream(stream);

    stream = NULL;
    CHECK(drmm_token(session, bytes("{}"), 2, &stream, NULL) == DRMM_ERROR_DOCUMENT);
    CHECK(stream == NULL);
}

static void cancel_half_way(const drmm_session *session)
{
    const char *call = "{\"path\": \"v2/account/devices\", \"items\": \"devices\", \"pageSize\": 20}";
    drmm_stream *stream = start_devices(session, call);
    drmm_error *error = NULL;
    result got = {0};
    CHECK(next(stream, &got, &error) == DRMM_READY);
    CHECK(next(stream, &got, &error) == DRMM_READY);
    CHECK(got.items == 40);
    ok(drmm_cancel(stream, &error), error);
    ok(drmm_cancel(stream, NULL), NULL);
    CHECK(next(stream, &got, &error) == DRMM_CANCELLED);
    CHECK(next(stream, &got, &error) == DRMM_CANCELLED);
    CHECK(got.items == 40);
    drmm_free_stream(stream);

    /* And one that is freed while it still works. */
    result other = {0};
    stream = start_devices(session, call);
    CHECK(next(stream, &other, &error) == DRMM_READY);
    drmm_free_stream(stream);
}

static void unknown_device(const drmm_session *session)
{
    const char *call = "{\"path\": \"v2/device/{}\", \"args\": [\"no/such device\"]}";
    drmm_stream *stream = NULL;
    drmm_error *error = NULL;
    result got = {0};
    ok(drmm_request(session, bytes(call), strlen(call), &stream, &error), error);
    CHECK(next(stream, &got, &error) == -1);
    CHECK(got.events > 0 && got.items == 0);

    uintptr_t length = 0;
    CHECK(drmm_error_kind(error) == DRMM_ERROR_NOT_FOUND);
    CHECK(drmm_error_status(error) == 404);
    CHECK(drmm_error_retry_after_ms(error) == -1);
    const uint8_t *message = drmm_error_message(error, &length);
    CHECK(message != NULL && length > 0);
    const uint8_t *method = drmm_error_method(error, &length);
    CHECK(length == 3 && has(method, length, "GET"));
    const uint8_t *path = drmm_error_path(error, &length);
    CHECK(has(path, length, "v2/device/no%2Fsuch%20device"));
    drmm_free_error(error);

    /* It comes again, and the kind is what the function returns. */
    drmm_buffer *batch = NULL;
    drmm_buffer *report = NULL;
    int32_t state = 0;
    CHECK(drmm_next(stream, 0, &state, &batch, &report, NULL) == DRMM_ERROR_NOT_FOUND);
    drmm_free_stream(stream);
}

static void describe(const drmm_session *session)
{
    drmm_buffer *description = NULL;
    drmm_error *error = NULL;
    result got = {0};
    ok(drmm_describe(session, &description, &error), error);
    read_batch(description, &got);
    CHECK(got.items == 1 && got.shapes > 0);
    drmm_free_buffer(description);
}

static void wrong_documents(drmm_session *session)
{
    drmm_session *none = NULL;
    drmm_stream *stream = NULL;
    drmm_error *error = NULL;
    CHECK(drmm_connect(bytes("{"), 1, &none, &error) == DRMM_ERROR_DOCUMENT);
    CHECK(drmm_error_kind(error) == DRMM_ERROR_DOCUMENT && drmm_error_status(error) == 0);
    drmm_free_error(error);
    CHECK(drmm_request(session, bytes("\xff"), 1, &stream, NULL) == DRMM_ERROR_UTF8);
    CHECK(drmm_request(NULL, bytes("{}"), 2, &stream, NULL) == DRMM_ERROR_NULL);
    CHECK(none == NULL && stream == NULL);
}

static void nothing(void)
{
    uintptr_t length = 7;
    CHECK(drmm_buffer_read(NULL, &length) == NULL && length == 0);
    CHECK(drmm_error_message(NULL, &length) == NULL && length == 0);
    CHECK(drmm_error_method(NULL, &length) == NULL && drmm_error_path(NULL, &length) == NULL);
    CHECK(drmm_error_message(NULL, NULL) == NULL && drmm_buffer_read(NULL, NULL) == NULL);
    CHECK(drmm_error_kind(NULL) == DRMM_OK && drmm_error_status(NULL) == 0);
    CHECK(drmm_error_retry_after_ms(NULL) == -1);
    CHECK(drmm_connect(NULL, 0, NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_login(NULL, NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_token(NULL, NULL, 0, NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_request(NULL, NULL, 0, NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_paginate(NULL, NULL, 0, NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_next(NULL, 0, NULL, NULL, NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_cancel(NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_describe(NULL, NULL, NULL) == DRMM_ERROR_NULL);
    CHECK(drmm_disconnect(NULL, NULL) == DRMM_ERROR_NULL);
    drmm_free_session(NULL);
    drmm_free_stream(NULL);
    drmm_free_buffer(NULL);
    drmm_free_error(NULL);
}

/* Everything twice, and as what it is not: the second time it is gone, and does no harm. */
static void freed_twice(char **arguments)
{
    const char *call = "{\"path\": \"v2/account\"}";
    drmm_session *session = connect(arguments);
    drmm_stream *stream = NULL;
    drmm_buffer *batch = NULL;
    drmm_buffer *report = NULL;
    drmm_error *error = NULL;
    drmm_error *fault = NULL;
    int32_t state = 0;
    uintptr_t length = 7;
    ok(drmm_request(session, bytes(call), strlen(call), &stream, &error), error);
    ok(drmm_describe(session, &batch, &error), error);
    CHECK(drmm_request(session, bytes(call), 0, &stream, &error) == DRMM_ERROR_DOCUMENT);
    CHECK(error != NULL && stream != NULL);

    CHECK(drmm_cancel((const drmm_stream *)session, &fault) == DRMM_ERROR_HANDLE);
    const uint8_t *message = drmm_error_message(fault, &length);
    CHECK(has(message, length, "'stream'"));
    drmm_free_error(fault);
    drmm_free_buffer((drmm_buffer *)error);
    drmm_free_error((drmm_error *)stream);
    CHECK(drmm_error_kind(error) == DRMM_ERROR_DOCUMENT);

    for (int times = 0; times < 2; times++) {
        drmm_free_stream(stream);
        drmm_free_session(session);
        drmm_free_buffer(batch);
        drmm_free_error(error);
    }
    CHECK(drmm_error_kind(error) == DRMM_ERROR_HANDLE);
    CHECK(drmm_error_status(error) == 0 && drmm_error_retry_after_ms(error) == -1);
    CHECK(drmm_error_message(error, &length) == NULL && length == 0);
    CHECK(drmm_error_method(error, &length) == NULL && drmm_error_path(error, &length) == NULL);
    CHECK(drmm_buffer_read(batch, &length) == NULL && length == 0);
    CHECK(drmm_next(stream, 0, &state, &batch, &report, NULL) == DRMM_ERROR_HANDLE);
    CHECK(drmm_cancel(stream, NULL) == DRMM_ERROR_HANDLE);
    CHECK(drmm_login(session, &stream, NULL) == DRMM_ERROR_HANDLE);
    CHECK(drmm_token(session, bytes(call), strlen(call), &stream, NULL) == DRMM_ERROR_HANDLE);
    CHECK(drmm_request(session, bytes(call), strlen(call), &stream, NULL) == DRMM_ERROR_HANDLE);
    CHECK(drmm_paginate(session, bytes(call), strlen(call), &stream, NULL) == DRMM_ERROR_HANDLE);
    CHECK(drmm_describe(session, &batch, NULL) == DRMM_ERROR_HANDLE);
    CHECK(drmm_disconnect(session, NULL) == DRMM_ERROR_HANDLE);
    CHECK(state == 0 && report == NULL);
}

/* Documents that are none: each byte of a good one left out, and each changed. */
static void damaged_documents(drmm_session *session)
{
    const char *good = "{\"path\":\"v2/{}\",\"args\":[\"a\"],\"query\":[[\"b\",\"c\"]],\"items\":\"d\"}";
    char document[128];
    size_t whole = strlen(good);
    CHECK(whole < sizeof document);
    for (size_t at = 0; at < whole; at++) {
        for (unsigned change = 0; change < 9; change++) {
            drmm_stream *stream = NULL;
            drmm_error *error = NULL;
            size_t length = whole;
            memcpy(document, good, whole);
            if (change == 8) {
                memmove(document + at, document + at + 1, whole - at - 1);
                length--;
            } else {
                document[at] = (char)(document[at] ^ (1 << change));
            }
            int32_t status = drmm_paginate(session, bytes(document), length, &stream, &error);
            CHECK((status == DRMM_OK) == (stream != NULL) && (status != DRMM_OK) == (error != NULL));
            CHECK(status != DRMM_ERROR_PANIC && drmm_error_kind(error) == status);
            drmm_free_stream(stream);
            drmm_free_error(error);
            drmm_session *other = NULL;
            CHECK(drmm_connect(bytes(document), length, &other, NULL) != DRMM_OK && other == NULL);
        }
    }
}

static void disconnect(drmm_session *session)
{
    const char *call = "{\"path\": \"v2/account\"}";
    const char *keys = "{\"key\": \"a\", \"secret\": \"b\"}";
    drmm_stream *stream = NULL;
    drmm_error *error = NULL;
    ok(drmm_disconnect(session, &error), error);
    ok(drmm_disconnect(session, NULL), NULL);
    int32_t status = drmm_request(session, bytes(call), strlen(call), &stream, &error);
    CHECK(status == DRMM_ERROR_NOT_CONNECTED && stream == NULL);
    CHECK(drmm_error_kind(error) == status);
    drmm_free_error(error);
    CHECK(drmm_login(session, &stream, NULL) == DRMM_ERROR_NOT_CONNECTED && stream == NULL);
    status = drmm_token(session, bytes(keys), strlen(keys), &stream, NULL);
    CHECK(status == DRMM_ERROR_NOT_CONNECTED && stream == NULL);
}

static void panic(void)
{
#ifdef DRMM_DEBUG
    drmm_error *error = NULL;
    uintptr_t length = 0;
    CHECK(drmm_debug_panic(&error) == DRMM_ERROR_PANIC);
    CHECK(drmm_error_kind(error) == DRMM_ERROR_PANIC);
    const uint8_t *message = drmm_error_message(error, &length);
    CHECK(has(message, length, "src/debug.rs") && !has(message, length, "on purpose"));
    drmm_free_error(error);
    CHECK(drmm_debug_panic(NULL) == DRMM_ERROR_PANIC);
#endif
}

int main(int count, char **arguments)
{
    CHECK(drmm_abi_version() == DRMM_ABI_VERSION);
    CHECK(count == 5);
    uint64_t devices = strtoull(arguments[4], NULL, 10);

    nothing();
    panic();
    drmm_session *session = connect(arguments + 1);
    log_in(session);
    fetch_all(session, devices);
    fetch_fields(session, devices);
    fetch_token(session, arguments + 1);
    cancel_half_way(session);
    unknown_device(session);
    wrong_documents(session);
    damaged_documents(session);
    freed_twice(arguments + 1);
    describe(session);
    disconnect(session);
    drmm_free_session(session);
#ifdef DRMM_DEBUG
    CHECK(drmm_debug_handles() == 0);
#endif
    return 0;
}
