#include "console/policy_eval.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/json_write.h"
#include "console/headless.h"
#include "console/policy_files.h"
#include "policy/otlp.h"

#include <errno.h>
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
        if (k == sizeof known / sizeof *known) return complain("policy eval: %s is not known", argv[i]), false;
        if (i + 1 == argc) return complain("policy eval: %s wants a value", argv[i]), false;
        *known[k].value = argv[i + 1];
    }
    if (o->policies && o->input && o->signal) return true;
    complain("policy eval --policies FILE --input FILE --signal log|metric|trace [--output FILE] [--stats FILE]");
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

static int evaluate_document(const struct eval_options *o, json_t *document, const struct policy_set *set, enum policy_signal signal)
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

int policy_eval(int argc, char **argv)
{
    struct eval_options o = {0};
    enum policy_signal signal;
    if (!read_options(&o, argc, argv)) return EXIT_USAGE;
    if (!policy_signal_parse(slice_str(o.signal), &signal)) return complain("--signal %s: log, metric or trace", o.signal);
    struct policy_set *set = policy_set_new();
    int code = EXIT_USAGE;
    if (policy_file_read(set, o.policies) && policy_files_complain(set)) {
        json_t *document = load_document(o.input);
        if (document) code = evaluate_document(&o, document, set, signal);
        json_decref(document);
    }
    policy_set_free(set);
    return code;
}
