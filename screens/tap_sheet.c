/* What a live preview shows: the marker, the counts, each record before and after the policy; side by side where there is room. */
#include "screens/tap_view.h"

#include "base/clock.h"
#include "base/die.h"
#include "screens/format.h"
#include "screens/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDE = 120, PATH_AT = 4, PATH_WIDE = 26, PATH_NARROW = 18, NARROW = 70, VALUE_LINES = 3 };

/* ---- head ---- */

static const json_t *tap_of(const struct tap_view *t) { return api_at(t->poll.data, "policyTap"); }
static bool is_revealed(const struct tap_view *t) { return api_bool(tap_of(t), "revealed", false); }

static const char *marker(const struct tap_view *t, enum role *role)
{
    *role = ROLE_DIM;
    switch (t->phase) {
    case TAP_LIVE: *role = is_revealed(t) ? ROLE_BAD : ROLE_WARN; return t->paused ? "PAUSED" : "LIVE";
    case TAP_OVER: return "OVER";
    case TAP_FORBIDDEN: return "NOT PERMITTED";
    default: return "NOT STARTED";
    }
}

static void time_left(const struct tap_view *t, char *out, size_t size)
{
    int64_t left = (t->expires_ns - clock_now()) / NS_PER_SECOND;
    if (left < 0) left = 0;
    if (term_plain()) {
        snprintf(out, size, "%s%s%s%d minutes left", text_dot(), is_revealed(t) ? "VALUES SHOWN" : "masked", text_dot(),
                 (int)((left + 59) / 60));
        return;
    }
    snprintf(out, size, "%s%s%s%d:%02d left", text_dot(), is_revealed(t) ? "VALUES SHOWN" : "masked", text_dot(), (int)(left / 60),
             (int)(left % 60));
}

static int put_count(int y, int x, const struct tap_view *t, const char *field, const char *word, enum role role)
{
    char text[FORMAT_SIZE], both[FORMAT_SIZE + 24];
    double n = api_number(tap_of(t), field, 0);
    format_count(text, n);
    snprintf(both, sizeof both, "%s %s", text, word);
    if (n == 0 && role != ROLE_TEXT) return x;
    return x + paint_text(y, x, term_columns() - x - 1, role, both) + 2;
}

static void paint_counts(const struct tap_view *t, int y)
{
    int x = put_count(y, 1, t, "seenCount", "seen", ROLE_TEXT);
    x = put_count(y, x, t, "matchedCount", "matched", ROLE_TEXT);
    x = put_count(y, x, t, "droppedCount", "dropped", ROLE_BAD);
    x = put_count(y, x, t, "sampledOutCount", "sampled out", ROLE_WARN);
    x = put_count(y, x, t, "rateLimitedCount", "over the rate", ROLE_WARN);
    x = put_count(y, x, t, "changedCount", "changed", ROLE_INFO);
    x = put_count(y, x, t, "redactedFieldCount", "redacted", ROLE_INFO);
    x = put_count(y, x, t, "removedFieldCount", "removed", ROLE_INFO);
    x = put_count(y, x, t, "movedFieldCount", "moved", ROLE_INFO);
    x = put_count(y, x, t, "addedFieldCount", "added", ROLE_INFO);
    put_count(y, x, t, "skippedCount", "too many to judge", ROLE_WARN);
}

void tap_head_paint(struct tap_view *t, int y)
{
    enum role role;
    char left[64] = "";
    const char *word = marker(t, &role);
    for (int i = 0; i < TAP_HEAD; i++) paint_clear(y + i, 0, ROLE_TEXT);
    int x = 1 + paint_text(y, 1, 20, role, word);
    if (t->phase == TAP_LIVE) time_left(t, left, sizeof left);
    x += paint_text(y, x, term_columns() - x - 1, role, left);
    paint_text(y, x + 2, term_columns() - x - 3, ROLE_TITLE, t->title);
    if (t->phase == TAP_LIVE || (t->phase == TAP_OVER && tap_of(t))) paint_counts(t, y + 1);
    paint_rule(y + 2);
}

/* ---- records ---- */

static const char *text_of(struct tap_view *t, const json_t *node, const char *key) { return api_text(t->texts, node, key); }

static char *path_text(struct tap_view *t, const json_t *path)
{
    struct buf out;
    buf_init(&out, 1000);
    for (size_t i = 0; i < json_array_size(path); i++) {
        json_t *one = json_pack("{sO}", "s", json_array_get(path, i));
        buf_printf(&out, "%s%s", i ? "." : "", text_of(t, one, "s"));
        json_decref(one);
    }
    return out.data ? out.data : xstrdup("");
}

/* At most VALUE_LINES lines; gives their texts, xmalloc'd. */
static int wrap(const char *text, int width, char *lines[VALUE_LINES])
{
    int n = 0;
    while (*text && n < VALUE_LINES) {
        size_t fit = text_fit(text, width);
        bool last = n == VALUE_LINES - 1 && text[fit];
        if (!fit) break;
        lines[n++] = last ? text_cut(text, width) : xasprintf("%.*s", (int)fit, text);
        text += fit;
    }
    return n;
}

struct side {
    int at, width, count;
    enum role role;
    char *lines[VALUE_LINES];
};

static struct side side(int at, int width, enum role role, const char *text)
{
    struct side c = {.at = at, .width = width, .role = role};
    c.count = wrap(text, width, c.lines);
    return c;
}

static void put_columns(struct sheet *s, struct side *columns, int n)
{
    int lines = 1;
    for (int i = 0; i < n; i++)
        if (columns[i].count > lines) lines = columns[i].count;
    for (int line = 0; line < lines; line++) {
        for (int i = 0; i < n; i++)
            if (line < columns[i].count) sheet_span(s, columns[i].at, columns[i].role, columns[i].lines[line]);
        sheet_end(s);
    }
    for (int i = 0; i < n; i++)
        for (int line = 0; line < columns[i].count; line++) free(columns[i].lines[line]);
}

static int path_width(int width) { return width < NARROW ? PATH_NARROW : PATH_WIDE; }

/* What stands on the right-hand side, or below. */
static char *after_text(struct tap_view *t, const json_t *field, const char *change, enum role *role)
{
    const char *after = text_of(t, field, "after");
    *role = ROLE_GOOD;
    if (!strcmp(change, "REMOVED")) {
        *role = ROLE_BAD;
        return xstrdup("removed");
    }
    if (strcmp(change, "MOVED") != 0) return xstrdup(*after ? after : "\"\"");
    char *to = path_text(t, json_object_get(field, "movedTo"));
    const char *before = text_of(t, field, "before");
    bool same = !strcmp(before, after);
    char *text = xasprintf("now %s%s%s", to, same ? "" : ": ", same ? "" : after);
    free(to);
    return text;
}

static void put_same(struct tap_view *t, const char *path, const char *value, int width)
{
    struct side columns[] = {side(PATH_AT, path_width(width) - 2, ROLE_DIM, path),
                             side(PATH_AT + path_width(width), width - PATH_AT - path_width(width) - 1, ROLE_TEXT, value)};
    put_columns(t->sheet, columns, 2);
}

static void put_beside(struct tap_view *t, const char *path, const char *before, const char *after, enum role role, int width)
{
    int room = (width - PATH_AT - path_width(width) - 5) / 2, second = PATH_AT + path_width(width) + room + 1;
    struct side columns[] = {side(PATH_AT, path_width(width) - 2, ROLE_DIM, path),
                             side(PATH_AT + path_width(width), room, ROLE_TEXT, before), side(second, 2, ROLE_DIM, glyph(GLYPH_ARROW)),
                             side(second + 3, room, role, after)};
    put_columns(t->sheet, columns, 4);
}

static void put_below(struct tap_view *t, const char *path, const char *before, const char *after, enum role role, int width)
{
    int at = PATH_AT + path_width(width), room = width - at - 1;
    struct side above[] = {side(PATH_AT, path_width(width) - 2, ROLE_DIM, path), side(at, room, ROLE_TEXT, before)};
    struct side below[] = {side(at - 2, 2, ROLE_DIM, glyph(GLYPH_ARROW)), side(at, room, role, after)};
    put_columns(t->sheet, above, 2);
    put_columns(t->sheet, below, 2);
}

static void put_change(struct tap_view *t, const json_t *field, const char *path, const char *change, int width)
{
    enum role role;
    char *after = after_text(t, field, change, &role);
    bool added = !strcmp(change, "ADDED");
    const char *before = added ? "-" : text_of(t, field, "before");
    if (width >= WIDE) put_beside(t, path, before, after, role, width);
    else put_below(t, path, before, after, role, width);
    free(after);
}

static bool is_body(const json_t *field)
{
    const char *first = json_string_value(json_array_get(json_object_get(field, "path"), 0));
    return first && !strcmp(first, "body");
}

/* False: left out, because nothing happened to it. */
static bool put_field(struct tap_view *t, const json_t *field, int width)
{
    const char *change = text_of(t, field, "change");
    bool same = !strcmp(change, "SAME");
    if (same && !t->all_fields && !is_body(field)) return false;
    char *path = path_text(t, json_object_get(field, "path"));
    if (same) put_same(t, path, text_of(t, field, "before"), width);
    else put_change(t, field, path, change, width);
    free(path);
    return true;
}

static const char *outcome_text(const json_t *record, enum role *role)
{
    static const struct {
        const char *outcome, *text;
        enum role role;
    } outcomes[] = {{"UNMATCHED", "kept, not matched", ROLE_DIM},
                    {"KEPT", "kept", ROLE_GOOD},
                    {"DROPPED", "dropped", ROLE_BAD},
                    {"SAMPLED_OUT", "sampled out, always so for this record", ROLE_WARN},
                    {"RATE_LIMITED", "over the rate", ROLE_WARN},
                    {"SAMPLED", "kept for a share of such records", ROLE_WARN}};
    const char *o = json_string_value(json_object_get(record, "outcome"));
    for (size_t i = 0; o && i < sizeof outcomes / sizeof *outcomes; i++)
        if (!strcmp(o, outcomes[i].outcome)) return *role = outcomes[i].role, outcomes[i].text;
    return *role = ROLE_TEXT, "";
}

static void clock_text(char out[16], int64_t ns)
{
    time_t seconds = (time_t)(ns / NS_PER_SECOND);
    struct tm at;
    localtime_r(&seconds, &at);
    strftime(out, 16, "%H:%M:%S", &at);
}

static void put_record(struct tap_view *t, const json_t *record, int width)
{
    enum role role;
    char at[16], more[48];
    size_t left_out = 0, i;
    json_t *field;
    struct sheet *s = t->sheet;
    const char *severity = text_of(t, record, "severity"), *outcome = outcome_text(record, &role);
    clock_text(at, api_time(record, "receivedAt"));
    sheet_span(s, 2, ROLE_DIM, at);
    sheet_span(s, 11, text_severity_role(severity), severity);
    char *service = text_cut(text_of(t, record, "service"), 24);
    sheet_span(s, 17, ROLE_INFO, service);
    sheet_span(s, -1, ROLE_TEXT, "  ");
    sheet_span(s, -1, role, outcome);
    if (!t->policy && !t->text) sheet_span(s, -1, ROLE_DIM, text_of(t, record, "decidedBy"));
    if (api_bool(record, "truncated", false)) sheet_span(s, -1, ROLE_WARN, "  cut");
    free(service);
    sheet_end(s);
    json_array_foreach(json_object_get(record, "fields"), i, field) { left_out += !put_field(t, field, width); }
    if (left_out) {
        snprintf(more, sizeof more, "%zu other field%s as before", left_out, left_out == 1 ? "" : "s");
        sheet_span(s, PATH_AT, ROLE_DIM, more);
        sheet_end(s);
    }
}

/* ---- without records ---- */

static void note(struct tap_view *t, enum role role, const char *text) { sheet_note(t->sheet, role, text); }

static void say_forbidden(struct tap_view *t)
{
    note(t, ROLE_WARN, "Live previews are off in this workspace.");
    sheet_blank(t->sheet);
    note(t, ROLE_TEXT, "One shows records as they come in, before and after a policy: for minutes,");
    note(t, ROLE_TEXT, "values masked, in memory only. Enter asks to permit it; that is audited.");
}

static void say_over(struct tap_view *t)
{
    static const struct {
        const char *why, *text;
    } ends[] = {{"EXPIRED", "Its time is over."},
                {"ABANDONED", "It ended because nobody asked for it."},
                {"FORBIDDEN", "It ended because the workspace no longer permits it."}};
    const char *why = json_string_value(json_object_get(tap_of(t), "endedBecause")), *text = "It was ended.";
    for (size_t i = 0; why && i < sizeof ends / sizeof *ends; i++)
        if (!strcmp(why, ends[i].why)) text = ends[i].text;
    note(t, ROLE_TEXT, text);
    note(t, ROLE_DIM, "The records are wiped here and there. Enter starts another one.");
}

static void say_waiting(struct tap_view *t)
{
    note(t, ROLE_TEXT, "Waiting for records that the policy matches.");
    note(t, ROLE_DIM, "Values are shapes: <*> in a body, <email 15> in a field; <?> was not seen often");
    note(t, ROLE_DIM, "enough yet to be shown.");
}

static void say_phase(struct tap_view *t)
{
    switch (t->phase) {
    case TAP_FORBIDDEN: say_forbidden(t); break;
    case TAP_OVER: say_over(t); break;
    case TAP_LIVE: say_waiting(t); break;
    case TAP_READY: note(t, ROLE_TEXT, "Nothing is looked at yet. Enter starts it."); break;
    case TAP_ASKING:
        if (fetch_failed(&t->setting)) note(t, ROLE_BAD, t->setting.message);
        else if (t->setting.data) note(t, ROLE_WARN, "live previews are not offered by this control plane");
        break;
    case TAP_STARTING: break;
    }
}

void tap_sheet_build(struct tap_view *t, int width)
{
    json_t *record;
    size_t i;
    if (!json_array_size(t->records)) say_phase(t);
    json_array_foreach(t->records, i, record) { put_record(t, record, width); }
}
