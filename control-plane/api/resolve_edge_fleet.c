/* edgeFleetTelemetry: the whole fleet, or a part of it, over a range. */
#include "base/clock.h"
#include "control-plane/api/edge_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/state.h"
#include "control-plane/edges/edges.h"

enum { TOP_DEFAULT = 10, TOP_MAX = 100, GROUPS_MAX = 1000 };

struct group {
    struct slice key; /* ptr NULL: none */
    int64_t instances, connected, hits, misses, errors, latest;
};

struct top {
    struct id128 id;             /* zero: all others */
    struct slice event, service; /* service.ptr NULL: none */
    struct edge_series *series;
};

struct fleet_answer {
    struct edge_span span;
    struct sql_part where; /* of instances: " AND ..." */
    bool filtered;
    int64_t connected_since;
    size_t limit;
    const char *group_column;
    bool instances_read;
    int64_t instances, connected, states[EDGE_SYNCS];
    struct edge_series *all;
    struct top *tops;
    size_t top_count, group_count;
    bool truncated;
    struct top others;
    struct group *groups;
};

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

/* ---- input ---- */

static void put_equal(struct sql *q, const struct gql_value *where, const char *field, const char *text)
{
    const struct gql_value *v = given(where) ? gql_entry(where, field) : NULL;
    if (!given(v)) return;
    sql_text(q, text);
    sql_value(q, (struct sql_value){.type = SQL_TEXT, .text = v->text});
}

static bool read_where(struct gql_call *call, struct fleet_answer *f, const struct gql_value *where)
{
    const struct gql_value *since = given(where) ? gql_entry(where, "lastSyncAtGTE") : NULL;
    struct sql q;
    int64_t ns;
    sql_init(&q);
    put_equal(&q, where, "serviceName", " AND i.service_name = ");
    put_equal(&q, where, "serviceNamespace", " AND i.service_namespace = ");
    put_equal(&q, where, "serviceVersion", " AND i.service_version = ");
    if (given(since) && clock_parse_rfc3339(since->text, &ns)) {
        sql_text(&q, " AND i.last_sync_at >= ");
        sql_int(&q, ns);
    }
    f->filtered = q.text.len > 0;
    bool ok = sql_keep(&q, gql_arena(call), &f->where);
    sql_free(&q);
    if (!ok) gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
    return ok;
}

static bool read_input(struct gql_call *call, struct fleet_answer *f)
{
    const struct gql_value *input = gql_arg(call, "input"), *top = gql_entry(input, "topK"), *by = gql_entry(input, "groupBy");
    int64_t within, limit = given(top) ? top->integer : TOP_DEFAULT;
    if (!edge_span_read(call, input, &f->span)) return false;
    if (!edge_duration(gql_entry(input, "connectedWithin")->text, &within)) {
        gql_fail(call, "BAD_USER_INPUT", "connectedWithin: a duration such as 5m, 90s or 1h30m");
        return false;
    }
    f->connected_since = context_of(call)->now_ns - within;
    f->limit = (size_t)(limit < 0 ? 0 : limit > TOP_MAX ? TOP_MAX : limit);
    f->group_column = slice_is(by->text, "SERVICE")     ? "i.service_name"
                      : slice_is(by->text, "NAMESPACE") ? "i.service_namespace"
                                                        : "i.service_version";
    return read_where(call, f, gql_entry(input, "where"));
}

/* ---- statements ---- */

static void put_instances(const struct gql_call *call, struct sql *q, const struct fleet_answer *f)
{
    sql_text(q, " FROM edge_instances i WHERE i.account = ");
    sql_int(q, context_of(call)->account_row);
    sql_append(q, &f->where);
}

/* " FROM ... WHERE ..." of counts: the kept sums of the fleet, or those of the instances that fit. */
static void put_counts(const struct gql_call *call, struct sql *q, const struct fleet_answer *f)
{
    if (f->filtered) {
        sql_text(q, " FROM edge_instances i JOIN edge_instance_hours h ON h.instance = i.row WHERE i.account = ");
        sql_int(q, context_of(call)->account_row);
        sql_append(q, &f->where);
    } else {
        sql_text(q, " FROM policies p JOIN edge_policy_hours h ON h.policy = p.row WHERE p.account = ");
        sql_int(q, context_of(call)->account_row);
    }
    sql_text(q, " AND h.hour >= ");
    sql_int(q, f->span.range.start);
    sql_text(q, " AND h.hour < ");
    sql_int(q, f->span.range.end);
}

/* ---- instances and drift ---- */

static void count_state(struct fleet_answer *f, struct edges *edges, int64_t account, sqlite3_stmt *st)
{
    int64_t n = sqlite3_column_int64(st, 4);
    f->instances += n;
    if (!sqlite3_column_int(st, 3)) return;
    f->connected += n;
    f->states[edge_sync_of(edges, account, (unsigned)sqlite3_column_int(st, 0), db_text(st, 1), db_text(st, 2))] += n;
}

static bool read_instances(struct gql_call *call, struct fleet_answer *f)
{
    struct request_context *x = context_of(call);
    struct sql q;
    sql_init(&q);
    sql_text(&q, "SELECT i.stages, i.successful_hash, i.response_hash, i.last_sync_at >= ");
    sql_int(&q, f->connected_since);
    sql_text(&q, ", count(*)");
    put_instances(call, &q, f);
    sql_text(&q, " GROUP BY 1, 2, 3, 4");
    sqlite3_stmt *st = sql_prepare(x->db, &q);
    enum db_step step;
    while ((step = db_step(x->db, st)) == DB_ROW) count_state(f, api_settings(x->api)->edges, x->account_row, st);
    sqlite3_reset(st);
    sql_free(&q);
    if (step == DB_ERROR) gql_fail(call, "INTERNAL", "the store could not be read");
    return step == DB_DONE;
}

/* ---- policies ---- */

static struct edge_series *read_series(struct gql_call *call, const struct fleet_answer *f, int64_t policy)
{
    struct sql q;
    sql_init(&q);
    sql_text(&q, "SELECT h.hour, " EDGE_SUM_COLUMNS);
    put_counts(call, &q, f);
    if (policy) {
        sql_text(&q, " AND h.policy = ");
        sql_int(&q, policy);
    }
    sql_text(&q, " GROUP BY h.hour");
    struct edge_series *s = edge_series_read(call, &f->span, &q, 0);
    sql_free(&q);
    return s;
}

static size_t top_rows(struct gql_call *call, struct fleet_answer *f, int64_t *rows)
{
    struct request_context *x = context_of(call);
    struct sql q;
    size_t n = 0;
    sql_init(&q);
    sql_text(&q, "SELECT h.policy");
    put_counts(call, &q, f);
    sql_text(&q, " GROUP BY h.policy ORDER BY SUM(h.hits) DESC, h.policy LIMIT ");
    sql_int(&q, (int64_t)f->limit + 1);
    sqlite3_stmt *st = sql_prepare(x->db, &q);
    while (db_step(x->db, st) == DB_ROW)
        if (n < f->limit) rows[n++] = sqlite3_column_int64(st, 0);
        else f->truncated = true;
    sqlite3_reset(st);
    sql_free(&q);
    return n;
}

static struct slice copied(struct request_context *x, sqlite3_stmt *st, int column)
{
    struct slice text = db_text(st, column);
    char *copy = arena_copy(x->arena, text);
    return slice_of(copy ? copy : "", copy ? text.len : 0);
}

static void read_names(struct request_context *x, int64_t policy, struct top *t)
{
    sqlite3_stmt *st = db_prepare(x->db, "SELECT p.id, COALESCE(e.name, p.name), e.service_name FROM policies p"
                                         " LEFT JOIN log_events e ON e.id = p.log_event WHERE p.row = ?1");
    db_bind(st, "i", policy);
    if (db_step(x->db, st) == DB_ROW) {
        t->id = db_id(st, 0);
        t->event = copied(x, st, 1);
        t->service = sqlite3_column_type(st, 2) == SQLITE_NULL ? slice_of(NULL, 0) : copied(x, st, 2);
    }
    sqlite3_reset(st);
}

static void subtract(struct edge_series *from, const struct edge_series *s)
{
    for (int k = 0; k < EDGE_SUMS; k++) {
        from->totals.n[k] -= s->totals.n[k];
        for (size_t i = 0; i < s->span.count; i++) from->points[i].n[k] -= s->points[i].n[k];
    }
}

static bool read_policies(struct gql_call *call, struct fleet_answer *f)
{
    int64_t rows[TOP_MAX];
    f->all = read_series(call, f, 0);
    f->others = (struct top){.event = SLICE("Other"), .series = f->all ? read_series(call, f, 0) : NULL};
    if (!f->all || !f->others.series) return false;
    f->top_count = top_rows(call, f, rows);
    f->tops = arena_zero(gql_arena(call), (f->top_count + 1) * sizeof *f->tops);
    for (size_t i = 0; f->tops && i < f->top_count; i++) {
        read_names(context_of(call), rows[i], &f->tops[i]);
        f->tops[i].series = read_series(call, f, rows[i]);
        if (!f->tops[i].series) return false;
        subtract(f->others.series, f->tops[i].series);
    }
    if (!f->tops) gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
    return f->tops != NULL;
}

/* ---- groups ---- */

static void put_group_sql(struct gql_call *call, struct sql *q, const struct fleet_answer *f)
{
    sql_text(q, "SELECT ");
    sql_text(q, f->group_column);
    sql_text(q, ", count(*), SUM(i.last_sync_at >= ");
    sql_int(q, f->connected_since);
    sql_text(q, "), SUM(g.hits), SUM(g.misses), SUM(g.errors), MAX(i.last_sync_at) FROM edge_instances i LEFT JOIN"
                " (SELECT h.instance, SUM(h.hits) AS hits, SUM(h.misses) AS misses, SUM(h.errors) AS errors FROM edge_instance_hours h"
                " WHERE h.hour >= ");
    sql_int(q, f->span.range.start);
    sql_text(q, " AND h.hour < ");
    sql_int(q, f->span.range.end);
    sql_text(q, " GROUP BY h.instance) g ON g.instance = i.row WHERE i.account = ");
    sql_int(q, context_of(call)->account_row);
    sql_append(q, &f->where);
    sql_text(q, " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ");
    sql_int(q, GROUPS_MAX);
}

static void read_group(struct request_context *x, sqlite3_stmt *st, struct group *g)
{
    struct slice key = copied(x, st, 0);
    *g = (struct group){.key = key.len ? key : slice_of(NULL, 0),
                        .instances = sqlite3_column_int64(st, 1),
                        .connected = sqlite3_column_int64(st, 2),
                        .hits = sqlite3_column_int64(st, 3),
                        .misses = sqlite3_column_int64(st, 4),
                        .errors = sqlite3_column_int64(st, 5),
                        .latest = sqlite3_column_int64(st, 6)};
}

static bool read_groups(struct gql_call *call, struct fleet_answer *f)
{
    struct request_context *x = context_of(call);
    struct sql q;
    f->groups = arena_alloc(x->arena, GROUPS_MAX * sizeof *f->groups);
    if (!f->groups) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return false;
    }
    sql_init(&q);
    put_group_sql(call, &q, f);
    sqlite3_stmt *st = sql_prepare(x->db, &q);
    while (db_step(x->db, st) == DB_ROW && f->group_count < GROUPS_MAX) read_group(x, st, &f->groups[f->group_count++]);
    sqlite3_reset(st);
    sql_free(&q);
    return true;
}

static void fleet(struct gql_call *call)
{
    struct fleet_answer *f = arena_zero(gql_arena(call), sizeof *f);
    if (!f) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    if (!read_input(call, f) || !read_instances(call, f) || !read_policies(call, f) || !read_groups(call, f)) return;
    gql_object(call, f);
}

/* ---- fields ---- */

static struct fleet_answer *answer(struct gql_call *call) { return gql_parent(call); }
static void range(struct gql_call *call) { gql_object(call, &answer(call)->span.range); }
static void granularity(struct gql_call *call) { gql_string(call, answer(call)->span.step == 1 ? SLICE("HOUR") : SLICE("DAY")); }
static void instances(struct gql_call *call) { gql_int(call, answer(call)->instances); }
static void connected(struct gql_call *call) { gql_int(call, answer(call)->connected); }
static void in_sync(struct gql_call *call) { gql_int(call, answer(call)->states[EDGE_IN_SYNC]); }
static void sent(struct gql_call *call) { gql_int(call, answer(call)->states[EDGE_SENT]); }
static void behind(struct gql_call *call) { gql_int(call, answer(call)->states[EDGE_BEHIND]); }
static void never(struct gql_call *call) { gql_int(call, answer(call)->states[EDGE_NEVER]); }
static void all_hits(struct gql_call *call) { gql_int(call, answer(call)->all->totals.n[EDGE_HITS]); }
static void all_misses(struct gql_call *call) { gql_int(call, answer(call)->all->totals.n[EDGE_MISSES]); }
static void all_errors(struct gql_call *call) { gql_int(call, answer(call)->all->totals.n[EDGE_ERRORS]); }
static void *top_at(void *list, size_t i) { return (struct top *)list + i; }
static void tops(struct gql_call *call) { gql_list(call, answer(call)->top_count, top_at, answer(call)->tops); }
static void others(struct gql_call *call) { gql_object(call, answer(call)->truncated ? &answer(call)->others : NULL); }
static void *group_at(void *list, size_t i) { return (struct group *)list + i; }
static void groups(struct gql_call *call) { gql_list(call, answer(call)->group_count, group_at, answer(call)->groups); }

static const struct top *top(struct gql_call *call) { return gql_parent(call); }
static void top_event(struct gql_call *call) { gql_string(call, top(call)->event); }
static void top_service(struct gql_call *call) { leaf_optional(call, top(call)->service); }
static void top_hits(struct gql_call *call) { gql_int(call, top(call)->series->totals.n[EDGE_HITS]); }
static void top_misses(struct gql_call *call) { gql_int(call, top(call)->series->totals.n[EDGE_MISSES]); }
static void top_errors(struct gql_call *call) { gql_int(call, top(call)->series->totals.n[EDGE_ERRORS]); }

static void top_id(struct gql_call *call)
{
    if (top(call)->id.hi || top(call)->id.lo) leaf_id(call, top(call)->id);
    else gql_null(call);
}

struct fleet_point {
    int64_t start, end;
    const struct edge_sums *sums;
};

static void *point_at(void *list, size_t i) { return (struct fleet_point *)list + i; }

static void top_series(struct gql_call *call)
{
    const struct edge_series *s = top(call)->series;
    const struct edge_span *span = &s->span;
    struct fleet_point *list = arena_alloc(gql_arena(call), span->count * sizeof *list);
    if (!list) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; i < span->count; i++) {
        int64_t hour = span->range.start + (int64_t)i * span->step;
        list[i] = (struct fleet_point){hour * NS_PER_HOUR, (hour + span->step) * NS_PER_HOUR, &s->points[i]};
    }
    gql_list(call, span->count, point_at, list);
}

static const struct fleet_point *point(struct gql_call *call) { return gql_parent(call); }
static void point_start(struct gql_call *call) { gql_time(call, point(call)->start); }
static void point_end(struct gql_call *call) { gql_time(call, point(call)->end); }
static void point_hits(struct gql_call *call) { gql_int(call, point(call)->sums->n[EDGE_HITS]); }
static void point_misses(struct gql_call *call) { gql_int(call, point(call)->sums->n[EDGE_MISSES]); }
static void point_errors(struct gql_call *call) { gql_int(call, point(call)->sums->n[EDGE_ERRORS]); }

static const struct group *group(struct gql_call *call) { return gql_parent(call); }
static void group_key(struct gql_call *call) { leaf_optional(call, group(call)->key); }
static void group_instances(struct gql_call *call) { gql_int(call, group(call)->instances); }
static void group_connected(struct gql_call *call) { gql_int(call, group(call)->connected); }
static void group_hits(struct gql_call *call) { gql_int(call, group(call)->hits); }
static void group_misses(struct gql_call *call) { gql_int(call, group(call)->misses); }
static void group_errors(struct gql_call *call) { gql_int(call, group(call)->errors); }
static void group_latest(struct gql_call *call) { gql_time(call, group(call)->latest); }

const struct gql_binding edge_fleet_bindings[] = {
    {"Query", "edgeFleetTelemetry", fleet},
    {"EdgeFleetTelemetry", "range", range},
    {"EdgeFleetTelemetry", "granularity", granularity},
    {"EdgeFleetTelemetry", "instanceCount", instances},
    {"EdgeFleetTelemetry", "connectedInstanceCount", connected},
    {"EdgeFleetTelemetry", "inSyncInstanceCount", in_sync},
    {"EdgeFleetTelemetry", "sentInstanceCount", sent},
    {"EdgeFleetTelemetry", "behindInstanceCount", behind},
    {"EdgeFleetTelemetry", "neverInstanceCount", never},
    {"EdgeFleetTelemetry", "totalHits", all_hits},
    {"EdgeFleetTelemetry", "totalMisses", all_misses},
    {"EdgeFleetTelemetry", "totalErrors", all_errors},
    {"EdgeFleetTelemetry", "topPolicies", tops},
    {"EdgeFleetTelemetry", "otherPolicies", others},
    {"EdgeFleetTelemetry", "groups", groups},
    {"EdgeFleetPolicySeries", "policyId", top_id},
    {"EdgeFleetPolicySeries", "logEventName", top_event},
    {"EdgeFleetPolicySeries", "serviceName", top_service},
    {"EdgeFleetPolicySeries", "totalHits", top_hits},
    {"EdgeFleetPolicySeries", "totalMisses", top_misses},
    {"EdgeFleetPolicySeries", "totalErrors", top_errors},
    {"EdgeFleetPolicySeries", "series", top_series},
    {"EdgeFleetPolicyPoint", "start", point_start},
    {"EdgeFleetPolicyPoint", "end", point_end},
    {"EdgeFleetPolicyPoint", "hits", point_hits},
    {"EdgeFleetPolicyPoint", "misses", point_misses},
    {"EdgeFleetPolicyPoint", "errors", point_errors},
    {"EdgeFleetGroupRow", "key", group_key},
    {"EdgeFleetGroupRow", "instanceCount", group_instances},
    {"EdgeFleetGroupRow", "connectedInstanceCount", group_connected},
    {"EdgeFleetGroupRow", "totalHits", group_hits},
    {"EdgeFleetGroupRow", "totalMisses", group_misses},
    {"EdgeFleetGroupRow", "totalErrors", group_errors},
    {"EdgeFleetGroupRow", "latestSyncAt", group_latest},
    {NULL, NULL, NULL},
};
