#include "tui/list.h"

#include "tui/list_layout.h"
#include "tui/term.h"

#include <stdio.h>

/* Plain: the cursor's sign and the mark have a column each. */
static int gutter_width(void) { return term_plain() ? 2 : 1; }

static void paint_title(int y, const struct list_column *c, const struct list_place *p)
{
    if (c->sort == 0) {
        paint_cell(y, p->x, p->width, ROLE_HEADING, c->align, c->title);
        return;
    }
    char text[128];
    char mark[16];
    int wide = c->rank ? 2 : 1;
    if (c->rank) snprintf(mark, sizeof mark, "%s%d", glyph(c->sort > 0 ? GLYPH_SORT_UP : GLYPH_SORT_DOWN), c->rank % 10);
    else snprintf(mark, sizeof mark, "%s", glyph(c->sort > 0 ? GLYPH_SORT_UP : GLYPH_SORT_DOWN));
    snprintf(text, sizeof text, "%s %s", c->title, mark);
    if (text_width(text) <= p->width || p->width < 2 + wide) {
        paint_cell(y, p->x, p->width, ROLE_HEADING, c->align, text);
        return;
    }
    paint_cell(y, p->x, p->width - wide, ROLE_HEADING, c->align, c->title);
    paint_cell(y, p->x + p->width - wide, wide, ROLE_HEADING, ALIGN_LEFT, mark);
}

static void paint_heading(const struct list *l, const struct list_place *places, int count)
{
    int y = l->y - 1;
    paint_clear(y, 0, ROLE_HEADING);
    if (l->stale) paint_cell(y, 0, 1, ROLE_WARN, ALIGN_LEFT, "~");
    for (int i = 0; i < count; i++) paint_title(y, &l->columns[places[i].column], &places[i]);
}

static void paint_list_cell(const struct list *l, int y, const struct list_place *p, const struct list_cell *cell, const enum role *forced)
{
    enum role role = forced ? *forced : cell->role;
    if (cell->series) paint_sparkline(y, p->x, p->width, role, cell->series, cell->series_count);
    else paint_cell(y, p->x, p->width, role, l->columns[p->column].align, cell->text);
}

static const char *gutter(bool marked, bool current)
{
    if (!term_plain()) return marked ? glyph(GLYPH_MARK) : " ";
    return current && marked ? ">*" : current ? ">" : marked ? " *" : " ";
}

static void paint_row(const struct list *l, long row, int y, const struct list_place *places, int count)
{
    bool current = row == l->cursor, loaded = true;
    bool marked = l->model.marked && l->model.marked(l->model.context, row);
    enum role whole = current ? ROLE_SELECTED : marked ? ROLE_MARKED : ROLE_TEXT;
    paint_clear(y, 0, whole);
    paint_cell(y, 0, gutter_width(), whole, ALIGN_LEFT, gutter(marked, current));
    for (int i = 0; i < count && loaded; i++) {
        struct list_cell cell = {.role = ROLE_TEXT};
        loaded = l->model.cell(l->model.context, row, places[i].column, &cell);
        if (loaded) paint_list_cell(l, y, &places[i], &cell, current || marked ? &whole : NULL);
    }
    if (!loaded)
        paint_cell(y, gutter_width(), term_columns() - gutter_width(), current ? ROLE_SELECTED : ROLE_DIM, ALIGN_LEFT, glyph(GLYPH_DOT));
}

void list_paint(struct list *l)
{
    struct list_place places[LIST_COLUMNS_MAX];
    list_clamp(l);
    int count = list_layout(l->columns, l->column_count, gutter_width(), term_columns() - gutter_width(), places);
    paint_heading(l, places, count);
    for (int i = 0; i < l->height; i++) {
        if (l->top + i < l->count) paint_row(l, l->top + i, l->y + i, places, count);
        else paint_clear(l->y + i, 0, ROLE_TEXT);
    }
    if (term_plain() && l->count > 0 && l->height > 0) term_cursor(l->y + (int)(l->cursor - l->top), 0);
}

static long limit(long value, long low, long high)
{
    if (value > high) value = high;
    return value < low ? low : value;
}

static int page(const struct list *l) { return l->height > 0 ? l->height : 1; }

void list_clamp(struct list *l)
{
    l->cursor = limit(l->cursor, 0, l->count - 1);
    l->top = limit(l->top, l->cursor - page(l) + 1, l->cursor);
    l->top = limit(l->top, 0, l->count > page(l) ? l->count - page(l) : 0);
}

static bool changed(struct list *l, long top, long cursor)
{
    list_clamp(l);
    return l->top != top || l->cursor != cursor;
}

bool list_go(struct list *l, long row)
{
    long top = l->top, cursor = l->cursor;
    l->cursor = row;
    return changed(l, top, cursor);
}

bool list_move(struct list *l, long rows)
{
    long target = rows > 0 && l->cursor > l->count - rows ? l->count - 1 : l->cursor + rows;
    return list_go(l, target);
}

bool list_page(struct list *l, int pages)
{
    long top = l->top, cursor = l->cursor, step = (long)pages * page(l);
    l->cursor = limit(l->cursor + step, 0, l->count - 1);
    l->top = limit(l->top + step, 0, l->count > page(l) ? l->count - page(l) : 0);
    return changed(l, top, cursor);
}

bool list_at(const struct list *l, int y, int x, int *column, long *row)
{
    struct list_place places[LIST_COLUMNS_MAX];
    int count = list_layout(l->columns, l->column_count, gutter_width(), term_columns() - gutter_width(), places);
    long wanted = l->top + y - l->y;
    *column = -1;
    *row = y >= l->y && wanted < l->count ? wanted : -1;
    for (int i = 0; i < count; i++)
        if (x >= places[i].x && x < places[i].x + places[i].width) *column = places[i].column;
    return y >= l->y - 1 && y < l->y + l->height;
}
