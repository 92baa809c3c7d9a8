/* Every spelling, every error with its place, and the printed forms. */
#include "tests/unit/policy/lib.h"

static struct policy_set *read_as(const char *text, enum policy_format format)
{
    struct policy_set *s = policy_set_new();
    if (!policy_set_read(s, slice_str(text), format, "file")) fail_msg("%s", s->errors[0].message.ptr);
    return s;
}

static char *canonical(const struct policy *p)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    policy_write_json(&out, p, NULL);
    return out.data;
}

/* The same text of canonical JSON by every way round. */
static void same_all_ways(const struct policy_set *s)
{
    struct buf yaml, json, bytes, messages;
    buf_init(&yaml, 1 << 20);
    buf_init(&json, 1 << 20);
    buf_init(&messages, 1 << 20);
    policy_write_yaml(&yaml, (const struct policy *const *)s->policies, s->count);
    policy_write_authoring_json(&json, (const struct policy *const *)s->policies, s->count);
    struct policy_set *y = read_as(yaml.data, POLICY_YAML), *j = read_as(json.data, POLICY_JSON), *m = policy_set_new(),
                      *c = policy_set_new();
    assert_int_equal(y->count, s->count);
    assert_int_equal(j->count, s->count);
    for (size_t i = 0; i < s->count; i++) {
        buf_init(&bytes, 1 << 20);
        policy_write_protobuf(&bytes, s->policies[i], &(struct policy_print){.string_value = i % 2, .extensions = true});
        assert_non_null(policy_set_read_message(m, buf_view(&bytes), "bytes"));
        buf_free(&bytes);
        char *want = canonical(s->policies[i]), *a = canonical(y->policies[i]), *b = canonical(j->policies[i]),
             *d = canonical(m->policies[i]);
        assert_true(policy_set_read(c, slice_str(want), POLICY_JSON, "canonical"));
        char *e = canonical(c->policies[i]);
        assert_string_equal(a, want);
        assert_string_equal(b, want);
        assert_string_equal(d, want);
        assert_string_equal(e, want);
        free(want);
        free(a);
        free(b);
        free(d);
        free(e);
    }
    policy_set_free(y);
    policy_set_free(j);
    policy_set_free(m);
    policy_set_free(c);
    buf_free(&yaml);
    buf_free(&json);
    buf_free(&messages);
}

static void test_round_trips(void **unused)
{
    (void)unused;
    struct policy_set *s = read_as("policies:\n"
                                   "- {id: l, name: 'L: \"x\" #', description: \"two\\nlines\", enabled: false, created_at_unix_nano: "
                                   "18446744073709551615, labels: {a: b, n: 5, f: 1.5, t: true},\n"
                                   "   extensions: [{type: t, version: '1', config: aGk=, mode: kept}],\n"
                                   "   log: {match: [{log_field: LOG_FIELD_BODY, regex: '^a\\s\"'}, {log_attribute: [a, 'b.c'], equals: 5, "
                                   "negate: true}, {scope_attribute: {path: [s]}, gte: 5.0},\n"
                                   "         {resource_attribute: r, equals: {hex_value: 0aff}}, {log_attribute: q, equals: {bytes_value: "
                                   "aGk=}}, {log_attribute: z, equals: true}, {log_field: 5, exists: false},\n"
                                   "         {log_attribute: c, contains: 'null', case_insensitive: true}, {log_attribute: e, ends_with: "
                                   "'é\u2028'}, {log_attribute: i, lt: -9223372036854775808}],\n"
                                   "     keep: 12.5%, sample_key: {log_attribute: u}, transform: {add: [{log_field: body, value: '', "
                                   "upsert: true}], remove: [{log_attribute: x}],\n"
                                   "     redact: [{log_attribute: y, regex: '', replacement: $1}, {resource_attribute: z}], rename: "
                                   "[{from_scope_attribute: o, to: 'n', upsert: true}]}}}\n"
                                   "- {id: m, name: m, metric: {match: [{metric_type: SUM}, {aggregation_temporality: 2}, {metric_field: "
                                   "scope_name, starts_with: a}, {datapoint_attribute: d, exists: true}], keep: true}}\n"
                                   "- {id: t, name: t, trace: {match: [{span_kind: SPAN_KIND_SERVER, negate: true}, {span_status: unset}, "
                                   "{event_name: e, case_insensitive: true}, {event_attribute: k, gt: 1},\n"
                                   "         {link_trace_id: ab}, {trace_field: parent_span_id, exists: true}], keep: {percentage: 33.3, "
                                   "mode: equalizing, sampling_precision: 14, hash_seed: 4294967295, fail_closed: false}}}\n",
                                   POLICY_YAML);
    assert_int_equal(s->count, 3);
    for (size_t i = 0; i < 3; i++)
        if (!policy_valid(s->policies[i])) fail_msg("%s", s->policies[i]->errors[0].message.ptr);
    same_all_ways(s);
    policy_set_free(s);
}

static void test_canonical_json(void **unused)
{
    (void)unused;
    struct policy_set *s = read_as(
        "{\"id\":\"drop\",\"name\":\"Drop\",\"log\":{\"match\":[{\"resourceAttribute\":{\"path\":[\"service.name\"]},\"equals\":{"
        "\"stringValue\":\"shop\"}},"
        "{\"logField\":\"LOG_FIELD_BODY\",\"regex\":\"^GET\"},{\"logAttribute\":\"n\",\"gt\":{\"intValue\":\"5\"}}],\"keep\":\" NONE \"}}",
        POLICY_ANY);
    char *json = canonical(s->policies[0]);
    assert_string_equal(json, "{\"id\":\"drop\",\"name\":\"Drop\",\"description\":\"\",\"enabled\":true,\"createdAtUnixNano\":\"0\","
                              "\"modifiedAtUnixNano\":\"0\",\"labels\":[],"
                              "\"log\":{\"match\":[{\"resourceAttribute\":{\"path\":[\"service.name\"]},\"exact\":\"shop\",\"negate\":"
                              "false,\"caseInsensitive\":false},"
                              "{\"logField\":1,\"regex\":\"^GET\",\"negate\":false,\"caseInsensitive\":false},"
                              "{\"logAttribute\":{\"path\":[\"n\"]},\"gt\":{\"intValue\":\"5\"},\"negate\":false,\"caseInsensitive\":false}"
                              "],\"keep\":\"none\"}}");
    free(json);
    policy_set_free(s);
}

/* The wire's default of `enabled` is false, the author's is true; unknown fields are passed over. */
static void test_protobuf(void **unused)
{
    (void)unused;
    struct policy_set *s = policy_set_new();
    struct slice bytes = SLICE("\x0a\x01p\x12\x01n\xf2\x3f\x03xyz\x52\x0c\x0a\x06\x08\x01\x52\x02hi\x12\x02\x37%");
    const struct policy *p = policy_set_read_message(s, bytes, "wire");
    assert_non_null(p);
    assert_true(policy_valid(p));
    assert_false(p->enabled);
    assert_int_equal(p->match[0].condition, POLICY_EXACT);
    assert_int_equal(p->keep.kind, POLICY_KEEP_PERCENT);
    assert_null(policy_set_read_message(s, SLICE("\x0a\x05p"), "wire"));
    assert_null(policy_set_read_message(s, SLICE("\x0a\x01\xff"), "wire"));
    /* A list of two policies of which one is broken. */
    assert_true(policy_set_read(s, SLICE("\x0a\x03\x0a\x05p\x0a\x03\x0a\x01q"), POLICY_PROTOBUF, "wire"));
    assert_non_null(policy_set_find(s, SLICE("q")));
    assert_int_equal(s->error_count, 3);
    policy_set_free(s);
}

static void test_keep(void **unused)
{
    (void)unused;
    static const char *const good[] = {"", "all", "ALL", "none", "0%", "100%", "12.5 %", "1/s", "10/5s", " 100 / m", "4294967295/60m"};
    static const char *const bad[] = {"0/s", "1/0s", "1.5/s",        "1/1.5s", "100/h", "101%", "-1%",   "bogus",
                                      "%",   "1e1%", "4294967296/s", "/s",     "1/",    "nan%", "0x10%", "1/-1s"};
    struct policy_log_keep k;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!policy_keep_parse(slice_str(good[i]), &k)) fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (policy_keep_parse(slice_str(bad[i]), &k)) fail_msg("%s", bad[i]);
    struct policy_set *s = read_as("[{id: a, name: a, log: {match: [{log_field: body, exists: true}], keep: false}}, {id: b, name: b, log: "
                                   "{match: [{log_field: body, exists: true}], keep: {percentage: 7}}}]",
                                   POLICY_YAML);
    assert_int_equal(s->policies[0]->keep.kind, POLICY_KEEP_NONE);
    assert_true(s->policies[1]->keep.percent > 6.9);
    policy_set_free(s);
}

static void test_errors(void **unused)
{
    (void)unused;
    static const struct {
        const char *target, *error;
    } rows[] = {
        {"log: {match: [{log_attribute: {}, exists: true}]}", "log: match[0]: attribute has empty path"},
        {"log: {match: [{log_attribute: [], exists: true}]}", "log: match[0]: attribute has empty path"},
        {"log: {match: [{log_field: body, regex: '([bad'}]}", "log: match[0]: invalid regex \"([bad\": missing ]: [bad"},
        {"metric: {match: [{metric_field: name, regex: '\\1'}], keep: true}",
         "metric: match[0]: invalid regex \"\\1\": invalid escape sequence: \\1"},
        {"log: {match: [{log_field: body, exists: true}], keep: bogus}", "log: keep: invalid value \"bogus\""},
        {"log: {match: []}", "log: match is empty"},
        {"log: {match: [{exists: true}]}", "log: match[0]: no field set"},
        {"log: {match: [{log_field: body}]}", "log: match[0]: no match condition set"},
        {"log: {match: [{log_field: LOG_FIELD_UNSPECIFIED, exists: true}]}", "log: match[0]: field is unspecified"},
        {"log: {match: [{log_field: 0, exists: true}]}", "log: match[0]: field is unspecified"},
        {"metric: {match: [{metric_type: unspecified}], keep: true}", "metric: match[0]: field is unspecified"},
        {"log: {match: [{log_field: bodies, exists: true}]}", "log: match[0]: unknown field \"bodies\""},
        {"log: {match: [{log_field: body, exact: a, regex: b}]}", "log: match[0]: more than one match condition set"},
        {"log: {match: [{log_field: body, log_attribute: a, exact: a}]}", "log: match[0]: more than one field set"},
        {"log: {match: [{log_field: body, exact: 200}]}", "log: match[0]: exact is not a string (put it in quotes)"},
        {"log: {match: [{log_attribute: a, equals: {}}]}", "log: match[0]: no value set"},
        {"log: {match: [{log_attribute: a, equals: {hex_value: abc}}]}", "log: match[0]: invalid hex value"},
        {"log: {match: [{log_attribute: a, gt: true}]}", "log: match[0]: compares with a number only"},
        {"log: {match: [{log_field: body, exists: true}], transform: {redact: [{log_field: body, regex: '('}]}}",
         "log: transform: redact[0]: invalid regex \"(\": missing ): ("},
        {"log: {match: [{log_field: body, exists: true}], transform: {rename: [{from_log_attribute: a}]}}",
         "log: transform: rename[0]: to is empty"},
        {"log: {match: [{log_field: body, exists: true}], transform: {remove: [{}]}}", "log: transform: remove[0]: no field set"},
        {"log: {match: [{log_field: body, regex: '\\C'}]}", "log: match[0]: invalid regex \"\\C\": \\C is not in every edge's dialect"},
        {"trace: {match: [{span_kind: server, exact: a}]}", "trace: match[0]: span_kind takes no match condition"},
        {"trace: {match: [{span_kind: server}], keep: {percentage: 101}}", "trace: keep: percentage is not between 0 and 100"},
        {"trace: {match: [{span_kind: server}], keep: {percentage: 1, mode: 9}}", "trace: keep: unknown mode \"9\""},
        {"log: {match: [{log_field: body, exists: true}]}, metric: {}", "more than one target: log and metric"},
        {"name: n", "no target: log, metric or trace"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[1000];
        snprintf(text, sizeof text, "- {id: good, name: g, log: {match: [{log_field: body, exists: true}]}}\n- {id: bad, %s%s}",
                 strncmp(rows[i].target, "name", 4) ? "name: n, " : "", rows[i].target);
        struct policy_set *s = read_as(text, POLICY_YAML);
        assert_true(policy_valid(s->policies[0]));
        const struct policy *p = s->policies[1];
        if (p->error_count != 1)
            fail_msg("%s: %zu errors: %s", rows[i].target, p->error_count, p->error_count ? p->errors[0].message.ptr : "");
        assert_string_equal(p->errors[0].message.ptr, rows[i].error);
        assert_int_equal(p->errors[0].line, 2);
        policy_set_free(s);
    }
}

static void test_all_errors_at_once(void **unused)
{
    (void)unused;
    struct policy_set *s = read_as("id: p\nlog:\n  match:\n    - log_field: body\n    - exact: x\n  keep: 1/h\n  transform:\n    rename: "
                                   "[{from_log_attribute: a, tu: b}]\n",
                                   POLICY_ANY);
    const struct policy *p = s->policies[0];
    assert_int_equal(p->error_count, 4);
    assert_int_equal(p->errors[0].line, 4);
    assert_int_equal(p->errors[1].line, 5);
    assert_int_equal(p->errors[2].line, 6);
    assert_int_equal(p->errors[3].line, 8);
    assert_int_equal(p->warning_count, 2);
    assert_string_equal(p->warnings[1].message.ptr, "log: transform: rename[0]: unknown key \"tu\" is ignored");
    policy_set_free(s);
}

static void not_read(const char *text, const char *why)
{
    struct policy_set *s = policy_set_new();
    assert_false(policy_set_read(s, slice_str(text), POLICY_ANY, "file"));
    if (!strstr(s->errors[0].message.ptr, why)) fail_msg("%s: %s", text, s->errors[0].message.ptr);
    policy_set_free(s);
}

static void test_no_policies(void **unused)
{
    (void)unused;
    not_read("{\"policies\":[", "ends too early");
    not_read("a: [b", "did not find");
    not_read("a: *x", "alias");
    not_read("text", "no policies");
    not_read("", "empty");
    not_read("a: &a [*a]", "alias inside");
    not_read("l1: &a [x,x,x,x,x,x,x,x,x,x]\nl2: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nl3: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nl4: &d "
             "[*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
             "l5: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nl6: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\nl7: &g "
             "[*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\npolicies: [*g,*g]\n",
             "too many");
}

static void test_documents(void **unused)
{
    (void)unused;
    struct policy_set *s = read_as(
        "id: a\nname: a\nlog: {match: [{log_field: body, exists: true}]}\n---\n- {id: b, name: b}\n---\npolicies: [{id: c, name: c}]\n",
        POLICY_ANY);
    assert_int_equal(s->count, 3);
    assert_non_null(policy_set_find(s, SLICE("c")));
    assert_null(policy_set_find(s, SLICE("d")));
    policy_set_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips), cmocka_unit_test(test_canonical_json), cmocka_unit_test(test_protobuf),
        cmocka_unit_test(test_keep),        cmocka_unit_test(test_errors),         cmocka_unit_test(test_all_errors_at_once),
        cmocka_unit_test(test_no_policies), cmocka_unit_test(test_documents),
    };
    (void)judge;
    (void)use;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
