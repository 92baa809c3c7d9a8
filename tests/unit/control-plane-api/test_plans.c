/* What a page costs: every order of a list is served by an index without sorting, and the last page takes as many
 * steps of SQLite's machine as the first. 120,000 events. */
#include "tests/unit/control-plane-api/ask.h"

#include "control-plane/api/page.h"

enum { EVENTS = 120000, PAGE = 50 };

static struct request_context context;

static int plans_setup(void **state)
{
    struct fixture *f;
    if (fixture_setup(state) != 0) return -1;
    f = *state;
    if (!fill_store(f->store, EVENTS, 5000)) return -1;
    context = (struct request_context){.store = f->store, .db = store_reader(f->store), .account_row = 1, .now_ns = clock_now()};
    context.arena = arena_new((size_t)64 << 20);
    return 0;
}

static int plans_teardown(void **state)
{
    arena_free(context.arena);
    return fixture_teardown(state);
}

static void forget(void)
{
    arena_reset(context.arena);
    context.services = NULL;
}

static struct connection list_of(const struct entity *entity, const struct order *order)
{
    return (struct connection){.x = &context,
                               .entity = entity,
                               .order = order,
                               .scope = {.account = 1},
                               .where = {.text = SLICE("")},
                               .facts = {.counted = true, .enabled = -1},
                               .total = -1};
}

static void assert_plan(const struct connection *c, const struct page_args *args, enum page_part way)
{
    struct sql q, explain;
    sql_init(&q);
    sql_init(&explain);
    page_sql(c, args, way, PAGE + 1, &q);
    struct sql_part part;
    assert_true(sql_keep(&q, context.arena, &part));
    sql_text(&explain, "EXPLAIN QUERY PLAN ");
    sql_append(&explain, &part);
    sqlite3_stmt *st = sql_prepare(context.db, &explain);
    int rows = 0;
    while (db_step(context.db, st) == DB_ROW) {
        char line[200];
        struct slice detail = db_text(st, 3);
        snprintf(line, sizeof line, "%.*s", (int)detail.len, detail.ptr);
        if (strstr(line, "TEMP B-TREE") || !strstr(line, "USING"))
            fail_msg("%s by %s: %s\n%s", c->entity->type, c->order->name, line, part.text.ptr);
        rows++;
    }
    assert_true(rows > 0);
    sqlite3_reset(st);
    sql_free(&explain);
    sql_free(&q);
}

static bool plan_holds(const struct connection *c, const struct page_args *args, const char *index)
{
    struct sql q;
    struct sql explain;
    struct sql_part part;
    bool found = false;
    sql_init(&q);
    sql_init(&explain);
    page_sql(c, args, PAGE_WALK, PAGE + 1, &q);
    assert_true(sql_keep(&q, context.arena, &part));
    sql_text(&explain, "EXPLAIN QUERY PLAN ");
    sql_append(&explain, &part);
    sqlite3_stmt *st = sql_prepare(context.db, &explain);
    while (db_step(context.db, st) == DB_ROW) found = found || strstr(db_text(st, 3).ptr, index);
    sqlite3_reset(st);
    sql_free(&explain);
    sql_free(&q);
    return found;
}

static int steps_of(const struct connection *c, const struct page_args *args, enum page_part way, int *rows)
{
    struct sql q;
    sql_init(&q);
    page_sql(c, args, way, (size_t)(PAGE + 1 - *rows), &q);
    sqlite3_stmt *st = sql_prepare(context.db, &q);
    sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1);
    while (db_step(context.db, st) == DB_ROW) ++*rows;
    int steps = sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1);
    assert_int_equal(sqlite3_stmt_status(st, SQLITE_STMTSTATUS_SORT, 1), 0);
    sqlite3_reset(st);
    sql_free(&q);
    return steps;
}

/* The place after which the last PAGE rows come. */
static struct place before_the_end(const struct entity *entity, const struct order *order, bool descending)
{
    struct connection c = list_of(entity, order);
    struct page_args args = {.size = PAGE + 1, .backward = true, .descending = descending};
    assert_true(page_read(&c, &args));
    assert_int_equal(c.count, PAGE + 1);
    return c.places[0];
}

static void check_order(const struct entity *entity, const struct order *order, bool descending)
{
    struct connection c = list_of(entity, order);
    struct place end = before_the_end(entity, order, descending);
    struct page_args first = {.size = PAGE, .descending = descending}, last = {.size = PAGE, .descending = descending, .after = &end};
    struct page_args jump = {.size = PAGE, .backward = true, .descending = descending};
    int rows = 0;
    assert_plan(&c, &first, PAGE_WALK);
    assert_plan(&c, &last, PAGE_TIES);
    assert_plan(&c, &last, PAGE_REST);
    assert_plan(&c, &jump, PAGE_WALK);
    int first_steps = steps_of(&c, &first, PAGE_WALK, &rows);
    assert_int_equal(rows, PAGE + 1);
    rows = 0;
    int last_steps = steps_of(&c, &last, PAGE_TIES, &rows);
    last_steps += steps_of(&c, &last, PAGE_REST, &rows);
    assert_int_equal(rows, PAGE);
    rows = 0;
    int jump_steps = steps_of(&c, &jump, PAGE_WALK, &rows);
    assert_int_equal(rows, PAGE + 1);
    if (last_steps > first_steps * 5 / 4 || jump_steps > first_steps * 5 / 4)
        fail_msg("%s by %s: %d steps first, %d last, %d by a jump to the end", entity->type, order->name, first_steps, last_steps,
                 jump_steps);
}

static void pages_cost_the_same_at_any_depth(void **state)
{
    (void)state;
    const struct entity *const entities[] = {&entity_log_event, &entity_service};
    for (size_t e = 0; e < 2; e++)
        for (size_t i = 0; i < entities[e]->order_count; i++) {
            check_order(entities[e], &entities[e]->orders[i], false);
            check_order(entities[e], &entities[e]->orders[i], true);
            forget();
        }
}

static bool fill_audit(struct db *db, void *store)
{
    (void)store;
    return db_run(db, db_prepare(db, "INSERT INTO audit_log (at, account, actor, action, object_type, object_id) WITH n (i) AS (SELECT 1"
                                     " UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i * 7919 % 5003, 1, 'a', 'policy.edit',"
                                     " 'LogEventPolicy', CAST(i % 500 AS BLOB) FROM n"));
}

/* The trail of the account walks an index; that of one object finds its few rows by another. */
static void the_audit_log_is_paged_by_index(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(in_writer(f->store, fill_audit, NULL), STORE_OK);
    db_read_end(context.db);
    check_order(&entity_audit, &entity_audit.orders[0], false);
    check_order(&entity_audit, &entity_audit.orders[0], true);
    struct connection c = list_of(&entity_audit, &entity_audit.orders[0]);
    struct page_args args = {.size = PAGE, .descending = true};
    c.scope.object = (struct id128){1, 2};
    assert_true(plan_holds(&c, &args, "audit_log_object"));
    forget();
}

static void events_of_a_service_by_cost_use_its_index(void **state)
{
    (void)state;
    for (size_t i = 0; i < entity_log_event.order_count; i++) {
        struct connection c = list_of(&entity_log_event, &entity_log_event.orders[i]);
        c.scope.service = c.facts.service = 17;
        struct page_args args = {.size = PAGE, .descending = true};
        int rows = 0;
        if (strcmp(c.order->expression, "e.cost") == 0) {
            assert_plan(&c, &args, PAGE_WALK);
            assert_in_range(steps_of(&c, &args, PAGE_WALK, &rows), 1, 4000);
        } else {
            struct page_args all = {.size = 1000, .descending = true};
            assert_true(page_read(&c, &all));
            assert_int_equal(c.count, EVENTS / 5000);
        }
    }
}

/* Rare matches: found by one pass, counted by it, and paged without loss. */
static void rare_matches_are_found_and_counted(void **state)
{
    struct fixture *f = *state;
    int64_t expected = number(f->store, "SELECT count(*) FROM log_events WHERE name LIKE '%\\_1abc%' ESCAPE '\\'");
    assert_in_range(expected, 5, 40);
    struct sql_value value = {.type = SQL_TEXT, .text = SLICE("%\\_1abc%")};
    unsigned found_first = 0;
    for (size_t i = 0; i < entity_log_event.order_count; i++) {
        struct connection c = list_of(&entity_log_event, &entity_log_event.orders[i]);
        c.where = (struct sql_part){.text = SLICE(" AND " SQL_MARK "e.name LIKE ? ESCAPE '\\'"), .values = &value, .count = 1};
        c.facts.any = true;
        c.facts.counted = false;
        struct place after;
        struct page_args args = {.size = 3, .descending = true};
        int64_t seen = 0;
        double last = 0;
        for (bool more = true; more; args.after = &after) {
            c.total = -1;
            assert_true(page_read(&c, &args));
            found_first += c.total >= 0;
            assert_int_equal(connection_total(&c), expected);
            for (size_t k = 0; k < c.count; k++) {
                if (c.order->type == SQL_INT) {
                    assert_true(seen == 0 || (double)c.places[k].value.integer <= last);
                    last = (double)c.places[k].value.integer;
                }
                seen++;
            }
            if (c.count) after = c.places[c.count - 1];
            more = c.has_next;
        }
        if (seen != expected) fail_msg("by %s: %lld of %lld", c.order->name, (long long)seen, (long long)expected);
        forget();
    }
    assert_true(found_first > 5);
}

static void kept_counters_answer_totals(void **state)
{
    (void)state;
    struct connection c = list_of(&entity_log_event, &entity_log_event.orders[0]);
    assert_true(connection_counted(&c));
    assert_int_equal(connection_total(&c), EVENTS);
    struct sql q;
    sql_init(&q);
    sql_text(&q, "SELECT SUM(e.n)");
    connection_counts_from(&c, &q);
    sqlite3_stmt *st = sql_prepare(context.db, &q);
    sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1);
    assert_int_equal(db_step(context.db, st), DB_ROW);
    assert_true(sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 1) < 200);
    sqlite3_reset(st);
    sql_free(&q);
    struct connection services = list_of(&entity_service, &entity_service.orders[0]);
    assert_int_equal(connection_total(&services), 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_cost_the_same_at_any_depth),
        cmocka_unit_test(the_audit_log_is_paged_by_index),
        cmocka_unit_test(events_of_a_service_by_cost_use_its_index),
        cmocka_unit_test(rare_matches_are_found_and_counted),
        cmocka_unit_test(kept_counters_answer_totals),
    };
    return cmocka_run_group_tests_name("plans", tests, plans_setup, plans_teardown);
}
