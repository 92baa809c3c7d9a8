#include "screens/tap_view.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/die.h"
#include "screens/overview.h"
#include "screens/text.h"
#include "tui/prompt.h"

#include <stdlib.h>
#include <string.h>

enum { RECORDS_SHOWN = 100, SECONDS = 180, TEXTS_MAX = 8 << 20 };
#define POLL_PAUSE NS_PER_SECOND

static struct tap_view *self(struct view *v) { return (struct tap_view *)v; }
static const struct tap_view *seen(const struct view *v) { return (const struct tap_view *)v; }

static void stale(struct tap_view *t)
{
    t->width = 0;
    app_dirty(t->v.app);
}

static void enter(struct tap_view *t, enum tap_phase phase)
{
    t->phase = phase;
    stale(t);
}

/* ---- starting ---- */

static void begin(void *context)
{
    struct tap_view *t = context;
    json_t *input = json_pack("{sisi}", "seconds", SECONDS, "records", RECORDS_SHOWN);
    if (t->policy) json_object_set_new(input, "policyID", json_string(t->policy));
    else json_object_set_new(input, "text", json_string(t->text));
    json_array_clear(t->records);
    t->last = 0;
    t->paused = false;
    fetch_send(&t->start, json_pack("{so}", "input", input));
    enter(t, TAP_STARTING);
}

static void ask_to_begin(struct tap_view *t)
{
    app_confirm(t->v.app, "Look at live records for 3 minutes? Audited, masked, in memory only.", begin, t);
}

static void poll_now(struct tap_view *t)
{
    int most = t->paused ? 0 : RECORDS_SHOWN;
    fetch_send(&t->poll, json_pack("{sssIsi}", "id", t->id, "after", (json_int_t)t->last, "first", most));
}

static void started(void *context)
{
    struct tap_view *t = context;
    const json_t *tap = api_at(t->start.data, "startPolicyTap");
    const char *id = json_string_value(json_object_get(tap, "id"));
    app_dirty(t->v.app);
    if (fetch_failed(&t->start) || !id) {
        enter(t, TAP_READY);
        app_message(t->v.app, ROLE_BAD, "not started: %s", t->start.message);
        return;
    }
    free(t->id);
    t->id = xstrdup(id);
    t->expires_ns = api_time(tap, "expiresAt");
    enter(t, TAP_LIVE);
    poll_now(t);
}

/* ---- whether it is permitted ---- */

static const char *permission(const struct fetch *f, const char *path)
{
    const char *p = json_string_value(api_at(f->data, path));
    return p ? p : "";
}

static void know_permission(struct tap_view *t, const char *p)
{
    bool off = !strcmp(p, "OFF");
    t->may_reveal = !strcmp(p, "REVEAL");
    if (t->phase != TAP_ASKING && t->phase != TAP_FORBIDDEN) return;
    enter(t, off ? TAP_FORBIDDEN : TAP_READY);
    if (!off && app_is_top(t->v.app, &t->v)) ask_to_begin(t);
}

static void setting_known(void *context)
{
    struct tap_view *t = context;
    const char *p = permission(&t->setting, "accounts.edges.0.node.policySettings.liveTap");
    if (!fetch_failed(&t->setting) && *p) know_permission(t, p);
    stale(t);
}

static void permitted(void *context);

static void allow_masked(void *context)
{
    struct tap_view *t = context;
    fetch_send(&t->permit, json_pack("{ss}", "permission", "MASKED"));
}

static void allow_values(void *context)
{
    struct tap_view *t = context;
    fetch_send(&t->permit, json_pack("{ss}", "permission", "REVEAL"));
}

/* ---- values ---- */

static void reason_given(void *context, const char *reason)
{
    struct tap_view *t = context;
    app_dirty(t->v.app);
    if (!reason || !*reason || t->phase != TAP_LIVE) {
        app_message(t->v.app, ROLE_DIM, "values stay masked%s", reason && !*reason ? ": showing them needs a reason" : "");
        return;
    }
    fetch_send(&t->reveal, json_pack("{ssss}", "id", t->id, "reason", reason));
}

static void ask_reason(struct tap_view *t)
{
    prompt_open(&(struct prompt_options){
        .label = "show values of records to come; reason for the audit log: ", .done = reason_given, .context = t});
}

static void reveal(struct tap_view *t)
{
    if (t->may_reveal) ask_reason(t);
    else app_confirm(t->v.app, "Values are never shown in this workspace. Permit it, for a reason each time? Audited.", allow_values, t);
}

static void permitted(void *context)
{
    struct tap_view *t = context;
    app_dirty(t->v.app);
    if (fetch_failed(&t->permit)) {
        app_message(t->v.app, ROLE_BAD, "not permitted: %s", t->permit.message);
        return;
    }
    know_permission(t, permission(&t->permit, "updatePolicyTapSettings.liveTap"));
    if (t->may_reveal && t->phase == TAP_LIVE) ask_reason(t);
}

static void revealed(void *context)
{
    struct tap_view *t = context;
    stale(t);
    if (fetch_failed(&t->reveal)) app_message(t->v.app, ROLE_BAD, "values stay masked: %s", t->reveal.message);
    else app_message(t->v.app, ROLE_WARN, "values are shown from the next record on");
}

/* ---- while it runs ---- */

static void take_records(struct tap_view *t, const json_t *tap)
{
    const json_t *records = json_object_get(tap, "records");
    for (size_t i = 0; i < json_array_size(records); i++) {
        json_array_insert(t->records, 0, json_array_get(records, i));
        t->last = api_integer(json_array_get(records, i), "sequence", t->last);
    }
    while (json_array_size(t->records) > RECORDS_SHOWN) json_array_remove(t->records, json_array_size(t->records) - 1);
}

static void polled(void *context)
{
    struct tap_view *t = context;
    const json_t *tap = api_at(t->poll.data, "policyTap");
    if (t->phase != TAP_LIVE) return;
    if (!fetch_failed(&t->poll)) take_records(t, tap);
    const char *state = json_string_value(json_object_get(tap, "state"));
    bool gone = t->poll.status == API_REFUSED || (state && !strcmp(state, "ENDED"));
    if (gone) json_array_clear(t->records);
    enter(t, gone ? TAP_OVER : TAP_LIVE);
    if (!gone) t->v.wake = clock_monotonic() + POLL_PAUSE;
}

static void tick(struct view *v)
{
    if (seen(v)->phase == TAP_LIVE) poll_now(self(v));
}

static void ignore(void *context, const struct api_answer *answer)
{
    (void)context;
    (void)answer;
}

/* The control plane wipes what it kept; so does this side. */
static void stop(struct tap_view *t)
{
    if (t->phase != TAP_LIVE) return;
    api_send(app_api(t->v.app), "StopPolicyTap", json_pack("{ss}", "id", t->id), ignore, NULL);
    t->v.wake = 0;
    json_array_clear(t->records);
    enter(t, TAP_OVER);
}

/* ---- the view ---- */

static void go_on(struct tap_view *t)
{
    if (t->phase == TAP_FORBIDDEN) app_confirm(t->v.app, "Permit live previews, masked, in this workspace? Audited.", allow_masked, t);
    else if (t->phase == TAP_READY || t->phase == TAP_OVER) ask_to_begin(t);
}

static void scroll(struct tap_view *t, int lines)
{
    if (sheet_scroll(t->sheet, lines)) app_dirty(t->v.app);
}

static bool move(struct tap_view *t, int id)
{
    switch (id) {
    case ACT_DOWN: scroll(t, 1); return true;
    case ACT_UP: scroll(t, -1); return true;
    case ACT_HALF_DOWN: scroll(t, 8); return true;
    case ACT_HALF_UP: scroll(t, -8); return true;
    case ACT_PAGE_DOWN: scroll(t, 16); return true;
    case ACT_PAGE_UP: scroll(t, -16); return true;
    case ACT_FIRST: sheet_go(t->sheet, false); return true;
    case ACT_LAST: sheet_go(t->sheet, true); return true;
    }
    return false;
}

static bool action(struct view *v, int id)
{
    struct tap_view *t = self(v);
    switch (id) {
    case ACT_TAP_GO: go_on(t); return true;
    case ACT_TAP_PAUSE: t->paused = !t->paused; break;
    case ACT_TAP_FIELDS: t->all_fields = !t->all_fields; break;
    case ACT_TAP_REVEAL: reveal(t); return true;
    case ACT_TAP_STOP: stop(t); return true;
    case ACT_TAP_EXPORT: return true;
    default: return move(t, id);
    }
    stale(t);
    return true;
}

static const char *disabled(const struct view *v, int id)
{
    const struct tap_view *t = seen(v);
    bool live = t->phase == TAP_LIVE;
    switch (id) {
    case ACT_TAP_EXPORT: return "what comes in live is shown only: none of it is written to a file";
    case ACT_TAP_GO: return live ? "it runs already" : t->phase == TAP_ASKING || t->phase == TAP_STARTING ? "a moment" : NULL;
    case ACT_TAP_REVEAL:
        if (live && api_bool(t->poll.data, "policyTap.revealed", false)) return "values are shown already";
        return live ? NULL : "nothing runs";
    case ACT_TAP_PAUSE:
    case ACT_TAP_STOP: return live ? NULL : "nothing runs";
    }
    return NULL;
}

static void paint(struct view *v, int y, int height)
{
    struct tap_view *t = self(v);
    int width = term_columns() < SHEET_WIDEST * 2 ? term_columns() : SHEET_WIDEST * 2;
    if (t->width != width) {
        sheet_clear(t->sheet);
        arena_reset(t->texts);
        tap_sheet_build(t, width);
        t->width = width;
    }
    sheet_paint(t->sheet, y + TAP_HEAD, height - TAP_HEAD);
    tap_head_paint(t, y);
}

static unsigned context(const struct view *v)
{
    (void)v;
    return CONTEXT_TAP;
}

static void refresh(struct view *v)
{
    struct tap_view *t = self(v);
    if (t->phase == TAP_LIVE) poll_now(t);
    else if (t->phase == TAP_ASKING || t->phase == TAP_FORBIDDEN) fetch_send(&t->setting, NULL);
}

static void title(const struct view *v, struct buf *out)
{
    (void)v;
    buf_str(out, "live");
}

static void status(const struct view *v, struct buf *out)
{
    const struct tap_view *t = seen(v);
    size_t n = json_array_size(t->records);
    if (t->phase != TAP_LIVE) return;
    buf_printf(out, "%zu record%s, newest first%s%s", n, n == 1 ? "" : "s", text_dot(),
               t->all_fields ? "all fields" : "what the policy changes");
    if (t->paused) buf_printf(out, "%spaused", text_dot());
}

static int64_t busy(const struct view *v)
{
    const struct tap_view *t = seen(v);
    return t->phase == TAP_LIVE ? 0 : fetch_busy(&t->setting) ? fetch_busy(&t->setting) : fetch_busy(&t->start);
}

static void dispose(struct view *v)
{
    struct tap_view *t = self(v);
    prompt_close();
    app_confirm(v->app, NULL, NULL, NULL);
    stop(t);
    fetch_free(&t->setting);
    fetch_free(&t->permit);
    fetch_free(&t->start);
    fetch_free(&t->poll);
    fetch_free(&t->reveal);
    json_decref(t->records);
    sheet_free(t->sheet);
    arena_free(t->texts);
    free(t->policy);
    free(t->text);
    free(t->title);
    free(t->id);
    free(t);
}

static const struct view_ops ops = {
    .context = context,
    .paint = paint,
    .action = action,
    .refresh = refresh,
    .tick = tick,
    .title = title,
    .status = status,
    .disabled = disabled,
    .busy = busy,
    .close = dispose,
};

const char *tap_view_refused(struct app *app)
{
    return api_offers(app_api(app), "Mutation", "startPolicyTap") ? NULL : "live previews are not offered by this control plane";
}

struct view *tap_view_new(struct app *app, const struct tap_subject *s)
{
    struct tap_view *t = xcalloc(1, sizeof *t);
    struct api *api = app_api(app);
    t->v = (struct view){.ops = &ops, .app = app, .repeats = true};
    t->policy = s->policy ? xstrdup(s->policy) : NULL;
    t->text = s->text ? xstrdup(s->text) : NULL;
    t->title = xstrdup(s->title);
    t->records = json_array();
    t->sheet = sheet_new();
    t->texts = arena_new(TEXTS_MAX);
    fetch_init(&t->setting, api, "PolicyTapSetting", setting_known, t);
    fetch_init(&t->permit, api, "PermitPolicyTap", permitted, t);
    fetch_init(&t->start, api, "StartPolicyTap", started, t);
    fetch_init(&t->poll, api, "WatchPolicyTap", polled, t);
    fetch_init(&t->reveal, api, "RevealPolicyTap", revealed, t);
    fetch_send(&t->setting, NULL);
    return &t->v;
}
