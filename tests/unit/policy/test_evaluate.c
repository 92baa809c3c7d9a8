/* Which policy decides, sampling, rates, counters and transforms, beyond what the conformance cases show. */
#include "tests/unit/policy/lib.h"

#include "policy/sampling.h"
#include "policy/transform.h"

#define ANY  "match: [{log_field: body, exists: true}]"
#define LINE "{'body':{'stringValue':'line'}}"

static void test_rate_before_large_percentages(void **unused)
{
    (void)unused;
    use("[{id: a, name: a, log: {" ANY ", keep: '60%'}}, {id: b, name: b, log: {" ANY ", keep: 1/s}}]", POLICY_LOG);
    assert_int_equal(judge(LINE).decided_by, 1);
    use("[{id: a, name: a, log: {" ANY ", keep: '40%'}}, {id: b, name: b, log: {" ANY ", keep: 1/s}}]", POLICY_LOG);
    assert_int_equal(judge(LINE).decided_by, 0);
    use("[{id: a, name: a, log: {" ANY ", keep: 1/s}}, {id: b, name: b, log: {" ANY ", keep: none}}]", POLICY_LOG);
    struct verdict d = judge(LINE);
    assert_int_equal(d.decided_by, 1);
    assert_false(d.keep);
    assert_int_equal(evaluation_counts(the_evaluation)[0].misses, 1);
    assert_int_equal(evaluation_counts(the_evaluation)[1].hits, 1);
}

static void test_only_the_winner_uses_its_window(void **unused)
{
    (void)unused;
    use("[{id: a, name: a, log: {" ANY ", keep: 2/s}}, {id: b, name: b, log: {match: [{log_field: body, contains: n}], keep: 1/s}}]",
        POLICY_LOG);
    assert_true(judge_at(LINE, 0, NULL).keep);
    assert_true(judge_at(LINE, 1, NULL).keep);
    assert_false(judge_at(LINE, 2, NULL).keep);
    assert_int_equal(evaluation_counts(the_evaluation)[1].hits, 2);
    assert_int_equal(evaluation_counts(the_evaluation)[1].misses, 1);
    assert_true(judge_at(LINE, 1000000000, NULL).keep);
}

static void test_windows_are_fixed(void **unused)
{
    (void)unused;
    use("{id: a, name: a, log: {" ANY ", keep: 1/2s}}", POLICY_LOG);
    assert_true(judge_at(LINE, 1900000000, NULL).keep);
    assert_false(judge_at(LINE, 1999999999, NULL).keep);
    assert_true(judge_at(LINE, 2000000000, NULL).keep);
    assert_false(judge_at(LINE, 3999999999, NULL).keep);
    use("{id: a, name: a, log: {" ANY ", keep: 1/m}}", POLICY_LOG);
    assert_true(judge_at(LINE, 0, NULL).keep);
    assert_false(judge_at(LINE, 59999999999, NULL).keep);
    assert_true(judge_at(LINE, 60000000000, NULL).keep);
}

static void test_sample_keys(void **unused)
{
    (void)unused;
    assert_true(sampling_hash("", 0) == (UINT64_C(0xcbf29ce484222325) & (SAMPLING_ONE - 1)));
    assert_true(sampling_hash("a", 1) == (UINT64_C(0xaf63dc4c8601ec8c) & (SAMPLING_ONE - 1)));
    use("{id: a, name: a, log: {" ANY ", keep: '50%', sample_key: {log_attribute: user}}}", POLICY_LOG);
    size_t kept = 0;
    for (int i = 0; i < 400; i++) {
        char record[200], text[20];
        int n = snprintf(text, sizeof text, "user-%d", i);
        snprintf(record, sizeof record, "{'body':{'stringValue':'x'},'attributes':[{'key':'user','value':{'stringValue':'%s'}}]}", text);
        bool keep = judge(record).keep;
        assert_int_equal(keep, sampling_hash(text, (size_t)n) >= sampling_threshold(50));
        assert_int_equal(keep, judge(record).keep);
        kept += keep;
    }
    assert_in_range(kept, 140, 260);
    struct policy_selector key = {.kind = POLICY_SELECT_ATTRIBUTE};
    uint64_t r;
    unsigned char five[8] = {0, 0, 0, 0, 0, 0, 0, 5}, one = 1;
    assert_true(sampling_of_key(&key, &(struct datum){.type = DATUM_INT, .integer = 5}, &r) && r == sampling_hash(five, 8));
    assert_true(sampling_of_key(&key, &(struct datum){.type = DATUM_BOOL, .boolean = true}, &r) && r == sampling_hash(&one, 1));
    assert_false(sampling_of_key(&key, &(struct datum){.type = DATUM_OTHER}, &r));
}

static void test_percentage_without_key(void **unused)
{
    (void)unused;
    use("{id: a, name: a, log: {" ANY ", keep: '25%'}}", POLICY_LOG);
    struct verdict d = judge(LINE);
    assert_true(d.keep && d.fraction > 0.2499 && d.fraction < 0.2501);
    use("{id: a, name: a, log: {" ANY ", keep: '25%', sample_key: {log_attribute: absent}}}", POLICY_LOG);
    assert_true(judge(LINE).keep);
    use("{id: a, name: a, log: {" ANY ", keep: '0%'}}", POLICY_LOG);
    assert_false(judge(LINE).keep);
    use("{id: a, name: a, log: {" ANY ", keep: '100%'}}", POLICY_LOG);
    assert_true(judge(LINE).fraction >= 1);
}

#define RULES(steps)       "{id: a, name: a, log: {" ANY ", keep: all, transform: {" steps "}}}"
#define RECORD(attributes) "{'body':{'stringValue':'line'},'attributes':[" attributes "]}"
#define PAIR(key, text)    "{'key':'" key "','value':{'stringValue':'" text "'}}"

static void test_redact(void **unused)
{
    (void)unused;
    becomes(RULES("redact: [{log_attribute: a, replacement: ''}]"), RECORD(PAIR("a", "x")), RECORD(PAIR("a", "[REDACTED]")));
    becomes(RULES("redact: [{log_attribute: a}]"), RECORD("{'key':'a','value':{'intValue':5}}"), RECORD(PAIR("a", "[REDACTED]")));
    becomes(RULES("redact: [{log_attribute: a, regex: 'b(c?)', replacement: '<$1x|$2|${1}|$$|$x|${n'}]"), RECORD(PAIR("a", "abcb")),
            RECORD(PAIR("a", "a<cx||c|$|$x|${n<x|||$|$x|${n")));
    becomes(RULES("redact: [{log_attribute: a, regex: 'x*', replacement: '-'}]"), RECORD(PAIR("a", "axb")), RECORD(PAIR("a", "-a-b-")));
    becomes(RULES("redact: [{log_attribute: [m, k], regex: v, replacement: w}]"),
            RECORD("{'key':'m','value':{'kvlistValue':{'values':[" PAIR("k", "v") "]}}}"),
            RECORD("{'key':'m','value':{'kvlistValue':{'values':[" PAIR("k", "w") "]}}}"));
}

static void test_nested_targets(void **unused)
{
    (void)unused;
#define MAP(inner) "{'key':'m','value':{'kvlistValue':{'values':[" inner "]}}}"
    becomes(RULES("remove: [{log_attribute: [m, k]}]"), RECORD(MAP(PAIR("k", "v") "," PAIR("l", "w"))), RECORD(MAP(PAIR("l", "w"))));
    becomes(RULES("add: [{log_attribute: [m, k], value: v}]"), RECORD(MAP("")), RECORD(MAP(PAIR("k", "v"))));
    becomes(RULES("add: [{log_attribute: [m, k], value: v}]"), RECORD(""), RECORD(MAP(PAIR("k", "v"))));
    becomes(RULES("rename: [{from_log_attribute: [m, k], to: flat}]"), RECORD(MAP(PAIR("k", "v"))), RECORD(MAP("") "," PAIR("flat", "v")));
    becomes(RULES("add: [{log_attribute: [s, k], value: v}]"), RECORD(PAIR("s", "text")), RECORD(PAIR("s", "text")));
}

static void test_rename_and_counts(void **unused)
{
    (void)unused;
    becomes(RULES("rename: [{from_log_attribute: a, to: a, upsert: true}]"), RECORD(PAIR("a", "x")), RECORD(PAIR("a", "x")));
    becomes(RULES("rename: [{from_log_attribute: a, to: b, upsert: true}]"), RECORD(PAIR("b", "old") "," PAIR("a", "x")),
            RECORD(PAIR("b", "x")));
    becomes(RULES("rename: [{from_log_attribute: a, to: b}]"), RECORD(PAIR("b", "old") "," PAIR("a", "x")),
            RECORD(PAIR("b", "old") "," PAIR("a", "x")));
    assert_int_equal(evaluation_counts(the_evaluation)[0].stages[POLICY_RENAME].hits, 1);
    becomes(RULES("remove: [{log_attribute: z}], redact: [{log_attribute: a, regex: q}], rename: [{from_log_field: body, to: b}], add: "
                  "[{log_attribute: a, value: n}]"),
            RECORD(PAIR("a", "x")), RECORD(PAIR("a", "x")));
    const struct stage_count *s = evaluation_counts(the_evaluation)[0].stages;
    assert_int_equal(s[POLICY_REMOVE].misses, 1);
    assert_int_equal(s[POLICY_REDACT].misses, 1);
    assert_int_equal(s[POLICY_RENAME].misses, 1);
    assert_int_equal(s[POLICY_ADD].hits, 1);
}

static void test_thresholds(void **unused)
{
    (void)unused;
    static const struct {
        double percent;
        uint64_t threshold;
    } rows[] = {{50, UINT64_C(0x80000000000000)},
                {25, UINT64_C(0xc0000000000000)},
                {75, UINT64_C(0x40000000000000)},
                {10, UINT64_C(0xe6666666666668)},
                {0.1, UINT64_C(0xffbe76c8b43958)},
                {100, 0},
                {0, SAMPLING_ONE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) assert_true(sampling_threshold(rows[i].percent) == rows[i].threshold);
}

static void state_is(const char *before, uint64_t threshold, unsigned precision, const char *after)
{
    struct buf out;
    buf_init(&out, 1000);
    sampling_state(&out, slice_str(before), threshold, precision);
    assert_string_equal(out.data, after);
    buf_free(&out);
}

static void test_trace_state(void **unused)
{
    (void)unused;
    state_is("", sampling_threshold(10), 4, "ot=th:e666");
    state_is("", sampling_threshold(10), 14, "ot=th:e6666666666668");
    state_is("", sampling_threshold(10), 1, "ot=th:e");
    state_is("", sampling_threshold(50), 14, "ot=th:8");
    state_is("", 0, 4, "ot=th:0");
    state_is("a=1 , ot=th:c;rv:00000000000001;p:8 ,b=2", sampling_threshold(50), 4, "ot=rv:00000000000001;p:8;th:8,a=1,b=2");
}

static void test_seed(void **unused)
{
    (void)unused;
    struct policy_sampling s = {.percent = 50, .mode = POLICY_HASH_SEED, .precision = 4, .seed = 0x01020304, .fail_closed = true};
    struct slice id = SLICE("000102030405060708090a0b0c0d0e0f"), state = SLICE("ot=rv:00000000000000");
    unsigned char bytes[20];
    for (unsigned i = 0; i < 16; i++) bytes[i] = (unsigned char)i;
    memcpy(bytes + 16, "\x04\x03\x02\x01", 4);
    assert_int_equal(sampling_decide(&s, id, state).keep, sampling_hash(bytes, 20) >= sampling_threshold(50));
    size_t kept = 0;
    for (s.seed = 1; s.seed <= 400; s.seed++) kept += sampling_decide(&s, id, state).keep;
    assert_in_range(kept, 140, 260);
    s.seed = 0;
    assert_false(sampling_decide(&s, id, state).keep);
    assert_false(sampling_decide(&s, SLICE(""), SLICE("")).keep);
    s.fail_closed = false;
    assert_true(sampling_decide(&s, SLICE("00000000000000000000000000000000"), SLICE("")).keep);
    assert_false(sampling_decide(&s, SLICE(""), SLICE("")).write);
}

static void test_disabled_and_invalid(void **unused)
{
    (void)unused;
    forget();
    the_set = policy_set_new();
    assert_true(policy_set_read(the_set,
                                SLICE("[{id: a, name: a, enabled: false, log: {" ANY
                                      ", keep: none}}, {id: b, name: b, log: {match: [], keep: none}}, "
                                      "{id: c, name: c, log: {" ANY ", keep: none}}, {id: c, name: c, log: {" ANY ", keep: all}}]"),
                                POLICY_ANY, "test"));
    the_evaluator = evaluator_new(the_set, POLICY_LOG);
    assert_int_equal(evaluator_count(the_evaluator), 1);
    assert_true(slice_is(evaluator_policy(the_evaluator, 0)->id, "c"));
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
        cmocka_unit_test(test_rate_before_large_percentages),
        cmocka_unit_test(test_only_the_winner_uses_its_window),
        cmocka_unit_test(test_windows_are_fixed),
        cmocka_unit_test(test_sample_keys),
        cmocka_unit_test(test_percentage_without_key),
        cmocka_unit_test(test_redact),
        cmocka_unit_test(test_nested_targets),
        cmocka_unit_test(test_rename_and_counts),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_trace_state),
        cmocka_unit_test(test_seed),
        cmocka_unit_test(test_disabled_and_invalid),
    };
    return cmocka_run_group_tests(tests, NULL, done);
}
