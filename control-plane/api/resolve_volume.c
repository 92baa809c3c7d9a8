#include "base/clock.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"

enum { POINTS_MAX = 2000, DAY_HOURS = 24 };
#define EDGE (INT64_MAX - 2 * DAY_HOURS * NS_PER_HOUR) /* beyond it whole days are no times */

struct point {
    int64_t events, bytes;
};

struct series {
    struct hour_range range; /* whole steps */
    int64_t step;            /* hours */
    int64_t first_seen_ns, now_ns;
    struct point *points;
    size_t count;
    struct point totals;
};

struct point_row {
    const struct series *series;
    size_t at;
};

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

static struct series *read_input(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input");
    const struct gql_value *range = gql_entry(input, "range"), *granularity = gql_entry(input, "granularity");
    int64_t start, end;
    if (!read_time(range, "start", &start) || !read_time(range, "end", &end) || end <= start || start < -EDGE || end > EDGE) {
        gql_fail(call, "BAD_USER_INPUT", "range: start and end are RFC 3339, start before end");
        return NULL;
    }
    int64_t step = slice_is(granularity->text, "DAY") ? DAY_HOURS : 1;
    int64_t from = floor_to(clock_hour(start), step), to = floor_to(clock_hour(end - 1), step) + step;
    size_t count = (size_t)((to - from) / step);
    if (count > POINTS_MAX) {
        gql_fail(call, "LIMIT_EXCEEDED", "a series has at most %d points; ask for a shorter range or for days", POINTS_MAX);
        return NULL;
    }
    struct series *s = arena_zero(gql_arena(call), sizeof *s);
    if (s) s->points = arena_zero(gql_arena(call), count * sizeof *s->points);
    if (!s || !s->points) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return NULL;
    }
    s->range.start = from;
    s->range.end = to;
    s->step = step;
    s->count = count;
    return s;
}

static sqlite3_stmt *select_hours(struct db *db, enum volume_of of)
{
    switch (of) {
    case VOLUME_EVENT: return db_prepare(db, "SELECT hour, events, bytes FROM event_hours WHERE event = ?1 AND hour >= ?2 AND hour < ?3");
    case VOLUME_SERVICE:
        return db_prepare(db, "SELECT hour, events, bytes FROM service_hours WHERE service = ?1 AND hour >= ?2 AND hour < ?3");
    default: return db_prepare(db, "SELECT hour, events, bytes FROM account_hours WHERE account = ?1 AND hour >= ?2 AND hour < ?3");
    }
}

void volume_answer(struct gql_call *call, enum volume_of of, int64_t row, int64_t first_seen_ns)
{
    struct request_context *x = context_of(call);
    struct series *s = read_input(call);
    if (!s) return;
    s->first_seen_ns = first_seen_ns;
    s->now_ns = x->now_ns;
    sqlite3_stmt *st = select_hours(x->db, of);
    db_bind(st, "iii", row, s->range.start, s->range.end);
    enum db_step step;
    while ((step = db_step(x->db, st)) == DB_ROW) {
        struct point *p = &s->points[(sqlite3_column_int64(st, 0) - s->range.start) / s->step];
        int64_t events = sqlite3_column_int64(st, 1), bytes = sqlite3_column_int64(st, 2);
        p->events += events;
        p->bytes += bytes;
        s->totals.events += events;
        s->totals.bytes += bytes;
    }
    sqlite3_reset(st);
    if (step == DB_ERROR) gql_fail(call, "INTERNAL", "the store could not be read");
    else gql_object(call, s);
}

/* ---- the series ---- */

static struct series *series(struct gql_call *call) { return gql_parent(call); }

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void granularity(struct gql_call *call) { gql_string(call, series(call)->step == 1 ? SLICE("HOUR") : SLICE("DAY")); }
static void range(struct gql_call *call) { gql_object(call, &series(call)->range); }
static const struct hour_range *hours(struct gql_call *call) { return gql_parent(call); }
static void range_start(struct gql_call *call) { gql_time(call, hours(call)->start * NS_PER_HOUR); }
static void range_end(struct gql_call *call) { gql_time(call, hours(call)->end * NS_PER_HOUR); }

static void *point_at(void *list, size_t i) { return (struct point_row *)list + i; }

static void points(struct gql_call *call)
{
    struct series *s = series(call);
    struct point_row *list = arena_alloc(gql_arena(call), s->count * sizeof *list);
    if (!list) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; i < s->count; i++) list[i] = (struct point_row){s, i};
    gql_list(call, s->count, point_at, list);
}

static void average(struct gql_call *call, const struct point *p)
{
    if (p->events) gql_float(call, (double)p->bytes / (double)p->events);
    else gql_null(call);
}

static void total_count(struct gql_call *call) { gql_int(call, series(call)->totals.events); }
static void total_bytes(struct gql_call *call) { gql_int(call, series(call)->totals.bytes); }
static void total_average(struct gql_call *call) { average(call, &series(call)->totals); }

/* ---- a point ---- */

static const struct point_row *row(struct gql_call *call) { return gql_parent(call); }
static const struct point *point(struct gql_call *call) { return &row(call)->series->points[row(call)->at]; }

static int64_t starts(const struct point_row *p) { return (p->series->range.start + (int64_t)p->at * p->series->step) * NS_PER_HOUR; }
static int64_t ends(const struct point_row *p) { return starts(p) + p->series->step * NS_PER_HOUR; }

static void start(struct gql_call *call) { gql_time(call, starts(row(call))); }
static void end(struct gql_call *call) { gql_time(call, ends(row(call))); }
static void count(struct gql_call *call) { gql_int(call, point(call)->events); }
static void bytes(struct gql_call *call) { gql_int(call, point(call)->bytes); }
static void point_average(struct gql_call *call) { average(call, point(call)); }

static void quality(struct gql_call *call)
{
    const struct point_row *p = row(call);
    if (starts(p) <= p->series->now_ns && p->series->now_ns < ends(p)) gql_string(call, SLICE("PARTIAL"));
    else if (point(call)->events) gql_string(call, SLICE("OBSERVED"));
    else if (ends(p) <= p->series->first_seen_ns || starts(p) > p->series->now_ns) gql_string(call, SLICE("MISSING"));
    else gql_string(call, SLICE("ZERO"));
}

const struct gql_binding volume_bindings[] = {
    {"LogVolumeSeries", "range", range},
    {"LogVolumeSeries", "granularity", granularity},
    {"LogVolumeSeries", "points", points},
    {"LogVolumeSeries", "totals", itself},
    {"TimeRange", "start", range_start},
    {"TimeRange", "end", range_end},
    {"LogVolumeTotals", "logCount", total_count},
    {"LogVolumeTotals", "estimatedBytes", total_bytes},
    {"LogVolumeTotals", "avgBytes", total_average},
    {"LogVolumePoint", "start", start},
    {"LogVolumePoint", "end", end},
    {"LogVolumePoint", "logCount", count},
    {"LogVolumePoint", "estimatedBytes", bytes},
    {"LogVolumePoint", "avgBytes", point_average},
    {"LogVolumePoint", "quality", quality},
    {NULL, NULL, NULL},
};
