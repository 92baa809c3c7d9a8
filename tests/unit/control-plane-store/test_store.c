/* The store itself: directory, lock, migrations, group commit, errors of the disk, a killed process. */
#include "tests/unit/control-plane-store/fixture.h"

#include "base/log.h"
#include "control-plane/store/migrate.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static unsigned mode_of(const char *directory, const char *name)
{
    struct stat st;
    char *path = xasprintf("%s/%s", directory, name);
    int rc = stat(path, &st);
    free(path);
    return rc == 0 ? st.st_mode & 0777U : 0;
}

static void files_are_private(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(in_writer(f->store, exec_sql, "UPDATE accounts SET display_key = 'x'"), STORE_OK);
    assert_int_equal(mode_of(f->directory, "."), 0700);
    assert_int_equal(mode_of(f->directory, "control-plane.db"), 0600);
    assert_int_equal(mode_of(f->directory, "control-plane.db-wal"), 0600);
    assert_int_equal(mode_of(f->directory, "control-plane.db-shm"), 0600);
    assert_int_equal(mode_of(f->directory, "lock"), 0600);
}

static void second_instance_is_refused(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL;
    assert_null(store_open(f->directory, &problem));
    assert_non_null(strstr(problem, f->directory));
    assert_non_null(strstr(problem, "in use by another control plane, process "));
    free(problem);
}

static void parents_are_made(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL, *deep = xasprintf("%s/a/b/c", f->directory);
    struct store *s = store_open(deep, &problem);
    assert_non_null(s);
    assert_int_equal(mode_of(f->directory, "a"), 0700);
    assert_int_equal(mode_of(f->directory, "a/b/c"), 0700);
    store_close(s);
    free(deep);
}

static void someone_elses_directory_is_left_alone(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL, *shared = xasprintf("%s/shared", f->directory), *file = xasprintf("%s/file", shared);
    assert_int_equal(mkdir(shared, 0755), 0);
    close(open(file, O_CREAT | O_WRONLY, 0600));
    assert_null(store_open(shared, &problem));
    assert_non_null(strstr(problem, "open to other users"));
    assert_int_equal(mode_of(f->directory, "shared"), 0755);
    free(problem);
    free(file);
    free(shared);
}

static void reopen(struct fixture *f, char **problem)
{
    store_close(f->store);
    f->store = store_open(f->directory, problem);
}

static void edit_database(struct fixture *f, const char *sql)
{
    sqlite3 *handle;
    char *path = xasprintf("%s/control-plane.db", f->directory);
    store_close(f->store);
    f->store = NULL;
    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
    free(path);
}

static void newer_database_is_refused(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL;
    edit_database(f, "PRAGMA user_version = 999");
    assert_null(store_open(f->directory, &problem));
    assert_non_null(strstr(problem, "newer version (schema 999"));
    free(problem);
}

static void foreign_database_is_refused(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL;
    edit_database(f, "PRAGMA application_id = 7; PRAGMA user_version = 0");
    assert_null(store_open(f->directory, &problem));
    assert_non_null(strstr(problem, "not a database of the control plane"));
    free(problem);
}

static void workspace_is_kept(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL;
    uint64_t before, after;
    assert_true(catalog_key(store_reader(f->store), &before));
    reopen(f, &problem);
    assert_true(catalog_key(store_reader(f->store), &after));
    assert_true(before == after);
    assert_int_equal(number(f->store, "SELECT count(*) FROM accounts"), 1);
}

static void failed_migration_leaves_nothing(void **state)
{
    (void)state;
    static const struct embedded bad[] = {
        {"0001-good.sql", "CREATE TABLE good (a INTEGER);", 30},
        {"0002-bad.sql", "CREATE TABLE half (a INTEGER); CREATE TABLE good (b INTEGER);", 60},
        {NULL, NULL, 0},
    };
    sqlite3 *handle;
    char *problem = NULL;
    assert_int_equal(sqlite3_open(":memory:", &handle), SQLITE_OK);
    assert_false(migrate(handle, bad, &problem));
    assert_non_null(strstr(problem, "0002-bad.sql"));
    free(problem);
    assert_int_equal(sqlite3_exec(handle, "SELECT * FROM good", NULL, NULL, NULL), SQLITE_OK);
    assert_int_not_equal(sqlite3_exec(handle, "SELECT * FROM half", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(handle);
}

/* ---- group commit ---- */

struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t opened;
    bool open;
    int commits, done_before_commit;
};

struct member {
    struct store_job job;
    struct gate *gate;
    int number;
    bool fail;
    int done;
    enum store_result result;
};

static int count_commit(void *context)
{
    ((struct gate *)context)->commits++;
    return 0;
}

static bool hold_run(struct store_job *job, struct db *db)
{
    struct gate *gate = ((struct member *)job)->gate;
    sqlite3_commit_hook(db_handle(db), count_commit, gate);
    pthread_mutex_lock(&gate->mutex);
    while (!gate->open) pthread_cond_wait(&gate->opened, &gate->mutex);
    pthread_mutex_unlock(&gate->mutex);
    return true;
}

static bool member_run(struct store_job *job, struct db *db)
{
    struct member *m = (struct member *)job;
    sqlite3_stmt *st = db_prepare(db, "INSERT INTO organizations (id, name, created_at, updated_at) VALUES (?1, ?2, 0, 0)");
    char name[32];
    snprintf(name, sizeof name, "job %d", m->number);
    db_bind(st, "ut", store_new_id(), slice_str(name));
    return db_run(db, st) && !m->fail;
}

static void member_done(struct store_job *job, enum store_result result)
{
    struct member *m = (struct member *)job;
    m->done++;
    m->result = result;
    if (m->gate->commits == 0) m->gate->done_before_commit++;
}

static void waiting_jobs_share_a_commit(void **state)
{
    struct fixture *f = *state;
    enum { MEMBERS = 50 };
    struct gate gate = {.mutex = PTHREAD_MUTEX_INITIALIZER, .opened = PTHREAD_COND_INITIALIZER};
    struct member hold = {.job = {.run = hold_run, .done = member_done}, .gate = &gate}, members[MEMBERS];
    store_submit(f->store, &hold.job);
    for (int i = 0; i < MEMBERS; i++) {
        members[i] = (struct member){.job = {.run = member_run, .done = member_done}, .gate = &gate, .number = i, .fail = i % 10 == 3};
        store_submit(f->store, &members[i].job);
    }
    pthread_mutex_lock(&gate.mutex);
    gate.open = true;
    pthread_cond_signal(&gate.opened);
    pthread_mutex_unlock(&gate.mutex);
    assert_int_equal(in_writer(f->store, exec_sql, "SELECT 1"), STORE_OK);
    assert_int_equal(gate.done_before_commit, 0);
    assert_in_range(gate.commits, 1, 2);
    for (int i = 0; i < MEMBERS; i++) {
        assert_int_equal(members[i].done, 1);
        assert_int_equal(members[i].result, members[i].fail ? STORE_FAILED : STORE_OK);
    }
    assert_int_equal(number(f->store, "SELECT count(*) FROM organizations WHERE name LIKE 'job %'"), MEMBERS - MEMBERS / 10);
    assert_int_equal(number(f->store, "SELECT count(*) FROM organizations WHERE name LIKE 'job _3'"), 0);
    assert_int_equal(store_waiting(f->store), 0);
}

static void closing_runs_what_waits(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL;
    struct gate gate = {.commits = 1};
    struct member members[20];
    for (int i = 0; i < 20; i++) {
        members[i] = (struct member){.job = {.run = member_run, .done = member_done}, .gate = &gate, .number = i};
        store_submit(f->store, &members[i].job);
    }
    reopen(f, &problem);
    for (int i = 0; i < 20; i++) assert_true(members[i].done == 1 && members[i].result == STORE_OK);
    assert_int_equal(number(f->store, "SELECT count(*) FROM organizations WHERE name LIKE 'job %'"), 20);
}

/* ---- errors of the disk ---- */

static bool write_much(struct db *db, void *context)
{
    (void)context;
    return exec_sql(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                        " INSERT INTO organizations (id, name, created_at, updated_at)"
                        " SELECT randomblob(16), 'much ' || i || hex(randomblob(100)), 0, 0 FROM n");
}

static void full_disk_is_survived(void **state)
{
    struct fixture *f = *state;
    struct rlimit old, small;
    log_threshold(LOG_OFF);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 200 * 1024;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum store_result while_full = in_writer(f->store, write_much, NULL);
    bool healthy = store_healthy(f->store);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(while_full, STORE_UNAVAILABLE);
    assert_false(healthy);
    assert_int_equal(number(f->store, "SELECT count(*) FROM organizations WHERE name LIKE 'much %'"), 0);
    assert_int_equal(in_writer(f->store, write_much, NULL), STORE_OK);
    assert_true(store_healthy(f->store));
    assert_int_equal(number(f->store, "SELECT count(*) FROM organizations WHERE name LIKE 'much %'"), 3000);
    log_threshold(LOG_INFO);
}

static bool add_one(struct db *db, void *context)
{
    (void)context;
    return exec_sql(db, "UPDATE accounts SET events = events + 1; UPDATE organizations SET updated_at = updated_at + 1");
}

/* The child counts and says so after each COMMIT; it is killed in the middle. */
static void killed_process_loses_nothing_committed(void **state)
{
    struct fixture *f = *state;
    char *problem = NULL;
    store_close(f->store);
    f->store = NULL;
    for (int round = 0; round < 3; round++) {
        int pipes[2];
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0) {
            struct store *s = store_open(f->directory, &problem);
            while (s && in_writer(s, add_one, NULL) == STORE_OK && write(pipes[1], "x", 1) == 1) {}
            _exit(s ? 1 : 2);
        }
        close(pipes[1]);
        char said[40];
        size_t count = 0;
        while (count < sizeof said && read(pipes[0], said + count, 1) == 1) count++;
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        ssize_t n;
        while ((n = read(pipes[0], said, sizeof said)) > 0) count += (size_t)n;
        close(pipes[0]);
        assert_true(count >= sizeof said);
        f->store = store_open(f->directory, &problem);
        assert_non_null(f->store);
        int64_t events = number(f->store, "SELECT events FROM accounts");
        assert_true(events == (int64_t)count || events == (int64_t)count + 1);
        assert_int_equal(number(f->store, "SELECT updated_at - created_at FROM organizations"), events);
        assert_int_equal(number(f->store, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
        assert_int_equal(in_writer(f->store, exec_sql, "UPDATE accounts SET events = 0; UPDATE organizations SET updated_at = created_at"),
                         STORE_OK);
        if (round < 2) {
            store_close(f->store);
            f->store = NULL;
        }
    }
}

static void deleted_text_is_overwritten(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(in_writer(f->store, exec_sql, "UPDATE organizations SET name = 'PLANTED-SECRET-TEXT'"), STORE_OK);
    assert_int_equal(in_writer(f->store, exec_sql, "UPDATE organizations SET name = 'x'"), STORE_OK);
    store_close(f->store);
    char *command = xasprintf("grep -rq PLANTED-SECRET '%s'", f->directory), *problem = NULL;
    int found = system(command);
    free(command);
    f->store = store_open(f->directory, &problem);
    assert_int_not_equal(found, 0);
}

int main(void)
{
#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        WITH_STORE(files_are_private),
        WITH_STORE(second_instance_is_refused),
        WITH_STORE(parents_are_made),
        WITH_STORE(someone_elses_directory_is_left_alone),
        WITH_STORE(newer_database_is_refused),
        WITH_STORE(foreign_database_is_refused),
        WITH_STORE(workspace_is_kept),
        cmocka_unit_test(failed_migration_leaves_nothing),
        WITH_STORE(waiting_jobs_share_a_commit),
        WITH_STORE(closing_runs_what_waits),
        WITH_STORE(full_disk_is_survived),
        WITH_STORE(killed_process_loses_nothing_committed),
        WITH_STORE(deleted_text_is_overwritten),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
