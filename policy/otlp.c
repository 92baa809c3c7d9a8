#include "policy/otlp_record.h"

#include "base/die.h"

#include <stdlib.h>

static const struct signal_names {
    const char *resources, *scopes, *records;
} names[] = {
    [POLICY_LOG] = {"resourceLogs", "scopeLogs", "logRecords"},
    [POLICY_METRIC] = {"resourceMetrics", "scopeMetrics", "metrics"},
    [POLICY_TRACE] = {"resourceSpans", "scopeSpans", "spans"},
};

struct pass {
    struct otlp *otlp;
    struct evaluation *evaluation;
    enum policy_signal signal;
    int64_t now_ns;
    void (*visit)(void *context, const json_t *record, const struct verdict *d);
    void *context;
    struct otlp_counts counts;
};

struct otlp *otlp_new(void)
{
    struct otlp *o = xcalloc(1, sizeof *o);
    o->arena = arena_new((size_t)1 << 40);
    return o;
}

void otlp_free(struct otlp *o)
{
    if (!o) return;
    arena_free(o->arena);
    free(o);
}

void otlp_at(struct otlp *o, enum policy_signal signal, json_t *in_resource, json_t *in_scope, json_t *record)
{
    arena_reset(o->arena);
    o->signal = signal;
    o->in_resource = in_resource;
    o->in_scope = in_scope;
    o->record = record;
}

static bool kept(struct pass *p, const json_t *record)
{
    struct verdict d = p->signal == POLICY_LOG      ? evaluate_log(p->evaluation, &otlp_ops, p->otlp, p->now_ns)
                       : p->signal == POLICY_METRIC ? evaluate_metric(p->evaluation, &otlp_ops, p->otlp)
                                                    : evaluate_span(p->evaluation, &otlp_ops, p->otlp);
    p->counts.records++;
    p->counts.matched += d.matched_count > 0;
    p->counts.dropped += !d.keep;
    if (p->visit) p->visit(p->context, record, &d);
    return d.keep;
}

static void replace(json_t *outer, const char *key, const json_t *before, json_t *left)
{
    if (json_array_size(left) != json_array_size(before)) json_object_set(outer, key, left);
    json_decref(left);
}

static void filter_records(struct pass *p, json_t *in_resource, json_t *in_scope)
{
    json_t *records = json_object_get(in_scope, names[p->signal].records), *left = json_array();
    for (size_t i = 0; i < json_array_size(records); i++) {
        json_t *record = json_array_get(records, i);
        otlp_at(p->otlp, p->signal, in_resource, in_scope, record);
        if (kept(p, record)) json_array_append(left, record);
    }
    replace(in_scope, names[p->signal].records, records, left);
}

static bool has_members(const json_t *object, const char *key) { return json_array_size(json_object_get(object, key)) > 0; }

static void drop_empty(json_t *outer, const char *list_key, const char *inner_key)
{
    json_t *list = json_object_get(outer, list_key), *left = json_array();
    for (size_t i = 0; i < json_array_size(list); i++)
        if (has_members(json_array_get(list, i), inner_key)) json_array_append(left, json_array_get(list, i));
    replace(outer, list_key, list, left);
}

static void filter_resource(struct pass *p, json_t *in_resource)
{
    const json_t *scopes = json_object_get(in_resource, names[p->signal].scopes);
    for (size_t i = 0; i < json_array_size(scopes); i++) filter_records(p, in_resource, json_array_get(scopes, i));
    drop_empty(in_resource, names[p->signal].scopes, names[p->signal].records);
}

struct otlp_counts otlp_filter(struct otlp *o, json_t *document, struct evaluation *v, enum policy_signal signal, int64_t now_ns,
                               void (*visit)(void *context, const json_t *record, const struct verdict *d), void *context)
{
    struct pass p = {o, v, signal, now_ns, visit, context, {0}};
    const json_t *resources = json_object_get(document, names[signal].resources);
    for (size_t i = 0; i < json_array_size(resources); i++) filter_resource(&p, json_array_get(resources, i));
    drop_empty(document, names[signal].resources, names[signal].scopes);
    return p.counts;
}
