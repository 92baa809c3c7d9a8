/* `tero-control-plane ingest`: reads logs and brings them to the catalog. */
#include "base/clock.h"
#include "base/die.h"
#include "control-plane/commands.h"
#include "control-plane/data_dir.h"
#include "control-plane/ingest/export.h"
#include "control-plane/ingest/lines.h"
#include "control-plane/ingest/progress.h"
#include "control-plane/ingest/service_name.h"
#include "control-plane/ingest/source.h"
#include "control-plane/ingest_delivery.h"
#include "control-plane/lifecycle.h"
#include "control-plane/options.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REJECTIONS_SHOWN = 5, EXIT_USAGE = 1, EXIT_FAILING = 2 };

struct ingest_options {
    const char *data, *service, *format;
    bool progress, journal, follow;
};

struct ingest {
    struct ingest_options options;
    enum line_format format;
    struct delivery *delivery;
    struct lines *lines;
    struct export export;
    struct progress progress;
    struct progress_counts counts;
    uint64_t file_records, line_rejected, cut;
    uint64_t total_bytes, finished_bytes, position; /* of files; total 0: not known */
    const char *name;                               /* of the current input */
    char *rejections[REJECTIONS_SHOWN];
    unsigned rejections_kept;
    char *problem; /* of the delivery */
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
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void keep_rejection(struct ingest *in, char *text)
{
    if (in->rejections_kept < REJECTIONS_SHOWN) in->rejections[in->rejections_kept++] = text;
    else free(text);
}

static void count(struct ingest *in)
{
    uint64_t done = in->finished_bytes + in->position;
    in->counts.patterns = delivery_patterns(in->delivery);
    in->counts.fraction = in->total_bytes ? (double)done / (double)in->total_bytes : -1;
}

static void show(struct ingest *in)
{
    count(in);
    progress_show(&in->progress, &in->counts);
}

static bool send_export(struct ingest *in)
{
    struct otlp_outcome outcome;
    if (!in->export.records || in->problem) return !in->problem;
    if (delivery_send(in->delivery, export_bytes(&in->export), &outcome, &in->problem)) {
        in->counts.records += outcome.accepted;
        in->counts.rejected += outcome.rejected;
        if (outcome.rejected) keep_rejection(in, xasprintf("%s: %s", in->name, outcome.message));
    }
    export_clear(&in->export);
    show(in);
    return !in->problem;
}

static void on_record(void *context, const struct log_record *r)
{
    struct ingest *in = context;
    export_add(&in->export, r);
    if (export_full(&in->export)) send_export(in);
}

static void on_rejected(void *context, uint64_t line, const char *why)
{
    struct ingest *in = context;
    in->counts.rejected++;
    keep_rejection(in, xasprintf("%s:%" PRIu64 ": %s", in->name, line, why));
}

static bool on_chunk(void *context, struct slice bytes)
{
    struct ingest *in = context;
    in->counts.bytes += bytes.len;
    lines_feed(in->lines, bytes, clock_now());
    show(in);
    return !in->problem;
}

static bool on_idle(void *context)
{
    struct ingest *in = context;
    lines_flush(in->lines);
    send_export(in);
    count(in);
    progress_rest(&in->progress, &in->counts);
    return false;
}

static void on_rotated(void *context)
{
    struct ingest *in = context;
    lines_end(in->lines);
}

static void on_position(void *context, uint64_t consumed) { ((struct ingest *)context)->position = consumed; }

static bool is_interrupted(void *context)
{
    struct ingest *in = context;
    return interrupted || in->problem;
}

static struct lines *lines_for(struct ingest *in, const char *path, enum line_format format, int64_t default_ns)
{
    struct buf fallback;
    buf_init(&fallback, EXPORT_SERVICE);
    char *whole = path ? realpath(path, NULL) : NULL;
    if (path) service_of_path(&fallback, whole ? whole : path);
    struct lines_options options = {.format = format,
                                    .service = slice_str(in->options.service),
                                    .fallback = buf_view(&fallback),
                                    .default_ns = default_ns,
                                    .record = on_record,
                                    .rejected = on_rejected,
                                    .context = in};
    struct lines *l = lines_new(&options);
    buf_free(&fallback);
    free(whole);
    return l;
}

static struct source_sink sink_of(struct ingest *in)
{
    return (struct source_sink){
        .context = in, .chunk = on_chunk, .idle = on_idle, .rotated = on_rotated, .position = on_position, .interrupted = is_interrupted};
}

/* One input from its first byte to its last. */
static bool read_input(struct ingest *in, const char *path)
{
    struct source_sink sink = sink_of(in);
    struct stat st;
    bool standard = path && strcmp(path, "-") == 0, file = path && !standard;
    bool dated = file && !in->options.follow && stat(path, &st) == 0;
    char *problem = NULL;
    in->name = !path ? "journal" : standard ? "standard input" : path;
    in->lines = lines_for(in, file ? path : NULL, path ? in->format : LINES_JOURNALD, dated ? (int64_t)st.st_mtime * NS_PER_SECOND : 0);
    bool ok = !path                ? source_journal(in->options.follow, &sink, &problem)
              : standard           ? source_fd(STDIN_FILENO, in->name, &sink, &problem)
              : in->options.follow ? source_follow(path, &sink, &problem)
                                   : source_file(path, &sink, &problem);
    lines_end(in->lines);
    in->cut += lines_count(in->lines)->cut;
    lines_free(in->lines);
    in->lines = NULL;
    if (problem) {
        fprintf(stderr, "%stero-control-plane ingest: %s\n", in->progress.bar ? "\r\033[K" : "", problem);
        free(problem);
    }
    in->finished_bytes += in->position;
    in->position = 0;
    return ok;
}

static void measure_inputs(struct ingest *in, int count, char **paths)
{
    struct stat st;
    for (int i = 0; i < count; i++) {
        bool known = strcmp(paths[i], "-") != 0 && !in->options.follow && stat(paths[i], &st) == 0 && S_ISREG(st.st_mode);
        if (!known) {
            in->total_bytes = 0;
            return;
        }
        in->total_bytes += (uint64_t)st.st_size;
    }
}

static void amount(uint64_t bytes, char *text, size_t size)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    double value = (double)bytes;
    int unit = 0;
    for (; value >= 1000 && unit < 4; unit++) value /= 1000;
    snprintf(text, size, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

static void summary(struct ingest *in)
{
    char size[32];
    count(in);
    double seconds = progress_end(&in->progress, &in->counts);
    FILE *out = in->options.progress ? stderr : stdout;
    amount(in->counts.bytes, size, sizeof size);
    if (!in->options.progress)
        fprintf(out, "%" PRIu64 " records, %s, %" PRIu64 " patterns, %.1f s, %" PRIu64 " rejected%s\n", in->counts.records, size,
                in->counts.patterns, seconds, in->counts.rejected, interrupted ? " (interrupted)" : "");
    if (in->cut) fprintf(stderr, "%" PRIu64 " lines longer than %d bytes were cut\n", in->cut, LINE_MAX_BYTES);
    for (unsigned i = 0; i < in->rejections_kept; i++) fprintf(stderr, "rejected: %s\n", in->rejections[i]);
    if (in->counts.rejected > in->rejections_kept && in->rejections_kept == REJECTIONS_SHOWN) fputs("rejected: ...\n", stderr);
}

static bool read_all(struct ingest *in, int count, char **paths)
{
    bool ok = true;
    if (in->options.journal && !read_input(in, NULL)) ok = false;
    for (int i = 0; i < count && !is_interrupted(in); i++)
        if (!read_input(in, paths[i])) ok = false;
    if (!in->problem) send_export(in);
    return ok && !in->problem;
}

static int run(struct ingest *in, int count, char **paths)
{
    char *problem = NULL, *directory = data_dir_path(in->options.data, &problem);
    take_signals(); /* before the store's thread starts: signals are for this one */
    if (directory) in->delivery = delivery_open(directory, &problem);
    free(directory);
    if (!in->delivery) {
        fprintf(stderr, "tero-control-plane ingest: %s\n", problem);
        free(problem);
        return EXIT_USAGE;
    }
    export_init(&in->export);
    if (!in->options.journal) measure_inputs(in, count, paths);
    progress_begin(&in->progress, in->options.progress);
    bool ok = read_all(in, count, paths);
    summary(in);
    if (in->problem) fprintf(stderr, "tero-control-plane ingest: %s\n", in->problem);
    delivery_close(in->delivery);
    export_free(&in->export);
    for (unsigned i = 0; i < in->rejections_kept; i++) free(in->rejections[i]);
    int code = ok ? 0 : in->problem ? EXIT_FAILING : EXIT_USAGE;
    free(in->problem);
    return code;
}

static int usage(const char *why)
{
    fprintf(stderr, "tero-control-plane ingest: %s\n", why);
    return EXIT_USAGE;
}

int ingest_command(int argc, char **argv)
{
    struct ingest in = {0};
    struct ingest_options *o = &in.options;
    int exit_code;
    const struct option_spec specs[] = {
        {"data", "DIR", "the data directory", OPTION_TEXT, &o->data},
        {"service", "NAME", "the service of all records, whatever they say", OPTION_TEXT, &o->service},
        {"format", "FORMAT", "auto (each line for itself), text, json, journald", OPTION_TEXT, &o->format},
        {"follow", NULL, "goes on with what is added to the file (or journal) until interrupted", OPTION_FLAG, &o->follow},
        {"journal", NULL, "reads this machine's journal", OPTION_FLAG, &o->journal},
        {"progress", NULL, "prints the progress as JSON lines", OPTION_FLAG, &o->progress},
    };
    const struct command_spec command = {
        "ingest",
        "[options] FILE...|-|--follow FILE|--journal",
        "Reads logs (plain text, JSON lines, journald JSON, syslog; gzip too) into the catalog: through the control plane\n"
        "that runs on the data directory, or straight into its store. Only patterns and counters are kept. What is read\n"
        "twice counts twice. The service of a record is what it says itself, else the unit or program, else the file's:\n"
        "/var/log/nginx/access.log belongs to nginx, /var/log/kern.log to kern.",
        specs,
        sizeof specs / sizeof specs[0],
        -1};
    if (!options_read(&command, &argc, argv, &exit_code)) return exit_code;
    if (o->format && !line_format_parse(o->format, &in.format)) return usage("--format must be auto, text, json or journald");
    if (argc < 2 && !o->journal) return usage("what to read is missing: files, - for standard input, or --journal");
    if (o->follow && argc - 1 + (o->journal ? 1 : 0) != 1) return usage("--follow takes one file, or --journal");
    lifecycle_harden();
    return run(&in, argc - 1, argv + 1);
}
