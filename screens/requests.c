/* `!`: what was sent to the control plane, newest first; Enter opens one. */
#include "base/clock.h"
#include "base/die.h"
#include "screens/format.h"
#include "screens/text_view.h"
#include "screens/views.h"
#include "tui/list.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { AT, METHOD, OPERATION, STATUS, TOOK, SENT, RECEIVED, TRIES, REQUEST, MESSAGE, COLUMNS };

static const struct list_column layout[COLUMNS] = {
    [AT] = {.title = "UTC", .min = 8, .max = 8},
    [METHOD] = {.title = "KIND", .min = 8, .max = 8, .priority = 5},
    [OPERATION] = {.title = "OPERATION", .min = 16, .max = 28},
    [STATUS] = {.title = "STATUS", .min = 11, .max = 15},
    [TOOK] = {.title = "MS", .min = 7, .max = 8, .align = ALIGN_RIGHT},
    [SENT] = {.title = "SENT", .min = 8, .max = 8, .align = ALIGN_RIGHT, .priority = 6},
    [RECEIVED] = {.title = "RECEIVED", .min = 8, .max = 8, .align = ALIGN_RIGHT, .priority = 2},
    [TRIES] = {.title = "TRIES", .min = 5, .max = 5, .align = ALIGN_RIGHT, .priority = 3},
    [REQUEST] = {.title = "REQUEST", .min = 8, .max = 8, .priority = 4},
    [MESSAGE] = {.title = "ERROR", .min = 10, .priority = 1},
};

struct requests {
    struct view v;
    struct list list;
    struct list_column columns[COLUMNS];
    char *filter;
    const struct api_log_entry *shown[API_LOG_ENTRIES]; /* of this frame */
    uint64_t ticket;                                    /* under the cursor; 0: the newest */
    char text[160];
};

static struct requests *self(struct view *v) { return (struct requests *)v; }

/* ---- one request in words ---- */

static const char *outcome(const struct api_log_entry *e)
{
    static const char *const names[] = {"ok", "unreachable", "denied", "refused", "broken", "not offered"};
    if (e->elapsed_ns < 0) return e->attempts > 1 ? "trying again" : "waiting";
    return e->status == API_REFUSED && !strncmp(e->message, "cancelled", 9) ? "cancelled" : names[e->status];
}

static const char *kind_of_request(const struct api_log_entry *e) { return e->query ? "query" : "mutation"; }

static enum role role_of(const struct api_log_entry *e)
{
    if (e->elapsed_ns < 0) return e->attempts > 1 ? ROLE_WARN : ROLE_INFO;
    return e->status == API_OK ? ROLE_GOOD : ROLE_BAD;
}

static void clock_text(char *out, size_t size, const struct api_log_entry *e)
{
    struct tm tm;
    time_t seconds = (time_t)(e->started_ns / NS_PER_SECOND);
    gmtime_r(&seconds, &tm);
    if (!strftime(out, size, "%H:%M:%S", &tm)) *out = '\0';
}

static void status_text(char *out, size_t size, const struct api_log_entry *e)
{
    if (e->http) snprintf(out, size, "%d %s", e->http, outcome(e));
    else snprintf(out, size, "%s", outcome(e));
}

static bool wanted(const struct api_log_entry *e, const char *filter)
{
    char status[40];
    status_text(status, sizeof status, e);
    return !*filter || strcasestr(e->operation, filter) || strcasestr(status, filter) || strcasestr(kind_of_request(e), filter) ||
           strcasestr(e->request_id, filter) || strcasestr(e->message, filter);
}

/* ---- the list ---- */

static void number(char out[160], double value)
{
    char text[FORMAT_SIZE];
    format_bytes(text, value);
    snprintf(out, 160, "%s", text);
}

static bool cell(void *context, long row, int column, struct list_cell *out)
{
    struct requests *q = context;
    const struct api_log_entry *e = q->shown[row];
    char *t = q->text;
    *out = (struct list_cell){.text = t, .role = ROLE_TEXT};
    *t = '\0';
    switch (column) {
    case AT: clock_text(t, sizeof q->text, e); break;
    case METHOD: out->text = kind_of_request(e); break;
    case OPERATION: out->text = e->operation; break;
    case STATUS: status_text(t, sizeof q->text, e), out->role = role_of(e); break;
    case TOOK:
        if (e->elapsed_ns >= 0) snprintf(t, sizeof q->text, "%.1f", (double)e->elapsed_ns / 1e6);
        break;
    case SENT: number(t, (double)e->sent); break;
    case RECEIVED: number(t, (double)e->received); break;
    case TRIES: snprintf(t, sizeof q->text, "%u", e->attempts); break;
    case REQUEST: out->text = e->request_id; break;
    default: out->text = e->message, out->role = role_of(e); break;
    }
    if (column == AT || column == REQUEST) out->role = ROLE_DIM;
    return true;
}

/* The cursor stays on its request while newer ones come in above. */
static void collect(struct requests *q)
{
    const struct api_log_entry *entries;
    size_t count = api_log(app_api(q->v.app), &entries);
    q->list.count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!wanted(&entries[i], q->filter)) continue;
        if (q->ticket && entries[i].ticket == q->ticket) {
            q->list.top += q->list.count - q->list.cursor;
            q->list.cursor = q->list.count;
        }
        q->shown[q->list.count++] = &entries[i];
    }
    list_clamp(&q->list);
}

static void paint(struct view *v, int y, int height)
{
    struct requests *q = self(v);
    collect(q);
    q->list.y = y + 1;
    q->list.height = height - 1;
    list_clamp(&q->list);
    list_paint(&q->list);
    if (!q->list.count && height > 4) paint_text(y + 3, 3, term_columns() - 4, ROLE_TEXT, "No request has that in it.");
}

static void build_one(struct app *app, struct pane *pane, uint64_t ticket);

static void open_row(struct requests *q)
{
    collect(q);
    if (!q->list.count) return;
    app_push(q->v.app, text_view_new(q->v.app, &(struct text_view_options){.title = q->shown[q->list.cursor]->operation,
                                                                           .build_about = build_one,
                                                                           .about = q->shown[q->list.cursor]->ticket}));
}

static void set_filter(struct requests *q, const char *text)
{
    char *copy = xstrdup(text);
    free(q->filter);
    q->filter = copy;
    app_dirty(q->v.app);
}

static void typed(void *context, const char *text) { set_filter(context, text); }
static void done(void *context, const char *text) { set_filter(context, text ? text : ""); }

static void ask_filter(struct requests *q)
{
    prompt_open(
        &(struct prompt_options){.label = "/", .initial = q->filter, .history = "search", .changed = typed, .done = done, .context = q});
}

static bool move(struct requests *q, int id)
{
    struct list *t = &q->list;
    int half = t->height / 2 > 0 ? t->height / 2 : 1;
    switch (id) {
    case ACT_DOWN: list_move(t, 1); break;
    case ACT_UP: list_move(t, -1); break;
    case ACT_HALF_DOWN: list_move(t, half); break;
    case ACT_HALF_UP: list_move(t, -half); break;
    case ACT_PAGE_DOWN: list_page(t, 1); break;
    case ACT_PAGE_UP: list_page(t, -1); break;
    case ACT_FIRST: list_go(t, 0); break;
    case ACT_LAST: list_go(t, t->count - 1); break;
    default: return false;
    }
    q->ticket = t->cursor > 0 && t->cursor < t->count ? q->shown[t->cursor]->ticket : 0;
    return true;
}

static bool action(struct view *v, int id)
{
    struct requests *q = self(v);
    collect(q);
    if (move(q, id)) return true;
    switch (id) {
    case ACT_OPEN: open_row(q); return true;
    case ACT_FILTER: ask_filter(q); return true;
    case ACT_COPY: app_copy(v->app, q->list.count ? q->shown[q->list.cursor]->request_id : "", "id of the request"); return true;
    case ACT_BACK:
        if (!*q->filter) return false;
        set_filter(q, "");
        return true;
    }
    return false;
}

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_REQUESTS;
}

static void refresh(struct view *v) { app_dirty(v->app); }

static void title(const struct view *v, struct buf *out)
{
    (void)v;
    buf_str(out, "Requests");
}

static void status(const struct view *v, struct buf *out)
{
    const struct requests *q = (const struct requests *)v;
    buf_printf(out, "%ld request%s", q->list.count, q->list.count == 1 ? "" : "s");
    if (*q->filter) buf_printf(out, " with %s", q->filter);
    else buf_printf(out, ", newest first; the last %d are kept", API_LOG_ENTRIES);
}

static void dispose(struct view *v)
{
    prompt_close();
    free(self(v)->filter);
    free(v);
}

/* A line each, a tab between the cells. */
static char *text(struct view *v)
{
    struct requests *q = self(v);
    struct list_cell c;
    struct buf out;
    buf_init(&out, 4 << 20);
    collect(q);
    for (int i = 0; i < COLUMNS; i++) buf_printf(&out, "%s%s", i ? "\t" : "", layout[i].title);
    for (long row = 0; row < q->list.count; row++)
        for (int i = 0; i < COLUMNS; i++) {
            cell(q, row, i, &c);
            buf_printf(&out, "%c%s", i ? '\t' : '\n', c.text);
        }
    buf_char(&out, '\n');
    return out.data;
}

static const struct view_ops ops = {
    .context = context,
    .paint = paint,
    .action = action,
    .text = text,
    .refresh = refresh,
    .title = title,
    .status = status,
    .close = dispose,
};

struct view *requests_new(struct app *app)
{
    struct requests *q = xcalloc(1, sizeof *q);
    q->v = (struct view){.ops = &ops, .app = app};
    memcpy(q->columns, layout, sizeof layout);
    q->list = (struct list){.columns = q->columns, .column_count = COLUMNS, .model = {.context = q, .cell = cell}};
    q->filter = xstrdup("");
    return &q->v;
}

/* ---- one request ---- */

static void add_lines(struct pane *pane, const char *text)
{
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, "\n");
        char *line = xasprintf("  %.*s", (int)n, at);
        pane_add(pane, ROLE_TEXT, line);
        free(line);
        at += n + (at[n] == '\n');
    }
}

static void build_one(struct app *app, struct pane *pane, uint64_t ticket)
{
    char text[160];
    const struct api_log_entry *e;
    size_t count = api_log(app_api(app), &e);
    while (count && e->ticket != ticket) e++, count--;
    if (!count) {
        pane_add(pane, ROLE_DIM, "  it is no longer among the requests that are kept");
        return;
    }
    pane_add_pair(pane, "Operation", ROLE_TEXT, e->operation);
    snprintf(text, sizeof text, "%s, POST /graphql", kind_of_request(e));
    pane_add_pair(pane, "Kind", ROLE_TEXT, text);
    status_text(text, sizeof text, e);
    pane_add_pair(pane, "Status", role_of(e), text);
    if (*e->message) pane_add_pair(pane, "Error", ROLE_BAD, e->message);
    clock_text(text, sizeof text, e);
    pane_add_pair(pane, "Sent (UTC)", ROLE_TEXT, text);
    if (e->elapsed_ns >= 0)
        snprintf(text, sizeof text, "%.1f ms, %u tr%s", (double)e->elapsed_ns / 1e6, e->attempts, e->attempts == 1 ? "y" : "ies");
    else snprintf(text, sizeof text, "not answered yet, %u tr%s", e->attempts, e->attempts == 1 ? "y" : "ies");
    pane_add_pair(pane, "Took", ROLE_TEXT, text);
    snprintf(text, sizeof text, "%zu sent, %zu received", e->sent, e->received);
    pane_add_pair(pane, "Bytes", ROLE_TEXT, text);
    pane_add_pair(pane, "Request id", ROLE_TEXT, e->request_id);
    pane_add(pane, ROLE_TEXT, "");
    pane_add(pane, ROLE_HEADING, "  Variables (secrets masked)");
    add_lines(pane, e->variables ? e->variables : "none");
}
