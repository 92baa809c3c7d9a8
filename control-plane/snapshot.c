#include "control-plane/snapshot.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"
#include "base/version.h"
#include "control-plane/store/audit.h"

#include <dirent.h>
#include <stddef.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PREFIX "snapshot-"

struct snapshot {
    struct snapshots *all;
    struct bundle_manifest manifest;
    struct store_job job;
    char *copy, *bundle;
    snapshot_done *done;
    void *context;
};

static void remove_leftovers(const char *directory)
{
    DIR *d = opendir(directory);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) != 0) continue;
        char *path = xasprintf("%s/%s", directory, e->d_name);
        (void)unlink(path);
        free(path);
    }
    if (d) closedir(d);
}

bool snapshots_open(struct snapshots *s, struct store *store, const char *directory, char **problem)
{
    s->store = store;
    s->directory = directory;
    remove_leftovers(directory);
    return bundle_key_open(directory, s->secret, problem);
}

/* ---- the audit entry ---- */

static struct snapshot *of_job(struct store_job *job) { return (struct snapshot *)((uintptr_t)job - offsetof(struct snapshot, job)); }

static bool note(struct store_job *job, struct db *db)
{
    struct snapshot *s = of_job(job);
    sqlite3_stmt *st = db_prepare(db, "SELECT row, id FROM accounts ORDER BY row LIMIT 1");
    if (db_step(db, st) != DB_ROW) return false;
    int64_t account = sqlite3_column_int64(st, 0);
    struct id128 id = db_id(st, 1);
    sqlite3_reset(st);
    id_text(id, s->manifest.control_plane);
    return audit_write(db, &(struct audit_entry){.at_ns = s->manifest.time,
                                                 .account = account,
                                                 .actor = slice_str(s->manifest.by),
                                                 .action = "snapshot.export",
                                                 .type = "Account",
                                                 .object = id,
                                                 .after = SLICE("{\"snapshot\":true}")});
}

/* ---- the work ---- */

static bool make(struct snapshot *s, char **problem)
{
    char *database = xasprintf("%s/control-plane.db", s->all->directory);
    bool noted = store_run(s->all->store, &s->job) == STORE_OK;
    if (!noted) *problem = xstrdup("the audit log cannot be written, so nothing is handed out");
    bool good =
        noted && bundle_copy_store(database, s->copy, problem) && bundle_pack(s->copy, s->bundle, &s->manifest, s->all->secret, problem);
    free(database);
    return good;
}

static void *work(void *context)
{
    struct snapshot *s = context;
    struct snapshots *all = s->all;
    char *problem = NULL;
    bool good = make(s, &problem);
    if (!good) log_error("snapshot: %s", problem);
    s->done(s->context, good ? s->bundle : NULL, problem);
    (void)unlink(s->copy);
    (void)unlink(s->bundle);
    free(s->copy);
    free(s->bundle);
    free(s);
    free(problem);
    atomic_store(&all->busy, false);
    return NULL;
}

bool snapshots_begin(struct snapshots *all, const char *by, snapshot_done *done, void *context)
{
    bool free_now = false;
    pthread_t thread;
    if (!atomic_compare_exchange_strong(&all->busy, &free_now, true)) return false;
    struct snapshot *s = xcalloc(1, sizeof *s);
    *s = (struct snapshot){.all = all, .job = {.run = note}, .done = done, .context = context};
    s->manifest.time = clock_now();
    snprintf(s->manifest.by, sizeof s->manifest.by, "%s", by);
    snprintf(s->manifest.version, sizeof s->manifest.version, "%s", TERO_VERSION);
    s->copy = xasprintf("%s/" PREFIX "%lld.db", all->directory, (long long)s->manifest.time);
    s->bundle = xasprintf("%s/" PREFIX "%lld.bundle", all->directory, (long long)s->manifest.time);
    if (pthread_create(&thread, NULL, work, s) != 0) die("snapshot: no more threads");
    pthread_detach(thread);
    return true;
}
