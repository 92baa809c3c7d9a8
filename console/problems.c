#include "console/problems.h"

#include "base/die.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 400 };

void problems_open(struct problems *p, const char *file) { *p = (struct problems){.file = xstrdup(file)}; }

void problems_close(struct problems *p)
{
    for (size_t i = 0; i < p->count; i++) free(p->list[i].text);
    free(p->list);
    free(p->file);
    *p = (struct problems){0};
}

static bool before(struct place a, struct place b) { return a.line != b.line ? a.line < b.line : a.column < b.column; }

void problems_add(struct problems *p, struct place at, const char *format, ...)
{
    if (p->count == PROBLEMS_MAX) {
        p->dropped++;
        return;
    }
    char text[TEXT_MAX];
    struct buf clean;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_init(&clean, (size_t)TEXT_MAX * 3);
    utf8_clean(&clean, slice_str(text));
    p->list = xreallocarray(p->list, p->count + 1, sizeof *p->list);
    size_t i = p->count++;
    for (; i > 0 && before(at, p->list[i - 1].at); i--) p->list[i] = p->list[i - 1];
    p->list[i] = (struct problem){at, clean.data ? clean.data : xstrdup("")};
}

void problems_line(const struct problems *p, size_t n, struct buf *out)
{
    const struct problem *q = &p->list[n];
    utf8_clean(out, slice_str(p->file));
    if (q->at.line) buf_printf(out, ":%u", q->at.line);
    if (q->at.line && q->at.column) buf_printf(out, ":%u", q->at.column);
    buf_printf(out, ": %s", q->text);
}

void problems_print(const struct problems *p, FILE *out)
{
    for (size_t i = 0; i < p->count; i++) {
        struct buf line;
        buf_init(&line, 8192);
        problems_line(p, i, &line);
        fprintf(out, "%s\n", line.data);
        buf_free(&line);
    }
    if (p->dropped) fprintf(out, "and %zu more\n", p->dropped);
}

char *problems_summary(const struct problems *p)
{
    struct buf out;
    buf_init(&out, 8192);
    if (p->count) problems_line(p, 0, &out);
    size_t more = p->count ? p->count - 1 + p->dropped : 0;
    if (more) buf_printf(&out, " (and %zu more: tero-console config check)", more);
    return out.data ? out.data : xstrdup("");
}
