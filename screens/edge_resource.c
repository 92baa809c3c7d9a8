#include "screens/resource.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* clang-format off */
static const struct column instance_columns[] = {
    {.key = "id", .title = "ID", .path = "id", .order = "ID", .min = 36, .max = 36, .priority = 9, .off = true, .help = "id of the instance"},
    {.key = "instance", .title = "INSTANCE", .path = "instanceID", .order = "INSTANCE_ID", .min = 16, .help = "what the instance calls itself"},
    {.key = "service", .title = "SERVICE", .path = "serviceName", .order = "SERVICE_NAME", .min = 8, .max = 24, .priority = 1,
     .help = "service.name of the instance"},
    {.key = "namespace", .title = "NAMESPACE", .path = "serviceNamespace", .order = "SERVICE_NAMESPACE", .min = 9, .max = 16, .priority = 5,
     .help = "service.namespace of the instance"},
    {.key = "version", .title = "VERSION", .path = "serviceVersion", .order = "SERVICE_VERSION", .min = 7, .max = 12, .priority = 4,
     .help = "service.version of the instance"},
    {.key = "sync", .title = "POLICIES", .type = COLUMN_STATE, .path = "syncState", .order = "SYNC_STATE", .min = 8, .max = 9, .priority = 0,
     .help = "in_sync: it runs what is approved; sent: it did not say so yet; behind: it does not; never: it never said that it applied any"},
    {.key = "lastSeen", .title = "LAST SEEN", .type = COLUMN_TIME, .path = "lastSyncAt", .order = "LAST_SYNC_AT", .descending = true,
     .min = 9, .max = 10, .priority = 2, .help = "time of its latest poll"},
    {.key = "hits", .title = "24h HITS", .type = COLUMN_COUNT, .path = "policyTelemetry.totals.matchHits", .min = 8, .max = 8, .priority = 3,
     .help = "records that matched a policy within 24 hours"},
    {.key = "misses", .title = "MISSES", .type = COLUMN_COUNT, .path = "policyTelemetry.totals.matchMisses", .min = 7, .max = 7,
     .priority = 6, .help = "records that matched a policy but were decided by another within 24 hours"},
    {.key = "errors", .title = "ERR", .type = COLUMN_COUNT, .path = "policyTelemetry.totals.errors", .min = 4, .max = 6, .priority = 3,
     .help = "errors that it reported within 24 hours"},
    {.key = "hash", .title = "HASH", .path = "lastSuccessfulHash", .min = 12, .max = 12, .priority = 8, .off = true,
     .help = "hash of the policies that it applied last"},
    {.key = "firstSeen", .title = "FIRST SEEN", .type = COLUMN_TIME, .path = "firstSeenAt", .order = "FIRST_SEEN_AT", .descending = true,
     .min = 10, .max = 10, .priority = 8, .off = true, .help = "time of its first poll"},
};

static const struct filter_term instance_filters[] = {
    {.name = "instance", .where = "instanceID", .help = "what the instance calls itself"},
    {.name = "service", .where = "serviceName", .help = "service.name"},
    {.name = "namespace", .where = "serviceNamespace", .help = "service.namespace"},
    {.name = "version", .where = "serviceVersion", .help = "service.version"},
    {.name = "sync", .where = "syncState", .type = FILTER_ENUM, .values = "in_sync sent behind never", .upper = true,
     .help = "in_sync, sent, behind, never: sent,behind,never is all drift"},
    {.name = "id", .where = "id", .type = FILTER_ENUM, .help = "id"},
};

static const struct column key_columns[] = {
    {.key = "id", .title = "ID", .path = "id", .order = "ID", .min = 36, .max = 36, .priority = 9, .off = true, .help = "id of the key"},
    {.key = "name", .title = "NAME", .path = "name", .order = "NAME", .min = 16, .help = "what it was called when it was made"},
    {.key = "prefix", .title = "BEGINS WITH", .path = "keyPrefix", .min = 12, .max = 16, .priority = 0, .help = "first characters of the key"},
    {.key = "lastUsed", .title = "LAST USED", .type = COLUMN_TIME, .path = "lastUsedAt", .order = "LAST_USED_AT", .descending = true,
     .min = 9, .max = 10, .priority = 1, .help = "when an edge signed in with it last; empty: never"},
    {.key = "revoked", .title = "REVOKED", .type = COLUMN_TIME, .path = "revokedAt", .order = "REVOKED_AT", .descending = true, .min = 8,
     .max = 10, .priority = 2, .help = "when it was revoked; empty: it is good"},
    {.key = "created", .title = "CREATED", .type = COLUMN_TIME, .path = "createdAt", .order = "CREATED_AT", .descending = true, .min = 8,
     .max = 10, .priority = 3, .help = "when it was made"},
};

static const struct filter_term key_filters[] = {
    {.name = "name", .where = "name", .help = "what it was called when it was made"},
    {.name = "id", .where = "id", .type = FILTER_ENUM, .help = "id"},
};
/* clang-format on */

const struct resource resource_edges = {
    .name = "edges",
    .singular = "edge",
    .title = "Edge instances",
    .connection = "edgeInstances",
    .object = "edgeInstance",
    .type = "EdgeInstance",
    .list = "ListEdgeInstances",
    .get = "GetEdgeInstance",
    .columns = instance_columns,
    .column_count = COUNT(instance_columns),
    .filters = instance_filters,
    .filter_count = COUNT(instance_filters),
    .free_text = "instanceID|serviceName",
    .sort = "lastSeen",
};

const struct resource resource_edge_keys = {
    .name = "edge-keys",
    .singular = "edge-key",
    .title = "Edge API keys",
    .connection = "edgeAPIKeys",
    .object = "edgeAPIKey",
    .type = "EdgeApiKey",
    .list = "ListEdgeKeys",
    .get = "GetEdgeKey",
    .columns = key_columns,
    .column_count = COUNT(key_columns),
    .filters = key_filters,
    .filter_count = COUNT(key_filters),
    .free_text = "name",
    .sort = "created",
};
