#include "screens/bulk_paint.h"

#include "screens/detail_base.h"
#include "screens/text.h"

#include <ctype.h>
#include <stdio.h>

enum { LIST_LEAST = 3 };

int bulk_add(int y, int x, enum role role, const char *text) { return x + paint_text(y, x, term_columns() - x - 1, role, text); }

static void capital(char *text) { *text = (char)toupper((unsigned char)*text); }

/* ---- lines ---- */

void bulk_row_of(const struct bulk *b, const struct bulk_item *i, struct bulk_row *row)
{
    const json_t *node = bulk_node(i);
    const char *name = detail_name(b->texts, node);
    *row = (struct bulk_row){.key = api_text(b->texts, node, "displayID"), .name = *name ? name : i->id, .unit = ""};
    if (node && b->order.ops->row) b->order.ops->row(b, i, row);
}

const char *bulk_name(const struct bulk_row *row) { return row->key && *row->key ? row->key : row->name; }

static const struct {
    enum role role;
    enum glyph glyph;
    const char *word;
} looks[] = {
    [BULK_NEW] = {ROLE_DIM, GLYPH_ELLIPSIS, ""},         [BULK_LOADING] = {ROLE_DIM, GLYPH_ELLIPSIS, ""},
    [BULK_READY] = {ROLE_TEXT, GLYPH_DOT, ""},           [BULK_LEFT_OUT] = {ROLE_WARN, GLYPH_CROSS, "left out: "},
    [BULK_SENT] = {ROLE_INFO, GLYPH_ELLIPSIS, ""},       [BULK_DONE] = {ROLE_GOOD, GLYPH_CHECK, ""},
    [BULK_FAILED] = {ROLE_BAD, GLYPH_CROSS, "failed: "},
};

static bool told(const struct bulk_item *i) { return i->state == BULK_LEFT_OUT || i->state == BULK_FAILED || i->state == BULK_DONE; }

static void paint_item(const struct bulk *b, const struct bulk_item *i, int y)
{
    struct bulk_row row;
    int middle = term_columns() / 2, at = 4;
    bulk_row_of(b, i, &row);
    bulk_add(y, 2, looks[i->state].role, glyph(looks[i->state].glyph));
    if (row.key && *row.key) {
        paint_cell(y, at, 8, ROLE_KEY, ALIGN_LEFT, row.key);
        at = 13;
    }
    paint_cell(y, at, middle - at - 1, ROLE_TEXT, ALIGN_LEFT, row.name);
    if (told(i)) {
        int x = bulk_add(y, middle, looks[i->state].role, looks[i->state].word);
        bulk_add(y, x, looks[i->state].role, i->message);
    } else if (*row.effect) {
        int x = bulk_add(y, middle, ROLE_MONEY, row.effect);
        bulk_add(y, x, ROLE_DIM, row.unit);
    }
}

static void paint_heading(const struct bulk *b, int y)
{
    char text[200];
    struct bulk_row row;
    const struct bulk_words *w = b->order.words;
    bulk_row_of(b, &b->items[0], &row);
    if (b->count == 1) snprintf(text, sizeof text, " %s %s ", w->word, bulk_node(&b->items[0]) ? bulk_name(&row) : "");
    else snprintf(text, sizeof text, " %s %zu %s ", w->word, b->count, b->order.ops->resource->name);
    capital(text + 1);
    paint_rule(y);
    paint_text(y, 2, term_columns() - 4, ROLE_HEADING, text);
}

static void paint_list(struct bulk *b, int y, int lines)
{
    b->room = lines;
    if (b->top > (int)b->count - lines) b->top = (int)b->count - lines;
    if (b->top < 0) b->top = 0;
    for (int i = 0; i < lines && b->top + i < (int)b->count; i++) paint_item(b, &b->items[b->top + i], y + i);
}

/* ---- the last line ---- */

static int span(int y, int x, enum role role, size_t count, const char *words)
{
    char text[120];
    snprintf(text, sizeof text, "%s%zu %s", x > 2 ? text_dot() : "", count, words);
    return bulk_add(y, x, role, text);
}

static void paint_counts(const struct bulk *b, int y)
{
    size_t failed = bulk_counted(b, BULK_FAILED), left = bulk_counted(b, BULK_LEFT_OUT);
    size_t waiting = bulk_counted(b, BULK_READY) + bulk_counted(b, BULK_NEW);
    int x = span(y, 2, ROLE_GOOD, bulk_counted(b, BULK_DONE), b->order.words->done);
    if (failed) x = span(y, x, ROLE_BAD, failed, "failed");
    if (left) x = span(y, x, ROLE_WARN, left, "left out");
    if (waiting) x = span(y, x, ROLE_WARN, waiting, "not done");
    if (failed || waiting) {
        x = bulk_add(y, x + 2, ROLE_KEY, "t");
        x = bulk_add(y, x + 1, ROLE_DIM, failed ? "tries the failed again" : "goes on");
    }
    x = bulk_add(y, x + 2, ROLE_KEY, "Esc");
    bulk_add(y, x + 1, ROLE_DIM, "closes");
}

static void paint_ask(const struct bulk *b, int y)
{
    char text[240];
    const struct bulk_words *w = b->order.words;
    size_t ready = bulk_counted(b, BULK_READY);
    int x = 1;
    if (ready) {
        const char *effect = b->count > 1 ? w->effects : w->effect, *blank = effect ? " " : "";
        if (b->count > 1) snprintf(text, sizeof text, "%s %zu?%s%s", w->word, ready, blank, effect ? effect : "");
        else snprintf(text, sizeof text, "%s?%s%s", w->word, blank, effect ? effect : "");
        capital(text);
        x = bulk_add(y, 2, ROLE_WARN, text);
        x = bulk_add(y, x + 1, ROLE_KEY, "y/N");
    } else {
        x = bulk_add(y, x + 1, ROLE_WARN, b->count > 1 ? "nothing to do: all are left out" : "it cannot be done");
    }
    x = bulk_add(y, x + 2, ROLE_KEY, "Esc");
    bulk_add(y, x + 1, ROLE_DIM, "changes nothing");
}

static void paint_question(const struct bulk *b, int y)
{
    char text[160];
    const struct bulk_words *w = b->order.words;
    if (bulk_loading(b)) {
        snprintf(text, sizeof text, "looking at %zu of %zu%s", b->count - bulk_counted(b, BULK_NEW) - bulk_counted(b, BULK_LOADING),
                 b->count, glyph(GLYPH_ELLIPSIS));
        bulk_add(y, 2, ROLE_DIM, text);
    } else if (b->confirmed) {
        snprintf(text, sizeof text, "%s: %zu of %zu", w->doing, bulk_counted(b, BULK_DONE), b->count);
        int x = bulk_add(y, 2, ROLE_INFO, text);
        x = bulk_add(y, x + 2, ROLE_KEY, "n");
        bulk_add(y, x + 1, ROLE_DIM, b->stopped ? "stopping" : "stops");
    } else if (w->prompt && !b->text) {
        snprintf(text, sizeof text, "Enter %s, or leave everything as it is with Esc.", w->needs);
        bulk_add(y, 2, ROLE_DIM, text);
    } else {
        paint_ask(b, y);
    }
}

/* ---- all of it ---- */

static bool single(const struct bulk *b)
{
    return b->order.ops->single_lines && b->count == 1 && b->items[0].state == BULK_READY && !b->confirmed;
}

int bulk_height(const struct bulk *b, int body)
{
    int wanted = 3 + (single(b) ? b->order.ops->single_lines(b) : (int)b->count + 1), most = body * 2 / 3;
    if (most < 3 + LIST_LEAST) most = 3 + LIST_LEAST;
    return wanted < most ? wanted : most;
}

static void paint_sum(const struct bulk *b, int y)
{
    char text[240];
    const char *label;
    if (b->count == 1 || !b->order.ops->sum || !b->order.ops->sum(b, &label, text, sizeof text)) return;
    bulk_add(y, 2, ROLE_DIM, label);
    bulk_add(y, 11, ROLE_MONEY, text);
}

void bulk_paint(struct bulk *b, int y, int rows)
{
    arena_reset(b->texts);
    for (int i = 0; i < rows; i++) paint_clear(y + i, 0, ROLE_TEXT);
    paint_heading(b, y);
    if (single(b)) {
        b->order.ops->single_paint(b, y + 1);
    } else {
        paint_list(b, y + 1, rows - 4 + (b->count == 1));
        paint_sum(b, y + rows - 3);
    }
    if (bulk_finished(b)) paint_counts(b, y + rows - 1);
    else paint_question(b, y + rows - 1);
    if (term_plain()) term_cursor(y + rows - 1, 0);
}
