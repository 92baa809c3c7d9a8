#include "screens/pager.h"

#include "base/clock.h"
#include "base/die.h"

#include <stdlib.h>

enum ask { ASK_NOTHING, ASK_FIRST, ASK_LAST, ASK_AFTER, ASK_BEFORE, ASK_RESUME };

struct page {
    json_t *edges; /* of the answer */
    char *first_cursor, *last_cursor;
    long count;
};

struct pager {
    struct pager_source source;
    const char *operation, *connection;
    struct pager_owner owner;

    struct page pages[PAGER_PAGES];
    int page_count;
    long start; /* position of the first loaded row */
    bool at_start, at_end;
    long total;
    bool known, stale, restarting, keep;
    unsigned generation;

    char *resume; /* ASK_RESUME: cursor before the first wanted row */
    long resume_at;
    long want_first, want_last;

    enum ask asked;
    uint64_t ticket;
    int64_t sent_at, answered_at;
    char *error;
};

static uint64_t send_api(void *context, const char *operation, json_t *variables, api_done *done, void *done_context)
{
    return api_send(context, operation, variables, done, done_context);
}

static void cancel_api(void *context, uint64_t ticket) { api_cancel(context, ticket); }

struct pager_source pager_source_api(struct api *api) { return (struct pager_source){api, send_api, cancel_api}; }

struct pager *pager_new(struct pager_source source, const char *operation, const char *connection, const struct pager_owner *owner)
{
    struct pager *p = xcalloc(1, sizeof *p);
    p->source = source;
    p->operation = operation;
    p->connection = connection;
    p->owner = *owner;
    p->error = xstrdup("");
    return p;
}

static void page_drop(struct page *page)
{
    json_decref(page->edges);
    free(page->first_cursor);
    free(page->last_cursor);
}

static void drop_all(struct pager *p)
{
    for (int i = 0; i < p->page_count; i++) page_drop(&p->pages[i]);
    p->page_count = 0;
}

static void drop_front(struct pager *p)
{
    p->start += p->pages[0].count;
    page_drop(&p->pages[0]);
    p->page_count--;
    for (int i = 0; i < p->page_count; i++) p->pages[i] = p->pages[i + 1];
    p->at_start = false;
}

static void drop_back(struct pager *p)
{
    page_drop(&p->pages[--p->page_count]);
    p->at_end = false;
}

static void cancel(struct pager *p)
{
    if (p->ticket) p->source.cancel(p->source.context, p->ticket);
    p->ticket = 0;
    p->asked = ASK_NOTHING;
}

void pager_free(struct pager *p)
{
    if (!p) return;
    cancel(p);
    drop_all(p);
    free(p->resume);
    free(p->error);
    free(p);
}

void pager_loaded(const struct pager *p, long *start, long *end)
{
    *start = *end = p->start;
    for (int i = 0; i < p->page_count; i++) *end += p->pages[i].count;
}

static long loaded_end(const struct pager *p)
{
    long start, end;
    pager_loaded(p, &start, &end);
    return end;
}

const json_t *pager_row(const struct pager *p, long row)
{
    long at = row - p->start;
    if (at < 0) return NULL;
    for (int i = 0; i < p->page_count; i++) {
        if (at < p->pages[i].count) return json_object_get(json_array_get(p->pages[i].edges, (size_t)at), "node");
        at -= p->pages[i].count;
    }
    return NULL;
}

unsigned pager_generation(const struct pager *p) { return p->generation; }
long pager_count(const struct pager *p) { return p->total; }
bool pager_known(const struct pager *p) { return p->known; }
bool pager_stale(const struct pager *p) { return p->stale; }
int64_t pager_busy(const struct pager *p) { return p->ticket ? p->sent_at : 0; }
int64_t pager_answered(const struct pager *p) { return p->answered_at; }
const char *pager_error(const struct pager *p) { return p->error; }

/* ---- answers ---- */

static char *cursor_of(const json_t *connection, const char *page_info, const json_t *edge)
{
    const char *text = json_string_value(json_object_get(edge, "cursor"));
    if (!text) text = json_string_value(api_at(connection, page_info));
    return xstrdup(text ? text : "");
}

static struct page page_of(const json_t *connection)
{
    json_t *edges = json_object_get(connection, "edges");
    size_t count = json_array_size(edges);
    return (struct page){
        .edges = json_incref(edges),
        .count = (long)count,
        .first_cursor = cursor_of(connection, "pageInfo.startCursor", json_array_get(edges, 0)),
        .last_cursor = cursor_of(connection, "pageInfo.endCursor", count ? json_array_get(edges, count - 1) : NULL),
    };
}

static void append(struct pager *p, struct page page)
{
    if (p->page_count == PAGER_PAGES) drop_front(p);
    p->pages[p->page_count++] = page;
}

static void prepend(struct pager *p, struct page page)
{
    if (p->page_count == PAGER_PAGES) drop_back(p);
    for (int i = p->page_count; i > 0; i--) p->pages[i] = p->pages[i - 1];
    p->pages[0] = page;
    p->page_count++;
    p->start -= page.count;
}

static void place(struct pager *p, enum ask asked, struct page page)
{
    if (asked == ASK_AFTER) {
        append(p, page);
    } else if (asked == ASK_BEFORE) {
        prepend(p, page);
    } else {
        drop_all(p);
        append(p, page);
        p->start = asked == ASK_LAST ? p->total - page.count : asked == ASK_RESUME ? p->resume_at : 0;
    }
}

/* An end of the list tells the true positions; in between they may only be made possible ones. */
static long settle(struct pager *p)
{
    long loaded = loaded_end(p) - p->start, shift = 0;
    if (p->at_start) shift = -p->start;
    else if (p->start < 1) shift = 1 - p->start;
    p->start += shift;
    p->total += shift;
    if (p->at_end || p->total < p->start + loaded) p->total = p->start + loaded + !p->at_end;
    return shift;
}

static void ends(struct pager *p, enum ask asked, const json_t *connection)
{
    bool more = api_bool(connection, "pageInfo.hasNextPage", false), less = api_bool(connection, "pageInfo.hasPreviousPage", false);
    if (asked == ASK_AFTER) p->at_end = !more;
    if (asked == ASK_BEFORE) p->at_start = !less;
    if (asked == ASK_FIRST) p->at_start = true, p->at_end = !more;
    if (asked == ASK_LAST) p->at_start = !less, p->at_end = true;
    if (asked == ASK_RESUME) p->at_start = false, p->at_end = !more;
}

static void fail(struct pager *p, const char *message)
{
    free(p->error);
    p->error = xstrdup(message && *message ? message : "the answer has not the shape of a list");
    p->restarting = false;
    p->owner.changed(p->owner.context, 0, false);
}

static bool take(struct pager *p, enum ask asked, const json_t *connection)
{
    if (!json_is_array(json_object_get(connection, "edges"))) return false;
    p->total = (long)api_integer(connection, "totalCount", p->total);
    struct page page = page_of(connection);
    bool empty = page.count == 0;
    if (empty && (asked == ASK_AFTER || asked == ASK_BEFORE)) page_drop(&page);
    else place(p, asked, page);
    ends(p, asked, connection);
    if (empty && asked == ASK_RESUME) p->at_end = false;
    return true;
}

static void send(struct pager *p, enum ask ask);
static void fetch(struct pager *p, bool ahead);
static void want(struct pager *p, long first, long last);

static void answered(void *context, const struct api_answer *answer)
{
    struct pager *p = context;
    enum ask asked = p->asked;
    bool reset = p->restarting && !p->keep;
    p->ticket = 0;
    p->asked = ASK_NOTHING;
    if (answer->status != API_OK) {
        fail(p, answer->message);
        return;
    }
    const json_t *connection = api_at(answer->data, p->connection);
    if (!take(p, asked, connection)) {
        fail(p, NULL);
        return;
    }
    if (asked == ASK_RESUME && p->pages[0].count == 0) {
        send(p, ASK_LAST);
        return;
    }
    p->generation++;
    bool anchored = asked != ASK_AFTER && asked != ASK_BEFORE;
    long shift = settle(p);
    p->known = true;
    p->stale = p->restarting = false;
    p->answered_at = clock_monotonic();
    p->owner.changed(p->owner.context, anchored ? 0 : shift, reset);
    want(p, p->want_first + (anchored ? 0 : shift), p->want_last + (anchored ? 0 : shift));
    fetch(p, false);
}

/* ---- requests ---- */

static void send(struct pager *p, enum ask ask)
{
    struct pager_page page = {.back = ask == ASK_LAST || ask == ASK_BEFORE, .total = ask != ASK_AFTER && ask != ASK_BEFORE};
    if (ask == ASK_AFTER) page.cursor = p->pages[p->page_count - 1].last_cursor;
    if (ask == ASK_BEFORE) page.cursor = p->pages[0].first_cursor;
    if (ask == ASK_RESUME) page.cursor = p->resume;
    p->asked = ask;
    p->sent_at = clock_monotonic();
    p->ticket = p->source.send(p->source.context, p->operation, p->owner.variables(p->owner.context, &page), answered, p);
}

/* The page of `row` begins after the last row of the page before it. */
static bool find_resume(struct pager *p, long row)
{
    long at = p->start;
    free(p->resume);
    p->resume = NULL;
    for (int i = 0; i < p->page_count; i++) {
        if (row < at + p->pages[i].count || i == p->page_count - 1) {
            if (at == 0) return false;
            p->resume = xstrdup(i > 0 ? p->pages[i - 1].last_cursor : p->pages[0].first_cursor);
            p->resume_at = i > 0 ? at : at + 1;
            return true;
        }
        at += p->pages[i].count;
    }
    return false;
}

void pager_restart(struct pager *p, bool keep, long row)
{
    cancel(p);
    free(p->error);
    p->error = xstrdup("");
    p->stale = p->known;
    p->restarting = true;
    p->keep = keep;
    if (!keep) p->want_first = p->want_last = 0;
    send(p, keep && find_resume(p, row) ? ASK_RESUME : ASK_FIRST);
}

/* Rows outside the window are reached from whatever is nearest: the window or an end of the list. */
static enum ask ask_outside(const struct pager *p, long row, long end)
{
    long from_window = row < p->start ? p->start - row : row - end, from_last = p->total - row;
    if (row < from_window) return ASK_FIRST;
    if (from_last < from_window) return ASK_LAST;
    return row < p->start ? ASK_BEFORE : ASK_AFTER;
}

/* A page beyond the view is fetched where it costs no page that is needed. */
static enum ask ask_ahead(const struct pager *p, long first, long last, long end)
{
    bool full = p->page_count == PAGER_PAGES;
    bool front_spare = !full || p->start + p->pages[0].count <= first - PAGER_PAGE;
    bool back_spare = !full || end - p->pages[p->page_count - 1].count > last + PAGER_PAGE;
    if (last + PAGER_PAGE >= end && !p->at_end && front_spare) return ASK_AFTER;
    if (first - PAGER_PAGE < p->start && !p->at_start && back_spare) return ASK_BEFORE;
    return ASK_NOTHING;
}

/* What is in view and not loaded. */
static enum ask ask_needed(const struct pager *p, long first, long last, long end)
{
    if (last < p->start || first >= end) return ask_outside(p, first, end);
    if (last >= end && !p->at_end) return ASK_AFTER;
    if (first < p->start && !p->at_start) return ASK_BEFORE;
    return ASK_NOTHING;
}

static void fetch(struct pager *p, bool ahead)
{
    long end = loaded_end(p);
    if (p->ticket || !p->known || p->stale || *p->error || p->total == 0) return;
    enum ask ask = ask_needed(p, p->want_first, p->want_last, end);
    if (ask == ASK_NOTHING && ahead) ask = ask_ahead(p, p->want_first, p->want_last, end);
    if (ask != ASK_NOTHING) send(p, ask);
}

static void want(struct pager *p, long first, long last)
{
    if (last >= p->total) last = p->total - 1;
    if (first > last) first = last;
    if (first < 0) first = 0;
    if (last < first) last = first;
    if (last > first + PAGER_PAGE * (PAGER_PAGES - 1)) last = first + PAGER_PAGE * (PAGER_PAGES - 1);
    p->want_first = first;
    p->want_last = last;
}

void pager_want(struct pager *p, long first, long last)
{
    want(p, first, last);
    fetch(p, true);
}
