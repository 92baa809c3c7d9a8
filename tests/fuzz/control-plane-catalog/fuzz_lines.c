/* Any text as a log line: the same line has the same id, templates are valid UTF-8 without control characters, and a
 * secret planted in it never comes out. The first byte chooses how the secret is carried. */
#include "base/utf8.h"
#include "control-plane/catalog/catalog.h"
#include "control-plane/catalog/header.h"

#include <stdlib.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char secret[] = "swordfishlagoonmarmalade";
static const char *const carriers[] = {
    " password=%", "\npassword: %\n", " Authorization: Bearer %", " {\"token\":\"%\"} ", " https://ann:%@example.org/ ", " %77 ",
    " ann@%.org ", " secret is %",
};

static void put_carrier(struct buf *line, const char *carrier)
{
    for (; *carrier; carrier++) {
        if (*carrier == '%') buf_str(line, secret);
        else buf_char(line, *carrier);
    }
}

static void check(struct batch *b, bool planted)
{
    const struct delta *d;
    const struct merge *merges;
    size_t n = batch_deltas(b, &d);
    if (n != 1) abort();
    batch_merges(b, &merges);
    if (!utf8_valid(d->template) || !utf8_valid(d->name) || d->events != 4 || d->name.len > 64) abort();
    for (size_t at = 0; at < d->template.len;) {
        uint32_t c = utf8_next(d->template, &at);
        if (utf8_unsafe(c)) abort();
    }
    if (planted && memmem(d->template.ptr, d->template.len, secret, sizeof secret - 1)) abort();
    if (planted && memmem(d->name.ptr, d->name.len, secret, sizeof secret - 1)) abort();
}

static void mine(struct slice line, struct slice event_name, bool planted)
{
    struct catalog *c = catalog_new(&(struct catalog_options){.key = 1, .memory = 1 << 16});
    struct batch *b = batch_new(c);
    struct log_record r = {.body = line, .service = SLICE("fuzz"), .event_name = event_name};
    for (int i = 0; i < 4; i++) batch_add(b, &r);
    check(b, planted);
    batch_free(b);
    catalog_free(c);
}

static void split(struct slice text)
{
    struct slice lines[64];
    size_t n = 0;
    for (const char *p = text.ptr, *end = p + text.len; p < end && n < 64;) {
        const char *q = memchr(p, '\n', (size_t)(end - p));
        if (!q) q = end;
        lines[n++] = slice_of(p, (size_t)(q - p));
        p = q + 1;
    }
    struct header *h = header_learn(lines, n);
    for (size_t i = 0; h && i < n; i++) {
        struct header_parts parts;
        header_split(h, lines[i], &parts);
        if (parts.message.ptr < lines[i].ptr || parts.message.ptr + parts.message.len != lines[i].ptr + lines[i].len) abort();
    }
    header_free(h);
}

/* The fuzzer learns the secret and puts it into plain text, in any case, where nothing tells that it is one. */
static bool holds_secret(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 5 <= size; i++) {
        if (strncasecmp((const char *)data + i, "sword", 5) == 0 || strncasecmp((const char *)data + i, "lagoo", 5) == 0) return true;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 20000 || holds_secret(data, size)) return 0;
    struct slice text = slice_of((const char *)data + 1, size - 1);
    struct buf line;
    buf_init(&line, 1 << 16);
    mine(text, (struct slice){0}, false);
    mine(SLICE("x"), text, false);
    buf_slice(&line, text);
    buf_char(&line, ' ');
    put_carrier(&line, carriers[data[0] % (sizeof carriers / sizeof *carriers)]);
    mine(buf_view(&line), (struct slice){0}, true);
    split(text);
    buf_free(&line);
    return 0;
}
