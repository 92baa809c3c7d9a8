#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_spec.h"

enum { SPEC_MAX = 256 * 1024 };

struct policy_actor policy_actor_of(const struct gql_call *call)
{
    struct request_context *x = context_of(call);
    return (struct policy_actor){.name = slice_str(x->viewer), .account = x->account_row, .now_ns = x->now_ns};
}

bool policy_may_write(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    if (x->may_write && x->mutation) return true;
    gql_fail(call, "FORBIDDEN", "%s may not change anything here", x->viewer);
    return false;
}

void policy_note(struct request_context *x, const struct policy_answer *answer)
{
    if (answer->outcome == POLICY_STORE_FAILED) x->failed = true;
    if (answer->published) x->publish = true;
}

bool policy_settled(struct gql_call *call, const struct policy_answer *answer)
{
    policy_note(context_of(call), answer);
    if (answer->outcome == POLICY_DONE) return true;
    gql_fail(call, policy_outcome_code(answer->outcome), "%s", answer->message);
    return false;
}

static void answer_policy(struct gql_call *call, const struct policy_answer *a)
{
    if (policy_settled(call, a)) gql_object(call, policy_by_id(context_of(call), a->id));
}

static bool find(struct gql_call *call, struct id128 *id)
{
    struct request_context *x = context_of(call);
    if (!policy_may_write(call)) return false;
    if (policies_id(x->db, x->account_row, gql_arg(call, "id")->text, id)) return true;
    gql_fail(call, "NOT_FOUND", "no such policy");
    return false;
}

/* ---- new policies ---- */

static bool given(const struct gql_value *v) { return v && v->kind != GQL_V_NULL; }

/* False: not an id; the call was answered. Absent: zero. */
static bool read_id(struct gql_call *call, const struct gql_value *input, const char *name, struct id128 *id)
{
    const struct gql_value *v = gql_entry(input, name);
    *id = (struct id128){0, 0};
    if (!given(v) || id_parse(v->text, id)) return true;
    gql_fail(call, "BAD_USER_INPUT", "%s: not an id", name);
    return false;
}

static enum policy_risk risk_of(const struct gql_value *v)
{
    if (!given(v)) return RISK_UNKNOWN;
    return slice_is(v->text, "LOW") ? RISK_LOW : slice_is(v->text, "MEDIUM") ? RISK_MEDIUM : RISK_HIGH;
}

static bool read_origin(struct gql_call *call, const struct gql_value *input, struct policy_origin *o)
{
    struct request_context *x = context_of(call);
    const struct gql_value *supersedes = gql_entry(input, "supersedesID");
    o->reason = optional_text(gql_entry(input, "reason"));
    o->draft = optional_bool(gql_entry(input, "draft"), false);
    o->links.category = optional_text(gql_entry(input, "category"));
    o->links.risk = risk_of(gql_entry(input, "risk"));
    if (!read_id(call, input, "issueID", &o->links.issue) || !read_id(call, input, "logEventID", &o->links.log_event)) return false;
    if (!given(supersedes) || policies_id(x->db, x->account_row, supersedes->text, &o->supersedes)) return true;
    gql_fail(call, "NOT_FOUND", "supersedesID: no such policy");
    return false;
}

static void propose(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input");
    struct policy_origin origin = {.source = SOURCE_MANUAL};
    if (!policy_may_write(call) || !read_origin(call, input, &origin)) return;
    if (origin.links.log_event.hi || origin.links.issue.hi) origin.source = SOURCE_LOG_EVENT;
    struct policy_actor who = policy_actor_of(call);
    struct policy_answer a = policies_create(context_of(call)->db, &who, gql_entry(input, "text")->text, &origin);
    answer_policy(call, &a);
}

static void create_from_spec(struct gql_call *call, const struct gql_value *input, const struct log_event *e, struct policy_origin *origin)
{
    struct buf json;
    const char *problem = NULL;
    buf_init(&json, SPEC_MAX);
    if (policy_from_spec(e, gql_entry(input, "spec"), &json, &problem)) {
        struct policy_actor who = policy_actor_of(call);
        origin->links.log_event = e->id;
        struct policy_answer a = policies_create(context_of(call)->db, &who, buf_view(&json), origin);
        answer_policy(call, &a);
    } else {
        gql_fail(call, "BAD_USER_INPUT", "%s", problem);
    }
    buf_free(&json);
}

static void create(struct gql_call *call)
{
    const struct gql_value *input = gql_arg(call, "input");
    struct policy_origin origin = {.source = SOURCE_LOG_EVENT, .unique_id = true};
    struct id128 event;
    if (!policy_may_write(call) || !read_id(call, input, "issueID", &origin.links.issue) || !read_id(call, input, "logEventID", &event))
        return;
    struct log_event *e = event.hi || event.lo ? log_event_by_id(context_of(call), event) : NULL;
    if (e) create_from_spec(call, input, e, &origin);
    else if (event.hi || event.lo) gql_fail(call, "NOT_FOUND", "no such log event");
    else gql_fail(call, "BAD_USER_INPUT", "logEventID is needed: the spec says what to do, the log event to what");
}

/* ---- changes ---- */

static void edit(struct gql_call *call)
{
    struct id128 id;
    struct request_context *x = context_of(call);
    if (!find(call, &id)) return;
    struct slice base = optional_text(gql_arg(call, "contentHash"));
    struct policy_row *p = policy_by_id(x, id);
    if (p && base.len && !slice_eq(base, p->hash)) {
        gql_fail(call, "CONFLICT", "the policy was changed since: its content hash is %.*s", (int)p->hash.len, p->hash.ptr);
        return;
    }
    struct policy_actor who = policy_actor_of(call);
    struct policy_answer a = policies_edit(x->db, &who, id, gql_arg(call, "text")->text, optional_text(gql_arg(call, "reason")));
    answer_policy(call, &a);
}

static void roll_back(struct gql_call *call)
{
    struct id128 id;
    if (!find(call, &id)) return;
    struct policy_actor who = policy_actor_of(call);
    struct policy_answer a =
        policies_roll_back(context_of(call)->db, &who, id, gql_arg(call, "version")->integer, optional_text(gql_arg(call, "reason")));
    answer_policy(call, &a);
}

static void move(struct gql_call *call, enum policy_move m)
{
    struct id128 id;
    if (!find(call, &id)) return;
    struct policy_actor who = policy_actor_of(call);
    struct policy_order order = {
        .move = m, .hash = optional_text(gql_arg(call, "contentHash")), .reason = optional_text(gql_arg(call, "reason"))};
    struct policy_answer a = policies_move(context_of(call)->db, &who, id, &order);
    if (m != MOVE_DELETE) answer_policy(call, &a);
    else if (policy_settled(call, &a)) gql_bool(call, true);
}

static void approve(struct gql_call *call)
{
    move(call, optional_bool(gql_arg(call, "activate"), true) ? MOVE_APPROVE : MOVE_APPROVE_HELD);
}

static void propose_draft(struct gql_call *call) { move(call, MOVE_PROPOSE); }
static void reject(struct gql_call *call) { move(call, MOVE_REJECT); }
static void disable(struct gql_call *call) { move(call, MOVE_DISABLE); }
static void enable(struct gql_call *call) { move(call, MOVE_ENABLE); }
static void delete_draft(struct gql_call *call) { move(call, MOVE_DELETE); }

static void update_settings(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    if (!policy_may_write(call)) return;
    struct policy_actor who = policy_actor_of(call);
    struct policy_answer a = policies_set_four_eyes(x->db, &who, x->account, gql_arg(call, "fourEyes")->boolean);
    if (policy_settled(call, &a)) gql_object(call, request_account(x));
}

const struct gql_binding policy_mutation_bindings[] = {
    {"Mutation", "createLogEventPolicy", create},
    {"Mutation", "proposePolicy", propose},
    {"Mutation", "proposeDraft", propose_draft},
    {"Mutation", "approvePolicy", approve},
    {"Mutation", "rejectPolicy", reject},
    {"Mutation", "editPolicy", edit},
    {"Mutation", "disablePolicy", disable},
    {"Mutation", "enablePolicy", enable},
    {"Mutation", "rollBackPolicy", roll_back},
    {"Mutation", "deletePolicy", delete_draft},
    {"Mutation", "updatePolicySettings", update_settings},
    {NULL, NULL, NULL},
};
