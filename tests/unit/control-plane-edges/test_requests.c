#include "base/proto_write.h"
#include "control-plane/edges/negotiate.h"
#include "tests/unit/control-plane-edges/gather.h"

static struct gather *json(const char *text) { return gather(slice_str(text), true); }

static void is(struct slice s, const char *text) { assert_true(slice_is(s, text)); }

static void reads_a_collector(void **state)
{
    (void)state;
    struct gather *g =
        json("{\"clientMetadata\":{\"resourceAttributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"otelcol\"}},"
             "{\"key\":\"cpus\",\"value\":{\"intValue\":\"8\"}}]},\"lastSuccessfulHash\":\"9f2c\",\"fullSync\":true,"
             "\"policyStatuses\":[{\"id\":\"a\",\"matchHits\":\"120\",\"matchMisses\":3},{\"id\":\"b\",\"errors\":[\"x\\ny\",\"z\"],"
             "\"redact\":{\"hits\":\"7\",\"misses\":\"1\"}}]}");
    assert_true(g->ok && g->request.full_sync && g->clients == 1 && g->count == 2);
    is(g->request.last_hash, "9f2c");
    assert_int_equal(g->client.stages, STAGES_ALL);
    is(g->client.resource.items[0].value, "otelcol");
    is(g->client.resource.items[1].value, "8");
    assert_false(g->client.resource.items[1].text);
    assert_int_equal(g->statuses[0].counts.hits, 120);
    assert_int_equal(g->statuses[0].counts.misses, 3);
    assert_int_equal(g->statuses[1].counts.stage_hits[SYNC_REDACT], 7);
    assert_int_equal(g->statuses[1].counts.stage_misses[SYNC_REDACT], 1);
    assert_int_equal(g->statuses[1].error_count, 2);
    is(g->statuses[1].errors, "[\"x\\ny\",\"z\"]");
    gather_end(g);
}

static void snake_case_names_and_numbers_of_stages(void **state)
{
    (void)state;
    struct gather *g = json(
        "{\"client_metadata\":{\"supported_policy_stages\":[\"POLICY_STAGE_LOG_FILTER\",3,\"4\",\"POLICY_STAGE_NEW\",null,[1]]},"
        "\"policy_statuses\":[{\"id\":\"a\",\"match_hits\":1,\"match_misses\":2}],\"last_successful_hash\":\"h\",\"full_sync\":false}");
    assert_true(g->ok && !g->request.full_sync && g->count == 1);
    assert_int_equal(g->client.stages, STAGE_LOG_FILTER | STAGE_METRIC_FILTER | STAGE_TRACE_SAMPLING);
    assert_int_equal(g->statuses[0].counts.misses, 2);
    gather_end(g);
}

static void statuses_before_the_metadata_wait_for_it(void **state)
{
    (void)state;
    struct gather *g = json("{\"policyStatuses\":[{\"id\":\"a\",\"matchHits\":1},{\"id\":\"b\"}],\"clientMetadata\":{\"labels\":[]}}");
    assert_true(g->ok && g->clients == 1 && g->count == 2 && g->before_client == 0);
    g = json("{\"policyStatuses\":[{\"id\":\"a\",\"matchHits\":1}]}");
    assert_true(g->ok && g->clients == 1 && g->count == 1 && g->before_client == 0);
    g = json("{}");
    assert_true(g->ok && g->clients == 1 && g->count == 0);
    gather_end(g);
}

static void odd_numbers_are_no_errors(void **state)
{
    (void)state;
    struct gather *g =
        json("{\"clientMetadata\":null,\"policyStatuses\":[{\"id\":\"a\",\"matchHits\":-5,\"matchMisses\":1e3},{\"id\":\"b\",\"matchHits\":"
             "99999999999999999999,\"matchMisses\":\"abc\"},{\"id\":\"c\",\"matchHits\":[1],\"remove\":5,\"errors\":\"no\"},{\"id\":7},"
             "{\"matchHits\":1},null,\"x\",{\"id\":\"\\u0064\",\"matchHits\":true}]}");
    assert_true(g->ok && g->count == 4);
    assert_int_equal(g->statuses[0].counts.hits, 0);
    assert_int_equal(g->statuses[0].counts.misses, 1000);
    assert_true(g->statuses[1].counts.hits == INT64_MAX);
    assert_int_equal(g->statuses[1].counts.misses, 0);
    assert_int_equal(g->statuses[2].error_count, 0);
    is(g->statuses[3].id, "d");
    gather_end(g);
}

static void more_statuses_than_a_run(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4 << 20);
    buf_str(&b, "{\"clientMetadata\":{},\"policyStatuses\":[");
    for (int i = 0; i < 8000; i++) buf_printf(&b, "%s{\"id\":\"p%d\",\"matchHits\":%d}", i ? "," : "", i, i);
    buf_str(&b, "]}");
    struct gather *g = gather(buf_view(&b), true);
    assert_true(g->ok);
    assert_int_equal(g->count, 8000);
    for (int i = 0; i < 8000; i++) assert_int_equal(g->statuses[i].counts.hits, i);
    gather_end(g);
    buf_free(&b);
}

static void errors_are_bounded(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, "{\"policyStatuses\":[{\"id\":\"a\",\"errors\":[");
    for (int i = 0; i < 1000; i++) buf_printf(&b, "%s\"error number %d\"", i ? "," : "", i);
    buf_str(&b, "]},{\"id\":\"b\",\"errors\":[\"");
    for (int i = 0; i < 5000; i++) buf_char(&b, 'x');
    buf_str(&b, "\"]}]}");
    struct gather *g = gather(buf_view(&b), true);
    assert_true(g->ok && g->count == 2);
    assert_int_equal(g->statuses[0].error_count, 1000);
    assert_true(g->statuses[0].errors.len <= SYNC_ERRORS_MAX && g->statuses[0].errors.len > SYNC_ERRORS_MAX - 40);
    assert_int_equal(g->statuses[0].errors.ptr[g->statuses[0].errors.len - 1], ']');
    assert_int_equal(g->statuses[1].error_count, 1);
    is(g->statuses[1].errors, "[]");
    gather_end(g);
    buf_free(&b);
}

static void what_is_no_request(void **state)
{
    (void)state;
    static const char *const texts[] = {"",     "[]",      "7", "{", "{\"policyStatuses\":[{\"id\":\"a\"", "{\"clientMetadata\":{]}",
                                        "{} x", "{\"a\":}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct gather *g = json(texts[i]);
        assert_false(g->ok);
        assert_non_null(g->request.problem);
    }
    struct gather *g = gather(SLICE("\x0a\x05x"), false);
    assert_false(g->ok);
    gather_end(g);
}

static void put_attribute(struct buf *b, uint32_t field, const char *key, const char *value)
{
    size_t outer = proto_open(b, field);
    proto_put_bytes(b, 1, slice_str(key));
    size_t any = proto_open(b, 2);
    proto_put_bytes(b, 1, slice_str(value));
    proto_close(b, any);
    proto_close(b, outer);
}

static void reads_protobuf(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    size_t status = proto_open(&b, 5); /* before the metadata */
    proto_put_bytes(&b, 1, SLICE("a"));
    proto_put_varint(&b, 2, 120);
    proto_put_varint(&b, 3, (uint64_t)-3);
    proto_put_bytes(&b, 4, SLICE("bad \xff \"re\""));
    size_t stage = proto_open(&b, 13);
    proto_put_varint(&b, 1, 7);
    proto_close(&b, stage);
    proto_close(&b, status);
    size_t client = proto_open(&b, 1);
    proto_put_varint(&b, 1, 2);
    proto_put_bytes(&b, 1, SLICE("\x03\x7f"));
    put_attribute(&b, 3, "service.name", "edge");
    put_attribute(&b, 2, "team", "x");
    proto_put_varint(&b, 77, 1);
    proto_close(&b, client);
    proto_put_varint(&b, 2, 1);
    proto_put_bytes(&b, 4, SLICE("hash"));
    struct gather *g = gather(buf_view(&b), false);
    assert_true(g->ok && g->clients == 1 && g->count == 1 && g->before_client == 0 && g->request.full_sync);
    is(g->request.last_hash, "hash");
    assert_int_equal(g->client.stages, STAGE_LOG_TRANSFORM | STAGE_METRIC_FILTER);
    is(g->client.resource.items[0].value, "edge");
    is(g->client.labels.items[0].key, "team");
    assert_int_equal(g->statuses[0].counts.hits, 120);
    assert_int_equal(g->statuses[0].counts.misses, 0);
    assert_int_equal(g->statuses[0].counts.stage_hits[SYNC_ADD], 7);
    is(g->statuses[0].errors, "[\"bad \\ufffd \\\"re\\\"\"]");
    gather_end(g);
    buf_free(&b);
}

static void negotiates(void **state)
{
    (void)state;
    static const struct {
        const char *type, *accept;
        enum published_encoding request, answer;
    } cases[] = {
        {NULL, NULL, PUBLISHED_JSON, PUBLISHED_JSON},
        {"application/json;charset=utf-8", "", PUBLISHED_JSON, PUBLISHED_JSON},
        {"application/x-protobuf", NULL, PUBLISHED_PROTOBUF, PUBLISHED_PROTOBUF},
        {"application/protobuf ; a=b", "*/*", PUBLISHED_PROTOBUF, PUBLISHED_PROTOBUF},
        {"application/json", "application/x-protobuf, application/json", PUBLISHED_JSON, PUBLISHED_PROTOBUF},
        {"application/json", "text/plain, application/json;q=0.2 , application/x-protobuf ; q=0.1", PUBLISHED_JSON, PUBLISHED_JSON},
        {"application/json", ",,;q=1,", PUBLISHED_JSON, PUBLISHED_JSON},
        {"application/x-protobuf", "application/json;q=0", PUBLISHED_PROTOBUF, PUBLISHED_PROTOBUF},
    };
    struct sync_encodings e;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(sync_negotiate(cases[i].type, cases[i].accept, &e));
        assert_int_equal(e.request, cases[i].request);
        assert_int_equal(e.answer, cases[i].answer);
    }
    assert_false(sync_negotiate("application/jsonp", NULL, &e));
    assert_false(sync_negotiate("text/xml", "application/json", &e));
}

/* What goes into the attributes without quotes must be a number, true or false. */
static void the_last_value_of_two_counts(void **state)
{
    (void)state;
    struct gather *g =
        json("{\"clientMetadata\":{\"resourceAttributes\":[{\"key\":\"a\",\"value\":{\"intValue\":5,\"stringValue\":\"x,y\"}},"
             "{\"key\":\"b\",\"value\":{\"intValue\":\"007\"}},{\"key\":\"c\",\"value\":{\"boolValue\":\"yes\"}}]}}");
    const struct sync_attribute *a = g->client.resource.items;
    assert_true(g->ok && a[0].text && !a[1].text && a[2].text);
    is(a[0].value, "x,y");
    is(a[1].value, "7");
    is(a[2].value, "yes");
    gather_end(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_collector),
        cmocka_unit_test(snake_case_names_and_numbers_of_stages),
        cmocka_unit_test(statuses_before_the_metadata_wait_for_it),
        cmocka_unit_test(odd_numbers_are_no_errors),
        cmocka_unit_test(more_statuses_than_a_run),
        cmocka_unit_test(errors_are_bounded),
        cmocka_unit_test(what_is_no_request),
        cmocka_unit_test(reads_protobuf),
        cmocka_unit_test(negotiates),
        cmocka_unit_test(the_last_value_of_two_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
