/* Series over hours and days of what edges counted. */
#include "base/clock.h"
#include "control-plane/api/edge_rows.h"
#include "control-plane/api/leaves.h"

#include <stdlib.h>

enum { POINTS_MAX = 2000, DAY_HOURS = 24, IDS_MAX = 100 };
#define FARTHEST (INT64_MAX - 2 * DAY_HOURS * NS_PER_HOUR)

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

static int64_t floor_to(int64_t hour, int64_t step)
{
    int64_t rest = hour % step;
    return hour - (rest < 0 ? rest + step : rest);
}

static bool read_time(const struct gql_value *range, const char *name, int64_t *ns)
{
    const struct gql_value *v = gql_entry(range, name);
    return v && clock_parse_rfc3339(v->text, ns);
}

bool edge_span_read(struct gql_call *call, const struct gql_value *input, struct edge_span *span)
{
    const struct gql_value *range = gql_entry(input, "range"), *granularity = gql_entry(input, "granularity");
    int64_t start, end;
    if (!read_time(range, "start", &start) || !read_time(range, "end", &end) || end <= start || start < -FARTHEST || end > FARTHEST) {
        gql_fail(call, "BAD_USER_INPUT", "range: start and end are RFC 3339, start before end");
        return false;
    }
    int64_t step = given(granularity) && slice_is(granularity->text, "DAY") ? DAY_HOURS : 1;
    span->step = step;
    span->range.start = floor_to(clock_hour(start), step);
    span->range.end = floor_to(clock_hour(end - 1), step) + step;
    span->count = (size_t)((span->range.end - span->range.start) / step);
    if (!given(granularity) || span->count <= POINTS_MAX) return true;
    gql_fail(call, "LIMIT_EXCEEDED", "a series has at most %d points; ask for a shorter range or for days", POINTS_MAX);
    return false;
}

void edge_put_ids(struct request_context *x, struct sql *q, const char *before, const struct gql_value *ids)
{
    if (!given(ids)) return;
    sql_text(q, before);
    sql_int(q, x->account_row);
    sql_text(q, " AND id IN (NULL");
    for (size_t i = 0; i < ids->list.count && i < IDS_MAX; i++) {
        struct id128 id;
        if (!id_parse(ids->list.items[i].text, &id)) continue;
        sql_text(q, ", ");
        sql_value(q, (struct sql_value){.type = SQL_ID, .id = id});
    }
    sql_text(q, "))");
}

/* ---- reading ---- */

static void add_row(struct edge_series *s, sqlite3_stmt *st)
{
    int64_t at = (sqlite3_column_int64(st, 0) - s->span.range.start) / s->span.step;
    for (int i = 0; i < EDGE_SUMS; i++) {
        int64_t n = sqlite3_column_int64(st, 1 + i);
        s->points[at].n[i] += n;
        s->totals.n[i] += n;
    }
}

struct edge_series *edge_series_read(struct gql_call *call, const struct edge_span *span, const struct sql *q, int64_t known_ns)
{
    struct request_context *x = context_of(call);
    struct edge_series *s = arena_zero(x->arena, sizeof *s);
    if (s) s->points = arena_zero(x->arena, span->count * sizeof *s->points);
    if (!s || !s->points || q->full) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return NULL;
    }
    s->span = *span;
    s->known_ns = known_ns;
    s->now_ns = x->now_ns;
    sqlite3_stmt *st = sql_prepare(x->db, q);
    enum db_step step;
    while ((step = db_step(x->db, st)) == DB_ROW) add_row(s, st);
    sqlite3_reset(st);
    if (step == DB_DONE) return s;
    gql_fail(call, "INTERNAL", "the store could not be read");
    return NULL;
}

void edge_series_answer(struct gql_call *call, const struct edge_span *span, const struct sql *q, int64_t known_ns)
{
    struct edge_series *s = edge_series_read(call, span, q, known_ns);
    if (s) gql_object(call, s);
}

/* ---- durations ---- */

static const struct {
    const char *name;
    int64_t ns;
} units[] = {{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", NS_PER_SECOND}, {"m", 60 * NS_PER_SECOND}, {"h", NS_PER_HOUR}};

static int64_t unit_of(struct slice name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (slice_is(name, units[i].name)) return units[i].ns;
    return 0;
}

bool edge_duration(struct slice text, int64_t *ns)
{
    char copy[64];
    if (text.len == 0 || text.len >= sizeof copy) return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    double sum = 0;
    for (const char *at = copy; *at;) {
        size_t digits = strspn(at, "0123456789."), letters = strspn(at + digits, "nsumh");
        int64_t unit = unit_of(slice_of(at + digits, letters));
        if (digits == 0 || (unit == 0 && !slice_is(text, "0"))) return false;
        sum += strtod(at, NULL) * (double)unit;
        at += digits + letters;
    }
    *ns = sum < 9e18 ? (int64_t)sum : INT64_MAX / 2;
    return true;
}
