#include "control-plane/policies/preview.h"

#include "base/die.h"
#include "control-plane/policies/content.h"
#include "control-plane/policies/event_shape.h"

#include <stdlib.h>

#define HOURS_A_YEAR 8766.0

/* A policy in force, and what it and the previewed one have in common. */
struct rival {
    struct content content;
    struct judge *judge;
    struct preview_overlap overlap;
};

struct event {
    int64_t row;
    struct id128 id;
    struct event_facts facts;
    struct preview_amount volume;
};

struct making {
    const struct preview_request *request;
    struct preview *out;
    struct judge *judge;
    struct rival **rivals;
    size_t rival_count, rival_room;
    int64_t pairs;
    bool failed;
};

/* ---- what a policy removes ---- */

/* As edges compare them: the greater decides. */
static int strictness(const struct policy *p)
{
    switch (p->keep.kind) {
    case POLICY_KEEP_NONE: return 1000;
    case POLICY_KEEP_PERCENT: return (int)(1000 - 10 * p->keep.percent);
    case POLICY_KEEP_RATE: return 500;
    default: return 0;
    }
}

static bool stricter(const struct policy *a, const struct policy *b)
{
    int x = strictness(a), y = strictness(b);
    if (x != y) return x > y;
    size_t n = a->id.len < b->id.len ? a->id.len : b->id.len;
    int order = memcmp(a->id.ptr, b->id.ptr, n);
    return order ? order < 0 : a->id.len < b->id.len;
}

/* The share of a matching record that goes; a rate is judged for all events together. */
static double removed_share(const struct policy *p)
{
    if (p->keep.kind == POLICY_KEEP_NONE) return 1;
    if (p->keep.kind == POLICY_KEEP_PERCENT) return 1 - p->keep.percent / 100;
    return p->keep.kind == POLICY_KEEP_RATE ? 1 : 0;
}

static void add(struct preview_amount *to, const struct preview_amount *a, double share)
{
    to->records += a->records * share;
    to->bytes += a->bytes * share;
    to->usd += a->usd * share;
}

static struct preview_amount scaled(const struct preview_amount *a, double share)
{
    struct preview_amount out = {0, 0, 0};
    add(&out, a, share);
    return out;
}

/* ---- policies in force ---- */

static bool same_id(struct id128 a, struct id128 b) { return a.hi == b.hi && a.lo == b.lo; }

static void add_rival(struct making *m, struct id128 id, struct slice text)
{
    if (same_id(id, m->request->self) || same_id(id, m->request->supersedes)) return;
    if (m->rival_count == m->rival_room) {
        m->rival_room = m->rival_room ? m->rival_room * 2 : 16;
        m->rivals = xreallocarray(m->rivals, m->rival_room, sizeof(struct rival *));
    }
    struct rival *r = xcalloc(1, sizeof *r);
    if (!content_load(&r->content, text) || r->content.policy.signal != POLICY_LOG) {
        content_free(&r->content);
        free(r);
        return;
    }
    r->overlap.policy = id;
    r->judge = judge_new(&r->content.policy);
    m->rivals[m->rival_count++] = r;
}

static void read_rivals(struct making *m)
{
    struct db *db = m->request->db;
    enum db_step step;
    sqlite3_stmt *st = db_prepare(db, "SELECT p.id, v.text FROM policies p JOIN policy_versions v ON v.policy = p.row AND v.version ="
                                      " p.approved_version WHERE p.account = ?1 AND p.approved_version > 0 AND (p.state = 3 OR"
                                      " (p.state = 1 AND p.resting = 3))");
    db_bind(st, "i", m->request->account);
    while ((step = db_step(db, st)) == DB_ROW) add_rival(m, db_id(st, 0), db_text(st, 1));
    sqlite3_reset(st);
    if (step != DB_DONE) m->failed = true;
}

static enum preview_relation relation_of(const struct policy *p, const struct policy *other)
{
    if (strictness(p) == 0 && strictness(other) == 0) return RELATION_COMBINED;
    return stricter(p, other) ? RELATION_DECIDES : RELATION_REDUNDANT;
}

/* Notes what policies in force do to the event; gives the share that they certainly remove. */
static double meet(struct making *m, struct event *e, enum match_verdict match)
{
    double removed = 0;
    for (size_t i = 0; i < m->rival_count; i++) {
        struct rival *r = m->rivals[i];
        struct slice service = judge_service(r->judge);
        if (service.len && !slice_eq(service, e->facts.service)) continue;
        if (++m->pairs > PREVIEW_PAIRS) {
            m->out->overlaps_complete = false;
            return removed;
        }
        struct event_verdict v = judge_event(r->judge, &e->facts, NULL);
        if (v.match == MATCH_NO) continue;
        bool certain = v.match == MATCH_CERTAIN && match == MATCH_CERTAIN;
        *(certain ? &r->overlap.certain : &r->overlap.possible) += 1;
        add(&r->overlap.volume, &e->volume, 1);
        double share = r->content.policy.keep.kind == POLICY_KEEP_RATE ? 0 : removed_share(&r->content.policy);
        if (v.match == MATCH_CERTAIN && share > removed) removed = share;
    }
    return removed;
}

/* ---- events ---- */

/* Keeps the list sorted by what is removed at most, the greatest first. */
static void list_event(struct making *m, struct event *e, struct event_verdict v, struct preview_amount removed)
{
    struct preview *out = m->out;
    size_t at = out->event_count;
    while (at > 0 && (out->events[at - 1].removed.usd < removed.usd ||
                      (out->events[at - 1].removed.usd == removed.usd && out->events[at - 1].volume.usd < e->volume.usd)))
        at--;
    if (at >= m->request->list) return;
    if (out->event_count < m->request->list) out->event_count++;
    memmove(&out->events[at + 1], &out->events[at], (out->event_count - at - 1) * sizeof *out->events);
    struct buf reasons;
    buf_init(&reasons, PREVIEW_REASONS);
    if (v.match == MATCH_POSSIBLE) judge_event(m->judge, &e->facts, &reasons);
    char *copy = arena_copy(m->request->arena, buf_view(&reasons));
    if (!copy) m->failed = true;
    out->events[at] = (struct preview_event){.id = e->id,
                                             .match = v.match,
                                             .volume = e->volume,
                                             .removed = removed,
                                             .reasons = slice_of(copy ? copy : "", copy ? reasons.len : 0)};
    buf_free(&reasons);
}

/* Edges differ: without a key to decide by, some keep every record. */
static bool undecided(const struct policy_log_keep *k)
{
    return k->kind == POLICY_KEEP_PERCENT && k->percent > 0 && k->sample_key.kind == POLICY_SELECT_NONE;
}

static void take_event(struct making *m, struct event *e)
{
    struct preview *out = m->out;
    struct event_verdict v = judge_event(m->judge, &e->facts, NULL);
    out->scanned++;
    if (v.match == MATCH_NO) {
        out->unmatched++;
        return;
    }
    struct preview_side *side = v.match == MATCH_CERTAIN ? &out->certain : &out->possible;
    side->events++;
    add(&side->volume, &e->volume, 1);
    double already = meet(m, e, v.match), share = removed_share(m->request->policy) - already;
    if (share < 0) share = 0;
    struct preview_amount most = scaled(&e->volume, share * v.most);
    if (v.match == MATCH_CERTAIN && !undecided(&m->request->policy->keep)) add(&out->least, &most, 1);
    add(&out->most, &most, 1);
    list_event(m, e, v, most);
}

static struct event read_event(sqlite3_stmt *st)
{
    struct event e = {
        .row = sqlite3_column_int64(st, 0),
        .id = db_id(st, 1),
        .facts = {.service = db_text(st, 2), .template = db_text(st, 3), .records = sqlite3_column_int64(st, 7)},
        .volume = {.records = (double)sqlite3_column_int64(st, 4) / 1e6 * HOURS_A_YEAR,
                   .bytes = (double)sqlite3_column_int64(st, 5) / 1e3 * HOURS_A_YEAR,
                   .usd = (double)sqlite3_column_int64(st, 6) / 1e6},
    };
    for (int i = 0; i < SEVERITIES; i++) e.facts.severities[i] = sqlite3_column_int64(st, 8 + i);
    return e;
}

#define EVENT_COLUMNS                                                                                                                      \
    "SELECT e.row, e.id, e.service_name, e.template, e.rate_events, e.rate_bytes, e.cost, e.events, e.s0, e.s1, e.s2, e.s3, e.s4, e.s5,"   \
    " e.s6 FROM log_events e"

static void read_events(struct making *m)
{
    struct db *db = m->request->db;
    struct slice service = judge_service(m->judge);
    sqlite3_stmt *st = service.len ? db_prepare(db, EVENT_COLUMNS " WHERE e.service = (SELECT row FROM services WHERE account = ?1 AND name"
                                                                  " = ?3) ORDER BY e.cost DESC LIMIT ?2")
                                   : db_prepare(db, EVENT_COLUMNS " WHERE e.account = ?1 ORDER BY e.cost DESC LIMIT ?2");
    if (service.len) db_bind(st, "iit", m->request->account, (int64_t)PREVIEW_EVENTS + 1, service);
    else db_bind(st, "ii", m->request->account, (int64_t)PREVIEW_EVENTS + 1);
    enum db_step step = DB_DONE;
    while (m->out->scanned < PREVIEW_EVENTS && (step = db_step(db, st)) == DB_ROW) {
        struct event e = read_event(st);
        struct event_shape shape = {.db = db, .event = e.row, .records = e.facts.records};
        event_shape_attach(&shape, &e.facts);
        take_event(m, &e);
    }
    m->out->complete = step == DB_DONE || db_step(db, st) == DB_DONE;
    sqlite3_reset(st);
    if (step == DB_ERROR) m->failed = true;
}

/* ---- rates ---- */

/* A rate lets so much of all matching records through, whatever event they are of. */
static double over_limit(const struct policy_log_keep *k, double records)
{
    double allowed = k->count * HOURS_A_YEAR * 3600 / ((double)k->window * k->unit_seconds);
    return records > allowed ? (records - allowed) / records : 0;
}

static void limit(struct preview_amount *a, double share) { *a = scaled(a, share); }

static void apply_rate(const struct making *m)
{
    const struct policy_log_keep *k = &m->request->policy->keep;
    if (k->kind != POLICY_KEEP_RATE) return;
    double most = over_limit(k, m->out->most.records);
    limit(&m->out->least, over_limit(k, m->out->least.records));
    limit(&m->out->most, most);
    for (size_t i = 0; i < m->out->event_count; i++) limit(&m->out->events[i].removed, most);
}

/* ---- all of it ---- */

static int by_volume(const void *a, const void *b)
{
    const struct preview_overlap *x = a, *y = b;
    if (x->volume.usd != y->volume.usd) return x->volume.usd < y->volume.usd ? 1 : -1;
    return (x->certain + x->possible < y->certain + y->possible) - (x->certain + x->possible > y->certain + y->possible);
}

static void tell_overlaps(struct making *m)
{
    struct preview *out = m->out;
    out->overlaps = arena_alloc(m->request->arena, (m->rival_count + 1) * sizeof *out->overlaps);
    if (!out->overlaps) {
        m->failed = true;
        return;
    }
    for (size_t i = 0; i < m->rival_count; i++) {
        struct rival *r = m->rivals[i];
        if (r->overlap.certain + r->overlap.possible == 0) continue;
        r->overlap.relation = relation_of(m->request->policy, &r->content.policy);
        out->overlaps[out->overlap_count++] = r->overlap;
    }
    if (out->overlap_count) qsort(out->overlaps, out->overlap_count, sizeof *out->overlaps, by_volume);
}

static void making_free(struct making *m)
{
    for (size_t i = 0; i < m->rival_count; i++) {
        judge_free(m->rivals[i]->judge);
        content_free(&m->rivals[i]->content);
        free(m->rivals[i]);
    }
    free(m->rivals);
    judge_free(m->judge);
}

bool preview_make(const struct preview_request *request, struct preview *out)
{
    struct making m = {.request = request, .out = out};
    *out = (struct preview){.overlaps_complete = true};
    out->events = arena_zero(request->arena, (request->list + 2) * sizeof *out->events);
    if (!out->events) return false;
    m.judge = judge_new(request->policy);
    read_rivals(&m);
    read_events(&m);
    apply_rate(&m);
    tell_overlaps(&m);
    making_free(&m);
    return !m.failed;
}
