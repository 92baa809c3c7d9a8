/* Any text as a theme: read whole, or refused with a problem in one clean line and nothing changed. */
#include "tui/style.h"
#include "tui/theme_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_problem(const char *problem)
{
    if (!problem || strncmp(problem, "x:", 2) != 0) abort();
    for (const char *c = problem; *c; c++)
        if (*c < 0x20 || *c > 0x7E) abort();
}

static void check_looks(const struct theme *t)
{
    for (int i = 0; i < ROLES; i++)
        for (int colors = 0; colors <= 256; colors += 8)
            if (color_degrade(t->looks[i].fg, colors, false) >= (colors ? colors : 1)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct theme t, before;
    const char *problem = NULL;
    struct slice text = slice_of((const char *)data, size);
    int line;
    struct slice base = theme_base(text, &line), about = theme_about(text);
    if (base.len > size || about.len > size) abort();
    theme_plain(&t);
    before = t;
    if (theme_parse(&t, "x", slice_of((const char *)data, size), &problem)) {
        check_looks(&t);
    } else {
        check_problem(problem);
        if (memcmp(&t, &before, sizeof t) != 0) abort();
    }
    return 0;
}
