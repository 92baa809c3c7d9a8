#include "screens/policy_panel.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/facts.h"
#include "screens/overview.h"
#include "screens/format.h"
#include "screens/policy_facts.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>

enum { AT_ONCE = 4, LIST_LEAST = 3 };

enum item_state { ITEM_NEW, ITEM_LOADING, ITEM_READY, ITEM_LEFT_OUT, ITEM_SENT, ITEM_DONE, ITEM_FAILED };

struct item {
    struct panel *panel;
    char *id;
    json_t *data; /* PolicyEffect */
    enum item_state state;
    char *message;
    uint64_t ticket;
};

struct panel {
    struct view v;
    enum policy_verb verb;
    int64_t version;
    struct item *items;
    size_t count;
    int top, room;
    bool confirmed, stopped;
    char *reason; /* NULL: none was given */
    struct arena *texts;
    int64_t since, answered_at;
};

static struct panel *self(struct view *v) { return (struct panel *)v; }
static const struct panel *seen(const struct view *v) { return (const struct panel *)v; }
static const json_t *node_of(const struct item *i) { return json_object_get(i->data, "logEventPolicy"); }

static size_t counted(const struct panel *p, enum item_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < p->count; i++) n += p->items[i].state == state;
    return n;
}

static bool loading(const struct panel *p) { return counted(p, ITEM_NEW) + counted(p, ITEM_LOADING) > 0; }
static bool finished(const struct panel *p) { return p->confirmed && !loading(p) && counted(p, ITEM_READY) + counted(p, ITEM_SENT) == 0; }

static void say(struct item *i, const char *text)
{
    char *copy = xstrdup(text);
    free(i->message);
    i->message = copy;
}

/* ---- requests ---- */

static void advance(struct panel *p);

static const char *viewer(const struct panel *p)
{
    const char *id = json_string_value(api_at(overview_server(app_overview(p->v.app)), "viewer.id"));
    return id ? id : "";
}

static void loaded(void *context, const struct api_answer *answer)
{
    struct item *i = context;
    struct panel *p = i->panel;
    i->ticket = 0;
    p->answered_at = clock_monotonic();
    if (answer->status == API_OK) i->data = json_incref((json_t *)(uintptr_t)answer->data);
    const char *why = answer->status != API_OK ? answer->message
                      : !node_of(i)            ? "it is not there any more"
                                               : policy_verb_refused(p->verb, node_of(i), viewer(p), policy_four_eyes(i->data));
    i->state = why ? ITEM_LEFT_OUT : ITEM_READY;
    if (why) say(i, why);
    advance(p);
}

static void changed(void *context, const struct api_answer *answer)
{
    struct item *i = context;
    i->ticket = 0;
    i->panel->answered_at = clock_monotonic();
    i->state = answer->status == API_OK ? ITEM_DONE : ITEM_FAILED;
    say(i, answer->status == API_OK ? policy_verb_words(i->panel->verb)->done : answer->message);
    advance(i->panel);
}

static json_t *variables(const struct panel *p, const struct item *i)
{
    json_t *v = json_pack("{ss}", "id", i->id);
    if (policy_verb_words(p->verb)->hash) json_object_set(v, "contentHash", json_object_get(node_of(i), "contentHash"));
    if (p->reason) json_object_set_new(v, "reason", json_string(p->reason));
    if (p->verb == VERB_ROLL_BACK) json_object_set_new(v, "version", json_integer(p->version));
    return v;
}

static json_t *effect_of(const struct panel *p, const struct item *i)
{
    json_t *v = json_pack("{ss}", "id", i->id);
    if (p->verb == VERB_ROLL_BACK) json_object_set_new(v, "to", json_integer(p->version));
    return v;
}

static void send_one(struct panel *p, struct item *i)
{
    struct api *api = app_api(p->v.app);
    if (i->state == ITEM_NEW) {
        i->state = ITEM_LOADING;
        i->ticket = api_send(api, "PolicyEffect", effect_of(p, i), loaded, i);
    } else {
        i->state = ITEM_SENT;
        i->ticket = api_send(api, policy_verb_words(p->verb)->operation, variables(p, i), changed, i);
    }
}

static void tell(struct panel *p)
{
    const struct policy_verb_words *w = policy_verb_words(p->verb);
    size_t done = counted(p, ITEM_DONE);
    const char *name = api_text(p->texts, node_of(&p->items[0]), "displayID");
    if (p->count == 1 && done) app_message(p->v.app, ROLE_GOOD, "%s is %s%s", name ? name : "it", w->done, w->consequence);
    else if (done) app_message(p->v.app, ROLE_GOOD, "%zu %s%s", done, w->done, w->consequence);
}

/* What is done needs no mark in the list any more. */
static void unmark(struct panel *p)
{
    if (!list_view_is(p->v.below, &resource_policies)) return;
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].state == ITEM_DONE) list_view_unmark(p->v.below, p->items[i].id);
}

/* Closes the panel where there is nothing left to read. */
static void finish(struct panel *p)
{
    struct app *app = p->v.app;
    bool clean = counted(p, ITEM_DONE) == p->count;
    unmark(p);
    tell(p);
    if (counted(p, ITEM_DONE)) app_refresh_all(app);
    if (clean && app_is_top(app, &p->v)) app_back(app);
}

static void advance(struct panel *p)
{
    size_t under_way = counted(p, ITEM_LOADING) + counted(p, ITEM_SENT);
    enum item_state next = loading(p) ? ITEM_NEW : ITEM_READY;
    app_dirty(p->v.app);
    for (size_t i = 0; i < p->count && under_way < AT_ONCE && !p->stopped; i++) {
        if (p->items[i].state != next || (next == ITEM_READY && !p->confirmed)) continue;
        send_one(p, &p->items[i]);
        under_way++;
    }
    if (finished(p) || (p->stopped && under_way == 0)) finish(p);
}

static void confirm(struct panel *p)
{
    if (p->confirmed || (!loading(p) && counted(p, ITEM_READY) == 0)) return;
    p->confirmed = true;
    p->since = clock_monotonic();
    advance(p);
}

static void retry(struct panel *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].state == ITEM_FAILED) p->items[i].state = ITEM_READY;
    p->stopped = false;
    advance(p);
}

/* ---- painting ---- */

static int add(int y, int x, enum role role, const char *text) { return x + paint_text(y, x, term_columns() - x - 1, role, text); }

static const struct {
    enum role role;
    enum glyph glyph;
    const char *word;
} looks[] = {
    [ITEM_NEW] = {ROLE_DIM, GLYPH_ELLIPSIS, ""},         [ITEM_LOADING] = {ROLE_DIM, GLYPH_ELLIPSIS, ""},
    [ITEM_READY] = {ROLE_TEXT, GLYPH_DOT, ""},           [ITEM_LEFT_OUT] = {ROLE_WARN, GLYPH_CROSS, "left out: "},
    [ITEM_SENT] = {ROLE_INFO, GLYPH_ELLIPSIS, ""},       [ITEM_DONE] = {ROLE_GOOD, GLYPH_CHECK, ""},
    [ITEM_FAILED] = {ROLE_BAD, GLYPH_CROSS, "failed: "},
};

static void paint_item(struct panel *p, const struct item *i, int y)
{
    char money[FORMAT_SIZE] = "";
    const char *number = api_text(p->texts, node_of(i), "displayID"), *name = api_text(p->texts, node_of(i), "name");
    int middle = term_columns() / 2;
    double usd = api_number(node_of(i), "preview.removedAtMost.usdPerYear", 0);
    if (usd > 0) format_money(money, usd);
    add(y, 2, looks[i->state].role, glyph(looks[i->state].glyph));
    paint_cell(y, 4, 8, ROLE_KEY, ALIGN_LEFT, number ? number : "");
    paint_cell(y, 13, middle - 14, ROLE_TEXT, ALIGN_LEFT, name ? name : i->id);
    if (i->state == ITEM_LEFT_OUT || i->state == ITEM_FAILED || i->state == ITEM_DONE) {
        int x = add(y, middle, looks[i->state].role, looks[i->state].word);
        add(y, x, looks[i->state].role, i->message);
    } else if (*money) {
        int x = add(y, middle, ROLE_MONEY, money);
        add(y, x, ROLE_DIM, " a year less at most");
    }
}

static void paint_heading(struct panel *p, int y)
{
    char text[160];
    const char *word = policy_verb_words(p->verb)->word, *number = api_text(p->texts, node_of(&p->items[0]), "displayID");
    int n = p->count == 1 ? snprintf(text, sizeof text, " %s %s", word, number ? number : "")
                          : snprintf(text, sizeof text, " %s %zu policies", word, p->count);
    if (p->verb == VERB_ROLL_BACK && n > 0) n += snprintf(text + n, sizeof text - (size_t)n, " to version %lld", (long long)p->version);
    snprintf(text + n, sizeof text - (size_t)n, " ");
    text[1] = (char)(text[1] - 'a' + 'A');
    paint_rule(y);
    paint_text(y, 2, term_columns() - 4, ROLE_HEADING, text);
}

/* What the person is about to decide on, as one text and its hash. */
static void paint_subject(struct panel *p, const json_t *node, int y)
{
    char text[60], *name = text_cut(api_text(p->texts, node, "name"), term_columns() - 46);
    const char *hash = api_text(p->texts, node, "contentHash");
    int x = add(y, 2, ROLE_TITLE, name);
    snprintf(text, sizeof text, "%sversion %lld%scontent ", text_dot(), (long long)api_integer(node, "version", 0), text_dot());
    x = add(y, x, ROLE_DIM, text);
    snprintf(text, sizeof text, "%.12s", hash ? hash : "");
    add(y, x, ROLE_INFO, text);
    free(name);
}

static void paint_changes(struct panel *p, const json_t *node, int y, int lines)
{
    const json_t *changes = json_object_get(node, "changes");
    size_t count = json_array_size(changes);
    for (size_t i = 0; i < count && (int)i < lines; i++) {
        const json_t *c = json_array_get(changes, i);
        char *line = policy_change_text(p->texts, c);
        add(y + (int)i, 2, ROLE_DIM, i == 0 ? "changes" : "");
        add(y + (int)i, 11, ROLE_TEXT, (int)i == lines - 1 && count > (size_t)lines ? "more; the policy's screen shows all" : line);
        free(line);
    }
}

/* Of a policy that was never approved everything would be a change. */
static int change_lines(const json_t *node)
{
    if (!api_at(node, "approvedVersion")) return 0;
    size_t n = json_array_size(json_object_get(node, "changes"));
    return n > 4 ? 4 : (int)n;
}

static bool shows_changes(enum policy_verb v) { return v == VERB_APPROVE || v == VERB_ROLL_BACK; }
static bool shows_effect(enum policy_verb v) { return v != VERB_REJECT && v != VERB_ROLL_BACK; }

static int single_lines(const struct panel *p)
{
    const json_t *node = node_of(&p->items[0]);
    return 1 + (shows_effect(p->verb) ? 2 : 0) + (shows_changes(p->verb) ? change_lines(node) : 0);
}

static void paint_single(struct panel *p, int y)
{
    const json_t *node = node_of(&p->items[0]);
    paint_subject(p, node, y++);
    if (shows_effect(p->verb)) {
        struct buf text;
        buf_init(&text, 1000);
        policy_effect_text(&text, json_object_get(node, "preview"));
        add(y, 2, ROLE_DIM, p->verb == VERB_DISABLE ? "gives up" : "removes");
        add(y++, 11, ROLE_MONEY, buf_view(&text).ptr);
        buf_clear(&text);
        policy_matches_text(&text, json_object_get(node, "preview"));
        add(y, 2, ROLE_DIM, "matches");
        add(y++, 11, ROLE_TEXT, buf_view(&text).ptr);
        buf_free(&text);
    }
    if (shows_changes(p->verb)) paint_changes(p, node, y, change_lines(node));
}

static void paint_sum(const struct panel *p, int y)
{
    double usd = 0, records = 0;
    char money[FORMAT_SIZE], count[FORMAT_SIZE], text[200];
    for (size_t i = 0; i < p->count; i++) {
        if (p->items[i].state == ITEM_LEFT_OUT) continue;
        usd += api_number(node_of(&p->items[i]), "preview.removedAtMost.usdPerYear", 0);
        records += api_number(node_of(&p->items[i]), "preview.removedAtMost.recordsPerYear", 0);
    }
    format_money(money, usd);
    format_count(count, records);
    snprintf(text, sizeof text, "%s records and %s a year at most, each policy taken by itself", count, money);
    add(y, 2, ROLE_DIM, p->verb == VERB_DISABLE ? "gives up" : "removes");
    add(y, 11, ROLE_MONEY, text);
}

static void paint_counts(const struct panel *p, int y)
{
    char text[200];
    size_t failed = counted(p, ITEM_FAILED), left = counted(p, ITEM_LEFT_OUT);
    snprintf(text, sizeof text, "%zu %s", counted(p, ITEM_DONE), policy_verb_words(p->verb)->done);
    int x = add(y, 2, ROLE_GOOD, text);
    snprintf(text, sizeof text, "%s%zu failed", text_dot(), failed);
    if (failed) x = add(y, x, ROLE_BAD, text);
    snprintf(text, sizeof text, "%s%zu left out", text_dot(), left);
    if (left) x = add(y, x, ROLE_WARN, text);
    snprintf(text, sizeof text, "%s%zu not done", text_dot(), counted(p, ITEM_READY));
    if (p->stopped && counted(p, ITEM_READY)) x = add(y, x, ROLE_WARN, text);
    if (failed) {
        x = add(y, x + 2, ROLE_KEY, "t");
        x = add(y, x + 1, ROLE_DIM, "tries the failed again");
    }
    x = add(y, x + 2, ROLE_KEY, "Esc");
    add(y, x + 1, ROLE_DIM, "closes");
}

static void paint_question(const struct panel *p, int y)
{
    char text[120];
    const struct policy_verb_words *w = policy_verb_words(p->verb);
    size_t ready = counted(p, ITEM_READY);
    if (loading(p)) {
        snprintf(text, sizeof text, "looking at %zu of %zu%s", p->count - counted(p, ITEM_NEW) - counted(p, ITEM_LOADING), p->count,
                 glyph(GLYPH_ELLIPSIS));
        add(y, 2, ROLE_DIM, text);
    } else if (w->reason && !p->reason) {
        add(y, 2, ROLE_DIM, "Enter a reason, or leave everything as it is with Esc.");
    } else if (p->confirmed) {
        snprintf(text, sizeof text, "%s: %zu of %zu", w->doing, counted(p, ITEM_DONE), p->count);
        add(y, 2, ROLE_INFO, text);
    } else {
        if (p->count > 1) snprintf(text, sizeof text, "%s %zu?", w->word, ready);
        else snprintf(text, sizeof text, "%s?", p->verb == VERB_ROLL_BACK ? "roll it back" : w->word);
        text[0] = (char)(text[0] - 'a' + 'A');
        int x = ready ? add(y, 2, ROLE_WARN, text) : 1;
        x = ready ? add(y, x + 1, ROLE_KEY, "y/N") : x;
        if (!ready) x = add(y, x + 1, ROLE_WARN, p->count > 1 ? "nothing to do: all are left out" : "it cannot be done");
        x = add(y, x + 2, ROLE_KEY, "Esc");
        add(y, x + 1, ROLE_DIM, "leaves everything as it is");
    }
}

static bool single(const struct panel *p) { return p->count == 1 && p->items[0].state == ITEM_READY && !p->confirmed; }

static int height(const struct view *v, int body)
{
    const struct panel *p = seen(v);
    int wanted = 3 + (single(p) ? single_lines(p) : (int)p->count + 1), most = body * 2 / 3;
    if (most < 3 + LIST_LEAST) most = 3 + LIST_LEAST;
    return wanted < most ? wanted : most;
}

static void paint_list(struct panel *p, int y, int lines)
{
    p->room = lines;
    if (p->top > (int)p->count - lines) p->top = (int)p->count - lines;
    if (p->top < 0) p->top = 0;
    for (int i = 0; i < lines && p->top + i < (int)p->count; i++) paint_item(p, &p->items[p->top + i], y + i);
}

static void paint(struct view *v, int y, int rows)
{
    struct panel *p = self(v);
    arena_reset(p->texts);
    for (int i = 0; i < rows; i++) paint_clear(y + i, 0, ROLE_TEXT);
    paint_heading(p, y);
    if (single(p)) {
        paint_single(p, y + 1);
    } else {
        paint_list(p, y + 1, rows - 4 + (p->count == 1));
        if (p->count > 1 && shows_effect(p->verb)) paint_sum(p, y + rows - 3);
    }
    if (finished(p) || p->stopped) paint_counts(p, y + rows - 1);
    else paint_question(p, y + rows - 1);
    if (term_plain()) term_cursor(y + rows - 1, 0);
}

/* ---- keys ---- */

static bool action(struct view *v, int id)
{
    struct panel *p = self(v);
    int page = p->room > 1 ? p->room - 1 : 1;
    app_dirty(v->app);
    switch (id) {
    case ACT_PANEL_YES: confirm(p); return true;
    case ACT_PANEL_NO: app_back(v->app); return true;
    case ACT_PANEL_RETRY: retry(p); return true;
    case ACT_DOWN: p->top++; return true;
    case ACT_UP: p->top--; return true;
    case ACT_PAGE_DOWN: p->top += page; return true;
    case ACT_PAGE_UP: p->top -= page; return true;
    case ACT_BACK:
        if (!p->confirmed || finished(p) || p->stopped) return false;
        p->stopped = true;
        app_message(v->app, ROLE_WARN, "no more are sent; what is under way is waited for");
        return true;
    }
    return false;
}

static const char *disabled(const struct view *v, int id)
{
    const struct panel *p = seen(v);
    if (id == ACT_PANEL_YES && loading(p)) return "its effect is not known yet";
    if (id == ACT_PANEL_YES && (p->confirmed || counted(p, ITEM_READY) == 0)) return "there is nothing to say yes to";
    if (id == ACT_PANEL_NO && p->confirmed && !finished(p)) return "it is under way; Esc stops after what was sent";
    if (id == ACT_PANEL_RETRY && counted(p, ITEM_FAILED) == 0) return "nothing failed";
    return NULL;
}

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_PANEL;
}

static void title(const struct view *v, struct buf *out) { buf_str(out, policy_verb_words(seen(v)->verb)->word); }
static int64_t synced(const struct view *v) { return seen(v)->answered_at; }

static int64_t busy(const struct view *v)
{
    const struct panel *p = seen(v);
    return counted(p, ITEM_LOADING) + counted(p, ITEM_SENT) ? p->since : 0;
}

static void dispose(struct view *v)
{
    struct panel *p = self(v);
    prompt_close();
    for (size_t i = 0; i < p->count; i++) {
        if (p->items[i].ticket) api_cancel(app_api(v->app), p->items[i].ticket);
        json_decref(p->items[i].data);
        free(p->items[i].id);
        free(p->items[i].message);
    }
    arena_free(p->texts);
    free(p->items);
    free(p->reason);
    free(p);
}

static const struct view_ops ops = {
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

/* A reason is the confirmation. */
static void reasoned(void *context, const char *text)
{
    struct panel *p = context;
    if (text && *text) {
        p->reason = xstrdup(text);
        confirm(p);
        return;
    }
    app_message(p->v.app, ROLE_DIM, "nothing was changed: %s needs a reason", policy_verb_words(p->verb)->doing);
    app_back(p->v.app);
}

void policy_panel_open(struct app *app, const struct policy_panel_order *order)
{
    struct panel *p = xcalloc(1, sizeof *p);
    const char *label = policy_verb_words(order->verb)->reason;
    *p = (struct panel){.v = {.ops = &ops, .app = app}, .verb = order->verb, .version = order->version, .count = order->count};
    p->items = xcalloc(order->count, sizeof *p->items);
    for (size_t i = 0; i < order->count; i++) p->items[i] = (struct item){.panel = p, .id = order->ids[i]};
    free(order->ids);
    p->texts = arena_new(1 << 20);
    p->since = clock_monotonic();
    app_push(app, &p->v);
    advance(p);
    if (label) prompt_open(&(struct prompt_options){.label = label, .history = "reasons", .done = reasoned, .context = p});
}
