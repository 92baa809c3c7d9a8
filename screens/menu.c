#include "screens/menu.h"

#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>

struct menu {
    struct view v;
    struct menu_options o;
    int cursor, top, height, y;
};

static unsigned menu_context(const struct view *v)
{
    const struct menu *m = (const struct menu *)v;
    return CONTEXT_MENU | m->o.context_bits | (m->o.checklist ? CONTEXT_CHECKLIST : 0u);
}

static int menu_height(const struct view *v, int body)
{
    const struct menu *m = (const struct menu *)v;
    int most = body * 2 / 3;
    return m->o.count + 1 < most ? m->o.count + 1 : most;
}

static void paint_item(const struct menu *m, int item, int y)
{
    char text[300], number[4] = "";
    const struct menu_item *it = &m->o.items[item];
    const char *mark = m->o.checklist ? (it->on ? "[x]" : "[ ]") : it->on ? glyph(GLYPH_DOT) : " ";
    if (item < 10) snprintf(number, sizeof number, "%d", (item + 1) % 10);
    snprintf(text, sizeof text, " %s  %s", mark, it->text);
    paint_clear(y, 0, ROLE_TEXT);
    paint_cell(y, 1, 2, ROLE_KEY, ALIGN_RIGHT, number);
    paint_cell(y, 3, term_columns() - 3, ROLE_TEXT, ALIGN_LEFT, text);
    if (item == m->cursor) paint_overlay(y, 0, term_columns(), ROLE_SELECTED);
}

static void menu_paint(struct view *v, int y, int height)
{
    struct menu *m = (struct menu *)v;
    m->y = y;
    m->height = height - 1;
    if (m->cursor < m->top) m->top = m->cursor;
    if (m->cursor >= m->top + m->height) m->top = m->cursor - m->height + 1;
    paint_rule(y);
    char heading[100];
    snprintf(heading, sizeof heading, " %s ", m->o.title);
    paint_text(y, 2, term_columns() - 4, ROLE_HEADING, heading);
    for (int i = 0; i < m->height; i++) {
        if (m->top + i < m->o.count) paint_item(m, m->top + i, y + 1 + i);
        else paint_clear(y + 1 + i, 0, ROLE_TEXT);
    }
    if (term_plain()) term_cursor(y + 1 + m->cursor - m->top, 0);
}

static void choose(struct menu *m, int item)
{
    struct app *app = m->v.app;
    struct menu_options o = m->o;
    m->cursor = item;
    if (item >= o.count) return;
    if (o.checklist) {
        m->o.items[item].on = o.pick(o.context, item);
        return;
    }
    m->o.closed = NULL;
    app_back(app);
    o.pick(o.context, item);
    if (o.closed) o.closed(o.context);
}

static void move(struct menu *m, int by)
{
    int before = m->cursor;
    m->cursor += by;
    if (m->cursor >= m->o.count) m->cursor = m->o.count - 1;
    if (m->cursor < 0) m->cursor = 0;
    if (m->cursor != before && m->o.moved) m->o.moved(m->o.context, m->cursor);
}

static bool menu_action(struct view *v, int action)
{
    struct menu *m = (struct menu *)v;
    if (m->o.other && m->o.other(m->o.context, v, action, m->cursor)) return true;
    switch (action) {
    case ACT_DOWN: move(m, 1); return true;
    case ACT_UP: move(m, -1); return true;
    case ACT_PAGE_DOWN:
    case ACT_HALF_DOWN: move(m, m->height); return true;
    case ACT_PAGE_UP:
    case ACT_HALF_UP: move(m, -m->height); return true;
    case ACT_FIRST: move(m, -m->o.count); return true;
    case ACT_LAST: move(m, m->o.count); return true;
    case ACT_SWITCH:
    case ACT_CHOOSE: choose(m, m->cursor); return true;
    }
    return false;
}

static bool menu_key(struct view *v, int key)
{
    struct menu *m = (struct menu *)v;
    int item = key >= '1' && key <= '9' ? key - '1' : key == '0' ? 9 : -1;
    if (item < 0) return false;
    if (item < m->o.count) choose(m, item);
    return true;
}

static bool menu_click(struct view *v, int y, int x)
{
    struct menu *m = (struct menu *)v;
    int item = m->top + y - m->y - 1;
    (void)x;
    if (y <= m->y || item >= m->o.count) return false;
    if (item == m->cursor || m->o.checklist) choose(m, item);
    else move(m, item - m->cursor);
    return true;
}

static void menu_title(const struct view *v, struct buf *out) { buf_str(out, ((const struct menu *)v)->o.title); }

static void menu_close(struct view *v)
{
    struct menu *m = (struct menu *)v;
    for (int i = 0; i < m->o.count; i++) free(m->o.items[i].text);
    free(m->o.items);
    if (m->o.closed) m->o.closed(m->o.context);
    free(m);
}

void menu_fill(struct view *v, struct menu_item *items, int count)
{
    struct menu *m = (struct menu *)v;
    for (int i = 0; i < m->o.count; i++) free(m->o.items[i].text);
    free(m->o.items);
    m->o.items = items;
    m->o.count = count;
    m->cursor = m->top = 0;
    app_dirty(v->app);
}

void menu_go(struct view *v, int item)
{
    struct menu *m = (struct menu *)v;
    m->cursor = item;
    move(m, 0);
}

static const struct view_ops ops = {
    .context = menu_context,
    .height = menu_height,
    .paint = menu_paint,
    .action = menu_action,
    .key = menu_key,
    .click = menu_click,
    .title = menu_title,
    .close = menu_close,
};

struct view *menu_new(struct app *app, const struct menu_options *options)
{
    struct menu *m = xcalloc(1, sizeof *m);
    m->v = (struct view){.ops = &ops, .app = app};
    m->o = *options;
    for (int i = 0; i < m->o.count; i++)
        if (m->o.items[i].on && !m->o.checklist) m->cursor = i;
    return &m->v;
}
