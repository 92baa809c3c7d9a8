#include "policy/words.h"

#include <strings.h>

#define VOCABULARY(id, begins, ...) const struct vocabulary id = {begins, (const struct word[]){__VA_ARGS__, {0, NULL}}}

VOCABULARY(words_log_fields, "LOG_FIELD_", {1, "body"}, {2, "severity_text"}, {3, "trace_id"}, {4, "span_id"}, {5, "event_name"},
           {10, "resource_schema_url"}, {11, "scope_schema_url"}, {0, "unspecified"});
VOCABULARY(words_metric_fields, "METRIC_FIELD_", {1, "name"}, {2, "description"}, {3, "unit"}, {10, "resource_schema_url"},
           {11, "scope_schema_url"}, {12, "scope_name"}, {13, "scope_version"}, {0, "unspecified"});
VOCABULARY(words_trace_fields, "TRACE_FIELD_", {1, "name"}, {2, "trace_id"}, {3, "span_id"}, {4, "parent_span_id"}, {5, "trace_state"},
           {10, "resource_schema_url"}, {11, "scope_schema_url"}, {12, "scope_name"}, {13, "scope_version"}, {0, "unspecified"});
VOCABULARY(words_metric_types, "METRIC_TYPE_", {1, "gauge"}, {2, "sum"}, {3, "histogram"}, {4, "exponential_histogram"}, {5, "summary"},
           {0, "unspecified"});
VOCABULARY(words_temporalities, "AGGREGATION_TEMPORALITY_", {1, "delta"}, {2, "cumulative"}, {0, "unspecified"});
VOCABULARY(words_span_kinds, "SPAN_KIND_", {1, "internal"}, {2, "server"}, {3, "client"}, {4, "producer"}, {5, "consumer"},
           {0, "unspecified"});
VOCABULARY(words_span_statuses, "SPAN_STATUS_CODE_", {0, "unset"}, {1, "ok"}, {2, "error"}, {0, "unspecified"});
VOCABULARY(words_sampling_modes, "SAMPLING_MODE_", {1, "hash_seed"}, {2, "proportional"}, {3, "equalizing"}, {0, "unspecified"});
VOCABULARY(words_extension_modes, "EXTENSION_MODE_", {1, "kept"}, {2, "dropped"}, {3, "unmatched"}, {4, "matched"}, {5, "all"},
           {0, "unspecified"});

bool word_parse(const struct vocabulary *v, const struct node *n, unsigned *number)
{
    int64_t value;
    if (node_int(n, &value)) {
        *number = (unsigned)value;
        return value >= 0 && value < 1000;
    }
    if (!n || n->kind != NODE_STRING) return false;
    struct slice s = n->text;
    size_t prefix = strlen(v->prefix);
    if (s.len > prefix && strncasecmp(s.ptr, v->prefix, prefix) == 0) s = slice_of(s.ptr + prefix, s.len - prefix);
    for (const struct word *w = v->words; w->text; w++)
        if (s.len == strlen(w->text) && strncasecmp(s.ptr, w->text, s.len) == 0) {
            *number = w->number;
            return true;
        }
    return false;
}

const char *word_text(const struct vocabulary *v, unsigned number)
{
    for (const struct word *w = v->words; w->text; w++)
        if (w->number == number) return w->text;
    return "unspecified";
}

const struct vocabulary *field_words(enum policy_signal signal)
{
    return signal == POLICY_LOG ? &words_log_fields : signal == POLICY_METRIC ? &words_metric_fields : &words_trace_fields;
}

static const struct field_row {
    enum policy_field field;
    const char *name;
    unsigned log, metric, trace; /* 0: not a field of that signal */
} fields[] = {
    {POLICY_BODY, "body", 1, 0, 0},
    {POLICY_SEVERITY_TEXT, "severity_text", 2, 0, 0},
    {POLICY_TRACE_ID, "trace_id", 3, 0, 2},
    {POLICY_SPAN_ID, "span_id", 4, 0, 3},
    {POLICY_EVENT_NAME, "event_name", 5, 0, 0},
    {POLICY_NAME, "name", 0, 1, 1},
    {POLICY_DESCRIPTION, "description", 0, 2, 0},
    {POLICY_UNIT, "unit", 0, 3, 0},
    {POLICY_PARENT_SPAN_ID, "parent_span_id", 0, 0, 4},
    {POLICY_TRACE_STATE, "trace_state", 0, 0, 5},
    {POLICY_RESOURCE_SCHEMA_URL, "resource_schema_url", 10, 10, 10},
    {POLICY_SCOPE_SCHEMA_URL, "scope_schema_url", 11, 11, 11},
    {POLICY_SCOPE_NAME, "scope_name", 0, 12, 12},
    {POLICY_SCOPE_VERSION, "scope_version", 0, 13, 13},
    {POLICY_METRIC_TYPE, "metric_type", 0, 0, 0},
    {POLICY_TEMPORALITY, "aggregation_temporality", 0, 0, 0},
    {POLICY_SPAN_KIND, "span_kind", 0, 0, 0},
    {POLICY_SPAN_STATUS, "span_status", 0, 0, 0},
};

enum { FIELD_ROWS = sizeof fields / sizeof *fields };

unsigned field_number(enum policy_signal signal, enum policy_field field)
{
    for (size_t i = 0; i < FIELD_ROWS; i++)
        if (fields[i].field == field)
            return signal == POLICY_LOG ? fields[i].log : signal == POLICY_METRIC ? fields[i].metric : fields[i].trace;
    return 0;
}

enum policy_field field_of(enum policy_signal signal, unsigned number)
{
    for (size_t i = 0; number && i < FIELD_ROWS; i++)
        if (field_number(signal, fields[i].field) == number) return fields[i].field;
    return POLICY_FIELD_NONE;
}

const char *policy_field_name(enum policy_field f)
{
    for (size_t i = 0; i < FIELD_ROWS; i++)
        if (fields[i].field == f) return fields[i].name;
    return "none";
}

const struct vocabulary *field_values(enum policy_field field)
{
    switch (field) {
    case POLICY_METRIC_TYPE: return &words_metric_types;
    case POLICY_TEMPORALITY: return &words_temporalities;
    case POLICY_SPAN_KIND: return &words_span_kinds;
    case POLICY_SPAN_STATUS: return &words_span_statuses;
    default: return NULL;
    }
}

const char *policy_signal_name(enum policy_signal s)
{
    return s == POLICY_LOG ? "log" : s == POLICY_METRIC ? "metric" : s == POLICY_TRACE ? "trace" : "none";
}

bool policy_signal_parse(struct slice text, enum policy_signal *s)
{
    for (enum policy_signal i = POLICY_LOG; i <= POLICY_TRACE; i++)
        if (slice_is(text, policy_signal_name(i))) {
            *s = i;
            return true;
        }
    return false;
}

const char *policy_condition_name(enum policy_condition c)
{
    static const char *const names[] = {"none",     "exact",  "regex", "exists", "starts_with", "ends_with",
                                        "contains", "equals", "gt",    "gte",    "lt",          "lte"};
    return names[c];
}

const char *policy_stage_name(enum policy_stage s)
{
    static const char *const names[] = {"remove", "redact", "rename", "add"};
    return names[s];
}

const char *scope_key(enum policy_signal signal, enum policy_scope scope)
{
    static const char *const record[] = {"", "log_attribute", "datapoint_attribute", "span_attribute"};
    switch (scope) {
    case POLICY_RESOURCE: return "resource_attribute";
    case POLICY_SCOPE: return "scope_attribute";
    case POLICY_EVENT: return "event_attribute";
    default: return record[signal];
    }
}

const char *field_key(enum policy_signal signal)
{
    static const char *const keys[] = {"", "log_field", "metric_field", "trace_field"};
    return keys[signal];
}

const char *selector_key(enum policy_signal signal, const struct policy_selector *s)
{
    switch (s->kind) {
    case POLICY_SELECT_ATTRIBUTE: return scope_key(signal, s->scope);
    case POLICY_SELECT_EVENT: return "event_name";
    case POLICY_SELECT_LINK: return "link_trace_id";
    default: return field_values(s->field) ? policy_field_name(s->field) : field_key(signal);
    }
}
