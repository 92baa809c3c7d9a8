/* api_page DIR [ROUNDS]: CPU of one 50-row page within the process, at the start and at the end of the list, its SQL
 * alone, text filters, and the cost of writing a batch of 512 records to the same store. DIR: see fill_store.
 * Lines: name, unit, ours, reference, ratio. */
#include "base/clock.h"
#include "base/die.h"
#include "control-plane/api/page.h"
#include "control-plane/store/catalog_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PAGE = 50, BATCH = 512 };

static struct store *store;
static struct api *api;

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void figure(const char *name, double ours, double reference)
{
    printf("%s, us, %.1f, %.1f, %.2fx\n", name, ours, reference, ours / reference);
}

#define QUERY                                                                                                                              \
    "{\"query\":\"query P($first:Int,$last:Int,$where:LogEventWhereInput){logEvents(first:$first,last:$last,where:$where,orderBy:{field:"  \
    "CURRENT_TOTAL_USD_PER_HOUR,direction:DESC}){totalCount pageInfo{hasNextPage endCursor} edges{cursor node{id name severity template"   \
    " eventCount lastSeenAt service{id name} status{current{eventsPerHour bytesPerHour totalUsdPerHour}}}}}}\",\"variables\":%s}"

static double page(const char *variables, int rounds)
{
    const struct api_caller caller = {.viewer = "bench", .may_write = false};
    char *body = xasprintf(QUERY, variables);
    double start = 0;
    for (int i = -1; i < rounds; i++) {
        struct api_reply reply;
        if (i == 0) start = cpu_us();
        if (api_handle(api, slice_str(body), &caller, &reply, NULL, NULL) != API_DONE || strstr(reply.body.data, "\"errors\""))
            die("api_page: %s", reply.body.data);
        buf_free(&reply.body);
    }
    free(body);
    return (cpu_us() - start) / rounds;
}

static const struct order *cost_order(void)
{
    const struct order *o = entity_log_event.orders;
    while (strcmp(o->name, "CURRENT_TOTAL_USD_PER_HOUR") != 0) o++;
    return o;
}

static double sql_alone(int rounds)
{
    struct arena *arena = arena_new((size_t)32 << 20);
    struct request_context x = {.store = store, .db = store_reader(store), .arena = arena, .account_row = 1, .now_ns = clock_now()};
    const struct page_args args = {.size = PAGE, .descending = true};
    double start = cpu_us();
    for (int i = 0; i < rounds; i++) {
        struct connection c = {.x = &x,
                               .entity = &entity_log_event,
                               .order = cost_order(),
                               .scope = {.account = 1},
                               .where = {.text = SLICE("")},
                               .facts = {.counted = true},
                               .total = -1};
        if (!db_read_begin(x.db) || !page_read(&c, &args) || connection_total(&c) < 0) die("api_page: the store cannot be read");
        db_read_end(x.db);
        arena_reset(arena);
    }
    double each = (cpu_us() - start) / rounds;
    arena_free(arena);
    return each;
}

/* ---- writing ---- */

struct write {
    struct store_job job;
    struct batch *batch;
    double us;
};

static bool write_run(struct store_job *job, struct db *db)
{
    struct write *w = (struct write *)job;
    double start = cpu_us();
    bool ok = catalog_write(db, w->batch, clock_now());
    w->us += cpu_us() - start;
    return ok;
}

/* The batch's 512 records touch `kinds` events. */
static double write_batches(int kinds, int rounds)
{
    size_t deltas = 0;
    const struct delta *ignored;
    struct catalog *catalog = catalog_new(&(struct catalog_options){.key = 1, .words_after = 1});
    struct write w = {.job = {.run = write_run}, .batch = batch_new(catalog)};
    for (int round = -1; round < rounds; round++) {
        for (int i = 0; i < BATCH; i++) {
            char name[32], event[32];
            snprintf(name, sizeof name, "bench-%d", i % kinds % 7);
            snprintf(event, sizeof event, "bench.%c%cx", 'a' + i % kinds % 26, 'a' + i % kinds / 26);
            struct log_record r = {.time_ns = clock_now(),
                                   .severity_number = 9,
                                   .service = slice_str(name),
                                   .event_name = slice_str(event),
                                   .body = SLICE("request finished"),
                                   .bytes = 180};
            batch_add(w.batch, &r);
        }
        if (round == 0) w.us = 0;
        deltas = batch_deltas(w.batch, &ignored);
        if (store_run(store, &w.job) != STORE_OK) die("api_page: the store cannot be written");
        batch_clear(w.batch);
    }
    batch_free(w.batch);
    catalog_free(catalog);
    if (deltas < (size_t)kinds) die("api_page: %zu events in a batch, not %d", deltas, kinds);
    return w.us / rounds;
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[2]) : 5000;
    char *problem = NULL;
    store = argc > 1 && rounds > 0 ? store_open(argv[1], &problem) : NULL;
    if (store) api = api_new(&(struct api_options){.store = store, .version = "bench"}, &problem);
    if (!api) {
        fprintf(stderr, "%s\n", problem ? problem : "usage: api_page DIR [ROUNDS]");
        return 1;
    }
    double sql = sql_alone(rounds), first = page("{\"first\": 50}", rounds), last = page("{\"last\": 50}", rounds);
    figure("50-row page, SQL alone, against its budget", sql, 70);
    figure("50-row page in the process, against SQL alone", first, sql);
    figure("last page, against the first", last, first);
    figure("filter severity, against no filter", page("{\"first\": 50, \"where\": {\"severity\": \"error\"}}", rounds / 10 + 1), first);
    figure("filter by a word of many names, against 100 ms", page("{\"first\": 50, \"where\": {\"nameContainsFold\": \"PAYMENT\"}}", 5),
           1e5);
    figure("filter by a word of one name, against 100 ms", page("{\"first\": 50, \"where\": {\"nameContainsFold\": \"abcd1\"}}", 5), 1e5);
    figure("filter by a word of one template, against 100 ms", page("{\"first\": 50, \"where\": {\"templateContains\": \"abcd1\"}}", 5),
           1e5);
    figure("512 records of 16 events written, against 1 ms", write_batches(16, 200), 1000);
    figure("512 records of 100 events written, against 1 ms", write_batches(100, 200), 1000);
    api_free(api);
    store_close(store);
    return 0;
}
