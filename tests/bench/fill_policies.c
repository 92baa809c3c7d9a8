/* fill_policies DIR N: a new store with N policies in force, as people and checks would have made them. */
#include "base/clock.h"
#include "base/die.h"
#include "control-plane/policies/policies.h"

#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 500 };

struct fill {
    struct store_job job;
    int from, to;
};

static void write_policy(struct buf *out, int i)
{
    static const char *const keeps[] = {"none", "10%", "100/s", "all"};
    buf_clear(out);
    buf_printf(out,
               "id: drop-noise-%04d\nname: Noise of service-%d\ndescription: Health checks and polling of service-%d that nobody reads\n"
               "log:\n  match:\n    - resource_attribute: [service.name]\n      exact: service-%d\n    - log_field: body\n"
               "      regex: '^(GET|HEAD) /health/[a-z]+ (200|204) [0-9]+ms request %d$'\n  keep: %s\n",
               i, i % 50, i % 50, i % 50, i, keeps[i % 4]);
    if (i % 4 == 3) buf_str(out, "  transform:\n    remove:\n      - log_attribute: [http.user_agent]\n");
}

static bool add(struct db *db, const struct policy_actor *who, struct slice text)
{
    struct policy_origin origin = {.source = SOURCE_MANUAL};
    struct policy_answer made = policies_create(db, who, text, &origin);
    if (made.outcome != POLICY_DONE) die("%s", made.message);
    sqlite3_stmt *st = db_prepare(db, "SELECT hash FROM policies WHERE id = ?1");
    char hash[65];
    db_bind(st, "u", made.id);
    if (db_step(db, st) != DB_ROW) return false;
    snprintf(hash, sizeof hash, "%.64s", (const char *)sqlite3_column_text(st, 0));
    sqlite3_reset(st);
    struct policy_order approve = {.move = MOVE_APPROVE, .hash = slice_str(hash)};
    struct policy_answer moved = policies_move(db, who, made.id, &approve);
    if (moved.outcome != POLICY_DONE) die("%s", moved.message);
    return true;
}

static bool run(struct store_job *job, struct db *db)
{
    struct fill *f = (struct fill *)job;
    struct policy_actor who = {SLICE("bench"), 1, clock_now()};
    struct buf text;
    bool ok = true;
    buf_init(&text, 4096);
    for (int i = f->from; i < f->to && ok; i++) {
        write_policy(&text, i);
        ok = add(db, &who, buf_view(&text));
    }
    buf_free(&text);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 3) die("usage: fill_policies DIR N");
    char *problem = NULL;
    struct store *store = store_open(argv[1], &problem);
    if (!store) die("%s", problem);
    int n = atoi(argv[2]);
    for (int i = 0; i < n; i += CHUNK) {
        struct fill f = {.job = {.run = run}, .from = i, .to = i + CHUNK < n ? i + CHUNK : n};
        if (store_run(store, &f.job) != STORE_OK) die("the store cannot be written");
    }
    store_close(store);
    return 0;
}
