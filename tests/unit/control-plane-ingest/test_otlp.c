#include "control-plane/ingest/otlp.h"

#include "base/die.h"
#include "base/proto_write.h"
#include "control-plane/ingest/otlp_wire.h"
#include "tests/unit/control-plane-ingest/capture.h"
#include "tests/unit/control-plane-ingest/sdk_request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* The catalog's side: what the decoder gives is written down. */
struct batch {
    struct buf text;
    size_t records;
    char resource[1024]; /* of the last record */
    uint64_t serials[8]; /* of the first ones */
};

static void capture_resource(struct batch *b, const struct log_record *r)
{
    struct buf out;
    buf_init(&out, sizeof b->resource - 1);
    capture_fields(&out, r->resource, r->resource_count);
    memcpy(b->resource, out.data ? out.data : "", out.len + 1);
    buf_free(&out);
    if (b->records < 8) b->serials[b->records] = r->resource_serial;
}

void batch_add(struct batch *b, const struct log_record *r)
{
    capture_resource(b, r);
    b->records++;
    capture_record(&b->text, r);
}

enum { RECEIVED = 1000 };

static struct batch seen;
static struct otlp_outcome outcome;

static const char *decode(struct slice bytes, enum otlp_encoding e)
{
    buf_free(&seen.text);
    buf_init(&seen.text, 64 << 20);
    seen.records = 0;
    /* An exact copy on the heap: reading past its end is found by the sanitizers. */
    char *copy = xmalloc(bytes.len ? bytes.len : 1);
    if (bytes.len) memcpy(copy, bytes.ptr, bytes.len);
    otlp_logs(slice_of(copy, bytes.len), e, RECEIVED, &seen, &outcome);
    free(copy);
    return seen.text.data ? seen.text.data : "";
}

static const char *decode_json(const char *json) { return decode(slice_str(json), OTLP_JSON); }

static struct slice sdk(void) { return slice_of((const char *)sdk_request, sizeof sdk_request); }

#define FIRST                                                                                                                              \
    "1795442706123456789 9/INFO sdk-service  \"user 17 logged in\" {http.request.method:string=GET,"                                       \
    "http.response.status_code:int=200,ok:bool=true,ratio:double=0.25,tags[]:string=a,tags[]:string=b,nested.deep.er:int=1} [] 227\n"
#define SECOND                                                                                                                             \
    "1795442706123456796 17/ sdk-service order.failed \"\" {} [what:string=order,items[]:int=1,items[]:int=2,total:double=12.5,"           \
    "raw:bytes=0001,none:empty=] 110\n"
#define THIRD "1795442706123456798 0/ sdk-service  \"42\" {} [] 22\n"

static void a_stock_sdk_is_understood(void **state)
{
    (void)state;
    assert_string_equal(decode(sdk(), OTLP_PROTOBUF), FIRST SECOND THIRD);
    assert_true(outcome.ok);
    assert_int_equal(outcome.accepted, 3);
    assert_int_equal(outcome.rejected, 0);
}

static void json_gives_the_same_records(void **state)
{
    (void)state;
    const char *json =
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"unknown\":{\"a\":[1,{}]},\"logRecords\":["
        "{\"traceId\":\"0102030405060708090A0b0c0d0e0f10\",\"spanId\":\"1112131415161718\",\"timeUnixNano\":\"1795442706123456789\","
        "\"observedTimeUnixNano\":1795442706123456794,\"severityNumber\":9,\"severityText\":\"INFO\","
        "\"body\":{\"stringValue\":\"user 17 \\u006cogged in\"},\"attributes\":["
        "{\"value\":{\"stringValue\":\"GET\"},\"key\":\"http.request.method\"},{\"key\":\"http.response.status_code\",\"value\":{"
        "\"intValue\":\"200\"}},"
        "{\"key\":\"ok\",\"value\":{\"boolValue\":true}},{\"key\":\"ratio\",\"value\":{\"doubleValue\":0.25}},"
        "{\"key\":\"tags\",\"value\":{\"arrayValue\":{\"values\":[{\"stringValue\":\"a\"},{\"stringValue\":\"b\"}]}}},"
        "{\"key\":\"nested\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"deep\",\"value\":{\"kvlistValue\":{\"values\":["
        "{\"key\":\"er\",\"value\":{\"intValue\":1}}]}}}]}}}],\"droppedAttributesCount\":0,\"flags\":null},"
        "{\"observedTimeUnixNano\":\"1795442706123456796\",\"severityNumber\":17,\"eventName\":\"order.failed\",\"body\":{\"kvlistValue\":{"
        "\"values\":["
        "{\"key\":\"what\",\"value\":{\"stringValue\":\"order\"}},{\"key\":\"items\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":"
        "1},{\"intValue\":\"2\"}]}}},"
        "{\"key\":\"total\",\"value\":{\"doubleValue\":\"12.5\"}},{\"key\":\"raw\",\"value\":{\"bytesValue\":\"AAE=\"}},{\"key\":\"none\","
        "\"value\":{}}]}}},"
        "{\"timeUnixNano\":\"1795442706123456798\",\"observedTimeUnixNano\":\"1795442706123456798\",\"body\":{\"intValue\":42}}"
        "],\"scope\":{\"name\":\"scope\",\"version\":\"0.1\"}}],\"resource\":{\"attributes\":[{\"key\":\"service.version\",\"value\":{"
        "\"stringValue\":\"1.2\"}},"
        "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"sdk-service\"}}]}}]}";
    assert_string_equal(decode_json(json), FIRST SECOND THIRD);
    assert_int_equal(outcome.accepted, 3);
}

static void records_have_their_resource(void **state)
{
    (void)state;
    decode_json(
        "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a\"}},{\"body\":{\"stringValue\":\"b\"}}]}],"
        "\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"shop\"}},"
        "{\"key\":\"k8s\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"pod\",\"value\":{\"intValue\":7}}]}}}]}},"
        "{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"c\"},\"attributes\":[{\"key\":\"x\",\"value\":{\"intValue\":1}}]}]}]"
        ","
        "\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"web\"}}]}}]}");
    assert_true(outcome.ok);
    assert_int_equal(seen.records, 3);
    assert_string_equal(seen.resource, "service.name:string=web");
    assert_true(seen.serials[0] && seen.serials[0] == seen.serials[1] && seen.serials[2] > seen.serials[1]);
    decode_json("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a\"}}]}],"
                "\"resource\":{\"attributes\":[{\"key\":\"k8s\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"pod\",\"value\":{"
                "\"intValue\":7}}]}}}]}}]}");
    assert_string_equal(seen.resource, "k8s.pod:int=7");
}

static void an_empty_request_is_fine(void **state)
{
    (void)state;
    const char *const empty[] = {"{}", "{\"resourceLogs\":[]}", "{\"resourceLogs\":null}", "{\"resourceLogs\":[{},null]}",
                                 "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[]}]}]}"};
    decode(SLICE(""), OTLP_PROTOBUF);
    assert_true(outcome.ok);
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        decode_json(empty[i]);
        assert_true(outcome.ok);
        assert_int_equal(outcome.accepted + outcome.rejected, 0);
    }
}

static void every_truncation_is_refused_whole(void **state)
{
    (void)state;
    size_t cut_at_a_field = 0;
    for (size_t n = 1; n < sizeof sdk_request; n++) {
        decode(slice_of((const char *)sdk_request, n), OTLP_PROTOBUF);
        cut_at_a_field += outcome.ok;
        assert_int_equal(seen.records, outcome.accepted);
        if (outcome.ok) continue;
        assert_int_equal(seen.records, 0);
        assert_non_null(strstr(outcome.message, "invalid protobuf at byte "));
    }
    assert_int_equal(cut_at_a_field, 0);
}

static void every_changed_byte_is_survived(void **state)
{
    (void)state;
    unsigned char changed[sizeof sdk_request];
    for (size_t at = 0; at < sizeof changed; at++)
        for (unsigned flip = 1; flip < 256; flip = flip * 2 + 1) {
            memcpy(changed, sdk_request, sizeof changed);
            changed[at] ^= (unsigned char)flip;
            decode(slice_of((const char *)changed, sizeof changed), OTLP_PROTOBUF);
            assert_int_equal(seen.records, outcome.accepted);
        }
}

static void wrong_json_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"", "byte 0: text ends too early"},
        {"[]", "byte 1: object expected"},
        {"{\"resourceLogs\":{}}", "byte 17: array expected"},
        {"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"x\"}},", "text ends too early"},
        {"{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"x\"}}]}]}]} x", "more text after the value"},
        {"{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":7}]}}]}", "string expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        decode_json(cases[i].json);
        assert_false(outcome.ok);
        assert_int_equal(seen.records, 0);
        assert_non_null(strstr(outcome.message, "invalid OTLP/JSON at "));
        assert_non_null(strstr(outcome.message, cases[i].says));
    }
}

static void a_json_record_of_wrong_types_is_rejected_alone(void **state)
{
    (void)state;
    const char *records =
        decode_json("{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"1\",\"body\":{\"stringValue\":\"one\"}},"
                    "{\"body\":{\"kvlistValue\":{\"values\":[{\"key\":[{\"deep\":[]}],\"x\":1}]}},\"later\":{}},"
                    "{\"timeUnixNano\":\"yesterday\"},7,{\"traceId\":\"xyz\"},{\"timeUnixNano\":2,\"body\":{\"bytesValue\":\"?\"}},"
                    "{\"timeUnixNano\":2e0,\"body\":{\"stringValue\":\"two\"}}]}]}]}");
    assert_string_equal(records, "1 0/   \"one\" {} [] 16\n2 0/   \"two\" {} [] 16\n");
    assert_true(outcome.ok);
    assert_int_equal(outcome.accepted, 2);
    assert_int_equal(outcome.rejected, 5);
    assert_non_null(strstr(outcome.message, "record 2 "));
    assert_non_null(strstr(outcome.message, "string expected"));
}

/* ---- protobuf put together by hand ---- */

static struct buf made;

static void open_request(size_t marks[2])
{
    buf_free(&made);
    buf_init(&made, 64 << 20);
    marks[0] = proto_open_wide(&made, REQUEST_RESOURCE_LOGS);
    marks[1] = proto_open_wide(&made, RESOURCE_LOGS_SCOPE_LOGS);
}

static void close_request(const size_t marks[2])
{
    proto_close_wide(&made, marks[1]);
    proto_close_wide(&made, marks[0]);
}

static void put_body(struct slice text)
{
    size_t any = proto_open(&made, RECORD_BODY);
    proto_put_bytes(&made, ANY_STRING, text);
    proto_close(&made, any);
}

static void records_that_cannot_be_kept_are_rejected_alone(void **state)
{
    (void)state;
    size_t marks[2], record;
    open_request(marks);
    record = proto_open(&made, SCOPE_LOGS_RECORDS);
    put_body(SLICE("bad \xFF text"));
    proto_close(&made, record);
    record = proto_open(&made, SCOPE_LOGS_RECORDS);
    proto_put_fixed64(&made, RECORD_TIME, UINT64_MAX);
    proto_close(&made, record);
    record = proto_open(&made, SCOPE_LOGS_RECORDS);
    put_body(SLICE("gr\xC3\xBC\xC3\x9F"));
    proto_close(&made, record);
    close_request(marks);
    assert_string_equal(decode(buf_view(&made), OTLP_PROTOBUF), "1000 0/   \"gr\xC3\xBC\xC3\x9F\" {} [] 10\n");
    assert_true(outcome.ok);
    assert_int_equal(outcome.accepted, 1);
    assert_int_equal(outcome.rejected, 2);
    assert_string_equal(outcome.message, "record 1: text that is no UTF-8");
}

static void unknown_fields_and_groups_are_passed_over(void **state)
{
    (void)state;
    size_t marks[2], record;
    open_request(marks);
    record = proto_open(&made, SCOPE_LOGS_RECORDS);
    proto_put_varint(&made, 99, UINT64_MAX);
    buf_add(&made, "\xA3\x06\x0A\x01x\xA4\x06", 7); /* group 100 with one field */
    put_body(SLICE("kept"));
    proto_put_bytes(&made, 500, SLICE("later"));
    proto_close(&made, record);
    close_request(marks);
    proto_put_fixed32(&made, 77, 1);
    decode(buf_view(&made), OTLP_PROTOBUF);
    assert_int_equal(outcome.accepted, 1);
    assert_non_null(strstr(seen.text.data, "\"kept\""));
    buf_add(&made, "\xA4\x06", 2); /* the end of a group that never began */
    decode(buf_view(&made), OTLP_PROTOBUF);
    assert_false(outcome.ok);
}

static void a_wrong_wire_type_is_refused(void **state)
{
    (void)state;
    size_t marks[2], record;
    open_request(marks);
    record = proto_open(&made, SCOPE_LOGS_RECORDS);
    put_body(SLICE("first"));
    proto_close(&made, record);
    record = proto_open(&made, SCOPE_LOGS_RECORDS);
    proto_put_bytes(&made, RECORD_TIME, SLICE("noon"));
    proto_close(&made, record);
    close_request(marks);
    decode(buf_view(&made), OTLP_PROTOBUF);
    assert_false(outcome.ok);
    assert_int_equal(seen.records, 0);
    assert_string_equal(outcome.message, "invalid protobuf at byte 25: wrong wire type");
}

static void deep_values_end_in_a_leaf(void **state)
{
    (void)state;
    enum { LEVELS = 3000 };
    size_t marks[2], record, opened[LEVELS];
    open_request(marks);
    record = proto_open_wide(&made, SCOPE_LOGS_RECORDS);
    for (int i = 0; i < LEVELS; i++) opened[i] = proto_open_wide(&made, i == 0 ? RECORD_BODY : i % 2 ? ANY_ARRAY : VALUES);
    for (int i = LEVELS; i-- > 0;) proto_close_wide(&made, opened[i]);
    proto_close_wide(&made, record);
    close_request(marks);
    decode(buf_view(&made), OTLP_PROTOBUF);
    assert_true(outcome.ok);
    assert_int_equal(outcome.accepted, 1);
    assert_non_null(strstr(seen.text.data, "[][]:array="));
}

static void very_many_fields_leave_the_body_in_place(void **state)
{
    (void)state;
    size_t marks[2], record;
    open_request(marks);
    record = proto_open_wide(&made, SCOPE_LOGS_RECORDS);
    for (int i = 0; i < 5000; i++) {
        size_t pair = proto_open(&made, RECORD_ATTRIBUTES);
        proto_put_bytes(&made, KEY_VALUE_KEY, SLICE("key"));
        proto_close(&made, pair);
    }
    put_body(SLICE("the body"));
    proto_close_wide(&made, record);
    close_request(marks);
    decode(buf_view(&made), OTLP_PROTOBUF);
    assert_int_equal(outcome.accepted, 1);
    assert_non_null(strstr(seen.text.data, "\"the body\""));
}

static void megabyte_strings_are_taken(void **state)
{
    (void)state;
    enum { SIZE = 3 << 20 };
    char *text = xmalloc(SIZE);
    size_t marks[2], record;
    memset(text, 'x', SIZE);
    open_request(marks);
    record = proto_open(&made, SCOPE_LOGS_RECORDS);
    put_body(slice_of(text, SIZE));
    proto_close(&made, record);
    close_request(marks);
    decode(buf_view(&made), OTLP_PROTOBUF);
    assert_int_equal(outcome.accepted, 1);
    assert_true(seen.text.len > SIZE);
    free(text);
}

static void numbers_read_back_the_same(void **state)
{
    (void)state;
    static const double values[] = {0, 1, -1.5, 0.1, 12.345, 999999.999999, 1e300, -2.5e-9, 1.0 / 3, 123456789.125};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        size_t marks[2], record, any;
        uint64_t bits;
        memcpy(&bits, &values[i], 8);
        open_request(marks);
        record = proto_open(&made, SCOPE_LOGS_RECORDS);
        any = proto_open(&made, RECORD_BODY);
        proto_put_fixed64(&made, ANY_DOUBLE, bits);
        proto_close(&made, any);
        proto_close(&made, record);
        close_request(marks);
        const char *text = strchr(decode(buf_view(&made), OTLP_PROTOBUF), '"');
        assert_non_null(text);
        assert_true(strtod(text + 1, NULL) == values[i]);
    }
}

static void answers_are_what_the_protocol_says(void **state)
{
    (void)state;
    struct buf out;
    struct otlp_outcome all = {.ok = true, .accepted = 3}, some = {.ok = true, .accepted = 1, .rejected = 2, .message = "a \"b\""};
    buf_init(&out, 1000);
    otlp_response(&out, OTLP_PROTOBUF, &all);
    assert_int_equal(out.len, 0);
    otlp_response(&out, OTLP_JSON, &all);
    assert_string_equal(out.data, "{}");
    buf_clear(&out);
    otlp_response(&out, OTLP_JSON, &some);
    assert_string_equal(out.data, "{\"partialSuccess\":{\"rejectedLogRecords\":\"2\",\"errorMessage\":\"a \\\"b\\\"\"}}");
    buf_clear(&out);
    otlp_response(&out, OTLP_PROTOBUF, &some);
    assert_memory_equal(out.data,
                        "\x0A\x09\x08\x02\x12\x05"
                        "a \"b\"",
                        11);
    buf_clear(&out);
    otlp_error(&out, OTLP_PROTOBUF, 3, "no");
    assert_memory_equal(out.data, "\x08\x03\x12\x02no", 6);
    buf_clear(&out);
    otlp_error(&out, OTLP_JSON, 3, "no");
    assert_string_equal(out.data, "{\"code\":3,\"message\":\"no\"}");
    buf_free(&out);
}

static int free_buffers(void **state)
{
    (void)state;
    buf_free(&seen.text);
    buf_free(&made);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stock_sdk_is_understood),
        cmocka_unit_test(json_gives_the_same_records),
        cmocka_unit_test(records_have_their_resource),
        cmocka_unit_test(an_empty_request_is_fine),
        cmocka_unit_test(every_truncation_is_refused_whole),
        cmocka_unit_test(every_changed_byte_is_survived),
        cmocka_unit_test(wrong_json_is_refused_with_its_place),
        cmocka_unit_test(a_json_record_of_wrong_types_is_rejected_alone),
        cmocka_unit_test(records_that_cannot_be_kept_are_rejected_alone),
        cmocka_unit_test(unknown_fields_and_groups_are_passed_over),
        cmocka_unit_test(a_wrong_wire_type_is_refused),
        cmocka_unit_test(deep_values_end_in_a_leaf),
        cmocka_unit_test(very_many_fields_leave_the_body_in_place),
        cmocka_unit_test(megabyte_strings_are_taken),
        cmocka_unit_test(numbers_read_back_the_same),
        cmocka_unit_test(answers_are_what_the_protocol_says),
    };
    return cmocka_run_group_tests(tests, NULL, free_buffers);
}
