/* A growable byte buffer with a maximum.
 *
 * struct buf b; buf_init(&b, max); ... buf_free(&b).
 * An addition that would pass `max` is dropped whole and sets `full`; all later additions are dropped too, so a
 * writer may check once, at its end. `data` is always followed by a NUL that `len` does not count; NULL while
 * nothing was added. buf_cut() takes back what came after a mark (a former len) and clears `full`. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/slice.h"

#include <stdint.h>

struct buf {
    char *data;
    size_t len, cap, max;
    bool full;
    bool secret; /* memory is wiped before it is given back */
};

void buf_init(struct buf *b, size_t max);
/* For what must not stay in freed memory. */
void buf_init_secret(struct buf *b, size_t max);
void buf_free(struct buf *b);
/* Forgets the content, keeps the memory. */
void buf_clear(struct buf *b);
void buf_cut(struct buf *b, size_t len);
/* Room for n more bytes at data + len, or false (and full). The caller adds to len what it wrote. */
bool buf_reserve(struct buf *b, size_t n);

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_char(struct buf *b, char c);
void buf_str(struct buf *b, const char *text);
void buf_slice(struct buf *b, struct slice s);
void buf_u64(struct buf *b, uint64_t value);
void buf_i64(struct buf *b, int64_t value);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline struct slice buf_view(const struct buf *b) { return (struct slice){b->data ? b->data : "", b->len}; }

#endif
