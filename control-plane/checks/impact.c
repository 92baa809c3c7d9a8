#include "control-plane/checks/impact.h"

#include "base/clock.h"

#include <stdio.h>

#define KEPT_OF_PROMISE 0.8

/* What is read of the store. */
struct facts {
    struct db *db;
    int64_t account, carried_ns, published_ns;
    unsigned stages;
    bool removes, rewrites, has_issue;
    struct id128 issue, log_event;
    int64_t recent_hits, first_hits;                /* of the last and the first day */
    int64_t rewritten, recent_rewritten, unwritten; /* steps of transforms that hit and that missed */
    double first;                                   /* records an hour of the first day */
};

/* ---- reading ---- */

static bool read_policy(struct facts *f, int64_t policy, struct impact *out)
{
    sqlite3_stmt *st = db_prepare(f->db, "SELECT account, in_force_at, published_at, carried_at, stages, action, issue, log_event FROM"
                                         " policies WHERE row = ?1 AND in_force_at IS NOT NULL");
    db_bind(st, "i", policy);
    bool found = db_step(f->db, st) == DB_ROW;
    if (found) {
        struct slice action = db_text(st, 5);
        f->account = sqlite3_column_int64(st, 0);
        out->in_force_ns = sqlite3_column_int64(st, 1);
        f->published_ns = sqlite3_column_int64(st, 2);
        f->carried_ns = sqlite3_column_int64(st, 3);
        f->stages = (unsigned)sqlite3_column_int(st, 4);
        f->rewrites = slice_is(action, "TRANSFORM");
        f->removes = !f->rewrites && !slice_is(action, "KEEP");
        out->promised = slice_is(action, "DROP") ? 1 : -1;
        f->has_issue = sqlite3_column_type(st, 6) != SQLITE_NULL;
        f->issue = db_id(st, 6);
        f->log_event = db_id(st, 7);
    }
    sqlite3_reset(st);
    return found;
}

/* What the proposal of the issue saves of its volume. */
static void read_promise(struct facts *f, struct impact *out)
{
    if (!f->has_issue || !f->removes || out->promised >= 0) return;
    sqlite3_stmt *st = db_prepare(f->db, "SELECT 1.0 * d.save_events / d.rate_events FROM findings d JOIN issues i ON i.finding = d.row"
                                         " WHERE i.id = ?1 AND d.rate_events > 0 AND d.save_events > 0");
    db_bind(st, "u", f->issue);
    if (db_step(f->db, st) == DB_ROW) out->promised = sqlite3_column_double(st, 0);
    if (out->promised > 1) out->promised = 1;
    sqlite3_reset(st);
}

static void read_edges(struct facts *f, int64_t now_ns, struct impact *out)
{
    sqlite3_stmt *st =
        db_prepare(f->db, "SELECT COUNT(*), COUNT(CASE WHEN last_sync_at > ?2 AND successful_hash <> '' AND successful_hash = response_hash"
                          " THEN 1 END) FROM edge_instances WHERE account = ?1 AND last_sync_at >= ?3 AND stages & ?4");
    db_bind(st, "iiii", f->account, f->published_ns, now_ns - IMPACT_DAY * NS_PER_HOUR, (int64_t)f->stages);
    if (db_step(f->db, st) == DB_ROW) {
        out->capable = sqlite3_column_int64(st, 0);
        out->edges = sqlite3_column_int64(st, 1);
    }
    sqlite3_reset(st);
}

#define STEP_HITS "(remove_hits + redact_hits + rename_hits + add_hits)"

static void read_hits(struct facts *f, struct impact *out)
{
    sqlite3_stmt *st =
        db_prepare(f->db, "SELECT SUM(hits), SUM(CASE WHEN hour >= ?3 THEN hits END), SUM(CASE WHEN hour < ?4 THEN hits END),"
                          " SUM(" STEP_HITS "), SUM(CASE WHEN hour >= ?3 THEN " STEP_HITS " END),"
                          " SUM(remove_misses + redact_misses + rename_misses + add_misses)"
                          " FROM edge_policy_hours WHERE policy = ?1 AND hour >= ?2");
    db_bind(st, "iiii", out->policy, clock_hour(f->carried_ns), out->to - IMPACT_DAY, out->from + IMPACT_DAY);
    int64_t *const to[] = {&out->hits, &f->recent_hits, &f->first_hits, &f->rewritten, &f->recent_rewritten, &f->unwritten};
    if (db_step(f->db, st) == DB_ROW)
        for (int i = 0; i < 6; i++) *to[i] = sqlite3_column_int64(st, i);
    sqlite3_reset(st);
}

/* The policy's own log event, under its new id where it was merged; else those of the issue. */
#define LINKED_EVENTS                                                                                                                      \
    "(SELECT COALESCE((SELECT target FROM log_event_aliases WHERE account = ?1 AND id = ?2), ?2) AS id"                                    \
    " UNION SELECT d.event_id FROM finding_events d JOIN issues i ON i.finding = d.finding WHERE ?2 = ?4 AND i.id = ?3)"

struct span {
    int64_t from, to;
};

/* Records an hour of the linked events; below 0: there are none. */
static double volume(const struct facts *f, struct span s)
{
    struct id128 none = {0, 0};
    sqlite3_stmt *st =
        db_prepare(f->db, "SELECT COUNT(DISTINCT e.row), SUM(h.events) FROM log_events e LEFT JOIN event_hours h ON"
                          " h.event = e.row AND h.hour >= ?5 AND h.hour < ?6 WHERE e.account = ?1 AND e.id IN " LINKED_EVENTS);
    db_bind(st, "iuuuii", f->account, f->log_event, f->issue, none, s.from, s.to);
    double rate = -1;
    if (db_step(f->db, st) == DB_ROW && sqlite3_column_int64(st, 0) > 0)
        rate = (double)sqlite3_column_int64(st, 1) / (double)(s.to - s.from);
    sqlite3_reset(st);
    return rate;
}

/* A service that is younger than the window is measured from its first hour on. */
static int64_t first_hour(const struct facts *f)
{
    struct id128 none = {0, 0};
    sqlite3_stmt *st = db_prepare(f->db, "SELECT MIN(s.first_seen) FROM log_events e JOIN services s ON s.row = e.service"
                                         " WHERE e.account = ?1 AND e.id IN " LINKED_EVENTS);
    db_bind(st, "iuuu", f->account, f->log_event, f->issue, none);
    int64_t ns = db_step(f->db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return clock_hour(ns);
}

static void read_volumes(struct facts *f, struct impact *out)
{
    struct span before = {clock_hour(out->in_force_ns) - IMPACT_BEFORE, clock_hour(out->in_force_ns)};
    int64_t born = first_hour(f);
    if (born > before.from) before.from = born;
    out->before = before.from < before.to ? volume(f, before) : -1;
    if (out->before == 0) out->before = -1;
    out->after = out->to - out->from >= IMPACT_DAY ? volume(f, (struct span){out->to - IMPACT_DAY, out->to}) : -1;
    f->first = out->to - out->from >= IMPACT_DAY ? volume(f, (struct span){out->from, out->from + IMPACT_DAY}) : -1;
}

/* ---- judging ---- */

static bool fell(const struct impact *out, double rate)
{
    if (out->before < 0 || out->promised < 0 || rate < 0) return true;
    return rate <= out->before * (1 - KEPT_OF_PROMISE * out->promised);
}

static bool rewrote(const struct facts *f, int64_t hits, int64_t rewritten) { return hits > 0 && (rewritten > 0 || f->unwritten == 0); }

static bool works_now(const struct facts *f, const struct impact *out)
{
    if (!f->rewrites) return out->hits > 0 && fell(out, out->after);
    if (rewrote(f, f->recent_hits, f->recent_rewritten)) return true;
    return out->after == 0 && rewrote(f, out->hits, f->rewritten);
}

static bool worked_first(const struct facts *f, const struct impact *out)
{
    return f->first_hits > 0 && (f->rewrites ? rewrote(f, f->first_hits, f->rewritten) : fell(out, f->first));
}

static void say(struct impact *out, enum impact_state state, const char *reason)
{
    out->state = state;
    snprintf(out->reason, sizeof out->reason, "%s", reason);
}

static void judge(const struct facts *f, struct impact *out)
{
    if (f->carried_ns == 0 && out->capable == 0) say(out, IMPACT_WAITING_FOR_EDGE, "No edge that can carry it out polled within a day.");
    else if (f->carried_ns == 0) say(out, IMPACT_WAITING_FOR_EDGE, "No edge has reported yet that it applied it.");
    else if (out->to - out->from < IMPACT_DAY)
        say(out, IMPACT_TOO_EARLY, "A day of whole hours must pass after the first edge applied it.");
    else if (works_now(f, out) && (out->before < 0 || out->promised < 0))
        say(out, IMPACT_VERIFIED,
            f->rewrites ? "Edges rewrite what it matches." : "Edges matched records; there is no volume to compare with.");
    else if (works_now(f, out)) say(out, IMPACT_VERIFIED, "Edges matched records, and the volume fell as promised.");
    else if (worked_first(f, out))
        say(out, IMPACT_REGRESSED,
            f->rewrites ? "Edges rewrote records in its first day, and do no more." : "The volume had fallen, and is back.");
    else if (out->hits == 0) say(out, IMPACT_NOT_SEEN, "Edges carry it, and no record matched.");
    else if (f->rewrites) say(out, IMPACT_NOT_SEEN, "Records matched, and nothing in them was rewritten.");
    else say(out, IMPACT_NOT_SEEN, "Records matched at edges, but the volume that arrives here did not fall as promised.");
}

bool impact_of_policy(struct db *db, int64_t policy, int64_t now_ns, struct impact *out)
{
    struct facts f = {.db = db};
    *out = (struct impact){.policy = policy, .before = -1, .after = -1, .promised = -1};
    if (!read_policy(&f, policy, out)) return false;
    if (f.carried_ns) {
        out->from = clock_hour(f.carried_ns) + 1;
        out->to = clock_hour(now_ns) > out->from ? clock_hour(now_ns) : out->from;
        read_hits(&f, out);
    }
    read_promise(&f, out);
    read_edges(&f, now_ns, out);
    read_volumes(&f, out);
    judge(&f, out);
    return true;
}

bool impact_of_issue(struct db *db, int64_t issue, int64_t now_ns, struct impact *out)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT p.row FROM policies p JOIN issues i ON i.id = p.issue WHERE i.row = ?1"
                                      " AND p.in_force_at IS NOT NULL ORDER BY p.in_force_at DESC, p.row DESC LIMIT 1");
    db_bind(st, "i", issue);
    int64_t policy = db_step(db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return policy && impact_of_policy(db, policy, now_ns, out);
}
