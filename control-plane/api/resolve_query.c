#include "control-plane/api/connection.h"
#include "control-plane/api/leaves.h"
#include "control-plane/api/resolvers.h"
#include "control-plane/api/state.h"

/* ---- lookups by id ---- */

static void organization(struct gql_call *call)
{
    struct id128 id;
    gql_object(call, arg_id(call, "id", &id) ? organization_by_id(context_of(call), id) : NULL);
}

static void account(struct gql_call *call)
{
    struct id128 id;
    gql_object(call, arg_id(call, "id", &id) ? account_by_id(context_of(call), id) : NULL);
}

static void team(struct gql_call *call)
{
    struct id128 id;
    gql_object(call, arg_id(call, "id", &id) ? team_by_id(context_of(call), id) : NULL);
}

static void service(struct gql_call *call)
{
    struct id128 id;
    gql_object(call, arg_id(call, "id", &id) ? service_by_id(context_of(call), id) : NULL);
}

static void log_event(struct gql_call *call)
{
    struct id128 id;
    gql_object(call, arg_id(call, "id", &id) ? log_event_by_id(context_of(call), id) : NULL);
}

/* ---- lists ---- */

static void organizations(struct gql_call *call) { connection_answer(call, &entity_organization, (struct scope){0}); }
static void accounts(struct gql_call *call) { connection_answer(call, &entity_account, (struct scope){0}); }
static void teams(struct gql_call *call) { connection_answer(call, &entity_team, (struct scope){0}); }

static void services(struct gql_call *call)
{
    connection_answer(call, &entity_service, (struct scope){.account = context_of(call)->account_row});
}

static void log_events(struct gql_call *call)
{
    connection_answer(call, &entity_log_event, (struct scope){.account = context_of(call)->account_row});
}

/* ---- viewer ---- */

static void viewer(struct gql_call *call) { gql_object(call, context_of(call)); }
static void viewer_id(struct gql_call *call) { gql_string(call, slice_str(context_of(call)->viewer)); }
static void viewer_email(struct gql_call *call) { gql_string(call, SLICE("")); }
static void viewer_role(struct gql_call *call) { gql_string(call, context_of(call)->may_write ? SLICE("ADMIN") : SLICE("MEMBER")); }

static void viewer_organization(struct gql_call *call)
{
    struct account *a = request_account(context_of(call));
    if (a) leaf_id(call, a->organization_id);
    else gql_null(call);
}

enum { VIEWER_TEAMS = 200 };

struct teams {
    size_t count;
    struct team *items[VIEWER_TEAMS];
};

static void *team_at(void *list, size_t i) { return ((struct teams *)list)->items[i]; }

static void viewer_teams(struct gql_call *call)
{
    struct request_context *x = context_of(call);
    struct teams *list = arena_zero(x->arena, sizeof *list);
    if (!list) {
        gql_fail(call, "LIMIT_EXCEEDED", "the request needs too much memory");
        return;
    }
    sqlite3_stmt *st = db_prepare(x->db, "SELECT " TEAM_COLUMNS " FROM team_members m JOIN teams t ON t.row = m.team"
                                         " JOIN organizations o ON o.row = t.organization WHERE m.user_id = ?1 ORDER BY t.name LIMIT ?2");
    db_bind(st, "ti", slice_str(x->viewer), (int64_t)VIEWER_TEAMS);
    while (db_step(x->db, st) == DB_ROW) {
        struct team *t = team_read(x, st, 0);
        if (t) list->items[list->count++] = t;
    }
    sqlite3_reset(st);
    gql_list(call, list->count, team_at, list);
}

/* ---- the control plane itself ---- */

static const struct api_options *options_of(const struct gql_call *call) { return api_settings(context_of(call)->api); }

static void server_info(struct gql_call *call) { gql_object(call, context_of(call)); }
static void server_version(struct gql_call *call) { gql_string(call, slice_str(options_of(call)->version)); }
static void server_started(struct gql_call *call) { gql_time(call, options_of(call)->started_ns); }
static void server_raw(struct gql_call *call) { gql_bool(call, false); }

static void server_deployment(struct gql_call *call)
{
    gql_string(call, options_of(call)->embedded ? SLICE("EMBEDDED") : SLICE("SELF_HOSTED"));
}

static void server_features(struct gql_call *call)
{
    const char *otlp = options_of(call)->otlp;
    struct slice features[] = {SLICE("catalog"), SLICE("teams"), SLICE("pricing"), SLICE("otlp-http"), SLICE("policies"), slice_str(otlp)};
    gql_strings(call, sizeof features / sizeof *features - !otlp, features);
}

const struct gql_binding query_bindings[] = {
    {"Query", "organization", organization},
    {"Query", "account", account},
    {"Query", "team", team},
    {"Query", "service", service},
    {"Query", "logEvent", log_event},
    {"Query", "organizations", organizations},
    {"Query", "accounts", accounts},
    {"Query", "teams", teams},
    {"Query", "services", services},
    {"Query", "logEvents", log_events},
    {"Query", "viewer", viewer},
    {"Query", "serverInfo", server_info},
    {"Viewer", "id", viewer_id},
    {"Viewer", "email", viewer_email},
    {"Viewer", "role", viewer_role},
    {"Viewer", "organizationId", viewer_organization},
    {"Viewer", "teams", viewer_teams},
    {"ServerInfo", "version", server_version},
    {"ServerInfo", "deployment", server_deployment},
    {"ServerInfo", "startedAt", server_started},
    {"ServerInfo", "rawTelemetryStored", server_raw},
    {"ServerInfo", "features", server_features},
    {NULL, NULL, NULL},
};
