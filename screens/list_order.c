/* What a list is sorted by. */
#include "screens/list_view.h"

#include "base/die.h"
#include "screens/menu.h"

#include <stdlib.h>

void list_order_default(struct list_view *l)
{
    const struct column *c = l->resource->sort ? resource_column(l->resource, l->resource->sort) : NULL;
    l->order_count = c ? 1 : 0;
    if (c) l->order[0] = (struct list_order){c, c->descending};
}

/* The API's orderBy is one column; what else was asked for is named beside the order, not done. */
size_t list_order_sent(const struct list_view *l) { return l->order_count > 1 ? 1 : l->order_count; }

static size_t find(const struct list_view *l, const struct column *c)
{
    size_t i = 0;
    while (i < l->order_count && l->order[i].column != c) i++;
    return i;
}

void list_order_by(struct list_view *l, const struct column *c)
{
    size_t at = find(l, c);
    bool descending = at < l->order_count ? !l->order[at].descending : c->descending;
    l->order[0] = (struct list_order){c, descending};
    l->order_count = 1;
    l->fitted = 0;
    list_order_show(l);
    list_view_ask(l, false);
}

void list_order_set(struct list_view *l, const struct list_order *order, size_t count)
{
    for (size_t i = 0; i < count; i++) l->order[i] = order[i];
    l->order_count = count;
    l->fitted = 0;
    list_order_show(l);
    list_view_ask(l, false);
}

void list_order_turn(struct list_view *l)
{
    for (size_t i = 0; i < l->order_count; i++) l->order[i].descending = !l->order[i].descending;
    list_order_show(l);
    list_view_ask(l, false);
}

/* ---- the menu ---- */

/* The n-th column that can be sorted by. */
static const struct column *sortable(const struct list_view *l, int n)
{
    for (size_t i = 0; i < l->resource->column_count; i++)
        if (l->resource->columns[i].order && n-- == 0) return &l->resource->columns[i];
    return NULL;
}

static bool pick(void *context, int item)
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
static char *text_of(const struct list_view *l, const struct column *c)
{
    size_t at = find(l, c);
    bool down = at < l->order_count ? !l->order[at].descending : c->descending;
    char rank[4] = " ";
    if (at < l->order_count && l->order_count > 1) snprintf(rank, sizeof rank, "%zu", at + 1);
    return xasprintf("%s %-12s %-15s %s", rank, c->key, direction(c, down), c->help ? c->help : "");
}

static struct menu_item *items_of(const struct list_view *l, int *count)
{
    const struct column *c;
    struct menu_item *items = xcalloc(l->resource->column_count, sizeof *items);
    for (*count = 0; (c = sortable(l, *count)); ++*count)
        items[*count] = (struct menu_item){text_of(l, c), l->order_count && l->order[0].column == c};
    return items;
}

void list_order_menu(struct list_view *l)
{
    struct menu_options o = {.title = "Sort by", .pick = pick, .context = l};
    o.items = items_of(l, &o.count);
    app_push(l->v.app, menu_new(l->v.app, &o));
}

void list_order_status(const struct list_view *l, struct buf *out)
{
    size_t sent = list_order_sent(l);
    for (size_t i = 0; i < sent; i++) buf_printf(out, "%s%s", i ? ", then " : "sorted by ", l->order[i].column->key);
    if (sent < l->order_count) buf_printf(out, " alone: this control plane takes no second column");
}
