#include "control-plane/api/connection.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"

/* ---- organizations ---- */

static const struct organization *org(struct gql_call *call) { return gql_parent(call); }

static void org_id(struct gql_call *call) { leaf_id(call, org(call)->id); }
static void org_name(struct gql_call *call) { gql_string(call, org(call)->name); }
static void org_created(struct gql_call *call) { gql_time(call, org(call)->created); }
static void org_updated(struct gql_call *call) { gql_time(call, org(call)->updated); }
static void org_accounts(struct gql_call *call)
{
    connection_answer(call, &entity_account, (struct scope){.organization = org(call)->row});
}
static void org_teams(struct gql_call *call) { connection_answer(call, &entity_team, (struct scope){.organization = org(call)->row}); }

/* ---- accounts ---- */

static const struct account *account(struct gql_call *call) { return gql_parent(call); }

static void account_id(struct gql_call *call) { leaf_id(call, account(call)->id); }
static void account_organization_id(struct gql_call *call) { leaf_id(call, account(call)->organization_id); }
static void account_name(struct gql_call *call) { gql_string(call, account(call)->name); }
static void account_display_key(struct gql_call *call) { leaf_optional(call, account(call)->display_key); }
static void account_created(struct gql_call *call) { gql_time(call, account(call)->created); }
static void account_updated(struct gql_call *call) { gql_time(call, account(call)->updated); }
static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void absent(struct gql_call *call) { gql_null(call); }

static void account_organization(struct gql_call *call)
{
    gql_object(call, organization_by_row(context_of(call), account(call)->organization));
}

static void account_services(struct gql_call *call)
{
    connection_answer(call, &entity_service, (struct scope){.account = account(call)->row});
}

static void account_volume(struct gql_call *call)
{
    const struct account *a = account(call);
    volume_answer(call, VOLUME_ACCOUNT, a->row, a->seen ? a->first_seen : INT64_MAX);
}

static void usd_per_gb(struct gql_call *call) { gql_float(call, (double)account(call)->price_gb / 1e6); }
static void usd_per_million(struct gql_call *call) { gql_float(call, (double)account(call)->price_million / 1e6); }

/* ---- status: sums over the account ---- */

static void status_health(struct gql_call *call) { health_answer(call, true, account(call)->measured.week.events > 0); }
static void status_ready(struct gql_call *call) { gql_bool(call, account(call)->measured.total.events > 0); }
static void status_events(struct gql_call *call) { gql_int(call, account(call)->measured.total.events); }
static void status_bytes(struct gql_call *call) { gql_int(call, account(call)->measured.total.bytes); }
static void status_windows(struct gql_call *call) { windows_answer(call, &account(call)->measured); }
static void status_totals(struct gql_call *call) { measures_answer(call, (struct measures){.measured = &account(call)->measured}); }

static void seen(struct gql_call *call, int64_t at)
{
    if (account(call)->seen) gql_time(call, at);
    else gql_null(call);
}

static void status_first(struct gql_call *call) { seen(call, account(call)->first_seen); }
static void status_last(struct gql_call *call) { seen(call, account(call)->last_seen); }

/* One pass over the account's services. */
static void status_severity(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct measures m = {.measured = &account(call)->measured};
    sqlite3_stmt *st = db_prepare(x->db, "SELECT SUM(1.0 * w0 / hours), SUM(1.0 * w1 / hours), SUM(1.0 * w2 / hours),"
                                         " SUM(1.0 * w3 / hours), SUM(1.0 * w4 / hours), SUM(1.0 * w5 / hours), SUM(1.0 * w6 / hours)"
                                         " FROM services WHERE account = ?1");
    db_bind(st, "i", account(call)->row);
    if (db_step(x->db, st) == DB_ROW)
        for (int i = 0; i < 7; i++) m.severity_rates[i] = sqlite3_column_double(st, i);
    sqlite3_reset(st);
    measures_answer(call, m);
}

struct coverage {
    int64_t log_events, services, active, disabled, inactive;
};

static void status_coverage(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct coverage *c = arena_zero(x->arena, sizeof *c);
    if (!c) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    sqlite3_stmt *st =
        db_prepare(x->db, "SELECT COALESCE(SUM(log_events), 0), COUNT(*),"
                          " COUNT(CASE WHEN enabled <> 0 AND week_events > 0 THEN 1 END), COUNT(CASE WHEN enabled = 0 THEN 1 END)"
                          " FROM services WHERE account = ?1");
    db_bind(st, "i", account(call)->row);
    if (db_step(x->db, st) == DB_ROW)
        *c = (struct coverage){.log_events = sqlite3_column_int64(st, 0),
                               .services = sqlite3_column_int64(st, 1),
                               .active = sqlite3_column_int64(st, 2),
                               .disabled = sqlite3_column_int64(st, 3)};
    c->inactive = c->services - c->active - c->disabled;
    sqlite3_reset(st);
    gql_object(call, c);
}

static const struct coverage *coverage(struct gql_call *call) { return gql_parent(call); }
static void coverage_events(struct gql_call *call) { gql_int(call, coverage(call)->log_events); }

static void coverage_analyzed(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    sqlite3_stmt *st = db_prepare(x->db, "SELECT COALESCE(SUM(log_events), 0) FROM check_marks WHERE account = ?1");
    db_bind(st, "i", x->account_row);
    gql_int(call, db_step(x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0);
    sqlite3_reset(st);
}

static void coverage_services(struct gql_call *call) { gql_int(call, coverage(call)->services); }
static void coverage_active(struct gql_call *call) { gql_int(call, coverage(call)->active); }
static void coverage_disabled(struct gql_call *call) { gql_int(call, coverage(call)->disabled); }
static void coverage_inactive(struct gql_call *call) { gql_int(call, coverage(call)->inactive); }

static void no_datadog(struct gql_call *call) { gql_fail(call, "NOT_FOUND", "no Datadog account is connected"); }

const struct gql_binding account_bindings[] = {
    {"Organization", "id", org_id},
    {"Organization", "name", org_name},
    {"Organization", "workosOrganizationID", org_id},
    {"Organization", "createdAt", org_created},
    {"Organization", "updatedAt", org_updated},
    {"Organization", "accounts", org_accounts},
    {"Organization", "teams", org_teams},
    {"Account", "id", account_id},
    {"Account", "organizationID", account_organization_id},
    {"Account", "name", account_name},
    {"Account", "displayKey", account_display_key},
    {"Account", "createdAt", account_created},
    {"Account", "updatedAt", account_updated},
    {"Account", "organization", account_organization},
    {"Account", "datadogAccount", absent},
    {"Account", "services", account_services},
    {"Account", "pricing", itself},
    {"Account", "status", itself},
    {"Account", "logVolume", account_volume},
    {"AccountPricing", "usdPerGB", usd_per_gb},
    {"AccountPricing", "usdPerMillionEvents", usd_per_million},
    {"AccountStatus", "health", status_health},
    {"AccountStatus", "readiness", itself},
    {"AccountStatus", "coverage", status_coverage},
    {"AccountStatus", "current", itself},
    {"AccountStatus", "eventCount", status_events},
    {"AccountStatus", "byteCount", status_bytes},
    {"AccountStatus", "firstSeenAt", status_first},
    {"AccountStatus", "lastSeenAt", status_last},
    {"AccountStatus", "windows", status_windows},
    {"StatusReadiness", "readyForUse", status_ready},
    {"AccountStatusCoverage", "logEventCount", coverage_events},
    {"AccountStatusCoverage", "logEventAnalyzedCount", coverage_analyzed},
    {"AccountStatusCoverage", "logServiceCount", coverage_services},
    {"AccountStatusCoverage", "logActiveServices", coverage_active},
    {"AccountStatusCoverage", "disabledServices", coverage_disabled},
    {"AccountStatusCoverage", "inactiveServices", coverage_inactive},
    {"AccountStatusCoverage", "okServices", coverage_active},
    {"AccountCurrentStatus", "services", status_totals},
    {"AccountCurrentStatus", "totals", status_totals},
    {"AccountCurrentStatus", "severity", status_severity},
    {"DatadogAccount", "id", no_datadog},
    {"DatadogAccount", "name", no_datadog},
    {"DatadogAccount", "site", no_datadog},
    {NULL, NULL, NULL},
};
