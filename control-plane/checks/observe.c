#include "control-plane/checks/observe.h"

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/checks/phrases.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ARENA_MAX = 256 << 20, WEEK = 168 };

void *observe_memory(struct observation *o, size_t size)
{
    void *memory = arena_zero(o->arena, size);
    if (!memory) die("checks: a service needs more than %d bytes", ARENA_MAX);
    return memory;
}

struct slice observe_copy(struct observation *o, struct slice text)
{
    char *copy = observe_memory(o, text.len + 1);
    if (text.len) memcpy(copy, text.ptr, text.len);
    return slice_of(copy, text.len);
}

struct slice observe_text(struct observation *o, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return observe_copy(o, slice_str(text));
}

double observe_setting(struct observation *o, const struct check *c, const char *name) { return check_value(o->db, o->account, c, name); }

/* ---- loading ---- */

static bool load_service(struct observation *o)
{
    sqlite3_stmt *st = db_prepare(o->db, "SELECT s.account, s.hours, s.week_events, s.rate_events, s.rate_bytes, s.last_seen,"
                                         " s.first_seen, a.price_gb, a.price_million, s.name FROM services s"
                                         " JOIN accounts a ON a.row = s.account WHERE s.row = ?1");
    db_bind(st, "i", o->row);
    bool found = db_step(o->db, st) == DB_ROW;
    int64_t n[9] = {0};
    for (int i = 0; found && i < 9; i++) n[i] = sqlite3_column_int64(st, i);
    if (found) o->name = observe_copy(o, db_text(st, 9));
    sqlite3_reset(st);
    o->account = n[0];
    o->hours = n[1];
    o->week_events = n[2];
    o->rate_events = n[3];
    o->rate_bytes = n[4];
    o->last_seen = n[5];
    o->first_seen = n[6];
    o->price_gb = n[7];
    o->price_million = n[8];
    return found;
}

static void read_shape(sqlite3_stmt *st, int column, struct shape *s)
{
    int64_t *const to[] = {&s->records,     &s->severity_given, &s->body_text,   &s->body_structured, &s->body_bytes,
                           &s->body_p50,    &s->body_p95,       &s->binary,      &s->truncated,       &s->unparsable,
                           &s->bots,        &s->bots_seen,      &s->probes,      &s->health_paths,    &s->health_ok,
                           &s->placeholder, &s->active_minutes, &s->peak_minute, &s->median_minute};
    for (int i = 0; i < (int)(sizeof to / sizeof *to); i++) *to[i] = sqlite3_column_int64(st, column + i);
}

static void read_event(struct observation *o, sqlite3_stmt *st, struct observed_event *e)
{
    int64_t n[12];
    for (int i = 0; i < 12; i++) n[i] = sqlite3_column_int64(st, i);
    e->row = n[0];
    e->severity = (int)n[1];
    e->fragment = n[2] != 0;
    e->withheld = n[3] != 0;
    e->events = n[4];
    e->bytes = n[5];
    e->week_events = n[6];
    e->week_bytes = n[7];
    e->day_events = n[8];
    e->rate_events = n[9];
    e->rate_bytes = n[10];
    e->cost = n[11];
    e->last_seen = sqlite3_column_int64(st, 12);
    for (int i = 0; i < 7; i++) e->by_severity[i] = sqlite3_column_int64(st, 13 + i);
    e->id = db_id(st, 20);
    e->name = observe_copy(o, db_text(st, 21));
    e->template = observe_copy(o, db_text(st, 22));
    e->words = phrase_words(o->arena, e->template);
    read_shape(st, 23, &e->shape);
}

/* Silent: nothing of it for a day, while the service went on. */
static bool silent(const struct observation *o, const struct observed_event *e)
{
    return o->last_seen - e->last_seen > QUIET_HOURS * NS_PER_HOUR;
}

static bool load_events(struct observation *o)
{
    sqlite3_stmt *st =
        db_prepare(o->db, "SELECT e.row, e.severity, e.fragment, e.withheld, e.events, e.bytes, e.week_events, e.week_bytes,"
                          " e.day_events, e.rate_events, e.rate_bytes, e.cost, e.last_seen, e.s0, e.s1, e.s2, e.s3, e.s4, e.s5, e.s6,"
                          " e.id, e.name, e.template, h.records, h.severity_given, h.body_text, h.body_structured, h.body_bytes,"
                          " h.body_p50, h.body_p95, h.binary_bodies, h.truncated_bodies, h.unparsable_bodies, h.bots, h.bots_seen,"
                          " h.probes, h.health_paths, h.health_ok, h.placeholder, h.active_minutes, h.peak_minute, h.median_minute"
                          " FROM log_events e LEFT JOIN event_shapes h ON h.event = e.row"
                          " WHERE e.service = ?1 AND e.week_events > 0 ORDER BY e.cost DESC LIMIT ?2");
    db_bind(st, "ii", o->row, (int64_t)OBSERVED_EVENTS);
    size_t room = 0;
    enum db_step step;
    while ((step = db_step(o->db, st)) == DB_ROW) {
        if (o->count == room) {
            room = room ? room * 2 : 64;
            o->events = xreallocarray(o->events, room, sizeof *o->events);
        }
        struct observed_event *e = &o->events[o->count];
        *e = (struct observed_event){0};
        read_event(o, st, e);
        if (silent(o, e)) o->silent++;
        else o->count++;
    }
    sqlite3_reset(st);
    return step == DB_DONE;
}

bool observation_load(struct observation *o, struct db *db, int64_t service, int64_t now_ns)
{
    *o = (struct observation){.db = db, .row = service, .now_ns = now_ns, .now_hour = clock_hour(now_ns)};
    o->arena = arena_new(ARENA_MAX);
    return load_service(o) && load_events(o);
}

void observation_free(struct observation *o)
{
    free(o->events);
    arena_free(o->arena);
}

/* ---- hours ---- */

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void summarize(int64_t *hours, int64_t oldest, int64_t cap, struct hours_profile *p)
{
    int64_t pair = 0;
    p->span = oldest + 1;
    for (int64_t i = 0; i < p->span; i++) {
        if (i > 0 && hours[i] + hours[i - 1] > pair) pair = hours[i] + hours[i - 1];
        if (hours[i] > p->peak) p->peak = hours[i];
        if (hours[i] > 0) p->active++;
        if (cap > 0 && hours[i] > cap) p->above_cap += hours[i] - cap;
    }
    qsort(hours, (size_t)p->span, sizeof *hours, compare);
    p->median = hours[p->span / 2];
    p->surge = pair - p->median > p->peak ? pair - p->median : p->peak;
}

bool observe_hours(struct observation *o, const struct observed_event *e, int64_t cap_an_hour, struct hours_profile *p)
{
    int64_t hours[WEEK] = {0}, oldest = -1;
    sqlite3_stmt *st = db_prepare(o->db, "SELECT hour, events FROM event_hours WHERE event = ?1 AND hour > ?2");
    db_bind(st, "ii", e->row, o->now_hour - WEEK);
    enum db_step step;
    *p = (struct hours_profile){0};
    while ((step = db_step(o->db, st)) == DB_ROW) {
        int64_t ago = o->now_hour - sqlite3_column_int64(st, 0);
        if (ago < 0 || ago >= WEEK) continue;
        hours[ago] += sqlite3_column_int64(st, 1);
        if (ago > oldest) oldest = ago;
    }
    sqlite3_reset(st);
    if (oldest >= 0) summarize(hours, oldest, cap_an_hour, p);
    return step == DB_DONE && oldest >= 0;
}

/* ---- findings ---- */

struct finding *finding_of(struct observation *o, const struct check *c, struct slice subject)
{
    struct finding **at = &o->findings;
    for (; *at; at = &(*at)->next)
        if ((*at)->check == c && slice_eq((*at)->subject, subject)) return *at;
    *at = observe_memory(o, sizeof **at);
    (*at)->check = c;
    (*at)->subject = observe_copy(o, subject);
    return *at;
}

void finding_event(struct finding *f, struct observed_event *e, double drop_share, bool claim)
{
    for (size_t i = 0; i < f->event_count; i++)
        if (f->events[i] == e) return;
    if (f->event_count < FINDING_EVENTS) f->events[f->event_count++] = e;
    f->kinds++;
    f->records += e->week_events;
    f->rate_events += e->rate_events;
    f->rate_bytes += e->rate_bytes;
    f->cost += e->cost;
    f->save_events += (double)e->rate_events * drop_share;
    f->save_bytes += (double)e->rate_bytes * drop_share;
    if (claim) e->claimed = f->check;
}

void finding_field(struct finding *f, const struct found_field *field)
{
    if (f->field_count < FINDING_FIELDS) f->fields[f->field_count++] = *field;
}

void finding_evidence(struct finding *f, const char *kind, const char *provenance, const char *label, struct slice value)
{
    if (f->evidence_count == FINDING_EVIDENCE) return;
    f->evidence[f->evidence_count++] = (struct found_evidence){kind, label, provenance, value};
}

double yearly_cost(const struct observation *o, double rate_events, double rate_bytes)
{
    return 8766.0 * (rate_events / 1e6 / 1e6 * (double)o->price_million + rate_bytes / 1e3 / 1e9 * (double)o->price_gb);
}
