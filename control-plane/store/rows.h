/* Rows of the catalog as they are read, changed and written back within one job. Inside the store only.
 * Functions that give a bool: false is an error of the store. */
#ifndef CONTROL_PLANE_STORE_ROWS_H
#define CONTROL_PLANE_STORE_ROWS_H

#include "base/buf.h"
#include "control-plane/store/counters.h"
#include "control-plane/store/store.h"

struct account_row {
    int64_t row;
    struct id128 id;
    struct prices prices;
    struct tally totals; /* severities are not kept */
    struct window windows[WINDOWS];
    struct rates rates;
    int64_t first_seen, last_seen; /* INT64_MAX, INT64_MIN before the first record */
};

struct service_row {
    int64_t row; /* 0 = none */
    struct id128 id;
    int64_t log_events;
    struct tally totals; /* severities are not kept */
    struct window windows[WINDOWS];
    int64_t week_severity[SEVERITIES];
    int64_t first_seen, last_seen, hours;
    struct rates rates;
};

struct event_row {
    int64_t row; /* 0 = none */
    struct id128 id;
    int64_t service;
    int severity;
    bool fragment, withheld;
    struct tally totals;
    struct window windows[WINDOWS];
    struct rates rates;
    int64_t first_seen, last_seen;
    struct buf name, template;
};
enum { EVENT_TEXT_MAX = 64 * 1024 };

/* The catalog's account. */
bool account_load(struct db *db, struct account_row *a);
bool account_save(struct db *db, const struct account_row *a);

/* By id; row 0 where there is none. */
bool service_load(struct db *db, int64_t account, struct id128 id, struct service_row *s);
bool service_load_row(struct db *db, int64_t row, struct service_row *s);
bool service_insert(struct db *db, int64_t account, struct slice name, struct service_row *s, int64_t now_ns);
bool service_save(struct db *db, const struct service_row *s);
/* The rates of all the service's events are to be computed again: catalog_roll does it, from the beginning. */
bool service_sweep(struct db *db, int64_t row);
/* Computes the service's rates and carries the difference into the account's. */
void service_rates(struct service_row *s, struct account_row *a);

/* name and template must be initialised; they are filled. */
bool event_load(struct db *db, int64_t account, struct id128 id, struct event_row *e);
bool event_insert(struct db *db, int64_t account, struct id128 service_id, struct slice service_name, struct event_row *e, int64_t now_ns);
bool event_save(struct db *db, const struct event_row *e, bool rates_changed);
bool event_save_rates(struct db *db, int64_t row, const struct rates *r);
/* Where name, template, severity, fragment, withheld or first_seen changed. */
bool event_save_text(struct db *db, const struct event_row *e, int64_t now_ns);
/* Makes e->name one that no other event of the service has: adds digits of the id where needed. */
bool event_unique_name(struct db *db, struct event_row *e);
/* The id that `id` was merged into; itself where it was not. */
bool event_resolve(struct db *db, int64_t account, struct id128 id, struct id128 *target);
/* n more (or fewer) events like this one. */
bool event_count_kind(struct db *db, int64_t account, const struct event_row *e, int n);

/* Adds to the hour's counters; *stage: the row's. */
bool event_hour_add(struct db *db, int64_t event, int64_t hour, const struct tally *t, int *stage);
bool service_hour_add(struct db *db, int64_t service, int64_t hour, const struct tally *t, int *stage);
bool account_hour_add(struct db *db, int64_t account, int64_t hour, const struct tally *t, int *stage);

#endif
