/* The resource tables, and cells as people and as programs read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "screens/resource.h"

#include <math.h>
#include <stdlib.h>

static json_t *event(void)
{
    json_t *node = json_loads(
        "{\"id\":\"8a0f9f0e-0000-8000-8000-000000000001\",\"name\":\"middleware_request\",\"displayName\":\"\",\"severity\":\"debug\","
        "\"service\":{\"name\":\"api\\u001b[2Jgw\",\"team\":null},"
        "\"status\":{\"current\":{\"eventsPerHour\":2100000.0,\"bytesPerHour\":4930000000.0,\"totalUsdPerHour\":3.582}},"
        "\"eventCount\":7.0,\"lastSeenAt\":\"2026-11-23T14:00:00Z\",\"logVolume\":{\"points\":[{\"logCount\":1},{\"logCount\":null},{"
        "\"logCount\":2.5}]}}",
        0, NULL);
    assert_non_null(node);
    return node;
}

static void cells(void **state)
{
    (void)state;
    static const char *const expected[][2] = {
        {"name", "middleware_request"},
        {"service", "api\xEF\xBF\xBD[2Jgw"},
        {"team", ""},
        {"severity", "DEBUG"},
        {"rate", "2.1M"},
        {"volume", "3.6 TB/mo"},
        {"cost", "$31.4K"},
        {"total", "7"},
        {"bytes", ""},
        {"lastSeen", "5m ago"},
        {"firstSeen", ""},
        {"series", ""},
    };
    int64_t now = 0;
    json_t *node = event();
    struct arena *arena = arena_new(1 << 16);
    assert_true(clock_parse_rfc3339(SLICE("2026-11-23T14:05:06Z"), &now));
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct column *c = resource_column(&resource_events, expected[i][0]);
        assert_non_null(c);
        assert_string_equal(column_text(arena, c, node, now), expected[i][1]);
    }
    arena_free(arena);
    json_decref(node);
}

static void plain_values(void **state)
{
    (void)state;
    static const char *const expected[][2] = {
        {"name", "\"middleware_request\""},
        {"team", "null"},
        {"severity", "\"debug\""},
        {"rate", "2100000"},
        {"volume", "3601365000000"},
        {"cost", "31399.812"},
        {"total", "7"},
        {"bytes", "null"},
        {"lastSeen", "\"2026-11-23T14:00:00Z\""},
        {"series", "[1.0,null,2.5]"},
    };
    json_t *node = event();
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        json_t *value = column_value(resource_column(&resource_events, expected[i][0]), node);
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
        assert_string_equal(text, expected[i][1]);
        free(text);
        json_decref(value);
    }
    json_decref(node);
}

static void wrong_shapes_are_empty(void **state)
{
    (void)state;
    json_t *node = json_loads("{\"name\":[1],\"severity\":{},\"service\":3,\"status\":\"x\",\"lastSeenAt\":\"soon\",\"eventCount\":\"7\","
                              "\"logVolume\":{\"points\":7}}",
                              0, NULL);
    struct arena *arena = arena_new(1 << 16);
    double values[4];
    for (size_t i = 0; i < resource_events.column_count; i++) {
        const struct column *c = &resource_events.columns[i];
        assert_string_equal(column_text(arena, c, node, 0), "");
        json_t *value = column_value(c, node);
        assert_true(json_is_null(value) || c->type == COLUMN_TIME);
        json_decref(value);
        assert_int_equal(column_series(c, node, values, 4), 0);
    }
    arena_free(arena);
    json_decref(node);
}

static void series(void **state)
{
    (void)state;
    json_t *node = event();
    double values[8];
    assert_int_equal(column_series(resource_column(&resource_events, "series"), node, values, 8), 3);
    assert_true(values[0] == 1 && isnan(values[1]) && values[2] == 2.5);
    assert_int_equal(column_series(resource_column(&resource_events, "series"), node, values, 2), 2);
    json_decref(node);
}

static void variables(void **state)
{
    (void)state;
    struct list_order order[] = {{resource_column(&resource_events, "cost"), true}, {resource_column(&resource_events, "name"), false}};
    struct list_query q = {.order = order, .order_count = 1, .size = 50, .cursor = "c"};
    json_t *v = resource_list_variables(&q, 3600 * NS_PER_SECOND * 100 + 5);
    char *text = json_dumps(v, JSON_COMPACT);
    assert_string_equal(
        text,
        "{\"first\":50,\"after\":\"c\",\"orderBy\":{\"field\":\"CURRENT_TOTAL_USD_PER_HOUR\",\"direction\":\"DESC\"},\"series\":false,"
        "\"total\":false,\"lastDay\":{\"start\":\"1970-01-04T04:01:00Z\",\"end\":\"1970-01-05T04:01:00Z\"},"
        "\"day\":{\"range\":{\"start\":\"1970-01-04T05:00:00Z\",\"end\":\"1970-01-05T05:00:00Z\"},\"granularity\":\"HOUR\"}"
        "}");
    free(text);
    json_decref(v);
    q.order_count = 2;
    v = resource_list_variables(&q, 0);
    text = json_dumps(json_object_get(v, "orderBy"), JSON_COMPACT);
    assert_string_equal(text, "{\"field\":\"CURRENT_TOTAL_USD_PER_HOUR\",\"direction\":\"DESC\",\"then\":{\"field\":\"NAME\","
                              "\"direction\":\"ASC\"}}");
    free(text);
    json_decref(v);
    q = (struct list_query){.back = true, .size = 5, .where = json_pack("{ss}", "severity", "info")};
    v = resource_list_variables(&q, 0);
    assert_int_equal(json_integer_value(json_object_get(v, "last")), 5);
    assert_null(json_object_get(v, "before"));
    assert_null(json_object_get(v, "orderBy"));
    assert_true(json_equal(json_object_get(v, "where"), q.where));
    json_decref(v);
    json_decref((json_t *)q.where);
    v = resource_get_variables("x", 0);
    assert_int_equal(json_object_size(v), 5);
    json_decref(v);
}

static const char *document(const char *operation)
{
    for (const struct embedded *e = embedded_operations; e->name; e++)
        if (!strncmp(e->name, operation, strlen(operation)) && !strcmp(e->name + strlen(operation), ".graphql")) return e->text;
    return NULL;
}

/* Every path of a column is asked for by the list and the get document, word by word. */
static void documents_ask_for_the_columns(void **state)
{
    (void)state;
    size_t count;
    const struct resource *const *all = resources_all(&count);
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++) {
        const struct resource *r = all[i];
        assert_ptr_equal(resource_find(r->name), r);
        assert_ptr_equal(resource_find(r->singular), r);
        const struct column *sort = resource_column(r, r->sort);
        assert_true(sort && sort->order);
        const char *texts[] = {document(r->list), document(r->get)};
        assert_true(texts[0] && texts[1]);
        assert_non_null(strstr(texts[0], r->connection));
        for (size_t c = 0; c < r->column_count; c++) {
            char words[128];
            snprintf(words, sizeof words, "%s", r->columns[c].path);
            for (char *word = strtok(words, ".|:"); word; word = strtok(NULL, ".|:"))
                for (size_t t = 0; t < 2; t++) assert_non_null(strstr(texts[t], word));
            assert_non_null(r->columns[c].help);
            assert_true(r->columns[c].max == 0 || r->columns[c].max >= r->columns[c].min);
        }
    }
    assert_null(resource_find("nothing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells),  cmocka_unit_test(plain_values), cmocka_unit_test(wrong_shapes_are_empty),
        cmocka_unit_test(series), cmocka_unit_test(variables),    cmocka_unit_test(documents_ask_for_the_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
