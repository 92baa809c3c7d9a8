#include "screens/bulk.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/bulk_paint.h"
#include "screens/list_view.h"
#include "tui/prompt.h"

#include <stdlib.h>

static struct bulk *self(struct view *v) { return (struct bulk *)v; }
static const struct bulk *seen(const struct view *v) { return (const struct bulk *)v; }

const json_t *bulk_node(const struct bulk_item *i) { return json_object_get(i->data, i->bulk->order.ops->resource->object); }

size_t bulk_counted(const struct bulk *b, enum bulk_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < b->count; i++) n += b->items[i].state == state;
    return n;
}

bool bulk_loading(const struct bulk *b) { return bulk_counted(b, BULK_NEW) + bulk_counted(b, BULK_LOADING) > 0; }

bool bulk_finished(const struct bulk *b)
{
    if (bulk_counted(b, BULK_SENT) + bulk_counted(b, BULK_LOADING) > 0) return false;
    return b->stopped || (b->confirmed && bulk_counted(b, BULK_NEW) + bulk_counted(b, BULK_READY) == 0);
}

void bulk_say(struct bulk_item *i, const char *text)
{
    char *copy = xstrdup(text);
    free(i->message);
    i->message = copy;
}

/* ---- requests ---- */

static void advance(struct bulk *b);

static void loaded(void *context, const struct api_answer *answer)
{
    struct bulk_item *i = context;
    i->ticket = 0;
    i->bulk->answered_at = clock_monotonic();
    if (answer->status == API_OK) i->data = json_incref((json_t *)(uintptr_t)answer->data);
    const char *why = answer->status != API_OK ? answer->message
                      : !bulk_node(i)          ? "it is not there any more"
                                               : i->bulk->order.ops->refused(i->bulk, i);
    i->state = why ? BULK_LEFT_OUT : BULK_READY;
    if (why) bulk_say(i, why);
    advance(i->bulk);
}

static void send_change(struct bulk_item *i);

static void changed(void *context, const struct api_answer *answer)
{
    struct bulk_item *i = context;
    struct bulk *b = i->bulk;
    i->ticket = 0;
    b->answered_at = clock_monotonic();
    bulk_say(i, answer->status == API_OK ? b->order.words->done : answer->message);
    if (b->order.ops->answered) i->state = b->order.ops->answered(b, i, answer);
    else i->state = answer->status == API_OK ? BULK_DONE : BULK_FAILED;
    if (i->state == BULK_READY) send_change(i);
    advance(b);
}

static void send_change(struct bulk_item *i)
{
    const char *operation = NULL;
    json_t *variables = i->bulk->order.ops->request(i->bulk, i, &operation);
    i->state = BULK_SENT;
    i->ticket = api_send(app_api(i->bulk->v.app), operation, variables, changed, i);
}

static void send_one(struct bulk_item *i)
{
    const struct bulk_ops *ops = i->bulk->order.ops;
    if (i->state == BULK_READY) {
        send_change(i);
        return;
    }
    json_t *variables = ops->load_variables ? ops->load_variables(i->bulk, i) : json_pack("{ss}", "id", i->id);
    i->state = BULK_LOADING;
    i->ticket = api_send(app_api(i->bulk->v.app), ops->load, variables, loaded, i);
}

/* ---- the end ---- */

static void tell(struct bulk *b)
{
    const struct bulk_words *w = b->order.words;
    size_t done = bulk_counted(b, BULK_DONE);
    struct bulk_row row;
    bulk_row_of(b, &b->items[0], &row);
    if (done && b->count > 1) app_message(b->v.app, ROLE_GOOD, "%zu %s%s", done, w->done, w->consequence);
    else if (done && strcmp(b->items[0].message, w->done) != 0)
        app_message(b->v.app, ROLE_WARN, "%s: %s", bulk_name(&row), b->items[0].message);
    else if (done) app_message(b->v.app, ROLE_GOOD, "%s is %s%s", bulk_name(&row), w->done, w->consequence);
}

static void unmark(struct bulk *b)
{
    struct view *list = b->v.below;
    if (!list_view_is(list, b->order.ops->resource)) return;
    for (size_t i = 0; i < b->count; i++)
        if (b->items[i].state == BULK_DONE) list_view_unmark(list, b->items[i].id);
}

/* Closes the panel where there is nothing left to read. */
static void finish(struct bulk *b)
{
    struct app *app = b->v.app;
    bool clean = bulk_counted(b, BULK_DONE) == b->count;
    unmark(b);
    tell(b);
    if (bulk_counted(b, BULK_DONE)) app_refresh_all(app);
    if (clean && app_is_top(app, &b->v)) app_back(app);
}

static void advance(struct bulk *b)
{
    size_t under_way = bulk_counted(b, BULK_LOADING) + bulk_counted(b, BULK_SENT);
    enum bulk_state next = bulk_loading(b) ? BULK_NEW : BULK_READY;
    app_dirty(b->v.app);
    for (size_t i = 0; i < b->count && under_way < BULK_AT_ONCE && !b->stopped; i++) {
        if (b->items[i].state != next || (next == BULK_READY && !b->confirmed)) continue;
        send_one(&b->items[i]);
        under_way++;
    }
    if (bulk_finished(b)) finish(b);
}

/* ---- keys ---- */

static void confirm(struct bulk *b)
{
    if (b->confirmed || (!bulk_loading(b) && bulk_counted(b, BULK_READY) == 0)) return;
    b->confirmed = true;
    b->since = clock_monotonic();
    advance(b);
}

/* What failed, and what was not sent because it was stopped. */
static void retry(struct bulk *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->items[i].state == BULK_FAILED) b->items[i].state = BULK_READY;
    b->stopped = false;
    b->since = clock_monotonic();
    advance(b);
}

static bool running(const struct bulk *b) { return b->confirmed && !bulk_finished(b); }

static bool stop(struct bulk *b)
{
    if (!running(b)) return false;
    b->stopped = true;
    app_message(b->v.app, ROLE_WARN, "no more are sent; what is under way is waited for");
    return true;
}

static void say_no(struct bulk *b)
{
    struct app *app = b->v.app;
    if (stop(b)) return;
    if (!b->confirmed) app_message(app, ROLE_DIM, "nothing was changed");
    app_back(app);
}

static bool action(struct view *v, int id)
{
    struct bulk *b = self(v);
    int page = b->room > 1 ? b->room - 1 : 1;
    app_dirty(v->app);
    switch (id) {
    case ACT_PANEL_YES: confirm(b); return true;
    case ACT_PANEL_NO: say_no(b); return true;
    case ACT_PANEL_RETRY: retry(b); return true;
    case ACT_DOWN: b->top++; return true;
    case ACT_UP: b->top--; return true;
    case ACT_PAGE_DOWN: b->top += page; return true;
    case ACT_PAGE_UP: b->top -= page; return true;
    case ACT_FIRST: b->top = 0; return true;
    case ACT_LAST: b->top = (int)b->count; return true;
    case ACT_BACK: return stop(b);
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct bulk *b = seen(v);
    if (id == ACT_PANEL_YES && !b->confirmed && bulk_loading(b)) return "its effect is not known yet";
    if (id == ACT_PANEL_YES && (b->confirmed || bulk_counted(b, BULK_READY) == 0)) return "there is nothing to say yes to";
    if (id == ACT_PANEL_RETRY && !bulk_finished(b)) return "nothing failed yet";
    if (id == ACT_PANEL_RETRY && bulk_counted(b, BULK_FAILED) + bulk_counted(b, BULK_READY) == 0) return "nothing failed";
    return NULL;
}

/* ---- the rest ---- */

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_PANEL;
}

static int height(const struct view *v, int body) { return bulk_height(seen(v), body); }
static void paint(struct view *v, int y, int rows) { bulk_paint(self(v), y, rows); }
static void title(const struct view *v, struct buf *out) { buf_str(out, seen(v)->order.words->word); }
static int64_t synced(const struct view *v) { return seen(v)->answered_at; }

static int64_t busy(const struct view *v)
{
    const struct bulk *b = seen(v);
    return bulk_counted(b, BULK_LOADING) + bulk_counted(b, BULK_SENT) ? b->since : 0;
}

static void dispose(struct view *v)
{
    struct bulk *b = self(v);
    prompt_close();
    for (size_t i = 0; i < b->count; i++) {
        if (b->items[i].ticket) api_cancel(app_api(v->app), b->items[i].ticket);
        json_decref(b->items[i].data);
        json_decref(b->items[i].deed);
        free(b->items[i].id);
        free(b->items[i].message);
    }
    if (b->order.ops->closed) b->order.ops->closed(b);
    arena_free(b->texts);
    free(b->items);
    free(b->text);
    free(b);
}

static const struct view_ops view_ops = {
    .context = context,
    .height = height,
    .paint = paint,
    .action = action,
    .title = title,
    .disabled = disabled,
    .busy = busy,
    .synced = synced,
    .close = dispose,
};

/* A text is the confirmation. */
static void typed(void *context, const char *text)
{
    struct bulk *b = context;
    if (text && *text) {
        b->text = xstrdup(text);
        confirm(b);
        return;
    }
    app_message(b->v.app, ROLE_DIM, "nothing was changed: %s needs %s", b->order.words->doing, b->order.words->needs);
    app_back(b->v.app);
}

static void ask_text(struct bulk *b)
{
    const struct bulk_words *w = b->order.words;
    prompt_open(&(struct prompt_options){.label = w->prompt, .history = w->history, .complete = w->complete, .done = typed, .context = b});
}

void bulk_open(struct app *app, const struct bulk_order *order)
{
    struct bulk *b = xcalloc(1, sizeof *b);
    *b = (struct bulk){.v = {.ops = &view_ops, .app = app}, .order = *order, .count = order->count, .confirmed = order->confirmed};
    b->items = xcalloc(order->count, sizeof *b->items);
    for (size_t i = 0; i < order->count; i++) b->items[i] = (struct bulk_item){.bulk = b, .id = order->ids[i]};
    free(order->ids);
    b->order.ids = NULL;
    b->text = order->text ? xstrdup(order->text) : NULL;
    b->order.text = NULL;
    b->texts = arena_new(1 << 20);
    b->since = clock_monotonic();
    app_push(app, &b->v);
    advance(b);
    if (order->words->prompt && !order->text) ask_text(b);
}

/* ---- which objects ---- */

bool bulk_ids_marked(const struct view *list) { return ((const struct list_view *)list)->marks.count > 0; }

char **bulk_one(const char *id)
{
    char **ids = xcalloc(1, sizeof *ids);
    ids[0] = xstrdup(id);
    return ids;
}

char **bulk_ids(const struct view *list, size_t *count)
{
    const struct list_view *l = (const struct list_view *)list;
    const struct marks *marks = &l->marks;
    *count = marks->count ? marks->count : 1;
    if (!marks->count) return bulk_one(list_view_id(l));
    return marks_ids(marks);
}

const char *bulk_ids_refused(const struct view *list)
{
    const struct list_view *l = (const struct list_view *)list;
    if (l->marks.count > BULK_MAX) return "no more than 500 at once";
    if (l->marks.count) return NULL;
    if (l->list.count == 0) return "the list is empty";
    return *list_view_id(l) ? NULL : "the row is not loaded yet";
}
