/* One policy, full screen, in sections. */
#include "screens/policy_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/fetch.h"
#include "screens/overview.h"
#include "screens/menu.h"
#include "screens/policy_edit.h"
#include "screens/policy_facts.h"
#include "screens/policy_panel.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SECTIONS = 6, VERSIONS_MAX = 200 };

static const struct {
    const char *name;
    void (*build)(const struct policy_sheet *p);
    const char *count; /* array whose length stands beside the name, NULL: none */
} sections[SECTIONS] = {
    {"Overview", policy_section_overview, NULL},    {"Spec", policy_section_spec, "lint"},
    {"Preview", policy_section_preview, NULL},      {"Versions", policy_section_versions, "versions"},
    {"Edges", policy_section_edges, "deployments"}, {"Audit", policy_section_audit, "approvals"},
};

struct policy_view {
    struct view v;
    struct fetch get, preview;
    struct policy_edit edit;
    struct policy_menu menu;
    struct sheet *sheet;
    struct arena *texts;
    char *id, *title, *path;        /* path: an export that waits for y */
    int section, width;             /* width: what the sheet was built for, 0: build it anew */
    int64_t versions[VERSIONS_MAX]; /* of the menu that is open */
};

static struct policy_view *self(struct view *v) { return (struct policy_view *)v; }
static const struct policy_view *seen(const struct view *v) { return (const struct policy_view *)v; }
static const json_t *node_of(const struct policy_view *d) { return json_object_get(d->get.data, "logEventPolicy"); }

static void stale_sheet(void *context)
{
    struct policy_view *d = context;
    d->width = 0;
    app_dirty(d->v.app);
}

static void ask(struct policy_view *d)
{
    fetch_send(&d->get, resource_get_variables(d->id, clock_now()));
    fetch_send(&d->preview, json_pack("{ss}", "id", d->id));
}

static const char *text_at(struct policy_view *d, const char *path)
{
    const char *text = api_text(d->texts, node_of(d), path);
    return text ? text : "";
}

static void got(void *context)
{
    struct policy_view *d = context;
    const char *name = text_at(d, "name");
    if (*name) {
        free(d->title);
        d->title = xstrdup(name);
    }
    stale_sheet(d);
}

/* ---- the sheet ---- */

static bool offers(void *context, const char *type, const char *field)
{
    const struct policy_view *d = context;
    return api_offers(app_api(d->v.app), type, field);
}

static const char *preview_problem(const struct policy_view *d)
{
    if (fetch_failed(&d->preview)) return d->preview.message;
    if (!api_offers(app_api(d->v.app), "LogEventPolicy", "preview")) return "preview: not offered by this control plane";
    return d->preview.data ? "there is no preview of this policy" : "";
}

static void build_section(struct policy_view *d, int width)
{
    struct policy_sheet p = {
        .sheet = d->sheet,
        .texts = d->texts,
        .data = d->get.data,
        .preview = api_at(d->preview.data, "logEventPolicy.preview"),
        .preview_problem = preview_problem(d),
        .width = width,
        .now_ns = clock_now(),
        .offers = offers,
        .offers_context = d,
    };
    sections[d->section].build(&p);
}

static void build(struct policy_view *d, int width)
{
    arena_reset(d->texts);
    sheet_clear(d->sheet);
    d->width = width;
    if (node_of(d)) {
        build_section(d, width);
    } else if (fetch_failed(&d->get)) {
        sheet_note(d->sheet, ROLE_BAD, d->get.message);
        sheet_note(d->sheet, ROLE_DIM, "r tries again, ! shows the requests");
    } else if (d->get.data) {
        bool offered = api_offers(app_api(d->v.app), "Query", "logEventPolicy");
        sheet_note(d->sheet, ROLE_WARN,
                   offered ? "It is not there any more. q goes back, r asks again." : "Policies are not offered by this control plane.");
    }
}

static void paint_title(struct policy_view *d, int y)
{
    const char *number = text_at(d, "displayID"), *state = json_string_value(json_object_get(node_of(d), "state"));
    char lower[24] = "", *cut = text_cut(d->title, term_columns() - 26);
    for (size_t i = 0; state && state[i] && i + 1 < sizeof lower; i++)
        lower[i] = (char)(state[i] >= 'A' && state[i] <= 'Z' ? state[i] + 32 : state[i]);
    paint_clear(y, 0, ROLE_TEXT);
    int x = SHEET_LABEL + paint_text(y, SHEET_LABEL, 10, ROLE_KEY, number);
    x += 1 + paint_text(y, x + 1, term_columns() - x - 2, ROLE_TITLE, cut);
    paint_text(y, x + 2, term_columns() - x - 3, text_state_role(lower), lower);
    free(cut);
}

static void paint_sections(const struct policy_view *d, int y)
{
    int x = SHEET_LABEL - 1;
    char text[40];
    paint_clear(y, 0, ROLE_TEXT);
    for (int i = 0; i < SECTIONS; i++) {
        size_t n = sections[i].count ? json_array_size(json_object_get(node_of(d), sections[i].count)) : 0;
        bool current = i == d->section, plain = term_plain() || term_columns() == 0;
        if (n) snprintf(text, sizeof text, " %s %zu ", sections[i].name, n);
        else snprintf(text, sizeof text, " %s ", sections[i].name);
        if (current && plain) text[0] = '*';
        x += paint_text(y, x, term_columns() - x, current ? ROLE_TAB_CURRENT : ROLE_TAB, text) + 1;
    }
    if (term_columns() - x > 16) paint_text(y, x + 1, 14, ROLE_DIM, "h l: sections");
}

static void paint(struct view *v, int y, int height)
{
    struct policy_view *d = self(v);
    int width = term_columns() < SHEET_WIDEST ? term_columns() : SHEET_WIDEST;
    if (d->width != width) build(d, width);
    if (height > 3) sheet_paint(d->sheet, y + 3, height - 3);
    paint_title(d, y);
    paint_sections(d, y + 1);
    paint_clear(y + 2, 0, ROLE_TEXT);
}

/* ---- going elsewhere ---- */

static void go(struct policy_view *d, const json_t *node)
{
    char *id = xstrdup(json_string_value(json_object_get(node, "id"))), *title = xstrdup(api_text(d->texts, node, "name"));
    free(d->id);
    free(d->title);
    d->id = id;
    d->title = title;
    json_decref(d->get.data);
    json_decref(d->preview.data);
    d->get.data = d->preview.data = NULL;
    ask(d);
    sheet_go(d->sheet, false);
    stale_sheet(d);
}

static void step(struct policy_view *d, int by)
{
    const json_t *node = list_view_step(app_below(&d->v), by);
    if (node) go(d, node);
    else app_message(d->v.app, ROLE_DIM, by > 0 ? "this is the last row" : "this is the first row");
}

static void turn_section(struct policy_view *d, int by)
{
    d->section = (d->section + by + SECTIONS) % SECTIONS;
    sheet_go(d->sheet, false);
    stale_sheet(d);
}

/* ---- changes ---- */

static void open_panel(struct policy_view *d, enum policy_verb verb, int64_t version)
{
    char **ids = xcalloc(1, sizeof *ids);
    ids[0] = xstrdup(d->id);
    policy_panel_open(d->v.app, &(struct policy_panel_order){.verb = verb, .ids = ids, .count = 1, .version = version});
}

static bool pick_version(void *context, int item)
{
    struct policy_view *d = context;
    open_panel(d, VERB_ROLL_BACK, d->versions[item]);
    return true;
}

static char *version_text(struct policy_view *d, const json_t *v)
{
    const char *author = api_text(d->texts, v, "author"), *reason = api_text(d->texts, v, "reason");
    const char *hash = json_string_value(json_object_get(v, "contentHash"));
    return xasprintf("version %lld  %.12s  %s%s%s%s", (long long)api_integer(v, "version", 0), hash ? hash : "",
                     api_bool(v, "approved", false) ? "was approved: in force at once" : "never approved: it is proposed", text_dot(),
                     author ? author : "", reason && *reason ? reason : "");
}

static void open_versions(struct policy_view *d)
{
    const json_t *list = json_object_get(node_of(d), "versions"), *v;
    struct menu_item *items = xcalloc(VERSIONS_MAX, sizeof *items);
    int count = 0;
    size_t i;
    json_array_foreach((json_t *)list, i, v)
    {
        int64_t version = api_integer(v, "version", 0);
        if (count == VERSIONS_MAX || version == api_integer(node_of(d), "version", 0)) continue;
        items[count].text = version_text(d, v);
        d->versions[count++] = version;
    }
    app_push(d->v.app, menu_new(d->v.app, &(struct menu_options){
                                              .title = "Go back to", .items = items, .count = count, .pick = pick_version, .context = d}));
}

static void edit(struct policy_view *d)
{
    const char *text = json_string_value(json_object_get(node_of(d), "text"));
    const char *hash = json_string_value(json_object_get(node_of(d), "contentHash"));
    char *name = xstrdup(text_at(d, "displayID"));
    policy_edit_start(&d->edit, d->id, name, hash ? hash : "", text ? text : "");
    free(name);
}

/* ---- export ---- */

static void write_out(struct policy_view *d, int flags)
{
    const char *text = json_string_value(json_object_get(node_of(d), "text"));
    int fd = open(d->path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
    size_t len = text ? strlen(text) : 0;
    bool good = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    int error = errno;
    if (fd >= 0 && close(fd) != 0 && good) good = false, error = errno;
    if (good) app_message(d->v.app, ROLE_GOOD, "written to %s", d->path);
    else app_message(d->v.app, ROLE_BAD, "%s: %s", d->path, strerror(error));
}

static void overwrite(void *context) { write_out(context, O_TRUNC); }

static void path_given(void *context, const char *path)
{
    struct policy_view *d = context;
    app_dirty(d->v.app);
    if (!path || !*path) return;
    free(d->path);
    d->path = xstrdup(path);
    if (access(d->path, F_OK) != 0) {
        write_out(d, O_EXCL);
        return;
    }
    char *question = xasprintf("%s is there already. Overwrite it?", d->path);
    app_confirm(d->v.app, question, overwrite, d);
    free(question);
}

static void export(struct policy_view *d)
{
    char *initial = xasprintf("%s.yaml", text_at(d, "displayID"));
    prompt_open(
        &(struct prompt_options){.label = "write to: ", .initial = initial, .history = "exports", .done = path_given, .context = d});
    free(initial);
}

/* ---- actions ---- */

static void searched(void *context, const char *text)
{
    struct policy_view *d = context;
    int hits = sheet_search(d->sheet, text ? text : "");
    if (text && *text && hits == 0) app_message(d->v.app, ROLE_WARN, "not found: %s", text);
    app_dirty(d->v.app);
}

static void next_match(struct policy_view *d, int direction)
{
    if (!sheet_next_match(d->sheet, direction)) app_message(d->v.app, ROLE_WARN, "nothing was searched for, or it is not there");
}

static bool scroll(struct policy_view *d, int action)
{
    int page = term_rows() - 10;
    switch (action) {
    case ACT_DOWN: sheet_scroll(d->sheet, 1); return true;
    case ACT_UP: sheet_scroll(d->sheet, -1); return true;
    case ACT_HALF_DOWN: sheet_scroll(d->sheet, page / 2); return true;
    case ACT_HALF_UP: sheet_scroll(d->sheet, -page / 2); return true;
    case ACT_PAGE_DOWN: sheet_scroll(d->sheet, page); return true;
    case ACT_PAGE_UP: sheet_scroll(d->sheet, -page); return true;
    case ACT_FIRST: sheet_go(d->sheet, false); return true;
    case ACT_LAST: sheet_go(d->sheet, true); return true;
    case ACT_SEARCH_NEXT: next_match(d, 1); return true;
    case ACT_SEARCH_PREVIOUS: next_match(d, -1); return true;
    }
    return false;
}

static bool change(struct policy_view *d, int id)
{
    switch (id) {
    case ACT_POLICY_APPROVE: open_panel(d, VERB_APPROVE, 0); return true;
    case ACT_POLICY_REJECT: open_panel(d, VERB_REJECT, 0); return true;
    case ACT_POLICY_PROPOSE: open_panel(d, VERB_PROPOSE, 0); return true;
    case ACT_POLICY_TURN: open_panel(d, policy_verb_turn(node_of(d)), 0); return true;
    case ACT_POLICY_ROLL_BACK: open_versions(d); return true;
    case ACT_POLICY_EDIT: edit(d); return true;
    case ACT_POLICY_EXPORT: export(d); return true;
    }
    return false;
}

static void open_inbox(struct policy_view *d) { app_push(d->v.app, list_view_new(d->v.app, &resource_policies, "state:proposed")); }

static bool action(struct view *v, int id)
{
    struct policy_view *d = self(v);
    if (scroll(d, id) || change(d, id)) return true;
    switch (id) {
    case ACT_NEXT: step(d, 1); return true;
    case ACT_PREVIOUS: step(d, -1); return true;
    case ACT_SECTION_NEXT: turn_section(d, 1); return true;
    case ACT_SECTION_PREVIOUS: turn_section(d, -1); return true;
    case ACT_POLICY_MENU: policy_menu_open(&d->menu, true); return true;
    case ACT_POLICY_INBOX: open_inbox(d); return true;
    case ACT_COPY: app_copy(v->app, d->id, "id"); return true;
    case ACT_SEARCH:
        prompt_open(&(struct prompt_options){.label = "/", .history = "search", .changed = searched, .done = searched, .context = d});
        return true;
    }
    return false;
}

static const char *verb_refused(const struct policy_view *d, enum policy_verb verb)
{
    const char *viewer = json_string_value(api_at(overview_server(app_overview(d->v.app)), "viewer.id"));
    return policy_verb_refused(verb, node_of(d), viewer ? viewer : "", policy_four_eyes(d->get.data));
}

static const char *roll_back_refused(const struct policy_view *d)
{
    const char *why = verb_refused(d, VERB_ROLL_BACK);
    if (why) return why;
    return json_array_size(json_object_get(node_of(d), "versions")) < 2 ? "there is no older version" : NULL;
}

static const char *disabled(const struct view *v, int id)
{
    const struct policy_view *d = seen(v);
    switch (id) {
    case ACT_NEXT:
    case ACT_PREVIOUS: return list_view_is(v->below, &resource_policies) ? NULL : "it was not opened from a list";
    case ACT_POLICY_APPROVE: return verb_refused(d, VERB_APPROVE);
    case ACT_POLICY_REJECT: return verb_refused(d, VERB_REJECT);
    case ACT_POLICY_PROPOSE: return verb_refused(d, VERB_PROPOSE);
    case ACT_POLICY_TURN: return verb_refused(d, policy_verb_turn(node_of(d)));
    case ACT_POLICY_ROLL_BACK: return roll_back_refused(d);
    case ACT_POLICY_EXPORT: return api_at(node_of(d), "text") ? NULL : "its text is not loaded";
    case ACT_POLICY_EDIT:
        if (policy_edit_disabled(&d->edit)) return policy_edit_disabled(&d->edit);
        return api_at(node_of(d), "text") ? policy_edit_refused(node_of(d)) : "its text is not loaded";
    }
    return NULL;
}

static const char *menu_refused(void *context, int id)
{
    struct policy_view *d = context;
    return disabled(&d->v, id);
}

static void menu_perform(void *context, int id) { change(context, id); }

/* ---- the rest ---- */

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_DETAIL | CONTEXT_POLICIES | CONTEXT_SECTIONS;
}

static void title(const struct view *v, struct buf *out) { buf_str(out, seen(v)->title); }
static void refresh(struct view *v) { ask(self(v)); }
static int64_t busy(const struct view *v) { return fetch_busy(&seen(v)->get); }
static int64_t synced(const struct view *v) { return seen(v)->get.answered_at; }

static void status(const struct view *v, struct buf *out)
{
    const struct policy_view *d = seen(v);
    buf_printf(out, "policy%s%s", text_dot(), sections[d->section].name);
    if (fetch_failed(&d->get)) buf_printf(out, "%s%s", text_dot(), d->get.message);
}

static void dispose(struct view *v)
{
    struct policy_view *d = self(v);
    prompt_close();
    fetch_free(&d->get);
    fetch_free(&d->preview);
    policy_edit_free(&d->edit);
    sheet_free(d->sheet);
    arena_free(d->texts);
    free(d->id);
    free(d->title);
    free(d->path);
    free(d);
}

static const struct view_ops ops = {
    .context = context,
    .paint = paint,
    .action = action,
    .refresh = refresh,
    .title = title,
    .status = status,
    .disabled = disabled,
    .busy = busy,
    .synced = synced,
    .close = dispose,
};

struct view *policy_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    struct policy_view *d = xcalloc(1, sizeof *d);
    d->v = (struct view){.ops = &ops, .app = app};
    d->id = xstrdup(id);
    d->title = xstrdup(name ? name : "");
    d->sheet = sheet_new();
    d->texts = arena_new(4 << 20);
    d->menu = (struct policy_menu){.app = app, .context = d, .refused = menu_refused, .perform = menu_perform};
    fetch_init(&d->get, app_api(app), resource->get, got, d);
    fetch_init(&d->preview, app_api(app), "PreviewPolicy", stale_sheet, d);
    policy_edit_init(&d->edit, app);
    ask(d);
    return &d->v;
}
