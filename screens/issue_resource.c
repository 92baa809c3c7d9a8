#include "screens/resource.h"

/* 8766 hours a year, 730.5 a month. */
#define YEAR         8766.0
#define MONTH        730.5
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* clang-format off */
static const struct column columns[] = {
    {.key = "id", .title = "ID", .path = "id", .order = "ID", .min = 36, .max = 36, .priority = 9, .off = true, .help = "id of the issue"},
    {.key = "number", .title = "NUMBER", .path = "displayID", .order = "NUMBER", .min = 6, .max = 9, .priority = 8, .off = true,
     .help = "its short name, such as ISS-12"},
    {.key = "severity", .title = "SEV", .type = COLUMN_SEVERITY, .path = "priority", .order = "PRIORITY", .descending = true, .min = 6,
     .max = 6, .priority = 0, .help = "high, medium or low"},
    {.key = "age", .title = "SINCE", .type = COLUMN_TIME, .path = "createdAt", .order = "CREATED_AT", .descending = true, .min = 8, .max = 10,
     .priority = 4, .help = "when it was found"},
    {.key = "title", .title = "ISSUE", .path = "title", .order = "TITLE", .min = 34, .help = "what is wrong"},
    {.key = "service", .title = "SERVICE", .path = "service.name", .order = "SERVICE_NAME", .min = 8, .max = 20, .priority = 2,
     .help = "the service that it is in"},
    {.key = "team", .title = "TEAM", .path = "team.name|service.team.name", .order = "TEAM_NAME", .min = 6, .max = 14, .priority = 7,
     .help = "the team that owns the service"},
    {.key = "check", .title = "CHECK", .path = "check.name", .min = 14, .max = 22, .priority = 5, .help = "the check that found it"},
    {.key = "domain", .title = "DOMAIN", .path = "check.domain", .min = 6, .max = 10, .priority = 6, .help = "cost or compliance"},
    {.key = "stage", .title = "STAGE", .path = "state.stage", .min = 8, .max = 11, .priority = 8,
     .help = "open, in_progress, waiting, failed, ignored or resolved"},
    {.key = "rate", .title = "EVENTS/h", .type = COLUMN_RATE, .path = "cost.eventsPerHour", .order = "EVENTS_PER_HOUR", .descending = true,
     .min = 8, .max = 8, .priority = 7, .off = true, .help = "events an hour that it is about"},
    {.key = "cost", .title = "COST/yr", .type = COLUMN_MONEY, .path = "cost.totalUsdPerHour", .factor = YEAR, .min = 7, .max = 8,
     .priority = 8, .off = true, .help = "US dollars a year that these events cost"},
    {.key = "saving", .title = "SAVES/yr", .type = COLUMN_MONEY, .path = "savings.totalUsdPerHour", .factor = YEAR, .order = "SAVINGS",
     .descending = true, .min = 8, .max = 8,
     .priority = 1, .help = "US dollars a year that the proposed policy saves"},
    {.key = "savedBytes", .title = "SAVED", .type = COLUMN_BYTES, .path = "savings.bytesPerHour", .factor = MONTH, .suffix = "/mo",
     .min = 11, .max = 11, .priority = 8, .off = true, .help = "bytes a month that the proposed policy saves"},
    {.key = "actionable", .title = "PROPOSAL", .type = COLUMN_BOOL, .path = "actionable", .min = 8, .max = 8, .priority = 8, .off = true,
     .help = "a policy is proposed"},
    {.key = "updated", .title = "UPDATED", .type = COLUMN_TIME, .path = "updatedAt", .order = "UPDATED_AT", .descending = true, .min = 8,
     .max = 10, .priority = 8, .off = true, .help = "when it changed last"},
};

static const struct filter_term filters[] = {
    {.name = "severity", .where = "severity", .type = FILTER_ENUM, .values = "high medium low", .help = "high, medium, low"},
    {.name = "stage", .where = "stage", .type = FILTER_ENUM, .values = "open in_progress waiting failed ignored resolved",
     .help = "open, in_progress, waiting, failed, ignored, resolved"},
    {.name = "domain", .where = "domain", .type = FILTER_ENUM, .values = "cost compliance", .help = "cost, compliance"},
    {.name = "check", .where = "checkID", .type = FILTER_ENUM, .help = "id of its check: debug-noise"},
    {.name = "type", .where = "checkType", .type = FILTER_ENUM,
     .values = "routine_system_chatter debug_noise dead_weight background_noise commodity_traffic hot_path reactive_flood "
               "configuration_noise debug_marker debug_artifacts secret_exposure payment_data_exposure pii_exposure phi_exposure",
     .help = "the type of its check: debug_noise, secret_exposure"},
    {.name = "service", .where = "serviceName", .help = "name of its service"},
    {.name = "team", .where = "teamID", .type = FILTER_ENUM, .help = "id of the team that owns the service"},
    {.name = "event", .where = "logEventID", .type = FILTER_ENUM, .help = "id of a log event that it is about"},
    {.name = "proposal", .where = "actionable", .type = FILTER_BOOL, .help = "a policy is proposed: yes, no"},
    {.name = "saving", .where = "savings", .type = FILTER_NUMBER, .factor = YEAR, .range = true,
     .help = "US dollars a year that it saves: >100"},
    {.name = "cost", .where = "cost", .type = FILTER_NUMBER, .factor = YEAR, .range = true, .help = "US dollars a year that it costs: >100"},
    {.name = "id", .where = "id", .type = FILTER_ENUM, .help = "id"},
};
/* clang-format on */

const struct resource resource_issues = {
    .name = "issues",
    .singular = "issue",
    .title = "Issues",
    .connection = "issues",
    .object = "issue",
    .type = "Issue",
    .list = "ListIssues",
    .get = "GetIssue",
    .columns = columns,
    .column_count = COUNT(columns),
    .filters = filters,
    .filter_count = COUNT(filters),
    .free_text = "title",
    .sort = "severity",
};
