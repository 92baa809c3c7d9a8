/* CPU of a record under ten and under ten thousand policies, beside one RE2 pass a policy.
 *
 * An estate of 400 services, few of them large, each with its own sentences. The ten are what a site begins with, for all services; the
 * ten thousand are these and policies of the usual kinds (a service's sentence, a status, a level, an attribute), one in ten of them for
 * all services. Both are measured on the same records. */
#include "base/arena.h"
#include "base/die.h"
#include "policy/regex.h"
#include "tests/unit/policy/plain_record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SERVICES = 400, SENTENCES = 100, RECORDS = 100000, POLICIES = 10000, TURNS = 7, BATCH = 500 };

static uint64_t state = 7;

static uint32_t below(uint32_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % n);
}

/* Small numbers come more often. */
static uint32_t skewed(uint32_t n) { return below(below(n) + 1); }

static const char *const verbs[] = {"opened", "closed",  "rejected", "accepted", "flushed", "retried", "expired",
                                    "loaded", "dropped", "resolved", "parsed",   "started", "stopped", "routed",
                                    "signed", "queued",  "merged",   "pruned",   "cached",  "probed"};
static const char *const nouns[] = {"connection", "request", "cart",      "invoice", "session", "token",  "shard",
                                    "bucket",     "worker",  "partition", "upload",  "report",  "ticket", "payment",
                                    "address",    "product", "stream",    "lease",   "catalog", "webhook"};
static const char *const levels[] = {"INFO", "INFO", "INFO", "WARN", "DEBUG", "ERROR"};

static uint32_t mix(uint32_t service, uint32_t sentence) { return (service * 2654435761u) ^ (sentence * 40503u) ^ (service * sentence); }

/* A sentence's constant words. */
static int sentence(char *out, size_t size, uint32_t service, uint32_t n)
{
    uint32_t h = mix(service, n);
    return snprintf(out, size, "%s %s for %s of unit %s%u", nouns[h % 20], verbs[h / 20 % 20], nouns[h / 400 % 20], verbs[h / 8000 % 20],
                    n);
}

static void put_match(struct buf *out, uint32_t service, uint32_t kind)
{
    char text[200];
    sentence(text, sizeof text, service, below(SENTENCES));
    if (kind < 4) buf_printf(out, "{\"log_field\":\"body\",\"%s\":\"%s\"}", kind < 2 ? "starts_with" : "contains", text);
    else if (kind < 6) buf_printf(out, "{\"log_field\":\"body\",\"regex\":\"^%s [0-9]+ in\"}", text);
    else if (kind == 6) buf_printf(out, "{\"log_attribute\":\"http.route\",\"exact\":\"/v1/%s/%u\"}", nouns[below(20)], below(50));
    else if (kind == 7)
        buf_printf(out,
                   "{\"log_attribute\":\"http.status_code\",\"equals\":%u},{\"log_attribute\":\"http.route\",\"starts_with\":\"/v1/%s/\"}",
                   200 + below(5) * 100, nouns[below(20)]);
    else buf_printf(out, "{\"log_field\":\"severity_text\",\"exact\":\"DEBUG\"},{\"log_field\":\"body\",\"contains\":\"%s\"}", text);
}

static void put_global(struct buf *out, uint32_t i)
{
    if (i % 3 == 0) buf_printf(out, "{\"log_attribute\":\"legacy.field.%u\",\"exists\":true}", i);
    else if (i % 3 == 1) buf_printf(out, "{\"log_field\":\"body\",\"regex\":\"(api|access)[_-]key%u=[a-z0-9]+\"}", i);
    else buf_printf(out, "{\"log_field\":\"body\",\"contains\":\"secret-%s-%u\"}", nouns[i % 20], i);
}

enum { SITE_WIDE = 10 };

static const char *const site_wide[SITE_WIDE] = {
    "{\"log_field\":\"severity_text\",\"exact\":\"DEBUG\"}",
    "{\"log_field\":\"body\",\"regex\":\"\\\\b[0-9]{13,19}\\\\b\"}",
    "{\"log_field\":\"body\",\"regex\":\"(api|access)[_-]key=[a-z0-9]+\"}",
    "{\"log_field\":\"body\",\"contains\":\"BEGIN PRIVATE KEY\"}",
    "{\"log_field\":\"body\",\"contains\":\"attempt 4\"}",
    "{\"log_attribute\":\"http.route\",\"starts_with\":\"/v1/lease\"}",
    "{\"log_attribute\":\"http.status_code\",\"equals\":200},{\"log_attribute\":\"http.route\",\"ends_with\":\"/healthz\"}",
    "{\"log_attribute\":\"user.email\",\"exists\":true}",
    "{\"resource_attribute\":\"deployment.environment\",\"exact\":\"staging\"}",
    "{\"log_field\":\"body\",\"starts_with\":\"connection closed\"},{\"log_field\":\"severity_text\",\"exact\":\"INFO\"}",
};

static void put_policy(struct buf *out, uint32_t i)
{
    uint32_t service = skewed(SERVICES);
    buf_printf(out, "%s{\"id\":\"policy-%05u\",\"name\":\"p\",\"log\":{\"keep\":\"%s\",\"match\":[", i ? "," : "", i,
               i % 4 ? "none" : "10/s");
    if (i < SITE_WIDE) buf_str(out, site_wide[i]);
    else if (i % 10 == 3) put_global(out, i);
    else {
        buf_printf(out, "{\"resource_attribute\":\"service.name\",\"exact\":\"service-%03u\"},", service);
        put_match(out, service, below(9));
    }
    buf_str(out, "]}}");
}

static struct policy_set *make_policies(uint32_t count)
{
    struct buf text;
    buf_init(&text, 64 << 20);
    buf_char(&text, '[');
    state = 11;
    for (uint32_t i = 0; i < count; i++) put_policy(&text, i);
    buf_char(&text, ']');
    struct policy_set *set = policy_set_new();
    if (!policy_set_read(set, buf_view(&text), POLICY_JSON, "bench")) die("policies: %s", set->errors[0].message.ptr);
    for (size_t i = 0; i < set->count; i++)
        if (!policy_valid(set->policies[i])) die("policy: %s", set->policies[i]->errors[0].message.ptr);
    buf_free(&text);
    return set;
}

/* Texts of one batch. */
static struct arena *texts;

static struct slice text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static struct slice text_of(const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return slice_of(arena_copy(texts, slice_of(text, (size_t)n)), (size_t)n);
}

static void make_record(struct plain_record *r, uint32_t service)
{
    char text[200];
    sentence(text, sizeof text, service, below(SENTENCES));
    *r = (struct plain_record){0};
    r->fields[POLICY_BODY] = datum_text(
        text_of("%s %u in %u ms, attempt %u, peer 10.0.%u.%u", text, below(100000), below(900), below(5), below(256), below(256)));
    r->fields[POLICY_SEVERITY_TEXT] = datum_text(slice_str(levels[below(6)]));
    plain_add(r, POLICY_RESOURCE, SLICE("service.name"), datum_text(text_of("service-%03u", service)));
    plain_add(r, POLICY_RESOURCE, SLICE("service.version"), datum_text(text_of("1.%u.%u", below(9), below(9))));
    plain_add(r, POLICY_RESOURCE, SLICE("deployment.environment"), datum_text(SLICE("production")));
    plain_add(r, POLICY_RESOURCE, SLICE("k8s.pod.name"), datum_text(text_of("pod-%u-%u", below(1000), below(100))));
    plain_add(r, POLICY_RECORD, SLICE("http.method"), datum_text(SLICE("GET")));
    plain_add(r, POLICY_RECORD, SLICE("http.route"), datum_text(text_of("/v1/%s/%u", nouns[below(20)], below(50))));
    plain_add(r, POLICY_RECORD, SLICE("http.status_code"), (struct datum){.type = DATUM_INT, .integer = 200 + below(5) * 100});
    plain_add(r, POLICY_RECORD, SLICE("thread"), datum_text(text_of("worker-%u", below(16))));
}

/* The records come in batches, as a collector sends them: some in a row of one service. Each is made anew right before it is
 * evaluated, as a decoder would; the same seed gives the same ones. */
static struct plain_record batch[BATCH];
static uint32_t service, left_of_service;

static void records_begin(void)
{
    state = 3;
    left_of_service = 0;
}

static void make_batch(void)
{
    arena_reset(texts);
    for (size_t i = 0; i < BATCH; i++, left_of_service--) {
        if (!left_of_service) {
            left_of_service = 20 + below(80);
            service = skewed(SERVICES);
        }
        make_record(&batch[i], service);
    }
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t matched;

/* ns a record. */
static double pass(struct evaluation *v, size_t records)
{
    double seconds = 0;
    records_begin();
    for (size_t done = 0; done < records; done += BATCH) {
        make_batch();
        double begin = cpu_seconds();
        for (size_t i = 0; i < BATCH; i++) matched += evaluate_log(v, &plain_ops, &batch[i], (int64_t)(done + i) * 1000000).matched_count;
        seconds += cpu_seconds() - begin;
    }
    return seconds * 1e9 / (double)records;
}

/* The best of some passes. */
static double measure(const struct evaluator *e, size_t records)
{
    struct evaluation *v = evaluation_new(e, 0);
    double best = pass(v, records);
    for (int i = 1; i < TURNS; i++) {
        double ns = pass(v, records);
        best = ns < best ? ns : best;
    }
    evaluation_free(v);
    return best;
}

/* What each policy costs when it is one RE2 search over the body. */
static double re2_pass(const struct policy_set *set, size_t records)
{
    struct regex **regexes = xcalloc(set->count, sizeof *regexes);
    char error[200];
    double seconds = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct policy_matcher *m = &set->policies[i]->match[set->policies[i]->match_count - 1];
        regexes[i] = m->condition == POLICY_REGEX ? regex_new(m->text, false, error, sizeof error)
                                                  : regex_new_literal(m->text, false, m->condition == POLICY_STARTS_WITH, false);
    }
    records_begin();
    for (size_t done = 0; done < records; done += BATCH) {
        make_batch();
        double begin = cpu_seconds();
        for (size_t r = 0; r < BATCH; r++)
            for (size_t i = 0; i < set->count; i++) matched += regex_search(regexes[i], batch[r].fields[POLICY_BODY].text);
        seconds += cpu_seconds() - begin;
    }
    for (size_t i = 0; i < set->count; i++) regex_free(regexes[i]);
    free(regexes);
    return seconds * 1e9 / (double)records;
}

static void print_figure(const char *name, const char *unit, double ours, double floor)
{
    printf("%s, %s, %.0f, %.0f, %.2fx\n", name, unit, ours, floor, ours / floor);
}

int main(void)
{
    texts = arena_new((size_t)64 << 20);
    struct policy_set *few = make_policies(SITE_WIDE), *many = make_policies(POLICIES);
    double begin = cpu_seconds();
    struct evaluator *ten = evaluator_new(few, POLICY_LOG), *all = evaluator_new(many, POLICY_LOG),
                     *plain = evaluator_new_plain(many, POLICY_LOG);
    double built = cpu_seconds() - begin;
    double ten_ns = measure(ten, RECORDS), all_ns;
    uint64_t matched_few = matched;
    all_ns = measure(all, RECORDS);
    double found_few = (double)matched_few / TURNS / RECORDS, found_all = (double)(matched - matched_few) / TURNS / RECORDS;
    fprintf(stderr, "matching policies a record: %.2f of 10, %.2f of %d; 10000 indexed in %.0f ms\n", found_few, found_all, POLICIES,
            built * 1e3);
    print_figure("policies, a record under 10000 (beside: under 10)", "ns CPU", all_ns, ten_ns);
    print_figure("policies, a match under 10000 (beside: under 10)", "ns CPU", all_ns / found_all, ten_ns / found_few);
    print_figure("policies, a record under 10000 (beside: one RE2 pass a policy)", "ns CPU", all_ns, re2_pass(many, BATCH));
    print_figure("policies, a record under 10000 (beside: each policy tried)", "ns CPU", all_ns, measure(plain, BATCH));
    print_figure("policies, a record under 10 (beside: one RE2 pass a policy)", "ns CPU", ten_ns, re2_pass(few, RECORDS));
    evaluator_free(ten);
    evaluator_free(all);
    evaluator_free(plain);
    policy_set_free(few);
    policy_set_free(many);
    arena_free(texts);
    return 0;
}
