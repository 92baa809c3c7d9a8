#include "tests/pty/lib/golden.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGEST = 16 };

/* 'd' a digit, 'x' a hexadecimal digit, others stand for themselves. */
static size_t shape(const char *text, const char *pattern)
{
    size_t n = 0;
    for (; pattern[n]; n++) {
        unsigned char c = (unsigned char)text[n];
        bool fits = pattern[n] == 'd' ? isdigit(c) != 0 : pattern[n] == 'x' ? isxdigit(c) != 0 : (char)c == pattern[n];
        if (!fits) return 0;
    }
    return n;
}

static size_t digits(const char *text)
{
    size_t n = 0;
    while (isxdigit((unsigned char)text[n])) n++;
    return n >= DIGEST || (n == 8 && !isalnum((unsigned char)text[n])) ? n : 0;
}

static size_t secret(const char *text)
{
    if (strncmp(text, "tero_sk_", 8) != 0) return 0;
    size_t n = 8;
    while (isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '-') n++;
    return n;
}

/* How long a text is that differs from run to run and keeps its width. */
static size_t varying(const char *text)
{
    size_t n = shape(text, "dd:dd:dd");
    if (!n) n = shape(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    if (!n) n = secret(text);
    return n ? n : digits(text);
}

static size_t milliseconds(const char *text)
{
    size_t n = strspn(text, "0123456789.");
    return n && !strncmp(text + n, " ms", 3) ? n : 0;
}

static void mask(const char *row, const char *home, struct buf *out)
{
    size_t home_len = strlen(home);
    for (const char *at = row; *at;) {
        if (!strncmp(at, home, home_len)) {
            buf_char(out, '~');
            at += home_len;
            continue;
        }
        bool begins = at == row || !isalnum((unsigned char)at[-1]);
        size_t same = begins ? varying(at) : 0, free_width = begins && !same ? milliseconds(at) : 0;
        for (size_t i = 0; i < same; i++) buf_char(out, isalnum((unsigned char)at[i]) || secret(at) ? '#' : at[i]);
        while (free_width && out->len && out->data[out->len - 1] == ' ') out->len--;
        if (free_width) buf_str(out, " #");
        if (!same && !free_width) buf_char(out, *at);
        at += same ? same : free_width ? free_width : 1;
    }
}

void golden_take(const struct vt *vt, const char *home, struct buf *out)
{
    for (int y = 0; y < vt_rows(vt); y++) {
        buf_char(out, vt_attribute(vt, y, 0, 'r') ? '>' : '|');
        mask(vt_row(vt, y), home, out);
        buf_char(out, '\n');
    }
}

static bool read_file(const char *path, struct buf *out)
{
    char bytes[8192];
    size_t n;
    FILE *in = fopen(path, "re");
    while (in && (n = fread(bytes, 1, sizeof bytes, in)) > 0) buf_add(out, bytes, n);
    return in && fclose(in) == 0;
}

static void first_difference(const char *kept, const char *now, const char **why)
{
    static char text[1400];
    int row = 1;
    for (;; row++) {
        size_t a = strcspn(kept, "\n"), b = strcspn(now, "\n");
        if (a != b || strncmp(kept, now, a) != 0 || !kept[a] || !now[b]) {
            snprintf(text, sizeof text, "row %d was %.*s", row, a > 600 ? 600 : (int)a, kept);
            *why = text;
            return;
        }
        kept += a + 1;
        now += b + 1;
    }
}

bool golden_same(const char *path, const struct buf *picture, const char **why)
{
    struct buf kept;
    buf_init(&kept, 1 << 20);
    bool there = read_file(path, &kept), same = there && kept.len == picture->len && !memcmp(kept.data, picture->data, kept.len);
    *why = "";
    if (!there) *why = "there is no such picture: `make golden` takes it";
    else if (!same) first_difference(kept.data ? kept.data : "", picture->data, why);
    buf_free(&kept);
    return same;
}

bool golden_write(const char *path, const struct buf *picture)
{
    FILE *out = fopen(path, "we");
    bool good = out && fwrite(picture->data, 1, picture->len, out) == picture->len;
    return out && fclose(out) == 0 && good;
}
