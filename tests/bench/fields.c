/* What fields and sensitive data cost: records with attributes and a resource through a batch, beside the same records
 * without them; and the scan for sensitive data of one line, beside one hash of it.
 *
 * Prints one line a figure: name, unit, ours, floor, ratio. */
#include "base/die.h"
#include "base/hash.h"
#include "control-plane/catalog/catalog.h"
#include "control-plane/catalog/sensitive.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RECORDS = 200000, ROUNDS = 5, BATCH = 8192, ATTRIBUTES = 10, RESOURCE = 8, KINDS = 512 };

struct made {
    char body[128], path[64], address[32], bytes[16], took[16], trace[40], user[16];
    struct field attributes[ATTRIBUTES];
    struct log_record record;
};

static struct field resource[RESOURCE] = {
    {{"service.name", 12}, VALUE_STRING, {"shop", 4}},
    {{"service.version", 15}, VALUE_STRING, {"1.4.2", 5}},
    {{"telemetry.sdk.name", 18}, VALUE_STRING, {"opentelemetry", 13}},
    {{"telemetry.sdk.language", 22}, VALUE_STRING, {"java", 4}},
    {{"telemetry.sdk.version", 21}, VALUE_STRING, {"1.40.0", 6}},
    {{"host.name", 9}, VALUE_STRING, {"web-1", 5}},
    {{"k8s.pod.name", 12}, VALUE_STRING, {"shop-7d9f", 9}},
    {{"k8s.pod.uid", 11}, VALUE_STRING, {"3f2a5b6c-1234-5678-9abc-def012345678", 36}},
};

static struct field text(const char *path, const char *value) { return (struct field){slice_str(path), VALUE_STRING, slice_str(value)}; }
static struct field integer(const char *path, const char *value) { return (struct field){slice_str(path), VALUE_INT, slice_str(value)}; }

static void make(struct made *m, unsigned i)
{
    uint64_t a = hash_mix(i, 1), b = hash_mix(i, 2);
    snprintf(m->body, sizeof m->body, "request %s finished with status 200 in %u ms, %u bytes sent", i & 1 ? "alpha" : "harbor",
             (unsigned)(a % 900), (unsigned)(b % 90000));
    snprintf(m->path, sizeof m->path, "/v1/items/%u", (unsigned)(a % 10000));
    snprintf(m->address, sizeof m->address, "10.%u.%u.%u", (unsigned)(a % 256), (unsigned)(b % 256), i % 256);
    snprintf(m->bytes, sizeof m->bytes, "%u", (unsigned)(b % 90000));
    snprintf(m->took, sizeof m->took, "%u", (unsigned)(a % 900));
    snprintf(m->trace, sizeof m->trace, "%016llx%016llx", (unsigned long long)a, (unsigned long long)b);
    snprintf(m->user, sizeof m->user, "u%06u", (unsigned)(a % 100000));
    const struct field fields[ATTRIBUTES] = {
        text("http.request.method", "GET"),
        text("url.path", m->path),
        integer("http.response.status_code", "200"),
        text("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0"),
        text("client.address", m->address),
        integer("http.response.body.size", m->bytes),
        integer("duration_ms", m->took),
        text("trace_id", m->trace),
        text("user.id", m->user),
        text("deployment.environment", "production"),
    };
    memcpy(m->attributes, fields, sizeof fields);
    m->record = (struct log_record){
        .service = SLICE("shop"), .severity = SLICE("INFO"), .severity_number = 9, .body = slice_str(m->body), .bytes = 600};
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double batch_seconds(struct made *made, bool with, size_t *fields)
{
    struct catalog *catalog = catalog_new(NULL);
    struct batch *batch = batch_new(catalog);
    double start = cpu_seconds();
    for (size_t i = 0; i < RECORDS; i++) {
        struct log_record r = made[i % KINDS].record;
        if (with) {
            r.attributes = made[i % KINDS].attributes;
            r.attribute_count = ATTRIBUTES;
            r.resource = resource;
            r.resource_count = RESOURCE;
            r.resource_serial = 1 + i / 1000;
        }
        batch_add(batch, &r);
        if (batch_records(batch) < BATCH && i + 1 < RECORDS) continue;
        const struct delta *deltas;
        size_t n = batch_deltas(batch, &deltas);
        for (size_t k = 0; k < n; k++) *fields += deltas[k].profile ? deltas[k].profile->field_count : 0;
        batch_clear(batch);
    }
    double took = cpu_seconds() - start;
    batch_free(batch);
    catalog_free(catalog);
    return took;
}

static double scan_seconds(struct made *made, bool scan, uint64_t *sum)
{
    double start = cpu_seconds();
    for (size_t i = 0; i < RECORDS; i++) {
        struct slice line = made[i % KINDS].record.body;
        *sum += scan ? sensitive_scan(line) : hash64(line.ptr, line.len, 1);
    }
    return cpu_seconds() - start;
}

int main(void)
{
    struct made *made = xcalloc(KINDS, sizeof *made);
    uint64_t sum = 0;
    size_t fields = 0;
    double with = 1e9, without = 1e9, scan = 1e9, hash = 1e9;
    for (unsigned i = 0; i < KINDS; i++) make(&made[i], i);
    for (int round = 0; round < ROUNDS; round++) {
        double a = batch_seconds(made, true, &fields), b = batch_seconds(made, false, &fields);
        double c = scan_seconds(made, true, &sum), d = scan_seconds(made, false, &sum);
        with = a < with ? a : with;
        without = b < without ? b : without;
        scan = c < scan ? c : scan;
        hash = d < hash ? d : hash;
    }
    printf("record with %d attributes, ns, %.0f, %.0f, %.2fx\n", ATTRIBUTES, with / RECORDS * 1e9, without / RECORDS * 1e9, with / without);
    printf("one attribute, ns, %.0f, 0, -\n", (with - without) / RECORDS / ATTRIBUTES * 1e9);
    printf("scan of a line, ns, %.0f, %.0f, %.2fx\n", scan / RECORDS * 1e9, hash / RECORDS * 1e9, scan / hash);
    free(made);
    return fields && sum ? 0 : 1;
}
