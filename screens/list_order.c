/* Sorting and choosing columns. */
#include "screens/list_view.h"

#include "base/die.h"
#include "screens/menu.h"

#include <stdlib.h>

void list_order_show(struct list_view *l)
{
    for (int i = 0; i < l->list.column_count; i++) {
        l->columns[i].sort = i != l->sort ? 0 : l->descending ? -1 : 1;
        list_cells_width(l, i);
    }
}

void list_order_default(struct list_view *l)
{
    l->sort = -1;
    for (size_t i = 0; i < l->resource->column_count; i++)
        if (l->resource->sort && !strcmp(l->resource->columns[i].key, l->resource->sort)) l->sort = (int)i;
    if (l->sort >= 0) l->descending = l->resource->columns[l->sort].descending;
    list_order_show(l);
}

void list_order_by(struct list_view *l, int column)
{
    l->descending = column == l->sort ? !l->descending : l->resource->columns[column].descending;
    l->sort = column;
    list_order_show(l);
    list_view_ask(l, false);
}

/* The n-th column that can be sorted by. */
static int sortable(const struct list_view *l, int n)
{
    for (int i = 0; i < l->list.column_count; i++)
        if (l->resource->columns[i].order && n-- == 0) return i;
    return -1;
}

static bool pick_order(void *context, int item)
{
    struct list_view *l = context;
    list_order_by(l, sortable(l, item));
    return true;
}

static const char *direction(const struct column *c, bool down)
{
    if (c->type == COLUMN_TEXT) return down ? "Z to A" : "A to Z";
    if (c->type == COLUMN_TIME) return down ? "newest first" : "oldest first";
    if (c->type == COLUMN_SEVERITY) return down ? "error first" : "debug first";
    if (c->type == COLUMN_BOOL) return down ? "yes first" : "no first";
    return down ? "largest first" : "smallest first";
}

/* What picking the column does: the one in force is turned around. */
static char *order_text(const struct list_view *l, int column)
{
    const struct column *c = &l->resource->columns[column];
    bool down = column == l->sort ? !l->descending : c->descending;
    return xasprintf("%-12s %-15s %s", c->key, direction(c, down), c->help ? c->help : "");
}

void list_order_menu(struct list_view *l)
{
    struct menu_options o = {.title = "Sort by", .pick = pick_order, .context = l};
    o.items = xcalloc(l->resource->column_count, sizeof *o.items);
    for (int column; (column = sortable(l, o.count)) >= 0; o.count++)
        o.items[o.count] = (struct menu_item){order_text(l, column), column == l->sort};
    app_push(l->v.app, menu_new(l->v.app, &o));
}

static int shown(const struct list_view *l)
{
    int n = 0;
    for (int i = 0; i < l->list.column_count; i++) n += !l->columns[i].hidden;
    return n;
}

static bool pick_column(void *context, int item)
{
    struct list_view *l = context;
    bool hidden = l->columns[item].hidden;
    if (!hidden && shown(l) == 1) app_message(l->v.app, ROLE_WARN, "one column must stay");
    else l->columns[item].hidden = !hidden;
    list_cells_forget(l);
    return !l->columns[item].hidden;
}

void list_columns_menu(struct list_view *l)
{
    struct menu_options o = {.title = "Columns", .checklist = true, .pick = pick_column, .context = l, .count = l->list.column_count};
    o.items = xcalloc((size_t)o.count, sizeof *o.items);
    for (int i = 0; i < o.count; i++) {
        const struct column *c = &l->resource->columns[i];
        o.items[i] = (struct menu_item){xasprintf("%-12s %-12s %s", c->key, c->title, c->help ? c->help : ""), !l->columns[i].hidden};
    }
    app_push(l->v.app, menu_new(l->v.app, &o));
}
