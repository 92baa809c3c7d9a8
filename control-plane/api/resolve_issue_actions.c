/* Policies of an issue: as policies, and as actions. */
#include "control-plane/api/connection.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"

static void of_issue(struct gql_call *call, const struct entity *entity)
{
    const struct issue *i = gql_parent(call);
    connection_answer(call, entity, (struct scope){.account = context_of(call)->account_row, .issue = i->id});
}

static void policies(struct gql_call *call) { of_issue(call, &entity_policy); }
static void actions(struct gql_call *call) { of_issue(call, &entity_issue_action); }

static const struct issue_action *action(struct gql_call *call) { return gql_parent(call); }
static void id(struct gql_call *call) { leaf_id(call, action(call)->id); }
static void account_id(struct gql_call *call) { leaf_id(call, context_of(call)->account); }
static void issue_id(struct gql_call *call) { leaf_id(call, action(call)->issue); }
static void kind(struct gql_call *call) { gql_string(call, SLICE("apply_log_event_policy")); }
static void status(struct gql_call *call) { gql_string(call, action(call)->status); }
static void error(struct gql_call *call) { leaf_optional(call, action(call)->error); }
static void created(struct gql_call *call) { gql_time(call, action(call)->created); }
static void updated(struct gql_call *call) { gql_time(call, action(call)->updated); }
static void issue(struct gql_call *call) { gql_object(call, issue_by_id(context_of(call), action(call)->issue)); }

static void payload(struct gql_call *call)
{
    char text[UUID_TEXT + 1];
    struct buf json;
    buf_init(&json, 256);
    id_text(action(call)->id, text);
    buf_printf(&json, "{\"logEventPolicyID\":\"%s\",\"displayID\":\"POL-%lld\"}", text, (long long)action(call)->number);
    gql_json(call, buf_view(&json));
    buf_free(&json);
}

const struct gql_binding issue_action_bindings[] = {
    {"Issue", "logEventPolicies", policies},
    {"Issue", "issueActions", actions},
    {"IssueAction", "id", id},
    {"IssueAction", "accountID", account_id},
    {"IssueAction", "issueID", issue_id},
    {"IssueAction", "kind", kind},
    {"IssueAction", "status", status},
    {"IssueAction", "payload", payload},
    {"IssueAction", "error", error},
    {"IssueAction", "createdAt", created},
    {"IssueAction", "updatedAt", updated},
    {"IssueAction", "issue", issue},
    {NULL, NULL, NULL},
};
