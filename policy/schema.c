#include "policy/schema.h"

#define FIELDS(id)                                                                                                                         \
    {                                                                                                                                      \
        id, sizeof(id) / sizeof *(id)                                                                                                      \
    }
#define PLAIN(number, name, type)                                                                                                          \
    {                                                                                                                                      \
        number, name, type, 0, 0, NULL                                                                                                     \
    }
#define ONE_OF(group, number, name, type)                                                                                                  \
    {                                                                                                                                      \
        number, name, type, PROTO_PRESENT, group, NULL                                                                                     \
    }
#define OPTIONAL(number, name, type)                                                                                                       \
    {                                                                                                                                      \
        number, name, type, PROTO_PRESENT, 0, NULL                                                                                         \
    }
#define MESSAGE(number, name, m)                                                                                                           \
    {                                                                                                                                      \
        number, name, PROTO_MESSAGE, PROTO_PRESENT, 0, &(m)                                                                                \
    }
#define ONE_OF_M(group, number, name, m)                                                                                                   \
    {                                                                                                                                      \
        number, name, PROTO_MESSAGE, PROTO_PRESENT, group, &(m)                                                                            \
    }
#define REPEATED_M(number, name, m)                                                                                                        \
    {                                                                                                                                      \
        number, name, PROTO_MESSAGE, PROTO_REPEATED, 0, &(m)                                                                               \
    }

static const struct proto_message any_value, key_value;

static const struct proto_field array_value_fields[] = {REPEATED_M(1, "values", any_value)};
static const struct proto_message array_value = FIELDS(array_value_fields);
static const struct proto_field kvlist_value_fields[] = {REPEATED_M(1, "values", key_value)};
static const struct proto_message kvlist_value = FIELDS(kvlist_value_fields);
static const struct proto_field any_value_fields[] = {
    ONE_OF(1, 1, "string_value", PROTO_STRING), ONE_OF(1, 2, "bool_value", PROTO_BOOL),     ONE_OF(1, 3, "int_value", PROTO_INT64),
    ONE_OF(1, 4, "double_value", PROTO_DOUBLE), ONE_OF_M(1, 5, "array_value", array_value), ONE_OF_M(1, 6, "kvlist_value", kvlist_value),
    ONE_OF(1, 7, "bytes_value", PROTO_BYTES),
};
static const struct proto_message any_value = FIELDS(any_value_fields);
static const struct proto_field key_value_fields[] = {PLAIN(1, "key", PROTO_STRING), MESSAGE(2, "value", any_value)};
static const struct proto_message key_value = FIELDS(key_value_fields);

static const struct proto_field path_fields[] = {{1, "path", PROTO_STRING, PROTO_REPEATED, 0, NULL}};
static const struct proto_message path = FIELDS(path_fields);
static const struct proto_field value_fields[] = {
    ONE_OF(1, 1, "bool_value", PROTO_BOOL),   ONE_OF(1, 2, "int_value", PROTO_INT64),  ONE_OF(1, 3, "double_value", PROTO_DOUBLE),
    ONE_OF(1, 4, "bytes_value", PROTO_BYTES), ONE_OF(1, 5, "hex_value", PROTO_STRING), ONE_OF(1, 6, "string_value", PROTO_STRING),
};
static const struct proto_message value = FIELDS(value_fields);
static const struct proto_field numeric_fields[] = {ONE_OF(1, 1, "int_value", PROTO_INT64), ONE_OF(1, 2, "double_value", PROTO_DOUBLE)};
static const struct proto_message numeric = FIELDS(numeric_fields);

#define CONDITIONS                                                                                                                         \
    ONE_OF(2, 10, "exact", PROTO_STRING), ONE_OF(2, 11, "regex", PROTO_STRING), ONE_OF(2, 12, "exists", PROTO_BOOL),                       \
        ONE_OF(2, 13, "starts_with", PROTO_STRING), ONE_OF(2, 14, "ends_with", PROTO_STRING), ONE_OF(2, 15, "contains", PROTO_STRING),     \
        ONE_OF_M(2, 22, "equals", value), ONE_OF_M(2, 23, "gt", numeric), ONE_OF_M(2, 24, "gte", numeric), ONE_OF_M(2, 25, "lt", numeric), \
        ONE_OF_M(2, 26, "lte", numeric), PLAIN(20, "negate", PROTO_BOOL), PLAIN(21, "case_insensitive", PROTO_BOOL)

#define LOG_SELECTORS(prefix)                                                                                                              \
    ONE_OF(1, 1, prefix "log_field", PROTO_ENUM), ONE_OF_M(1, 2, prefix "log_attribute", path),                                            \
        ONE_OF_M(1, 3, prefix "resource_attribute", path), ONE_OF_M(1, 4, prefix "scope_attribute", path)

static const struct proto_field log_matcher_fields[] = {LOG_SELECTORS(""), CONDITIONS};
static const struct proto_message log_matcher = FIELDS(log_matcher_fields);
static const struct proto_field metric_matcher_fields[] = {
    ONE_OF(1, 1, "metric_field", PROTO_ENUM),
    ONE_OF_M(1, 2, "datapoint_attribute", path),
    ONE_OF_M(1, 3, "resource_attribute", path),
    ONE_OF_M(1, 4, "scope_attribute", path),
    ONE_OF(1, 5, "metric_type", PROTO_ENUM),
    ONE_OF(1, 6, "aggregation_temporality", PROTO_ENUM),
    CONDITIONS,
};
static const struct proto_message metric_matcher = FIELDS(metric_matcher_fields);
static const struct proto_field trace_matcher_fields[] = {
    ONE_OF(1, 1, "trace_field", PROTO_ENUM),     ONE_OF_M(1, 2, "span_attribute", path),
    ONE_OF_M(1, 3, "resource_attribute", path),  ONE_OF_M(1, 4, "scope_attribute", path),
    ONE_OF(1, 5, "span_kind", PROTO_ENUM),       ONE_OF(1, 6, "span_status", PROTO_ENUM),
    ONE_OF(1, 7, "event_name", PROTO_STRING),    ONE_OF_M(1, 8, "event_attribute", path),
    ONE_OF(1, 9, "link_trace_id", PROTO_STRING), CONDITIONS,
};
static const struct proto_message trace_matcher = FIELDS(trace_matcher_fields);

static const struct proto_field sample_key_fields[] = {LOG_SELECTORS("")};
static const struct proto_message sample_key = FIELDS(sample_key_fields);
static const struct proto_message log_remove = FIELDS(sample_key_fields);
static const struct proto_field redact_fields[] = {LOG_SELECTORS(""), PLAIN(10, "replacement", PROTO_STRING),
                                                   OPTIONAL(11, "regex", PROTO_STRING)};
static const struct proto_message log_redact = FIELDS(redact_fields);
static const struct proto_field rename_fields[] = {LOG_SELECTORS("from_"), PLAIN(10, "to", PROTO_STRING), PLAIN(11, "upsert", PROTO_BOOL)};
static const struct proto_message log_rename = FIELDS(rename_fields);
static const struct proto_field add_fields[] = {LOG_SELECTORS(""), PLAIN(10, "value", PROTO_STRING), PLAIN(11, "upsert", PROTO_BOOL)};
static const struct proto_message log_add = FIELDS(add_fields);
static const struct proto_field transform_fields[] = {
    REPEATED_M(1, "remove", log_remove),
    REPEATED_M(2, "redact", log_redact),
    REPEATED_M(3, "rename", log_rename),
    REPEATED_M(4, "add", log_add),
};
static const struct proto_message log_transform = FIELDS(transform_fields);

static const struct proto_field log_fields[] = {
    REPEATED_M(1, "match", log_matcher),
    PLAIN(2, "keep", PROTO_STRING),
    MESSAGE(3, "transform", log_transform),
    MESSAGE(4, "sample_key", sample_key),
};
static const struct proto_message log_target = FIELDS(log_fields);
static const struct proto_field metric_fields[] = {REPEATED_M(1, "match", metric_matcher), {2, "keep", PROTO_BOOL, PROTO_IMPLIED, 0, NULL}};
static const struct proto_message metric_target = FIELDS(metric_fields);
static const struct proto_field sampling_fields[] = {
    {1, "percentage", PROTO_FLOAT, PROTO_IMPLIED, 0, NULL},
    OPTIONAL(2, "mode", PROTO_ENUM),
    OPTIONAL(3, "sampling_precision", PROTO_UINT32),
    OPTIONAL(4, "hash_seed", PROTO_UINT32),
    OPTIONAL(5, "fail_closed", PROTO_BOOL),
};
static const struct proto_message sampling = FIELDS(sampling_fields);
static const struct proto_field trace_fields[] = {REPEATED_M(1, "match", trace_matcher), MESSAGE(2, "keep", sampling)};
static const struct proto_message trace_target = FIELDS(trace_fields);

static const struct proto_field extension_fields[] = {
    PLAIN(1, "type", PROTO_STRING),
    PLAIN(2, "version", PROTO_STRING),
    PLAIN(3, "config", PROTO_BYTES),
    PLAIN(4, "mode", PROTO_ENUM),
};
static const struct proto_message extension = FIELDS(extension_fields);

static const struct proto_field policy_fields[] = {
    PLAIN(1, "id", PROTO_STRING),
    PLAIN(2, "name", PROTO_STRING),
    PLAIN(3, "description", PROTO_STRING),
    {4, "enabled", PROTO_BOOL, PROTO_IMPLIED, 0, NULL},
    PLAIN(5, "created_at_unix_nano", PROTO_FIXED64),
    PLAIN(6, "modified_at_unix_nano", PROTO_FIXED64),
    REPEATED_M(7, "labels", key_value),
    ONE_OF_M(1, 10, "log", log_target),
    ONE_OF_M(1, 11, "metric", metric_target),
    ONE_OF_M(1, 12, "trace", trace_target),
    {20, "extensions", PROTO_MESSAGE, PROTO_REPEATED | PROTO_HIDDEN, 0, &extension},
};
const struct proto_message proto_policy = FIELDS(policy_fields);
