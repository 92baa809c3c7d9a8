#include "screens/actions.h"

#include "base/die.h"

#include <string.h>

enum {
    ROWS = CONTEXT_LIST | CONTEXT_MENU | CONTEXT_HOME | CONTEXT_INGEST | CONTEXT_PANEL | CONTEXT_TAP | CONTEXT_REQUESTS,
    SCROLLED = CONTEXT_DETAIL | CONTEXT_PANE,
    MOVED = ROWS | SCROLLED
};

static const struct action table[] = {
    {ACT_CHOOSE, "choose", "Enter Right", CONTEXT_MENU | CONTEXT_INGEST, false, DANGER_NONE, "choose",
     "take the item under the cursor; so does its digit"},
    {ACT_SWITCH, "switch", "Space", CONTEXT_CHECKLIST | CONTEXT_INGEST, false, DANGER_NONE, "switch", "switch the item on or off"},
    {ACT_SWITCH_ALL, "switch-all", "*", CONTEXT_INGEST, false, DANGER_NONE, "all/none", "switch all off, or all that can be read on"},
    {ACT_CANCEL, "cancel", "x", CONTEXT_INGEST, false, DANGER_NONE, "stop", "stop reading; what was counted so far stays"},
    {ACT_OPEN, "open", "Enter Right", CONTEXT_LIST | CONTEXT_HOME | CONTEXT_REQUESTS, false, DANGER_NONE, "open",
     "open the row under the cursor"},
    {ACT_VIEW_RENAME, "view-rename", "n", CONTEXT_VIEWS, false, DANGER_NONE, "rename", "give this saved view another name"},
    {ACT_VIEW_DELETE, "view-delete", "d", CONTEXT_VIEWS, false, DANGER_CONFIRM, "delete", "delete this saved view"},
    {ACT_MARK, "mark", "Space", CONTEXT_LIST, false, DANGER_NONE, "mark", "mark the row or take the mark off, and go on"},
    {ACT_FILTER, "filter", "/", CONTEXT_LIST | CONTEXT_REQUESTS, false, DANGER_NONE, "filter",
     "filter while you type: severity:error service:api word"},
    {ACT_POLICY_APPROVE, "approve", "A", CONTEXT_POLICIES, true, DANGER_CONFIRM, "approve",
     "approve exactly what is shown; in a list the marked ones"},
    {ACT_POLICY_REJECT, "reject", "X", CONTEXT_POLICIES, true, DANGER_CONFIRM, "reject", "reject with a reason; in a list the marked ones"},
    {ACT_POLICY_EDIT, "edit", "e", CONTEXT_SECTIONS, true, DANGER_CONFIRM, "edit",
     "edit in $VISUAL or $EDITOR; checked before it is saved"},
    {ACT_POLICY_MENU, "policy-actions", "a", CONTEXT_POLICIES, false, DANGER_NONE, "actions",
     "choose what to do with this policy or the marked ones"},
    {ACT_POLICY_PROPOSE, "propose", "P", CONTEXT_POLICIES, true, DANGER_CONFIRM, NULL, "propose this draft, so that it can be approved"},
    {ACT_POLICY_TURN, "turn", "E", CONTEXT_POLICIES, true, DANGER_CONFIRM, NULL, "disable or enable it; in a list the marked ones"},
    {ACT_POLICY_ROLL_BACK, "roll-back", "b", CONTEXT_SECTIONS, true, DANGER_CONFIRM, NULL, "go back to an older version of this policy"},
    {ACT_POLICY_EXPORT, "export", "o", CONTEXT_SECTIONS, false, DANGER_NONE, NULL, "write the policy's text to a file"},
    {ACT_POLICY_INBOX, "inbox", "p", CONTEXT_POLICIES, false, DANGER_NONE, "inbox", "what waits for a decision: the filter state:proposed"},
    {ACT_TAP, "live-preview", "L", CONTEXT_SECTIONS | CONTEXT_ISSUE, true, DANGER_CONFIRM, NULL,
     "watch records come in, before and after this policy"},
    {ACT_TAP_PAUSE, "live-pause", "p Space", CONTEXT_TAP, false, DANGER_NONE, "pause", "hold what is shown, or go on"},
    {ACT_TAP_FIELDS, "live-fields", "f", CONTEXT_TAP, false, DANGER_NONE, "all fields", "show all fields, or what the policy changes"},
    {ACT_TAP_REVEAL, "live-reveal", "v", CONTEXT_TAP, true, DANGER_CONFIRM, "values",
     "show values of records to come, for a reason; audited"},
    {ACT_TAP_STOP, "live-stop", "s x", CONTEXT_TAP, false, DANGER_NONE, "stop", "end it; what was seen is wiped"},
    {ACT_TAP_GO, "live-start", "Enter", CONTEXT_TAP, true, DANGER_CONFIRM, "start", "start the live preview, or another one"},
    {ACT_TAP_EXPORT, "live-export", "e o", CONTEXT_TAP, false, DANGER_NONE, NULL, "not possible: records are shown only, never written"},
    {ACT_PANEL_YES, "yes", "y", CONTEXT_PANEL, true, DANGER_NONE, "yes", "do what the panel asks"},
    {ACT_PANEL_NO, "no", "n Enter", CONTEXT_PANEL, false, DANGER_NONE, "no", "leave it as it is; send no more of what is under way"},
    {ACT_PANEL_RETRY, "retry", "t", CONTEXT_PANEL, true, DANGER_NONE, "retry failed", "try those that failed again, go on with the rest"},
    {ACT_ISSUE_DEPLOY, "deploy", "d", CONTEXT_ISSUE | CONTEXT_ISSUES, true, DANGER_CONFIRM, "deploy",
     "make the proposal a policy; its effect is shown first"},
    {ACT_ISSUE_IGNORE, "ignore", "x", CONTEXT_ISSUE | CONTEXT_ISSUES, true, DANGER_NONE, "ignore",
     "ignore this issue, or the marked ones, with a reason"},
    {ACT_ISSUE_UNDO, "undo", "u", CONTEXT_ISSUE, true, DANGER_NONE, "undo", "take back what was done last here"},
    {ACT_ISSUE_EVIDENCE, "evidence", "e", CONTEXT_ISSUE, false, DANGER_NONE, "evidence",
     "go to the evidence: events, fields, volume, cost"},
    {ACT_ISSUE_EFFECT, "effect", "f", CONTEXT_ISSUE, false, DANGER_NONE, "effect", "go to the proposed policy and its effect"},
    {ACT_ISSUE_CLOSE, "close", "c", CONTEXT_ISSUE, true, DANGER_NONE, "close", "close this issue with a note"},
    {ACT_ISSUES_CLOSE, "close-issues", "C", CONTEXT_ISSUES, true, DANGER_NONE, "close",
     "close this issue, or the marked ones, with a note"},
    {ACT_ISSUE_ASSIGN, "assign", "t", CONTEXT_ISSUE | CONTEXT_ISSUES, true, DANGER_NONE, "team",
     "give this issue, or the marked ones, to a team"},
    {ACT_ISSUE_REOPEN, "reopen", "o", CONTEXT_ISSUE | CONTEXT_ISSUES, true, DANGER_NONE, NULL,
     "open this issue, or the marked ones, again"},
    {ACT_ISSUE_EVENT, "log-event", "l", CONTEXT_ISSUE, false, DANGER_NONE, "log events", "open a log event that it is about"},
    {ACT_ISSUE_TIMELINE, "timeline", "h", CONTEXT_ISSUE, false, DANGER_NONE, NULL, "go to what happened to this issue"},
    {ACT_ISSUE_VIEW, "view", "w", CONTEXT_ISSUES, false, DANGER_NONE, "views", "open issues of cost, of compliance, all open ones, all"},
    {ACT_ISSUE_FACETS, "facets", "f", CONTEXT_ISSUES, false, DANGER_NONE, "narrow", "choose a severity, service or team, with counts"},
    {ACT_ISSUE_CHECKS, "checks", "K", CONTEXT_ISSUES, false, DANGER_NONE, "checks", "list the checks that find issues"},
    {ACT_CHECK_ISSUES, "issues-of", "v", CONTEXT_CHECKS | CONTEXT_CHECK, false, DANGER_NONE, "its issues",
     "list the open issues of this check"},
    {ACT_CHECK_ENABLE, "check-enable", "E", CONTEXT_CHECK | CONTEXT_CHECKS, true, DANGER_CONFIRM, "on/off",
     "switch this check, or the marked ones, on or off"},
    {ACT_CHECK_RUN, "check-run", "X", CONTEXT_CHECK | CONTEXT_CHECKS, true, DANGER_NONE, "run now", "run the checks now"},
    {ACT_CHECK_THRESHOLD, "threshold", "t", CONTEXT_CHECK | CONTEXT_CHECKS, true, DANGER_NONE, "thresholds",
     "change a limit of this check, or of the marked ones"},
    {ACT_FOLLOW, "follow", "Enter", CONTEXT_DETAIL, false, DANGER_NONE, "open", "open what the line with an arrow is about"},
    {ACT_EVENTS_OF, "events-of", "v", CONTEXT_SERVICES, false, DANGER_NONE, "its events", "list the log events of this service"},
    {ACT_SERVICE_OF, "service-of", "v", CONTEXT_EVENTS | CONTEXT_ISSUES | CONTEXT_ISSUE, false, DANGER_NONE, "its service",
     "open the service that it is in"},
    {ACT_ENABLE, "enable", "E", CONTEXT_SERVICES, true, DANGER_CONFIRM, "enable/disable",
     "switch this service, or the marked ones, on or off"},
    {ACT_SORT, "sort", "s", CONTEXT_LIST, false, DANGER_NONE, "sort", "choose the column to sort by"},
    {ACT_SORT_ADD, "sort-add", "+ Space", CONTEXT_ORDER, false, DANGER_NONE, "then by", "sort what is equal so far by this column as well"},
    {ACT_SORT_REVERSE, "sort-reverse", "S", CONTEXT_LIST, false, DANGER_NONE, NULL, "turn the order around"},
    {ACT_COLUMNS, "columns", "c", CONTEXT_LIST, false, DANGER_NONE, "columns", "choose the columns to show"},
    {ACT_EXPORT, "export-file", "e",
     CONTEXT_LIST | CONTEXT_SERVICES | CONTEXT_EVENTS | CONTEXT_EDGES | CONTEXT_EDGE_KEYS | CONTEXT_CHECK | CONTEXT_PANE | CONTEXT_HOME |
         CONTEXT_REQUESTS,
     false, DANGER_NONE, "export", "every row of the list, or this page, to a file"},
    {ACT_EXPORT_PAGE, "export-page", "W", CONTEXT_ISSUE | CONTEXT_SECTIONS, false, DANGER_NONE, NULL,
     "this page to a file: text, markdown, json or yaml"},
    {ACT_FILTER_POP, "filter-pop", "Backspace", CONTEXT_LIST, false, DANGER_NONE, NULL,
     "take off the last filter term; without one, go back"},
    {ACT_COLUMN_LEFT, "column-left", "<", CONTEXT_COLUMNS, false, DANGER_NONE, "left", "move the column to the left"},
    {ACT_COLUMN_RIGHT, "column-right", ">", CONTEXT_COLUMNS, false, DANGER_NONE, "right", "move the column to the right"},
    {ACT_COLUMN_RESET, "column-reset", "=", CONTEXT_COLUMNS, false, DANGER_NONE, "default", "the default columns again"},
    {ACT_MARK_NONE, "mark-none", "u", CONTEXT_LIST, false, DANGER_NONE, NULL, "take off all marks"},
    {ACT_SEARCH, "search", "/", SCROLLED, false, DANGER_NONE, "search", "search in this text"},
    {ACT_SEARCH_NEXT, "search-next", "n", SCROLLED, false, DANGER_NONE, NULL, "go to the next match"},
    {ACT_SEARCH_PREVIOUS, "search-previous", "N", SCROLLED, false, DANGER_NONE, NULL, "go to the match before"},
    {ACT_WINDOW, "window", "w", CONTEXT_VOLUME, false, DANGER_NONE, "24h/7d/30d", "show the volume of 24 hours, 7 days or 30 days"},
    {ACT_PREVIOUS, "previous", "[", CONTEXT_DETAIL, false, DANGER_NONE, "previous", "go to the row before in the list"},
    {ACT_NEXT, "next", "] Space", CONTEXT_DETAIL, false, DANGER_NONE, "next", "go to the next row of the list"},
    {ACT_SECTION_NEXT, "section-next", "l Right", CONTEXT_SECTIONS, false, DANGER_NONE, NULL, "next section of this policy"},
    {ACT_SECTION_PREVIOUS, "section-previous", "h Left", CONTEXT_SECTIONS, false, DANGER_NONE, NULL, "section before"},
    {ACT_EDGE_KEYS, "edge-keys", "K", CONTEXT_EDGES, false, DANGER_NONE, "keys", "the keys that edges sign in with"},
    {ACT_EDGE_KEY_CREATE, "edge-key-create", "N", CONTEXT_EDGE_KEYS, true, DANGER_NONE, "new key", "create an edge key; it is shown once"},
    {ACT_EDGE_KEY_REVOKE, "edge-key-revoke", "D", CONTEXT_EDGE_KEYS, true, DANGER_TYPE_NAME, "revoke",
     "revoke this key: edges that use it are refused at once"},
    {ACT_COPY, "copy", "y", CONTEXT_LIST | SCROLLED | CONTEXT_INGEST | CONTEXT_REQUESTS, false, DANGER_NONE, "copy",
     "copy the id of the row, or the marked ones, or this text"},
    {ACT_COPY_TEMPLATE, "copy-template", "Y", CONTEXT_EVENTS, false, DANGER_NONE, NULL, "copy the template of this log event"},
    {ACT_INGEST, "ingest", "i", CONTEXT_HOME | CONTEXT_LIST | CONTEXT_INGEST, true, DANGER_NONE, "ingest logs",
     "read logs of this machine or a file into the catalog"},

    {ACT_DOWN, "down", "j Down ^N", MOVED, false, DANGER_NONE, NULL, "one row down"},
    {ACT_UP, "up", "k Up ^P", MOVED, false, DANGER_NONE, NULL, "one row up"},
    {ACT_PAGE_DOWN, "page-down", "PgDn ^F", MOVED, false, DANGER_NONE, NULL, "one page down"},
    {ACT_PAGE_UP, "page-up", "PgUp ^B", MOVED, false, DANGER_NONE, NULL, "one page up"},
    {ACT_HALF_DOWN, "half-down", "^D", MOVED, false, DANGER_NONE, NULL, "half a page down"},
    {ACT_HALF_UP, "half-up", "^U", MOVED, false, DANGER_NONE, NULL, "half a page up"},
    {ACT_FIRST, "first", "g Home", MOVED, false, DANGER_NONE, NULL, "to the first row"},
    {ACT_LAST, "last", "G End", MOVED, false, DANGER_NONE, NULL, "to the last row, however long the list is"},

    {ACT_BACK, "back", "q Esc Backspace", 0, false, DANGER_NONE, NULL, "close this and go back to what was open before"},
    {ACT_REFRESH, "refresh", "r", 0, false, DANGER_NONE, "refresh", "ask the control plane again"},
    {ACT_TAB_HOME, "home", "1", 0, false, DANGER_NONE, NULL, "totals and what costs most"},
    {ACT_TAB_ISSUES, "issues", "2", 0, false, DANGER_NONE, NULL, "what the checks found, with a proposal for each"},
    {ACT_TAB_POLICIES, "policies", "3", 0, false, DANGER_NONE, NULL, "the policies: what is dropped, kept, changed, or waits"},
    {ACT_TAB_EDGE, "edge", "6", 0, false, DANGER_NONE, NULL, "the edges that carry policies out, and their keys"},
    {ACT_TAB_SERVICES, "services", "4", 0, false, DANGER_NONE, NULL, "the services that send logs"},
    {ACT_TAB_EVENTS, "events", "5", 0, false, DANGER_NONE, NULL, "the log events: groups of records that mean the same"},
    {ACT_TAB_NEXT, "tab-next", "Tab", 0, false, DANGER_NONE, NULL, "next tab"},
    {ACT_TAB_PREVIOUS, "tab-previous", "BackTab", 0, false, DANGER_NONE, NULL, "tab before"},
    {ACT_COMMAND, "command", ":", 0, false, DANGER_NONE, "command", "type a command; Tab completes"},
    {ACT_HELP, "help", "? F1", 0, false, DANGER_NONE, NULL, "this list of keys"},
    {ACT_REQUESTS, "requests", "!", 0, false, DANGER_NONE, NULL, "the requests that were sent to the control plane"},
    {ACT_THEME, "theme", "T", 0, false, DANGER_NONE, "theme", "choose a theme: it is put on as you move"},
    {ACT_READ_ONLY, "read-only", "R", 0, false, DANGER_NONE, NULL, "forbid or allow changes in this session"},
    {ACT_LOCK, "lock", "^K", 0, false, DANGER_NONE, NULL, "clear the screen until the passphrase is typed"},
    {ACT_REDRAW, "redraw", "^L", 0, false, DANGER_NONE, NULL, "paint the screen anew"},
    {ACT_SUSPEND, "suspend", "^Z", 0, false, DANGER_NONE, NULL, "back to the shell; `fg` returns"},
    {ACT_QUIT, "quit", "Q", 0, false, DANGER_NONE, "quit", "end the console"},
};

static const struct {
    unsigned bit;
    const char *name;
} contexts[] = {
    {CONTEXT_ISSUE, "issue"},       {CONTEXT_ISSUES, "issues"},       {CONTEXT_CHECK, "check"},       {CONTEXT_CHECKS, "checks"},
    {CONTEXT_VOLUME, "volume"},     {CONTEXT_PANEL, "panel"},         {CONTEXT_SECTIONS, "sections"}, {CONTEXT_POLICIES, "policies"},
    {CONTEXT_EDGES, "edges"},       {CONTEXT_EDGE_KEYS, "edge keys"}, {CONTEXT_SERVICES, "services"}, {CONTEXT_EVENTS, "events"},
    {CONTEXT_HOME, "home"},         {CONTEXT_LIST, "list"},           {CONTEXT_DETAIL, "detail"},     {CONTEXT_PANE, "text"},
    {CONTEXT_MENU, "menu"},         {CONTEXT_CHECKLIST, "checklist"}, {CONTEXT_INGEST, "ingest"},     {CONTEXT_TAP, "live preview"},
    {CONTEXT_REQUESTS, "requests"}, {CONTEXT_COLUMNS, "columns"},     {CONTEXT_VIEWS, "saved views"}, {CONTEXT_ORDER, "sort menu"},
};

const struct action *actions_table(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

static const unsigned together[] = {
    CONTEXT_HOME,
    CONTEXT_INGEST,
    CONTEXT_PANE,
    CONTEXT_TAP,
    CONTEXT_REQUESTS,
    CONTEXT_PANEL,
    CONTEXT_MENU | CONTEXT_CHECKLIST | CONTEXT_COLUMNS,
    CONTEXT_MENU | CONTEXT_VIEWS,
    CONTEXT_MENU | CONTEXT_ORDER,
    CONTEXT_LIST | CONTEXT_ISSUES,
    CONTEXT_LIST | CONTEXT_CHECKS,
    CONTEXT_LIST | CONTEXT_POLICIES,
    CONTEXT_LIST | CONTEXT_SERVICES,
    CONTEXT_LIST | CONTEXT_EVENTS,
    CONTEXT_LIST | CONTEXT_EDGES,
    CONTEXT_LIST | CONTEXT_EDGE_KEYS,
    CONTEXT_DETAIL | CONTEXT_ISSUE,
    CONTEXT_DETAIL | CONTEXT_CHECK,
    CONTEXT_DETAIL | CONTEXT_POLICIES | CONTEXT_SECTIONS,
    CONTEXT_DETAIL | CONTEXT_VOLUME | CONTEXT_SERVICES,
    CONTEXT_DETAIL | CONTEXT_VOLUME | CONTEXT_EVENTS,
};

const unsigned *actions_together(size_t *count)
{
    *count = sizeof together / sizeof *together;
    return together;
}

const struct action *action_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (!strcmp(table[i].name, name)) return &table[i];
    return NULL;
}

bool actions_context(size_t n, unsigned *bit, const char **name)
{
    if (n >= sizeof contexts / sizeof *contexts) return false;
    *bit = contexts[n].bit;
    *name = contexts[n].name;
    return true;
}

const char *action_warning(const struct action *a)
{
    static const char *const texts[2][3] = {{"", "asks first", "asks for the name"},
                                            {"changes", "changes, asks first", "changes, asks for the name"}};
    return texts[a->needs_write][a->danger];
}

void actions_places(unsigned bits, struct buf *out)
{
    size_t put = 0;
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
        if (contexts[i].bit & bits) buf_printf(out, "%s%s", put++ ? ", " : "", contexts[i].name);
}
