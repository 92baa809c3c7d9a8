#include "control-plane/checks/evaluate.h"

#include <stdio.h>

static bool free_event(const struct observed_event *e) { return !e->claimed; }
static double part_of(int64_t part, int64_t whole) { return whole > 0 ? (double)part / (double)whole : 0; }

static void percent(struct observation *o, struct finding *f, const char *label, double share)
{
    finding_evidence(f, "fields", "catalog", label, observe_text(o, "%.0f %%", share * 100));
}

/* ---- bots ---- */

static struct slice bot_names(struct observation *o, int64_t seen)
{
    char text[400];
    size_t n = 0;
    for (unsigned i = 0; i < 63 && bot_name(i); i++) {
        if (!(seen >> i & 1) || n + 40 > sizeof text) continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.30s", n ? ", " : "", bot_name(i));
    }
    return observe_copy(o, slice_of(text, n));
}

void evaluate_bots(struct observation *o, const struct check *c)
{
    double least = observe_setting(o, c, "min_share");
    int64_t seen = 0, records = 0;
    struct finding *f = NULL;
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        double share = part_of(e->shape.bots, e->shape.records);
        if (!free_event(e) || share < least) continue;
        f = finding_of(o, c, SLICE(""));
        finding_event(f, e, share, share >= 0.9);
        records += (int64_t)(share * (double)e->week_events);
        seen |= e->shape.bots_seen;
    }
    if (!f) return;
    f->records = records;
    finding_evidence(f, "fields", "catalog", "Crawlers", bot_names(o, seen));
    finding_evidence(f, "volume", "catalog", "Their records within 7 days", observe_text(o, "%lld", (long long)records));
}

/* ---- malformed data ---- */

void evaluate_malformed(struct observation *o, const struct check *c)
{
    double least = observe_setting(o, c, "min_share");
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        const struct shape *s = &e->shape;
        double binary = part_of(s->binary, s->records), cut = part_of(s->truncated + s->unparsable, s->records);
        if (!free_event(e) || (binary < least && cut < least)) continue;
        struct finding *f = finding_of(o, c, binary >= least ? SLICE("binary") : SLICE("broken JSON"));
        double share = binary >= least ? binary : cut;
        finding_event(f, e, share, share >= 0.9);
        f->share = share;
        percent(o, f, binary >= least ? "Bodies that are no text" : "Bodies that begin as JSON and are none", share);
    }
}

/* ---- fields ---- */

/* What a field costs, as a rate like rate_bytes. */
static double field_rate(const struct observed_event *e, int64_t bytes) { return part_of(bytes, e->bytes) * (double)e->rate_bytes; }

static const char *role_name(int64_t role)
{
    switch (role) {
    case ROLE_PAYLOAD: return "payload";
    case ROLE_STACKTRACE: return "stack trace";
    case ROLE_SDK: return "instrumentation";
    case ROLE_K8S_UID: return "Kubernetes UID";
    default: return "value";
    }
}

static void large_field(struct observation *o, const struct check *c, struct observed_event *e, int scope, struct slice path,
                        const char *what, int64_t records, int64_t bytes, int64_t p95)
{
    struct finding *f = finding_of(o, c, SLICE(""));
    struct found_field field = {.event = e, .scope = scope, .path = observe_copy(o, path), .element = slice_str(what), .records = records};
    field.share = part_of(records, e->shape.records);
    finding_event(f, e, 0, false);
    finding_field(f, &field);
    double kept = part_of(1000 * records, bytes);
    f->save_bytes += field_rate(e, bytes) * (kept < 1 ? 1 - kept : 0);
    finding_evidence(f, "fields", "catalog", "Large field",
                     observe_text(o, "%.*s: 95 %% below %lld bytes, %.0f %% of the event's bytes", (int)(path.len < 100 ? path.len : 100),
                                  path.len ? path.ptr : "body", (long long)p95, 100 * part_of(bytes, e->bytes)));
}

static void large_fields(struct observation *o, const struct check *c, struct observed_event *e, double bytes, double share)
{
    const struct shape *s = &e->shape;
    if ((double)s->body_p95 >= bytes && part_of(s->body_bytes, e->bytes) >= share && s->body_text > 0)
        large_field(o, c, e, FIELD_BODY, SLICE(""), "body", s->records, s->body_bytes, s->body_p95);
    sqlite3_stmt *st = db_prepare(o->db, "SELECT scope, path, role, records, bytes, length_p95 FROM event_fields WHERE event = ?1"
                                         " AND length_p95 >= ?2 AND scope < 3 ORDER BY bytes DESC LIMIT 8");
    db_bind(st, "id", e->row, bytes);
    while (db_step(o->db, st) == DB_ROW) {
        int64_t role = sqlite3_column_int64(st, 2), records = sqlite3_column_int64(st, 3), size = sqlite3_column_int64(st, 4);
        if (part_of(size, e->bytes) < share) continue;
        large_field(o, c, e, sqlite3_column_int(st, 0), db_text(st, 1), role_name(role), records, size, sqlite3_column_int64(st, 5));
    }
    sqlite3_reset(st);
}

void evaluate_payloads(struct observation *o, const struct check *c)
{
    double bytes = observe_setting(o, c, "min_bytes"), share = observe_setting(o, c, "min_share");
    for (size_t i = 0; i < o->count; i++) {
        struct observed_event *e = &o->events[i];
        if (free_event(e) && e->shape.records > 0) large_fields(o, c, e, bytes, share);
    }
}

static int64_t field_bytes(struct observation *o, int64_t event, int scope, struct slice path)
{
    sqlite3_stmt *st = db_prepare(o->db, "SELECT bytes FROM event_fields WHERE event = ?1 AND scope = ?2 AND path = ?3");
    db_bind(st, "iit", event, (int64_t)scope, path);
    int64_t n = db_step(o->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return n;
}

static void note_fields(struct observation *o, struct finding *f, const char *label)
{
    char text[300];
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < f->field_count && shown < 6; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++) again = again || slice_eq(f->fields[k].path, f->fields[i].path);
        if (again || n + 70 > sizeof text) continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", shown++ ? ", " : "",
                              (int)(f->fields[i].path.len < 60 ? f->fields[i].path.len : 60), f->fields[i].path.ptr);
    }
    finding_evidence(f, "fields", "catalog", label, observe_copy(o, slice_of(text, n)));
}

static void twins(struct observation *o, const struct check *c, struct observed_event *e, double equal, double presence)
{
    sqlite3_stmt *st = db_prepare(o->db, "SELECT path, other_scope, other_path, records FROM event_field_pairs WHERE event = ?1"
                                         " AND equal >= ?2 * records AND records >= ?3 AND other_scope < 3 LIMIT 16");
    db_bind(st, "idd", e->row, equal, presence * (double)e->shape.records);
    while (db_step(o->db, st) == DB_ROW) {
        struct finding *f = finding_of(o, c, SLICE(""));
        struct found_field field = {.event = e,
                                    .scope = sqlite3_column_int(st, 1),
                                    .path = observe_copy(o, db_text(st, 2)),
                                    .element = observe_copy(o, db_text(st, 0)),
                                    .records = sqlite3_column_int64(st, 3)};
        field.share = part_of(field.records, e->shape.records);
        finding_event(f, e, 0, false);
        finding_field(f, &field);
        f->save_bytes += field_rate(e, field_bytes(o, e->row, field.scope, field.path));
    }
    sqlite3_reset(st);
}

void evaluate_duplicates(struct observation *o, const struct check *c)
{
    double equal = observe_setting(o, c, "min_equal"), presence = observe_setting(o, c, "min_presence");
    for (size_t i = 0; i < o->count; i++)
        if (free_event(&o->events[i]) && o->events[i].shape.records > 0) twins(o, c, &o->events[i], equal, presence);
    for (struct finding *f = o->findings; f; f = f->next)
        if (f->check == c) note_fields(o, f, "Said twice");
}

/* A UID is noise only where the name is there, too. */
static bool named(struct observation *o, int64_t event)
{
    sqlite3_stmt *st = db_prepare(o->db, "SELECT 1 FROM event_fields WHERE event = ?1 AND role = ?2 LIMIT 1");
    db_bind(st, "ii", event, (int64_t)ROLE_K8S_NAME);
    bool found = db_step(o->db, st) == DB_ROW;
    sqlite3_reset(st);
    return found;
}

static void bloat(struct observation *o, const struct check *c, struct observed_event *e)
{
    bool uids = named(o, e->row);
    sqlite3_stmt *st = db_prepare(o->db, "SELECT scope, path, role, records, bytes FROM event_fields WHERE event = ?1"
                                         " AND role IN (?2, ?3) AND scope IN (1, 2) LIMIT 32");
    db_bind(st, "iii", e->row, (int64_t)ROLE_SDK, (int64_t)ROLE_K8S_UID);
    while (db_step(o->db, st) == DB_ROW) {
        int64_t role = sqlite3_column_int64(st, 2);
        if (role == ROLE_K8S_UID && !uids) continue;
        struct finding *f = finding_of(o, c, SLICE(""));
        struct found_field field = {.event = e,
                                    .scope = sqlite3_column_int(st, 0),
                                    .path = observe_copy(o, db_text(st, 1)),
                                    .element = slice_str(role_name(role)),
                                    .records = sqlite3_column_int64(st, 3)};
        field.share = part_of(field.records, e->shape.records);
        finding_event(f, e, 0, false);
        finding_field(f, &field);
        f->save_bytes += field_rate(e, sqlite3_column_int64(st, 4));
    }
    sqlite3_reset(st);
}

void evaluate_bloat(struct observation *o, const struct check *c)
{
    for (size_t i = 0; i < o->count; i++)
        if (free_event(&o->events[i]) && o->events[i].shape.records > 0) bloat(o, c, &o->events[i]);
    for (struct finding *f = o->findings; f; f = f->next)
        if (f->check == c) note_fields(o, f, "Fields that describe the instrumentation");
}
