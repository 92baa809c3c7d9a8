/* A borrowed run of bytes: not terminated, not owned. Valid as long as what it points into. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *ptr;
    size_t len;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

static inline struct slice slice_of(const char *ptr, size_t len) { return (struct slice){ptr, len}; }

static inline struct slice slice_str(const char *text) { return (struct slice){text, text ? strlen(text) : 0}; }

static inline bool slice_eq(struct slice a, struct slice b) { return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0); }

static inline bool slice_is(struct slice a, const char *text) { return slice_eq(a, slice_str(text)); }

static inline bool slice_starts(struct slice a, const char *prefix)
{
    size_t n = strlen(prefix);
    return a.len >= n && memcmp(a.ptr, prefix, n) == 0;
}

#endif
