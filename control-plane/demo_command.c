/* `tero-control-plane demo`: fills an empty workspace with the records of an invented company, by the ways that records and
 * edges take in earnest: OTLP and policy sync over the control plane's Unix socket. */
#include "base/clock.h"
#include "base/die.h"
#include "control-plane/commands.h"
#include "control-plane/data_dir.h"
#include "control-plane/demo_records.h"
#include "control-plane/ingest/export.h"
#include "control-plane/ingest/progress.h"
#include "control-plane/ingest/uds_client.h"
#include "control-plane/ingest_delivery.h"
#include "control-plane/lifecycle.h"
#include "control-plane/options.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { START_SECONDS = 10, CHECKS_SECONDS = 15, PAUSE_MS = 50, BODY_MAX = 4096, EXIT_USAGE = 1, EXIT_FAILING = 2 };

struct demo {
    const char *data;
    unsigned seed;
    bool progress;
    struct uds_client *client;
    struct delivery *delivery;
    struct export export;
    struct progress shown;
    struct progress_counts counts;
    char *problem;
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static void take_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void pause_briefly(void) { nanosleep(&(struct timespec){0, PAUSE_MS * 1000000L}, NULL); }

static bool fail(struct demo *d, char *problem)
{
    free(d->problem);
    d->problem = problem;
    return false;
}

/* ---- the control plane ---- */

/* One that starts is waited for. */
static bool connect_to(struct demo *d, const char *directory)
{
    char *path = data_dir_file(directory, "control-plane.sock");
    int64_t deadline = clock_monotonic() + START_SECONDS * NS_PER_SECOND;
    while (!(d->client = uds_connect(path)) && !interrupted && clock_monotonic() < deadline) pause_briefly();
    if (!d->client) fail(d, xasprintf("no control plane runs on %s", directory));
    free(path);
    return d->client != NULL;
}

static bool post(struct demo *d, const char *path, struct slice body, struct uds_answer *answer)
{
    const char *why;
    bool ok = uds_post(d->client, path, "application/json", body, answer, &why);
    if (ok && answer->status == 200) return true;
    fail(d, ok ? xasprintf("the control plane answered %d to %s", answer->status, path) : xasprintf("the control plane: %s", why));
    return false;
}

/* How many the workspace has; -1: the control plane did not say. */
static long count_of(struct demo *d, const char *connection)
{
    struct uds_answer answer;
    struct buf body;
    buf_init(&body, BODY_MAX);
    buf_printf(&body, "{\"query\":\"{ %s(first: 1) { totalCount } }\"}", connection);
    bool ok = post(d, "/graphql", buf_view(&body), &answer);
    const char *at = ok && answer.body.data ? strstr(answer.body.data, "\"totalCount\":") : NULL;
    long n = at ? strtol(at + 13, NULL, 10) : -1;
    if (ok && n < 0) fail(d, xstrdup("the control plane does not tell what it has"));
    uds_answer_free(&answer);
    buf_free(&body);
    return n;
}

/* ---- edges ---- */

static void edge_attribute(struct buf *out, const char *key, const char *value)
{
    if (out->data[out->len - 1] == '}') buf_char(out, ',');
    buf_printf(out, "{\"key\":\"%s\",\"value\":{\"stringValue\":\"%s\"}}", key, value);
}

static bool sync_edge(struct demo *d, const struct demo_edge *e)
{
    struct uds_answer answer;
    struct buf body;
    buf_init(&body, BODY_MAX);
    buf_str(&body, "{\"client_metadata\":{\"resourceAttributes\":[");
    edge_attribute(&body, "service.name", e->service);
    edge_attribute(&body, "service.namespace", e->name_space);
    edge_attribute(&body, "service.version", e->version);
    edge_attribute(&body, "service.instance.id", e->instance);
    buf_str(&body, "],\"supportedPolicyStages\":[\"POLICY_STAGE_LOG_FILTER\",\"POLICY_STAGE_LOG_TRANSFORM\"]},\"full_sync\":true}");
    bool ok = post(d, "/v1/policy/sync", buf_view(&body), &answer);
    uds_answer_free(&answer);
    buf_free(&body);
    return ok;
}

static bool sync_edges(struct demo *d)
{
    for (size_t i = 0; i < demo_edge_count; i++)
        if (!sync_edge(d, &demo_edges[i])) return false;
    return true;
}

/* ---- records ---- */

static bool send_export(struct demo *d)
{
    struct otlp_outcome outcome;
    struct slice bytes = export_bytes(&d->export);
    if (!d->export.records) return true;
    if (!delivery_send(d->delivery, bytes, &outcome, &d->problem)) return false;
    d->counts.records += outcome.accepted;
    d->counts.rejected += outcome.rejected;
    d->counts.bytes += bytes.len;
    d->counts.patterns = delivery_patterns(d->delivery);
    d->counts.fraction = (double)d->counts.records / (double)demo_records_total();
    export_clear(&d->export);
    progress_show(&d->shown, &d->counts);
    return true;
}

static bool send_records(struct demo *d)
{
    struct demo_records records;
    struct log_record r;
    bool ok = true;
    demo_records_init(&records, d->seed, clock_now());
    while (ok && !interrupted && demo_records_next(&records, &r)) {
        export_add(&d->export, &r);
        if (d->export.records >= EXPORT_RECORDS / 4 || export_full(&d->export)) ok = send_export(d);
    }
    demo_records_free(&records);
    return ok && !interrupted && send_export(d);
}

/* The checks run a little later; without them the issues were missing from what is shown first. */
static void wait_for_checks(struct demo *d)
{
    int64_t deadline = clock_monotonic() + CHECKS_SECONDS * NS_PER_SECOND;
    while (!interrupted && clock_monotonic() < deadline && count_of(d, "issues") == 0) pause_briefly();
}

/* ---- the command ---- */

static bool fill(struct demo *d, const char *directory)
{
    if (!connect_to(d, directory)) return false;
    long services = count_of(d, "services");
    if (services > 0) return fail(d, xasprintf("%s: its catalog is not empty; a demo is never mixed with other data", directory));
    if (services < 0 || !sync_edges(d)) return false;
    if (interrupted) return false;
    d->delivery = delivery_open(directory, &d->problem);
    if (!d->delivery || !send_records(d)) return false;
    wait_for_checks(d);
    return !d->problem;
}

static int run(struct demo *d)
{
    char *directory = data_dir_path(d->data, &d->problem);
    take_signals();
    export_init(&d->export);
    progress_begin(&d->shown, d->progress);
    bool ok = directory && fill(d, directory);
    double seconds = progress_end(&d->shown, &d->counts);
    if (!ok) fprintf(stderr, "tero-control-plane demo: %s\n", d->problem ? d->problem : "interrupted");
    else if (!d->progress)
        printf("%" PRIu64 " records, %" PRIu64 " patterns, %zu edges, %.1f s%s\n", d->counts.records, d->counts.patterns, demo_edge_count,
               seconds, interrupted ? " (interrupted)" : "");
    delivery_close(d->delivery);
    uds_close(d->client);
    export_free(&d->export);
    free(d->problem);
    free(directory);
    return ok ? 0 : directory && d->client ? EXIT_FAILING : EXIT_USAGE;
}

int demo_command(int argc, char **argv)
{
    struct demo d = {.seed = 1};
    int exit_code;
    const struct option_spec specs[] = {
        {"data", "DIR", "the data directory; required", OPTION_TEXT, &d.data},
        {"seed", "N", "other numbers and names (default 1); the same seed gives the same records", OPTION_NUMBER, &d.seed},
        {"progress", NULL, "prints the progress as JSON lines", OPTION_FLAG, &d.progress},
    };
    const struct command_spec command = {
        "demo",
        "--data DIR [options]",
        "Fills the empty workspace of a running control plane with the records of an invented company: a week of\n"
        "its logs with waste, floods and exposed data, and its edges. tero-console --demo does all of it.",
        specs,
        sizeof specs / sizeof *specs,
        0};
    if (!options_read(&command, &argc, argv, &exit_code)) return exit_code;
    if (!d.data) {
        fputs("tero-control-plane demo: --data DIR is missing\n", stderr);
        return EXIT_USAGE;
    }
    lifecycle_harden();
    return run(&d);
}
