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

/* Moves what stays to the front. */
static void filter_records(struct pass *p, json_t *in_resource, json_t *in_scope)
{
    json_t *records = json_object_get(in_scope, names[p->signal].records), *left = json_array(), *record;
    size_t i;
    json_array_foreach(records, i, record)
    {
        otlp_at(p->otlp, p->signal, in_resource, in_scope, record);
        if (kept(p, record)) json_array_append(left, record);
    }
    if (json_array_size(left) != json_array_size(records)) json_object_set(in_scope, names[p->signal].records, left);
    json_decref(left);
}

static bool has_members(const json_t *object, const char *key) { return json_array_size(json_object_get(object, key)) > 0; }

static void drop_empty(json_t *outer, const char *list_key, const char *inner_key)
{
    json_t *list = json_object_get(outer, list_key), *left = json_array(), *item;
    size_t i;
    json_array_foreach(list, i, item) if (has_members(item, inner_key)) json_array_append(left, item);
    if (json_array_size(left) != json_array_size(list)) json_object_set(outer, list_key, left);
    json_decref(left);
}

struct otlp_counts otlp_filter(struct otlp *o, json_t *document, struct evaluation *v, enum policy_signal signal, int64_t now_ns,
                               void (*visit)(void *context, const json_t *record, const struct verdict *d), void *context)
{
    struct pass p = {o, v, signal, now_ns, visit, context, {0}};
    json_t *in_resource, *in_scope;
    size_t i, j;
    json_array_foreach(json_object_get(document, names[signal].resources), i, in_resource)
    {
        json_array_foreach(json_object_get(in_resource, names[signal].scopes), j, in_scope) filter_records(&p, in_resource, in_scope);
        drop_empty(in_resource, names[signal].scopes, names[signal].records);
    }
    drop_empty(document, names[signal].resources, names[signal].scopes);
    return p.counts;
}
