/* Finding policies by the index gives what trying each of them gives: random policies on random records, made of few
 * words so that much matches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/json_write.h"
#include "tests/unit/policy/plain_record.h"

static uint64_t state;

static uint32_t below(uint32_t n)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((state >> 33) % n);
}

static const char *const words[] = {"error",    "Error",  "connection", "refused", "k\xE2\x84\xAA", "Straße",  "\xC5\xBFink", "kiosk",
                                    "SKIP",     "200",    "a",          "health",  "GET /healthz",  "timeout", "abcd",        "ABCD",
                                    "checkout", "orders", "xyz ",       "é",       "user"};
static const char *const keys[] = {"service.name", "host", "env", "http.path", "http.status", "user.id", "k1", "k2",
                                   "k3",           "k4",   "k5",  "k6",        "k7",          "k8",      "k9"};
static const char *const patterns[] = {
    "conn.*refused",   "^GET /health", "(?i)error",          "(?i)kiosk|skip", "time(out|d)",       "[0-9]+",  "er{1,2}or",    "a|b|c",
    "(abcd|health)z?", "^$",           "(?i)STRASSE|Straße", "\\bkios",        "[kK\\x{212A}]iosk", "orders$", "(?s).*user.*", "[A-D]{4}"};

#define PICK(list) ((list)[below(sizeof(list) / sizeof *(list))])

static void put_text(struct buf *out)
{
    struct buf text;
    buf_init(&text, 4096);
    for (uint32_t n = below(3) + 1; n--;) {
        buf_str(&text, PICK(words));
        if (n) buf_char(&text, ' ');
    }
    json_write_string(out, buf_view(&text));
    buf_free(&text);
}

static void put_condition(struct buf *out)
{
    static const char *const conditions[] = {"exact", "starts_with", "ends_with", "contains"};
    static const char *const compared[] = {"equals", "gt", "gte", "lt", "lte"};
    uint32_t kind = below(12);
    if (kind < 6) {
        buf_printf(out, "\"%s\":", kind < 3 ? "exact" : PICK(conditions));
        if (below(2)) json_write_string(out, slice_str(PICK(words)));
        else put_text(out);
    } else if (kind < 9) {
        buf_str(out, "\"regex\":");
        json_write_string(out, slice_str(PICK(patterns)));
    } else if (kind == 9) buf_str(out, "\"exists\":true");
    else buf_printf(out, "\"%s\":%s", PICK(compared), below(2) ? "200" : "7.5");
    if (below(4) == 0) buf_str(out, ",\"case_insensitive\":true");
    if (below(8) == 0) buf_str(out, ",\"negate\":true");
}

static void put_matcher(struct buf *out)
{
    static const char *const fields[] = {"body", "severity_text", "event_name"};
    static const char *const scopes[] = {"log_attribute", "resource_attribute", "scope_attribute"};
    uint32_t kind = below(5);
    buf_char(out, '{');
    if (kind == 0) {
        buf_printf(out, "\"resource_attribute\":\"service.name\",\"exact\":\"%s\"}", below(2) ? "checkout" : "orders");
        return;
    }
    if (kind < 3) buf_printf(out, "\"log_field\":\"%s\",", PICK(fields));
    else buf_printf(out, "\"%s\":\"%s\",", PICK(scopes), PICK(keys));
    put_condition(out);
    buf_char(out, '}');
}

static void put_policies(struct buf *out, uint32_t count)
{
    static const char *const keeps[] = {"none", "50%", "all", "3/s"};
    buf_char(out, '[');
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(out, "%s{\"id\":\"p%u\",\"name\":\"n\",\"log\":{\"keep\":\"%s\",\"match\":[", i ? "," : "", below(1000000) * 1000 + i,
                   PICK(keeps));
        put_matcher(out);
        for (uint32_t n = below(3); n--;) {
            buf_char(out, ',');
            put_matcher(out);
        }
        buf_str(out, "]}}");
    }
    buf_char(out, ']');
}

static struct datum random_value(char *room, size_t size)
{
    uint32_t kind = below(8);
    if (kind == 0) return (struct datum){.type = DATUM_INT, .integer = below(2) ? 200 : 7};
    if (kind == 1) return (struct datum){.type = DATUM_DOUBLE, .real = below(2) ? 200 : 7.5};
    if (kind == 2) return (struct datum){.type = DATUM_BOOL, .boolean = true};
    int n = snprintf(room, size, "%s", PICK(words));
    for (uint32_t more = below(4); more--;) n += snprintf(room + n, size - (size_t)n, "%s%s", below(3) ? " " : "", PICK(words));
    return (struct datum){.type = DATUM_STRING, .text = slice_of(room, (size_t)n)};
}

static void random_record(struct plain_record *r, char room[64][256])
{
    size_t used = 0;
    *r = (struct plain_record){0};
    for (enum policy_field f = POLICY_BODY; f <= POLICY_EVENT_NAME; f++)
        if (below(3)) r->fields[f] = random_value(room[used++], 256);
    for (unsigned s = 0; s < 3; s++)
        for (uint32_t n = below(7); n--;) {
            struct slice key = slice_str(PICK(keys));
            if (plain_attribute_of(r, s, &key, 1).type == DATUM_ABSENT) plain_add(r, s, key, random_value(room[used++], 256));
        }
    struct slice service = SLICE("service.name");
    if (below(2) && plain_attribute_of(r, POLICY_RESOURCE, &service, 1).type == DATUM_ABSENT)
        plain_add(r, POLICY_RESOURCE, service,
                  (struct datum){.type = DATUM_STRING, .text = below(2) ? SLICE("checkout") : SLICE("orders")});
}

static size_t compare_on(struct evaluation *indexed, struct evaluation *plain, struct plain_record *r, int64_t now)
{
    struct verdict a = evaluate_log(indexed, &plain_ops, r, now), b = evaluate_log(plain, &plain_ops, r, now);
    assert_int_equal(a.matched_count, b.matched_count);
    assert_true(a.matched_count == 0 || memcmp(a.matched, b.matched, a.matched_count * sizeof *a.matched) == 0);
    assert_int_equal(a.keep, b.keep);
    assert_int_equal(a.decided_by, b.decided_by);
    assert_true(a.fraction >= b.fraction && a.fraction <= b.fraction);
    return a.matched_count;
}

static void compare_set(uint32_t policies, uint32_t records)
{
    static char room[64][256];
    struct buf text;
    struct plain_record r;
    size_t matches = 0;
    buf_init(&text, 64 << 20);
    put_policies(&text, policies);
    struct policy_set *set = policy_set_new();
    assert_true(policy_set_read(set, buf_view(&text), POLICY_JSON, "random"));
    struct evaluator *e = evaluator_new(set, POLICY_LOG), *f = evaluator_new_plain(set, POLICY_LOG);
    assert_int_equal(evaluator_count(e), policies);
    struct evaluation *a = evaluation_new(e, 0), *b = evaluation_new(f, 0);
    for (uint32_t i = 0; i < records; i++) {
        random_record(&r, room);
        matches += compare_on(a, b, &r, (int64_t)i * 100000000);
    }
    assert_true(matches > records / 4 || policies < 100);
    assert_memory_equal(evaluation_counts(a), evaluation_counts(b), policies * sizeof(struct policy_count));
    evaluation_free(a);
    evaluation_free(b);
    evaluator_free(e);
    evaluator_free(f);
    policy_set_free(set);
    buf_free(&text);
}

static void test_small_sets(void **unused)
{
    (void)unused;
    for (uint32_t i = 0; i < 300; i++) {
        state = i;
        compare_set(1 + below(6), 60);
    }
}

static void test_large_sets(void **unused)
{
    (void)unused;
    state = 42;
    compare_set(300, 1500);
    compare_set(3000, 300);
}

/* k and s have a third form; so has a class with that form in it. */
static void test_folding(void **unused)
{
    (void)unused;
    static const char policies[] =
        "[{id: a, name: a, log: {match: [{log_field: body, contains: kiwi, case_insensitive: true}], keep: all}},"
        "{id: b, name: b, log: {match: [{log_field: body, regex: '(?i)fast'}], keep: all}},"
        "{id: c, name: c, log: {match: [{log_field: body, regex: '[kK\\x{212A}]iwi'}], keep: all}},"
        "{id: d, name: d, log: {match: [{log_field: body, exact: '\xE2\x84\xAAiwi fa\xC5\xBFt', case_insensitive: true}], keep: all}},"
        "{id: e, name: e, log: {match: [{log_field: body, regex: '(?i)É.tude'}], keep: all}},"
        "{id: f, name: f, log: {match: [{log_field: body, exact: 'KIWI FAST', case_insensitive: true}], keep: all}}]";
    static const char *const bodies[] = {"kiwi fast", "KIWI FAST", "\xE2\x84\xAAiwi fa\xC5\xBFt", "é-tude", "É-TUDE"};
    static const size_t wanted[] = {5, 4, 5, 1, 1};
    struct policy_set *set = policy_set_new();
    assert_true(policy_set_read(set, SLICE(policies), POLICY_YAML, "folding"));
    struct evaluator *e = evaluator_new(set, POLICY_LOG), *f = evaluator_new_plain(set, POLICY_LOG);
    assert_int_equal(evaluator_count(e), 6);
    struct evaluation *a = evaluation_new(e, 0), *b = evaluation_new(f, 0);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct plain_record r = {.fields[POLICY_BODY] = datum_text(slice_str(bodies[i]))};
        assert_int_equal(compare_on(a, b, &r, 0), wanted[i]);
    }
    evaluation_free(a);
    evaluation_free(b);
    evaluator_free(e);
    evaluator_free(f);
    policy_set_free(set);
}

static void test_none(void **unused)
{
    (void)unused;
    struct policy_set *set = policy_set_new();
    struct evaluator *e = evaluator_new(set, POLICY_LOG);
    struct evaluation *v = evaluation_new(e, 0);
    struct plain_record r = {.fields[POLICY_BODY] = {.type = DATUM_STRING, .text = SLICE("abc")}};
    struct verdict d = evaluate_log(v, &plain_ops, &r, 0);
    assert_true(d.keep);
    assert_int_equal(d.decided_by, NO_POLICY);
    evaluation_free(v);
    evaluator_free(e);
    policy_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_small_sets), cmocka_unit_test(test_large_sets), cmocka_unit_test(test_folding),
                                       cmocka_unit_test(test_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
