/* Lists: every order walked in both directions, totals against plain SQL for every kind of predicate, cursors, limits. */
#include "tests/unit/control-plane-api/ask.h"

static const char *const event_orders[] = {"ID",
                                           "NAME",
                                           "DISPLAY_NAME",
                                           "SEVERITY",
                                           "CREATED_AT",
                                           "UPDATED_AT",
                                           "CURRENT_EVENTS_PER_HOUR",
                                           "CURRENT_TOTAL_USD_PER_HOUR",
                                           "EVENT_COUNT",
                                           "BYTE_COUNT",
                                           "FIRST_SEEN_AT",
                                           "LAST_SEEN_AT",
                                           "SERVICE_NAME"};
static const char *const service_orders[] = {"ID",
                                             "NAME",
                                             "ENABLED",
                                             "CREATED_AT",
                                             "UPDATED_AT",
                                             "TEAM_NAME",
                                             "CURRENT_BYTES_PER_HOUR",
                                             "CURRENT_EVENTS_PER_HOUR",
                                             "CURRENT_TOTAL_USD_PER_HOUR",
                                             "EVENT_COUNT",
                                             "BYTE_COUNT",
                                             "LOG_EVENT_COUNT",
                                             "FIRST_SEEN_AT",
                                             "LAST_SEEN_AT"};

#define LIST                                                                                                                               \
    "query L($first: Int, $last: Int, $after: Cursor, $before: Cursor, $order: %sOrder, $where: %sWhereInput) { list: %s(first: $first,"   \
    " last: $last, after: $after, before: $before, orderBy: $order, where: $where) { totalCount pageInfo { hasNextPage hasPreviousPage"    \
    " startCursor endCursor } edges { cursor node { id name } } } }"

static char *list_query(const char *type, const char *field) { return xasprintf(LIST, type, type, field); }

struct ids {
    char (*items)[40];
    size_t count;
};

static void collect(struct ids *ids, json_t *page)
{
    size_t i;
    json_t *edge;
    json_array_foreach(at(page, "data.list.edges"), i, edge)
    {
        ids->items = xreallocarray(ids->items, ids->count + 1, sizeof *ids->items);
        snprintf(ids->items[ids->count++], sizeof *ids->items, "%s", text_at(edge, "node.id"));
    }
}

static struct ids walk(struct asked *a, const char *query, const char *order, const char *direction, const char *where, int size,
                       bool backward)
{
    struct ids ids = {NULL, 0};
    char *cursor = NULL;
    for (bool more = true; more;) {
        char *place = cursor ? xasprintf(", \"%s\": \"%s\"", backward ? "before" : "after", cursor) : xstrdup("");
        char *variables = xasprintf("{\"%s\": %d, \"order\": {\"field\": \"%s\", \"direction\": \"%s\"}, \"where\": %s%s}",
                                    backward ? "last" : "first", size, order, direction, where, place);
        json_t *page = ask_well(a, query, variables);
        collect(&ids, page);
        more = json_is_true(at(page, backward ? "data.list.pageInfo.hasPreviousPage" : "data.list.pageInfo.hasNextPage"));
        free(cursor);
        cursor = xstrdup(text_at(page, backward ? "data.list.pageInfo.startCursor" : "data.list.pageInfo.endCursor"));
        json_decref(page);
        free(variables);
        free(place);
    }
    free(cursor);
    return ids;
}

static int compare_ids(const void *a, const void *b) { return strcmp(a, b); }

static void assert_all_different(const struct ids *ids)
{
    struct ids sorted = {xmalloc(ids->count * sizeof *ids->items), ids->count};
    memcpy(sorted.items, ids->items, ids->count * sizeof *ids->items);
    qsort(sorted.items, sorted.count, sizeof *sorted.items, compare_ids);
    for (size_t i = 1; i < sorted.count; i++) assert_string_not_equal(sorted.items[i - 1], sorted.items[i]);
    free(sorted.items);
}

/* Backward pages come from the end; within a page the order is the list's. */
static void assert_same_order(const struct ids *forward, const struct ids *backward, size_t size)
{
    assert_int_equal(forward->count, backward->count);
    for (size_t page = 0; page * size < forward->count; page++) {
        size_t n = forward->count - page * size < size ? forward->count - page * size : size;
        size_t start = forward->count - page * size - n;
        for (size_t i = 0; i < n; i++) assert_string_equal(forward->items[start + i], backward->items[page * size + i]);
    }
}

static void walk_order(struct asked *a, const char *query, const char *order, const char *where, int size, size_t expected)
{
    struct ids up = walk(a, query, order, "ASC", where, size, false), down = walk(a, query, order, "DESC", where, size, false);
    struct ids back = walk(a, query, order, "ASC", where, size, true);
    assert_int_equal(up.count, expected);
    assert_int_equal(down.count, expected);
    assert_all_different(&up);
    for (size_t i = 0; i < expected; i++) assert_string_equal(up.items[i], down.items[expected - 1 - i]);
    assert_same_order(&up, &back, (size_t)size);
    free(up.items);
    free(down.items);
    free(back.items);
}

static void every_order_of_events_is_walked(void **state)
{
    struct asked *a = *state;
    char *query = list_query("LogEvent", "logEvents");
    for (size_t i = 0; i < sizeof event_orders / sizeof *event_orders; i++) walk_order(a, query, event_orders[i], "{}", 190, SMALL);
    free(query);
}

static void every_order_of_services_is_walked(void **state)
{
    struct asked *a = *state;
    char *query = list_query("Service", "services");
    for (size_t i = 0; i < sizeof service_orders / sizeof *service_orders; i++)
        walk_order(a, query, service_orders[i], "{}", 5, SMALL_SERVICES);
    free(query);
}

static void filtered_lists_are_walked(void **state)
{
    struct asked *a = *state;
    char *query = list_query("LogEvent", "logEvents");
    size_t errors = (size_t)number(a->f->store, "SELECT count(*) FROM log_events WHERE severity = 4");
    size_t rare = (size_t)number(a->f->store, "SELECT count(*) FROM log_events WHERE name LIKE '%\\_77%' ESCAPE '\\'");
    size_t named =
        (size_t)number(a->f->store, "SELECT count(*) FROM log_events e JOIN services s ON s.row = e.service WHERE s.name LIKE '%pay%'");
    assert_true(errors > 10 && rare > 1 && named > 10);
    for (size_t i = 0; i < sizeof event_orders / sizeof *event_orders; i++) {
        walk_order(a, query, event_orders[i], "{\"severity\": \"error\"}", 50, errors);
        walk_order(a, query, event_orders[i], "{\"nameContainsFold\": \"_77\"}", 3, rare);
        walk_order(a, query, event_orders[i], "{\"service\": {\"nameContains\": \"pay\"}}", 100, named);
    }
    free(query);
}

static void values_are_in_order(void **state)
{
    struct asked *a = *state;
    json_t *page = ask_well(a,
                            "{ logEvents(first: 1000, orderBy: {field: CURRENT_TOTAL_USD_PER_HOUR, direction: DESC}) { edges { node {"
                            " eventCount status { current { totalUsdPerHour } } } } } }",
                            NULL);
    double last = 1e300;
    size_t i;
    json_t *edge;
    json_array_foreach(at(page, "data.logEvents.edges"), i, edge)
    {
        double usd = json_number_value(at(edge, "node.status.current.totalUsdPerHour"));
        assert_true(usd <= last);
        last = usd;
    }
    assert_int_equal(i, 1000);
    json_decref(page);
}

/* ---- predicates against SQL ---- */

static const struct {
    const char *where, *sql;
} event_filters[] = {
    {"{}", "1"},
    {"{\"isFragment\": true}", "fragment = 1"},
    {"{\"isFragmentNEQ\": true}", "fragment = 0"},
    {"{\"wordsWithheld\": false}", "withheld = 0"},
    {"{\"severity\": \"warn\"}", "severity = 3"},
    {"{\"severityNEQ\": \"warn\"}", "severity <> 3"},
    {"{\"severityIn\": [\"error\", \"other\"]}", "severity IN (4, 0)"},
    {"{\"severityNotIn\": [\"error\", \"other\"]}", "severity NOT IN (4, 0)"},
    {"{\"severityIn\": []}", "0"},
    {"{\"severityNotNil\": true}", "1"},
    {"{\"severityIsNil\": true}", "0"},
    {"{\"severityIsNil\": false}", "1"},
    {"{\"severity\": \"warn\", \"isFragment\": false}", "severity = 3 AND fragment = 0"},
    {"{\"or\": [{\"severity\": \"warn\"}, {\"isFragment\": true}]}", "severity = 3 OR fragment = 1"},
    {"{\"not\": {\"severity\": \"warn\", \"isFragment\": false}}", "NOT (severity = 3 AND fragment = 0)"},
    {"{\"and\": [{\"severity\": \"warn\"}, {\"severity\": \"info\"}]}", "0"},
    {"{\"and\": [], \"or\": []}", "1"},
    {"{\"name\": null}", "1"},
    {"{\"nameContains\": \"Request\"}", "0"},
    {"{\"nameContains\": \"request\"}", "instr(name, 'request') > 0"},
    {"{\"nameContainsFold\": \"REQUEST\"}", "instr(name, 'request') > 0"},
    {"{\"nameContainsFold\": \"_\"}", "instr(name, '_') > 0"},
    {"{\"nameContainsFold\": \"%\"}", "0"},
    {"{\"nameContainsFold\": \"\\\\\"}", "0"},
    {"{\"nameHasPrefix\": \"token\"}", "name LIKE 'token%'"},
    {"{\"nameHasSuffix\": \"7f\"}", "name LIKE '%7f'"},
    {"{\"nameHasSuffix\": \"\"}", "1"},
    {"{\"nameEqualFold\": \"X\"}", "lower(name) = 'x'"},
    {"{\"nameGT\": \"q\", \"nameLTE\": \"t\"}", "name > 'q' AND name <= 't'"},
    {"{\"nameIn\": [\"a'b\", \"x\"]}", "0"},
    {"{\"name\": \"x' OR '1'='1\"}", "0"},
    {"{\"nameContainsFold\": \"'; DROP TABLE log_events; --\"}", "0"},
    {"{\"displayNameContains\": \"token renewed\"}", "instr(name, 'token_renewed') > 0"},
    {"{\"displayName\": \"x\"}", "0"},
    {"{\"templateContainsFold\": \"AFTER <*> MS\"}", "1"},
    {"{\"templateHasPrefix\": \"queue\"}", "template LIKE 'queue%'"},
    {"{\"eventCountGT\": 500}", "events > 500"},
    {"{\"byteCountLTE\": 20000.5}", "bytes <= 20000"},
    {"{\"baselineVolumePerHourGTE\": 2.5}", "rate_events >= 2500000"},
    {"{\"currentBytesPerHourLT\": 100}", "rate_bytes < 100000"},
    {"{\"currentTotalUsdPerHourGT\": 0.00001}", "cost > 87660"},
    {"{\"service\": {\"enabled\": true}}", "1"},
    {"{\"service\": {\"enabled\": false}}", "0"},
    {"{\"service\": {\"nameContainsFold\": \"PAY\"}}", "service_name LIKE '%pay%'"},
    {"{\"service\": {\"nameContainsFold\": \"PAY\"}, \"severity\": \"error\"}", "service_name LIKE '%pay%' AND severity = 4"},
    {"{\"not\": {\"service\": {\"nameContainsFold\": \"PAY\"}}}", "service_name NOT LIKE '%pay%'"},
    {"{\"service\": {\"logEventCountGT\": 1}, \"eventCountLT\": 10}", "events < 10"},
    {"{\"service\": {\"account\": {\"name\": \"local\"}}}", "1"},
    {"{\"service\": {\"hasTeam\": true}}", "0"},
    {"{\"service\": {\"logEvents\": {\"severity\": \"error\"}}}", "service IN (SELECT service FROM log_events WHERE severity = 4)"},
    {"{\"hasService\": true}", "1"},
    {"{\"hasService\": false}", "0"},
    {"{\"createdAtGT\": \"2000-01-01T00:00:00Z\"}", "1"},
    {"{\"lastSeenAtLT\": \"2000-01-01T00:00:00Z\"}", "0"},
};

static void assert_count(struct asked *a, const char *query, const char *variables, int64_t expected)
{
    json_t *answer = ask_well(a, query, variables);
    int64_t total = json_integer_value(at(answer, "data.list.totalCount"));
    if (total != expected) fail_msg("%s: total %lld, expected %lld", variables, (long long)total, (long long)expected);
    size_t rows = json_array_size(at(answer, "data.list.edges"));
    assert_int_equal(rows, expected < 1000 ? expected : 1000);
    json_decref(answer);
}

static void totals_of_events_are_exact(void **state)
{
    struct asked *a = *state;
    char *query = list_query("LogEvent", "logEvents");
    for (size_t i = 0; i < sizeof event_filters / sizeof *event_filters; i++) {
        char *sql = xasprintf("SELECT count(*) FROM log_events WHERE %s", event_filters[i].sql);
        char *variables = xasprintf("{\"first\": 1000, \"where\": %s, \"order\": {\"field\": \"LAST_SEEN_AT\", \"direction\": \"DESC\"}}",
                                    event_filters[i].where);
        assert_count(a, query, variables, number(a->f->store, sql));
        free(variables);
        free(sql);
    }
    free(query);
}

static void totals_of_services_are_exact(void **state)
{
    struct asked *a = *state;
    static const struct {
        const char *where, *sql;
    } filters[] = {
        {"{}", "1"},
        {"{\"enabled\": true}", "enabled = 1"},
        {"{\"enabledNEQ\": true}", "enabled = 0"},
        {"{\"not\": {\"enabled\": true}}", "enabled = 0"},
        {"{\"or\": [{\"enabled\": true}, {\"enabled\": false}]}", "1"},
        {"{\"enabled\": true, \"and\": [{\"enabled\": false}]}", "0"},
        {"{\"nameHasPrefix\": \"request\"}", "name LIKE 'request%'"},
        {"{\"logEvents\": {\"eventCountGT\": 900000}}", "row IN (SELECT service FROM log_events WHERE events > 900000)"},
        {"{\"hasLogEvents\": true}", "log_events > 0"},
        {"{\"logEventCountGTE\": 208}", "log_events >= 208"},
        {"{\"currentTotalUsdPerHourGT\": 0.001}", "cost > 8766000"},
    };
    char *query = list_query("Service", "services");
    assert_int_equal(in_writer(a->f->store, exec_sql,
                               "UPDATE services SET enabled = 0 WHERE row = 3;"
                               "UPDATE accounts SET services_disabled = 1"),
                     STORE_OK);
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        char *sql = xasprintf("SELECT count(*) FROM services WHERE %s", filters[i].sql);
        char *variables = xasprintf("{\"first\": 1000, \"where\": %s}", filters[i].where);
        assert_count(a, query, variables, number(a->f->store, sql));
        free(variables);
        free(sql);
    }
    free(query);
}

static void ids_find_their_rows(void **state)
{
    struct asked *a = *state;
    json_t *all =
        ask_well(a, "{ logEvents(first: 3) { edges { node { id serviceID } } } services(first: 2) { edges { node { id } } } }", NULL);
    const char *event = text_at(all, "data.logEvents.edges.1.node.id"), *service = text_at(all, "data.services.edges.1.node.id");
    char *events = list_query("LogEvent", "logEvents"), *services = list_query("Service", "services");
    char *one = xasprintf("{\"where\": {\"id\": \"%s\"}}", event),
         *in = xasprintf("{\"first\": 1000, \"where\": {\"serviceID\": \"%s\"}}", service);
    char *unknown = xasprintf("{\"where\": {\"serviceIDIn\": [\"%s\"]}}", event),
         *same = xasprintf("{\"where\": {\"idIn\": [\"%s\"]}}", service);
    char *nothing = xasprintf("{\"where\": {\"id\": \"nonsense\"}}");
    assert_count(a, events, one, 1);
    assert_count(a, events, in, SMALL / SMALL_SERVICES);
    assert_count(a, events, unknown, 0);
    assert_count(a, events, nothing, 0);
    assert_count(a, services, same, 1);
    free(nothing);
    free(same);
    free(unknown);
    free(in);
    free(one);
    free(services);
    free(events);
    json_decref(all);
}

/* ---- facets ---- */

static int64_t bucket_sum(json_t *answer, const char *path)
{
    int64_t sum = 0, last = INT64_MAX;
    size_t i;
    json_t *bucket;
    json_array_foreach(at(answer, path), i, bucket)
    {
        int64_t count = json_integer_value(json_object_get(bucket, "count"));
        assert_in_range(count, 1, last);
        last = count;
        sum += count;
    }
    return sum;
}

static void facets_sum_to_the_total(void **state)
{
    struct asked *a = *state;
    static const char *const filters[] = {"{}",
                                          "{\"severity\": \"error\"}",
                                          "{\"isFragment\": true}",
                                          "{\"nameContains\": \"token\"}",
                                          "{\"service\": {\"nameContains\": \"pay\"}}",
                                          "{\"not\": {\"severity\": \"info\"}}"};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        char *variables = xasprintf("{\"w\": %s}", filters[i]);
        json_t *answer =
            ask_well(a,
                     "query F($w: LogEventWhereInput) { list: logEvents(where: $w, first: 0) { totalCount summary { count } facets {"
                     " severities { buckets { value count } } isFragment { buckets { value count } }"
                     " services(limit: 100) { buckets { service { id name } count } } } } }",
                     variables);
        int64_t total = json_integer_value(at(answer, "data.list.totalCount"));
        assert_true(total > 0);
        assert_int_equal(json_integer_value(at(answer, "data.list.summary.count")), total);
        assert_int_equal(bucket_sum(answer, "data.list.facets.severities.buckets"), total);
        assert_int_equal(bucket_sum(answer, "data.list.facets.isFragment.buckets"), total);
        assert_int_equal(bucket_sum(answer, "data.list.facets.services.buckets"), total);
        json_decref(answer);
        free(variables);
    }
    json_t *answer = ask_well(a, "{ services { facets { enabled { buckets { value count } } } summary { count } } }", NULL);
    assert_int_equal(bucket_sum(answer, "data.services.facets.enabled.buckets"), SMALL_SERVICES);
    json_decref(answer);
}

/* ---- what is refused ---- */

static void wrong_arguments_are_refused(void **state)
{
    struct asked *a = *state;
    ask_fails(a, "{ logEvents(first: 5, last: 5) { totalCount } }", NULL, "BAD_USER_INPUT");
    ask_fails(a, "{ logEvents(first: -1) { totalCount } }", NULL, "BAD_USER_INPUT");
    ask_fails(a, "{ logEvents(after: \"!!\") { edges { cursor } } }", NULL, "BAD_USER_INPUT");
    ask_fails(a, "{ logEvents(after: \"\") { edges { cursor } } }", NULL, "BAD_USER_INPUT");
    ask_fails(a, "{ logEvents(where: {createdAtGT: \"yesterday\"}) { totalCount } }", NULL, "BAD_USER_INPUT");
    ask_fails(a, "{ logEvents { facets { severities(limit: 0) { buckets { count } } } } }", NULL, "BAD_USER_INPUT");
    json_t *page = ask_well(a, "{ logEvents(first: 1, orderBy: {field: NAME}) { edges { cursor } } }", NULL);
    char *variables = xasprintf("{\"c\": \"%s\"}", text_at(page, "data.logEvents.edges.0.cursor"));
    ask_fails(a, "query Q($c: Cursor) { logEvents(after: $c, orderBy: {field: ID}) { edges { cursor } } }", variables, "BAD_USER_INPUT");
    ask_fails(a, "query Q($c: Cursor) { services(after: $c, orderBy: {field: NAME}) { edges { cursor } } }", variables, "BAD_USER_INPUT");
    free(variables);
    json_decref(page);
}

static void filters_are_bounded(void **state)
{
    struct asked *a = *state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, "{\"w\": ");
    for (int i = 0; i < 9; i++) buf_str(&b, "{\"not\": ");
    buf_str(&b, "{\"isFragment\": true}");
    for (int i = 0; i < 10; i++) buf_char(&b, '}');
    ask_fails(a, "query Q($w: LogEventWhereInput) { logEvents(where: $w) { totalCount } }", b.data, "BAD_USER_INPUT");
    buf_clear(&b);
    buf_str(&b, "{\"w\": {\"nameIn\": [\"a\"");
    for (int i = 0; i < 2000; i++) buf_str(&b, ", \"b\"");
    buf_str(&b, "]}}");
    ask_fails(a, "query Q($w: LogEventWhereInput) { logEvents(where: $w) { totalCount } }", b.data, "BAD_USER_INPUT");
    buf_clear(&b);
    buf_str(&b, "{\"w\": {\"nameContains\": \"");
    for (int i = 0; i < 1100; i++) buf_char(&b, 'a');
    buf_str(&b, "\"}}");
    ask_fails(a, "query Q($w: LogEventWhereInput) { logEvents(where: $w) { totalCount } }", b.data, "BAD_USER_INPUT");
    buf_free(&b);
}

static void empty_pages_are_whole(void **state)
{
    struct asked *a = *state;
    json_t *page = ask_well(a,
                            "{ logEvents(first: 0) { totalCount edges { cursor } pageInfo { hasNextPage startCursor endCursor } }"
                            " none: logEvents(where: {name: \"-\"}) { totalCount edges { cursor } pageInfo { hasNextPage } }"
                            " teams { totalCount edges { cursor } } }",
                            NULL);
    assert_int_equal(json_array_size(at(page, "data.logEvents.edges")), 0);
    assert_true(json_is_true(at(page, "data.logEvents.pageInfo.hasNextPage")));
    assert_true(json_is_null(at(page, "data.logEvents.pageInfo.endCursor")));
    assert_true(json_is_false(at(page, "data.none.pageInfo.hasNextPage")));
    assert_int_equal(json_integer_value(at(page, "data.teams.totalCount")), 0);
    json_decref(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_events_is_walked),
        cmocka_unit_test(every_order_of_services_is_walked),
        cmocka_unit_test(filtered_lists_are_walked),
        cmocka_unit_test(values_are_in_order),
        cmocka_unit_test(totals_of_events_are_exact),
        cmocka_unit_test(ids_find_their_rows),
        cmocka_unit_test(facets_sum_to_the_total),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(filters_are_bounded),
        cmocka_unit_test(empty_pages_are_whole),
        cmocka_unit_test(totals_of_services_are_exact),
    };
    return cmocka_run_group_tests_name("connections", tests, asked_setup, asked_teardown);
}
