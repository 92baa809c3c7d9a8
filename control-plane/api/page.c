#include "control-plane/api/page.h"

#include "control-plane/api/policy_rows.h"

#include "base/log.h"

enum { STEPS_A_LOOK = 10000, SHARE = 8 };

/* ---- the statement ---- */

static void scoped(struct sql *q, const char *column, int64_t row)
{
    if (row == 0) return;
    sql_text(q, " AND ");
    sql_text(q, column);
    sql_text(q, " = ");
    sql_int(q, row);
}

static bool is_zero(struct id128 id) { return !id.hi && !id.lo; }

static void scoped_id(struct sql *q, const char *column, struct id128 id)
{
    if (is_zero(id)) return;
    sql_text(q, " AND ");
    sql_text(q, column);
    sql_text(q, " = ");
    sql_value(q, (struct sql_value){.type = SQL_ID, .id = id});
}

static int64_t service_events(const struct connection *c, int64_t service)
{
    sqlite3_stmt *st = db_prepare(c->x->db, "SELECT log_events FROM services WHERE row = ?1");
    db_bind(st, "i", service);
    int64_t n = db_step(c->x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return n;
}

/* Events of one service: by its own index, unless it holds so many events that the index of the order meets them soon
 * enough. (service, cost) serves both. */
static bool by_service(const struct connection *c)
{
    if (c->facts.service <= 0) return false;
    if (strcmp(c->order->expression, "e.cost") == 0) return true;
    sqlite3_stmt *st = db_prepare(c->x->db, "SELECT SUM(n) FROM log_event_counts WHERE account = ?1 AND service = 0");
    db_bind(st, "i", c->scope.account);
    int64_t all = db_step(c->x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return service_events(c, c->facts.service) < all / SHARE;
}

static void put_scope(const struct connection *c, struct sql *q, bool walk)
{
    const struct scope *s = &c->scope;
    sql_text(q, "1 = 1");
    if (c->entity == &entity_log_event) {
        bool own_index = walk ? by_service(c) : c->facts.service != 0;
        bool account_index = walk ? !own_index : c->facts.selective;
        scoped(q, account_index ? "e.account" : "+e.account", s->account);
        scoped(q, own_index ? "e.service" : "+e.service", c->facts.service);
    } else if (c->entity->account) {
        bool narrow = !is_zero(s->log_event) || !is_zero(s->issue) || !is_zero(s->object);
        if (narrow) sql_text(q, " AND +"), sql_text(q, c->entity->account), sql_text(q, " = "), sql_int(q, s->account);
        else scoped(q, c->entity->account, s->account);
        scoped_id(q, "p.log_event", s->log_event);
        scoped_id(q, c->entity == &entity_policy ? "p.issue" : "n.issue", s->issue);
        scoped_id(q, "l.object_id", s->object);
    } else if (c->entity == &entity_service) {
        scoped(q, s->team ? "+s.account" : "s.account", s->account);
        scoped(q, "s.team", s->team);
    } else {
        scoped(q, c->entity == &entity_account ? "a.organization" : "t.organization", s->organization);
    }
}

void connection_where(const struct connection *c, struct sql *q, bool walk)
{
    put_scope(c, q, walk);
    sql_append(q, &c->where);
    sql_mark(q, walk);
}

static void compare(struct sql *q, const char *column, const char *comparison, const struct sql_value *value)
{
    sql_text(q, column);
    sql_text(q, comparison);
    sql_value(q, *value);
}

/* The keys that a page is sorted by: the first order, the others, the row. */
struct key {
    const char *expression;
    struct sql_value value;
    bool upwards; /* what is beyond is greater */
};
enum { KEYS = THEN_MAX + 2 };

/* Beyond the place as the page is read, or on the near side of it. */
static size_t keys_of(const struct connection *c, const struct page_args *args, const struct place *place, bool beyond,
                      struct key keys[KEYS])
{
    size_t n = 0;
    bool upwards = (args->descending == args->backward) == beyond;
    keys[n++] = (struct key){c->order->expression, place->value, upwards};
    for (size_t i = 0; i < c->then.count; i++)
        keys[n++] =
            (struct key){c->then.keys[i].order->expression, place->then[i], (c->then.keys[i].descending == args->backward) == beyond};
    keys[n++] = (struct key){c->entity->row, {.type = SQL_INT, .integer = place->row}, upwards};
    return n;
}

/* k1 > a OR (k1 = a AND (k2 < b OR (...))) */
static void put_chain(struct sql *q, const struct key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        compare(q, keys[i].expression, keys[i].upwards ? " > " : " < ", &keys[i].value);
        if (i + 1 == count) break;
        sql_text(q, " OR (");
        compare(q, keys[i].expression, " = ", &keys[i].value);
        sql_text(q, " AND (");
    }
    for (size_t i = 1; i < count; i++) sql_text(q, "))");
}

/* Two keys of one direction are a row value, which an index serves. */
static void put_beyond(struct sql *q, const struct key *keys, size_t count)
{
    sql_text(q, " AND (");
    if (count > 2) {
        put_chain(q, keys, count);
    } else {
        sql_text(q, keys[0].expression);
        sql_text(q, ", ");
        sql_text(q, keys[1].expression);
        sql_text(q, keys[0].upwards ? ") > (" : ") < (");
        sql_value(q, keys[0].value);
        sql_text(q, ", ");
        sql_value(q, keys[1].value);
    }
    sql_text(q, ")");
}

static void put_ties(struct sql *q, const struct key *keys, size_t count)
{
    sql_text(q, " AND ");
    compare(q, keys[0].expression, " = ", &keys[0].value);
    sql_text(q, count > 2 ? " AND (" : " AND ");
    put_chain(q, keys + 1, count - 1);
    if (count > 2) sql_text(q, ")");
}

static void put_bounds(const struct connection *c, const struct page_args *args, enum page_part part, struct sql *q)
{
    const struct place *from = args->backward ? args->before : args->after, *until = args->backward ? args->after : args->before;
    struct key keys[KEYS] = {{0}};
    size_t count = from ? keys_of(c, args, from, true, keys) : 0;
    if (part == PAGE_TIES) {
        put_ties(q, keys, count);
    } else if (part == PAGE_REST) {
        sql_text(q, " AND ");
        compare(q, keys[0].expression, keys[0].upwards ? " > " : " < ", &keys[0].value);
    } else if (from) {
        put_beyond(q, keys, count);
    }
    if (until) put_beyond(q, keys, keys_of(c, args, until, false, keys));
}

static void put_order(const struct connection *c, const struct page_args *args, struct sql *q)
{
    bool descending = args->descending != args->backward;
    sql_text(q, " ORDER BY ");
    sql_text(q, c->order->expression);
    sql_text(q, descending ? " DESC, " : ", ");
    for (size_t i = 0; i < c->then.count; i++) {
        sql_text(q, c->then.keys[i].order->expression);
        sql_text(q, c->then.keys[i].descending != args->backward ? " DESC, " : ", ");
    }
    sql_text(q, c->entity->row);
    if (descending) sql_text(q, " DESC");
}

static void put_select(const struct connection *c, const struct page_args *args, enum page_part part, struct sql *q)
{
    sql_text(q, "SELECT ");
    sql_text(q, c->order->expression);
    sql_text(q, ", ");
    sql_text(q, c->entity->columns);
    if (args->with_service) sql_text(q, ", " SERVICE_COLUMNS);
    for (size_t i = 0; i < c->then.count; i++) {
        sql_text(q, ", ");
        sql_text(q, c->then.keys[i].order->expression);
    }
    if (part == PAGE_FOUND) sql_text(q, ", (SELECT count(*) FROM matches)");
    sql_text(q, " FROM ");
    sql_text(q, c->entity->from);
    if (args->with_service) sql_text(q, " JOIN services s ON s.row = +e.service");
    sql_text(q, " WHERE ");
}

static void put_matches(const struct connection *c, struct sql *q)
{
    sql_text(q, "WITH matches AS MATERIALIZED (SELECT ");
    sql_text(q, c->entity->row);
    sql_text(q, " AS row FROM ");
    sql_text(q, c->entity->from);
    sql_text(q, " WHERE ");
    connection_where(c, q, false);
    sql_text(q, ") ");
}

void page_sql(const struct connection *c, const struct page_args *args, enum page_part part, size_t limit, struct sql *q)
{
    if (part == PAGE_FOUND) put_matches(c, q);
    put_select(c, args, part, q);
    if (part == PAGE_FOUND) {
        sql_text(q, c->entity->row);
        sql_text(q, " IN (SELECT row FROM matches)");
    } else {
        connection_where(c, q, true);
    }
    put_bounds(c, args, part, q);
    put_order(c, args, q);
    sql_text(q, " LIMIT ");
    sql_int(q, (int64_t)limit);
}

/* ---- running it ---- */

struct budget {
    int left;
};

static int spend(void *context) { return --((struct budget *)context)->left <= 0; }

static struct sql_value order_value(struct connection *c, sqlite3_stmt *st, enum sql_type type, int column)
{
    struct sql_value v = {.type = type};
    switch (v.type) {
    case SQL_INT: v.integer = sqlite3_column_int64(st, column); break;
    case SQL_DOUBLE: v.real = sqlite3_column_double(st, column); break;
    case SQL_ID: v.id = db_id(st, column); break;
    case SQL_TEXT: {
        struct slice text = db_text(st, column);
        char *copy = arena_copy(c->x->arena, text);
        v.text = slice_of(copy ? copy : "", copy ? text.len : 0);
        break;
    }
    }
    return v;
}

/* The column behind those of the row and its service. */
static int behind(const struct connection *c, const struct page_args *args)
{
    return 1 + c->entity->column_count + (args->with_service ? SERVICE_COUNT : 0);
}

static bool take_row(struct connection *c, const struct page_args *args, sqlite3_stmt *st)
{
    struct place place = {.value = order_value(c, st, c->order->type, 0), .row = sqlite3_column_int64(st, 1)};
    void *row = c->entity->read(c->x, st, 1);
    if (!row) return false;
    if (args->with_service) ((struct log_event *)row)->service = service_read(c->x, st, 1 + c->entity->column_count);
    for (size_t i = 0; i < c->then.count; i++) place.then[i] = order_value(c, st, c->then.keys[i].order->type, behind(c, args) + (int)i);
    c->places[c->count] = place;
    c->rows[c->count++] = row;
    return true;
}

static void take_total(struct connection *c, const struct page_args *args, sqlite3_stmt *st)
{
    c->total = sqlite3_column_int64(st, behind(c, args) + (int)c->then.count);
}

/* Adds rows to the page. SQLITE_DONE, SQLITE_INTERRUPT where the budget was spent, another code on an error. */
static int run(struct connection *c, const struct page_args *args, enum page_part part, bool *more)
{
    struct sql q;
    sql_init(&q);
    page_sql(c, args, part, args->size + 1 - c->count, &q);
    if (q.full) {
        sql_free(&q);
        return SQLITE_TOOBIG;
    }
    sqlite3_stmt *st = sql_prepare(c->x->db, &q);
    int rc;
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (part == PAGE_FOUND && c->total < 0) take_total(c, args, st);
        if (c->count == args->size) *more = true;
        else if (!take_row(c, args, st)) break;
    }
    sqlite3_reset(st);
    sql_free(&q);
    return rc;
}

static int walk(struct connection *c, const struct page_args *args, bool *more)
{
    if (!(args->backward ? args->before : args->after)) return run(c, args, PAGE_WALK, more);
    int rc = run(c, args, PAGE_TIES, more);
    return rc == SQLITE_DONE && !*more ? run(c, args, PAGE_REST, more) : rc;
}

/* 0: as long as it takes. */
static int budget_of(const struct connection *c, const struct page_args *args)
{
    if (c->facts.any && c->entity == &entity_log_event) return WALK_STEPS;
    return !c->then.count ? 0 : args->tie_steps ? args->tie_steps : TIE_STEPS;
}

static int walk_bounded(struct connection *c, const struct page_args *args, bool *more)
{
    struct budget budget = {budget_of(c, args) / STEPS_A_LOOK};
    sqlite3 *handle = db_handle(c->x->db);
    bool bounded = budget.left > 0;
    if (bounded) sqlite3_progress_handler(handle, STEPS_A_LOOK, spend, &budget);
    int rc = walk(c, args, more);
    if (bounded) sqlite3_progress_handler(handle, 0, NULL, NULL);
    c->too_many = rc == SQLITE_INTERRUPT && !(c->facts.any && c->entity == &entity_log_event);
    return rc;
}

static int find_first(struct connection *c, const struct page_args *args, bool *more)
{
    c->count = 0;
    *more = false;
    int rc = run(c, args, PAGE_FOUND, more);
    if (rc == SQLITE_DONE && c->count == 0 && !args->after && !args->before) c->total = 0;
    return rc;
}

static void turn_around(struct connection *c)
{
    for (size_t i = 0, k = c->count; i + 1 < k; i++) {
        k--;
        void *row = c->rows[i];
        struct place place = c->places[i];
        c->rows[i] = c->rows[k];
        c->places[i] = c->places[k];
        c->rows[k] = row;
        c->places[k] = place;
    }
}

bool page_read(struct connection *c, const struct page_args *args)
{
    bool more = false;
    c->count = 0;
    c->rows = arena_alloc(c->x->arena, (args->size + 1) * sizeof *c->rows);
    c->places = arena_alloc(c->x->arena, (args->size + 1) * sizeof *c->places);
    if (!c->rows || !c->places) return false;
    int rc = c->facts.selective ? SQLITE_INTERRUPT : walk_bounded(c, args, &more);
    if (c->too_many) return false;
    if (rc == SQLITE_INTERRUPT) rc = find_first(c, args, &more);
    if (rc != SQLITE_DONE) {
        if (rc != SQLITE_ROW) log_error("store: %s (%d) reading a page", sqlite3_errmsg(db_handle(c->x->db)), rc);
        return false;
    }
    if (args->backward) turn_around(c);
    c->has_next = args->backward ? args->before != NULL : more;
    c->has_previous = args->backward ? more : args->after != NULL;
    return true;
}
