#include "control-plane/catalog/catalog.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/die.h"
#include "base/utf8.h"
#include "control-plane/catalog/field_profile.h"
#include "control-plane/catalog/miner.h"
#include "control-plane/catalog/multiline.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    DEFAULT_MEMORY = 4 << 20,
    DEFAULT_WORDS_AFTER = 3,
    FIRST_SLOTS = 256,
    SERVICE_MAX = 255,
    TEXT_MAX = 16 * 1024,
    ARENA_MAX = 1 << 30,
};
#define MINUTE_NS UINT64_C(60000000000)

struct catalog {
    pthread_mutex_t lock; /* of the miner */
    struct miner *miner;
    struct words *words;
    uint64_t key;
    struct batch *reporting; /* the batch on whose behalf the lock is held */
};

struct service {
    uint64_t raw; /* hash of the name as it came */
    struct slice name;
    struct id128 id;
    uint64_t scope;
};

/* What a batch counted of one template in one hour. */
struct tally {
    uint64_t hash;
    struct pattern *pattern; /* pinned */
    uint32_t service;
    uint8_t minute;          /* of the hour, of the first record */
    bool words_left;         /* some word is not known yet */
    struct profile *profile; /* of the pattern; NULL: too many */
    uint32_t *minutes;       /* records by minute once a second one was seen */
    int64_t hour, first_ns, last_ns;
    uint64_t events, bytes, by_severity[SEVERITIES];
};

/* The profile of a pattern in this batch, whatever the hour. */
struct profiled {
    struct pattern *pattern;
    struct profile *profile;
    struct profile_delta *delta; /* of a root, while deltas are made */
};

struct batch {
    struct catalog *catalog;
    struct arena *arena; /* names of services, texts of deltas */
    struct service *services;
    size_t service_count, service_room;
    uint32_t *service_slots; /* index + 1 into services */
    size_t service_slot_count;
    struct tally *tallies;
    size_t tally_count, tally_room;
    size_t last;     /* tally of the last record */
    uint32_t *slots; /* index + 1 into tallies */
    size_t slot_count;
    struct profiled *profiled; /* open addressing by the pattern */
    size_t profiled_count, profiled_room;
    size_t records;
    uint64_t bytes;
    struct merge *merges;
    size_t merge_count, merge_room;
    struct delta *deltas;
    size_t delta_count;
    bool settled;
    struct template template;
    struct structure structure;
    struct profiler profiler;
};

static void on_merge(void *context, struct id128 from, struct id128 to)
{
    struct catalog *c = context;
    struct batch *b = c->reporting;
    if (!b) return;
    if (b->merge_count == b->merge_room) {
        b->merge_room = b->merge_room ? b->merge_room * 2 : 16;
        b->merges = xreallocarray(b->merges, b->merge_room, sizeof *b->merges);
    }
    b->merges[b->merge_count++] = (struct merge){from, to};
}

struct catalog *catalog_new(const struct catalog_options *options)
{
    struct catalog *c = xcalloc(1, sizeof *c);
    size_t memory = options && options->memory ? options->memory : DEFAULT_MEMORY;
    c->key = options ? options->key : 0;
    c->words = words_new(options && options->words_after ? options->words_after : DEFAULT_WORDS_AFTER, memory / 4);
    c->miner = miner_new(c->key, memory - memory / 4);
    miner_on_merge(c->miner, on_merge, c);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void catalog_free(struct catalog *c)
{
    if (!c) return;
    miner_free(c->miner);
    words_free(c->words);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

const struct words *catalog_words(const struct catalog *c) { return c->words; }

static void enter(struct batch *b)
{
    pthread_mutex_lock(&b->catalog->lock);
    b->catalog->reporting = b;
}

static void leave(struct batch *b)
{
    b->catalog->reporting = NULL;
    pthread_mutex_unlock(&b->catalog->lock);
}

struct batch *batch_new(struct catalog *c)
{
    struct batch *b = xcalloc(1, sizeof *b);
    b->catalog = c;
    b->arena = arena_new(ARENA_MAX);
    b->slot_count = FIRST_SLOTS;
    b->slots = xcalloc(b->slot_count, sizeof *b->slots);
    b->service_slot_count = FIRST_SLOTS;
    b->service_slots = xcalloc(b->service_slot_count, sizeof *b->service_slots);
    b->profiled_room = FIRST_SLOTS;
    b->profiled = xcalloc(b->profiled_room, sizeof *b->profiled);
    structure_init(&b->structure);
    profiler_init(&b->profiler, b->arena, c->words, hash_mix(c->key, 0xD15));
    return b;
}

void batch_clear(struct batch *b)
{
    enter(b);
    for (size_t i = 0; i < b->tally_count; i++) pattern_unpin(b->tallies[i].pattern);
    leave(b);
    memset(b->slots, 0, b->slot_count * sizeof *b->slots);
    memset(b->service_slots, 0, b->service_slot_count * sizeof *b->service_slots);
    memset(b->profiled, 0, b->profiled_room * sizeof *b->profiled);
    b->profiled_count = 0;
    b->tally_count = b->service_count = b->records = b->merge_count = b->delta_count = 0;
    b->bytes = 0;
    b->settled = false;
    free(b->deltas);
    b->deltas = NULL;
    arena_reset(b->arena);
    profiler_clear(&b->profiler);
}

void batch_free(struct batch *b)
{
    if (!b) return;
    batch_clear(b);
    arena_free(b->arena);
    free(b->services);
    free(b->service_slots);
    free(b->tallies);
    free(b->slots);
    free(b->merges);
    free(b->profiled);
    structure_free(&b->structure);
    profiler_free(&b->profiler);
    free(b);
}

static void *must(void *memory)
{
    if (!memory) die("a batch of records has grown beyond %d bytes of names", ARENA_MAX);
    return memory;
}

/* A service's name is its identity: kept, cleaned and bounded. */
static void service_add(struct batch *b, struct slice name, uint64_t raw)
{
    struct buf clean;
    buf_init(&clean, SERVICE_MAX * 4);
    utf8_clean(&clean, slice_of(name.ptr, name.len > SERVICE_MAX ? SERVICE_MAX : name.len));
    struct slice kept = slice_of(must(arena_copy(b->arena, buf_view(&clean))), clean.len);
    buf_free(&clean);
    if (b->service_count == b->service_room) {
        b->service_room = b->service_room ? b->service_room * 2 : 8;
        b->services = xreallocarray(b->services, b->service_room, sizeof *b->services);
    }
    struct service *s = &b->services[b->service_count++];
    s->raw = raw;
    s->name = kept;
    s->id = id_uuid(hash128(kept.ptr, kept.len, hash_mix(b->catalog->key, 0x5E)));
    s->scope = hash64(kept.ptr, kept.len, b->catalog->key);
}

static size_t service_slot(const struct batch *b, uint64_t raw)
{
    size_t at = raw & (b->service_slot_count - 1);
    while (b->service_slots[at] && b->services[b->service_slots[at] - 1].raw != raw) at = (at + 1) & (b->service_slot_count - 1);
    return at;
}

static void grow_service_slots(struct batch *b)
{
    b->service_slot_count *= 2;
    free(b->service_slots);
    b->service_slots = xcalloc(b->service_slot_count, sizeof *b->service_slots);
    for (size_t i = 0; i < b->service_count; i++) b->service_slots[service_slot(b, b->services[i].raw)] = (uint32_t)i + 1;
}

static size_t service_of(struct batch *b, struct slice name)
{
    if (name.len == 0) name = SLICE("unknown_service");
    uint64_t raw = hash64(name.ptr, name.len, 1);
    size_t at = service_slot(b, raw);
    if (b->service_slots[at]) return b->service_slots[at] - 1;
    service_add(b, name, raw);
    b->service_slots[at] = (uint32_t)b->service_count;
    if (b->service_count * 2 > b->service_slot_count) grow_service_slots(b);
    return b->service_count - 1;
}

static void grow_slots(struct batch *b)
{
    b->slot_count *= 2;
    free(b->slots);
    b->slots = xcalloc(b->slot_count, sizeof *b->slots);
    for (size_t i = 0; i < b->tally_count; i++) {
        size_t at = b->tallies[i].hash & (b->slot_count - 1);
        while (b->slots[at]) at = (at + 1) & (b->slot_count - 1);
        b->slots[at] = (uint32_t)i + 1;
    }
}

static struct profiled *profiled_slot(const struct batch *b, const struct pattern *p)
{
    size_t at = hash_mix((uint64_t)(uintptr_t)p, 9) & (b->profiled_room - 1);
    while (b->profiled[at].pattern && b->profiled[at].pattern != p) at = (at + 1) & (b->profiled_room - 1);
    return &b->profiled[at];
}

static void grow_profiled(struct batch *b)
{
    struct profiled *old = b->profiled;
    size_t room = b->profiled_room;
    b->profiled_room *= 2;
    b->profiled = xcalloc(b->profiled_room, sizeof *b->profiled);
    for (size_t i = 0; i < room; i++)
        if (old[i].pattern) *profiled_slot(b, old[i].pattern) = old[i];
    free(old);
}

static struct profiled *profiled_of(struct batch *b, struct pattern *p)
{
    struct profiled *slot = profiled_slot(b, p);
    if (slot->pattern) return slot;
    if (++b->profiled_count * 2 > b->profiled_room) {
        grow_profiled(b);
        slot = profiled_slot(b, p);
    }
    *slot = (struct profiled){.pattern = p};
    return slot;
}

static struct profile *profile_of(struct batch *b, struct pattern *p)
{
    struct profiled *slot = profiled_slot(b, p);
    if (!slot->pattern && b->profiled_count >= PROFILES_MOST) return NULL;
    slot = profiled_of(b, p);
    if (!slot->profile) slot->profile = profile_open(&b->profiler);
    return slot->profile;
}

static struct tally *tally_add(struct batch *b, uint64_t hash, size_t service, int64_t hour, bool fragment)
{
    if (b->tally_count == b->tally_room) {
        b->tally_room = b->tally_room ? b->tally_room * 2 : 64;
        b->tallies = xreallocarray(b->tallies, b->tally_room, sizeof *b->tallies);
    }
    struct tally *t = &b->tallies[b->tally_count++];
    *t = (struct tally){
        .hash = hash, .service = (uint32_t)service, .hour = hour, .words_left = true, .first_ns = INT64_MAX, .last_ns = INT64_MIN};
    enter(b);
    t->pattern = miner_intern(b->catalog->miner, &b->template, b->services[service].scope, fragment);
    pattern_pin(t->pattern);
    leave(b);
    t->profile = profile_of(b, t->pattern);
    return t;
}

static struct tally *tally_of(struct batch *b, size_t service, int64_t hour, bool fragment)
{
    uint64_t hash = hash_mix(b->template.hash + b->services[service].scope, (uint64_t)hour);
    size_t at = hash & (b->slot_count - 1);
    for (; b->slots[at]; at = (at + 1) & (b->slot_count - 1)) {
        struct tally *t = &b->tallies[b->slots[at] - 1];
        if (t->hash == hash) return t;
    }
    struct tally *t = tally_add(b, hash, service, hour, fragment);
    b->slots[at] = (uint32_t)b->tally_count;
    if (b->tally_count * 2 > b->slot_count) grow_slots(b);
    return t;
}

static bool seen_before(const struct template *t, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (t->token[k].kind == TOKEN_WORD && t->token[k].hash == t->token[i].hash) return true;
    }
    return false;
}

/* Once a record a word; true while some are not known. */
static bool count_words(struct words *words, const struct template *t)
{
    bool left = false;
    for (size_t i = 0; i < t->n; i++) {
        if (t->token[i].kind != TOKEN_WORD || seen_before(t, i)) continue;
        if (!words_seen(words, t->token[i].hash)) left = true;
    }
    return left;
}

/* *structured: the body is a text with fields, which are in b->structure. */
static bool make_template(struct batch *b, const struct log_record *r, bool *structured)
{
    bool fragment = false;
    *structured = !r->body_field_count && structure_of_text(&b->structure, r->body);
    if (r->event_name.len && structure_event_name(&b->template, r->event_name)) return false;
    if (r->body_field_count) structure_of_fields(&b->structure, r->body_fields, r->body_field_count);
    if (r->body_field_count || *structured) {
        structure_template(&b->structure, &b->template);
    } else {
        fragment = multiline_fragment(r->body);
        template_of(&b->template, r->body);
    }
    return fragment;
}

static void count_minute(struct batch *b, struct tally *t, int64_t time_ns)
{
    uint8_t minute = (uint8_t)((uint64_t)time_ns / MINUTE_NS % MINUTES);
    if (t->events == 0) t->minute = minute;
    if (!t->minutes && minute == t->minute) return;
    if (!t->minutes) {
        t->minutes = must(arena_zero(b->arena, MINUTES * sizeof *t->minutes));
        t->minutes[t->minute] = (uint32_t)t->events;
    }
    t->minutes[minute]++;
}

void batch_add(struct batch *b, const struct log_record *record)
{
    bool structured, fragment = make_template(b, record, &structured);
    enum severity severity = severity_of(record->severity_number, record->severity);
    if (severity == SEVERITY_UNSPECIFIED) severity = b->template.level;
    struct tally *t = tally_of(b, service_of(b, record->service), clock_hour(record->time_ns), fragment);
    b->last = (size_t)(t - b->tallies);
    if (t->words_left) t->words_left = count_words(b->catalog->words, &b->template);
    if (t->profile) profile_add(&b->profiler, t->profile, record, structured ? &b->structure : NULL);
    count_minute(b, t, record->time_ns);
    t->events++;
    t->bytes += record->bytes;
    t->by_severity[severity]++;
    if (record->time_ns < t->first_ns) t->first_ns = record->time_ns;
    if (record->time_ns > t->last_ns) t->last_ns = record->time_ns;
    b->records++;
    b->bytes += record->bytes;
    b->settled = false;
}

void batch_last(struct batch *b, struct id128 *service, struct id128 *event)
{
    const struct tally *t = &b->tallies[b->last];
    *service = b->services[t->service].id;
    enter(b);
    *event = pattern_id(pattern_root(t->pattern));
    leave(b);
}

size_t batch_records(const struct batch *b) { return b->records; }
uint64_t batch_bytes(const struct batch *b) { return b->bytes; }

static struct slice told(struct batch *b, struct buf *text)
{
    struct slice copy = slice_of(must(arena_copy(b->arena, buf_view(text))), text->len);
    buf_clear(text);
    return copy;
}

static void describe(struct batch *b, struct delta *d, const struct tally *t, const struct pattern *root, struct buf *text)
{
    const struct service *s = &b->services[t->service];
    *d = (struct delta){.service = s->name, .service_id = s->id, .event_id = pattern_id(root), .hour = t->hour};
    d->fragment = pattern_fragment(root);
    d->first_ns = INT64_MAX;
    d->last_ns = INT64_MIN;
    d->words_withheld = !pattern_display(root, b->catalog->words, text);
    d->template = told(b, text);
    pattern_name(root, b->catalog->words, text);
    d->name = told(b, text);
}

/* The counts by minute lie in the arena; the delta's are its own. */
static void add_minutes(struct batch *b, struct delta *d, const struct tally *t)
{
    uint32_t *minutes = (uint32_t *)(uintptr_t)d->minutes;
    if (!minutes) d->minutes = minutes = must(arena_zero(b->arena, MINUTES * sizeof *minutes));
    if (!t->minutes) minutes[t->minute] += (uint32_t)t->events;
    for (size_t i = 0; t->minutes && i < MINUTES; i++) minutes[i] += t->minutes[i];
}

/* The profile hangs on the first delta of its event. */
static void add_profile(struct batch *b, struct delta *d, const struct tally *t, struct pattern *root)
{
    if (!t->profile || t->profile->gathered) return;
    struct profiled *of = profiled_of(b, root);
    if (!of->delta) {
        d->profile = of->delta = must(arena_zero(b->arena, sizeof *of->delta));
        of->delta->placeholder = is_placeholder(d->template);
    }
    if (!profile_gather(&b->profiler, t->profile, of->delta)) must(NULL);
}

static void add_counts(struct delta *d, const struct tally *t)
{
    d->events += t->events;
    d->bytes += t->bytes;
    for (size_t i = 0; i < SEVERITIES; i++) d->by_severity[i] += t->by_severity[i];
    if (t->first_ns < d->first_ns) d->first_ns = t->first_ns;
    if (t->last_ns > d->last_ns) d->last_ns = t->last_ns;
}

static uint64_t delta_key(const struct pattern *root, const struct tally *t)
{
    return hash_mix(pattern_id(root).lo ^ pattern_id(root).hi, (uint64_t)t->hour ^ (uint64_t)t->service << 40);
}

static bool is_delta_of(const struct batch *b, const struct delta *d, const struct pattern *root, const struct tally *t)
{
    struct id128 id = pattern_id(root);
    return d->event_id.hi == id.hi && d->event_id.lo == id.lo && d->hour == t->hour && d->service.ptr == b->services[t->service].name.ptr;
}

/* Brings the tallies of one event and hour together, under the ids that hold now. */
static void forget_profile_deltas(struct batch *b)
{
    for (size_t i = 0; i < b->profiled_room; i++) {
        b->profiled[i].delta = NULL;
        if (b->profiled[i].profile) b->profiled[i].profile->gathered = false;
    }
}

static void gather(struct batch *b)
{
    size_t size = 64;
    struct buf text;
    buf_init(&text, TEXT_MAX);
    while (size < b->tally_count * 2) size *= 2;
    uint32_t *slots = xcalloc(size, sizeof *slots);
    b->deltas = xreallocarray(b->deltas, b->tally_count + 1, sizeof *b->deltas);
    b->delta_count = 0;
    forget_profile_deltas(b);
    for (size_t i = 0; i < b->tally_count; i++) {
        const struct tally *t = &b->tallies[i];
        struct pattern *root = pattern_root(t->pattern);
        size_t at = delta_key(root, t) & (size - 1);
        while (slots[at] && !is_delta_of(b, &b->deltas[slots[at] - 1], root, t)) at = (at + 1) & (size - 1);
        if (!slots[at]) {
            slots[at] = (uint32_t)++b->delta_count;
            describe(b, &b->deltas[b->delta_count - 1], t, root, &text);
        }
        struct delta *d = &b->deltas[slots[at] - 1];
        add_counts(d, t);
        add_minutes(b, d, t);
        add_profile(b, d, t, root);
    }
    free(slots);
    buf_free(&text);
}

static void settle(struct batch *b)
{
    if (b->settled) return;
    enter(b);
    miner_settle(b->catalog->miner);
    gather(b);
    leave(b);
    b->settled = true;
}

size_t batch_deltas(struct batch *b, const struct delta **deltas)
{
    settle(b);
    *deltas = b->deltas;
    return b->delta_count;
}

size_t batch_merges(struct batch *b, const struct merge **merges)
{
    settle(b);
    *merges = b->merges;
    return b->merge_count;
}
