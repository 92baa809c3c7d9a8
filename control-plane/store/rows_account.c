#include "control-plane/store/rows.h"

bool account_load(struct db *db, struct account_row *a)
{
    sqlite3_stmt *st = db_prepare(db, "SELECT row, id, price_gb, price_million, events, bytes, day_events, day_bytes, week_events,"
                                      " week_bytes, month_events, month_bytes, rate_events, rate_bytes, cost, first_seen, last_seen"
                                      " FROM accounts ORDER BY row LIMIT 1");
    bool found = db_step(db, st) == DB_ROW;
    if (found) {
        int64_t n[17];
        for (int i = 0; i < 17; i++) n[i] = sqlite3_column_int64(st, i);
        *a = (struct account_row){
            .row = n[0],
            .id = db_id(st, 1),
            .prices = {n[2], n[3]},
            .totals = {.events = n[4], .bytes = n[5]},
            .windows = {{n[6], n[7]}, {n[8], n[9]}, {n[10], n[11]}},
            .rates = {n[12], n[13], n[14]},
            .first_seen = sqlite3_column_type(st, 15) == SQLITE_NULL ? INT64_MAX : n[15],
            .last_seen = sqlite3_column_type(st, 16) == SQLITE_NULL ? INT64_MIN : n[16],
        };
    }
    sqlite3_reset(st);
    return found;
}

bool account_save(struct db *db, const struct account_row *a)
{
    sqlite3_stmt *st = db_prepare(db, "UPDATE accounts SET events = ?1, bytes = ?2, day_events = ?3, day_bytes = ?4, week_events = ?5,"
                                      " week_bytes = ?6, month_events = ?7, month_bytes = ?8, rate_events = ?9, rate_bytes = ?10,"
                                      " cost = ?11, first_seen = ?12, last_seen = ?13 WHERE row = ?14");
    const struct window *w = a->windows;
    db_bind(st, "iiiiiiiiiiiiii", a->totals.events, a->totals.bytes, w[DAY].events, w[DAY].bytes, w[WEEK].events, w[WEEK].bytes,
            w[MONTH].events, w[MONTH].bytes, a->rates.events, a->rates.bytes, a->rates.cost, a->first_seen, a->last_seen, a->row);
    if (a->first_seen == INT64_MAX) sqlite3_bind_null(st, 12);
    if (a->last_seen == INT64_MIN) sqlite3_bind_null(st, 13);
    return db_run(db, st);
}
