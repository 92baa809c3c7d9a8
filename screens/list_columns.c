/* Which columns a list shows, in which order, how wide. */
#include "screens/list_view.h"

#include "base/die.h"
#include "screens/menu.h"

#include <stdlib.h>

enum { NAME_LEAST = 24, ELASTIC = 48 /* of a column that takes what is left, before others are added */ };

static bool is_number(enum column_type type)
{
    return type == COLUMN_COUNT || type == COLUMN_BYTES || type == COLUMN_RATE || type == COLUMN_MONEY || type == COLUMN_TIME;
}

static const struct column *of(const struct list_view *l, int i) { return &l->resource->columns[l->at[i]]; }

static int sort_rank(const struct list_view *l, const struct column *c, bool *descending)
{
    for (size_t i = 0; i < l->order_count; i++)
        if (l->order[i].column == c) return *descending = l->order[i].descending, (int)i + 1;
    return 0;
}

/* The heading with the mark of the order fits; the name, which takes what is left, stays readable. */
static void describe(struct list_view *l, int i)
{
    bool descending = false, hidden = l->columns[i].hidden;
    const struct column *c = of(l, i);
    int rank = sort_rank(l, c, &descending), mark = rank ? l->order_count > 1 ? 3 : 2 : 0;
    int heading = text_width(c->title) + mark, least = c->max == 0 && c->type == COLUMN_TEXT ? NAME_LEAST : heading;
    int min = c->min > least ? c->min : least;
    l->columns[i] = (struct list_column){
        .title = c->title,
        .priority = c->priority,
        .align = is_number(c->type) ? ALIGN_RIGHT : ALIGN_LEFT,
        .hidden = hidden,
        .min = min,
        .max = c->max > 0 && c->max < min ? min : c->max,
        .sort = !rank        ? 0
                : descending ? -1
                             : 1,
        .rank = rank && l->order_count > 1 ? rank : 0,
    };
}

void list_order_show(struct list_view *l)
{
    for (int i = 0; i < l->list.column_count; i++) describe(l, i);
}

/* From left to right as given, what is not given hidden behind them. */
static void place(struct list_view *l, const struct column *const *columns, size_t count)
{
    int at = 0;
    for (size_t i = 0; i < count; i++, at++) {
        l->at[at] = (int)(columns[i] - l->resource->columns);
        l->columns[at].hidden = false;
    }
    for (int c = 0; c < l->list.column_count; c++) {
        bool shown = false;
        for (size_t i = 0; i < count; i++) shown |= columns[i] == &l->resource->columns[c];
        if (shown) continue;
        l->at[at] = c;
        l->columns[at++].hidden = true;
    }
}

static void place_default(struct list_view *l)
{
    for (int i = 0; i < l->list.column_count; i++) {
        l->at[i] = i;
        l->columns[i].hidden = l->resource->columns[i].off;
    }
}

void list_columns_set(struct list_view *l, const struct column *const *columns, size_t count)
{
    l->chosen = columns != NULL;
    l->fitted = 0;
    if (columns) place(l, columns, count);
    else place_default(l);
    list_order_show(l);
    list_cells_forget(l);
}

/* ---- wide terminals ---- */

static int wanted_width(const struct list_column *c) { return 2 + (c->max ? c->max : c->min > ELASTIC ? c->min : ELASTIC); }

/* The hidden column that matters most and still fits; ids and long texts are a person's choice. */
static int next_column(const struct list_view *l, int room)
{
    int best = -1;
    for (int i = 0; i < l->list.column_count; i++) {
        const struct list_column *c = &l->columns[i];
        if (!c->hidden || !c->max || c->priority >= 9 || wanted_width(c) > room) continue;
        if (best < 0 || c->priority < l->columns[best].priority) best = i;
    }
    return best;
}

void list_columns_fit(struct list_view *l, int width)
{
    int room = width, more;
    if (l->chosen || l->fitted == width) return;
    place_default(l);
    list_order_show(l);
    for (int i = 0; i < l->list.column_count; i++)
        if (!l->columns[i].hidden) room -= wanted_width(&l->columns[i]);
    while ((more = next_column(l, room)) >= 0) {
        l->columns[more].hidden = false;
        room -= wanted_width(&l->columns[more]);
    }
    l->fitted = width;
    list_cells_forget(l);
}

/* ---- the picker ---- */

static int shown(const struct list_view *l)
{
    int n = 0;
    for (int i = 0; i < l->list.column_count; i++) n += !l->columns[i].hidden;
    return n;
}

static struct menu_item *items_of(const struct list_view *l)
{
    struct menu_item *items = xcalloc((size_t)l->list.column_count, sizeof *items);
    for (int i = 0; i < l->list.column_count; i++) {
        const struct column *c = of(l, i);
        items[i] = (struct menu_item){xasprintf("%-12s %-12s %s", c->key, c->title, c->help ? c->help : ""), !l->columns[i].hidden};
    }
    return items;
}

static bool pick(void *context, int item)
{
    struct list_view *l = context;
    bool hidden = l->columns[item].hidden;
    if (!hidden && shown(l) == 1) app_message(l->v.app, ROLE_WARN, "one column must stay");
    else l->columns[item].hidden = !hidden;
    l->chosen = true;
    list_cells_forget(l);
    return !l->columns[item].hidden;
}

static int move(struct list_view *l, int item, int by)
{
    int other = item + by;
    if (other < 0 || other >= l->list.column_count) return item;
    int at = l->at[item];
    bool hidden = l->columns[item].hidden;
    l->at[item] = l->at[other];
    l->columns[item].hidden = l->columns[other].hidden;
    l->at[other] = at;
    l->columns[other].hidden = hidden;
    l->chosen = true;
    list_order_show(l);
    list_cells_forget(l);
    return other;
}

static bool other_action(void *context, struct view *menu, int action, int item)
{
    struct list_view *l = context;
    if (action == ACT_COLUMN_LEFT) item = move(l, item, -1);
    else if (action == ACT_COLUMN_RIGHT) item = move(l, item, 1);
    else if (action == ACT_COLUMN_RESET) list_columns_set(l, NULL, 0), list_columns_fit(l, term_columns());
    else return false;
    menu_fill(menu, items_of(l), l->list.column_count);
    menu_go(menu, item);
    return true;
}

void list_columns_menu(struct list_view *l)
{
    app_push(l->v.app, menu_new(l->v.app, &(struct menu_options){
                                              .title = "Columns, from left to right",
                                              .context_bits = CONTEXT_COLUMNS,
                                              .items = items_of(l),
                                              .count = l->list.column_count,
                                              .checklist = true,
                                              .pick = pick,
                                              .other = other_action,
                                              .context = l,
                                          }));
}

void list_columns_open(struct list_view *l)
{
    place_default(l);
    list_order_show(l);
}
