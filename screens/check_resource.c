#include "screens/resource.h"

/* 8766 hours a year. */
#define YEAR         8766.0
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* clang-format off */
static const struct column columns[] = {
    {.key = "id", .title = "ID", .path = "id", .min = 12, .max = 36, .priority = 9, .off = true, .help = "id of the check"},
    {.key = "name", .title = "CHECK", .path = "name", .order = "NAME", .min = 20, .help = "its name"},
    {.key = "domain", .title = "DOMAIN", .path = "domain", .order = "DOMAIN", .min = 6, .max = 10, .priority = 4,
     .help = "cost or compliance"},
    {.key = "type", .title = "TYPE", .path = "type", .min = 10, .max = 22, .priority = 7, .off = true, .help = "its name in filters of issues"},
    {.key = "enabled", .title = "ENABLED", .type = COLUMN_BOOL, .path = "unavailableReason|enabled", .min = 7, .max = 30, .priority = 1,
     .help = "yes, no, or why it is not available"},
    {.key = "findings", .title = "FINDINGS", .type = COLUMN_COUNT, .path = "posture.openFindingCount", .order = "OPEN_FINDING_COUNT",
     .descending = true, .min = 8, .max = 8, .priority = 0, .help = "open findings"},
    {.key = "issues", .title = "ISSUES", .type = COLUMN_COUNT, .path = "posture.activeIssueCount", .order = "ACTIVE_ISSUE_COUNT",
     .descending = true, .min = 6, .max = 6, .priority = 2, .help = "issues that are not closed or ignored"},
    {.key = "category", .title = "CATEGORY", .path = "category", .min = 10, .max = 30, .priority = 8, .off = true,
     .help = "the kind of policy that it proposes"},
    {.key = "services", .title = "SERVICES", .type = COLUMN_COUNT, .path = "posture.affectedServiceCount",
     .order = "AFFECTED_SERVICE_COUNT", .descending = true, .min = 8, .max = 8, .priority = 6, .help = "services with findings"},
    {.key = "observed", .title = "FOUND", .type = COLUMN_TIME, .path = "posture.latestObservedAt", .order = "LATEST_OBSERVED_AT",
     .descending = true, .min = 8, .max = 10, .priority = 3, .help = "when it found something last"},
    {.key = "ran", .title = "LAST RUN", .type = COLUMN_TIME, .path = "lastRunAt", .min = 8, .max = 10, .priority = 8, .off = true,
     .help = "when it last looked at a service that had changed"},
    {.key = "saving", .title = "SAVES/yr", .type = COLUMN_MONEY, .path = "posture.previewSavings.totalUsdPerHour", .factor = YEAR,
     .min = 8, .max = 8, .priority = 5, .help = "US dollars a year that its proposals save"},
};

static const struct filter_term filters[] = {
    {.name = "domain", .where = "domain", .type = FILTER_ENUM, .values = "cost compliance", .help = "cost, compliance"},
    {.name = "type", .where = "type", .type = FILTER_ENUM, .help = "its type: debug_noise"},
    {.name = "id", .where = "id", .type = FILTER_ENUM, .help = "id"},
};
/* clang-format on */

const struct resource resource_checks = {
    .name = "checks",
    .singular = "check",
    .title = "Checks",
    .connection = "checks",
    .object = "check",
    .type = "Check",
    .list = "ListChecks",
    .get = "GetCheck",
    .columns = columns,
    .column_count = COUNT(columns),
    .filters = filters,
    .filter_count = COUNT(filters),
    .free_text = "=search",
    .sort = "findings",
};
