#include "control-plane/catalog/field_profile.h"

static void add_field(struct profile_delta *d, const struct field_delta *f)
{
    struct field_delta *to = d->fields, *end = to + d->field_count;
    while (to < end && (to->scope != f->scope || !slice_eq(to->path, f->path))) to++;
    if (to == end) {
        if (d->field_count == FIELDS_MOST) return;
        *to = *f;
        d->field_count++;
        return;
    }
    to->types |= f->types;
    to->classes |= f->classes;
    to->magnitudes |= f->magnitudes;
    to->records += f->records;
    to->json += f->json;
    to->bytes += f->bytes;
    to->length_sum += f->length_sum;
    if (f->length_min < to->length_min) to->length_min = f->length_min;
    if (f->length_max > to->length_max) to->length_max = f->length_max;
    if (f->first_ns < to->first_ns) to->first_ns = f->first_ns;
    if (f->last_ns > to->last_ns) to->last_ns = f->last_ns;
    for (size_t i = 0; i < LENGTH_BUCKETS; i++) to->lengths[i] += f->lengths[i];
    sketch_merge(to->sketch, f->sketch);
}

static void add_pair(struct profile_delta *d, const struct pair *q)
{
    struct pair_delta one = {
        .scope = q->a->sum.scope, .other_scope = q->b->sum.scope, .path = q->a->sum.path, .other_path = q->b->sum.path};
    struct pair_delta *to = d->pairs, *end = to + d->pair_count;
    while (to < end && (to->scope != one.scope || to->other_scope != one.other_scope || !slice_eq(to->path, one.path) ||
                        !slice_eq(to->other_path, one.other_path)))
        to++;
    if (to == end) {
        if (d->pair_count == PAIRS_MOST) return;
        *to = one;
        d->pair_count++;
    }
    to->records += q->records;
    to->equal += q->equal;
}

static void add_exposure(struct profiler *x, struct profile_delta *d, const struct exposure *s)
{
    struct slice path = s->entry && entry_writable(x, s->entry) ? s->entry->sum.path : SLICE("");
    struct exposure_delta *to = d->exposures, *end = to + d->exposure_count;
    while (to < end && (to->scope != s->scope || to->detector != s->detector || !slice_eq(to->path, path))) to++;
    if (to == end) {
        if (d->exposure_count == EXPOSURES_MOST) return;
        *to =
            (struct exposure_delta){.scope = s->scope, .path = path, .detector = s->detector, .first_ns = INT64_MAX, .last_ns = INT64_MIN};
        d->exposure_count++;
    }
    to->records += s->records;
    if (s->first_ns < to->first_ns) to->first_ns = s->first_ns;
    if (s->last_ns > to->last_ns) to->last_ns = s->last_ns;
}

static void add_sums(struct profile_delta *d, const struct profile_delta *s)
{
    d->records += s->records;
    d->fields_dropped += s->fields_dropped;
    d->severity_given += s->severity_given;
    d->body_text += s->body_text;
    d->body_structured += s->body_structured;
    d->body_bytes += s->body_bytes;
    if (s->body_max > d->body_max) d->body_max = s->body_max;
    d->binary_bodies += s->binary_bodies;
    d->truncated_bodies += s->truncated_bodies;
    d->unparsable_bodies += s->unparsable_bodies;
    d->bots += s->bots;
    d->bots_seen |= s->bots_seen;
    d->probes += s->probes;
    d->health_paths += s->health_paths;
    d->health_ok += s->health_ok;
    for (size_t i = 0; i < SIZE_BUCKETS; i++) d->body_sizes[i] += s->body_sizes[i];
}

/* Lists grow to what the profiles could need. */
static void *grown(struct arena *a, const void *old, size_t count, size_t more, size_t most, size_t size)
{
    size_t room = count + more < most ? count + more : most;
    char *list = arena_zero(a, (room + 1) * size);
    if (list && count) memcpy(list, old, count * size);
    return list;
}

bool profile_gather(struct profiler *x, struct profile *p, struct profile_delta *d)
{
    profile_settle(x, p);
    d->fields = grown(x->arena, d->fields, d->field_count, p->count, FIELDS_MOST, sizeof *d->fields);
    d->pairs = grown(x->arena, d->pairs, d->pair_count, p->pair_count, PAIRS_MOST, sizeof *d->pairs);
    d->exposures = grown(x->arena, d->exposures, d->exposure_count, p->exposure_count, EXPOSURES_MOST, sizeof *d->exposures);
    if (!d->fields || !d->pairs || !d->exposures) return false;
    add_sums(d, &p->sum);
    for (size_t i = 0; i < p->count; i++)
        if (p->entries[i]->sum.records && entry_writable(x, p->entries[i])) add_field(d, &p->entries[i]->sum);
    for (size_t i = 0; i < p->pair_count; i++)
        if (entry_writable(x, p->pairs[i].a) && entry_writable(x, p->pairs[i].b)) add_pair(d, &p->pairs[i]);
    for (size_t i = 0; i < p->exposure_count; i++) add_exposure(x, d, &p->exposures[i]);
    p->gathered = true;
    return true;
}
