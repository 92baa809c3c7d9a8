/* Policies over GraphQL: who may what, filters and pages, specs there and back. */
#include "tests/unit/control-plane-api/ask.h"

static const char propose_document[] =
    "mutation($t: String!, $c: String, $r: PolicyRisk) { proposePolicy(input: {text: $t, category: $c, risk: $r}) { id contentHash } }";

static json_t *propose(struct asked *a, const char *id, const char *category, const char *risk)
{
    char *text =
        xasprintf("id: %s\\nname: Name of %s\\nlog:\\n  match:\\n    - log_field: body\\n      contains: x\\n  keep: none\\n", id, id);
    char *variables = xasprintf("{\"t\":\"%s\",\"c\":\"%s\",\"r\":\"%s\"}", text, category, risk);
    json_t *answer = ask_well(a, propose_document, variables);
    free(text);
    free(variables);
    return answer;
}

static json_t *approve(struct asked *a, const char *viewer, const char *id, const char *hash)
{
    struct api_caller before = a->caller;
    snprintf(a->caller.viewer, sizeof a->caller.viewer, "%s", viewer);
    char *variables = xasprintf("{\"i\":\"%s\",\"h\":\"%s\"}", id, hash);
    json_t *answer = ask(a, "mutation($i: ID!, $h: String!) { approvePolicy(id: $i, contentHash: $h) { state } }", variables);
    free(variables);
    a->caller = before;
    return answer;
}

static const char *code(json_t *answer) { return text_at(answer, "errors.0.extensions.code"); }

static void four_eyes_by_who_asks(void **state)
{
    struct asked *a = *state;
    json_decref(ask_well(a, "mutation { updatePolicySettings(fourEyes: true) { fourEyes } }", NULL));
    json_t *p = propose(a, "four", "x", "LOW");
    const char *id = text_at(p, "data.proposePolicy.id"), *hash = text_at(p, "data.proposePolicy.contentHash");
    json_t *own = approve(a, "uid:1000", id, hash), *wrong = approve(a, "uid:2000", id, "0"), *other = approve(a, "uid:2000", id, hash);
    assert_string_equal(code(own), "FORBIDDEN");
    assert_string_equal(code(wrong), "CONFLICT");
    assert_string_equal(text_at(other, "data.approvePolicy.state"), "ACTIVE");
    json_decref(own);
    json_decref(wrong);
    json_decref(other);
    json_decref(p);
}

static void readers_change_nothing(void **state)
{
    struct asked *a = *state;
    static const char *const documents[] = {
        "mutation { proposePolicy(input: {text: \"\"}) { id } }",
        "mutation { importPolicies(input: {text: \"\"}) { created } }",
        "mutation { approvePolicies(input: {risk: LOW}) { failed } }",
        "mutation { rejectPolicies(input: {risk: LOW}, reason: \"x\") { failed } }",
        "mutation { disablePolicies(input: {risk: LOW}) { failed } }",
        "mutation { enablePolicies(input: {risk: LOW}) { failed } }",
        "mutation { approvePolicy(id: \"POL-1\", contentHash: \"x\") { id } }",
        "mutation { rejectPolicy(id: \"POL-1\", reason: \"x\") { id } }",
        "mutation { editPolicy(id: \"POL-1\", text: \"x\") { id } }",
        "mutation { disablePolicy(id: \"POL-1\") { id } }",
        "mutation { enablePolicy(id: \"POL-1\") { id } }",
        "mutation { rollBackPolicy(id: \"POL-1\", version: 1) { id } }",
        "mutation { deletePolicy(id: \"POL-1\") }",
        "mutation { proposeDraft(id: \"POL-1\") { id } }",
        "mutation { createLogEventPolicy(input: {spec: {}}) { id } }",
        "mutation { updatePolicySettings(fourEyes: true) { fourEyes } }",
    };
    json_decref(propose(a, "one", "x", "LOW"));
    int64_t rows = number(a->f->store, "SELECT count(*) FROM audit_log");
    a->caller.may_write = false;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        json_t *answer = ask(a, documents[i], NULL);
        if (strcmp(code(answer), "FORBIDDEN") != 0) fail_msg("%s: %s", documents[i], code(answer));
        json_decref(answer);
    }
    assert_int_equal(number(a->f->store, "SELECT count(*) FROM audit_log"), rows);
}

static int64_t found(struct asked *a, const char *where)
{
    char *document = xasprintf("{ logEventPolicies(where: {%s}) { totalCount edges { node { id } } } }", where);
    json_t *answer = ask_well(a, document, NULL);
    int64_t n = json_integer_value(at(answer, "data.logEventPolicies.totalCount"));
    assert_int_equal(json_array_size(at(answer, "data.logEventPolicies.edges")), n);
    json_decref(answer);
    free(document);
    return n;
}

static void filters_and_pages(void **state)
{
    struct asked *a = *state;
    for (int i = 0; i < 7; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%d", i);
        json_decref(propose(a, id, i % 2 ? "bot-traffic" : "health-checks", i < 3 ? "LOW" : "HIGH"));
    }
    assert_int_equal(found(a, "risk: LOW"), 3);
    assert_int_equal(found(a, "riskNEQ: LOW, category: \"bot-traffic\""), 2);
    assert_int_equal(found(a, "categoryIn: [\"bot-traffic\", \"health-checks\"], state: PROPOSED"), 7);
    assert_int_equal(found(a, "stateNotIn: [PROPOSED]"), 0);
    assert_int_equal(found(a, "status: active"), 0);
    assert_int_equal(found(a, "policyIDHasPrefix: \"p\", numberGT: 5"), 2);
    assert_int_equal(found(a, "or: [{name: \"Name of p1\"}, {signal: METRIC}]"), 1);
    assert_int_equal(found(a, "hasLogEvent: true"), 0);
    assert_int_equal(found(a, "not: {action: DROP}"), 0);
    json_t *first = ask_well(a,
                             "{ logEventPolicies(first: 4, orderBy: {field: NAME, direction: DESC}) { edges { node { name } }"
                             " pageInfo { endCursor hasNextPage } } }",
                             NULL);
    assert_string_equal(text_at(first, "data.logEventPolicies.edges.0.node.name"), "Name of p6");
    char *variables = xasprintf("{\"c\":\"%s\"}", text_at(first, "data.logEventPolicies.pageInfo.endCursor"));
    json_t *rest = ask_well(a,
                            "query($c: Cursor) { logEventPolicies(first: 4, after: $c, orderBy: {field: NAME, direction: DESC})"
                            " { edges { node { name } } pageInfo { hasNextPage } } }",
                            variables);
    assert_int_equal(json_array_size(at(rest, "data.logEventPolicies.edges")), 3);
    assert_string_equal(text_at(rest, "data.logEventPolicies.edges.0.node.name"), "Name of p2");
    json_decref(first);
    json_decref(rest);
    free(variables);
}

static void specs_there_and_back(void **state)
{
    struct asked *a = *state;
    json_t *events = ask_well(a, "{ logEvents(first: 1) { edges { node { id } } } }", NULL);
    char *variables = xasprintf("{\"e\":\"%s\"}", text_at(events, "data.logEvents.edges.0.node.id"));
    json_t *answer = ask_well(
        a,
        "mutation($e: ID!) { createLogEventPolicy(input: {logEventID: $e, spec: {sample: {enabled: true, intervalSeconds: 30},"
        " trim: {enabled: true, targetPaths: [[\"attributes\", \"http.body\"], [\"resource\", \"a\", \"b\"]]},"
        " redact: {entries: [{targetPaths: [[\"body\"]], regex: \"[0-9]+\", replacement: \"N\"}]},"
        " rewrite: {severity: {value: \"DEBUG\"}, fields: [{from: [\"attributes\", \"lvl\"], to: [\"attributes\", \"level\"]}]}}}) {"
        " state sourceKind logEventID preview { certain { eventCount } } spec { drop { enabled } sample { enabled intervalSeconds }"
        " trim { targetPaths } redact { entries { targetPaths regex replacement } } rewrite { severity { value } fields { from to } } } } "
        "}",
        variables);
    json_t *spec = at(answer, "data.createLogEventPolicy.spec");
    char *text = json_dumps(spec, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, "{\"drop\":{\"enabled\":false},\"redact\":{\"entries\":[{\"regex\":\"[0-9]+\",\"replacement\":\"N\","
                              "\"targetPaths\":[[\"body\"]]}]},\"rewrite\":{\"fields\":[{\"from\":[\"attributes\",\"lvl\"],\"to\":"
                              "[\"attributes\",\"level\"]}],\"severity\":{\"value\":\"DEBUG\"}},\"sample\":{\"enabled\":true,"
                              "\"intervalSeconds\":30},\"trim\":{\"targetPaths\":[[\"attributes\",\"http.body\"],[\"resource\",\"a\","
                              "\"b\"]]}}");
    assert_string_equal(text_at(answer, "data.createLogEventPolicy.sourceKind"), "log_event");
    assert_true(json_integer_value(at(answer, "data.createLogEventPolicy.preview.certain.eventCount")) >= 1);
    json_t *none = ask(a, "mutation($e: ID!) { createLogEventPolicy(input: {logEventID: $e, spec: {}}) { id } }", variables);
    assert_string_equal(code(none), "BAD_USER_INPUT");
    free(text);
    free(variables);
    json_decref(events);
    json_decref(answer);
    json_decref(none);
}

static void texts_in_every_format(void **state)
{
    struct asked *a = *state;
    json_decref(propose(a, "t", "health-checks", "LOW"));
    json_t *answer = ask_well(a,
                              "{ logEventPolicy(id: \"POL-1\") { yaml: text json: text(format: JSON) proto: text(format: PROTO_JSON)"
                              " conditions effects lint { rule } } }",
                              NULL);
    assert_non_null(strstr(text_at(answer, "data.logEventPolicy.yaml"), "keep: none"));
    json_error_t error;
    json_t *json = json_loads(text_at(answer, "data.logEventPolicy.json"), 0, &error);
    json_t *proto = json_loads(text_at(answer, "data.logEventPolicy.proto"), 0, &error);
    assert_non_null(json);
    assert_true(json_is_true(json_object_get(proto, "enabled")));
    assert_string_equal(text_at(answer, "data.logEventPolicy.effects.0"), "keep none");
    json_t *missing = ask(a, "{ logEventPolicy(id: \"POL-1\") { text(version: 9) } }", NULL);
    assert_string_equal(code(missing), "NOT_FOUND");
    json_decref(json);
    json_decref(proto);
    json_decref(answer);
    json_decref(missing);
}

static void previews_of_one_request_are_bounded(void **state)
{
    struct asked *a = *state;
    struct buf document;
    buf_init(&document, 1 << 20);
    buf_str(&document, "{");
    for (int i = 0; i < 190; i++)
        buf_printf(&document,
                   " p%d: previewPolicy(text: \"{\\\"id\\\":\\\"a\\\",\\\"name\\\":\\\"a\\\",\\\"log\\\":{\\\"match\\\":"
                   "[{\\\"log_field\\\":\\\"body\\\",\\\"contains\\\":\\\"x\\\"}],\\\"keep\\\":\\\"none\\\"}}\", first: 0) { complete }",
                   i);
    buf_str(&document, " }");
    json_t *answer = ask(a, document.data, NULL);
    assert_string_equal(code(answer), "LIMIT_EXCEEDED");
    assert_non_null(strstr(text_at(answer, "errors.0.message"), "previews"));
    json_decref(answer);
    buf_free(&document);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, asked_setup, asked_teardown)
    const struct CMUnitTest tests[] = {
        TEST(four_eyes_by_who_asks), TEST(readers_change_nothing), TEST(filters_and_pages),
        TEST(specs_there_and_back),  TEST(texts_in_every_format),  TEST(previews_of_one_request_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
