/* What a list is sorted by. */
#include "screens/list_view.h"

#include "base/die.h"
#include "screens/menu.h"

#include <stdlib.h>
#include <string.h>

void list_order_default(struct list_view *l)
{
    const struct column *c = l->resource->sort ? resource_column(l->resource, l->resource->sort) : NULL;
    l->order_count = c ? 1 : 0;
    if (c) l->order[0] = (struct list_order){c, c->descending};
}

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
    char rank[24] = " ";
    if (at < l->order_count && l->order_count > 1) snprintf(rank, sizeof rank, "%zu", at + 1);
    return xasprintf("%s %-12s %-15s %s", rank, c->key, direction(c, down), c->help ? c->help : "");
}

static struct menu_item *items_of(const struct list_view *l, int *count)
{
    const struct column *c;
    struct menu_item *items = xcalloc(l->resource->column_count, sizeof *items);
    for (*count = 0; (c = sortable(l, *count)); ++*count) items[*count] = (struct menu_item){text_of(l, c), find(l, c) < l->order_count};
    return items;
}

/* Behind the columns in force; one of them is turned around where it stands. */
static void add(struct list_view *l, const struct column *c)
{
    size_t i = find(l, c), count = l->order_count;
    struct list_order order[LIST_ORDERS];
    memcpy(order, l->order, sizeof order);
    if (i < count) order[i].descending = !order[i].descending;
    else if (count < LIST_ORDERS) order[count++] = (struct list_order){c, c->descending};
    else app_message(l->v.app, ROLE_WARN, "no more than %d columns decide the order", LIST_ORDERS);
    list_order_set(l, order, count);
}

static bool other(void *context, struct view *menu, int action, int item)
{
    struct list_view *l = context;
    int count;
    if (action != ACT_SORT_ADD) return false;
    add(l, sortable(l, item));
    struct menu_item *items = items_of(l, &count);
    menu_fill(menu, items, count);
    menu_go(menu, item);
    return true;
}

void list_order_menu(struct list_view *l)
{
    struct menu_options o = {
        .title = "Sort by; + adds a column", .pick = pick, .context_bits = CONTEXT_ORDER, .other = other, .context = l};
    o.items = items_of(l, &o.count);
    app_push(l->v.app, menu_new(l->v.app, &o));
}

void list_order_status(const struct list_view *l, struct buf *out)
{
    for (size_t i = 0; i < l->order_count; i++) buf_printf(out, "%s%s", i ? ", then " : "sorted by ", l->order[i].column->key);
}
