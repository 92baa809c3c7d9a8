/* Fills a new store with synthetic events, counters consistent: events of `services` services with names, templates,
 * severities, ages and rates spread as in real catalogs (few loud ones, a long tail). Same n, same content. */
#ifndef TESTS_BENCH_FILL_H
#define TESTS_BENCH_FILL_H

#include "base/clock.h"
#include "base/die.h"
#include "control-plane/store/rows.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILL_CHUNK = 20000 };

struct fill {
    struct store_job job;
    size_t n, done, service_count;
    int64_t now_ns, now_hour;
    struct account_row account;
    struct service_row *services;
    struct tally *hours; /* of service s in hour now - h: [s * WEEK_HOURS + h] */
};

static inline uint64_t fill_random(uint64_t i, uint64_t of) { return hash_mix(hash_mix(i + 1, of), 0x7465726F); }

static inline struct id128 fill_id(uint64_t i, uint64_t of) { return id_uuid((struct id128){fill_random(i, of), fill_random(i, of + 1)}); }

static const char *const fill_words[] = {"request", "session", "cache",    "payment", "worker", "queue",   "token",  "user",
                                         "order",   "refund",  "shipment", "retry",   "lease",  "cluster", "backup", "index"};
static const char *const fill_verbs[] = {"started", "finished", "failed", "timed_out", "evicted", "accepted", "rejected", "renewed"};

static inline void fill_service_name(size_t s, char out[64])
{
    snprintf(out, 64, "%s-%s-%zu", fill_words[s % 16], fill_words[(s / 16 + 3) % 16], s);
}

static inline bool fill_services(struct fill *f, struct db *db)
{
    for (size_t s = 0; s < f->service_count; s++) {
        char name[64];
        fill_service_name(s, name);
        int64_t age = s % 10 == 9 ? 40 : 400; /* hours; every tenth is young */
        f->services[s] = (struct service_row){.id = fill_id(s, 100),
                                              .first_seen = f->now_ns - age * NS_PER_HOUR,
                                              .last_seen = f->now_ns - (int64_t)s * NS_PER_SECOND,
                                              .hours = rate_hours(f->now_ns - age * NS_PER_HOUR, f->now_hour)};
        if (!service_insert(db, f->account.row, slice_str(name), &f->services[s], f->now_ns)) return false;
    }
    return true;
}

#define FILL_EVENT                                                                                                                         \
    "INSERT INTO log_events (account, service, severity, fragment, withheld, events, bytes, rate_events, rate_bytes, cost, first_seen,"    \
    " last_seen, created_at, updated_at, day_events, day_bytes, week_events, week_bytes, month_events, month_bytes, s0, s1, s2, s3, s4,"   \
    " s5, s6, id, service_id, name, service_name, template) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"  \
    " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)"

static inline bool fill_event(struct fill *f, struct db *db, size_t i)
{
    static const int by_api[] = {0, 2, 3, 4, 5};
    size_t s = i % f->service_count;
    struct service_row *service = &f->services[s];
    uint64_t r = fill_random(i, 1);
    int severity = (int)(r % 100 < 1 ? 0 : r % 100 < 30 ? 1 : r % 100 < 80 ? 2 : r % 100 < 93 ? 3 : 4);
    int64_t events = 1 + (int64_t)((r >> 8) % 1000) * (i % 100 == 7 ? 1000 : 1), bytes = events * (80 + (int64_t)(r >> 20 & 255));
    int64_t age = (int64_t)(r >> 32) % (service->hours < WEEK_HOURS ? service->hours : WEEK_HOURS), hour = f->now_hour - age;
    struct tally t = {.events = events, .bytes = bytes};
    t.severity[by_api[severity]] = events;
    struct window w[WINDOWS] = {{0, 0}};
    windows_add(w, &t, hour_stage(hour, f->now_hour), 1);
    struct rates rates = rates_of(&w[WEEK], service->hours, &f->account.prices);
    char name[96], service_name[64], template[192];
    const char *a = fill_words[r >> 4 & 15], *b = fill_words[r >> 12 & 15], *verb = fill_verbs[r >> 16 & 7];
    snprintf(name, sizeof name, "%s_%s_%s_%zx", a, b, verb, i);
    snprintf(template, sizeof template, "%s %s %s after <*> ms: id=<*> attempt %zx of <*>", a, b, verb, i);
    fill_service_name(s, service_name);
    int64_t seen = hour * NS_PER_HOUR + (int64_t)(r % (uint64_t)NS_PER_HOUR), first = seen - (int64_t)((r >> 40) % 3600) * NS_PER_SECOND;
    int64_t created = f->now_ns - (int64_t)(f->n - i) * 1000;
    sqlite3_stmt *st = db_prepare(db, FILL_EVENT);
    db_bind(st, "iiibiiiiiiiiiiiiiiiiiiiiiiuuttt", f->account.row, service->row, (int64_t)severity, r % 50 == 3, events, bytes,
            rates.events, rates.bytes, rates.cost, first, seen, created, created, w[DAY].events, w[DAY].bytes, w[WEEK].events,
            w[WEEK].bytes, w[MONTH].events, w[MONTH].bytes, t.severity[0], t.severity[1], t.severity[2], t.severity[3], t.severity[4],
            t.severity[5], t.severity[6], fill_id(i, 200), service->id, slice_str(name), slice_str(service_name), slice_str(template));
    struct event_row e = {.service = service->row, .severity = severity, .fragment = r % 50 == 3};
    if (!db_run(db, st)) return false;
    e.row = db_last_row(db);
    int stage = hour_stage(hour, f->now_hour);
    service->log_events++;
    tally_add(&f->hours[s * WEEK_HOURS + (size_t)age], &t);
    return event_hour_add(db, e.row, hour, &t, &stage) && event_count_kind(db, f->account.row, &e, 1);
}

static inline bool fill_totals(struct fill *f, struct db *db)
{
    for (size_t s = 0; s < f->service_count; s++) {
        struct service_row *service = &f->services[s];
        for (size_t h = 0; h < WEEK_HOURS; h++) {
            const struct tally *t = &f->hours[s * WEEK_HOURS + h];
            if (t->events == 0) continue;
            int64_t hour = f->now_hour - (int64_t)h;
            int stage = hour_stage(hour, f->now_hour), account_stage = stage;
            windows_add(service->windows, t, stage, 1);
            windows_add(f->account.windows, t, stage, 1);
            tally_add(&service->totals, t);
            tally_add(&f->account.totals, t);
            for (size_t k = 0; k < SEVERITIES; k++) service->week_severity[k] += t->severity[k];
            if (!service_hour_add(db, service->row, hour, t, &stage) || !account_hour_add(db, f->account.row, hour, t, &account_stage))
                return false;
        }
        service_rates(service, &f->account);
        if (!service_save(db, service)) return false;
    }
    f->account.first_seen = f->now_ns - 400 * NS_PER_HOUR;
    f->account.last_seen = f->now_ns;
    return account_save(db, &f->account);
}

static inline bool fill_run(struct store_job *job, struct db *db)
{
    struct fill *f = (struct fill *)job;
    if (f->done == 0) sqlite3_exec(db_handle(db), "PRAGMA cache_size = -400000", NULL, NULL, NULL);
    if (f->done == 0 && (!account_load(db, &f->account) || !fill_services(f, db))) return false;
    size_t end = f->done + FILL_CHUNK < f->n ? f->done + FILL_CHUNK : f->n;
    while (f->done < end)
        if (!fill_event(f, db, f->done++)) return false;
    return f->done < f->n || fill_totals(f, db);
}

/* False: the store could not write. n > 0. */
static inline bool fill_store(struct store *store, size_t n, size_t services)
{
    struct fill f = {.job = {.run = fill_run}, .n = n, .service_count = services, .now_ns = clock_now()};
    f.now_hour = clock_hour(f.now_ns);
    f.services = xcalloc(services, sizeof *f.services);
    f.hours = xcalloc(services * WEEK_HOURS, sizeof *f.hours);
    bool ok = true;
    while (ok && f.done < n) ok = store_run(store, &f.job) == STORE_OK;
    free(f.services);
    free(f.hours);
    return ok;
}

#endif
