/* What policies did at the edges: of an instance, of a policy, of one at the other. */
#include "base/clock.h"
#include "control-plane/api/edge_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/state.h"
#include "control-plane/edges/edges.h"

enum { DEPLOYMENTS_MAX = 1000, DETAIL_HOURS = 7 * 24 };
#define BY_INSTANCE " AND h.instance IN (SELECT row FROM edge_instances WHERE account = "
#define BY_POLICY   " AND h.policy IN (SELECT row FROM policies WHERE account = "

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

static const struct gql_value *filter_of(const struct gql_value *input, const char *name)
{
    const struct gql_value *filter = gql_entry(input, "filter");
    return given(filter) ? gql_entry(filter, name) : NULL;
}

static void put_hours(struct sql *q, const struct edge_span *span)
{
    sql_text(q, " AND h.hour >= ");
    sql_int(q, span->range.start);
    sql_text(q, " AND h.hour < ");
    sql_int(q, span->range.end);
}

/* Counts by instance are kept for a week. */
static int64_t detail_known(const struct request_context *x, int64_t first_ns)
{
    int64_t kept = x->now_ns - DETAIL_HOURS * NS_PER_HOUR;
    return first_ns > kept ? first_ns : kept;
}

/* ---- an instance ---- */

static void instance_telemetry(struct gql_call *call)
{
    const struct edge_instance_row *i = gql_parent(call);
    const struct gql_value *input = gql_arg(call, "input");
    struct edge_span span;
    struct sql q;
    if (!edge_span_read(call, input, &span)) return;
    sql_init(&q);
    sql_text(&q, "SELECT h.hour, " EDGE_SUM_COLUMNS " FROM edge_instance_hours h WHERE h.instance = ");
    sql_int(&q, i->row);
    put_hours(&q, &span);
    edge_put_ids(context_of(call), &q, BY_POLICY, filter_of(input, "logEventPolicyIDs"));
    sql_text(&q, " GROUP BY h.hour");
    edge_series_answer(call, &span, &q, detail_known(context_of(call), i->first_seen));
    sql_free(&q);
}

/* ---- a policy ---- */

/* " FROM ... WHERE ..." of the policy's counts, by instance where the filter asks for it. */
static bool put_policy(struct gql_call *call, struct sql *q, const struct edge_span *span)
{
    const struct policy_row *p = gql_parent(call);
    const struct gql_value *ids = filter_of(gql_arg(call, "input"), "edgeInstanceIDs");
    bool detail = given(ids);
    sql_text(q, detail ? " FROM edge_instance_hours h WHERE h.policy = " : " FROM edge_policy_hours h WHERE h.policy = ");
    sql_int(q, p->row);
    put_hours(q, span);
    if (detail) edge_put_ids(context_of(call), q, BY_INSTANCE, ids);
    return detail;
}

static void policy_telemetry(struct gql_call *call)
{
    const struct policy_row *p = gql_parent(call);
    struct edge_span span;
    struct sql q;
    if (!edge_span_read(call, gql_arg(call, "input"), &span)) return;
    sql_init(&q);
    sql_text(&q, "SELECT h.hour, " EDGE_SUM_COLUMNS);
    bool detail = put_policy(call, &q, &span);
    sql_text(&q, " GROUP BY h.hour");
    edge_series_answer(call, &span, &q, detail ? detail_known(context_of(call), p->created) : p->created);
    sql_free(&q);
}

static void policy_summary(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct edge_sums *s = arena_zero(x->arena, sizeof *s);
    struct edge_span span;
    struct sql q;
    if (!edge_span_read(call, gql_arg(call, "input"), &span)) return;
    sql_init(&q);
    sql_text(&q, "SELECT " EDGE_SUM_COLUMNS);
    put_policy(call, &q, &span);
    sqlite3_stmt *st = s && !q.full ? sql_prepare(x->db, &q) : NULL;
    if (st && db_step(x->db, st) == DB_ROW)
        for (int i = 0; i < EDGE_SUMS; i++) s->n[i] = sqlite3_column_int64(st, i);
    if (st) sqlite3_reset(st);
    sql_free(&q);
    if (st) gql_object(call, s);
    else gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
}

/* ---- where a policy is ---- */

struct deployment {
    struct edge_instance_row *instance;
    struct edge_sums sums;
    int64_t last_hit;
};

struct deployments {
    size_t count;
    struct deployment *items[DEPLOYMENTS_MAX];
};

/* " OR i.successful_hash IN (...)": the hashes of the lists that hold the policy. */
static void put_hashes(const struct request_context *x, struct sql *q, const struct policy_row *p, char hashes[16][65])
{
    struct edges *edges = api_settings(x->api)->edges;
    if (!edges || !lifecycle_in_force(&p->standing)) return;
    sql_text(q, " OR i.successful_hash IN (''");
    for (unsigned mask = 0; mask <= STAGES_ALL; mask++) {
        if ((p->stages & ~mask) != 0) continue;
        edges_published_hash(edges, x->account_row, mask, hashes[mask]);
        sql_text(q, ", ");
        sql_value(q, (struct sql_value){.type = SQL_TEXT, .text = slice_str(hashes[mask])});
    }
    sql_text(q, ")");
}

static void put_deployments(struct gql_call *call, struct sql *q, const struct edge_span *span, char hashes[16][65])
{
    const struct request_context *x = context_of(call);
    const struct policy_row *p = gql_parent(call);
    const struct gql_value *where = gql_entry(gql_arg(call, "input"), "where");
    const struct gql_value *since = given(where) ? gql_entry(where, "lastSyncAtGTE") : NULL;
    int64_t ns;
    sql_text(q, "SELECT " EDGE_INSTANCE_COLUMNS ", g.hits, g.errors, g.last_hit FROM edge_instances i LEFT JOIN (SELECT h.instance,"
                " SUM(h.hits) AS hits, SUM(h.errors) AS errors, MAX(h.last_hit_at) AS last_hit FROM edge_instance_hours h"
                " WHERE h.policy = ");
    sql_int(q, p->row);
    put_hours(q, span);
    sql_text(q, " GROUP BY h.instance) g ON g.instance = i.row WHERE i.account = ");
    sql_int(q, x->account_row);
    if (given(since) && clock_parse_rfc3339(since->text, &ns)) {
        sql_text(q, " AND i.last_sync_at >= ");
        sql_int(q, ns);
    }
    sql_text(q, " AND (g.instance IS NOT NULL");
    put_hashes(x, q, p, hashes);
    sql_text(q, ") ORDER BY i.last_sync_at DESC LIMIT ");
    sql_int(q, DEPLOYMENTS_MAX);
}

static bool add_deployment(struct request_context *x, struct deployments *list, sqlite3_stmt *st)
{
    struct deployment *d = arena_zero(x->arena, sizeof *d);
    if (!d || list->count == DEPLOYMENTS_MAX) return false;
    d->instance = edge_instance_read(x, st, 0);
    d->sums.n[EDGE_HITS] = sqlite3_column_int64(st, EDGE_INSTANCE_COUNT);
    d->sums.n[EDGE_ERRORS] = sqlite3_column_int64(st, EDGE_INSTANCE_COUNT + 1);
    d->last_hit = sqlite3_column_int64(st, EDGE_INSTANCE_COUNT + 2);
    if (d->instance) list->items[list->count++] = d;
    return d->instance != NULL;
}

static void *deployment_at(void *list, size_t i) { return ((struct deployments *)list)->items[i]; }

static void deployments(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct deployments *list = arena_zero(x->arena, sizeof *list);
    char hashes[16][65];
    struct edge_span span;
    struct sql q;
    if (!edge_span_read(call, gql_arg(call, "input"), &span)) return;
    sql_init(&q);
    put_deployments(call, &q, &span, hashes);
    bool ok = list && !q.full;
    sqlite3_stmt *st = ok ? sql_prepare(x->db, &q) : NULL;
    while (ok && db_step(x->db, st) == DB_ROW) ok = add_deployment(x, list, st);
    if (st) sqlite3_reset(st);
    sql_free(&q);
    if (ok) gql_list(call, list->count, deployment_at, list);
    else gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
}

static struct deployment *deployment(struct gql_call *call) { return gql_parent(call); }
static void deployment_instance(struct gql_call *call) { gql_object(call, deployment(call)->instance); }
static void deployment_summary(struct gql_call *call) { gql_object(call, &deployment(call)->sums); }

static void deployment_last_hit(struct gql_call *call)
{
    if (deployment(call)->last_hit) gql_time(call, deployment(call)->last_hit);
    else gql_null(call);
}

/* ---- sums and series ---- */

static const struct edge_sums *sums(struct gql_call *call) { return gql_parent(call); }
static void hits(struct gql_call *call) { gql_int(call, sums(call)->n[EDGE_HITS]); }
static void misses(struct gql_call *call) { gql_int(call, sums(call)->n[EDGE_MISSES]); }
static void errors(struct gql_call *call) { gql_int(call, sums(call)->n[EDGE_ERRORS]); }
static void removes(struct gql_call *call) { gql_int(call, sums(call)->n[EDGE_REMOVES]); }
static void redacts(struct gql_call *call) { gql_int(call, sums(call)->n[EDGE_REDACTS]); }
static void renames(struct gql_call *call) { gql_int(call, sums(call)->n[EDGE_RENAMES]); }
static void adds(struct gql_call *call) { gql_int(call, sums(call)->n[EDGE_ADDS]); }

static struct edge_series *series(struct gql_call *call) { return gql_parent(call); }
static void granularity(struct gql_call *call) { gql_string(call, series(call)->span.step == 1 ? SLICE("HOUR") : SLICE("DAY")); }
static void totals(struct gql_call *call) { gql_object(call, &series(call)->totals); }

static void range(struct gql_call *call) { gql_object(call, &series(call)->span.range); }

struct point_row {
    const struct edge_series *series;
    size_t at;
};

static void *point_at(void *list, size_t i) { return (struct point_row *)list + i; }

static void points(struct gql_call *call)
{
    struct edge_series *s = series(call);
    struct point_row *list = arena_alloc(gql_arena(call), s->span.count * sizeof *list);
    if (!list) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; i < s->span.count; i++) list[i] = (struct point_row){s, i};
    gql_list(call, s->span.count, point_at, list);
}

static const struct point_row *point(struct gql_call *call) { return gql_parent(call); }
static int64_t starts(const struct point_row *p)
{
    return (p->series->span.range.start + (int64_t)p->at * p->series->span.step) * NS_PER_HOUR;
}
static int64_t ends(const struct point_row *p) { return starts(p) + p->series->span.step * NS_PER_HOUR; }
static void point_start(struct gql_call *call) { gql_time(call, starts(point(call))); }
static void point_end(struct gql_call *call) { gql_time(call, ends(point(call))); }

static void count_of(struct gql_call *call, int what) { gql_int(call, point(call)->series->points[point(call)->at].n[what]); }
static void point_hits(struct gql_call *call) { count_of(call, EDGE_HITS); }
static void point_misses(struct gql_call *call) { count_of(call, EDGE_MISSES); }
static void point_errors(struct gql_call *call) { count_of(call, EDGE_ERRORS); }
static void point_removes(struct gql_call *call) { count_of(call, EDGE_REMOVES); }
static void point_redacts(struct gql_call *call) { count_of(call, EDGE_REDACTS); }
static void point_renames(struct gql_call *call) { count_of(call, EDGE_RENAMES); }
static void point_adds(struct gql_call *call) { count_of(call, EDGE_ADDS); }

static void quality(struct gql_call *call)
{
    const struct point_row *p = point(call);
    const struct edge_series *s = p->series;
    int64_t any = 0;
    for (int i = 0; i < EDGE_SUMS; i++) any |= s->points[p->at].n[i];
    if (starts(p) <= s->now_ns && s->now_ns < ends(p)) gql_string(call, SLICE("PARTIAL"));
    else if (any) gql_string(call, SLICE("OBSERVED"));
    else if (ends(p) <= s->known_ns || starts(p) > s->now_ns) gql_string(call, SLICE("MISSING"));
    else gql_string(call, SLICE("ZERO"));
}

const struct gql_binding edge_telemetry_bindings[] = {
    {"EdgeInstance", "policyTelemetry", instance_telemetry},
    {"LogEventPolicy", "executionSummary", policy_summary},
    {"LogEventPolicy", "executionTelemetry", policy_telemetry},
    {"LogEventPolicy", "deployments", deployments},
    {"LogEventPolicyDeployment", "edgeInstance", deployment_instance},
    {"LogEventPolicyDeployment", "executionSummary", deployment_summary},
    {"LogEventPolicyDeployment", "lastHitAt", deployment_last_hit},
    {"PolicyExecutionSummary", "matchHits", hits},
    {"PolicyExecutionSummary", "errors", errors},
    {"PolicyTelemetryTotals", "matchHits", hits},
    {"PolicyTelemetryTotals", "matchMisses", misses},
    {"PolicyTelemetryTotals", "errors", errors},
    {"PolicyTelemetryTotals", "removeHits", removes},
    {"PolicyTelemetryTotals", "redactHits", redacts},
    {"PolicyTelemetryTotals", "renameHits", renames},
    {"PolicyTelemetryTotals", "addHits", adds},
    {"PolicyTelemetrySeries", "range", range},
    {"PolicyTelemetrySeries", "granularity", granularity},
    {"PolicyTelemetrySeries", "points", points},
    {"PolicyTelemetrySeries", "totals", totals},
    {"PolicyTelemetryPoint", "start", point_start},
    {"PolicyTelemetryPoint", "end", point_end},
    {"PolicyTelemetryPoint", "matchHits", point_hits},
    {"PolicyTelemetryPoint", "matchMisses", point_misses},
    {"PolicyTelemetryPoint", "errors", point_errors},
    {"PolicyTelemetryPoint", "removeHits", point_removes},
    {"PolicyTelemetryPoint", "redactHits", point_redacts},
    {"PolicyTelemetryPoint", "renameHits", point_renames},
    {"PolicyTelemetryPoint", "addHits", point_adds},
    {"PolicyTelemetryPoint", "quality", quality},
    {NULL, NULL, NULL},
};
