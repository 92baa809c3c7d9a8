/* What a batch tells of the records of an event: fields and their shapes, duplicates, signs, sensitive data, never a
 * value. */
#include "lib.h"

#include "base/clock.h"
#include "control-plane/catalog/sensitive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct catalog *catalog;
static struct batch *batch;

static int begin(void **state)
{
    (void)state;
    catalog = catalog_new(&(struct catalog_options){.key = 7});
    batch = batch_new(catalog);
    return 0;
}

static int end(void **state)
{
    (void)state;
    batch_free(batch);
    catalog_free(catalog);
    return 0;
}

#define TEXT(p, v)                                                                                                                         \
    (struct field) { SLICE(p), VALUE_STRING, slice_str(v) }
#define INT(p, v)                                                                                                                          \
    (struct field) { SLICE(p), VALUE_INT, slice_str(v) }

static struct log_record record(const char *body, const struct field *attributes, size_t n)
{
    return (struct log_record){
        .service = SLICE("shop"), .body = slice_str(body), .attributes = attributes, .attribute_count = n, .bytes = 100};
}

static const struct profile_delta *only_profile(void)
{
    const struct delta *d;
    const struct profile_delta *found = NULL;
    size_t n = batch_deltas(batch, &d);
    for (size_t i = 0; i < n; i++) {
        if (!d[i].profile) continue;
        assert_null(found);
        found = d[i].profile;
    }
    assert_non_null(found);
    return found;
}

static const struct field_delta *field(const struct profile_delta *p, enum field_scope scope, const char *path)
{
    for (size_t i = 0; i < p->field_count; i++)
        if (p->fields[i].scope == scope && slice_is(p->fields[i].path, path)) return &p->fields[i];
    return NULL;
}

static uint64_t exposed(const struct profile_delta *p, const char *path, const char *detector)
{
    for (size_t i = 0; i < p->exposure_count; i++) {
        const struct exposure_delta *x = &p->exposures[i];
        if (slice_is(x->path, path) && strcmp(sensitive_detectors[x->detector].name, detector) == 0) return x->records;
    }
    return 0;
}

static void shapes_of_attributes(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        char id[16], ms[16];
        snprintf(id, sizeof id, "u%05d", i % 50);
        snprintf(ms, sizeof ms, "%d", i * 10);
        struct field f[] = {TEXT("user.id", id), INT("duration_ms", ms), TEXT("note", "Hello, World 1")};
        struct log_record r = record("order stored", f, i % 4 == 0 ? 3 : 2);
        r.time_ns = i;
        batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    const struct field_delta *id = field(p, FIELD_ATTRIBUTE, "user.id"), *ms = field(p, FIELD_ATTRIBUTE, "duration_ms"),
                             *note = field(p, FIELD_ATTRIBUTE, "note");
    assert_int_equal(p->records, 100);
    assert_int_equal(p->field_count, 3);
    assert_int_equal(id->records, 100);
    assert_int_equal(id->types, 1 << VALUE_STRING);
    assert_int_equal(id->length_min, 6);
    assert_int_equal(id->length_max, 6);
    assert_int_equal(id->length_sum, 600);
    assert_int_equal(id->bytes, 100 * (strlen("user.id") + 6));
    assert_int_equal(id->classes, CLASS_LOWER | CLASS_OTHER_LETTER | CLASS_DIGIT);
    assert_in_range(sketch_estimate(id->sketch), 44, 56);
    assert_int_equal(ms->types, 1 << VALUE_INT);
    assert_int_equal(ms->magnitudes, 1 << 1 | 1 << 2 | 1 << 3);
    assert_int_equal(note->records, 25);
    assert_int_equal(note->last_ns, 96);
    assert_int_equal(note->classes & (CLASS_UPPER | CLASS_BLANK | CLASS_PUNCTUATION | CLASS_DIGIT),
                     CLASS_UPPER | CLASS_BLANK | CLASS_PUNCTUATION | CLASS_DIGIT);
    assert_int_equal(sketch_estimate(note->sketch), 1);
}

static void estimates_of_many(void **state)
{
    (void)state;
    for (uint64_t n = 1; n <= 1000000; n *= 10) {
        unsigned char sketch[SKETCH_REGISTERS] = {0};
        for (uint64_t i = 0; i < n; i++) sketch_add(sketch, hash64(&i, sizeof i, 3));
        double error = fabs((double)sketch_estimate(sketch) - (double)n) / (double)n;
        assert_true(error < 0.25);
    }
}

static void buckets(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 100000; n++) {
        unsigned b = length_bucket(n), s = size_bucket(n);
        assert_true(length_bucket_most(b) >= n && (b == 0 || length_bucket_most(b - 1) < n));
        assert_true(size_bucket_most(s) >= n && (s == 0 || size_bucket_most(s - 1) < n));
    }
    uint64_t counts[4] = {50, 0, 45, 5};
    assert_int_equal(buckets_percentile(counts, 4, 50), 0);
    assert_int_equal(buckets_percentile(counts, 4, 51), 2);
    assert_int_equal(buckets_percentile(counts, 4, 95), 2);
    assert_int_equal(buckets_percentile(counts, 4, 96), 3);
}

static void fields_of_bodies(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct log_record r =
            record("{\"msg\":\"order stored\",\"user\":{\"email\":\"ann@example.org\"},\"tags\":[1,2],\"ok\":true,\"n\":1.5}", NULL, 0);
        batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    assert_int_equal(p->body_structured, 5);
    assert_int_equal(field(p, FIELD_BODY, "msg")->types, 1 << VALUE_STRING);
    assert_int_equal(field(p, FIELD_BODY, "tags[]")->types, 1 << VALUE_ARRAY);
    assert_int_equal(field(p, FIELD_BODY, "ok")->types, 1 << VALUE_BOOL);
    assert_int_equal(field(p, FIELD_BODY, "n")->types, 1 << VALUE_DOUBLE);
    assert_int_equal(exposed(p, "user.email", "email"), 5);
}

static void maps_and_arrays(void **state)
{
    (void)state;
    struct field f[] = {TEXT("message", "order stored"), TEXT("list[]", "4111111111111111"), TEXT("list[]", "4111111111111111")};
    for (int i = 0; i < 5; i++) {
        struct log_record r = {.service = SLICE("shop"), .body_fields = f, .body_field_count = 3};
        batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    assert_int_equal(field(p, FIELD_BODY, "list[]")->records, 5);
    assert_int_equal(exposed(p, "list[]", "card_number"), 5);
}

static void resources_once_for_many_records(void **state)
{
    (void)state;
    struct field resource[] = {TEXT("service.name", "shop"), TEXT("telemetry.sdk.name", "opentelemetry"), TEXT("k8s.pod.uid", "x1"),
                               TEXT("host.name", "web-1"), TEXT("owner", "ann@example.org")};
    struct field attributes[] = {TEXT("host", "WEB-1")};
    for (int i = 0; i < 40; i++) {
        struct log_record r = record("order stored", attributes, 1);
        r.resource = resource;
        r.resource_count = i < 30 ? 5 : 3;
        r.resource_serial = (uint64_t)(1 + i / 10);
        batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    assert_int_equal(field(p, FIELD_RESOURCE, "telemetry.sdk.name")->records, 40);
    assert_int_equal(field(p, FIELD_RESOURCE, "telemetry.sdk.name")->role, ROLE_SDK);
    assert_int_equal(field(p, FIELD_RESOURCE, "telemetry.sdk.name")->bytes, 40 * (strlen("telemetry.sdk.name") + strlen("opentelemetry")));
    assert_int_equal(field(p, FIELD_RESOURCE, "k8s.pod.uid")->role, ROLE_K8S_UID);
    assert_int_equal(field(p, FIELD_RESOURCE, "host.name")->records, 30);
    assert_int_equal(exposed(p, "owner", "email"), 30);
    assert_int_equal(p->pair_count, 1);
    assert_true(slice_is(p->pairs[0].path, "host.name") && slice_is(p->pairs[0].other_path, "host"));
    assert_int_equal(p->pairs[0].records, 30);
    assert_int_equal(p->pairs[0].equal, 30);
}

static void duplicates(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        struct field f[] = {TEXT("level", "error"), TEXT("hostname", i ? "a" : "b"), TEXT("host", "a"), TEXT("trace_id", "1"),
                            TEXT("span_id", "1")};
        struct log_record r = record("order stored", f, 5);
        r.severity = SLICE("ERROR");
        batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    assert_int_equal(p->severity_given, 10);
    assert_int_equal(p->pair_count, 2);
    assert_int_equal(p->pairs[0].scope, FIELD_RECORD);
    assert_true(slice_is(p->pairs[0].path, "severity_text") && slice_is(p->pairs[0].other_path, "level"));
    assert_int_equal(p->pairs[0].equal, 10);
    assert_true(slice_is(p->pairs[1].path, "hostname") && slice_is(p->pairs[1].other_path, "host"));
    assert_int_equal(p->pairs[1].records, 10);
    assert_int_equal(p->pairs[1].equal, 9);
}

static void health_checks_and_bots(void **state)
{
    (void)state;
    struct field health[] = {TEXT("http.target", "/healthz?full=1"), INT("http.status_code", "200"),
                             TEXT("http.user_agent", "kube-probe/1.27")};
    struct field failing[] = {TEXT("http.target", "/healthz"), INT("http.status_code", "503"), TEXT("http.user_agent", "kube-probe/1.27")};
    struct field bot[] = {TEXT("http.target", "/items/healthz1"), INT("http.status_code", "200"),
                          TEXT("http.user_agent", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")};
    struct field person[] = {TEXT("http.target", "/live-music"), INT("http.status_code", "200"),
                             TEXT("http.user_agent", "Mozilla/5.0 Chrome/120.0")};
    const struct field *all[] = {health, failing, bot, person};
    for (int i = 0; i < 4; i++) {
        struct log_record r = record("request done", all[i], 3);
        batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    assert_int_equal(p->health_paths, 2);
    assert_int_equal(p->health_ok, 1);
    assert_int_equal(p->probes, 2);
    assert_int_equal(p->bots, 1);
    assert_string_equal(bot_name((unsigned)__builtin_ctzll(p->bots_seen)), "Googlebot");
}

static void access_logs(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "10.0.0.1 - - \"GET /healthz HTTP/1.1\" 200 2 \"-\" \"kube-probe/1.27\"",
        "10.0.0.1 - - \"GET /healthz HTTP/1.1\" 500 2 \"-\" \"kube-probe/1.27\"",
        "10.0.0.1 - - \"GET /items HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0 (compatible; bingbot/2.0)\"",
    };
    for (int i = 0; i < 9; i++) add(batch, "web", lines[i % 3], 0);
    const struct delta *d;
    uint64_t health = 0, ok = 0, bots = 0;
    size_t n = batch_deltas(batch, &d);
    for (size_t i = 0; i < n; i++) {
        if (!d[i].profile) continue;
        health += d[i].profile->health_paths;
        ok += d[i].profile->health_ok;
        bots += d[i].profile->bots;
    }
    assert_int_equal(health, 6);
    assert_int_equal(ok, 3);
    assert_int_equal(bots, 3);
}

static void faulty_bodies(void **state)
{
    (void)state;
    add(batch, "s", "{\"a\":\"b\",\"c\":\"d", 0);
    add(batch, "s", "{\"a\":\"b\",,\"c\":\"d\"}", 0);
    add(batch, "s", "PK\x03\x04 binary", 0);
    add(batch, "s", "\xEF\xBF\xBD\xEF\xBF\xBD\x01\x02 ab", 0);
    add(batch, "s", "{\"a\":\"b\",\"c\":\"d\"}", 0);
    add(batch, "s", "plain text", 0);
    add(batch, "s", "[main] started", 0);
    const struct delta *d;
    uint64_t truncated = 0, unparsable = 0, binary = 0;
    size_t n = batch_deltas(batch, &d);
    for (size_t i = 0; i < n; i++) {
        if (!d[i].profile) continue;
        truncated += d[i].profile->truncated_bodies;
        unparsable += d[i].profile->unparsable_bodies;
        binary += d[i].profile->binary_bodies;
    }
    assert_int_equal(truncated, 1);
    assert_int_equal(unparsable, 1);
    assert_int_equal(binary, 2);
}

static bool placeholder(const char *line)
{
    batch_clear(batch);
    for (int i = 0; i < 4; i++) add(batch, "s", line, 0);
    const struct delta *d;
    assert_int_equal(batch_deltas(batch, &d), 1);
    return d->profile->placeholder;
}

static void placeholders(void **state)
{
    (void)state;
    assert_true(placeholder("got here"));
    assert_true(placeholder("hello world"));
    assert_true(placeholder("x = 42"));
    assert_true(placeholder("TODO remove"));
    assert_false(placeholder("order stored"));
    assert_false(placeholder("retries = 3"));
    assert_false(placeholder("test of connection passed"));
}

static void minutes_of_hours(void **state)
{
    (void)state;
    const int64_t minute = 60 * NS_PER_SECOND;
    for (int i = 0; i < 10; i++) add(batch, "s", "order stored", 5 * minute);
    for (int i = 0; i < 3; i++) add(batch, "s", "order stored", 59 * minute);
    for (int i = 0; i < 2; i++) add(batch, "s", "order stored", 60 * minute);
    const struct delta *d;
    assert_int_equal(batch_deltas(batch, &d), 2);
    assert_int_equal(d[0].minutes[5], 10);
    assert_int_equal(d[0].minutes[59], 3);
    assert_int_equal(d[1].minutes[0], 2);
    assert_non_null(d[0].profile);
    assert_null(d[1].profile);
    assert_int_equal(d[0].profile->records, 15);
}

/* A key that only one record has, or that looks like a value, is no name. */
static void names_that_are_values(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        char once[32];
        snprintf(once, sizeof once, "session.%08x", (unsigned)i * 2654435761U);
        struct field f[] = {{slice_str(once), VALUE_STRING, SLICE("v")},
                            TEXT("users.3f2a5b6c-1234-5678-9abc-def012345678.name", "Ann"),
                            TEXT("password", "Tr0ub4dor"),
                            {i == 0 ? SLICE("marmalade") : SLICE("note"), VALUE_STRING, SLICE("v")}};
        struct log_record r = record("order stored", f, 4);
        batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    assert_non_null(field(p, FIELD_ATTRIBUTE, "users.*.name"));
    assert_int_equal(field(p, FIELD_ATTRIBUTE, "session.*")->records, 5);
    assert_null(field(p, FIELD_ATTRIBUTE, "marmalade"));
    assert_int_equal(p->field_count, 4);
    assert_int_equal(exposed(p, "password", "password"), 5);
}

static void bounded(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        char key[16] = {'k', (char)('a' + i / 26), (char)('a' + i % 26), '\0'};
        if (i / 26 > 25) break;
        struct field f = {slice_str(key), VALUE_STRING, SLICE("ann@example.org")};
        struct log_record r = record("order stored", &f, 1);
        for (int k = 0; k < 3; k++) batch_add(batch, &r);
    }
    const struct profile_delta *p = only_profile();
    assert_int_equal(p->field_count, FIELDS_MOST);
    assert_int_equal(p->exposure_count, EXPOSURES_MOST);
    assert_int_equal(p->fields_dropped, (300 - FIELDS_MOST) * 3);
}

/* ---- no value in any delta ---- */

static const char secret[] = "Qz7mVr2KxW9pLd";

static bool holds(const void *bytes, size_t n) { return n >= sizeof secret - 1 && memmem(bytes, n, secret, sizeof secret - 1) != NULL; }

static void assert_no_secret(void)
{
    const struct delta *d;
    size_t n = batch_deltas(batch, &d);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        assert_false(holds(d[i].template.ptr, d[i].template.len) || holds(d[i].name.ptr, d[i].name.len));
        const struct profile_delta *p = d[i].profile;
        if (!p) continue;
        assert_false(holds(p, sizeof *p));
        assert_false(holds(p->fields, p->field_count * sizeof *p->fields));
        for (size_t k = 0; k < p->field_count; k++) assert_false(holds(p->fields[k].path.ptr, p->fields[k].path.len));
        for (size_t k = 0; k < p->pair_count; k++) assert_false(holds(p->pairs[k].other_path.ptr, p->pairs[k].other_path.len));
        for (size_t k = 0; k < p->exposure_count; k++) assert_false(holds(p->exposures[k].path.ptr, p->exposures[k].path.len));
    }
}

static void values_stay_out(void **state)
{
    (void)state;
    char text[256];
    static const char *const forms[] = {
        "password=%s", "{\"msg\":\"stored\",\"token\":\"%s\"}", "{\"%s\":1,\"msg\":\"stored\"}", "user %s gone", "a=%s b=2",
        "%s",          "{\"a\":{\"%s\":{\"b\":[\"%s\"]}}}"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        snprintf(text, sizeof text, forms[i], secret, secret);
        struct field f[] = {TEXT("token", secret),
                            {slice_str(secret), VALUE_STRING, slice_str(secret)},
                            {SLICE("raw"), VALUE_BYTES, slice_str(secret)},
                            TEXT("level", secret)};
        for (int k = 0; k < 6; k++) {
            struct log_record r = record(text, f, 4);
            r.severity = slice_str(secret);
            r.resource = f;
            r.resource_count = 4;
            r.resource_serial = i + 1;
            batch_add(batch, &r);
        }
    }
    assert_no_secret();
}

static void batches_agree(void **state)
{
    (void)state;
    struct field f[] = {TEXT("user.id", "u1")};
    struct log_record r = record("order stored", f, 1);
    for (int i = 0; i < 3; i++) batch_add(batch, &r);
    only_profile();
    for (int i = 0; i < 3; i++) batch_add(batch, &r);
    assert_int_equal(field(only_profile(), FIELD_ATTRIBUTE, "user.id")->records, 6);
    batch_clear(batch);
    batch_add(batch, &r);
    const struct profile_delta *p = only_profile();
    assert_int_equal(p->records, 1);
    assert_int_equal(field(p, FIELD_ATTRIBUTE, "user.id")->records, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shapes_of_attributes),
        TEST(estimates_of_many),
        TEST(buckets),
        TEST(fields_of_bodies),
        TEST(maps_and_arrays),
        TEST(resources_once_for_many_records),
        TEST(duplicates),
        TEST(health_checks_and_bots),
        TEST(access_logs),
        TEST(faulty_bodies),
        TEST(placeholders),
        TEST(minutes_of_hours),
        TEST(names_that_are_values),
        TEST(bounded),
        TEST(values_stay_out),
        TEST(batches_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
