#include "control-plane/catalog/field_profile.h"

#include "control-plane/catalog/sensitive.h"

#include <stdlib.h>
#include <strings.h>

enum { OK_LEAST = 200, OK_MOST = 299, PATH_TEXT = 1024, SEEN_MOST = 255 };

void profiler_init(struct profiler *x, struct arena *arena, struct words *words, uint64_t seed)
{
    *x = (struct profiler){.arena = arena, .words = words, .seed = seed};
    buf_init(&x->path, PATH_TEXT);
}

void profiler_free(struct profiler *x) { buf_free(&x->path); }

void profiler_clear(struct profiler *x)
{
    x->profiles = x->fields = 0;
    x->resource = 0;
    memset(x->spoken, 0, sizeof x->spoken);
    memset(x->of_resource, 0, sizeof x->of_resource);
}

struct profile *profile_open(struct profiler *x)
{
    if (x->profiles == PROFILES_MOST) return NULL;
    struct profile *p = arena_zero(x->arena, sizeof *p);
    if (p) x->profiles++;
    return p;
}

/* ---- entries ---- */

static uint64_t key_of(enum field_scope scope, struct slice path) { return hash64(path.ptr, path.len, 77 + (uint64_t)scope); }

static bool room_for_entry(struct profiler *x, struct profile *p)
{
    if (p->count < p->room) return true;
    if (p->count == FIELDS_MOST || x->fields == PROFILED_FIELDS) return false;
    size_t room = p->room ? p->room * 2 : 8;
    struct entry **entries = arena_alloc(x->arena, room * sizeof *entries);
    if (!entries) return false;
    if (p->count) memcpy(entries, p->entries, p->count * sizeof *entries);
    p->entries = entries;
    p->room = room;
    return true;
}

static const struct cached_name *name_of(struct profiler *x, struct slice path)
{
    uint64_t key = hash64(path.ptr, path.len, 5) | 1;
    struct cached_name *n = &x->names[key >> 32 & (NAMES_CACHED - 1)];
    if (n->key == key) return n;
    *n = (struct cached_name){.key = key, .named = sensitive_field(path), .name = field_name_of(path)};
    n->plain = !field_path_tidy(&x->path, path);
    return n;
}

static struct entry *entry_new(struct profiler *x, struct profile *p, enum field_scope scope, struct slice path, bool tidied)
{
    if (!room_for_entry(x, p) || x->fields == PROFILED_FIELDS) return NULL;
    struct entry *e = arena_zero(x->arena, sizeof *e);
    char *text = e ? arena_copy(x->arena, path) : NULL;
    if (!text) return NULL;
    e->sum.scope = scope;
    e->sum.path = slice_of(text, path.len);
    e->sum.length_min = UINT64_MAX;
    e->sum.first_ns = INT64_MAX;
    e->sum.last_ns = INT64_MIN;
    const struct cached_name *n = name_of(x, e->sum.path);
    e->name = n->name;
    e->named = n->named;
    e->sum.role = e->name.role;
    e->key = key_of(scope, e->sum.path);
    e->tidied = tidied;
    e->scanned = e->name.role != ROLE_TIME && e->name.role != ROLE_SEVERITY && e->name.role != ROLE_TRACE_ID;
    p->entries[p->count++] = e;
    x->fields++;
    return e;
}

static size_t slot_of(const struct profile *p, uint64_t key)
{
    size_t at = key & (FIELD_SLOTS - 1);
    while (p->slots[at] && p->entries[p->slots[at] - 1]->key != key) at = (at + 1) & (FIELD_SLOTS - 1);
    return at;
}

static struct entry *entry_find(struct profiler *x, struct profile *p, enum field_scope scope, struct slice path)
{
    size_t at = slot_of(p, key_of(scope, path));
    if (p->slots[at]) return p->entries[p->slots[at] - 1];
    bool tidied = !name_of(x, path)->plain && field_path_tidy(&x->path, path);
    struct slice tidy = tidied ? buf_view(&x->path) : path;
    if (tidied) at = slot_of(p, key_of(scope, tidy));
    if (p->slots[at]) return p->entries[p->slots[at] - 1];
    struct entry *e = entry_new(x, p, scope, tidy, tidied);
    if (e) p->slots[at] = (uint8_t)p->count;
    return e;
}

/* Fields mostly come in the same order: *next is where the one expected now stands. */
static struct entry *entry_of(struct profiler *x, struct profile *p, enum field_scope scope, struct slice path, uint8_t **next)
{
    if (**next) {
        struct entry *e = p->entries[**next - 1];
        if (e->sum.scope == scope && !e->tidied && slice_eq(e->sum.path, path)) {
            *next = &e->next;
            return e;
        }
    }
    struct entry *e = entry_find(x, p, scope, path);
    if (!e) return NULL;
    **next = p->slots[slot_of(p, e->key)];
    *next = &e->next;
    return e;
}

/* ---- sensitive data ---- */

static struct exposure *exposure_of(struct profile *p, struct entry *e, enum field_scope scope, unsigned detector)
{
    for (size_t i = 0; i < p->exposure_count; i++) {
        struct exposure *s = &p->exposures[i];
        if (s->entry == e && s->scope == scope && s->detector == detector) return s;
    }
    if (p->exposure_count == EXPOSURES_MOST) return NULL;
    struct exposure *s = &p->exposures[p->exposure_count++];
    *s = (struct exposure){.entry = e, .scope = scope, .detector = detector, .first_ns = INT64_MAX, .last_ns = INT64_MIN};
    return s;
}

static void expose(struct profiler *x, struct profile *p, struct entry *e, enum field_scope scope, uint64_t hits)
{
    for (; hits; hits &= hits - 1) {
        struct exposure *s = exposure_of(p, e, scope, (unsigned)__builtin_ctzll(hits));
        if (!s || s->record == x->record) continue;
        s->record = x->record;
        s->records++;
        s->of_resource = scope == FIELD_RESOURCE;
        if (x->now_ns < s->first_ns) s->first_ns = x->now_ns;
        if (x->now_ns > s->last_ns) s->last_ns = x->now_ns;
    }
}

/* ---- equal fields ---- */

static void meet(struct profile *p, struct entry *a, struct entry *b, bool equal)
{
    if (a->name.rank > b->name.rank || (a->name.rank == b->name.rank && a->sum.scope < b->sum.scope)) {
        struct entry *c = a;
        a = b;
        b = c;
    }
    struct pair *q = p->pairs, *end = q + p->pair_count;
    while (q < end && (q->a != a || q->b != b)) q++;
    if (q == end) {
        if (p->pair_count == PAIRS_MOST) return;
        *q = (struct pair){.a = a, .b = b};
        p->pair_count++;
    }
    q->records++;
    q->equal += equal;
}

static bool same_value(struct slice a, struct slice b) { return a.len == b.len && a.len > 0 && strncasecmp(a.ptr, b.ptr, a.len) == 0; }

static void compare(struct profiler *x, struct profile *p, struct entry *e, struct slice value)
{
    unsigned g = e->name.group;
    struct spoken *here = &x->spoken[g];
    if (here->record == x->record && here->entry != e) meet(p, here->entry, e, same_value(here->value, value));
    else *here = (struct spoken){e, value, x->record};
    struct spoken *there = &x->of_resource[g];
    if (p->resource && there->record == p->resource && p->resource_of[g]) meet(p, p->resource_of[g], e, same_value(there->value, value));
}

/* A body is no field; it becomes one where a field may repeat it. */
static void compare_with_body(struct profiler *x, struct profile *p, struct entry *e, struct slice value)
{
    struct field body = {SLICE("body"), VALUE_STRING, x->body};
    struct entry *b = entry_find(x, p, FIELD_RECORD, body.path);
    if (!b) return;
    entry_observe(x, b, &body);
    meet(p, b, e, same_value(x->body, value));
}

/* ---- what a record was for ---- */

struct purpose {
    bool health, ok, probe, browser;
    uint64_t bots;
};

static bool is_ok(struct slice status)
{
    if (slice_is(status, "0") || (status.len == 2 && strncasecmp(status.ptr, "ok", 2) == 0)) return true;
    if (status.len != 3) return false;
    int value = atoi((char[]){status.ptr[0], status.ptr[1], status.ptr[2], '\0'});
    return value >= OK_LEAST && value <= OK_MOST;
}

static void judge(struct purpose *why, enum field_role role, struct slice value)
{
    switch (role) {
    case ROLE_USER_AGENT:
        why->bots |= agent_bots(value, &why->probe);
        why->browser |= is_browser(value);
        break;
    case ROLE_URL_PATH: why->health = why->health || is_health_path(value); break;
    case ROLE_STATUS: why->ok = why->ok || is_ok(value); break;
    default: break;
    }
}

/* ---- records ---- */

static void add_fields(struct profiler *x, struct profile *p, enum field_scope scope, const struct field *fields, size_t n,
                       struct purpose *why)
{
    uint8_t *next = &p->first[scope];
    bool lost = false;
    for (size_t i = 0; i < n; i++) {
        const struct field *f = &fields[i];
        struct entry *e = f->path.len ? entry_of(x, p, scope, f->path, &next) : NULL;
        if (!e) {
            lost = true;
            expose(x, p, NULL, scope, sensitive_scan(f->text));
            continue;
        }
        uint64_t hits = entry_observe(x, e, f);
        if (hits) expose(x, p, e, scope, hits);
        if (e->name.group && scope != FIELD_RESOURCE) compare(x, p, e, f->text);
        if (e->name.group == GROUP_MESSAGE && scope == FIELD_ATTRIBUTE && x->body.len) compare_with_body(x, p, e, f->text);
        if (e->name.role && e->name.role <= ROLE_STATUS) judge(why, e->name.role, f->text);
    }
    p->sum.fields_dropped += lost;
}

void profile_settle(struct profiler *x, struct profile *p)
{
    uint64_t more = p->resource_records;
    p->resource_records = 0;
    for (size_t i = 0; more && i < p->count; i++) {
        struct entry *e = p->entries[i];
        struct field_delta *s = &e->sum;
        if (s->scope != FIELD_RESOURCE || e->record != p->resource) continue;
        s->records += more;
        for (uint64_t k = 0; k < more && !e->writable && k < SEEN_MOST; k++) entry_seen(x, e);
        s->bytes += more * (s->path.len + e->last_length);
        s->length_sum += more * e->last_length;
        s->lengths[length_bucket(e->last_length)] += (uint32_t)more;
    }
    for (size_t i = 0; more && i < p->exposure_count; i++)
        if (p->exposures[i].of_resource && p->exposures[i].record == p->resource) p->exposures[i].records += more;
}

static void leave_resource(struct profiler *x, struct profile *p)
{
    profile_settle(x, p);
    p->resource = 0;
}

/* A resource's fields are looked at once for all its records in a row; x->record is then the resource's serial. */
static void add_resource(struct profiler *x, struct profile *p, const struct log_record *r, struct purpose *why)
{
    if (p->resource == r->resource_serial) {
        p->resource_records++;
        return;
    }
    profile_settle(x, p);
    uint64_t record = x->record;
    x->record = p->resource = r->resource_serial;
    add_fields(x, p, FIELD_RESOURCE, r->resource, r->resource_count, why);
    memset(p->resource_of, 0, sizeof p->resource_of);
    for (size_t i = 0; i < p->count; i++) {
        struct entry *e = p->entries[i];
        if (e->sum.scope == FIELD_RESOURCE && e->record == p->resource && e->name.group) p->resource_of[e->name.group] = e;
    }
    x->record = record;
    if (x->resource == r->resource_serial) return;
    x->resource = r->resource_serial;
    for (size_t i = 0; i < r->resource_count; i++) {
        unsigned g = name_of(x, r->resource[i].path)->name.group;
        if (g) x->of_resource[g] = (struct spoken){NULL, r->resource[i].text, r->resource_serial};
    }
}

static void add_body(struct profiler *x, struct profile *p, const struct log_record *r, const struct structure *s, struct purpose *why)
{
    struct profile_delta *d = &p->sum;
    uint64_t size = r->body.len;
    if (r->body_field_count) {
        d->body_structured++;
        for (size_t i = 0; i < r->body_field_count; i++) size += r->body_fields[i].text.len;
        add_fields(x, p, FIELD_BODY, r->body_fields, r->body_field_count, why);
    } else if (s) {
        d->body_structured++;
        add_fields(x, p, FIELD_BODY, s->leaves, s->leaf_count, why);
        if (s->leaves_lost) expose(x, p, NULL, FIELD_BODY, sensitive_scan(r->body));
    } else if (r->body.len) {
        struct slice text = slice_of(r->body.ptr, r->body.len < FIELD_SCANNED ? r->body.len : FIELD_SCANNED);
        struct text_signs signs;
        d->body_text++;
        uint64_t hits = sensitive_scan(text);
        if (hits) expose(x, p, NULL, FIELD_BODY, hits);
        text_signs_of(&signs, text);
        why->bots |= signs.bots;
        why->probe |= signs.probe;
        why->health |= signs.health;
        why->ok |= signs.ok;
    }
    d->body_bytes += size;
    if (size > d->body_max) d->body_max = size;
    d->body_sizes[size_bucket(size)]++;
    bool bytes = r->body_field_count == 1 && r->body_fields[0].type == VALUE_BYTES && r->body_fields[0].path.len == 0;
    enum body_fault fault = bytes ? BODY_BINARY : r->body_field_count ? BODY_FINE : body_fault_of(r->body, s != NULL);
    d->binary_bodies += fault == BODY_BINARY;
    d->truncated_bodies += fault == BODY_TRUNCATED;
    d->unparsable_bodies += fault == BODY_UNPARSABLE;
}

static void add_severity(struct profiler *x, struct profile *p, const struct log_record *r, struct purpose *why)
{
    p->sum.severity_given += r->severity.len || r->severity_number;
    if (!r->severity.len) return;
    struct field f = {SLICE("severity_text"), VALUE_STRING, r->severity};
    add_fields(x, p, FIELD_RECORD, &f, 1, why);
}

void profile_add(struct profiler *x, struct profile *p, const struct log_record *r, const struct structure *s)
{
    struct purpose why = {0};
    x->record++;
    x->now_ns = r->time_ns;
    x->body = r->body;
    p->sum.records++;
    p->gathered = false;
    if (r->resource_count) add_resource(x, p, r, &why);
    else if (p->resource) leave_resource(x, p);
    add_severity(x, p, r, &why);
    add_body(x, p, r, s, &why);
    if (r->attribute_count) add_fields(x, p, FIELD_ATTRIBUTE, r->attributes, r->attribute_count, &why);
    p->sum.bots_seen |= why.bots;
    p->sum.bots += why.bots != 0;
    p->sum.probes += why.probe;
    p->sum.health_paths += why.health && !why.browser;
    p->sum.health_ok += why.health && why.ok && !why.browser;
}
