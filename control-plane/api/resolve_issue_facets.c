/* How many issues of a filter there are by priority, service, team, stage, domain, check. */
#include "control-plane/api/connection.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"

enum { BUCKETS = 200 };

struct bucket {
    struct slice text;
    int64_t row, count;
};

static int64_t limit_of(struct gql_call *call)
{
    const struct gql_value *v = gql_arg(call, "limit");
    int64_t n = v && v->kind == GQL_V_INT ? v->integer : BUCKETS;
    return n < 1 ? 1 : n > BUCKETS ? BUCKETS : n;
}

static void read_buckets(struct request_context *x, sqlite3_stmt *st, struct items *l)
{
    while (db_step(x->db, st) == DB_ROW) {
        struct bucket *b = items_add(l);
        if (!b) break;
        struct slice text = db_text(st, 0);
        char *copy = arena_copy(x->arena, text);
        *b = (struct bucket){slice_of(copy ? copy : "", copy ? text.len : 0), sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1)};
    }
    sqlite3_reset(st);
}

static void grouped(struct gql_call *call, const char *expression)
{
    struct connection *c = gql_parent(call);
    struct items *l = items_new(call, sizeof(struct bucket));
    struct sql q;
    if (!l) return;
    sql_init(&q);
    sql_text(&q, "SELECT ");
    sql_text(&q, expression);
    sql_text(&q, ", count(*) FROM ");
    sql_text(&q, c->entity->from);
    sql_text(&q, " WHERE ");
    connection_where(c, &q, false);
    sql_text(&q, " GROUP BY 1 HAVING ");
    sql_text(&q, expression);
    sql_text(&q, " IS NOT NULL ORDER BY 2 DESC, 1 LIMIT ");
    sql_int(&q, limit_of(call));
    if (q.full) gql_fail(call, "BAD_USER_INPUT", "where: the filter is too large");
    else {
        read_buckets(c->x, sql_prepare(c->x->db, &q), l);
        gql_object(call, l);
    }
    sql_free(&q);
}

static const char *predicate_expression(const char *field)
{
    for (size_t i = 0; i < entity_issue.predicate_count; i++) {
        const struct predicate *p = &entity_issue.predicates[i];
        if (strcmp(p->field, field) == 0) return p->column ? p->column : p->expression;
    }
    return "NULL";
}

static void priorities(struct gql_call *call) { grouped(call, predicate_expression("priority")); }
static void services(struct gql_call *call) { grouped(call, predicate_expression("serviceID")); }
static void teams(struct gql_call *call) { grouped(call, predicate_expression("teamID")); }
static void stages(struct gql_call *call) { grouped(call, predicate_expression("stage")); }
static void domains(struct gql_call *call) { grouped(call, predicate_expression("domain")); }
static void checks_facet(struct gql_call *call) { grouped(call, predicate_expression("checkID")); }

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }

static void total(struct gql_call *call)
{
    int64_t n = connection_total(gql_parent(call));
    if (n < 0) gql_fail(call, "INTERNAL", "the store could not be read");
    else gql_int(call, n);
}

static void buckets(struct gql_call *call) { items_answer(call, gql_parent(call)); }
static const struct bucket *bucket(struct gql_call *call) { return gql_parent(call); }
static void count(struct gql_call *call) { gql_int(call, bucket(call)->count); }
static void text(struct gql_call *call) { gql_string(call, bucket(call)->text); }
static void service(struct gql_call *call) { gql_object(call, service_by_row(context_of(call), bucket(call)->row)); }
static void team(struct gql_call *call) { gql_object(call, team_by_row(context_of(call), bucket(call)->row)); }
static void check(struct gql_call *call) { gql_object(call, (void *)(uintptr_t)check_find(bucket(call)->text)); }

#define FACET(name, value, resolve)                                                                                                        \
    {name, "buckets", buckets}, {name "Bucket", value, resolve}, { name "Bucket", "count", count }

const struct gql_binding issue_facet_bindings[] = {
    {"IssueConnection", "summary", itself},
    {"IssueSummary", "count", total},
    {"IssueConnection", "facets", itself},
    {"IssueFacets", "priorities", priorities},
    {"IssueFacets", "services", services},
    {"IssueFacets", "teams", teams},
    {"IssueFacets", "stages", stages},
    {"IssueFacets", "domains", domains},
    {"IssueFacets", "checks", checks_facet},
    FACET("IssuePriorityFacet", "value", text),
    FACET("IssueServiceFacet", "service", service),
    FACET("IssueTeamFacet", "team", team),
    FACET("IssueStageFacet", "value", text),
    FACET("IssueDomainFacet", "value", text),
    FACET("IssueCheckFacet", "check", check),
    {NULL, NULL, NULL},
};
