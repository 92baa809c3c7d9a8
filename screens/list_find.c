/* While the control plane cannot be reached, `/` looks through the rows that are loaded. */
#include "screens/list_view.h"

#include "base/die.h"
#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

static bool holds(struct list_view *l, const json_t *node, const char *text)
{
    for (int i = 0; i < l->list.column_count; i++) {
        const char *cell = l->columns[i].hidden ? NULL : column_text(l->texts, &l->resource->columns[l->at[i]], node, l->now);
        if (cell && strcasestr(cell, text)) return true;
    }
    return false;
}

/* The next row after the cursor, then from the first that is loaded on; -1: none. */
static long find(struct list_view *l, const char *text)
{
    long start, end;
    pager_loaded(l->pager, &start, &end);
    for (long i = 1; i <= end - start; i++) {
        long row = start + (l->list.cursor - start + i) % (end - start);
        if (row < start) row += end - start;
        arena_reset(l->texts);
        const json_t *node = pager_row(l->pager, row);
        if (node && holds(l, node, text)) return row;
    }
    return -1;
}

static void typed(void *context, const char *text)
{
    struct list_view *l = context;
    long start, end, row;
    app_dirty(l->v.app);
    if (!text) return;
    if (*text) {
        free(l->sought);
        l->sought = xstrdup(text);
    }
    if (!l->sought) return;
    pager_loaded(l->pager, &start, &end);
    row = find(l, l->sought);
    if (row >= 0) list_go(&l->list, row);
    if (row >= 0) app_message(l->v.app, ROLE_INFO, "%s: row %ld; / and Enter go on", l->sought, row + 1);
    else app_message(l->v.app, ROLE_WARN, "%s is in none of the %ld rows that are loaded", l->sought, end - start);
}

void list_find_prompt(struct list_view *l)
{
    prompt_open(&(struct prompt_options){.label = "offline, in loaded rows: /", .history = "search", .done = typed, .context = l});
}
