#include "control-plane/api/policy_spec.h"

static struct spec_path path_of(struct request_context *x, const struct policy_selector *s)
{
    static const char *const scopes[] = {
        [POLICY_RECORD] = "attributes", [POLICY_RESOURCE] = "resource", [POLICY_SCOPE] = "scope", [POLICY_EVENT] = "event"};
    size_t count = s->kind == POLICY_SELECT_ATTRIBUTE ? s->path_count + 1 : 1;
    struct slice *segments = arena_alloc(x->arena, count * sizeof *segments);
    if (!segments) return (struct spec_path){0, NULL};
    segments[0] = slice_str(s->kind == POLICY_SELECT_ATTRIBUTE ? scopes[s->scope] : policy_field_name(s->field));
    for (size_t i = 1; i < count; i++) segments[i] = arena_slice(x, s->path[i - 1]);
    return (struct spec_path){count, segments};
}

static struct spec_path renamed(struct request_context *x, struct spec_path from, struct slice key)
{
    struct slice *segments = arena_alloc(x->arena, 2 * sizeof *segments);
    if (!segments || from.count == 0) return (struct spec_path){0, NULL};
    segments[0] = from.segments[0];
    segments[1] = arena_slice(x, key);
    return (struct spec_path){2, segments};
}

static bool take_step(struct request_context *x, struct policy_spec *s, const struct policy_step *step)
{
    struct spec_entry e = {.path = path_of(x, &step->selector)};
    switch (step->stage) {
    case POLICY_REMOVE: s->removes[s->remove_count++] = e; return true;
    case POLICY_REDACT:
        e.has_regex = step->has_regex;
        e.regex = arena_slice(x, step->pattern);
        e.replacement = arena_slice(x, step->text);
        s->redacts[s->redact_count++] = e;
        return true;
    case POLICY_RENAME:
        e.to = renamed(x, e.path, step->text);
        s->renames[s->rename_count++] = e;
        return true;
    default:
        if (step->selector.kind != POLICY_SELECT_FIELD || step->selector.field != POLICY_SEVERITY_TEXT || !step->upsert) return false;
        s->severity = arena_slice(x, step->text);
        return true;
    }
}

static bool take_keep(struct request_context *x, struct policy_spec *s, const struct policy_log_keep *k)
{
    s->keep_percentage = -1;
    s->drop = k->kind == POLICY_KEEP_NONE;
    s->sample = k->kind == POLICY_KEEP_PERCENT || k->kind == POLICY_KEEP_RATE;
    if (k->kind == POLICY_KEEP_PERCENT) s->keep_percentage = k->percent;
    if (k->kind == POLICY_KEEP_RATE && k->count != 1) return false;
    if (k->kind == POLICY_KEEP_RATE) s->interval_seconds = (int64_t)k->window * k->unit_seconds;
    if (k->sample_key.kind != POLICY_SELECT_NONE) s->sample_key = path_of(x, &k->sample_key);
    return true;
}

struct policy_spec *policy_spec_of(struct request_context *x, const struct policy *p)
{
    if (p->signal != POLICY_LOG) return NULL;
    struct policy_spec *s = arena_zero(x->arena, sizeof *s);
    struct spec_entry *entries = arena_zero(x->arena, (3 * p->step_count + 1) * sizeof *entries);
    if (!s || !entries || !take_keep(x, s, &p->keep)) return NULL;
    s->removes = entries;
    s->redacts = entries + p->step_count;
    s->renames = entries + 2 * p->step_count;
    for (size_t i = 0; i < p->step_count; i++)
        if (!take_step(x, s, &p->steps[i])) return NULL;
    s->trim = s->remove_count > 0;
    return s;
}
