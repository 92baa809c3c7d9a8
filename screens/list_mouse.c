/* Clicks into a list: a heading sorts, a row gets the cursor, the row under the cursor opens. */
#include "screens/list_view.h"

static bool sort_by(struct list_view *l, int column)
{
    const char *problem = NULL;
    for (size_t i = 0; column >= 0 && i < l->resource->column_count; i++) {
        const struct column *c = &l->resource->columns[i];
        if (strcmp(c->title, l->columns[column].title) != 0) continue;
        if (!list_view_sort(&l->v, c->key, &problem)) app_message(l->v.app, ROLE_WARN, "sort %s: %s", c->key, problem);
        return true;
    }
    return false;
}

bool list_view_click(struct view *v, int y, int x)
{
    struct list_view *l = (struct list_view *)v;
    int column;
    long row;
    if (!list_at(&l->list, y, x, &column, &row)) return false;
    if (y < l->list.y) return sort_by(l, column);
    if (row < 0) return false;
    if (row == l->list.cursor) app_action(v->app, ACT_OPEN);
    else if (list_go(&l->list, row)) list_view_moved(l);
    return true;
}
