#include "control-plane/api/connection.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"

static struct service *partial(struct gql_call *call) { return gql_parent(call); }

/* The service with all its columns; where it vanished the call is answered and NULL returned. */
static const struct service *service(struct gql_call *call)
{
    struct service *s = gql_parent(call);
    if (service_complete(context_of(call), s)) return s;
    gql_fail(call, "NOT_FOUND", "the service is gone");
    return NULL;
}

static void id(struct gql_call *call) { leaf_id(call, partial(call)->id); }
static void name(struct gql_call *call) { gql_string(call, partial(call)->name); }

static void account_id(struct gql_call *call) { leaf_id(call, context_of(call)->account); }
static void account(struct gql_call *call) { gql_object(call, request_account(context_of(call))); }

static void enabled(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_bool(call, s->enabled);
}

static void created(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_time(call, s->created);
}

static void updated(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_time(call, s->updated);
}

static void events(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_int(call, s->measured.total.events);
}

static void bytes(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_int(call, s->measured.total.bytes);
}

static void first_seen(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_time(call, s->first_seen);
}

static void last_seen(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_time(call, s->last_seen);
}

static void event_kinds(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_int(call, s->log_events);
}

static void windows(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) windows_answer(call, &s->measured);
}

static void volume(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) volume_answer(call, VOLUME_SERVICE, s->row, s->first_seen);
}

static void team(struct gql_call *call)
{
    const struct service *s = service(call);
    if (s) gql_object(call, s->team ? team_by_row(context_of(call), s->team) : NULL);
}

static void log_events(struct gql_call *call)
{
    struct scope scope = {.account = context_of(call)->account_row, .service = partial(call)->row};
    connection_answer(call, &entity_log_event, scope);
}

/* ---- status ---- */

static void status(struct gql_call *call)
{
    if (service(call)) gql_object(call, gql_parent(call));
}

static void itself(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static void health(struct gql_call *call) { health_answer(call, partial(call)->enabled, partial(call)->measured.week.events > 0); }

/* Those that were there when the checks looked last. */
static void analyzed(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    sqlite3_stmt *st = db_prepare(x->db, "SELECT log_events FROM check_marks WHERE service = ?1");
    db_bind(st, "i", partial(call)->row);
    gql_int(call, db_step(x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0);
    sqlite3_reset(st);
}

static void with_policy(struct gql_call *call, sqlite3_stmt *st)
{
    struct request_context *x = context_of(call);
    db_bind(st, "i", partial(call)->row);
    gql_int(call, db_step(x->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0);
    sqlite3_reset(st);
}

#define EVENTS_WITH_POLICY(condition)                                                                                                      \
    "SELECT COUNT(DISTINCT e.row) FROM policies p JOIN log_events e ON e.account = p.account AND e.id = p.log_event"                       \
    " WHERE p.log_event IS NOT NULL AND e.service = ?1 AND " condition

static void previewed(struct gql_call *call) { with_policy(call, db_prepare(context_of(call)->db, EVENTS_WITH_POLICY("p.state = 1"))); }
static void effective(struct gql_call *call)
{
    with_policy(call, db_prepare(context_of(call)->db, EVENTS_WITH_POLICY("p.in_force_at > 0")));
}

static void totals(struct gql_call *call)
{
    const struct service *s = partial(call);
    measures_answer(call, (struct measures){.measured = &s->measured, .week_severity = s->week_severity, .hours = s->hours});
}

static void rate_events(struct gql_call *call) { leaf_rate(call, partial(call)->measured.rate_events, 1e6); }
static void rate_bytes(struct gql_call *call) { leaf_rate(call, partial(call)->measured.rate_bytes, 1e3); }
static void rate_usd(struct gql_call *call) { gql_float(call, usd_per_hour(partial(call)->measured.cost)); }

const struct gql_binding service_bindings[] = {
    {"Service", "id", id},
    {"Service", "accountID", account_id},
    {"Service", "name", name},
    {"Service", "enabled", enabled},
    {"Service", "createdAt", created},
    {"Service", "updatedAt", updated},
    {"Service", "account", account},
    {"Service", "logEvents", log_events},
    {"Service", "status", status},
    {"Service", "statusSummary", status},
    {"Service", "team", team},
    {"Service", "logVolume", volume},
    {"Service", "eventCount", events},
    {"Service", "byteCount", bytes},
    {"Service", "firstSeenAt", first_seen},
    {"Service", "lastSeenAt", last_seen},
    {"Service", "logEventCount", event_kinds},
    {"Service", "windows", windows},
    {"ServiceStatus", "health", health},
    {"ServiceStatus", "coverage", itself},
    {"ServiceStatus", "current", itself},
    {"ServiceStatusCoverage", "logEventCount", event_kinds},
    {"ServiceStatusCoverage", "logEventAnalyzedCount", analyzed},
    {"ServiceStatusCoverage", "previewLogEventCount", previewed},
    {"ServiceStatusCoverage", "effectiveLogEventCount", effective},
    {"ServiceCurrentStatus", "serviceTotals", totals},
    {"ServiceCurrentStatus", "severity", totals},
    {"ServiceCurrentStatus", "totals", totals},
    {"ServiceStatusSummary", "health", health},
    {"ServiceStatusSummary", "logEventCount", event_kinds},
    {"ServiceStatusSummary", "logEventAnalyzedCount", analyzed},
    {"ServiceStatusSummary", "current", itself},
    {"ServiceStatusSummaryCurrent", "eventsPerHour", rate_events},
    {"ServiceStatusSummaryCurrent", "bytesPerHour", rate_bytes},
    {"ServiceStatusSummaryCurrent", "totalUsdPerHour", rate_usd},
    {"ServiceStatusSummaryCurrent", "severity", totals},
    {NULL, NULL, NULL},
};
