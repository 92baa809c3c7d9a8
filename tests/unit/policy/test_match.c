/* What a matcher matches, where the specification says it or edges do it and the conformance cases do not. */
#include "tests/unit/policy/lib.h"

#define BODY(text)       "{'body':{'stringValue':'" text "'}}"
#define LOG_WITH(pair)   "{'body':{'stringValue':'x'},'attributes':[" pair "]}"
#define PAIR(key, value) "{'key':'" key "','value':" value "}"
#define TEXT(text)       "{'stringValue':'" text "'}"

static void test_exact_is_whole(void **unused)
{
    (void)unused;
    MATCHES(POLICY_LOG, "{log_field: body, exact: health}", BODY("health"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, exact: health}", BODY("healthy"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, exact: health}", BODY("a health"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, exact: a.c}", BODY("abc"));
    MATCHES(POLICY_LOG, "{log_field: body, exact: HEALTH, case_insensitive: true}", BODY("health"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, exact: HEALTH, case_insensitive: true}", BODY("healthy"));
    MATCHES(POLICY_LOG, "{log_field: body, equals: health}", BODY("health"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, equals: {string_value: health}}", BODY("healthy"));
}

static void test_anchors(void **unused)
{
    (void)unused;
    MATCHES(POLICY_LOG, "{log_field: body, starts_with: ab}", BODY("abc"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, starts_with: bc}", BODY("abc"));
    MATCHES(POLICY_LOG, "{log_field: body, ends_with: bc}", BODY("abc"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, ends_with: ab}", BODY("abc"));
    MATCHES(POLICY_LOG, "{log_field: body, starts_with: AB, case_insensitive: true}", BODY("abc"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, starts_with: BC, case_insensitive: true}", BODY("abc"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, ends_with: AB, case_insensitive: true}", BODY("abc"));
    MATCHES_NOT(POLICY_LOG, "{log_field: body, ends_with: abcd}", BODY("bcd"));
}

static void test_negated_text_wants_a_text(void **unused)
{
    (void)unused;
    MATCHES(POLICY_LOG, "{log_attribute: a, exact: x, negate: true}", LOG_WITH(PAIR("a", TEXT("y"))));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: a, exact: x, negate: true}", LOG_WITH(""));
    MATCHES_NOT(POLICY_LOG, "{log_field: severity_text, regex: x, negate: true}", BODY("b"));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: a, contains: x, negate: true}", LOG_WITH(PAIR("a", TEXT(""))));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: a, exact: x, negate: true}", LOG_WITH(PAIR("a", "{'intValue':'5'}")));
}

static void test_text_wants_a_string(void **unused)
{
    (void)unused;
    MATCHES_NOT(POLICY_LOG, "{log_attribute: a, exact: '200'}", LOG_WITH(PAIR("a", "{'intValue':'200'}")));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: a, regex: '.'}", LOG_WITH(PAIR("a", "{'boolValue':true}")));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: a, exact: ''}", LOG_WITH(PAIR("a", TEXT(""))));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: a, contains: ''}", LOG_WITH(PAIR("a", TEXT(""))));
    MATCHES(POLICY_LOG, "{log_attribute: a, exists: true}", LOG_WITH(PAIR("a", TEXT(""))));
    MATCHES(POLICY_LOG, "{log_field: body, exists: true}", "{'body':{'kvlistValue':{'values':[]}}}");
    MATCHES_NOT(POLICY_LOG, "{log_field: body, regex: '.*'}", "{'body':{'intValue':'5'}}");
}

static void test_ids(void **unused)
{
    (void)unused;
    MATCHES_NOT(POLICY_LOG, "{log_field: trace_id, exists: true}", "{'traceId':'00000000000000000000000000000000'}");
    MATCHES(POLICY_LOG, "{log_field: trace_id, exists: false}", "{'traceId':'00000000000000000000000000000000'}");
    MATCHES_NOT(POLICY_LOG, "{log_field: span_id, exists: true}", "{'spanId':'0000000000000000'}");
    MATCHES(POLICY_LOG, "{log_field: trace_id, starts_with: 0aff}", "{'traceId':'0AFF0000000000000000000000000001'}");
    MATCHES(POLICY_LOG, "{log_field: span_id, equals: {hex_value: 0AFF000000000001}}", "{'spanId':'0aff000000000001'}");
}

static void test_typed(void **unused)
{
    (void)unused;
#define INT(text)  LOG_WITH(PAIR("n", "{'intValue':'" text "'}"))
#define REAL(text) LOG_WITH(PAIR("n", "{'doubleValue':" text "}"))
    MATCHES(POLICY_LOG, "{log_attribute: n, equals: 200}", INT("200"));
    MATCHES(POLICY_LOG, "{log_attribute: n, equals: 200.0}", INT("200"));
    MATCHES(POLICY_LOG, "{log_attribute: n, equals: 200}", REAL("200.0"));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: n, equals: 200}", LOG_WITH(PAIR("n", TEXT("200"))));
    MATCHES(POLICY_LOG, "{log_attribute: n, gt: 9007199254740992}", INT("9007199254740993"));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: n, equals: 9007199254740992}", INT("9007199254740993"));
    MATCHES(POLICY_LOG, "{log_attribute: n, gte: 5}", INT("5"));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: n, gt: 5}", INT("5"));
    MATCHES(POLICY_LOG, "{log_attribute: n, lt: {double_value: 5.5}}", INT("5"));
    MATCHES(POLICY_LOG, "{log_attribute: n, lte: -1}", REAL("-1.5"));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: n, lt: 5}", LOG_WITH(""));
    MATCHES(POLICY_LOG, "{log_attribute: n, lt: 5, negate: true}", LOG_WITH(""));
    MATCHES(POLICY_LOG, "{log_attribute: n, equals: true, negate: true}", LOG_WITH(PAIR("n", TEXT("true"))));
    MATCHES(POLICY_LOG, "{log_attribute: n, equals: true}", LOG_WITH(PAIR("n", "{'boolValue':true}")));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: n, equals: true}", LOG_WITH(PAIR("n", "{'boolValue':false}")));
    MATCHES(POLICY_LOG, "{log_attribute: n, equals: {hex_value: 6869}}", LOG_WITH(PAIR("n", "{'bytesValue':'aGk='}")));
    MATCHES(POLICY_LOG, "{log_attribute: n, equals: {bytes_value: aGk=}}", LOG_WITH(PAIR("n", "{'bytesValue':'aGk='}")));
    MATCHES_NOT(POLICY_LOG, "{log_attribute: n, equals: {bytes_value: aGk=}}", LOG_WITH(PAIR("n", TEXT("hi"))));
}

static void test_kinds(void **unused)
{
    (void)unused;
    MATCHES(POLICY_TRACE, "{span_kind: server, negate: true}", "{'kind':3}");
    MATCHES_NOT(POLICY_TRACE, "{span_kind: server, negate: true}", "{'name':'x'}");
    MATCHES_NOT(POLICY_METRIC, "{aggregation_temporality: delta, negate: true}", "{'gauge':{'dataPoints':[]}}");
    MATCHES(POLICY_METRIC, "{aggregation_temporality: delta, negate: true}", "{'sum':{'aggregationTemporality':2}}");
    MATCHES(POLICY_METRIC, "{metric_type: exponential_histogram}", "{'exponentialHistogram':{}}");
    MATCHES(POLICY_TRACE, "{span_status: SPAN_STATUS_CODE_UNSPECIFIED}", "{'name':'x'}");
    MATCHES(POLICY_TRACE, "{span_status: ok, negate: true}", "{'name':'x'}");
    MATCHES(POLICY_TRACE, "{span_kind: SPAN_KIND_CLIENT, exists: false}", "{'kind':'SPAN_KIND_SERVER'}");
}

static void test_events_and_links(void **unused)
{
    (void)unused;
#define EVENTS                                                                                                                             \
    "{'events':[{'name':'first'},{'name':'second','attributes':[" PAIR(                                                                    \
        "k", "{'intValue':7}") "]}],'links':[{'traceId':'0A00000000000000000000000000000B'}]}"
    MATCHES(POLICY_TRACE, "{event_name: second}", EVENTS);
    MATCHES_NOT(POLICY_TRACE, "{event_name: third}", EVENTS);
    MATCHES(POLICY_TRACE, "{event_name: third, negate: true}", EVENTS);
    MATCHES_NOT(POLICY_TRACE, "{event_name: second, negate: true}", EVENTS);
    MATCHES_NOT(POLICY_TRACE, "{event_name: second, negate: true}", "{'name':'x'}");
    MATCHES(POLICY_TRACE, "{event_name: SECOND, case_insensitive: true}", EVENTS);
    MATCHES(POLICY_TRACE, "{event_attribute: k, exists: true}", EVENTS);
    MATCHES(POLICY_TRACE, "{event_attribute: k, gte: 7}", EVENTS);
    MATCHES_NOT(POLICY_TRACE, "{event_attribute: k, gt: 7}", EVENTS);
    MATCHES(POLICY_TRACE, "{event_attribute: z, exists: false}", EVENTS);
    MATCHES(POLICY_TRACE, "{link_trace_id: 0a00000000000000000000000000000b}", EVENTS);
    MATCHES(POLICY_TRACE, "{link_trace_id: 0A00000000000000000000000000000B}", EVENTS);
    MATCHES_NOT(POLICY_TRACE, "{link_trace_id: 0a00000000000000000000000000000c}", EVENTS);
}

static void test_data_points(void **unused)
{
    (void)unused;
#define POINTS "{'name':'m','sum':{'dataPoints':[{'attributes':[" PAIR("a", TEXT("one")) "]},{'attributes':[" PAIR("a", TEXT("two")) "]}]}}"
    MATCHES(POLICY_METRIC, "{datapoint_attribute: a, exact: one}", POINTS);
    MATCHES_NOT(POLICY_METRIC, "{datapoint_attribute: a, exact: two}", POINTS);
    MATCHES_NOT(POLICY_METRIC, "{datapoint_attribute: a, exists: true}", "{'name':'m','sum':{'dataPoints':[]}}");
}

static void test_nested(void **unused)
{
    (void)unused;
#define NESTED LOG_WITH(PAIR("http", "{'kvlistValue':{'values':[" PAIR("method", TEXT("GET")) "]}}"))
    MATCHES(POLICY_LOG, "{log_attribute: [http, method], exact: GET}", NESTED);
    MATCHES_NOT(POLICY_LOG, "{log_attribute: http.method, exact: GET}", NESTED);
    MATCHES_NOT(POLICY_LOG, "{log_attribute: [http, method], exact: GET}", LOG_WITH(PAIR("http.method", TEXT("GET"))));
    MATCHES(POLICY_LOG, "{resource_attribute: service.name, exact: shop}", BODY("b"));
}

static int done(void **unused)
{
    (void)unused;
    forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_is_whole),
        cmocka_unit_test(test_anchors),
        cmocka_unit_test(test_negated_text_wants_a_text),
        cmocka_unit_test(test_text_wants_a_string),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_typed),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_events_and_links),
        cmocka_unit_test(test_data_points),
        cmocka_unit_test(test_nested),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
