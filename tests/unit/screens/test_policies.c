/* What may be done to a policy, and texts compared line by line. */
#include "base/buf.h"
#include "screens/policy_diff.h"
#include "screens/policy_verb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void line(void *context, char mark, struct slice text)
{
    struct buf *out = context;
    buf_char(out, mark);
    buf_add(out, text.ptr, text.len);
    buf_char(out, '\n');
}

static void compare(const char *before, const char *after, int around, long changed, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    assert_int_equal(policy_diff_lines(slice_str(before), slice_str(after), around, line, &out), changed);
    assert_string_equal(out.data ? out.data : "", expected);
    buf_free(&out);
}

static void test_diff(void **state)
{
    (void)state;
    compare("", "", 2, 0, "");
    compare("a\nb\n", "a\nb\n", 2, 0, "~\n");
    compare("", "a\n", 2, 1, "+a\n");
    compare("a\n", "", 2, 1, "-a\n");
    compare("a\nkeep: none\nz\n", "a\nkeep: all\nz\n", 2, 2, " a\n-keep: none\n+keep: all\n z\n");
    compare("1\n2\n3\n4\n5\n", "1\n2\n3\n4\n5\n6\n", 1, 1, "~\n 5\n+6\n");
    compare("a\nb\nc\nd\ne\nf\ng\n", "x\nb\nc\nd\ne\nf\ny\n", 1, 4, "-a\n+x\n b\n~\n f\n-g\n+y\n");
    compare("a", "a\n", 0, 0, "~\n");
}

static void test_diff_of_too_much(void **state)
{
    (void)state;
    struct buf text, out;
    buf_init(&text, 1 << 16);
    buf_init(&out, 1 << 16);
    for (int i = 0; i <= DIFF_LINES_MAX; i++) buf_str(&text, "x\n");
    assert_int_equal(policy_diff_lines(buf_view(&text), slice_str("a"), 2, line, &out), -1);
    assert_int_equal(out.len, 0);
    buf_free(&text);
    buf_free(&out);
}

static json_t *policy(const char *state) { return json_pack("{ssss}", "state", state, "requester", "uid:7"); }

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        enum policy_verb verb;
        const char *state, *why; /* NULL: it can be done */
    } cases[] = {
        {VERB_APPROVE, "PROPOSED", NULL},
        {VERB_APPROVE, "DRAFT", "only a proposal can be approved; this policy is draft"},
        {VERB_REJECT, "PROPOSED", NULL},
        {VERB_REJECT, "ACTIVE", "only a proposal can be rejected; this policy is active"},
        {VERB_PROPOSE, "DRAFT", NULL},
        {VERB_PROPOSE, "PROPOSED", "only a draft can be proposed; this policy is proposed"},
        {VERB_DISABLE, "ACTIVE", NULL},
        {VERB_DISABLE, "DISABLED", "only an active policy can be disabled; this one is disabled"},
        {VERB_ENABLE, "DISABLED", NULL},
        {VERB_ENABLE, "APPROVED", NULL},
        {VERB_ENABLE, "ACTIVE", "only an approved or disabled policy can be enabled; this one is active"},
        {VERB_ROLL_BACK, "ACTIVE", NULL},
        {VERB_ROLL_BACK, "SUPERSEDED", "a policy that is superseded cannot be changed"},
        {VERB_APPROVE, "", "only a proposal can be approved; this policy is "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *node = policy(cases[i].state);
        const char *why = policy_verb_refused(cases[i].verb, node, "uid:8", true);
        if (cases[i].why) assert_string_equal(why, cases[i].why);
        else assert_null(why);
        json_decref(node);
    }
    assert_string_equal(policy_verb_refused(VERB_APPROVE, NULL, "", false), "it is not loaded yet");
}

static void test_four_eyes(void **state)
{
    (void)state;
    json_t *node = policy("PROPOSED");
    assert_null(policy_verb_refused(VERB_APPROVE, node, "uid:7", false));
    assert_non_null(policy_verb_refused(VERB_APPROVE, node, "uid:7", true));
    assert_null(policy_verb_refused(VERB_APPROVE, node, "", true));
    assert_null(policy_verb_refused(VERB_REJECT, node, "uid:7", true));
    json_decref(node);
    json_t *data = json_pack("{s{s[{s{s{sb}}}]}}", "accounts", "edges", "node", "policySettings", "fourEyes", 1);
    assert_true(policy_four_eyes(data));
    assert_false(policy_four_eyes(NULL));
    json_decref(data);
}

static void test_turn(void **state)
{
    (void)state;
    static const char *const on[] = {"DISABLED", "APPROVED"}, *const off[] = {"ACTIVE", "PROPOSED", "DRAFT"};
    for (size_t i = 0; i < 2; i++) {
        json_t *node = policy(on[i]);
        assert_int_equal(policy_verb_turn(node), VERB_ENABLE);
        json_decref(node);
    }
    for (size_t i = 0; i < 3; i++) {
        json_t *node = policy(off[i]);
        assert_int_equal(policy_verb_turn(node), VERB_DISABLE);
        json_decref(node);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diff),    cmocka_unit_test(test_diff_of_too_much),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_four_eyes),
        cmocka_unit_test(test_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
