#include "control-plane/checks/ledger.h"
#include "base/die.h"
#include "control-plane/checks/propose.h"

#include <stdlib.h>

static bool clear(struct db *db, int64_t row)
{
    sqlite3_stmt *const st[] = {db_prepare(db, "DELETE FROM finding_events WHERE finding = ?1"),
                                db_prepare(db, "DELETE FROM finding_fields WHERE finding = ?1"),
                                db_prepare(db, "DELETE FROM finding_evidence WHERE finding = ?1"),
                                db_prepare(db, "DELETE FROM finding_proposals WHERE finding = ?1")};
    for (size_t i = 0; i < sizeof st / sizeof *st; i++) {
        db_bind(st[i], "i", row);
        if (!db_run(db, st[i])) return false;
    }
    return true;
}

static bool write_events(struct db *db, const struct finding *f, int64_t row)
{
    for (size_t i = 0; i < f->event_count; i++) {
        sqlite3_stmt *st = db_prepare(db, "INSERT INTO finding_events (finding, event_id, position) VALUES (?1, ?2, ?3)");
        db_bind(st, "iui", row, f->events[i]->id, (int64_t)i);
        if (!db_run(db, st)) return false;
    }
    return true;
}

static bool write_fields(struct db *db, const struct finding *f, int64_t row)
{
    for (size_t i = 0; i < f->field_count; i++) {
        const struct found_field *p = &f->fields[i];
        sqlite3_stmt *st = db_prepare(db, "INSERT INTO finding_fields (finding, position, event_id, scope, path, element, records)"
                                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        db_bind(st, "iiuitti", row, (int64_t)i, p->event->id, (int64_t)p->scope, p->path, p->element, p->records);
        if (!db_run(db, st)) return false;
    }
    return true;
}

static bool write_evidence(struct db *db, const struct finding *f, int64_t row)
{
    for (size_t i = 0; i < f->evidence_count; i++) {
        const struct found_evidence *e = &f->evidence[i];
        sqlite3_stmt *st = db_prepare(db, "INSERT INTO finding_evidence (finding, position, kind, label, value, provenance)"
                                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        db_bind(st, "iitttt", row, (int64_t)i, slice_str(e->kind), slice_str(e->label), e->value, slice_str(e->provenance));
        if (!db_run(db, st)) return false;
    }
    return true;
}

static bool write_proposal(struct db *db, const struct proposal *p, int64_t row, size_t position)
{
    sqlite3_stmt *st =
        db_prepare(db, "INSERT INTO finding_proposals (finding, position, kind, key, title, action, risk, event_id, text, reason)"
                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    struct id128 none = {0, 0};
    db_bind(st, "iitttttutt", row, (int64_t)position, slice_str(p->kind), p->key, p->title, slice_str(p->action), slice_str(p->risk),
            p->event ? p->event->id : none, p->text, p->reason);
    if (!p->event) sqlite3_bind_null(st, 8);
    return db_run(db, st);
}

static bool write_proposals(struct observation *o, const struct finding *f, int64_t row, const char *fingerprint, bool *actionable)
{
    struct draft *d = xcalloc(1, sizeof *d);
    d->o = o;
    d->finding = (struct finding *)f;
    d->fingerprint = fingerprint;
    propose_all(d);
    bool ok = true;
    *actionable = false;
    for (size_t i = 0; ok && i < d->count; i++) {
        if (strcmp(d->proposals[i].kind, "policy") == 0) *actionable = true;
        ok = write_proposal(o->db, &d->proposals[i], row, i);
    }
    free(d);
    return ok;
}

bool ledger_write_parts(struct observation *o, const struct finding *f, int64_t row, const char *fingerprint, bool *actionable)
{
    return clear(o->db, row) && write_events(o->db, f, row) && write_fields(o->db, f, row) && write_evidence(o->db, f, row) &&
           write_proposals(o, f, row, fingerprint, actionable);
}
