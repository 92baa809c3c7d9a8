#include "tui/completion.h"

#include "base/die.h"
#include "tui/paint.h"
#include "tui/term.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { GAP = 2, SHOWN_WIDTH = 44 };

void completions_free(struct completions *c)
{
    for (size_t i = 0; i < c->count; i++) {
        free(c->items[i].text);
        free(c->items[i].note);
    }
    free(c->items);
    free(c->line);
    *c = (struct completions){0};
}

void completions_begin(struct completions *c, const char *line, size_t cursor)
{
    completions_free(c);
    c->line = xstrndup(line, cursor);
    for (size_t i = 0; i < cursor; i++)
        if (line[i] == ' ') c->start = i + 1;
}

void completions_word(struct completions *c, size_t start) { c->start = start; }
const char *completions_prefix(const struct completions *c) { return c->line ? c->line + c->start : ""; }

bool completions_add(struct completions *c, const char *text, const char *note, bool open)
{
    const char *word = completions_prefix(c);
    if (!*text || strncasecmp(text, word, strlen(word)) != 0) return true;
    for (size_t i = 0; i < c->count; i++)
        if (!strcmp(c->items[i].text, text)) return true;
    if (c->count == COMPLETIONS_MAX) return false;
    if (!c->items) c->items = xcalloc(COMPLETIONS_MAX, sizeof *c->items);
    c->items[c->count++] = (struct completion){xstrdup(text), xstrdup(note ? note : ""), open};
    return true;
}

size_t completions_common(const struct completions *c)
{
    if (!c->count) return 0;
    const char *first = c->items[0].text;
    size_t n = strlen(first);
    for (size_t i = 1; i < c->count; i++)
        for (size_t k = 0; k < n; k++)
            if (first[k] != c->items[i].text[k]) n = k;
    while (n && ((unsigned char)first[n] & 0xC0) == 0x80) n--;
    return n;
}

static const char *shown(const struct completions *c, size_t i)
{
    const char *text = c->items[i].text;
    return strlen(text) > c->skip ? text + c->skip : text;
}

static int width_of(const struct completions *c, size_t i)
{
    int width = text_width(shown(c, i));
    return width < SHOWN_WIDTH ? width : SHOWN_WIDTH;
}

/* The first that is shown, so that the chosen one is in sight. */
static size_t first_shown(const struct completions *c, long chosen, int room)
{
    size_t first = 0;
    int used = 0;
    for (size_t i = 0; chosen >= 0 && i <= (size_t)chosen; i++) {
        used += width_of(c, i) + GAP;
        while (used > room && first < i) used -= width_of(c, first++) + GAP;
    }
    return first;
}

static const char *note_of(const struct completions *c, long chosen)
{
    if (chosen >= 0) return c->items[chosen].note;
    return c->count == 1 ? c->items[0].note : "";
}

void completions_paint(const struct completions *c, long chosen, int y)
{
    int x = 1, room = term_columns() - 4;
    size_t i = first_shown(c, chosen, room);
    paint_clear(y, 0, ROLE_BAR);
    if (i > 0) paint_text(y, 0, 1, ROLE_BAR, "<");
    for (; i < c->count && x + width_of(c, i) < term_columns() - 1; i++) {
        int width = width_of(c, i);
        paint_cell(y, x, width, ROLE_BAR, ALIGN_LEFT, shown(c, i));
        if ((long)i == chosen) paint_overlay(y, x, width, ROLE_SELECTED);
        x += width + GAP;
    }
    if (i < c->count) paint_text(y, term_columns() - 1, 1, ROLE_BAR, ">");
    const char *note = note_of(c, chosen);
    int width = text_width(note);
    if (*note && x + GAP + width < term_columns() - 1) paint_text(y, term_columns() - 2 - width, width, ROLE_BAR, note);
}
