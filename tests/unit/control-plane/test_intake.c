#include "control-plane/intake.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { MANY = 1000 };

static const char body[] = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"hello\"}}]}]}]}";

static char directory[64];
static struct store *store;
static struct catalog *catalog;
static struct intake *intake;

/* The writer held in a job, and a count of answers. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool held, entered;
static unsigned answers[STORE_UNAVAILABLE + 1], answered;

static int setup(void **state)
{
    (void)state;
    char *problem = NULL;
    snprintf(directory, sizeof directory, "/tmp/tero-intake.XXXXXX");
    if (!mkdtemp(directory)) return -1;
    store = store_open(directory, &problem);
    if (!store) return -1;
    catalog = catalog_new(&(struct catalog_options){.key = 1});
    intake = intake_new(store, catalog);
    memset(answers, 0, sizeof answers);
    answered = 0;
    held = entered = false;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char command[128];
    store_close(store);
    intake_free(intake);
    catalog_free(catalog);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return system(command);
}

static bool hold(struct store_job *job, struct db *db)
{
    (void)job;
    (void)db;
    pthread_mutex_lock(&lock);
    entered = true;
    pthread_cond_broadcast(&changed);
    while (held) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
    return true;
}

static void held_done(struct store_job *job, enum store_result result)
{
    (void)job;
    (void)result;
    pthread_mutex_lock(&lock);
    entered = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void hold_writer(struct store_job *job)
{
    held = true;
    *job = (struct store_job){.run = hold, .done = held_done};
    store_submit(store, job);
    pthread_mutex_lock(&lock);
    while (!entered) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

/* The job is the caller's until the writer has done with it. */
static void let_go(void)
{
    pthread_mutex_lock(&lock);
    held = false;
    pthread_cond_broadcast(&changed);
    while (entered) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static void count(void *context, const struct otlp_outcome *outcome, enum store_result result)
{
    assert_ptr_equal(context, &answered);
    assert_true(outcome->ok && outcome->accepted == 1);
    pthread_mutex_lock(&lock);
    answers[result]++;
    answered++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void wait_answered(unsigned n)
{
    pthread_mutex_lock(&lock);
    while (answered < n) pthread_cond_wait(&changed, &lock);
    pthread_mutex_unlock(&lock);
}

static enum intake_then offer(const char *text, struct otlp_outcome *outcome)
{
    return intake_logs(intake, slice_str(text), OTLP_JSON, outcome, count, &answered);
}

static void records_are_answered_after_commit(void **state)
{
    (void)state;
    struct otlp_outcome outcome;
    for (unsigned i = 1; i <= 100; i++) {
        assert_int_equal(offer(body, &outcome), INTAKE_TAKEN);
        wait_answered(i);
    }
    assert_int_equal(answers[STORE_OK], 100);
    struct db *db = store_reader(store);
    sqlite3_stmt *st = db_prepare(db, "SELECT sum(events) FROM log_events");
    assert_int_equal(db_step(db, st), DB_ROW);
    assert_int_equal(sqlite3_column_int64(st, 0), 100);
    sqlite3_reset(st);
    store_reader_end(store);
}

static void nothing_to_write_needs_no_writer(void **state)
{
    (void)state;
    struct otlp_outcome outcome;
    struct store_job job;
    hold_writer(&job);
    assert_int_equal(offer("{}", &outcome), INTAKE_READ);
    assert_true(outcome.ok);
    assert_int_equal(offer("{", &outcome), INTAKE_READ);
    assert_false(outcome.ok);
    assert_true(outcome.message[0]);
    let_go();
}

static void what_waits_is_bounded(void **state)
{
    (void)state;
    struct otlp_outcome outcome;
    struct store_job job;
    unsigned taken = 0;
    hold_writer(&job);
    while (taken < MANY && offer(body, &outcome) == INTAKE_TAKEN) taken++;
    assert_true(taken > 10 && taken < MANY);
    assert_int_equal(offer(body, &outcome), INTAKE_BUSY);
    assert_int_equal(answered, 0);
    let_go();
    wait_answered(taken);
    assert_int_equal(answers[STORE_OK], taken);
    assert_int_equal(offer(body, &outcome), INTAKE_TAKEN);
    wait_answered(taken + 1);
}

static void bytes_that_wait_are_bounded(void **state)
{
    (void)state;
    struct otlp_outcome outcome;
    struct store_job job;
    size_t size = (size_t)20 << 20;
    char *large = malloc(size + 1);
    memset(large, ' ', size);
    memcpy(large, body, sizeof body - 1);
    large[size] = '\0';
    unsigned taken = 0;
    hold_writer(&job);
    while (taken < 10 && offer(large, &outcome) == INTAKE_TAKEN) taken++;
    assert_int_equal(taken, 3);
    let_go();
    wait_answered(taken);
    free(large);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_are_answered_after_commit),
        TEST(nothing_to_write_needs_no_writer),
        TEST(what_waits_is_bounded),
        TEST(bytes_that_wait_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
