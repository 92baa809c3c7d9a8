/* A synthetic estate: services with ordinary logs, and problems planted in some of them, sent through batch_add and
 * catalog_write hour by hour over three days. */
#ifndef TESTS_CHECKS_ESTATE_H
#define TESTS_CHECKS_ESTATE_H

#include "tests/unit/control-plane-store/fixture.h"

#include "control-plane/checks/checks.h"

#include <stdarg.h>

enum { ESTATE_HOURS = 72 };

struct estate {
    struct fixture *f;
    struct catalog *catalog;
    int64_t now;
};

static inline int estate_setup(void **state)
{
    struct estate *e = xcalloc(1, sizeof *e);
    if (fixture_setup((void **)&e->f) != 0) return -1;
    e->catalog = catalog_new(&(struct catalog_options){.key = 7});
    e->now = clock_now() / NS_PER_HOUR * NS_PER_HOUR + NS_PER_HOUR / 2;
    *state = e;
    return 0;
}

static inline int estate_teardown(void **state)
{
    struct estate *e = *state;
    void *fixture = e->f;
    catalog_free(e->catalog);
    free(e);
    return fixture_teardown(&fixture);
}

/* `count` records in the hour `ago` hours before now. "%d" in the text becomes a number that differs. */
struct stream {
    const char *service, *text, *level;
    int count, first_ago, last_ago; /* from the older to the younger hour, both included */
    const struct field *attributes;
    size_t attribute_count;
    size_t bytes; /* 0: of the text */
};

static inline void estate_record(struct estate *e, struct batch *b, const struct stream *s, int64_t ago, int n)
{
    char body[8192];
    unsigned a = (unsigned)(ago * 7919 + n * 31 + 17);
    snprintf(body, sizeof body, s->text, a % 9973 + 10, a % 7919 + 100, a % 6007 + 20);
    struct log_record r = {.time_ns = e->now - ago * NS_PER_HOUR + (int64_t)n * 1000000,
                           .severity = slice_str(s->level),
                           .service = slice_str(s->service),
                           .body = slice_str(body),
                           .attributes = s->attributes,
                           .attribute_count = s->attribute_count,
                           .bytes = s->bytes ? s->bytes : strlen(body) + 60};
    batch_add(b, &r);
}

struct estate_write {
    struct estate *e;
    struct batch *b;
};

static inline bool estate_store(struct db *db, void *context)
{
    struct estate_write *w = context;
    return catalog_write(db, w->b, w->e->now);
}

static inline void estate_send(struct estate *e, const struct stream *streams, size_t n)
{
    struct batch *b = batch_new(e->catalog);
    for (size_t i = 0; i < n; i++)
        for (int ago = streams[i].first_ago; ago >= streams[i].last_ago; ago--)
            for (int k = 0; k < streams[i].count; k++) estate_record(e, b, &streams[i], ago, k);
    struct estate_write w = {e, b};
    assert_int_equal(in_writer(e->f->store, estate_store, &w), STORE_OK);
    batch_free(b);
}

struct estate_run {
    struct estate *e;
    struct checks_outcome outcome, all;
};

static inline bool estate_look(struct db *db, void *context)
{
    struct estate_run *r = context;
    return checks_run(db, r->e->now, 0, &r->outcome);
}

static inline struct checks_outcome estate_check(struct estate *e)
{
    struct estate_run r = {.e = e};
    do {
        assert_int_equal(in_writer(e->f->store, estate_look, &r), STORE_OK);
        r.all.services += r.outcome.services;
        r.all.opened += r.outcome.opened;
        r.all.reopened += r.outcome.reopened;
        r.all.closed += r.outcome.closed;
    } while (r.outcome.more);
    return r.all;
}

static inline bool estate_roll(struct db *db, void *context)
{
    bool more = true, ok = true;
    while (ok && more) ok = catalog_roll(db, ((struct estate *)context)->now, 0, &more);
    return ok;
}

/* Time passes; windows follow. */
static inline void estate_wait(struct estate *e, int hours)
{
    e->now += hours * NS_PER_HOUR;
    assert_int_equal(in_writer(e->f->store, estate_roll, e), STORE_OK);
}

static inline void estate_sql(struct estate *e, const char *sql)
{
    char *text = xstrdup(sql);
    if (in_writer(e->f->store, exec_sql, text) != STORE_OK) fail_msg("%s", sql);
    free(text);
}

static inline void estate_sqlf(struct estate *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline void estate_sqlf(struct estate *e, const char *format, ...)
{
    char sql[2000];
    va_list args;
    va_start(args, format);
    assert_true(vsnprintf(sql, sizeof sql, format, args) < (int)sizeof sql);
    va_end(args);
    estate_sql(e, sql);
}

/* A policy in force since now for the issues that fit; edges carry it from now on, too, unless `carried` is false. */
static inline void estate_policy(struct estate *e, const char *action, const char *where, bool carried)
{
    long long now = (long long)e->now;
    estate_sqlf(e,
                "INSERT INTO policies (account, id, number, wire_id, name, state, resting, version, last_version, approved_version, hash,"
                " stages, action, source, issue, requester, compiled_at, created_at, updated_at, in_force_at, published_at, carried_at)"
                " SELECT account, x'01', 1, 'p', 'p', 3, 3, 1, 1, 1, 'h', 1, '%s', 0, id, 'uid:1', %lld, %lld, %lld, %lld, %lld, %s"
                " FROM issues WHERE %s",
                action, now, now, now, now, now, carried ? "1" : "NULL", where);
    if (carried) estate_sqlf(e, "UPDATE policies SET carried_at = %lld", now);
}

/* What edges report of the policy in the hour `ago` hours before now. */
static inline void estate_hits(struct estate *e, int ago, int hits, int redacted, int not_redacted)
{
    estate_sqlf(e,
                "INSERT INTO edge_policy_hours (policy, hour, hits, misses, errors, remove_hits, redact_hits, rename_hits, add_hits,"
                " remove_misses, redact_misses, rename_misses, add_misses) SELECT row, %lld, %d, 0, 0, 0, %d, 0, 0, 0, %d, 0, 0"
                " FROM policies",
                (long long)(clock_hour(e->now) - ago), hits, redacted, not_redacted);
}

static inline int64_t count_of(struct estate *e, const char *sql) { return number(e->f->store, sql); }

#endif
