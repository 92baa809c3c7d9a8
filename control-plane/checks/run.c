#include "control-plane/checks/evaluate.h"
#include "control-plane/checks/ledger.h"

enum { EVENTS_A_RUN = 4000 };

/* The next service that looks different from when it was last looked at; 0: none. */
static int64_t next_service(struct db *db, int64_t after, bool *failed)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT s.row FROM services s LEFT JOIN check_marks m ON m.service = s.row"
                                      " WHERE s.row > ?1 AND s.enabled <> 0 AND (m.service IS NULL OR m.events <> s.events"
                                      " OR m.week_events <> s.week_events OR m.day_events <> s.day_events OR m.log_events <> s.log_events"
                                      " OR m.cost <> s.cost) ORDER BY s.row LIMIT 1");
    db_bind(st, "i", after);
    enum db_step step = db_step(db, st);
    int64_t row = step == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    *failed = step == DB_ERROR;
    return row;
}

static bool mark(struct db *db, int64_t service, int64_t now_ns)
{
    sqlite3_stmt *st =
        db_prepare(db, "INSERT OR REPLACE INTO check_marks (service, account, events, week_events, day_events, log_events, cost, looked_at)"
                       " SELECT row, account, events, week_events, day_events, log_events, cost, ?2 FROM services WHERE row = ?1");
    db_bind(st, "ii", service, now_ns);
    return db_run(db, st);
}

/* What a check that is switched off would find is nobody's: no other check gets its events. */
static void drop_switched_off(struct observation *o)
{
    for (struct finding **at = &o->findings; *at;) {
        if (observe_setting(o, (*at)->check, "enabled") > 0) at = &(*at)->next;
        else *at = (*at)->next;
    }
}

static void evaluate(struct observation *o)
{
    for (size_t i = 0; i < check_count; i++)
        if (checks[i].evaluate) checks[i].evaluate(o, &checks[i]);
    drop_switched_off(o);
}

static bool look_at(struct db *db, int64_t service, int64_t now_ns, struct checks_outcome *outcome)
{
    struct observation o;
    bool ok = observation_load(&o, db, service, now_ns);
    if (ok) evaluate(&o);
    ok = ok && ledger_reconcile(&o, outcome) && mark(db, service, now_ns);
    outcome->services++;
    outcome->events += o.count + o.silent;
    observation_free(&o);
    return ok;
}

bool checks_run(struct db *db, int64_t now_ns, size_t most, struct checks_outcome *outcome)
{
    int64_t service = 0;
    bool failed = false;
    *outcome = (struct checks_outcome){0};
    if (most == 0) most = EVENTS_A_RUN;
    while ((service = next_service(db, service, &failed)) != 0) {
        if (outcome->events >= most) {
            outcome->more = true;
            return true;
        }
        if (!look_at(db, service, now_ns, outcome)) return false;
    }
    return !failed;
}
