#include "control-plane/checks/ledger.h"

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/checks/impact.h"
#include "control-plane/checks/propose.h"
#include "control-plane/store/audit.h"

#include <stdio.h>
#include <stdlib.h>

/* What one service has. */
struct book {
    struct observation *o;
    struct checks_outcome *outcome;
    struct known *known;
    size_t count;
};

/* ---- reading ---- */

static void copy_text(char *to, size_t size, struct slice s)
{
    size_t n = s.len < size - 1 ? s.len : size - 1;
    memcpy(to, s.ptr, n);
    to[n] = '\0';
}

static void read_known(sqlite3_stmt *st, struct known *k)
{
    *k = (struct known){.row = sqlite3_column_int64(st, 0), .issue = sqlite3_column_int64(st, 1), .check = check_find(db_text(st, 5))};
    copy_text(k->fingerprint, sizeof k->fingerprint, db_text(st, 2));
    copy_text(k->basis, sizeof k->basis, db_text(st, 3));
    copy_text(k->status, sizeof k->status, db_text(st, 4));
    int64_t *const to[] = {&k->rate_events, &k->rate_bytes, &k->cost, &k->save_events, &k->save_bytes, &k->save_cost, &k->baseline};
    for (int i = 0; i < 7; i++) *to[i] = sqlite3_column_int64(st, 6 + i);
    k->issue_closed = sqlite3_column_type(st, 13) != SQLITE_NULL;
    k->ignored = sqlite3_column_type(st, 14) != SQLITE_NULL;
    k->verified = slice_is(db_text(st, 15), "verified");
}

static bool read_book(struct book *b)
{
    sqlite3_stmt *st = db_prepare(b->o->db, "SELECT f.row, COALESCE(i.row, 0), f.fingerprint, f.basis, f.status, f.check_id, f.rate_events,"
                                            " f.rate_bytes, f.cost, f.save_events, f.save_bytes, f.save_cost, COALESCE(i.baseline, 0),"
                                            " i.closed_at, i.ignored_at, i.resolution FROM findings f LEFT JOIN issues i"
                                            " ON i.finding = f.row WHERE f.service = ?1");
    db_bind(st, "i", b->o->row);
    enum db_step step;
    while ((step = db_step(b->o->db, st)) == DB_ROW) {
        b->known = xreallocarray(b->known, b->count + 1, sizeof *b->known);
        read_known(st, &b->known[b->count++]);
    }
    sqlite3_reset(st);
    return step == DB_DONE;
}

/* ---- identity ---- */

static void put_hash(char out[FINGERPRINT + 1], struct slice text)
{
    struct id128 h = hash128(text.ptr, text.len, 0xC4EC);
    snprintf(out, FINGERPRINT + 1, "%016llx%016llx", (unsigned long long)h.hi, (unsigned long long)h.lo);
}

static void fingerprint_of(const struct observation *o, const struct finding *f, char out[FINGERPRINT + 1])
{
    struct buf text;
    buf_init(&text, 4096);
    buf_printf(&text, "%s\x1f", f->check->id);
    buf_slice(&text, o->name);
    buf_char(&text, '\x1f');
    buf_slice(&text, f->subject);
    put_hash(out, buf_view(&text));
    buf_free(&text);
}

/* What the parts of a finding are made of; while it is the same they stay as they are. Counts take part as powers of two. */
static void basis_of(const struct observation *o, const struct finding *f, char out[FINGERPRINT + 1])
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_printf(&text, "%d\x1f%zu\x1f%lld\x1f", f->check->version, o->count, (long long)f->cap_per_minute);
    for (size_t i = 0; i < f->event_count; i++) {
        buf_add(&text, &f->events[i]->id, sizeof f->events[i]->id);
        buf_slice(&text, f->events[i]->template);
    }
    for (size_t i = 0; i < f->field_count; i++) {
        buf_printf(&text, "\x1f%d", f->fields[i].scope);
        buf_slice(&text, f->fields[i].path);
        buf_slice(&text, f->fields[i].element);
    }
    for (int64_t n = f->records; n > 0; n >>= 1) buf_char(&text, '+');
    put_hash(out, buf_view(&text));
    buf_free(&text);
}

/* ---- measures ---- */

struct measures {
    int64_t rate_events, rate_bytes, cost, save_events, save_bytes, save_cost;
};

static struct measures measures_of(const struct observation *o, const struct finding *f)
{
    struct measures m = {f->rate_events, f->rate_bytes, f->cost, (int64_t)f->save_events, (int64_t)f->save_bytes, 0};
    m.save_cost = (int64_t)yearly_cost(o, f->save_events, f->save_bytes);
    if (m.save_cost > m.cost) m.save_cost = m.cost;
    return m;
}

static int priority_of(const struct finding *f, const struct measures *m)
{
    double usd = (double)m->save_cost / 1e6;
    int priority = usd >= PRIORITY_HIGH_USD ? PRIORITY_HIGH : usd >= PRIORITY_MEDIUM_USD ? PRIORITY_MEDIUM : PRIORITY_LOW;
    return priority < (int)f->check->floor ? (int)f->check->floor : priority;
}

/* ---- writing ---- */

static const char actor[] = "checks";

static bool note_history(struct db *db, int64_t issue, int64_t now_ns, const char *action, const char *note)
{
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO issue_history (issue, at, actor, action, note) VALUES (?1, ?2, ?3, ?4, ?5)");
    db_bind(st, "iittt", issue, now_ns, SLICE(actor), slice_str(action), slice_str(note));
    return db_run(db, st);
}

struct step {
    const char *history, *audit, *before, *after; /* before, after: JSON */
};
static const struct step opened = {"opened", "issue.open", "", "{\"stage\":\"open\"}"};
static const struct step reopened = {"reopened", "issue.reopen", "{\"stage\":\"resolved\"}", "{\"stage\":\"open\"}"};
static const struct step closed = {"closed", "issue.close", "{\"stage\":\"open\"}", "{\"stage\":\"resolved\"}"};

/* Into the issue's history and the audit log. */
static bool note_step(const struct observation *o, int64_t issue, const struct step *step, const char *note)
{
    sqlite3_stmt *st = db_prepare(o->db, "SELECT id FROM issues WHERE row = ?1");
    db_bind(st, "i", issue);
    struct audit_entry entry = {.at_ns = o->now_ns,
                                .account = o->account,
                                .actor = SLICE(actor),
                                .action = step->audit,
                                .type = "Issue",
                                .before = slice_str(step->before),
                                .after = slice_str(step->after),
                                .reason = slice_str(note)};
    bool there = db_step(o->db, st) == DB_ROW;
    if (there) entry.object = db_id(st, 0);
    sqlite3_reset(st);
    return there && note_history(o->db, issue, o->now_ns, step->history, note) && audit_write(o->db, &entry);
}

static bool insert_finding(struct book *b, const struct finding *f, const struct measures *m, struct known *k)
{
    struct observation *o = b->o;
    sqlite3_stmt *st =
        db_prepare(o->db, "INSERT INTO findings (account, id, service, check_id, check_version, fingerprint, subject, status,"
                          " rate_events, rate_bytes, cost, save_events, save_bytes, save_cost, observed_at, created_at,"
                          " updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)");
    db_bind(st, "iuititttiiiiiiiii", o->account, store_new_id(), o->row, slice_str(f->check->id), (int64_t)f->check->version,
            slice_str(k->fingerprint), f->subject, slice_str(k->status), m->rate_events, m->rate_bytes, m->cost, m->save_events,
            m->save_bytes, m->save_cost, o->now_ns, o->now_ns, o->now_ns);
    if (!db_run(o->db, st)) return false;
    k->row = db_last_row(o->db);
    return true;
}

static bool save_finding(struct book *b, const struct measures *m, const struct known *k)
{
    sqlite3_stmt *st = db_prepare(b->o->db, "UPDATE findings SET status = ?1, basis = ?2, rate_events = ?3, rate_bytes = ?4, cost = ?5,"
                                            " save_events = ?6, save_bytes = ?7, save_cost = ?8, observed_at = ?9, updated_at = ?10,"
                                            " closed_at = NULL WHERE row = ?11");
    db_bind(st, "ttiiiiiiiii", slice_str(k->status), slice_str(k->basis), m->rate_events, m->rate_bytes, m->cost, m->save_events,
            m->save_bytes, m->save_cost, b->o->now_ns, b->o->now_ns, k->row);
    return db_run(b->o->db, st);
}

static int64_t next_number(struct db *db, int64_t account)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT COALESCE(MAX(number), 0) + 1 FROM issues WHERE account = ?1");
    db_bind(st, "i", account);
    int64_t n = db_step(db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 1;
    sqlite3_reset(st);
    return n;
}

static bool open_issue(struct book *b, const struct finding *f, const struct measures *m, struct known *k, bool actionable)
{
    struct observation *o = b->o;
    const struct check *c = f->check;
    sqlite3_stmt *st =
        db_prepare(o->db, "INSERT INTO issues (account, id, number, finding, service, check_id, domain, type, priority, title,"
                          " summary, cause, actionable, rate_events, save_cost, baseline, created_at, updated_at)"
                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
    db_bind(st,
            "iuiiittti"
            "tttbiiiii",
            o->account, store_new_id(), next_number(o->db, o->account), k->row, o->row, slice_str(c->id), slice_str(c->domain),
            slice_str(c->type), (int64_t)priority_of(f, m), propose_text(o, f, c->title), propose_text(o, f, c->summary),
            propose_text(o, f, c->cause), actionable, m->rate_events, m->save_cost, m->rate_events, o->now_ns, o->now_ns);
    st = db_run(o->db, st) ? st : NULL;
    if (!st) return false;
    k->issue = db_last_row(o->db);
    b->outcome->opened++;
    return note_step(o, k->issue, &opened, "");
}

static bool save_issue(struct book *b, const struct finding *f, const struct measures *m, const struct known *k, bool parts,
                       bool actionable)
{
    struct observation *o = b->o;
    sqlite3_stmt *st =
        db_prepare(o->db, "UPDATE issues SET priority = ?1, rate_events = ?2, save_cost = ?3, title = ?4, summary = ?5, updated_at = ?6"
                          " WHERE row = ?7");
    db_bind(st, "iiittii", (int64_t)priority_of(f, m), m->rate_events, m->save_cost, propose_text(o, f, f->check->title),
            propose_text(o, f, f->check->summary), o->now_ns, k->issue);
    if (!db_run(o->db, st)) return false;
    if (!parts) return true;
    st = db_prepare(o->db, "UPDATE issues SET actionable = ?1 WHERE row = ?2");
    db_bind(st, "bi", actionable, k->issue);
    return db_run(o->db, st);
}

static bool reopen_issue(struct book *b, const struct measures *m, struct known *k)
{
    sqlite3_stmt *st =
        db_prepare(b->o->db, "UPDATE issues SET closed_at = NULL, resolution = NULL, baseline = ?1, updated_at = ?2 WHERE row = ?3");
    db_bind(st, "iii", m->rate_events, b->o->now_ns, k->issue);
    k->issue_closed = false;
    b->outcome->reopened++;
    return db_run(b->o->db, st) && note_step(b->o, k->issue, &reopened, "The cause is back.");
}

static bool close_issue(struct book *b, struct known *k, const char *resolution, const char *note)
{
    sqlite3_stmt *st = db_prepare(b->o->db, "UPDATE issues SET closed_at = ?1, resolution = ?2, updated_at = ?1 WHERE row = ?3");
    db_bind(st, "iti", b->o->now_ns, slice_str(resolution), k->issue);
    k->issue_closed = true;
    b->outcome->closed++;
    return db_run(b->o->db, st) && note_step(b->o, k->issue, &closed, note);
}

/* ---- policies of issues ---- */

static const char verified_note[] = "Edges carry the policy, it matched, and the volume is gone.";

/* Records an hour of the last day, in millionths as rate_events. */
static int64_t day_rate(const struct finding *f)
{
    int64_t n = 0;
    for (size_t i = 0; i < f->event_count; i++) n += f->events[i]->day_events;
    return n * 1000000 / 24;
}

/* Edges prove the policy, and of the issue's own volume as much is gone as it promised. Only for policies that remove records. */
static bool volume_gone(struct book *b, const struct finding *f, const struct known *k)
{
    struct impact impact;
    if (f->save_events <= 0 || k->baseline <= 0) return false;
    if (!impact_of_issue(b->o->db, k->issue, b->o->now_ns, &impact) || impact.state != IMPACT_VERIFIED) return false;
    double promised = f->rate_events > 0 ? f->save_events / (double)f->rate_events : 1;
    return (double)day_rate(f) <= (double)k->baseline * (1 - 0.8 * promised);
}

/* ---- one finding ---- */

static struct known *known_of(struct book *b, const char *fingerprint)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->known[i].fingerprint, fingerprint) == 0) return &b->known[i];
    b->known = xreallocarray(b->known, b->count + 1, sizeof *b->known);
    struct known *k = &b->known[b->count++];
    *k = (struct known){.row = 0};
    memcpy(k->fingerprint, fingerprint, sizeof k->fingerprint);
    return k;
}

static bool same_measures(const struct known *k, const struct measures *m)
{
    return k->rate_events == m->rate_events && k->rate_bytes == m->rate_bytes && k->cost == m->cost && k->save_events == m->save_events &&
           k->save_bytes == m->save_bytes && k->save_cost == m->save_cost;
}

/* The status that a finding gets which is there now. */
static const char *status_now(const struct known *k, bool enough)
{
    if (k->ignored) return "suppressed";
    if (k->issue && k->issue_closed && strcmp(k->status, "suppressed") == 0) return "suppressed";
    return enough || k->issue ? "escalated" : "pending";
}

static bool write_issue(struct book *b, const struct finding *f, const struct measures *m, struct known *k, bool parts, bool actionable)
{
    if (strcmp(k->status, "pending") == 0) return true;
    if (k->issue == 0) return open_issue(b, f, m, k, actionable);
    if (!save_issue(b, f, m, k, parts, actionable)) return false;
    if (strcmp(k->status, "suppressed") == 0) return true;
    bool gone = volume_gone(b, f, k);
    if (!k->issue_closed && gone) return close_issue(b, k, "verified", verified_note);
    if (k->issue_closed && !(k->verified && gone)) return reopen_issue(b, m, k);
    return true;
}

static bool write_found(struct book *b, const struct finding *f)
{
    char fingerprint[FINGERPRINT + 1], basis[FINGERPRINT + 1], before[12];
    struct measures m = measures_of(b->o, f);
    fingerprint_of(b->o, f, fingerprint);
    basis_of(b->o, f, basis);
    struct known *k = known_of(b, fingerprint);
    k->seen = true;
    k->check = f->check;
    bool enough = (double)f->records >= observe_setting(b->o, f->check, "min_records"), actionable = false;
    memcpy(before, k->status, sizeof before);
    snprintf(k->status, sizeof k->status, "%s", status_now(k, enough));
    bool parts = k->row == 0 || strcmp(basis, k->basis) != 0;
    bool quiet = strcmp(before, k->status) == 0 && same_measures(k, &m) && !parts;
    if (quiet && !(k->issue && !k->issue_closed && volume_gone(b, f, k))) return true;
    memcpy(k->basis, basis, sizeof k->basis);
    if (k->row == 0 && !insert_finding(b, f, &m, k)) return false;
    if (parts && !ledger_write_parts(b->o, f, k->row, fingerprint, &actionable)) return false;
    return save_finding(b, &m, k) && write_issue(b, f, &m, k, parts, actionable);
}

/* ---- findings that are no more ---- */

/* A policy that is too young to be judged is waited for: the issue then closes with the verdict. */
static bool close_finding(struct book *b, struct known *k)
{
    struct impact impact = {.state = IMPACT_NOT_SEEN};
    if (strcmp(k->status, "closed") == 0) return true;
    bool open = k->issue && !k->issue_closed && !k->ignored;
    if (open && impact_of_issue(b->o->db, k->issue, b->o->now_ns, &impact) && impact.state == IMPACT_TOO_EARLY) return true;
    sqlite3_stmt *st = db_prepare(b->o->db, "UPDATE findings SET status = 'closed', closed_at = ?1, updated_at = ?1 WHERE row = ?2");
    db_bind(st, "ii", b->o->now_ns, k->row);
    if (!db_run(b->o->db, st)) return false;
    if (!open) return true;
    if (impact.state == IMPACT_VERIFIED) return close_issue(b, k, "verified", verified_note);
    return close_issue(b, k, "cause_gone", "The cause is gone.");
}

/* A check that cannot be evaluated says nothing about what it found before. */
static bool answers(const struct known *k) { return k->check == NULL || k->check->unavailable == NULL; }

bool ledger_reconcile(struct observation *o, struct checks_outcome *outcome)
{
    struct book b = {.o = o, .outcome = outcome};
    bool ok = read_book(&b);
    for (const struct finding *f = o->findings; ok && f; f = f->next) ok = write_found(&b, f);
    for (size_t i = 0; ok && i < b.count; i++)
        if (!b.known[i].seen && answers(&b.known[i])) ok = close_finding(&b, &b.known[i]);
    free(b.known);
    return ok;
}
