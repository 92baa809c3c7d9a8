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
    CONTEXT_INGEST = 1 << 8,
    CONTEXT_POLICIES = 1 << 9,   /* as CONTEXT_SERVICES */
    CONTEXT_EDGES = 1 << 10,     /* as CONTEXT_SERVICES */
    CONTEXT_EDGE_KEYS = 1 << 11, /* as CONTEXT_SERVICES */
    CONTEXT_SECTIONS = 1 << 20,  /* a detail in sections */
    CONTEXT_PANEL = 1 << 21,     /* a question with what it is about */
    CONTEXT_VOLUME = 1 << 22,    /* a detail with a chart of its volume */
    CONTEXT_ISSUES = 1 << 12,    /* the list of issues */
    CONTEXT_ISSUE = 1 << 13,     /* one issue, beside CONTEXT_DETAIL */
    CONTEXT_CHECKS = 1 << 14,    /* the list of checks */
    CONTEXT_CHECK = 1 << 15,     /* one check, beside CONTEXT_DETAIL */
    CONTEXT_TAP = 1 << 16,       /* a live preview */
    CONTEXT_REQUESTS = 1 << 17,  /* the log of requests */
    CONTEXT_COLUMNS = 1 << 27,   /* the menu of columns, beside CONTEXT_CHECKLIST */
    CONTEXT_VIEWS = 1 << 28,     /* the menu of saved views */
    CONTEXT_ORDER = 1 << 29,     /* the menu of orders */
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
    ACT_TAB_ISSUES,
    ACT_TAB_POLICIES,
    ACT_TAB_EDGE,
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
    ACT_FOLLOW,
    ACT_WINDOW,
    ACT_INGEST,
    ACT_CHOOSE,
    ACT_SWITCH,
    ACT_SWITCH_ALL,
    ACT_CANCEL,
    ACT_ISSUE_VIEW,
    ACT_ISSUE_FACETS,
    ACT_ISSUE_CHECKS,
    ACT_ISSUE_EVIDENCE,
    ACT_ISSUE_EFFECT,
    ACT_ISSUE_TIMELINE,
    ACT_ISSUE_DEPLOY,
    ACT_ISSUE_IGNORE,
    ACT_ISSUE_CLOSE,
    ACT_ISSUES_CLOSE,
    ACT_ISSUE_ASSIGN,
    ACT_ISSUE_REOPEN,
    ACT_ISSUE_UNDO,
    ACT_ISSUE_EVENT,
    ACT_CHECK_ENABLE,
    ACT_CHECK_THRESHOLD,
    ACT_CHECK_RUN,
    ACT_CHECK_ISSUES,
    ACT_POLICY_MENU,
    ACT_TAP,
    ACT_TAP_GO,
    ACT_TAP_PAUSE,
    ACT_TAP_REVEAL,
    ACT_TAP_FIELDS,
    ACT_TAP_STOP,
    ACT_TAP_EXPORT,
    ACT_POLICY_PROPOSE,
    ACT_POLICY_APPROVE,
    ACT_POLICY_REJECT,
    ACT_POLICY_EDIT,
    ACT_POLICY_TURN,
    ACT_POLICY_ROLL_BACK,
    ACT_POLICY_EXPORT,
    ACT_POLICY_INBOX,
    ACT_PANEL_YES,
    ACT_PANEL_NO,
    ACT_PANEL_RETRY,
    ACT_SECTION_NEXT,
    ACT_SECTION_PREVIOUS,
    ACT_EDGE_KEYS,
    ACT_EDGE_KEY_CREATE,
    ACT_EDGE_KEY_REVOKE,
    ACT_FILTER_POP,
    ACT_EXPORT,
    ACT_EXPORT_PAGE,
    ACT_VIEW_RENAME,
    ACT_VIEW_DELETE,
    ACT_SORT_ADD,
    ACT_COLUMN_LEFT,
    ACT_COLUMN_RIGHT,
    ACT_COLUMN_RESET,
    ACT_LOCK,
};

const struct action *actions_table(size_t *count);
const struct action *action_by_name(const char *name);
/* The sets of contexts that the views have: every context stands in one. */
const unsigned *actions_together(size_t *count);
/* The n-th context by name, false beyond the last. */
bool actions_context(size_t n, unsigned *bit, const char **name);
/* "changes, asks first": what to know before the action is used; "" where there is nothing. Static. */
const char *action_warning(const struct action *a);
/* "list, issue, policies": where an action of these contexts works; as much as fits. */
void actions_places(unsigned contexts, struct buf *out);

#endif
