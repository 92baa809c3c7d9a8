/* Several orders: every page, forwards and backwards, against one ORDER BY of plain SQL, with and without a filter; cursors of other
 * orders are refused; the plan sorts ties alone. */
#include "tests/unit/control-plane-api/ask.h"

#include "control-plane/api/page.h"

struct combination {
    const char *order, *sql;
};

static const struct combination events[] = {
    {"{\"field\": \"SEVERITY\", \"direction\": \"DESC\", \"then\": {\"field\": \"EVENT_COUNT\"}}", "severity DESC, events, row DESC"},
    {"{\"field\": \"SEVERITY\", \"then\": {\"field\": \"SERVICE_NAME\", \"direction\": \"DESC\"}}", "severity, service_name DESC, row"},
    {"{\"field\": \"SERVICE_NAME\", \"direction\": \"DESC\", \"then\": {\"field\": \"SEVERITY\", \"then\": {\"field\": \"NAME\", "
     "\"direction\":"
     " \"DESC\"}}}",
     "service_name DESC, severity, name DESC, row DESC"},
    {"{\"field\": \"SEVERITY\", \"then\": {\"field\": \"SERVICE_NAME\", \"then\": {\"field\": \"ID\", \"direction\": \"DESC\"}}}",
     "severity, service_name, id DESC, row"},
    {"{\"field\": \"EVENT_COUNT\", \"then\": {\"field\": \"EVENT_COUNT\", \"direction\": \"DESC\"}}", "events, row"},
};
static const struct combination services[] = {
    {"{\"field\": \"ENABLED\", \"then\": {\"field\": \"NAME\", \"direction\": \"DESC\"}}", "enabled, name DESC, row"},
    {"{\"field\": \"TEAM_NAME\", \"direction\": \"DESC\", \"then\": {\"field\": \"LOG_EVENT_COUNT\"}}",
     "team_name DESC, log_events, row DESC"},
};

static void query_of(struct buf *out, const char *type, const char *field)
{
    buf_printf(out,
               "query L($first: Int, $last: Int, $after: Cursor, $before: Cursor, $order: %sOrder, $where: %sWhereInput) { list: %s(first: "
               "$first, last: $last, after: $after, before: $before, orderBy: $order, where: $where) { pageInfo { hasNextPage "
               "hasPreviousPage startCursor endCursor } edges { node { id } } } }",
               type, type, field);
}

static void add_hex(struct buf *out, const char *id)
{
    for (; *id; id++)
        if (*id != '-') buf_char(out, *id);
    buf_char(out, '\n');
}

static void expected_ids(struct asked *a, struct buf *out, const char *table, const char *where, const char *order)
{
    char *sql = xasprintf("SELECT lower(hex(id)) FROM %s WHERE %s ORDER BY %s", table, where, order);
    struct db *db = store_reader(a->f->store);
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(db_handle(db), sql, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) buf_printf(out, "%s\n", (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    free(sql);
}

static json_t *ask_page(struct asked *a, const char *query, const char *order, const char *where, int size, const char *cursor, bool back)
{
    char *place = cursor ? xasprintf(", \"%s\": \"%s\"", back ? "before" : "after", cursor) : xstrdup("");
    char *variables = xasprintf("{\"%s\": %d, \"order\": %s, \"where\": %s%s}", back ? "last" : "first", size, order, where, place);
    json_t *page = ask_well(a, query, variables);
    free(variables);
    free(place);
    return page;
}

static void walk_forwards(struct asked *a, const char *query, const char *order, const char *where, int size, struct buf *out)
{
    char *cursor = NULL;
    for (bool more = true; more;) {
        size_t i;
        json_t *page = ask_page(a, query, order, where, size, cursor, false), *edge;
        json_array_foreach(at(page, "data.list.edges"), i, edge) add_hex(out, text_at(edge, "node.id"));
        more = json_is_true(at(page, "data.list.pageInfo.hasNextPage"));
        free(cursor);
        cursor = xstrdup(text_at(page, "data.list.pageInfo.endCursor"));
        json_decref(page);
    }
    free(cursor);
}

/* Each page is put before what is there. */
static void walk_backwards(struct asked *a, const char *query, const char *order, const char *where, int size, struct buf *out)
{
    char *cursor = NULL;
    for (bool more = true; more;) {
        size_t i;
        struct buf before;
        json_t *page = ask_page(a, query, order, where, size, cursor, true), *edge;
        buf_init(&before, 1 << 20);
        json_array_foreach(at(page, "data.list.edges"), i, edge) add_hex(&before, text_at(edge, "node.id"));
        buf_slice(&before, buf_view(out));
        buf_clear(out);
        buf_slice(out, buf_view(&before));
        buf_free(&before);
        more = json_is_true(at(page, "data.list.pageInfo.hasPreviousPage"));
        free(cursor);
        cursor = xstrdup(text_at(page, "data.list.pageInfo.startCursor"));
        json_decref(page);
    }
    free(cursor);
}

static void check(struct asked *a, const char *query, const struct combination *c, const char *table, const char *where, const char *sql)
{
    struct buf expected, forwards, backwards;
    buf_init(&expected, 1 << 20);
    buf_init(&forwards, 1 << 20);
    buf_init(&backwards, 1 << 20);
    expected_ids(a, &expected, table, sql, c->sql);
    walk_forwards(a, query, c->order, where, 37, &forwards);
    walk_backwards(a, query, c->order, where, 41, &backwards);
    assert_true(expected.len > 0);
    if (strcmp(expected.data, forwards.data) != 0) fail_msg("%s forwards differs from ORDER BY %s", c->order, c->sql);
    if (strcmp(expected.data, backwards.data) != 0) fail_msg("%s backwards differs from ORDER BY %s", c->order, c->sql);
    buf_free(&expected);
    buf_free(&forwards);
    buf_free(&backwards);
}

static void every_page_is_as_sql_sorts(void **state)
{
    struct asked *a = *state;
    struct buf query;
    buf_init(&query, 4000);
    query_of(&query, "LogEvent", "logEvents");
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        check(a, query.data, &events[i], "log_events", "{}", "1");
        check(a, query.data, &events[i], "log_events", "{\"severity\": \"error\"}", "severity = 4");
        check(a, query.data, &events[i], "log_events", "{\"nameContainsFold\": \"_7\"}", "instr(name, '_7') > 0");
    }
    buf_clear(&query);
    query_of(&query, "Service", "services");
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) check(a, query.data, &services[i], "services", "{}", "1");
    buf_free(&query);
}

static void cursors_belong_to_their_orders(void **state)
{
    struct asked *a = *state;
    static const char *const others[] = {"{field: SEVERITY}", "{field: SEVERITY, then: {field: NAME}}",
                                         "{field: SEVERITY, then: {field: EVENT_COUNT, then: {field: NAME}}}",
                                         "{field: NAME, then: {field: EVENT_COUNT}}"};
    json_t *page =
        ask_well(a, "{ logEvents(first: 1, orderBy: {field: SEVERITY, then: {field: EVENT_COUNT}}) { edges { cursor } } }", NULL);
    const char *cursor = text_at(page, "data.logEvents.edges.0.cursor");
    char *variables = xasprintf("{\"c\": \"%s\"}", cursor), *shorter = xasprintf("{\"c\": \"%.*s\"}", (int)strlen(cursor) - 6, cursor);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char *query = xasprintf("query Q($c: Cursor) { logEvents(after: $c, orderBy: %s) { edges { cursor } } }", others[i]);
        ask_fails(a, query, variables, "BAD_USER_INPUT");
        free(query);
    }
    ask_fails(a,
              "query Q($c: Cursor) { logEvents(after: $c, orderBy: {field: SEVERITY, then: {field: EVENT_COUNT}}) { edges { cursor } } }",
              shorter, "BAD_USER_INPUT");
    ask_fails(a, "{ logEvents(orderBy: {field: NAME, then: {field: ID, then: {field: NAME, then: {field: ID}}}}) { edges { cursor } } }",
              NULL, "BAD_USER_INPUT");
    free(variables);
    free(shorter);
    json_decref(page);
}

/* No plan sorts more than the rows that the first order finds equal. */
static void ties_alone_are_sorted(void **state)
{
    struct asked *a = *state;
    struct request_context x = {.store = a->f->store, .db = store_reader(a->f->store), .account_row = 1, .now_ns = clock_now()};
    x.arena = arena_new((size_t)16 << 20);
    for (size_t i = 0; i < entity_log_event.order_count; i++)
        for (size_t k = 0; k < entity_log_event.order_count; k++) {
            struct connection c = {.x = &x,
                                   .entity = &entity_log_event,
                                   .order = &entity_log_event.orders[i],
                                   .scope = {.account = 1},
                                   .where = {.text = SLICE("")},
                                   .facts = {.counted = true, .enabled = -1},
                                   .total = -1};
            c.then = (struct then_by){.count = 1, .keys = {{&entity_log_event.orders[k], true}}};
            struct page_args args = {.size = 50};
            struct sql q, explain;
            struct sql_part part;
            sql_init(&q);
            sql_init(&explain);
            page_sql(&c, &args, PAGE_WALK, 51, &q);
            assert_true(sql_keep(&q, x.arena, &part));
            sql_text(&explain, "EXPLAIN QUERY PLAN ");
            sql_append(&explain, &part);
            sqlite3_stmt *st = sql_prepare(x.db, &explain);
            while (db_step(x.db, st) == DB_ROW) {
                struct slice line = db_text(st, 3);
                if (slice_is(line, "USE TEMP B-TREE FOR ORDER BY"))
                    fail_msg("%s, then %s sorts everything", c.order->name, c.then.keys[0].order->name);
            }
            sqlite3_reset(st);
            sql_free(&explain);
            sql_free(&q);
        }
    arena_free(x.arena);
}

/* The budget is spent: the page says so and gives nothing. */
static void too_many_ties_are_refused(void **state)
{
    struct asked *a = *state;
    struct request_context x = {.store = a->f->store, .db = store_reader(a->f->store), .account_row = 1, .now_ns = clock_now()};
    x.arena = arena_new((size_t)16 << 20);
    struct connection c = {.x = &x,
                           .entity = &entity_service,
                           .order = &entity_service.orders[2],
                           .scope = {.account = 1},
                           .where = {.text = SLICE("")},
                           .facts = {.counted = true, .enabled = -1},
                           .total = -1};
    c.then = (struct then_by){.count = 1, .keys = {{&entity_service.orders[0], true}}};
    assert_true(page_read(&c, &(struct page_args){.size = 5}));
    assert_false(c.too_many);
    c.entity = &entity_log_event;
    c.order = &entity_log_event.orders[4];
    c.then.keys[0].order = &entity_log_event.orders[2];
    assert_false(page_read(&c, &(struct page_args){.size = 1000, .tie_steps = 10000}));
    assert_true(c.too_many);
    arena_free(x.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_as_sql_sorts),
        cmocka_unit_test(cursors_belong_to_their_orders),
        cmocka_unit_test(ties_alone_are_sorted),
        cmocka_unit_test(too_many_ties_are_refused),
    };
    return cmocka_run_group_tests_name("then", tests, asked_setup, asked_teardown);
}
