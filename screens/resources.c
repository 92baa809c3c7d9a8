#include "screens/resource.h"

#include <string.h>

/* 8766 hours a year, 730.5 a month. */
#define YEAR         8766.0
#define MONTH        730.5
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* clang-format off */
static const struct column event_columns[] = {
    {.key = "id", .title = "ID", .path = "id", .order = "ID", .min = 36, .max = 36, .priority = 9, .off = true,
     .help = "id of the log event"},
    {.key = "name", .title = "LOG EVENT", .path = "displayName|name", .order = "NAME", .min = 16, .help = "display name, else name"},
    {.key = "service", .title = "SERVICE", .path = "service.name", .order = "SERVICE_NAME", .min = 8, .max = 24, .priority = 2,
     .help = "the service that emits it"},
    {.key = "team", .title = "TEAM", .path = "service.team.name", .min = 6, .max = 16, .priority = 8, .off = true,
     .help = "the team that owns the service"},
    {.key = "template", .title = "TEMPLATE", .path = "template", .min = 20, .priority = 8, .off = true,
     .help = "constant words, <*> for what varies, <?> for what is withheld"},
    {.key = "severity", .title = "SEV", .type = COLUMN_SEVERITY, .path = "severity", .order = "SEVERITY", .min = 5, .max = 5,
     .priority = 3, .help = "debug, info, warn, error or other"},
    {.key = "rate", .title = "EVENTS/h", .type = COLUMN_RATE, .path = "status.current.eventsPerHour", .order = "CURRENT_EVENTS_PER_HOUR",
     .descending = true, .min = 8, .max = 8, .priority = 1, .help = "events an hour, over the trailing 7 days"},
    {.key = "volume", .title = "VOLUME", .type = COLUMN_BYTES, .path = "status.current.bytesPerHour", .factor = MONTH, .suffix = "/mo",
     .descending = true, .min = 11, .max = 11, .priority = 4, .help = "bytes a month at the current rate"},
    {.key = "cost", .title = "COST/yr", .type = COLUMN_MONEY, .path = "status.current.totalUsdPerHour", .factor = YEAR,
     .order = "CURRENT_TOTAL_USD_PER_HOUR", .descending = true, .min = 7, .max = 8, .priority = 0,
     .help = "US dollars a year at the current rate"},
    {.key = "total", .title = "TOTAL", .type = COLUMN_COUNT, .path = "eventCount", .order = "EVENT_COUNT", .descending = true, .min = 7,
     .max = 7, .priority = 6, .off = true, .help = "events since it was first seen"},
    {.key = "bytes", .title = "BYTES", .type = COLUMN_BYTES, .path = "byteCount", .order = "BYTE_COUNT", .descending = true, .min = 8,
     .max = 8, .priority = 7, .off = true, .help = "bytes since it was first seen"},
    {.key = "firstSeen", .title = "FIRST SEEN", .type = COLUMN_TIME, .path = "firstSeenAt", .order = "FIRST_SEEN_AT", .descending = true,
     .min = 10, .max = 10, .priority = 7, .off = true, .help = "time of the first record"},
    {.key = "lastSeen", .title = "LAST SEEN", .type = COLUMN_TIME, .path = "lastSeenAt", .order = "LAST_SEEN_AT", .descending = true,
     .min = 9, .max = 10, .priority = 6, .off = true, .help = "time of the latest record"},
    {.key = "series", .title = "24h", .type = COLUMN_SERIES, .path = "logVolume.points:logCount", .min = 8, .max = 12, .priority = 5,
     .help = "events in each of the last 24 hours"},
};

static const struct filter_term event_filters[] = {
    {.name = "name", .where = "name", .help = "name of the log event"},
    {.name = "template", .where = "template", .help = "its constant words"},
    {.name = "service", .where = "service.name", .help = "name of its service"},
    {.name = "severity", .where = "severity", .type = FILTER_ENUM, .values = "debug info warn error other",
     .help = "debug, info, warn, error, other"},
    {.name = "enabled", .where = "service.enabled", .type = FILTER_BOOL, .help = "its service is enabled: yes, no"},
    {.name = "rate", .where = "baselineVolumePerHour", .type = FILTER_NUMBER, .help = "events an hour: >2K"},
    {.name = "volume", .where = "currentBytesPerHour", .type = FILTER_NUMBER, .factor = MONTH, .help = "bytes a month: >1G"},
    {.name = "cost", .where = "currentTotalUsdPerHour", .type = FILTER_NUMBER, .factor = YEAR, .help = "US dollars a year: >100"},
    {.name = "total", .where = "eventCount", .type = FILTER_NUMBER, .help = "events ever counted"},
    {.name = "bytes", .where = "byteCount", .type = FILTER_NUMBER, .help = "bytes ever counted"},
    {.name = "team", .where = "service.team.name", .help = "the team that owns its service"},
    {.name = "withheld", .where = "wordsWithheld", .type = FILTER_BOOL, .help = "words of its template are withheld: yes, no"},
    {.name = "id", .where = "id", .type = FILTER_ENUM, .help = "id"},
};
/* clang-format on */

const struct resource resource_events = {
    .name = "events",
    .singular = "event",
    .title = "Log events",
    .connection = "logEvents",
    .object = "logEvent",
    .type = "LogEvent",
    .list = "ListLogEvents",
    .get = "GetLogEvent",
    .columns = event_columns,
    .column_count = COUNT(event_columns),
    .filters = event_filters,
    .filter_count = COUNT(event_filters),
    .free_text = "displayName|name",
    .sort = "cost",
};

/* clang-format off */
static const struct column service_columns[] = {
    {.key = "id", .title = "ID", .path = "id", .order = "ID", .min = 36, .max = 36, .priority = 9, .off = true,
     .help = "id of the service"},
    {.key = "name", .title = "SERVICE", .path = "name", .order = "NAME", .min = 12, .help = "service name"},
    {.key = "team", .title = "TEAM", .path = "team.name", .order = "TEAM_NAME", .min = 6, .max = 16, .priority = 5,
     .help = "the team that owns it"},
    {.key = "enabled", .title = "ENABLED", .type = COLUMN_BOOL, .path = "enabled", .order = "ENABLED", .min = 7, .max = 7, .priority = 4,
     .help = "analysed, counted as spend"},
    {.key = "health", .title = "HEALTH", .path = "statusSummary.health", .min = 8, .max = 8, .priority = 7, .off = true,
     .help = "OK, INACTIVE, DISABLED or ERROR"},
    {.key = "events", .title = "LOG EVENTS", .type = COLUMN_COUNT, .path = "logEventCount|statusSummary.logEventCount",
     .order = "LOG_EVENT_COUNT", .descending = true, .min = 10, .max = 10, .priority = 3, .help = "number of log events"},
    {.key = "rate", .title = "EVENTS/h", .type = COLUMN_RATE, .path = "statusSummary.current.eventsPerHour",
     .order = "CURRENT_EVENTS_PER_HOUR", .descending = true, .min = 8, .max = 8, .priority = 2,
     .help = "events an hour, over the trailing 7 days"},
    {.key = "volume", .title = "VOLUME", .type = COLUMN_BYTES, .path = "statusSummary.current.bytesPerHour", .factor = MONTH,
     .suffix = "/mo", .order = "CURRENT_BYTES_PER_HOUR", .descending = true, .min = 11, .max = 11, .priority = 1,
     .help = "bytes a month at the current rate"},
    {.key = "cost", .title = "COST/yr", .type = COLUMN_MONEY, .path = "statusSummary.current.totalUsdPerHour",
     .order = "CURRENT_TOTAL_USD_PER_HOUR", .factor = YEAR, .descending = true, .min = 7, .max = 8, .priority = 0,
     .help = "US dollars a year at the current rate"},
    {.key = "total", .title = "TOTAL", .type = COLUMN_COUNT, .path = "eventCount", .order = "EVENT_COUNT", .descending = true, .min = 7,
     .max = 7, .priority = 6, .off = true, .help = "events since it was first seen"},
    {.key = "bytes", .title = "BYTES", .type = COLUMN_BYTES, .path = "byteCount", .order = "BYTE_COUNT", .descending = true, .min = 8,
     .max = 8, .priority = 7, .off = true, .help = "bytes since it was first seen"},
    {.key = "firstSeen", .title = "FIRST SEEN", .type = COLUMN_TIME, .path = "firstSeenAt", .order = "FIRST_SEEN_AT", .descending = true,
     .min = 10, .max = 10, .priority = 8, .off = true, .help = "time of the first record"},
    {.key = "lastSeen", .title = "LAST SEEN", .type = COLUMN_TIME, .path = "lastSeenAt", .order = "LAST_SEEN_AT", .descending = true,
     .min = 9, .max = 10, .priority = 6, .off = true, .help = "time of the latest record"},
    {.key = "series", .title = "24h", .type = COLUMN_SERIES, .path = "logVolume.points:logCount", .min = 8, .max = 12, .priority = 5,
     .help = "events in each of the last 24 hours"},
};

static const struct filter_term service_filters[] = {
    {.name = "name", .where = "name", .help = "service name"},
    {.name = "enabled", .where = "enabled", .type = FILTER_BOOL, .help = "yes, no"},
    {.name = "rate", .where = "currentEventsPerHour", .type = FILTER_NUMBER, .help = "events an hour: >2K"},
    {.name = "volume", .where = "currentBytesPerHour", .type = FILTER_NUMBER, .factor = MONTH, .help = "bytes a month: >1G"},
    {.name = "cost", .where = "currentTotalUsdPerHour", .type = FILTER_NUMBER, .factor = YEAR, .help = "US dollars a year: >100"},
    {.name = "total", .where = "eventCount", .type = FILTER_NUMBER, .help = "events ever counted"},
    {.name = "bytes", .where = "byteCount", .type = FILTER_NUMBER, .help = "bytes ever counted"},
    {.name = "events", .where = "logEventCount", .type = FILTER_NUMBER, .help = "number of log events"},
    {.name = "team", .where = "team.name", .help = "the team that owns it"},
    {.name = "id", .where = "id", .type = FILTER_ENUM, .help = "id"},
};
/* clang-format on */

const struct resource resource_services = {
    .name = "services",
    .singular = "service",
    .title = "Services",
    .connection = "services",
    .object = "service",
    .type = "Service",
    .list = "ListServices",
    .get = "GetService",
    .columns = service_columns,
    .column_count = COUNT(service_columns),
    .filters = service_filters,
    .filter_count = COUNT(service_filters),
    .free_text = "name",
    .sort = "volume",
};

static const struct resource *const all[] = {&resource_issues, &resource_checks, &resource_policies, &resource_services,
                                             &resource_events, &resource_edges,  &resource_edge_keys};
enum { RESOURCES = COUNT(all) };

const struct resource *const *resources_all(size_t *count)
{
    *count = RESOURCES;
    return all;
}

const struct resource *resource_find(const char *name)
{
    for (size_t i = 0; i < RESOURCES; i++)
        if (!strcmp(all[i]->name, name) || !strcmp(all[i]->singular, name)) return all[i];
    return NULL;
}

const struct column *resource_column(const struct resource *r, const char *key)
{
    for (size_t i = 0; i < r->column_count; i++)
        if (!strcmp(r->columns[i].key, key)) return &r->columns[i];
    return NULL;
}
