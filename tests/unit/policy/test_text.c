/* Lint and semantic diff. */
#include "tests/unit/policy/lib.h"

#include "policy/diff.h"
#include "policy/lint.h"

struct seen_rules {
    char text[2000];
    size_t errors;
};

static void note(void *context, const struct finding *f)
{
    struct seen_rules *s = context;
    if (*s->text) strcat(s->text, " ");
    strcat(s->text, f->rule);
    s->errors += f->level == LINT_ERROR;
}

static void lints(const char *policy, const char *rules)
{
    struct seen_rules s = {0};
    struct policy_set *set = policy_set_new();
    (void)policy_set_read(set, slice_str(policy), POLICY_YAML, "file");
    size_t errors = policy_lint(set, note, &s);
    assert_int_equal(errors, s.errors);
    if (strcmp(s.text, rules) != 0) fail_msg("%s\nwanted: %s\nfound:  %s", policy, rules, s.text);
    policy_set_free(set);
}

#define LOG(match, rest) "{id: a, name: a, log: {match: [" match "], " rest "}}"
#define SERVICE          "{resource_attribute: service.name, exact: shop}"

static void test_lint(void **unused)
{
    (void)unused;
    lints(LOG(SERVICE, "keep: none"), "");
    lints(LOG(SERVICE ", {log_field: body, regex: 'a*'}", "keep: none"), "regex-empty");
    lints(LOG(SERVICE ", {log_field: body, regex: '^.*x'}", "keep: none"), "");
    lints(LOG(SERVICE ", {log_field: body, regex: 'x$'}", "keep: none"), "regex-end");
    lints(LOG(SERVICE ", {log_field: body, regex: 'x\\$[$]'}", "keep: none"), "");
    lints(LOG(SERVICE ", {log_field: body, regex: 'é.b'}", "keep: none"), "regex-unicode");
    lints(LOG(SERVICE ", {log_field: body, regex: '(?U)a+'}", "keep: none"), "regex-flag");
    lints(LOG("{log_field: body, regex: '.*'}", "keep: none"), "regex-empty matches-everything");
    lints(LOG("{log_field: body, exists: true}", "keep: none"), "matches-everything");
    lints(LOG("{log_field: body, exists: true}", "keep: all, transform: {remove: [{log_attribute: a}]}"), "");
    lints(LOG(SERVICE, "keep: all"), "no-effect");
    lints(LOG(SERVICE, "keep: none, transform: {remove: [{log_attribute: a}]}"), "no-effect");
    lints(LOG(SERVICE, "keep: 10%"), "no-sample-key");
    lints(LOG(SERVICE, "keep: 10%, sample_key: {log_field: trace_id}"), "");
    lints(LOG(SERVICE, "keep: none, sample_key: {log_field: trace_id}"), "no-effect");
    lints(LOG(SERVICE ", {resource_attribute: service.name, exact: cart}", "keep: none"), "never");
    lints(LOG("{log_attribute: http.status, exact: '200'}", "keep: none"), "number-as-text");
    lints(LOG("{log_attribute: a, contains: ''}", "keep: none"), "empty-text matches-everything");
    lints(LOG("{log_attribute: [a, b.c], exact: x}", "keep: none"), "dotted-path");
    lints(LOG(SERVICE, "keep: all, transform: {rename: [{from_log_field: body, to: b}]}"), "no-effect");
    lints(LOG(SERVICE, "keep: all, transform: {redact: [{log_attribute: [a, b], regex: 'x'}]}"), "nested-target");
    lints("{id: a, name: a, metric: {match: [{metric_type: sum}], keep: true}}", "no-effect");
    lints("{id: a, name: a, metric: {match: [{metric_field: name, exact: m}]}}", "reading");
    lints("{id: a, log: {match: [{log_field: body}], keep: x, extra: 1}}", "invalid invalid reading reading");
    lints("[{id: a, name: a, metric: {match: [{metric_type: sum}], keep: false}}, {id: a, name: b, metric: {match: [{metric_type: sum}], "
          "keep: false}}]",
          "invalid");
    lints("a: [", "unreadable");
}

static void note_change(void *context, const struct policy_change *c)
{
    char *text = context;
    static const char *const signs = "+-~";
    size_t n = strlen(text);
    snprintf(text + n, 4000 - n, "%c %.*s|%.*s|%.*s|%.*s\n", signs[c->kind], (int)c->policy_id.len, c->policy_id.ptr, (int)c->place.len,
             c->place.ptr, (int)c->before.len, c->before.ptr, (int)c->after.len, c->after.ptr);
}

static void differs(const char *before, const char *after, const char *changes)
{
    char text[4000] = "";
    struct policy_set *a = policy_set_new(), *b = policy_set_new();
    assert_true(policy_set_read(a, slice_str(before), POLICY_YAML, "a") && policy_set_read(b, slice_str(after), POLICY_YAML, "b"));
    (void)policy_set_diff(a, b, note_change, text);
    assert_string_equal(text, changes);
    policy_set_free(a);
    policy_set_free(b);
}

static void test_diff(void **unused)
{
    (void)unused;
    differs(LOG("{log_field: body, exact: x}, " SERVICE, "keep: none"),
            "{\"log\": {\"keep\": \"NONE\", \"match\": [{\"resourceAttribute\": {\"path\": [\"service.name\"]}, \"equals\": \"shop\"}, "
            "{\"negate\": false, \"logField\": 1, \"exact\": \"x\"}]}, "
            "\"enabled\": true, \"name\": \"a\", \"id\": \"a\"}",
            "");
    differs(LOG(SERVICE, "keep: none"), LOG(SERVICE ", {log_field: body, regex: x}", "keep: 10/5s"),
            "+ a|match||body matches /x/\n~ a|keep|none|10/5s\n");
    differs(LOG(SERVICE, "keep: none"), "{id: b, name: b, log: {match: [" SERVICE "]}}", "- a||a|\n+ b|||b\n");
    differs("{id: a, name: a, enabled: false, trace: {match: [{span_kind: server}]}}",
            "{id: a, name: b, trace: {match: [{span_kind: server}], keep: {percentage: 5}}}",
            "~ a|name|a|b\n~ a|enabled|false|true\n~ a|keep|100% by hash seed, precision 4, seed 0, without randomness drop|5% by hash "
            "seed, precision 4, seed 0, without randomness drop\n");
    differs(LOG(SERVICE, "keep: all, transform: {remove: [{log_attribute: a}], add: [{log_attribute: b, value: c}]}"),
            LOG(SERVICE, "keep: all, transform: {remove: [{log_attribute: a}, {log_attribute: d}], add: [{log_attribute: b, value: c}]}"),
            "+ a|transform||remove log_attribute d\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lint), cmocka_unit_test(test_diff)};
    (void)judge;
    (void)use;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
