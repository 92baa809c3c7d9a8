#include "tui/squeeze.h"

enum { ESC = 27 };

/* Length of "ESC ( X" at the front, 0: something else. */
static size_t charset(struct slice s) { return s.len >= 3 && s.ptr[0] == ESC && s.ptr[1] == '(' ? 3 : 0; }

/* Length of "CSI numbers m" at the front, 0: something else. */
static size_t attributes(struct slice s)
{
    if (s.len < 3 || s.ptr[0] != ESC || s.ptr[1] != '[') return 0;
    for (size_t i = 2; i < s.len; i++) {
        if (s.ptr[i] == 'm') return i + 1;
        if ((s.ptr[i] < '0' || s.ptr[i] > '9') && s.ptr[i] != ';') return 0;
    }
    return 0;
}

static bool resets(struct slice s)
{
    size_t n = attributes(s);
    return n && (s.ptr[2] == 'm' || (s.ptr[2] == '0' && (s.ptr[3] == 'm' || s.ptr[3] == ';')));
}

static struct slice after(struct slice s, size_t n) { return slice_of(s.ptr + n, s.len - n); }

/* Whether a reset comes before anything that is shown or moves. */
static bool reset_follows(struct slice s)
{
    for (size_t n; (n = charset(s)) != 0 || (n = attributes(s)) != 0; s = after(s, n))
        if (resets(s)) return true;
    return false;
}

/* Bytes to go on after; *keep: they are to be sent. */
static size_t sequence(struct squeeze *q, struct slice s, bool *keep)
{
    size_t n = charset(s);
    *keep = true;
    if (n) {
        bool ascii = s.ptr[2] == 'B';
        *keep = !(ascii && q->ascii);
        q->ascii = ascii;
        return n;
    }
    n = attributes(s);
    if (n) *keep = !reset_follows(after(s, n));
    return n ? n : 1;
}

void squeeze_add(struct squeeze *q, struct slice bytes, struct buf *out)
{
    while (bytes.len) {
        const char *escape = memchr(bytes.ptr, ESC, bytes.len);
        size_t plain = escape ? (size_t)(escape - bytes.ptr) : bytes.len;
        buf_add(out, bytes.ptr, plain);
        bytes = after(bytes, plain);
        if (bytes.len == 0) return;
        bool keep;
        size_t n = sequence(q, bytes, &keep);
        if (keep) buf_add(out, bytes.ptr, n);
        bytes = after(bytes, n);
    }
}
