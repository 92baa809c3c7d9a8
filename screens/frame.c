/* The frame around a view: top line, tabs, rule with breadcrumbs, counter line, bottom line. */
#include "screens/app.h"

#include "base/clock.h"
#include "screens/age.h"
#include "tui/prompt.h"

#include <limits.h>
#include <stdio.h>

#define SPINNER_AFTER (200 * (NS_PER_SECOND / 1000))
#define SILENT_AFTER  (10 * NS_PER_SECOND)

bool frame_too_small(void) { return term_columns() < MIN_COLUMNS || term_rows() < MIN_ROWS; }

static void paint_too_small(const struct app *app)
{
    char text[80];
    snprintf(text, sizeof text, "%sneed %dx%d, have %dx%d", app->options->demo ? "DEMO  " : "", MIN_COLUMNS, MIN_ROWS, term_columns(),
             term_rows());
    for (int y = 0; y < term_rows(); y++) paint_clear(y, 0, ROLE_TEXT);
    paint_text(0, 0, term_columns(), ROLE_WARN, text);
    paint_text(1, 0, term_columns(), ROLE_DIM, "Q quits");
}

static int put(int y, int x, enum role role, const char *text) { return x + paint_text(y, x, term_columns() - x, role, text); }

static void put_right(int y, int left, enum role role, const char *text)
{
    int width = text_width(text), x = term_columns() - width - 1;
    if (x > left) paint_text(y, x, width, role, text);
}

/* ---- top line ---- */

static const struct view *answering(const struct app *app)
{
    const struct view *v = app_top(app);
    while (v && !v->ops->synced) v = v->below;
    return v;
}

static void wake_at(struct app *app, int64_t when)
{
    if (!app->redraw || when < app->redraw) app->redraw = when;
}

/* What is under way is named only when it takes a while; until then nothing flickers. */
static bool slow(struct app *app, const struct view *v, int64_t now)
{
    int64_t since = v && v->ops->busy ? v->ops->busy(v) : 0;
    if (!since) return false;
    if (now - since < SPINNER_AFTER) wake_at(app, since + SPINNER_AFTER);
    return now - since >= SPINNER_AFTER;
}

/* So long without an answer is worth a word. */
static bool silent(struct app *app, const struct view *v, int64_t now)
{
    int64_t since = v && v->ops->busy ? v->ops->busy(v) : 0;
    if (!since) return false;
    if (now - since < SILENT_AFTER) wake_at(app, since + SILENT_AFTER);
    return now - since >= SILENT_AFTER;
}

static bool stale(struct app *app, int64_t now, int64_t at)
{
    int64_t limit = (int64_t)app->options->stale_ms * (NS_PER_SECOND / 1000);
    if (!limit) return false;
    if (now - at < limit) wake_at(app, at + limit);
    return now - at >= limit;
}

/* `brief`: see offline_top. */
static enum role freshness(struct app *app, struct buf *out, int brief)
{
    const struct view *v = answering(app);
    int64_t now = clock_monotonic(), at = v ? v->ops->synced(v) : 0;
    bool late = slow(app, v, now);
    app->silent = silent(app, v, now);
    if (app->options->bundle) {
        offline_bundle(app, out, brief);
        return ROLE_WARN;
    }
    if (offline_shown(app)) {
        wake_at(app, offline_top(app, out, at, brief));
        return ROLE_BAD;
    }
    if (v && app->silent) {
        buf_str(out, "no answer since ");
        offline_clock(out, v->ops->busy(v), true);
        return ROLE_WARN;
    }
    if (late) buf_printf(out, "loading%s ", glyph(GLYPH_ELLIPSIS));
    if (late && api_in_flight(app->api) > 1) buf_printf(out, "(%u requests) ", api_in_flight(app->api));
    if (late) return ROLE_BAR;
    if (!at) return ROLE_BAR;
    bool old = stale(app, now, at);
    buf_str(out, old ? "stale: " : "synced ");
    wake_at(app, age_text(out, now, at));
    return old ? ROLE_WARN : ROLE_BAR;
}

static const char *kind_name(enum api_kind kind)
{
    return kind == API_EMBEDDED ? "embedded" : kind == API_SELF_HOSTED ? "self-hosted" : "Tero-hosted";
}

static void paint_top(struct app *app)
{
    struct buf text;
    buf_init(&text, 400);
    paint_clear(0, 0, ROLE_BAR);
    int x = put(0, 1, ROLE_TITLE, "Tero");
    buf_printf(&text, "  %s (%s)", app->options->profile, app->options->bundle ? "read from a file" : kind_name(app->options->kind));
    if (*overview_role(&app->overview)) buf_printf(&text, "  %s", overview_role(&app->overview));
    x = put(0, x, ROLE_BAR, text.data);
    if (app->options->demo) x = put(0, x + 2, ROLE_WARN, "[DEMO: made-up data]");
    if (api_read_only(app->api)) x = put(0, x + 2, ROLE_WARN, "[RO]");
    for (int brief = 0; brief < 3; brief++) {
        buf_clear(&text);
        enum role role = freshness(app, &text, brief);
        if (!text.len || x + 1 >= term_columns() - text_width(text.data) - 1) continue;
        put_right(0, x + 1, role, text.data);
        break;
    }
    buf_free(&text);
}

/* ---- tabs ---- */

static const struct {
    int action;
    const char *name;
} tab_names[TABS] = {
    [TAB_HOME] = {ACT_TAB_HOME, "Home"},
    [TAB_ISSUES] = {ACT_TAB_ISSUES, "Issues"},
    [TAB_POLICIES] = {ACT_TAB_POLICIES, "Policies"},
    [TAB_SERVICES] = {ACT_TAB_SERVICES, "Services"},
    [TAB_EVENTS] = {ACT_TAB_EVENTS, "Events"},
    [TAB_EDGE] = {ACT_TAB_EDGE, "Edge"},
};

static long tab_count(const struct app *app, enum tab tab)
{
    if (tab == TAB_ISSUES) return overview_issues(&app->overview);
    if (tab == TAB_POLICIES) return overview_policies(&app->overview);
    if (tab == TAB_EDGE) return overview_edges(&app->overview);
    return tab == TAB_SERVICES ? overview_services(&app->overview) : tab == TAB_EVENTS ? overview_events(&app->overview) : -1;
}

static void first_key(struct app *app, int action, char *out, size_t size)
{
    const char *keys = keymap_keys(app->keymap, action);
    size_t n = strcspn(keys, ",");
    if (n >= size) n = size - 1;
    memcpy(out, keys, n);
    out[n] = '\0';
}

/* What is left out, more and more, where the line is too short for all. */
enum { TABS_ALL, TABS_LARGE_COUNTS, TABS_NO_COUNTS, TABS_KEYS, TABS_LEVELS };

struct tab_text {
    char key[24], name[24], count[32];
};

static void after_blank(char *out, size_t size, const char *text, bool shown)
{
    size_t n = shown ? strlen(text) : 0;
    if (n + 2 > size) n = size - 2;
    out[0] = n ? ' ' : '\0';
    memcpy(out + 1, text, n);
    out[n ? n + 1 : 0] = '\0';
}

static void tab_text(struct app *app, enum tab tab, int level, struct tab_text *t)
{
    char count[24] = "";
    long n = tab_count(app, tab);
    bool current = tab == app->tab;
    bool counted = n >= 0 && (level == TABS_ALL || (level == TABS_LARGE_COUNTS && n > 0));
    first_key(app, tab_names[tab].action, t->key, sizeof t->key);
    if (counted) count_text(count, sizeof count, n);
    after_blank(t->name, sizeof t->name, tab_names[tab].name, current || level < TABS_KEYS);
    after_blank(t->count, sizeof t->count, count, counted);
}

static int tab_width(const struct tab_text *t) { return text_width(t->key) + text_width(t->name) + text_width(t->count) + 2; }

/* As much of them as fits. */
static void tab_texts(struct app *app, struct tab_text t[TABS])
{
    int width = INT_MAX;
    for (int level = 0; level < TABS_LEVELS && width > term_columns(); level++) {
        width = 0;
        for (int tab = 0; tab < TABS; tab++) {
            tab_text(app, (enum tab)tab, level, &t[tab]);
            width += tab_width(&t[tab]);
        }
    }
}

static int paint_tab(struct app *app, enum tab tab, const struct tab_text *t, int x)
{
    bool current = tab == app->tab;
    int end;
    end = put(1, x + 1, current ? ROLE_TAB_CURRENT : ROLE_KEY, t->key);
    end = put(1, end, current ? ROLE_TAB_CURRENT : ROLE_TAB, t->name);
    end = put(1, end, current ? ROLE_TAB_CURRENT : ROLE_DIM, t->count);
    if (current) put(1, x, ROLE_TAB_CURRENT, " ");
    if (current) put(1, end, ROLE_TAB_CURRENT, " ");
    app->tab_ends[tab] = end + 1;
    return end + 1;
}

static void paint_tabs(struct app *app)
{
    struct tab_text texts[TABS];
    int x = 0;
    tab_texts(app, texts);
    paint_clear(1, 0, ROLE_TEXT);
    for (int tab = 0; tab < TABS; tab++) x = paint_tab(app, (enum tab)tab, &texts[tab], x);
}

/* ---- rule and breadcrumbs ---- */

static void crumbs(const struct view *v, struct buf *out)
{
    if (v->below) {
        crumbs(v->below, out);
        buf_printf(out, " %s ", glyph(GLYPH_ARROW));
    }
    v->ops->title(v, out);
}

static void paint_rule_line(struct app *app)
{
    paint_rule(2);
    if (!app_top(app)->below) return;
    struct buf text;
    buf_init(&text, 1000);
    buf_char(&text, ' ');
    crumbs(app_top(app), &text);
    buf_char(&text, ' ');
    int room = term_columns() - 4, width = text_width(text.data);
    paint_cell(2, 2, width < room ? width : room, ROLE_HEADING, ALIGN_LEFT, text.data);
    buf_free(&text);
}

/* ---- the lines at the bottom ---- */

static void paint_counter(struct app *app, int y)
{
    struct buf text;
    char key[24], back[24], help[80];
    const struct view *v = app_top(app);
    while (v->below && (v->ops->height || !v->ops->status)) v = v->below;
    buf_init(&text, 1000);
    if (v->ops->status) v->ops->status(v, &text);
    first_key(app, ACT_HELP, key, sizeof key);
    first_key(app, ACT_BACK, back, sizeof back);
    snprintf(help, sizeof help, "%s%s%s help", app_top(app)->below ? back : "", app_top(app)->below ? " back  " : "", key);
    if (*prompt_help()) {
        buf_clear(&text);
        buf_str(&text, prompt_help());
    }
    int room = term_columns() - text_width(help) - 3;
    paint_clear(y, 0, ROLE_TEXT);
    if (text.data) paint_cell(y, 1, text_width(text.data) < room ? text_width(text.data) : room, ROLE_DIM, ALIGN_LEFT, text.data);
    put_right(y, 0, ROLE_DIM, help);
    buf_free(&text);
}

static int paint_hint(struct app *app, const struct action *a, int y, int x)
{
    char key[24];
    const struct view *v = app_top(app);
    first_key(app, a->id, key, sizeof key);
    bool off = app_why_not(app, v, a) != NULL;
    int width = text_width(key) + 1 + text_width(a->hint);
    if (!*key || x + width > term_columns() - 1) return x;
    x = put(y, x, off ? ROLE_DIM : ROLE_KEY, key);
    return put(y, x + 1, ROLE_DIM, a->hint) + 2;
}

static void paint_hints(struct app *app, int y)
{
    size_t count;
    const struct view *v = app_top(app);
    const struct action *a = keymap_actions(app->keymap, &count);
    unsigned context = v->ops->context(v);
    int x = 1;
    for (int own = 1; own >= (context & CONTEXT_MENU ? 1 : 0); own--)
        for (size_t i = 0; i < count; i++)
            if (a[i].hint && (own ? (a[i].contexts & context) != 0 : a[i].contexts == 0)) x = paint_hint(app, &a[i], y, x);
}

static void paint_trouble(const struct app *app, int y)
{
    struct buf text;
    buf_init(&text, 600);
    offline_line(app, &text);
    put(y, 1, ROLE_BAD, text.data);
    buf_free(&text);
}

static void paint_bottom(struct app *app, int y)
{
    paint_clear(y, 0, ROLE_TEXT);
    if (*app->question) {
        int x = put(y, 1, ROLE_WARN, app->question);
        put(y, x + 1, ROLE_KEY, "y/N");
    } else if (prompt_is_open()) {
        prompt_paint(y);
    } else if (*app->message) {
        put(y, 1, app->message_role, app->message);
    } else if (offline_shown(app)) {
        paint_trouble(app, y);
    } else {
        paint_hints(app, y);
    }
}

/* ---- all of it ---- */

static void paint_body(struct app *app, struct view *v, int y, int height)
{
    if (v->ops->height && v->below) {
        int own = v->ops->height(v, height);
        if (own > height) own = height;
        if (height > own) paint_body(app, v->below, y, height - own);
        y += height - own;
        height = own;
    }
    if (app_is_top(app, v)) app->top_y = y, app->top_height = height;
    v->ops->paint(v, y, height);
}

void frame_paint(struct app *app)
{
    app->redraw = 0;
    term_cursor(term_plain() ? CHROME_TOP : -1, 0);
    if (frame_too_small()) {
        paint_too_small(app);
        return;
    }
    int rows = term_rows();
    paint_body(app, app_top(app), CHROME_TOP, rows - CHROME_TOP - CHROME_BOTTOM);
    if (prompt_has_candidates() && !*app->question) prompt_paint_candidates(rows - CHROME_BOTTOM - 1);
    paint_top(app);
    paint_tabs(app);
    paint_rule_line(app);
    paint_counter(app, rows - 2);
    paint_bottom(app, rows - 1);
}
