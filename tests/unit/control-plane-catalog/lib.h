/* Short ways to ask the miner. Header only; every test program is one C file. */
#ifndef TESTS_CATALOG_LIB_H
#define TESTS_CATALOG_LIB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "control-plane/catalog/catalog.h"
#include "control-plane/catalog/miner.h"
#include "control-plane/catalog/structure.h"

static struct miner *miner;

__attribute__((unused)) static int miner_begin(void **state)
{
    (void)state;
    miner = miner_new(1, (size_t)64 << 20);
    return 0;
}

__attribute__((unused)) static int miner_end(void **state)
{
    (void)state;
    miner_free(miner);
    return 0;
}

__attribute__((unused)) static struct pattern *mined(struct slice line)
{
    static struct template t;
    struct structure s;
    structure_init(&s);
    if (structure_of_text(&s, line)) structure_template(&s, &t);
    else template_of(&t, line);
    struct pattern *p = miner_intern(miner, &t, 0, false);
    structure_free(&s);
    return p;
}

/* The template of a line with every word, valid until the next call. */
__attribute__((unused)) static const char *shown(const char *line)
{
    static char text[4096];
    struct buf out;
    buf_init(&out, sizeof text - 1);
    pattern_display(pattern_root(mined(slice_str(line))), NULL, &out);
    memcpy(text, out.data ? out.data : "", out.len);
    text[out.len] = '\0';
    buf_free(&out);
    return text;
}

__attribute__((unused)) static bool same(const char *a, const char *b)
{
    struct pattern *p = mined(slice_str(a)), *q = mined(slice_str(b));
    miner_settle(miner);
    return pattern_root(p) == pattern_root(q);
}

/* One record of a batch. */
__attribute__((unused)) static void add(struct batch *b, const char *service, const char *body, int64_t ns)
{
    struct log_record r = {.time_ns = ns, .service = slice_str(service), .body = slice_str(body), .bytes = strlen(body)};
    batch_add(b, &r);
}

#endif
