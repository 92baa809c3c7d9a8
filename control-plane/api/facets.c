#include "control-plane/api/connection.h"

#include "control-plane/api/leaves.h"

enum { BUCKETS_DEFAULT = 25, BUCKETS_MAX = 200 };

struct bucket {
    int64_t value, count;
    struct service *service;
};

struct facet {
    struct bucket *buckets;
    size_t count;
};

static bool read_limit(struct gql_call *call, int64_t *limit)
{
    const struct gql_value *v = gql_arg(call, "limit");
    *limit = v && v->kind == GQL_V_INT ? v->integer : BUCKETS_DEFAULT;
    if (*limit >= 1 && *limit <= BUCKETS_MAX) return true;
    gql_fail(call, "BAD_USER_INPUT", "limit is 1 to %d", BUCKETS_MAX);
    return false;
}

/* Two columns: value, count. */
static void answer(struct gql_call *call, struct connection *c, sqlite3_stmt *st, int64_t limit, bool services)
{
    struct facet *f = arena_zero(c->x->arena, sizeof *f);
    if (f) f->buckets = arena_alloc(c->x->arena, (size_t)limit * sizeof *f->buckets);
    if (!f || !f->buckets) {
        sqlite3_reset(st);
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    enum db_step step;
    while ((step = db_step(c->x->db, st)) == DB_ROW && f->count < (size_t)limit)
        f->buckets[f->count++] = (struct bucket){sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), NULL};
    sqlite3_reset(st);
    for (size_t i = 0; services && i < f->count; i++) f->buckets[i].service = service_by_row(c->x, f->buckets[i].value);
    if (step == DB_ERROR) gql_fail(call, "INTERNAL", "the store could not be read");
    else gql_object(call, f);
}

static void grouped(struct gql_call *call, const char *column, bool services)
{
    struct connection *c = gql_parent(call);
    int64_t limit;
    if (!read_limit(call, &limit)) return;
    struct sql q;
    sql_init(&q);
    sql_text(&q, "SELECT ");
    sql_text(&q, column);
    if (connection_counted(c)) {
        sql_text(&q, ", SUM(e.n)");
        connection_counts_from(c, &q);
        sql_text(&q, " GROUP BY 1 HAVING SUM(e.n) > 0");
    } else {
        sql_text(&q, ", count(*) FROM ");
        sql_text(&q, c->entity->from);
        sql_text(&q, " WHERE ");
        connection_where(c, &q, false);
        sql_text(&q, " GROUP BY 1");
    }
    sql_text(&q, " ORDER BY 2 DESC, 1 LIMIT ");
    sql_int(&q, limit);
    if (q.full) gql_fail(call, "BAD_USER_INPUT", "where: the filter is too large");
    else answer(call, c, sql_prepare(c->x->db, &q), limit, services);
    sql_free(&q);
}

static void severities(struct gql_call *call) { grouped(call, "e.severity", false); }
static void fragments(struct gql_call *call) { grouped(call, "e.fragment", false); }
static void enabled(struct gql_call *call) { grouped(call, "s.enabled", false); }

static void services(struct gql_call *call)
{
    ((struct connection *)gql_parent(call))->facts.by_service = true;
    grouped(call, "e.service", true);
}

/* ---- buckets ---- */

static void *bucket_at(void *list, size_t i) { return (struct bucket *)list + i; }

static void buckets(struct gql_call *call)
{
    struct facet *f = gql_parent(call);
    gql_list(call, f->count, bucket_at, f->buckets);
}

static const struct bucket *bucket(struct gql_call *call) { return gql_parent(call); }
static void count(struct gql_call *call) { gql_int(call, bucket(call)->count); }
static void boolean(struct gql_call *call) { gql_bool(call, bucket(call)->value != 0); }
static void severity(struct gql_call *call) { leaf_severity(call, (int)bucket(call)->value); }
static void service(struct gql_call *call) { gql_object(call, bucket(call)->service); }

#define FACET(name, value, resolve)                                                                                                        \
    {name, "buckets", buckets}, {name "Bucket", value, resolve}, { name "Bucket", "count", count }

const struct gql_binding facet_bindings[] = {
    {"LogEventFacets", "isFragment", fragments},
    {"LogEventFacets", "severities", severities},
    {"LogEventFacets", "services", services},
    {"ServiceFacets", "enabled", enabled},
    FACET("LogEventIsFragmentFacet", "value", boolean),
    FACET("LogEventSeverityFacet", "value", severity),
    FACET("LogEventServiceFacet", "service", service),
    FACET("ServiceEnabledFacet", "value", boolean),
    {NULL, NULL, NULL},
};
