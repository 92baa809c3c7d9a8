#include "control-plane/api/entity.h"

#include "control-plane/api/edge_rows.h"
#include "control-plane/api/policy_rows.h"

#define LENGTH(array)      (sizeof(array) / sizeof *(array))
#define FROM_ORGANIZATIONS "organizations o"
#define FROM_ACCOUNTS      "accounts a JOIN organizations o ON o.row = a.organization"
#define FROM_TEAMS         "teams t JOIN organizations o ON o.row = t.organization"
#define ORGANIZATION_ROW   "SELECT row FROM organizations WHERE id = ?1"
#define ACCOUNT_ROW        "SELECT row FROM accounts WHERE id = ?1"
#define USD_PER_HOUR       (8766.0 * 1e6)

/* ---- organizations ---- */

static const struct order organization_orders[] = {
    {"NAME", "o.name", SQL_TEXT},
    {"ID", "o.id", SQL_ID},
    {"CREATED_AT", "o.created_at", SQL_INT},
    {"UPDATED_AT", "o.updated_at", SQL_INT},
};
static const struct predicate organization_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "o.id", .unique = true},
    {.field = "name", .kind = P_TEXT, .column = "o.name"},
    {.field = "createdAt", .kind = P_TIME, .column = "o.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "o.updated_at"},
};
static const struct edge organization_edges[] = {
    {"accounts", "hasAccounts", &entity_account, "EXISTS (SELECT 1 FROM accounts a WHERE a.organization = o.row AND ", ")",
     "EXISTS (SELECT 1 FROM accounts x WHERE x.organization = o.row)", false},
    {"teams", "hasTeams", &entity_team, "EXISTS (SELECT 1 FROM teams t WHERE t.organization = o.row AND ", ")",
     "EXISTS (SELECT 1 FROM teams x WHERE x.organization = o.row)", false},
};
const struct entity entity_organization = {
    .type = "Organization",
    .columns = ORGANIZATION_COLUMNS,
    .column_count = ORGANIZATION_COUNT,
    .from = FROM_ORGANIZATIONS,
    .row = "o.row",
    .read = organization_read,
    .orders = organization_orders,
    .order_count = LENGTH(organization_orders),
    .predicates = organization_predicates,
    .predicate_count = LENGTH(organization_predicates),
    .edges = organization_edges,
    .edge_count = LENGTH(organization_edges),
};

/* ---- accounts ---- */

static const struct order account_orders[] = {
    {"NAME", "a.name", SQL_TEXT},
    {"ID", "a.id", SQL_ID},
    {"DISPLAY_KEY", "COALESCE(a.display_key, '')", SQL_TEXT},
    {"CREATED_AT", "a.created_at", SQL_INT},
    {"UPDATED_AT", "a.updated_at", SQL_INT},
};
static const struct predicate account_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "a.id", .unique = true},
    {.field = "organizationID", .kind = P_REFERENCE, .column = "a.organization", .rows = ORGANIZATION_ROW},
    {.field = "name", .kind = P_TEXT, .column = "a.name"},
    {.field = "displayKey", .kind = P_TEXT, .column = "a.display_key"},
    {.field = "createdAt", .kind = P_TIME, .column = "a.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "a.updated_at"},
};
static const struct edge account_edges[] = {
    {"organization", "hasOrganization", &entity_organization, "a.organization IN (SELECT o.row FROM organizations o WHERE ", ")", "1 = 1",
     false},
    {"services", "hasServices", &entity_service, "EXISTS (SELECT 1 FROM services s WHERE s.account = a.row AND ", ")",
     "EXISTS (SELECT 1 FROM services x WHERE x.account = a.row)", false},
    {"edgeInstances", "hasEdgeInstances", &entity_edge_instance, "EXISTS (SELECT 1 FROM edge_instances i WHERE i.account = a.row AND ", ")",
     "EXISTS (SELECT 1 FROM edge_instances x WHERE x.account = a.row)", false},
    {"edgeAPIKeys", "hasEdgeAPIKeys", &entity_edge_key, "EXISTS (SELECT 1 FROM edge_api_keys k WHERE k.account = a.row AND ", ")",
     "EXISTS (SELECT 1 FROM edge_api_keys x WHERE x.account = a.row)", false},
};
const struct entity entity_account = {
    .type = "Account",
    .columns = ACCOUNT_COLUMNS,
    .column_count = ACCOUNT_COUNT,
    .from = FROM_ACCOUNTS,
    .row = "a.row",
    .read = account_read,
    .orders = account_orders,
    .order_count = LENGTH(account_orders),
    .predicates = account_predicates,
    .predicate_count = LENGTH(account_predicates),
    .edges = account_edges,
    .edge_count = LENGTH(account_edges),
};

/* ---- teams ---- */

static const struct order team_orders[] = {
    {"NAME", "t.name", SQL_TEXT},
    {"ID", "t.id", SQL_ID},
    {"DESCRIPTION", "COALESCE(t.description, '')", SQL_TEXT},
    {"CREATED_AT", "t.created_at", SQL_INT},
    {"UPDATED_AT", "t.updated_at", SQL_INT},
};
static const struct predicate team_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "t.id", .unique = true},
    {.field = "organizationID", .kind = P_REFERENCE, .column = "t.organization", .rows = ORGANIZATION_ROW},
    {.field = "name", .kind = P_TEXT, .column = "t.name"},
    {.field = "description", .kind = P_TEXT, .column = "t.description"},
    {.field = "createdAt", .kind = P_TIME, .column = "t.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "t.updated_at"},
};
static const struct edge team_edges[] = {
    {"organization", "hasOrganization", &entity_organization, "t.organization IN (SELECT o.row FROM organizations o WHERE ", ")", "1 = 1",
     false},
    {"services", "hasServices", &entity_service, "EXISTS (SELECT 1 FROM services s WHERE s.team = t.row AND ", ")",
     "EXISTS (SELECT 1 FROM services x WHERE x.team = t.row)", false},
};
const struct entity entity_team = {
    .type = "Team",
    .columns = TEAM_COLUMNS,
    .column_count = TEAM_COUNT,
    .from = FROM_TEAMS,
    .row = "t.row",
    .read = team_read,
    .orders = team_orders,
    .order_count = LENGTH(team_orders),
    .predicates = team_predicates,
    .predicate_count = LENGTH(team_predicates),
    .edges = team_edges,
    .edge_count = LENGTH(team_edges),
};

/* ---- services ---- */

static const struct order service_orders[] = {
    {"NAME", "s.name", SQL_TEXT},
    {"ID", "s.id", SQL_ID},
    {"ENABLED", "s.enabled", SQL_INT},
    {"CREATED_AT", "s.created_at", SQL_INT},
    {"UPDATED_AT", "s.updated_at", SQL_INT},
    {"TEAM_NAME", "s.team_name", SQL_TEXT},
    {"CURRENT_BYTES_PER_HOUR", "s.rate_bytes", SQL_INT},
    {"CURRENT_EVENTS_PER_HOUR", "s.rate_events", SQL_INT},
    {"CURRENT_TOTAL_USD_PER_HOUR", "s.cost", SQL_INT},
    {"EVENT_COUNT", "s.events", SQL_INT},
    {"BYTE_COUNT", "s.bytes", SQL_INT},
    {"LOG_EVENT_COUNT", "s.log_events", SQL_INT},
    {"FIRST_SEEN_AT", "s.first_seen", SQL_INT},
    {"LAST_SEEN_AT", "s.last_seen", SQL_INT},
};
static const struct predicate service_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "s.id", .unique = true},
    {.field = "accountID", .kind = P_REFERENCE, .column = "s.account", .rows = ACCOUNT_ROW},
    {.field = "name", .kind = P_TEXT, .column = "s.name"},
    {.field = "enabled", .kind = P_BOOL, .column = "s.enabled"},
    {.field = "eventCount", .kind = P_FLOAT, .column = "s.events"},
    {.field = "byteCount", .kind = P_FLOAT, .column = "s.bytes"},
    {.field = "logEventCount", .kind = P_INT, .column = "s.log_events"},
    {.field = "currentEventsPerHour", .kind = P_FLOAT, .column = "s.rate_events", .factor = 1e6},
    {.field = "currentBytesPerHour", .kind = P_FLOAT, .column = "s.rate_bytes", .factor = 1e3},
    {.field = "currentTotalUsdPerHour", .kind = P_FLOAT, .column = "s.cost", .factor = USD_PER_HOUR},
    {.field = "createdAt", .kind = P_TIME, .column = "s.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "s.updated_at"},
    {.field = "firstSeenAt", .kind = P_TIME, .column = "s.first_seen"},
    {.field = "lastSeenAt", .kind = P_TIME, .column = "s.last_seen"},
};
static const struct edge service_edges[] = {
    {"account", "hasAccount", &entity_account, "s.account IN (SELECT a.row FROM accounts a WHERE ", ")", "1 = 1", false},
    {"logEvents", "hasLogEvents", &entity_log_event, "EXISTS (SELECT 1 FROM log_events e WHERE e.service = s.row AND ", ")",
     "s.log_events > 0", false},
    {"team", "hasTeam", &entity_team, "s.team IN (SELECT t.row FROM teams t WHERE ", ")", "s.team IS NOT NULL", false},
};
const struct entity entity_service = {
    .type = "Service",
    .columns = SERVICE_COLUMNS,
    .column_count = SERVICE_COUNT,
    .from = "services s",
    .row = "s.row",
    .read = service_read,
    .orders = service_orders,
    .order_count = LENGTH(service_orders),
    .predicates = service_predicates,
    .predicate_count = LENGTH(service_predicates),
    .edges = service_edges,
    .edge_count = LENGTH(service_edges),
};

/* ---- log events ---- */

static const struct order log_event_orders[] = {
    {"CREATED_AT", "e.created_at", SQL_INT},
    {"ID", "e.id", SQL_ID},
    {"NAME", "e.name", SQL_TEXT},
    {"DISPLAY_NAME", "e.name", SQL_TEXT},
    {"SEVERITY", "e.severity", SQL_INT},
    {"UPDATED_AT", "e.updated_at", SQL_INT},
    {"CURRENT_EVENTS_PER_HOUR", "e.rate_events", SQL_INT},
    {"CURRENT_TOTAL_USD_PER_HOUR", "e.cost", SQL_INT},
    {"EVENT_COUNT", "e.events", SQL_INT},
    {"BYTE_COUNT", "e.bytes", SQL_INT},
    {"FIRST_SEEN_AT", "e.first_seen", SQL_INT},
    {"LAST_SEEN_AT", "e.last_seen", SQL_INT},
    {"SERVICE_NAME", "e.service_name", SQL_TEXT},
};
static const struct predicate log_event_predicates[] = {
    {.field = "id", .kind = P_ID, .column = "e.id", .unique = true},
    {.field = "serviceID", .kind = P_REFERENCE, .column = "e.service", .rows = "SELECT row FROM services WHERE id = ?1", .counted = true},
    {.field = "name", .kind = P_TEXT, .column = "e.name", .unique = true},
    {.field = "displayName", .kind = P_TEXT, .expression = "replace(e.name, '_', ' ')"},
    {.field = "isFragment", .kind = P_BOOL, .column = "e.fragment", .counted = true},
    {.field = "wordsWithheld", .kind = P_BOOL, .column = "e.withheld"},
    {.field = "template", .kind = P_TEXT, .column = "e.template"},
    {.field = "severity", .kind = P_SEVERITY, .column = "e.severity", .counted = true},
    {.field = "eventCount", .kind = P_FLOAT, .column = "e.events"},
    {.field = "byteCount", .kind = P_FLOAT, .column = "e.bytes"},
    {.field = "baselineVolumePerHour", .kind = P_FLOAT, .column = "e.rate_events", .factor = 1e6},
    {.field = "baselineAvgBytes", .kind = P_FLOAT, .expression = "(1000.0 * e.rate_bytes / NULLIF(e.rate_events, 0))"},
    {.field = "baselineVolumeShareOfService",
     .kind = P_FLOAT,
     .expression = "(1.0 * e.rate_events / NULLIF((SELECT v.rate_events FROM services v WHERE v.row = e.service), 0))"},
    {.field = "currentBytesPerHour", .kind = P_FLOAT, .column = "e.rate_bytes", .factor = 1e3},
    {.field = "currentTotalUsdPerHour", .kind = P_FLOAT, .column = "e.cost", .factor = USD_PER_HOUR},
    {.field = "createdAt", .kind = P_TIME, .column = "e.created_at"},
    {.field = "updatedAt", .kind = P_TIME, .column = "e.updated_at"},
    {.field = "firstSeenAt", .kind = P_TIME, .column = "e.first_seen"},
    {.field = "lastSeenAt", .kind = P_TIME, .column = "e.last_seen"},
};
static const struct edge log_event_edges[] = {
    {"service", "hasService", &entity_service, "e.service IN (SELECT s.row FROM services s WHERE ", ")", "1 = 1", true},
    {"logEventPolicies", "hasLogEventPolicies", &entity_policy,
     "e.id IN (SELECT p.log_event FROM policies p WHERE p.account = e.account AND ", ")",
     "e.id IN (SELECT x.log_event FROM policies x WHERE x.account = e.account)", false},
};
const struct entity entity_log_event = {
    .type = "LogEvent",
    .columns = LOG_EVENT_COLUMNS,
    .column_count = LOG_EVENT_COUNT,
    .from = "log_events e",
    .row = "e.row",
    .read = log_event_read,
    .orders = log_event_orders,
    .order_count = LENGTH(log_event_orders),
    .predicates = log_event_predicates,
    .predicate_count = LENGTH(log_event_predicates),
    .edges = log_event_edges,
    .edge_count = LENGTH(log_event_edges),
};
