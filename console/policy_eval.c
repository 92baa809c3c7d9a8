#include "console/policy_eval.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/json_write.h"
#include "base/utf8.h"
#include "console/headless.h"
#include "console/policy_files.h"
#include "console/policy_live.h"
#include "policy/otlp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 30 };

struct eval_options {
    const char *policies, *input, *output, *stats, *signal;
};

struct row {
    const struct policy *policy;
    uint64_t hits, misses;
};

static bool read_options(struct eval_options *o, int argc, char **argv)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        {"--policies", &o->policies}, {"--input", &o->input}, {"--output", &o->output}, {"--stats", &o->stats}, {"--signal", &o->signal}};
    for (int i = 1; i < argc; i += 2) {
        size_t k = 0;
        while (k < sizeof known / sizeof *known && strcmp(argv[i], known[k].name) != 0) k++;
        if (k == sizeof known / sizeof *known) return complain("policy %s: %s is not known", argv[0], argv[i]), false;
        if (i + 1 == argc) return complain("policy %s: %s wants a value", argv[0], argv[i]), false;
        *known[k].value = argv[i + 1];
    }
    if (o->policies && o->input && o->signal) return true;
    complain("policy %s: --policies FILE, --input FILE and --signal log|metric|trace are needed", argv[0]);
    return false;
}

static json_t *load_document(const char *path)
{
    struct buf text;
    json_error_t error;
    json_t *document = NULL;
    buf_init(&text, INPUT_MAX);
    if (file_read(path, &text)) {
        document = json_loadb(buf_view(&text).ptr, text.len, JSON_ALLOW_NUL, &error);
        if (!document) complain("%s:%d: %s", path, error.line, error.text);
        else if (!json_is_object(document)) {
            complain("%s: no OTLP document", path);
            json_decref(document);
            document = NULL;
        }
    }
    buf_free(&text);
    return document;
}

static int row_by_id(const void *a, const void *b)
{
    struct slice x = ((const struct row *)a)->policy->id, y = ((const struct row *)b)->policy->id;
    size_t n = x.len < y.len ? x.len : y.len;
    int order = n ? memcmp(x.ptr, y.ptr, n) : 0;
    return order ? order : (x.len > y.len) - (x.len < y.len);
}

static void write_row(struct buf *out, const struct row *r)
{
    buf_str(out, "{\"policy_id\":");
    json_write_string(out, r->policy->id);
    buf_str(out, ",\"hits\":");
    buf_u64(out, r->hits);
    if (r->misses) buf_str(out, ",\"misses\":");
    if (r->misses) buf_u64(out, r->misses);
    for (size_t i = 0; i < r->policy->error_count; i++) {
        buf_str(out, i ? "," : ",\"errors\":[");
        json_write_string(out, r->policy->errors[i].message);
    }
    buf_str(out, r->policy->error_count ? "]}" : "}");
}

static void write_stats(struct buf *out, const struct policy_set *set, const struct policy_count *counts, size_t count)
{
    struct row *rows = xcalloc(set->count + count + 1, sizeof *rows);
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (counts[i].hits || counts[i].misses) rows[n++] = (struct row){counts[i].policy, counts[i].hits, counts[i].misses};
    for (size_t i = 0; i < set->count; i++)
        if (set->policies[i]->enabled && !policy_valid(set->policies[i])) rows[n++] = (struct row){set->policies[i], 0, 0};
    qsort(rows, n, sizeof *rows, row_by_id);
    buf_str(out, "{\"policies\":[");
    for (size_t i = 0; i < n; i++) {
        if (i) buf_char(out, ',');
        write_row(out, &rows[i]);
    }
    buf_str(out, "]}\n");
    free(rows);
}

/* To a file, or stdout without one. */
static int write_file(const char *path, struct slice text)
{
    FILE *out = path && strcmp(path, "-") != 0 ? fopen(path, "wb") : stdout;
    bool good = out && fwrite(text.ptr, 1, text.len, out) == text.len;
    if (out && out != stdout) good &= fclose(out) == 0;
    return good ? EXIT_FINE : complain("%s: %s", path ? path : "stdout", strerror(errno));
}

static int write_results(const struct eval_options *o, const json_t *document, const struct policy_set *set, const struct evaluator *e,
                         const struct evaluation *v)
{
    struct buf stats;
    char *text = json_dumps(document, JSON_COMPACT | JSON_ENCODE_ANY);
    buf_init(&stats, INPUT_MAX);
    write_stats(&stats, set, evaluation_counts(v), evaluator_count(e));
    int code = text ? write_file(o->output, slice_str(text)) : complain("%s: cannot be written as JSON", o->input);
    if (code == EXIT_FINE && o->stats) code = write_file(o->stats, buf_view(&stats));
    free(text);
    buf_free(&stats);
    return code == EXIT_FINE ? output_end(EXIT_FINE) : code;
}

static int eval_document(const struct eval_options *o, json_t *document, const struct policy_set *set, enum policy_signal signal)
{
    int64_t now = clock_now();
    struct evaluator *e = evaluator_new(set, signal);
    struct evaluation *v = evaluation_new(e, now);
    struct otlp *otlp = otlp_new();
    (void)otlp_filter(otlp, document, v, signal, now, NULL, NULL);
    int code = write_results(o, document, set, e, v);
    otlp_free(otlp);
    evaluation_free(v);
    evaluator_free(e);
    return code;
}

/* By policy: what it decided. */
struct preview {
    uint64_t *dropped;
    double *expected; /* records that a percentage without a key to decide by drops on the long run */
};

static void preview_record(void *context, const json_t *record, const struct verdict *d)
{
    const struct preview *p = context;
    (void)record;
    if (d->decided_by == NO_POLICY) return;
    p->dropped[d->decided_by] += !d->keep;
    p->expected[d->decided_by] += d->keep ? 1 - d->fraction : 0;
}

static void preview_row(const struct policy_count *c, uint64_t dropped, double expected)
{
    struct buf name, keep;
    buf_init(&name, POLICY_TEXT_MAX);
    buf_init(&keep, 200);
    utf8_clean(&name, c->policy->id);
    policy_keep_text(&keep, c->policy);
    uint64_t changed = 0;
    for (int i = 0; i < POLICY_STAGES; i++) changed += c->stages[i].hits;
    printf("%10" PRIu64 " %10" PRIu64 " %10" PRIu64 "  %-8s %s", c->hits + c->misses, dropped, changed, keep.data,
           name.data ? name.data : "");
    if (expected >= 0.5) printf("  (about %.0f more where edges sample without a key)", expected);
    putchar('\n');
    buf_free(&name);
    buf_free(&keep);
}

static int preview_document(const struct eval_options *o, json_t *document, const struct policy_set *set, enum policy_signal signal)
{
    (void)o;
    int64_t now = clock_now();
    struct evaluator *e = evaluator_new(set, signal);
    struct evaluation *v = evaluation_new(e, now);
    struct otlp *otlp = otlp_new();
    size_t count = evaluator_count(e);
    struct preview p = {xcalloc(count + 1, sizeof *p.dropped), xcalloc(count + 1, sizeof *p.expected)};
    struct otlp_counts c = otlp_filter(otlp, document, v, signal, now, preview_record, &p);
    printf("%10s %10s %10s  %-8s %s\n", "matched", "dropped", "changes", "keep", "policy");
    for (size_t i = 0; i < count; i++) preview_row(&evaluation_counts(v)[i], p.dropped[i], p.expected[i]);
    printf("%" PRIu64 " records, %" PRIu64 " matched, %" PRIu64 " dropped\n", c.records, c.matched, c.dropped);
    free(p.dropped);
    free(p.expected);
    otlp_free(otlp);
    evaluation_free(v);
    evaluator_free(e);
    return output_end(EXIT_FINE);
}

static int on_document(int argc, char **argv,
                       int (*run)(const struct eval_options *o, json_t *document, const struct policy_set *set, enum policy_signal signal))
{
    struct eval_options o = {0};
    enum policy_signal signal;
    if (!read_options(&o, argc, argv)) return EXIT_USAGE;
    if (!policy_signal_parse(slice_str(o.signal), &signal)) return complain("--signal %s: log, metric or trace", o.signal);
    struct policy_set *set = policy_set_new();
    int code = EXIT_USAGE;
    if (policy_file_read(set, o.policies) && policy_files_complain(set)) {
        json_t *document = load_document(o.input);
        if (document) code = run(&o, document, set, signal);
        json_decref(document);
    }
    policy_set_free(set);
    return code;
}

int policy_eval(int argc, char **argv) { return on_document(argc, argv, eval_document); }

int policy_preview(int argc, char **argv)
{
    return policy_live_wanted(argc, argv) ? policy_live(argc, argv) : on_document(argc, argv, preview_document);
}
