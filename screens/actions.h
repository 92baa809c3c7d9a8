/* Every action of the interactive console, in one table: key map, help, hints, prompt completion and the key sheet are
 * made from it. */
#ifndef SCREENS_ACTIONS_H
#define SCREENS_ACTIONS_H

#include "tui/keys.h"

#include "base/buf.h"

enum {
    CONTEXT_HOME = 1 << 0,
    CONTEXT_LIST = 1 << 1,
    CONTEXT_SERVICES = 1 << 2, /* beside CONTEXT_LIST or CONTEXT_DETAIL: of which resource */
    CONTEXT_EVENTS = 1 << 3,
    CONTEXT_DETAIL = 1 << 4,
    CONTEXT_PANE = 1 << 5,
    CONTEXT_MENU = 1 << 6,
    CONTEXT_CHECKLIST = 1 << 7, /* a menu whose items are switched */
    CONTEXT_INGEST = 1 << 8
};

enum {
    ACT_BACK = 1,
    ACT_QUIT,
    ACT_HELP,
    ACT_COMMAND,
    ACT_REQUESTS,
    ACT_THEME,
    ACT_READ_ONLY,
    ACT_REDRAW,
    ACT_SUSPEND,
    ACT_TAB_HOME,
    ACT_TAB_SERVICES,
    ACT_TAB_EVENTS,
    ACT_TAB_NEXT,
    ACT_TAB_PREVIOUS,
    ACT_REFRESH,
    ACT_COPY,
    ACT_COPY_TEMPLATE,
    ACT_DOWN,
    ACT_UP,
    ACT_PAGE_DOWN,
    ACT_PAGE_UP,
    ACT_HALF_DOWN,
    ACT_HALF_UP,
    ACT_FIRST,
    ACT_LAST,
    ACT_OPEN,
    ACT_FILTER,
    ACT_SEARCH,
    ACT_SEARCH_NEXT,
    ACT_SEARCH_PREVIOUS,
    ACT_SORT,
    ACT_SORT_REVERSE,
    ACT_COLUMNS,
    ACT_MARK,
    ACT_MARK_NONE,
    ACT_EVENTS_OF,
    ACT_SERVICE_OF,
    ACT_ENABLE,
    ACT_NEXT,
    ACT_PREVIOUS,
    ACT_WINDOW,
    ACT_INGEST,
    ACT_CHOOSE,
    ACT_SWITCH,
    ACT_SWITCH_ALL,
    ACT_CANCEL
};

const struct action *actions_table(size_t *count);
const struct action *action_by_name(const char *name);
/* "list", "detail", ... for the most telling bit; "everywhere" for 0. */
const char *context_name(unsigned contexts);
/* All of it: Markdown tables or aligned lines. */
void actions_print(struct buf *out, bool markdown);

#endif
