/* What an issue's log events cost, hour by hour or day by day. */
#include "base/clock.h"
#include "control-plane/api/edge_rows.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/leaves.h"

#define HOURS_A_YEAR 8766.0

struct trend {
    struct edge_span span;
    struct measured *points;
};

struct trend_point {
    const struct trend *trend;
    size_t at;
};

/* Sums become rates and costs of a step. */
static void price(struct measured *m, const struct account *a, int64_t hours)
{
    double events = (double)m->total.events / (double)hours, bytes = (double)m->total.bytes / (double)hours;
    m->rate_events = (int64_t)(events * 1e6);
    m->rate_bytes = (int64_t)(bytes * 1e3);
    m->cost = (int64_t)((events / 1e6 * (double)a->price_million + bytes / 1e9 * (double)a->price_gb) * HOURS_A_YEAR);
}

static bool read_hours(struct request_context *x, const struct issue *i, const struct trend *t)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT h.hour, SUM(h.events), SUM(h.bytes) FROM finding_events d JOIN log_events e ON"
                                         " e.account = ?1 AND e.id = d.event_id JOIN event_hours h ON h.event = e.row AND h.hour >= ?3 AND"
                                         " h.hour < ?4 WHERE d.finding = ?2 GROUP BY h.hour");
    db_bind(st, "iiii", x->account_row, i->finding, t->span.range.start, t->span.range.end);
    enum db_step step;
    while ((step = db_step(x->db, st)) == DB_ROW) {
        struct counted *c = &t->points[(sqlite3_column_int64(st, 0) - t->span.range.start) / t->span.step].total;
        c->events += sqlite3_column_int64(st, 1);
        c->bytes += sqlite3_column_int64(st, 2);
    }
    sqlite3_reset(st);
    return step == DB_DONE;
}

static void cost_trend(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    const struct account *a = request_account(x);
    struct trend *t = arena_zero(x->arena, sizeof *t);
    if (t && !edge_span_read(call, gql_arg(call, "input"), &t->span)) return;
    if (t) t->points = arena_zero(x->arena, t->span.count * sizeof *t->points);
    if (!t || !t->points || !a) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    if (!read_hours(x, gql_parent(call), t)) {
        gql_fail(call, "INTERNAL", "the store could not be read");
        return;
    }
    for (size_t i = 0; i < t->span.count; i++) price(&t->points[i], a, t->span.step);
    gql_object(call, t);
}

static struct trend *trend(struct gql_call *call) { return gql_parent(call); }
static void range(struct gql_call *call) { gql_object(call, &trend(call)->span.range); }
static void granularity(struct gql_call *call) { gql_string(call, trend(call)->span.step == 1 ? SLICE("HOUR") : SLICE("DAY")); }
static void *point_at(void *list, size_t i) { return (struct trend_point *)list + i; }

static void points(struct gql_call *call)
{
    const struct trend *t = trend(call);
    struct trend_point *list = arena_alloc(gql_arena(call), t->span.count * sizeof *list);
    if (!list) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; i < t->span.count; i++) list[i] = (struct trend_point){t, i};
    gql_list(call, t->span.count, point_at, list);
}

static void edge_of(struct gql_call *call, int64_t steps)
{
    const struct trend_point *p = gql_parent(call);
    const struct edge_span *s = &p->trend->span;
    gql_time(call, (s->range.start + ((int64_t)p->at + steps) * s->step) * NS_PER_HOUR);
}

static void start(struct gql_call *call) { edge_of(call, 0); }
static void end(struct gql_call *call) { edge_of(call, 1); }

static void cost(struct gql_call *call)
{
    const struct trend_point *p = gql_parent(call);
    measures_answer(call, (struct measures){.measured = &p->trend->points[p->at]});
}

const struct gql_binding issue_trend_bindings[] = {
    {"Issue", "costTrend", cost_trend},
    {"IssueCostTrendSeries", "range", range},
    {"IssueCostTrendSeries", "granularity", granularity},
    {"IssueCostTrendSeries", "points", points},
    {"IssueCostTrendPoint", "start", start},
    {"IssueCostTrendPoint", "end", end},
    {"IssueCostTrendPoint", "cost", cost},
    {NULL, NULL, NULL},
};
