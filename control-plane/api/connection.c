#include "control-plane/api/connection.h"

#include "control-plane/api/page.h"

/* ---- arguments ---- */

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

static bool read_size(struct gql_call *call, struct page_args *args)
{
    const struct gql_value *first = gql_arg(call, "first"), *last = gql_arg(call, "last");
    if (given(first) && given(last)) return gql_fail(call, "BAD_USER_INPUT", "first and last exclude each other"), false;
    const struct gql_value *size = given(first) ? first : last;
    int64_t n = given(size) ? size->integer : PAGE_DEFAULT;
    if (n < 0 || n > PAGE_MAX) return gql_fail(call, "BAD_USER_INPUT", "a page has 0 to %d rows", PAGE_MAX), false;
    args->size = (size_t)n;
    args->backward = given(last) || (!given(first) && given(gql_arg(call, "before")));
    return true;
}

static const struct order *order_named(const struct entity *e, const struct gql_value *field)
{
    for (size_t i = 0; given(field) && i < e->order_count; i++)
        if (slice_is(field->text, e->orders[i].name)) return &e->orders[i];
    return &e->orders[0];
}

static bool is_descending(const struct gql_value *order)
{
    const struct gql_value *direction = gql_entry(order, "direction");
    return given(direction) && slice_is(direction->text, "DESC");
}

static bool read_order(struct gql_call *call, struct connection *c, struct page_args *args)
{
    const struct gql_value *order = gql_arg(call, "orderBy");
    c->order = &c->entity->orders[0];
    if (!given(order)) return true;
    c->order = order_named(c->entity, gql_entry(order, "field"));
    args->descending = is_descending(order);
    while (given(order = gql_entry(order, "then"))) {
        if (c->then.count == THEN_MAX) return gql_fail(call, "BAD_USER_INPUT", "orderBy: no more than %d fields", THEN_MAX + 1), false;
        c->then.keys[c->then.count++] = (struct then_key){order_named(c->entity, gql_entry(order, "field")), is_descending(order)};
    }
    return true;
}

static bool read_place(struct gql_call *call, struct connection *c, const char *name, struct place *place, const struct place **out)
{
    const struct gql_value *v = gql_arg(call, name);
    if (!given(v)) return true;
    if (!cursor_read(c->x->arena, c->entity, c->order, &c->then, v->text, place))
        return gql_fail(call, "BAD_USER_INPUT", "%s: not a cursor of this list and order", name), false;
    *out = place;
    return true;
}

static bool read_where(struct gql_call *call, struct connection *c)
{
    struct sql q;
    struct where w;
    sql_init(&q);
    where_init(&w, c->x, &q);
    w.facts.service = c->scope.service;
    where_add(&w, c->entity, gql_arg(call, "where"));
    bool ok = !w.problem && sql_keep(&q, c->x->arena, &c->where);
    if (w.problem) gql_fail(call, "BAD_USER_INPUT", "where: %s", w.problem);
    else if (!ok) gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
    c->facts = w.facts;
    sql_free(&q);
    return ok;
}

static bool wants_services(struct gql_call *call)
{
    static const char *const paths[] = {
        "edges.node.service.accountID",     "edges.node.service.enabled",     "edges.node.service.createdAt",
        "edges.node.service.updatedAt",     "edges.node.service.account",     "edges.node.service.status",
        "edges.node.service.statusSummary", "edges.node.service.team",        "edges.node.service.eventCount",
        "edges.node.service.byteCount",     "edges.node.service.firstSeenAt", "edges.node.service.lastSeenAt",
        "edges.node.service.logEventCount", "edges.node.service.windows",     "edges.node.service.logVolume",
    };
    if (!gql_selects(call, "edges.node.service")) return false;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (gql_selects(call, paths[i])) return true;
    return false;
}

static void too_many(struct gql_call *call, const struct connection *c)
{
    gql_fail(call, "LIMIT_EXCEEDED", "too many rows are equal in %s to sort them by %s as well: a filter makes them fewer", c->order->name,
             c->then.keys[0].order->name);
}

void connection_answer(struct gql_call *call, const struct entity *entity, struct scope scope)
{
    struct request_context *x = gql_user(call);
    struct connection *c = arena_zero(x->arena, sizeof *c);
    struct page_args args = {.size = 0};
    struct place after, before;
    if (!c) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    *c = (struct connection){.x = x, .entity = entity, .scope = scope, .total = -1};
    if (!read_order(call, c, &args) || !read_size(call, &args) || !read_place(call, c, "after", &after, &args.after) ||
        !read_place(call, c, "before", &before, &args.before) || !read_where(call, c))
        return;
    if (gql_selects(call, "edges") || gql_selects(call, "pageInfo")) {
        args.with_service = entity == &entity_log_event && wants_services(call);
        if (!page_read(c, &args)) {
            if (c->too_many) too_many(call, c);
            else gql_fail(call, "INTERNAL", "the store could not be read");
            return;
        }
    }
    gql_object(call, c);
}

/* ---- totals ---- */

static int64_t number(struct request_context *x, sqlite3_stmt *st)
{
    int64_t n = db_step(x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_reset(st);
    return n;
}

bool connection_counted(const struct connection *c) { return c->entity == &entity_log_event && c->facts.counted; }

void connection_counts_from(const struct connection *c, struct sql *q)
{
    sql_text(q, " FROM log_event_counts e WHERE e.account = ");
    sql_int(q, c->scope.account);
    if (c->scope.service || !c->facts.by_service) {
        sql_text(q, " AND e.service = ");
        sql_int(q, c->scope.service);
    } else {
        sql_text(q, " AND e.service > 0");
    }
    sql_append(q, &c->where);
    sql_mark(q, false);
}

static int64_t summed(struct connection *c)
{
    struct sql q;
    sql_init(&q);
    sql_text(&q, "SELECT COALESCE(SUM(e.n), 0)");
    connection_counts_from(c, &q);
    int64_t n = q.full ? -1 : number(c->x, sql_prepare(c->x->db, &q));
    sql_free(&q);
    return n;
}

static int64_t kept_services(struct connection *c)
{
    sqlite3_stmt *st = db_prepare(c->x->db, "SELECT CASE ?1 WHEN 0 THEN services_disabled WHEN 1 THEN services - services_disabled"
                                            " ELSE services END FROM accounts WHERE row = ?2");
    db_bind(st, "ii", (int64_t)c->facts.enabled, c->scope.account);
    return number(c->x, st);
}

static int64_t counted(struct connection *c)
{
    struct sql q;
    sql_init(&q);
    sql_text(&q, "SELECT count(*) FROM ");
    sql_text(&q, c->entity->from);
    sql_text(&q, " WHERE ");
    connection_where(c, &q, false);
    int64_t n = q.full ? -1 : number(c->x, sql_prepare(c->x->db, &q));
    sql_free(&q);
    return n;
}

int64_t connection_total(struct connection *c)
{
    if (c->total >= 0) return c->total;
    if (connection_counted(c)) c->total = summed(c);
    else if (c->entity == &entity_service && !c->facts.other && !c->scope.team) c->total = kept_services(c);
    else c->total = counted(c);
    return c->total;
}

static void total(struct gql_call *call)
{
    int64_t n = connection_total(gql_parent(call));
    if (n < 0) gql_fail(call, "INTERNAL", "the store could not be read");
    else gql_int(call, n);
}

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }

/* ---- edges ---- */

struct edge_row {
    struct connection *connection;
    size_t at;
};

static void *edge_at(void *list, size_t i) { return (struct edge_row *)list + i; }

static void edges(struct gql_call *call)
{
    struct connection *c = gql_parent(call);
    struct edge_row *list = arena_alloc(c->x->arena, c->count * sizeof *list);
    if (!list) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    for (size_t i = 0; i < c->count; i++) list[i] = (struct edge_row){c, i};
    gql_list(call, c->count, edge_at, list);
}

static void node(struct gql_call *call)
{
    const struct edge_row *e = gql_parent(call);
    gql_object(call, e->connection->rows[e->at]);
}

static void write_cursor(struct gql_call *call, struct connection *c, size_t at)
{
    gql_string(call, cursor_write(c->x->arena, c->entity, c->order, &c->then, &c->places[at]));
}

static void cursor(struct gql_call *call)
{
    const struct edge_row *e = gql_parent(call);
    write_cursor(call, e->connection, e->at);
}

static void has_next(struct gql_call *call) { gql_bool(call, ((struct connection *)gql_parent(call))->has_next); }
static void has_previous(struct gql_call *call) { gql_bool(call, ((struct connection *)gql_parent(call))->has_previous); }

static void end_cursor(struct gql_call *call, bool last)
{
    struct connection *c = gql_parent(call);
    if (c->count == 0) gql_null(call);
    else write_cursor(call, c, last ? c->count - 1 : 0);
}

static void start(struct gql_call *call) { end_cursor(call, false); }
static void end(struct gql_call *call) { end_cursor(call, true); }

#define CONNECTION(type)                                                                                                                   \
    {type "Connection", "edges", edges}, {type "Connection", "pageInfo", itself}, {type "Connection", "totalCount", total},                \
        {type "Edge", "node", node},                                                                                                       \
    {                                                                                                                                      \
        type "Edge", "cursor", cursor                                                                                                      \
    }

const struct gql_binding connection_bindings[] = {
    CONNECTION("Organization"),
    CONNECTION("Account"),
    CONNECTION("Team"),
    CONNECTION("Service"),
    CONNECTION("LogEvent"),
    CONNECTION("LogEventPolicy"),
    CONNECTION("Issue"),
    CONNECTION("Check"),
    CONNECTION("EdgeApiKey"),
    CONNECTION("EdgeInstance"),
    CONNECTION("IssueAction"),
    CONNECTION("AuditEntry"),
    {"ServiceConnection", "summary", itself},
    {"ServiceConnection", "facets", itself},
    {"ServiceSummary", "count", total},
    {"LogEventConnection", "summary", itself},
    {"LogEventConnection", "facets", itself},
    {"LogEventSummary", "count", total},
    {"PageInfo", "hasNextPage", has_next},
    {"PageInfo", "hasPreviousPage", has_previous},
    {"PageInfo", "startCursor", start},
    {"PageInfo", "endCursor", end},
    {NULL, NULL, NULL},
};
