#include "tui/fold.h"

#include "base/utf8.h"

#include <wctype.h>

static wint_t next_folded(struct slice s, size_t *at)
{
    uint32_t code = utf8_next(s, at);
    return code < 0x80 && code - 'A' < 26 ? code + 32 : towlower((wint_t)code);
}

/* Bytes of the text that match from `at`; 0: none. */
static size_t match_at(struct slice text, size_t at, struct slice wanted)
{
    size_t from = at;
    for (size_t w = 0; w < wanted.len;) {
        if (at >= text.len || next_folded(text, &at) != next_folded(wanted, &w)) return 0;
    }
    return at - from;
}

bool fold_find(struct slice text, size_t at, const char *wanted, struct slice *found)
{
    struct slice want = slice_str(wanted);
    while (want.len && at < text.len) {
        size_t n = match_at(text, at, want);
        if (n) {
            *found = slice_of(text.ptr + at, n);
            return true;
        }
        utf8_next(text, &at);
    }
    return false;
}
