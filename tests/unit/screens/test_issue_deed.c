/* Decisions on issues as requests, what takes them back, what a control plane that offers less is asked instead. */
#include "screens/issue_deed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static json_t *issue(const char *stage)
{
    return json_pack("{ss ss s{ss} s{ss s{ss}} s[{ss ss} {ss ss}]}", "id", "i1", "displayID", "ISS-1", "state", "stage", stage, "service",
                     "id", "s1", "team", "id", "t1", "logEventPolicyProposals", "text", "a: 1", "logEventID", "e1", "text", "b: 1",
                     "logEventID", "e2");
}

static json_t *expect(json_t *deed, const char *operation)
{
    const char *is = "";
    json_t *variables = issue_deed_next(deed, &is);
    assert_non_null(variables);
    assert_string_equal(is, operation);
    return variables;
}

static void expect_end(json_t *deed)
{
    const char *operation;
    assert_null(issue_deed_next(deed, &operation));
}

static void propose(json_t *deed, const char *id)
{
    json_decref(expect(deed, "ProposeIssuePolicy"));
    json_t *data = json_pack("{s{ss ss ss}}", "proposePolicy", "id", id, "state", "PROPOSED", "contentHash", "h");
    assert_true(issue_deed_answered(deed, API_OK, data, ""));
    json_decref(data);
}

static void a_deployment_proposes_and_approves_each(void **state)
{
    json_t *i = issue("open"), *deed = issue_deed_new(DEED_DEPLOY, i, "", "");
    (void)state;
    for (int n = 0; n < 2; n++) {
        propose(deed, n ? "p2" : "p1");
        json_t *v = expect(deed, "ApproveIssuePolicy");
        assert_string_equal(json_string_value(json_object_get(v, "id")), n ? "p2" : "p1");
        assert_string_equal(json_string_value(json_object_get(v, "contentHash")), "h");
        json_decref(v);
        assert_true(issue_deed_answered(deed, API_OK, NULL, ""));
    }
    expect_end(deed);
    assert_false(issue_deed_held(deed));
    json_t *undo = issue_deed_undo(deed);
    json_decref(expect(undo, "DisableIssuePolicy"));
    json_decref(expect(undo, "DisableIssuePolicy"));
    expect_end(undo);
    json_decref(undo);
    json_decref(deed);
    json_decref(i);
}

static void four_eyes_leave_it_proposed(void **state)
{
    json_t *i = issue("open"), *deed = issue_deed_new(DEED_DEPLOY, i, "", "");
    (void)state;
    propose(deed, "p1");
    json_decref(expect(deed, "ApproveIssuePolicy"));
    assert_true(issue_deed_answered(deed, API_DENIED, NULL, "somebody else approves it"));
    assert_true(issue_deed_held(deed));
    assert_string_equal(issue_deed_text(deed, "why"), "somebody else approves it");
    json_t *undo = issue_deed_undo(deed);
    json_decref(expect(undo, "RejectIssuePolicy"));
    json_decref(undo);
    json_decref(deed);
    json_decref(i);
}

static void what_failed_comes_again(void **state)
{
    json_t *i = issue("open"), *deed = issue_deed_new(DEED_CLOSE, i, "done", "");
    (void)state;
    json_decref(expect(deed, "CloseIssue"));
    assert_false(issue_deed_answered(deed, API_UNREACHABLE, NULL, "no connection"));
    json_t *again = expect(deed, "CloseIssue");
    assert_string_equal(json_string_value(json_object_get(again, "note")), "done");
    json_decref(again);
    assert_true(issue_deed_answered(deed, API_OK, NULL, ""));
    expect_end(deed);
    json_decref(deed);
    json_decref(i);
}

static void less_is_asked_where_less_is_offered(void **state)
{
    json_t *i = issue("open"), *deed = issue_deed_new(DEED_IGNORE, i, "intended", "");
    (void)state;
    json_decref(expect(deed, "IgnoreIssueWithReason"));
    assert_true(issue_deed_answered(deed, API_NOT_OFFERED, NULL, "no such field"));
    json_decref(expect(deed, "IgnoreIssue"));
    json_decref(deed);
    deed = issue_deed_new(DEED_ASSIGN, i, "t2", "Payments");
    json_decref(expect(deed, "AssignIssue"));
    assert_true(issue_deed_answered(deed, API_NOT_OFFERED, NULL, "no such field"));
    json_t *v = expect(deed, "AssignServiceToTeam");
    assert_string_equal(json_string_value(json_object_get(v, "serviceID")), "s1");
    json_decref(v);
    json_t *undo = issue_deed_undo(deed);
    v = expect(undo, "AssignIssue");
    assert_string_equal(json_string_value(json_object_get(v, "teamID")), "t1");
    json_decref(v);
    json_decref(undo);
    json_decref(deed);
    json_decref(i);
}

static void what_cannot_be_done_says_why(void **state)
{
    json_t *open = issue("open"), *ignored = issue("ignored");
    (void)state;
    assert_null(issue_deed_refused(DEED_DEPLOY, open));
    assert_string_equal(issue_deed_refused(DEED_REOPEN, open), "it is open");
    assert_non_null(issue_deed_refused(DEED_DEPLOY, ignored));
    assert_null(issue_deed_refused(DEED_REOPEN, ignored));
    assert_null(issue_deed_refused(DEED_ASSIGN, ignored));
    assert_string_equal(issue_deed_refused(DEED_CLOSE, NULL), "it is not loaded yet");
    json_object_del(open, "logEventPolicyProposals");
    assert_non_null(issue_deed_refused(DEED_DEPLOY, open));
    json_decref(open);
    json_decref(ignored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_deployment_proposes_and_approves_each),
        cmocka_unit_test(four_eyes_leave_it_proposed),
        cmocka_unit_test(what_failed_comes_again),
        cmocka_unit_test(less_is_asked_where_less_is_offered),
        cmocka_unit_test(what_cannot_be_done_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
