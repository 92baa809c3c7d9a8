/* One policy, full screen, in sections. */
#include "screens/policy_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/detail_base.h"
#include "screens/overview.h"
#include "screens/menu.h"
#include "screens/policy_edit.h"
#include "screens/policy_facts.h"
#include "screens/policy_panel.h"
#include "screens/tap_view.h"
#include "screens/text.h"
#include "screens/views.h"
#include "tui/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VERSIONS_MAX = 200 };

struct policy_view {
    struct detail d;
    struct policy_edit edit;
    struct policy_menu menu;
    char *path;                     /* of an export that waits for y */
    int64_t versions[VERSIONS_MAX]; /* of the menu that is open */
};

static struct policy_view *self(struct detail *d) { return (struct policy_view *)d; }
static const struct policy_view *seen(const struct detail *d) { return (const struct policy_view *)d; }

/* ---- the sheet ---- */

static bool offers(void *context, const char *type, const char *field)
{
    const struct detail *d = context;
    return api_offers(app_api(d->v.app), type, field);
}

static const char *preview_problem(const struct detail *d)
{
    if (fetch_failed(&d->more)) return d->more.message;
    if (!api_offers(app_api(d->v.app), "LogEventPolicy", "preview")) return "preview: not offered by this control plane";
    return d->more.data ? "there is no preview of this policy" : "";
}

static struct policy_sheet sheet_of(struct detail *d, int width)
{
    return (struct policy_sheet){
        .detail = d,
        .sheet = d->sheet,
        .texts = d->texts,
        .data = d->get.data,
        .preview = api_at(d->more.data, "logEventPolicy.preview"),
        .preview_problem = preview_problem(d),
        .width = width,
        .now_ns = clock_now(),
        .offers = offers,
        .offers_context = d,
    };
}

static void build(struct detail *d, int width, void (*section)(const struct policy_sheet *p))
{
    struct policy_sheet p = sheet_of(d, width);
    section(&p);
}

static void overview(struct detail *d, int width) { build(d, width, policy_section_overview); }
static void spec(struct detail *d, int width) { build(d, width, policy_section_spec); }
static void preview(struct detail *d, int width) { build(d, width, policy_section_preview); }
static void versions(struct detail *d, int width) { build(d, width, policy_section_versions); }
static void edges(struct detail *d, int width) { build(d, width, policy_section_edges); }
static void audit(struct detail *d, int width) { build(d, width, policy_section_audit); }

static const struct detail_section sections[] = {
    {"Overview", overview, NULL},       {"Spec", spec, "lint"},          {"Preview", preview, NULL},
    {"Versions", versions, "versions"}, {"Edges", edges, "deployments"}, {"Audit", audit, "auditEntries.edges"},
};

static void head(struct detail *d, struct sheet *sheet, int width)
{
    const char *number = detail_text(d, "displayID"), *state = json_string_value(json_object_get(detail_node(d), "state"));
    char lower[24] = "", *cut = text_cut(d->title, width - 26);
    for (size_t i = 0; state && state[i] && i + 1 < sizeof lower; i++)
        lower[i] = (char)(state[i] >= 'A' && state[i] <= 'Z' ? state[i] + 32 : state[i]);
    sheet_span(sheet, SHEET_LABEL, ROLE_KEY, number);
    sheet_span(sheet, -1, ROLE_TEXT, *number ? " " : "");
    sheet_span(sheet, -1, ROLE_TITLE, cut);
    sheet_span(sheet, -1, ROLE_TEXT, "  ");
    sheet_span(sheet, -1, text_state_role(lower), lower);
    free(cut);
}

/* ---- changes ---- */

static void open_panel(struct policy_view *d, enum policy_verb verb, int64_t version)
{
    policy_panel_open(d->d.v.app, verb, bulk_one(d->d.id), 1, version);
}

static bool pick_version(void *context, int item)
{
    struct policy_view *d = context;
    open_panel(d, VERB_ROLL_BACK, d->versions[item]);
    return true;
}

static char *version_text(struct policy_view *d, const json_t *v)
{
    const char *author = api_text(d->d.texts, v, "author"), *reason = api_text(d->d.texts, v, "reason");
    const char *hash = json_string_value(json_object_get(v, "contentHash"));
    return xasprintf("version %lld  %.12s  %s%s%s%s", (long long)api_integer(v, "version", 0), hash ? hash : "",
                     api_bool(v, "approved", false) ? "was approved: in force at once" : "never approved: it is proposed", text_dot(),
                     author ? author : "", reason && *reason ? reason : "");
}

static void open_versions(struct policy_view *d)
{
    const json_t *list = json_object_get(detail_node(&d->d), "versions"), *v;
    struct menu_item *items = xcalloc(VERSIONS_MAX, sizeof *items);
    int count = 0;
    size_t i;
    json_array_foreach((json_t *)list, i, v)
    {
        int64_t version = api_integer(v, "version", 0);
        if (count == VERSIONS_MAX || version == api_integer(detail_node(&d->d), "version", 0)) continue;
        items[count].text = version_text(d, v);
        d->versions[count++] = version;
    }
    app_push(d->d.v.app,
             menu_new(d->d.v.app,
                      &(struct menu_options){.title = "Go back to", .items = items, .count = count, .pick = pick_version, .context = d}));
}

static void edit(struct policy_view *d)
{
    const char *text = json_string_value(json_object_get(detail_node(&d->d), "text"));
    const char *hash = json_string_value(json_object_get(detail_node(&d->d), "contentHash"));
    policy_edit_start(&d->edit, d->d.id, hash ? hash : "", text ? text : "");
}

/* ---- export ---- */

static void write_out(struct policy_view *d, int flags)
{
    const char *text = json_string_value(json_object_get(detail_node(&d->d), "text"));
    int fd = open(d->path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
    size_t len = text ? strlen(text) : 0;
    bool good = fd >= 0 && write(fd, text, len) == (ssize_t)len;
    int error = errno;
    if (fd >= 0 && close(fd) != 0 && good) good = false, error = errno;
    if (good) app_message(d->d.v.app, ROLE_GOOD, "written to %s", d->path);
    else app_message(d->d.v.app, ROLE_BAD, "%s: %s", d->path, strerror(error));
}

static void overwrite(void *context) { write_out(context, O_TRUNC); }

static void path_given(void *context, const char *path)
{
    struct policy_view *d = context;
    app_dirty(d->d.v.app);
    if (!path || !*path) return;
    free(d->path);
    d->path = xstrdup(path);
    if (access(d->path, F_OK) != 0) {
        write_out(d, O_EXCL);
        return;
    }
    char *question = xasprintf("%s is there already. Overwrite it?", d->path);
    app_confirm(d->d.v.app, question, overwrite, d);
    free(question);
}

static void export(struct policy_view *d)
{
    char *initial = xasprintf("%s.yaml", detail_text(&d->d, "displayID"));
    prompt_open(
        &(struct prompt_options){.label = "write to: ", .initial = initial, .history = "exports", .done = path_given, .context = d});
    free(initial);
}

/* ---- actions ---- */

static bool change(struct policy_view *d, int id)
{
    switch (id) {
    case ACT_POLICY_APPROVE: open_panel(d, VERB_APPROVE, 0); return true;
    case ACT_POLICY_REJECT: open_panel(d, VERB_REJECT, 0); return true;
    case ACT_POLICY_PROPOSE: open_panel(d, VERB_PROPOSE, 0); return true;
    case ACT_POLICY_TURN: open_panel(d, policy_verb_turn(detail_node(&d->d)), 0); return true;
    case ACT_POLICY_ROLL_BACK: open_versions(d); return true;
    case ACT_POLICY_EDIT: edit(d); return true;
    case ACT_POLICY_EXPORT: export(d); return true;
    }
    return false;
}

static void open_inbox(struct policy_view *d) { app_push(d->d.v.app, list_view_new(d->d.v.app, &resource_policies, "state:proposed")); }

static void open_tap(struct policy_view *d)
{
    char *name = xasprintf("%s %s", detail_text(&d->d, "displayID"), d->d.title);
    app_push(d->d.v.app, tap_view_new(d->d.v.app, &(struct tap_subject){.policy = d->d.id, .title = name}));
    free(name);
}

static const char *tap_refused(const struct detail *d)
{
    const char *signal = json_string_value(api_at(detail_node(d), "signal"));
    if (signal && strcmp(signal, "LOG") != 0) return "only log records can be looked at live";
    return tap_view_refused(d->v.app);
}

static bool action(struct detail *d, int id)
{
    if (change(self(d), id)) return true;
    switch (id) {
    case ACT_POLICY_MENU: policy_menu_open(&self(d)->menu, true); return true;
    case ACT_TAP: open_tap(self(d)); return true;
    case ACT_POLICY_INBOX: open_inbox(self(d)); return true;
    }
    return false;
}

static const char *verb_refused(const struct detail *d, enum policy_verb verb)
{
    const char *viewer = json_string_value(api_at(overview_server(app_overview(d->v.app)), "viewer.id"));
    return policy_verb_refused(verb, detail_node(d), viewer ? viewer : "", policy_four_eyes(d->get.data));
}

static const char *roll_back_refused(const struct detail *d)
{
    const char *why = verb_refused(d, VERB_ROLL_BACK);
    if (why) return why;
    return json_array_size(json_object_get(detail_node(d), "versions")) < 2 ? "there is no older version" : NULL;
}

static const char *disabled(const struct detail *d, int id)
{
    switch (id) {
    case ACT_TAP: return tap_refused(d);
    case ACT_POLICY_APPROVE: return verb_refused(d, VERB_APPROVE);
    case ACT_POLICY_REJECT: return verb_refused(d, VERB_REJECT);
    case ACT_POLICY_PROPOSE: return verb_refused(d, VERB_PROPOSE);
    case ACT_POLICY_TURN: return verb_refused(d, policy_verb_turn(detail_node(d)));
    case ACT_POLICY_ROLL_BACK: return roll_back_refused(d);
    case ACT_POLICY_EXPORT: return api_at(detail_node(d), "text") ? NULL : "its text is not loaded";
    case ACT_POLICY_EDIT:
        if (policy_edit_disabled(&seen(d)->edit)) return policy_edit_disabled(&seen(d)->edit);
        return api_at(detail_node(d), "text") ? policy_edit_refused(detail_node(d)) : "its text is not loaded";
    }
    return NULL;
}

static const char *menu_refused(void *context, int id) { return disabled(context, id); }
static void menu_perform(void *context, int id) { change(context, id); }

/* ---- the rest ---- */

static void status(const struct detail *d, struct buf *out) { buf_printf(out, "policy%s%s", text_dot(), sections[d->section].name); }

static void opened(struct detail *d)
{
    self(d)->menu = (struct policy_menu){.app = d->v.app, .context = d, .refused = menu_refused, .perform = menu_perform};
    policy_edit_init(&self(d)->edit, d->v.app);
}

static void closed(struct detail *d)
{
    policy_edit_free(&self(d)->edit);
    free(self(d)->path);
}

static const struct detail_ops ops = {
    .size = sizeof(struct policy_view),
    .context = CONTEXT_POLICIES | CONTEXT_SECTIONS,
    .noun = "policy",
    .more = "PreviewPolicy",
    .sections = sections,
    .section_count = sizeof sections / sizeof *sections,
    .head = head,
    .open = opened,
    .action = action,
    .disabled = disabled,
    .status = status,
    .close = closed,
};

struct view *policy_view_new(struct app *app, const struct resource *resource, const char *id, const char *name)
{
    return detail_open(&ops, app, resource, id, name);
}
