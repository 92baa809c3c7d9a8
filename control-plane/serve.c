/* `tero-control-plane serve`: opens the parts in order, serves, closes them in the other order. */
#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"
#include "control-plane/commands.h"
#include "control-plane/data_dir.h"
#include "control-plane/endpoints.h"
#include "control-plane/lifecycle.h"
#include "control-plane/options.h"
#include "control-plane/store/catalog_write.h"
#include "base/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GRACE_MS = 5000, OWED_MS = 20000, END_SECONDS = 45 };

struct serve_options {
    const char *data, *listen, *socket;
    const char *frozen;
    bool embedded, no_tcp, tcp_optional, no_tap;
    unsigned threads, timeout;
};

struct server {
    struct serve_options options;
    char *directory, *socket;
    char otlp[96]; /* "otlp:http://127.0.0.1:4318", or empty */
    struct lifecycle lifecycle;
    struct store *store;
    struct catalog *catalog;
    struct publisher *publisher;
    struct checks_timer *checks;
    struct taps *taps; /* NULL: --no-tap */
    struct endpoints endpoints;
    struct snapshots snapshots;
    struct http_server *http;
};

static bool read_options(struct serve_options *o, int argc, char **argv, int *exit_code)
{
    const struct option_spec specs[] = {
        {"data", "DIR", "data directory (default $TERO_DATA, else ~/.local/share/tero)", OPTION_TEXT, &o->data},
        {"listen", "ADDR:PORT", "TCP address for OTLP, loopback only (default 127.0.0.1:4318)", OPTION_TEXT, &o->listen},
        {"no-tcp", NULL, "no TCP listener, the Unix socket only", OPTION_FLAG, &o->no_tcp},
        {"socket", "PATH", "Unix socket (default DIR/control-plane.sock)", OPTION_TEXT, &o->socket},
        {"embedded", NULL, "started by a console: ends with the last one; TCP only where the address is free ($TERO_OTLP=off: none)",
         OPTION_FLAG, &o->embedded},
        {"no-tap", NULL, "no live previews of policies, whatever the workspace permits", OPTION_FLAG, &o->no_tap},
        {"frozen", "TIME", "serves a snapshot of that time: its clock stands still, nothing is changed, the Unix socket only", OPTION_TEXT,
         &o->frozen},
        {"threads", "N", "threads that answer requests (default: one a core, at most 4)", OPTION_NUMBER, &o->threads},
        {"timeout", "SECONDS", "a peer that takes longer for a request is cut off (default 30)", OPTION_NUMBER, &o->timeout},
    };
    const struct command_spec command = {
        "serve", "[options]", "Runs the control plane: GraphQL API, OTLP ingest, catalog.", specs, sizeof specs / sizeof *specs, 0};
    if (!options_read(&command, &argc, argv, exit_code)) return false;
    const char *wanted = o->embedded ? getenv("TERO_OTLP") : NULL;
    if (o->frozen) o->no_tcp = o->no_tap = true;
    o->tcp_optional = o->embedded && !o->listen;
    if (wanted && !strcmp(wanted, "off")) o->no_tcp = true;
    if (!o->listen && !o->no_tcp) o->listen = wanted && *wanted ? wanted : "127.0.0.1:4318";
    return true;
}

static void complain(const char *what) { fprintf(stderr, "tero-control-plane serve: %s\n", what); }

static bool is_loopback(const char *address) { return !strncmp(address, "127.", 4) || !strncmp(address, "[::1]:", 6); }

static void roll(void *context)
{
    struct server *s = context;
    if (s->options.frozen) return;
    if (s->store) catalog_roll_submit(s->store);
    if (s->endpoints.edges) edges_tick(s->endpoints.edges);
    checks_notice(s->checks);
}

static bool open_store(struct server *s, char **problem)
{
    struct db *db;
    uint64_t key;
    s->store = store_open(s->directory, problem);
    if (!s->store) return false;
    if (!s->options.frozen) {
        if (!snapshots_open(&s->snapshots, s->store, s->directory, problem)) return false;
        s->endpoints.snapshots = &s->snapshots;
    }
    db = store_reader(s->store);
    bool known = db && catalog_key(db, &key);
    store_reader_end(s->store);
    if (!known) return false;
    s->catalog = catalog_new(&(struct catalog_options){.key = key});
    return true;
}

static int64_t first_account(struct store *store)
{
    struct db *db = store_reader(store);
    sqlite3_stmt *st = db ? db_prepare(db, "SELECT row FROM accounts ORDER BY row LIMIT 1") : NULL;
    int64_t row = st && db_step(db, st) == DB_ROW ? sqlite3_column_int64(st, 0) : 0;
    if (st) sqlite3_reset(st);
    store_reader_end(store);
    return row;
}

static bool open_policies(struct server *s, char **problem)
{
    s->publisher = publisher_new(s->store, problem);
    if (!s->publisher) return false;
    s->endpoints.account = first_account(s->store);
    s->endpoints.edges = edges_new(s->store, s->publisher, problem);
    return s->endpoints.edges != NULL;
}

static bool open_api(struct server *s, char **problem)
{
    if (!s->options.no_tap) s->taps = taps_new(s->catalog);
    struct api_options o = {.store = s->store,
                            .taps = s->taps,
                            .publisher = s->publisher,
                            .edges = s->endpoints.edges,
                            .version = TERO_VERSION,
                            .embedded = s->options.embedded,
                            .started_ns = clock_now()};
    s->endpoints.api = api_new(&o, problem);
    s->endpoints.store = s->store;
    s->endpoints.intake = intake_new(s->store, s->catalog);
    s->checks = checks_timer_new(s->store);
    intake_tell(s->endpoints.intake, s->checks);
    intake_watch(s->endpoints.intake, s->taps);
    return s->endpoints.api != NULL;
}

static bool open_http(struct server *s, char **problem)
{
    struct http_options o = {
        .unix_path = s->socket, .tcp = s->options.listen, .threads = s->options.threads, .timeout_seconds = s->options.timeout};
    o.routes = endpoints_routes(&o.route_count);
    o.tcp_optional = s->options.tcp_optional;
    o.error = endpoints_error;
    o.context = &s->endpoints;
    s->http = http_start(&o, problem);
    if (!s->http) return false;
    if (!http_port(s->http)) return true;
    int host = (int)(strrchr(s->options.listen, ':') - s->options.listen);
    snprintf(s->otlp, sizeof s->otlp, "otlp:http://%.*s:%u", host, s->options.listen, http_port(s->http));
    api_tell_otlp(s->endpoints.api, s->otlp);
    return true;
}

static bool open_all(struct server *s, char **problem)
{
    if (!data_dir_owner(s->directory, &s->endpoints.owner, problem)) return false;
    if (!open_store(s, problem) || !open_policies(s, problem) || !open_api(s, problem) || !open_http(s, problem)) return false;
    if (!s->options.embedded) return true;
    char *consoles = data_dir_file(s->directory, "consoles");
    bool followed = lifecycle_follow_consoles(consoles, problem);
    free(consoles);
    return followed;
}

/* Where a request cannot be ended its threads still use what would be freed; the store survives any end. */
static void close_all(struct server *s)
{
    atomic_store(&s->endpoints.draining, true);
    if (s->http && !http_stop(s->http, GRACE_MS, OWED_MS)) {
        log_warn("ended with requests that were not answered");
        _exit(0);
    }
    if (s->endpoints.intake) intake_tell(s->endpoints.intake, NULL);
    checks_timer_free(s->checks);
    edges_free(s->endpoints.edges);
    if (s->store) store_close(s->store);
    api_free(s->endpoints.api);
    publisher_free(s->publisher);
    intake_free(s->endpoints.intake);
    taps_free(s->taps);
    catalog_free(s->catalog);
}

static int run(struct server *s)
{
    char *problem = NULL;
    lifecycle_begin(&s->lifecycle, roll, s);
    bool opened = open_all(s, &problem);
    if (opened) {
        log_info("ready: data=%s socket=%s tcp=%s port=%u", s->directory, s->socket, http_port(s->http) ? s->options.listen : "none",
                 http_port(s->http));
        roll(s);
        lifecycle_wait(&s->lifecycle);
    } else {
        complain(problem ? problem : "the store cannot be read");
    }
    lifecycle_end_within(&s->lifecycle, END_SECONDS);
    close_all(s);
    free(problem);
    if (opened) log_info("ended");
    return opened ? 0 : 1;
}

int serve_command(int argc, char **argv)
{
    struct server s = {0};
    char *problem = NULL;
    int exit_code = 1;
    lifecycle_harden();
    if (!read_options(&s.options, argc, argv, &exit_code)) return exit_code;
    if (s.options.listen && !is_loopback(s.options.listen)) {
        fprintf(
            stderr,
            "tero-control-plane serve: --listen %s: tokens are not available in this version, so only 127.0.0.1 and [::1] can be served\n",
            s.options.listen);
        return 1;
    }
    int64_t frozen;
    if (s.options.frozen && (!clock_parse_rfc3339(slice_str(s.options.frozen), &frozen) || frozen <= 0)) {
        complain("--frozen: a time such as 2026-11-20T12:00:00Z");
        return 1;
    }
    if (s.options.frozen) clock_stop(frozen);
    s.directory = data_dir_path(s.options.data, &problem);
    if (!s.directory) {
        complain(problem);
        free(problem);
        return 1;
    }
    s.socket = s.options.socket ? xstrdup(s.options.socket) : data_dir_file(s.directory, "control-plane.sock");
    exit_code = run(&s);
    free(s.socket);
    free(s.directory);
    return exit_code;
}
