#include "policy/otlp_record.h"

#include "policy/node.h"
#include "policy/otlp_value.h"
#include "policy/words.h"

#include <ctype.h>

static struct datum string_datum(const json_t *n)
{
    size_t len = json_string_length(n);
    if (!json_is_string(n) || !len) return (struct datum){0};
    return (struct datum){.type = DATUM_STRING, .text = slice_of(json_string_value(n), len)};
}

static struct datum id_datum(const struct otlp *o, const char *key)
{
    struct datum d = string_datum(json_object_get(o->record, key));
    if (d.type == DATUM_ABSENT) return d;
    char *text = node_memory(o->arena, d.text.len + 1);
    bool zero = true;
    for (size_t i = 0; i < d.text.len; i++) {
        text[i] = (char)tolower((unsigned char)d.text.ptr[i]);
        zero &= text[i] == '0';
    }
    d.text.ptr = text;
    if (zero) d.type = DATUM_ABSENT;
    if (zero) d.text.len = 0;
    return d;
}

static struct datum word_datum(const json_t *n, const struct vocabulary *words, bool zero_counts)
{
    struct node text = {.kind = NODE_STRING};
    unsigned number = json_is_integer(n) ? (unsigned)json_integer_value(n) : 0;
    if (json_is_string(n)) {
        text.text = slice_of(json_string_value(n), json_string_length(n));
        if (!word_parse(words, &text, &number)) number = 0;
    }
    if (!number && !zero_counts) return (struct datum){0};
    return (struct datum){.type = DATUM_INT, .integer = number};
}

static const struct vocabulary status_codes = {"STATUS_CODE_", (const struct word[]){{0, "unset"}, {1, "ok"}, {2, "error"}, {0, NULL}}};

/* What holds a metric's data points, and its type. */
static const json_t *metric_data(const struct otlp *o, int64_t *type)
{
    static const char *const keys[] = {"gauge", "sum", "histogram", "exponentialHistogram", "summary"};
    for (unsigned i = 0; i < sizeof keys / sizeof *keys; i++) {
        const json_t *data = json_object_get(o->record, keys[i]);
        *type = i + 1;
        if (data) return data;
    }
    return NULL;
}

static struct datum metric_type(const struct otlp *o)
{
    struct datum d = {.type = DATUM_INT};
    return metric_data(o, &d.integer) ? d : (struct datum){0};
}

static struct datum body(const struct otlp *o)
{
    struct datum d = any_value(json_object_get(o->record, "body"), o->arena);
    bool nothing = d.type == DATUM_OTHER && !json_object_size(json_object_get(o->record, "body"));
    if (nothing || (d.type == DATUM_STRING && !d.text.len)) d.type = DATUM_ABSENT;
    return d;
}

static struct datum get_field(void *record, enum policy_field field)
{
    const struct otlp *o = record;
    const json_t *scope = json_object_get(o->in_scope, "scope");
    int64_t type;
    switch (field) {
    case POLICY_BODY: return body(o);
    case POLICY_SEVERITY_TEXT: return string_datum(json_object_get(o->record, "severityText"));
    case POLICY_TRACE_ID: return id_datum(o, "traceId");
    case POLICY_SPAN_ID: return id_datum(o, "spanId");
    case POLICY_PARENT_SPAN_ID: return id_datum(o, "parentSpanId");
    case POLICY_EVENT_NAME: return string_datum(json_object_get(o->record, "eventName"));
    case POLICY_NAME: return string_datum(json_object_get(o->record, "name"));
    case POLICY_DESCRIPTION: return string_datum(json_object_get(o->record, "description"));
    case POLICY_UNIT: return string_datum(json_object_get(o->record, "unit"));
    case POLICY_TRACE_STATE: return string_datum(json_object_get(o->record, "traceState"));
    case POLICY_RESOURCE_SCHEMA_URL: return string_datum(json_object_get(o->in_resource, "schemaUrl"));
    case POLICY_SCOPE_SCHEMA_URL: return string_datum(json_object_get(o->in_scope, "schemaUrl"));
    case POLICY_SCOPE_NAME: return string_datum(json_object_get(scope, "name"));
    case POLICY_SCOPE_VERSION: return string_datum(json_object_get(scope, "version"));
    case POLICY_METRIC_TYPE: return metric_type(o);
    case POLICY_TEMPORALITY:
        return word_datum(json_object_get(metric_data(o, &type), "aggregationTemporality"), &words_temporalities, false);
    case POLICY_SPAN_KIND: return word_datum(json_object_get(o->record, "kind"), &words_span_kinds, false);
    case POLICY_SPAN_STATUS: return word_datum(json_object_get(json_object_get(o->record, "status"), "code"), &status_codes, true);
    default: return (struct datum){0};
    }
}

/* The object whose "attributes" are those of the scope. */
static json_t *holder(const struct otlp *o, enum policy_scope scope)
{
    int64_t type;
    if (scope == POLICY_RESOURCE) return json_object_get(o->in_resource, "resource");
    if (scope == POLICY_SCOPE) return json_object_get(o->in_scope, "scope");
    if (o->signal != POLICY_METRIC) return o->record;
    return json_array_get(json_object_get(metric_data(o, &type), "dataPoints"), 0);
}

static json_t *attributes_of(const struct otlp *o, enum policy_scope scope) { return json_object_get(holder(o, scope), "attributes"); }

/* Made where there is none. */
static json_t *attributes_made(struct otlp *o, enum policy_scope scope)
{
    json_t *in = holder(o, scope), *outer = scope == POLICY_RESOURCE ? o->in_resource : scope == POLICY_SCOPE ? o->in_scope : NULL;
    if (!in && outer) json_object_set_new(outer, scope == POLICY_RESOURCE ? "resource" : "scope", in = json_object());
    json_t *list = json_object_get(in, "attributes");
    if (json_is_array(list) || !in) return list;
    json_object_set_new(in, "attributes", list = json_array());
    return list;
}

static struct datum get_attribute(void *record, enum policy_scope scope, const struct slice *path, size_t count)
{
    const struct otlp *o = record;
    return any_value(path_value(attributes_of(o, scope), path, count), o->arena);
}

static void each_attribute(void *record, enum policy_scope scope, void (*visit)(void *context, struct slice key, struct datum value),
                           void *context)
{
    const struct otlp *o = record;
    const json_t *list = attributes_of(o, scope);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *pair = json_array_get(list, i), *key = json_object_get(pair, "key"), *value = json_object_get(pair, "value");
        if (json_is_string(key) && value)
            visit(context, slice_of(json_string_value(key), json_string_length(key)), any_value(value, o->arena));
    }
}

static const json_t *item_of(const void *record, const char *list, size_t i)
{
    const struct otlp *o = record;
    return json_array_get(json_object_get(o->record, list), i);
}

static bool event_name(void *record, size_t i, struct slice *name)
{
    const json_t *event = item_of(record, "events", i);
    *name = string_datum(json_object_get(event, "name")).text;
    return event != NULL;
}

static bool event_attribute(void *record, size_t i, const struct slice *path, size_t count, struct datum *value)
{
    const json_t *event = item_of(record, "events", i);
    *value = any_value(path_value(json_object_get(event, "attributes"), path, count), ((const struct otlp *)record)->arena);
    return event != NULL;
}

static bool link_trace_id(void *record, size_t i, struct slice *id)
{
    struct otlp at = *(const struct otlp *)record;
    at.record = (json_t *)item_of(record, "links", i);
    *id = id_datum(&at, "traceId").text;
    return at.record != NULL;
}

static const char *field_member(enum policy_field field)
{
    switch (field) {
    case POLICY_BODY: return "body";
    case POLICY_SEVERITY_TEXT: return "severityText";
    case POLICY_TRACE_ID: return "traceId";
    case POLICY_SPAN_ID: return "spanId";
    case POLICY_EVENT_NAME: return "eventName";
    case POLICY_TRACE_STATE: return "traceState";
    case POLICY_RESOURCE_SCHEMA_URL:
    case POLICY_SCOPE_SCHEMA_URL: return "schemaUrl";
    default: return NULL;
    }
}

static json_t *field_holder(const struct otlp *o, enum policy_field field)
{
    return field == POLICY_RESOURCE_SCHEMA_URL ? o->in_resource : field == POLICY_SCOPE_SCHEMA_URL ? o->in_scope : o->record;
}

static bool remove_target(void *record, const struct policy_selector *target)
{
    struct otlp *o = record;
    if (target->kind == POLICY_SELECT_ATTRIBUTE) return path_remove(attributes_of(o, target->scope), target->path, target->path_count);
    const char *member = field_member(target->field);
    bool there = member && get_field(record, target->field).type != DATUM_ABSENT;
    if (member) json_object_del(field_holder(o, target->field), member);
    return there;
}

static bool set_target(void *record, const struct policy_selector *target, struct slice text)
{
    struct otlp *o = record;
    if (target->kind == POLICY_SELECT_ATTRIBUTE) {
        json_t *list = attributes_made(o, target->scope);
        return list && path_set(list, target->path, target->path_count, any_string(text));
    }
    const char *member = field_member(target->field);
    bool there = member && get_field(record, target->field).type != DATUM_ABSENT;
    json_t *value = target->field == POLICY_BODY ? any_string(text) : json_stringn_nocheck(text.ptr ? text.ptr : "", text.len);
    if (member) json_object_set_new(field_holder(o, target->field), member, value);
    else json_decref(value);
    return there;
}

static bool rename_target(void *record, const struct policy_selector *from, struct slice to)
{
    struct otlp *o = record;
    json_t *list = attributes_of(o, from->scope), *value = path_value(list, from->path, from->path_count);
    if (!value) return false;
    json_incref(value);
    path_remove(list, from->path, from->path_count);
    path_set(list, &to, 1, value);
    return true;
}

const struct record_ops otlp_ops = {
    .field = get_field,
    .attribute = get_attribute,
    .attributes = each_attribute,
    .event_name = event_name,
    .event_attribute = event_attribute,
    .link_trace_id = link_trace_id,
    .remove = remove_target,
    .set = set_target,
    .rename = rename_target,
};
