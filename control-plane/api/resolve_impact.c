/* What policies in force did: of a policy, of an issue. */
#include "base/clock.h"
#include "control-plane/api/issue_rows.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/policy_rows.h"
#include "control-plane/api/resolvers.h"
#include "control-plane/checks/impact.h"

typedef bool impact_reader(struct db *db, int64_t row, int64_t now_ns, struct impact *out);

static void answer(struct gql_call *call, impact_reader *read, int64_t row)
{
    struct request_context *x = context_of(call);
    struct impact *i = arena_zero(x->arena, sizeof *i);
    if (i) gql_object(call, read(x->db, row, x->now_ns, i) ? i : NULL);
    else gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
}

static void of_policy(struct gql_call *call) { answer(call, impact_of_policy, ((const struct policy_row *)gql_parent(call))->row); }
static void of_issue(struct gql_call *call) { answer(call, impact_of_issue, ((const struct issue *)gql_parent(call))->row); }

static const struct impact *impact(struct gql_call *call) { return gql_parent(call); }

static void state(struct gql_call *call)
{
    static const char *const names[IMPACT_STATES] = {"WAITING_FOR_EDGE", "TOO_EARLY", "VERIFIED", "NOT_SEEN", "REGRESSED"};
    gql_string(call, slice_str(names[impact(call)->state]));
}

static void reason(struct gql_call *call) { gql_string(call, slice_str(impact(call)->reason)); }
static void since(struct gql_call *call) { gql_time(call, impact(call)->in_force_ns); }
static void edges(struct gql_call *call) { gql_int(call, impact(call)->edges); }
static void capable(struct gql_call *call) { gql_int(call, impact(call)->capable); }
static void hits(struct gql_call *call) { gql_int(call, impact(call)->hits); }

static void known(struct gql_call *call, double value)
{
    if (value >= 0) gql_float(call, value);
    else gql_null(call);
}

static void before(struct gql_call *call) { known(call, impact(call)->before); }
static void after(struct gql_call *call) { known(call, impact(call)->after); }
static void promised(struct gql_call *call) { known(call, impact(call)->promised); }

static void observed(struct gql_call *call)
{
    const struct impact *i = impact(call);
    struct hour_range *range = arena_alloc(gql_arena(call), sizeof *range);
    if (range) *range = (struct hour_range){i->from, i->to};
    gql_object(call, i->to > i->from ? range : NULL);
}

static void policy(struct gql_call *call) { gql_object(call, policy_by_row(context_of(call), impact(call)->policy)); }

const struct gql_binding issue_impact_bindings[] = {
    {"LogEventPolicy", "impact", of_policy},
    {"Issue", "impact", of_issue},
    {"PolicyImpact", "state", state},
    {"PolicyImpact", "reason", reason},
    {"PolicyImpact", "policy", policy},
    {"PolicyImpact", "inForceSince", since},
    {"PolicyImpact", "observed", observed},
    {"PolicyImpact", "edgeCount", edges},
    {"PolicyImpact", "capableEdgeCount", capable},
    {"PolicyImpact", "matchHits", hits},
    {"PolicyImpact", "eventsPerHourBefore", before},
    {"PolicyImpact", "eventsPerHourAfter", after},
    {"PolicyImpact", "promisedShare", promised},
    {NULL, NULL, NULL},
};
