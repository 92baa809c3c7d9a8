/* Any record with fields: what a batch tells of it is bounded and consistent, names are clean, and a value never comes
 * out. Reading outside a text is seen by the sanitizer: each text is a copy of its own size. */
#include "control-plane/catalog/catalog.h"
#include "control-plane/catalog/sensitive.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FIELDS = 24, TEXTS = 2 * FIELDS + 4 };

static const char secret[] = "swordfishlagoonmarmalade";

struct input {
    const uint8_t *data;
    size_t size;
    char *texts[TEXTS];
    size_t count;
};

static unsigned take(struct input *in)
{
    if (in->size == 0) return 0;
    in->size--;
    return *in->data++;
}

/* The next bytes, or the secret among them. */
static struct slice text(struct input *in, size_t most, bool planted)
{
    size_t n = take(in) * most / 255, extra = planted ? sizeof secret - 1 : 0;
    if (n > in->size) n = in->size;
    char *copy = malloc(n + extra ? n + extra : 1);
    if (!copy || in->count == TEXTS) abort();
    if (n) memcpy(copy, in->data, n);
    if (planted) memcpy(copy + n, secret, extra);
    in->data += n;
    in->size -= n;
    in->texts[in->count++] = copy;
    return slice_of(copy, n + extra);
}

static bool holds(const void *bytes, size_t n) { return n && memmem(bytes, n, secret, sizeof secret - 1) != NULL; }

static void check_path(struct slice path)
{
    if (path.len > 256 || holds(path.ptr, path.len)) abort();
    for (size_t i = 0; i < path.len; i++)
        if (path.ptr[i] <= ' ' || path.ptr[i] > '~') abort();
}

static void check_profile(const struct profile_delta *p)
{
    if (p->field_count > FIELDS_MOST || p->pair_count > PAIRS_MOST || p->exposure_count > EXPOSURES_MOST) abort();
    if (holds(p, sizeof *p) || holds(p->fields, p->field_count * sizeof *p->fields)) abort();
    for (size_t i = 0; i < p->field_count; i++) {
        const struct field_delta *f = &p->fields[i];
        check_path(f->path);
        if (f->records == 0 || f->records > p->records || f->length_min > f->length_max || f->json > f->records) abort();
    }
    for (size_t i = 0; i < p->pair_count; i++) {
        check_path(p->pairs[i].path);
        check_path(p->pairs[i].other_path);
        if (p->pairs[i].equal > p->pairs[i].records) abort();
    }
    for (size_t i = 0; i < p->exposure_count; i++) {
        check_path(p->exposures[i].path);
        if (!sensitive_detectors[p->exposures[i].detector].name || p->exposures[i].records > p->records) abort();
    }
}

static void check(struct batch *b, uint64_t records)
{
    const struct delta *d;
    uint64_t examined = 0;
    size_t n = batch_deltas(b, &d);
    for (size_t i = 0; i < n; i++) {
        uint64_t events = 0;
        for (size_t k = 0; k < MINUTES; k++) events += d[i].minutes[k];
        if (events != d[i].events) abort();
        if (!d[i].profile) continue;
        examined += d[i].profile->records;
        check_profile(d[i].profile);
    }
    if (examined != records) abort();
}

static void fill(struct input *in, struct field *fields, size_t n)
{
    static const char *const usual[] = {"level",    "http.target", "user_agent", "status",   "host",
                                        "hostname", "token",       "email",      "trace_id", "a.b[]"};
    for (size_t i = 0; i < n; i++) {
        unsigned how = take(in);
        struct slice path = how & 1 ? slice_str(usual[how / 2 % 10]) : text(in, 24, false);
        fields[i] = (struct field){path, (enum value_type)(how % (VALUE_MAP + 1)), text(in, 200, how & 64)};
    }
}

/* The fuzzer may learn the secret and make a name of it. */
static bool holds_secret(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 5 <= size; i++)
        if (memcmp(data + i, "sword", 5) == 0) return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (holds_secret(data, size)) return 0;
    struct input in = {.data = data, .size = size};
    struct field attributes[FIELDS / 3], body[FIELDS / 3], resource[FIELDS / 3];
    unsigned how = take(&in);
    size_t a = take(&in) % (FIELDS / 3), b = how & 1 ? take(&in) % (FIELDS / 3) : 0, c = take(&in) % (FIELDS / 3);
    fill(&in, attributes, a);
    fill(&in, body, b);
    fill(&in, resource, c);
    struct log_record r = {.service = SLICE("fuzz"),
                           .attributes = attributes,
                           .attribute_count = a,
                           .body_fields = body,
                           .body_field_count = b,
                           .resource = resource,
                           .resource_count = c,
                           .resource_serial = 1,
                           .time_ns = (int64_t)how << 36};
    r.severity = text(&in, 16, false);
    if (!b) r.body = text(&in, 4000, false);
    struct catalog *catalog = catalog_new(&(struct catalog_options){.key = 1, .memory = 1 << 16});
    struct batch *batch = batch_new(catalog);
    for (int i = 0; i < 6; i++) {
        r.resource_serial = 1 + (uint64_t)(i > 3);
        r.time_ns += (int64_t)(how & 6) << 36;
        batch_add(batch, &r);
        if (i == 2) check(batch, 3);
    }
    check(batch, 6);
    batch_free(batch);
    catalog_free(catalog);
    for (size_t i = 0; i < in.count; i++) free(in.texts[i]);
    return 0;
}
