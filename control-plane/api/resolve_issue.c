#include "control-plane/api/connection.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/resolvers.h"

#include <stdio.h>

static const struct issue *issue(struct gql_call *call) { return gql_parent(call); }

/* ---- lookups ---- */

static void one(struct gql_call *call) { gql_object(call, issue_argument(call, "id")); }

static void of_policy(struct gql_call *call)
{
    const struct policy_row *p = gql_parent(call);
    gql_object(call, p->issue.hi || p->issue.lo ? issue_by_id(context_of(call), p->issue) : NULL);
}

static void list(struct gql_call *call)
{
    connection_answer(call, &entity_issue, (struct scope){.account = context_of(call)->account_row});
}

/* ---- fields ---- */

static void id(struct gql_call *call) { leaf_id(call, issue(call)->id); }
static void account_id(struct gql_call *call) { leaf_id(call, context_of(call)->account); }
static void finding_id(struct gql_call *call) { leaf_id(call, issue(call)->finding_id); }
static void service_id(struct gql_call *call) { leaf_id(call, issue(call)->service_id); }
static void title(struct gql_call *call) { gql_string(call, issue(call)->title); }
static void summary(struct gql_call *call) { gql_string(call, issue(call)->summary); }
static void created(struct gql_call *call) { gql_time(call, issue(call)->created); }
static void updated(struct gql_call *call) { gql_time(call, issue(call)->updated); }
static void actionable(struct gql_call *call) { gql_bool(call, issue(call)->actionable); }
static void resolution(struct gql_call *call) { leaf_optional(call, issue(call)->resolution); }
static void note(struct gql_call *call) { leaf_optional(call, issue(call)->note); }
static void stage(struct gql_call *call) { gql_string(call, issue(call)->stage); }
static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }

static void at(struct gql_call *call, int64_t ns)
{
    if (ns) gql_time(call, ns);
    else gql_null(call);
}

static void closed(struct gql_call *call) { at(call, issue(call)->closed); }
static void ignored(struct gql_call *call) { at(call, issue(call)->ignored); }

static void cause(struct gql_call *call)
{
    if (issue(call)->cause.len) gql_string(call, issue(call)->cause);
    else gql_null(call);
}

static void priority(struct gql_call *call)
{
    static const struct slice names[] = {{"low", 3}, {"low", 3}, {"medium", 6}, {"high", 4}};
    int p = issue(call)->priority;
    gql_string(call, names[p >= 0 && p < 4 ? p : 0]);
}

static void display_id(struct gql_call *call)
{
    char text[32];
    int n = snprintf(text, sizeof text, "ISS-%lld", (long long)issue(call)->number);
    gql_string(call, slice_of(text, (size_t)n));
}

static void qualified_id(struct gql_call *call)
{
    const struct account *a = request_account(context_of(call));
    struct slice key = !a ? SLICE("") : a->display_key.ptr ? a->display_key : a->name;
    struct buf out;
    buf_init(&out, 512);
    buf_slice(&out, key);
    buf_printf(&out, "/ISS-%lld", (long long)issue(call)->number);
    gql_string(call, buf_view(&out));
    buf_free(&out);
}

static void service(struct gql_call *call) { gql_object(call, service_by_row(context_of(call), issue(call)->service)); }

static void team(struct gql_call *call) { gql_object(call, issue(call)->team ? team_by_row(context_of(call), issue(call)->team) : NULL); }

static void check(struct gql_call *call)
{
    const struct check *c = issue(call)->check;
    if (c) gql_object(call, (void *)(uintptr_t)c);
    else gql_fail(call, "NOT_FOUND", "this version has no check %.*s", (int)issue(call)->check_id.len, issue(call)->check_id.ptr);
}

/* ---- money ---- */

static void cost(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &issue(call)->now}); }
static void savings(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &issue(call)->saved}); }

static void projected(struct gql_call *call)
{
    struct measured *m = arena_zero(gql_arena(call), sizeof *m);
    const struct issue *i = issue(call);
    if (!m) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    m->rate_events = i->now.rate_events - i->saved.rate_events;
    m->rate_bytes = i->now.rate_bytes - i->saved.rate_bytes;
    m->cost = i->now.cost - i->saved.cost;
    measures_answer(call, (struct measures){.measured = m});
}

/* ---- sums of services and of the account ---- */

enum { SUMS = 6 };

static void service_sums(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    const struct service *s = gql_parent(call);
    int64_t *sums = arena_zero(x->arena, SUMS * sizeof *sums);
    if (!sums) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    sqlite3_stmt *st =
        db_prepare(x->db, "SELECT COUNT(*), COUNT(CASE WHEN priority = 3 THEN 1 END),"
                          " COUNT(CASE WHEN domain = 'cost' THEN 1 END), COUNT(CASE WHEN domain = 'cost' AND priority = 3 THEN 1 END),"
                          " COUNT(CASE WHEN domain = 'compliance' THEN 1 END),"
                          " COUNT(CASE WHEN domain = 'compliance' AND priority = 3 THEN 1 END)"
                          " FROM issues WHERE service = ?1 AND closed_at IS NULL AND ignored_at IS NULL");
    db_bind(st, "i", s->row);
    if (db_step(x->db, st) == DB_ROW)
        for (int i = 0; i < SUMS; i++) sums[i] = sqlite3_column_int64(st, i);
    sqlite3_reset(st);
    gql_object(call, sums);
}

static void sum(struct gql_call *call, int i) { gql_int(call, ((int64_t *)gql_parent(call))[i]); }
static void sum_open(struct gql_call *call) { sum(call, 0); }
static void sum_high(struct gql_call *call) { sum(call, 1); }
static void sum_cost(struct gql_call *call) { sum(call, 2); }
static void sum_cost_high(struct gql_call *call) { sum(call, 3); }
static void sum_compliance(struct gql_call *call) { sum(call, 4); }
static void sum_compliance_high(struct gql_call *call) { sum(call, 5); }

struct account_savings {
    struct measured potential, in_progress, verified;
};

static void read_sum(sqlite3_stmt *st, int column, struct measured *m)
{
    m->rate_events = sqlite3_column_int64(st, column);
    m->rate_bytes = sqlite3_column_int64(st, column + 1);
    m->cost = sqlite3_column_int64(st, column + 2);
}

#define SUM_WHERE(condition)                                                                                                               \
    "COALESCE(SUM(CASE WHEN " condition " THEN f.save_events END), 0), COALESCE(SUM(CASE WHEN " condition                                  \
    " THEN f.save_bytes END), 0), COALESCE(SUM(CASE WHEN " condition " THEN f.save_cost END), 0)"
#define IN_FORCE "EXISTS (SELECT 1 FROM policies p WHERE p.issue = i.id AND p.state = 3)"

static void account_savings(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct account_savings *s = arena_zero(x->arena, sizeof *s);
    if (!s) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    sqlite3_stmt *st = db_prepare(
        x->db,
        "SELECT " SUM_WHERE("i.closed_at IS NULL AND i.ignored_at IS NULL AND NOT " IN_FORCE) ", " SUM_WHERE(
            "i.closed_at IS NULL AND i.ignored_at IS NULL AND " IN_FORCE) ", " SUM_WHERE("i.resolution = 'verified'") " FROM issues i JOIN "
                                                                                                                      "findings f ON f.row "
                                                                                                                      "= i.finding WHERE "
                                                                                                                      "i.account = ?1");
    db_bind(st, "i", ((const struct account *)gql_parent(call))->row);
    if (db_step(x->db, st) == DB_ROW) {
        read_sum(st, 0, &s->potential);
        read_sum(st, 3, &s->in_progress);
        read_sum(st, 6, &s->verified);
    }
    sqlite3_reset(st);
    gql_object(call, s);
}

static const struct account_savings *all(struct gql_call *call) { return gql_parent(call); }
static void potential(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &all(call)->potential}); }
static void in_progress(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &all(call)->in_progress}); }
static void verified(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &all(call)->verified}); }

const struct gql_binding issue_bindings[] = {
    {"Query", "issue", one},
    {"Query", "issues", list},
    {"LogEventPolicy", "issue", of_policy},
    {"Issue", "id", id},
    {"Issue", "accountID", account_id},
    {"Issue", "findingID", finding_id},
    {"Issue", "serviceID", service_id},
    {"Issue", "priority", priority},
    {"Issue", "title", title},
    {"Issue", "summary", summary},
    {"Issue", "causeHypothesis", cause},
    {"Issue", "closedAt", closed},
    {"Issue", "ignoredAt", ignored},
    {"Issue", "createdAt", created},
    {"Issue", "updatedAt", updated},
    {"Issue", "displayID", display_id},
    {"Issue", "qualifiedDisplayID", qualified_id},
    {"Issue", "check", check},
    {"Issue", "state", itself},
    {"IssueState", "stage", stage},
    {"Issue", "service", service},
    {"Issue", "team", team},
    {"Issue", "actionable", actionable},
    {"Issue", "resolution", resolution},
    {"Issue", "note", note},
    {"Issue", "cost", cost},
    {"Issue", "projectedCost", projected},
    {"Issue", "savings", savings},
    {"Issue", "finding", itself},
    {"Service", "issueSummary", service_sums},
    {"ServiceIssueSummary", "openCount", sum_open},
    {"ServiceIssueSummary", "highPriorityOpenCount", sum_high},
    {"ServiceIssueSummary", "costOpenCount", sum_cost},
    {"ServiceIssueSummary", "costHighPriorityOpenCount", sum_cost_high},
    {"ServiceIssueSummary", "complianceOpenCount", sum_compliance},
    {"ServiceIssueSummary", "complianceHighPriorityOpenCount", sum_compliance_high},
    {"Account", "savings", account_savings},
    {"AccountSavings", "potential", potential},
    {"AccountSavings", "inProgress", in_progress},
    {"AccountSavings", "verified", verified},
    {NULL, NULL, NULL},
};
