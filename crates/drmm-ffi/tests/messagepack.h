/* As much of MessagePack as it takes to look into a batch. Everything checks for the end. */
#ifndef DRMM_TESTS_MESSAGEPACK_H
#define DRMM_TESTS_MESSAGEPACK_H

#include <stdint.h>
#include <stdlib.h>

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} reader;

static const uint8_t *take(reader *from, uint64_t count)
{
    const uint8_t *taken = from->at;
    CHECK(count <= (uint64_t)(from->end - from->at));
    from->at += count;
    return taken;
}

/* A big-endian number of `size` bytes. */
static uint64_t number(reader *from, unsigned size)
{
    const uint8_t *bytes = take(from, size);
    uint64_t value = 0;
    for (unsigned i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static uint64_t array(reader *from)
{
    uint8_t code = *take(from, 1);
    if ((code & 0xf0) == 0x90) {
        return code & 0x0f;
    }
    CHECK(code == 0xdc || code == 0xdd);
    return number(from, code == 0xdc ? 2 : 4);
}

/* An integer that is not negative. */
static uint64_t integer(reader *from)
{
    uint8_t code = *take(from, 1);
    if (code < 0x80) {
        return code;
    }
    CHECK(code >= 0xcc && code <= 0xcf);
    return number(from, 1u << (code - 0xcc));
}

/* Passes over one value; an object is one, its content is not looked at. */
static void skip(reader *from)
{
    uint8_t code = *from->at;
    if ((code & 0xf0) == 0x90 || code == 0xdc || code == 0xdd) {
        for (uint64_t left = array(from); left > 0; left--) {
            skip(from);
        }
        return;
    }
    take(from, 1);
    if (code < 0x80 || code >= 0xe0 || code == 0xc0 || code == 0xc2 || code == 0xc3) {
        return;
    }
    if ((code & 0xe0) == 0xa0) {
        take(from, code & 0x1f);
    } else if (code == 0xcb) {
        take(from, 8);
    } else if (code >= 0xcc && code <= 0xcf) {
        take(from, 1u << (code - 0xcc));
    } else if (code >= 0xd0 && code <= 0xd3) {
        take(from, 1u << (code - 0xd0));
    } else if (code >= 0xd4 && code <= 0xd6) {
        take(from, 1 + (1u << (code - 0xd4)));
    } else if (code >= 0xc7 && code <= 0xc9) {
        take(from, 1 + number(from, 1u << (code - 0xc7)));
    } else {
        CHECK(code >= 0xd9 && code <= 0xdb);
        take(from, number(from, 1u << (code - 0xd9)));
    }
}

#endif
