#include "control-plane/api/connection.h"
#include "control-plane/api/items.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"

#include <stdio.h>

static const struct policy_row *policy(struct gql_call *call) { return gql_parent(call); }

/* ---- queries ---- */

static void one(struct gql_call *call) { gql_object(call, policy_argument(call, "id")); }

static void all(struct gql_call *call)
{
    connection_answer(call, &entity_policy, (struct scope){.account = context_of(call)->account_row});
}

static void of_event(struct gql_call *call)
{
    const struct log_event *e = gql_parent(call);
    connection_answer(call, &entity_policy, (struct scope){.account = context_of(call)->account_row, .log_event = e->id});
}

/* ---- the policy itself ---- */

static void optional_id(struct gql_call *call, struct id128 id)
{
    if (id.hi || id.lo) leaf_id(call, id);
    else gql_null(call);
}

static void id(struct gql_call *call) { leaf_id(call, policy(call)->id); }
static void account_id(struct gql_call *call) { leaf_id(call, context_of(call)->account); }
static void issue_id(struct gql_call *call) { optional_id(call, policy(call)->issue); }
static void log_event_id(struct gql_call *call) { optional_id(call, policy(call)->log_event); }
static void supersedes_id(struct gql_call *call) { optional_id(call, policy(call)->supersedes); }
static void wire_id(struct gql_call *call) { gql_string(call, policy(call)->wire_id); }
static void name(struct gql_call *call) { gql_string(call, policy(call)->name); }
static void content_hash(struct gql_call *call) { gql_string(call, policy(call)->hash); }
static void action(struct gql_call *call) { gql_string(call, policy(call)->action); }
static void category(struct gql_call *call) { leaf_optional(call, policy(call)->category); }
static void requester(struct gql_call *call) { gql_string(call, policy(call)->requester); }
static void version(struct gql_call *call) { gql_int(call, policy(call)->standing.version); }
static void compiled(struct gql_call *call) { gql_time(call, policy(call)->compiled); }
static void created(struct gql_call *call) { gql_time(call, policy(call)->created); }
static void updated(struct gql_call *call) { gql_time(call, policy(call)->updated); }
static void in_force(struct gql_call *call) { gql_bool(call, lifecycle_in_force(&policy(call)->standing)); }
static void state(struct gql_call *call) { gql_string(call, slice_str(policy_state_name(policy(call)->standing.state))); }

static void status(struct gql_call *call)
{
    gql_string(call, lifecycle_in_force(&policy(call)->standing) ? SLICE("active") : SLICE("disabled"));
}

static void approved_version(struct gql_call *call)
{
    int64_t v = policy(call)->standing.approved_version;
    if (v) gql_int(call, v);
    else gql_null(call);
}

static void source_kind(struct gql_call *call)
{
    static const struct slice names[] = {{"manual", 6}, {"log_event", 9}, {"datadog_exclusion_filter", 24}};
    gql_string(call, names[policy(call)->source >= 0 && policy(call)->source < 3 ? policy(call)->source : 0]);
}

static void risk(struct gql_call *call)
{
    static const struct slice names[] = {{NULL, 0}, {"LOW", 3}, {"MEDIUM", 6}, {"HIGH", 4}};
    leaf_optional(call, names[policy(call)->risk >= 0 && policy(call)->risk < POLICY_RISKS ? policy(call)->risk : 0]);
}

static void signal(struct gql_call *call)
{
    unsigned stages = policy(call)->stages;
    gql_string(call, stages & 4 ? SLICE("METRIC") : stages & 8 ? SLICE("TRACE") : SLICE("LOG"));
}

static void display(struct gql_call *call, struct slice account)
{
    char text[256];
    int n = snprintf(text, sizeof text, "%.*s%sPOL-%lld", (int)account.len, account.ptr, account.len ? "/" : "",
                     (long long)policy(call)->number);
    gql_string(call, slice_of(text, n > 0 && (size_t)n < sizeof text ? (size_t)n : 0));
}

static void display_id(struct gql_call *call) { display(call, SLICE("")); }

static void qualified_id(struct gql_call *call)
{
    const struct account *a = request_account(context_of(call));
    display(call, !a ? SLICE("") : a->display_key.ptr ? a->display_key : a->name);
}

static void log_event(struct gql_call *call)
{
    const struct policy_row *p = policy(call);
    gql_object(call, p->log_event.hi || p->log_event.lo ? log_event_by_id(context_of(call), p->log_event) : NULL);
}

/* ---- versions ---- */

struct version_row {
    int64_t version, at, policy;
    struct slice hash, author, reason;
    bool approved, in_force;
};

static struct slice column_text(struct request_context *x, sqlite3_stmt *st, int column)
{
    if (sqlite3_column_type(st, column) == SQLITE_NULL) return slice_of(NULL, 0);
    return arena_slice(x, db_text(st, column));
}

static void versions(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    const struct policy_row *p = policy(call);
    struct items *l = items_new(call, sizeof(struct version_row));
    if (!l) return;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT v.version, v.created_at, v.hash, v.author, v.reason, EXISTS (SELECT 1 FROM"
                                         " policy_decisions d WHERE d.policy = v.policy AND d.hash = v.hash AND d.approved = 1)"
                                         " FROM policy_versions v WHERE v.policy = ?1 ORDER BY v.version DESC");
    db_bind(st, "i", p->row);
    struct version_row *v;
    while (db_step(x->db, st) == DB_ROW && (v = items_add(l))) {
        *v = (struct version_row){.version = sqlite3_column_int64(st, 0),
                                  .at = sqlite3_column_int64(st, 1),
                                  .policy = p->row,
                                  .hash = column_text(x, st, 2),
                                  .author = column_text(x, st, 3),
                                  .reason = column_text(x, st, 4),
                                  .approved = sqlite3_column_int(st, 5) != 0};
        v->in_force = lifecycle_in_force(&p->standing) && v->version == p->standing.approved_version;
    }
    sqlite3_reset(st);
    items_answer(call, l);
}

static const struct version_row *row(struct gql_call *call) { return gql_parent(call); }
static void version_number(struct gql_call *call) { gql_int(call, row(call)->version); }
static void version_hash(struct gql_call *call) { gql_string(call, row(call)->hash); }
static void version_author(struct gql_call *call) { gql_string(call, row(call)->author); }
static void version_reason(struct gql_call *call) { leaf_optional(call, row(call)->reason); }
static void version_at(struct gql_call *call) { gql_time(call, row(call)->at); }
static void version_approved(struct gql_call *call) { gql_bool(call, row(call)->approved); }
static void version_in_force(struct gql_call *call) { gql_bool(call, row(call)->in_force); }
static void version_text(struct gql_call *call)
{
    leaf_optional(call, policy_version_text(context_of(call), row(call)->policy, row(call)->version));
}

/* ---- decisions ---- */

struct decision {
    int64_t version, at;
    bool approved;
    struct slice hash, actor, reason;
};

static void approvals(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct items *l = items_new(call, sizeof(struct decision));
    if (!l) return;
    sqlite3_stmt *st = db_prepare(x->db, "SELECT version, at, approved, hash, actor, reason FROM policy_decisions WHERE policy = ?1"
                                         " ORDER BY row DESC");
    db_bind(st, "i", policy(call)->row);
    struct decision *d;
    while (db_step(x->db, st) == DB_ROW && (d = items_add(l)))
        *d = (struct decision){.version = sqlite3_column_int64(st, 0),
                               .at = sqlite3_column_int64(st, 1),
                               .approved = sqlite3_column_int(st, 2) != 0,
                               .hash = column_text(x, st, 3),
                               .actor = column_text(x, st, 4),
                               .reason = column_text(x, st, 5)};
    sqlite3_reset(st);
    items_answer(call, l);
}

static const struct decision *decision(struct gql_call *call) { return gql_parent(call); }
static void decision_version(struct gql_call *call) { gql_int(call, decision(call)->version); }
static void decision_approved(struct gql_call *call) { gql_bool(call, decision(call)->approved); }
static void decision_hash(struct gql_call *call) { gql_string(call, decision(call)->hash); }
static void decision_actor(struct gql_call *call) { gql_string(call, decision(call)->actor); }
static void decision_reason(struct gql_call *call) { leaf_optional(call, decision(call)->reason); }
static void decision_at(struct gql_call *call) { gql_time(call, decision(call)->at); }

/* ---- settings ---- */

static void settings(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void four_eyes(struct gql_call *call)
{
    const struct account *a = gql_parent(call);
    gql_bool(call, policies_four_eyes(context_of(call)->db, a->row));
}

const struct gql_binding policy_bindings[] = {
    {"Query", "logEventPolicy", one},
    {"Query", "logEventPolicies", all},
    {"LogEvent", "logEventPolicies", of_event},
    {"LogEventPolicy", "id", id},
    {"LogEventPolicy", "accountID", account_id},
    {"LogEventPolicy", "issueID", issue_id},
    {"LogEventPolicy", "logEventID", log_event_id},
    {"LogEventPolicy", "supersedesID", supersedes_id},
    {"LogEventPolicy", "policyID", wire_id},
    {"LogEventPolicy", "name", name},
    {"LogEventPolicy", "contentHash", content_hash},
    {"LogEventPolicy", "action", action},
    {"LogEventPolicy", "category", category},
    {"LogEventPolicy", "risk", risk},
    {"LogEventPolicy", "signal", signal},
    {"LogEventPolicy", "requester", requester},
    {"LogEventPolicy", "version", version},
    {"LogEventPolicy", "approvedVersion", approved_version},
    {"LogEventPolicy", "inForce", in_force},
    {"LogEventPolicy", "state", state},
    {"LogEventPolicy", "status", status},
    {"LogEventPolicy", "sourceKind", source_kind},
    {"LogEventPolicy", "compiledAt", compiled},
    {"LogEventPolicy", "createdAt", created},
    {"LogEventPolicy", "updatedAt", updated},
    {"LogEventPolicy", "displayID", display_id},
    {"LogEventPolicy", "qualifiedDisplayID", qualified_id},
    {"LogEventPolicy", "logEvent", log_event},
    {"LogEventPolicy", "versions", versions},
    {"LogEventPolicy", "approvals", approvals},
    {"PolicyVersion", "version", version_number},
    {"PolicyVersion", "contentHash", version_hash},
    {"PolicyVersion", "author", version_author},
    {"PolicyVersion", "reason", version_reason},
    {"PolicyVersion", "createdAt", version_at},
    {"PolicyVersion", "approved", version_approved},
    {"PolicyVersion", "inForce", version_in_force},
    {"PolicyVersion", "text", version_text},
    {"PolicyDecision", "version", decision_version},
    {"PolicyDecision", "approved", decision_approved},
    {"PolicyDecision", "contentHash", decision_hash},
    {"PolicyDecision", "actor", decision_actor},
    {"PolicyDecision", "reason", decision_reason},
    {"PolicyDecision", "at", decision_at},
    {"Account", "policySettings", settings},
    {"PolicySettings", "fourEyes", four_eyes},
    {NULL, NULL, NULL},
};
