/* Short ways to ask the evaluator. Header only; every test program is one C file. */
#ifndef TESTS_POLICY_LIB_H
#define TESTS_POLICY_LIB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy/otlp.h"

#include <stdio.h>
#include <stdlib.h>

static struct policy_set *the_set;
static struct evaluator *the_evaluator;
static struct evaluation *the_evaluation;
static struct otlp *the_otlp;

static void forget(void)
{
    evaluation_free(the_evaluation);
    evaluator_free(the_evaluator);
    policy_set_free(the_set);
    otlp_free(the_otlp);
    the_evaluation = NULL;
    the_evaluator = NULL;
    the_set = NULL;
    the_otlp = NULL;
}

/* Policies in YAML or JSON; all must be valid. */
static void use(const char *policies, enum policy_signal signal)
{
    forget();
    the_set = policy_set_new();
    if (!policy_set_read(the_set, slice_str(policies), POLICY_ANY, "test")) fail_msg("%s", the_set->errors[0].message.ptr);
    for (size_t i = 0; i < the_set->count; i++)
        if (!policy_valid(the_set->policies[i])) fail_msg("%s", the_set->policies[i]->errors[0].message.ptr);
    the_evaluator = evaluator_new(the_set, signal);
    the_evaluation = evaluation_new(the_evaluator, 0);
    the_otlp = otlp_new();
}

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, 0, &error);
    if (!value) fail_msg("%s in %s", error.text, text);
    return value;
}

/* One record (in JSON, with ' for ") in a resource with `resource` attributes; the record as it is after. */
static struct verdict judge_at(const char *record, int64_t now_ns, char **after)
{
    char text[8192];
    snprintf(text, sizeof text, "%s", record);
    for (char *p = text; *p; p++)
        if (*p == '\'') *p = '"';
    json_t *r = parse(text),
           *resource = parse("{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"shop\"}}]}}"),
           *scope = parse("{\"scope\":{\"name\":\"lib\"}}");
    enum policy_signal signal = evaluator_count(the_evaluator) ? evaluator_policy(the_evaluator, 0)->signal : POLICY_LOG;
    otlp_at(the_otlp, signal, resource, scope, r);
    struct verdict d = signal == POLICY_LOG      ? evaluate_log(the_evaluation, &otlp_ops, the_otlp, now_ns)
                       : signal == POLICY_METRIC ? evaluate_metric(the_evaluation, &otlp_ops, the_otlp)
                                                 : evaluate_span(the_evaluation, &otlp_ops, the_otlp);
    if (after) *after = json_dumps(r, JSON_COMPACT);
    json_decref(r);
    json_decref(resource);
    json_decref(scope);
    return d;
}

static struct verdict judge(const char *record) { return judge_at(record, 0, NULL); }

/* Whether one matcher (in YAML's flow form) matches the record. */
__attribute__((unused)) static bool matches(enum policy_signal signal, const char *matcher, const char *record)
{
    static const char *const keeps[] = {"", "none", "false", "{percentage: 0}"};
    char policy[2048];
    snprintf(policy, sizeof policy, "{id: p, name: n, %s: {match: [%s], keep: %s}}", policy_signal_name(signal), matcher, keeps[signal]);
    the_set = (forget(), NULL);
    the_set = policy_set_new();
    if (!policy_set_read(the_set, slice_str(policy), POLICY_YAML, "test")) fail_msg("%s", the_set->errors[0].message.ptr);
    if (!policy_valid(the_set->policies[0])) fail_msg("%s: %s", matcher, the_set->policies[0]->errors[0].message.ptr);
    the_evaluator = evaluator_new(the_set, signal);
    the_evaluation = evaluation_new(the_evaluator, 0);
    the_otlp = otlp_new();
    return judge(record).matched_count == 1;
}

#define MATCHES(signal, matcher, record)     assert_true(matches(signal, matcher, record))
#define MATCHES_NOT(signal, matcher, record) assert_false(matches(signal, matcher, record))

/* The record after the policies, with ' for ". */
__attribute__((unused)) static void becomes(const char *policies, const char *record, const char *wanted)
{
    char *after;
    use(policies, POLICY_LOG);
    (void)judge_at(record, 0, &after);
    for (char *p = after; *p; p++)
        if (*p == '"') *p = '\'';
    assert_string_equal(after, wanted);
    free(after);
}

#endif
