/* Live previews: what they count, what they keep, what they show, and how they end. */
#include "base/clock.h"
#include "base/die.h"
#include "control-plane/ingest/otlp.h"
#include "control-plane/tap/ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

struct fixture {
    struct catalog *catalog;
    struct batch *batch;
    struct taps *taps;
    struct id128 id;
};

static int setup(void **state)
{
    struct fixture *f = xcalloc(1, sizeof *f);
    f->catalog = catalog_new(NULL);
    f->batch = batch_new(f->catalog);
    f->taps = taps_new(f->catalog);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    taps_free(f->taps);
    batch_free(f->batch);
    catalog_free(f->catalog);
    free(f);
    return 0;
}

static struct tap_options options(const char *policies)
{
    struct tap_options o = {.owner = "uid:1", .account = 1, .single = true, .seconds = 60, .records = 100};
    o.set = policy_set_new();
    assert_true(policy_set_read(o.set, slice_str(policies), POLICY_ANY, "test"));
    for (size_t i = 0; i < o.set->count; i++) assert_true(policy_valid(o.set->policies[i]));
    return o;
}

static void start(struct fixture *f, struct tap_options o)
{
    f->id = (struct id128){7, f->id.lo + 1};
    assert_int_equal(taps_prepare(f->taps, &o, f->id), TAP_READY);
    taps_begin(f->taps, f->id);
}

static void post(struct fixture *f, const char *service, const char *record)
{
    char text[8192];
    struct otlp_outcome outcome;
    snprintf(text, sizeof text,
             "{'resourceLogs':[{'resource':{'attributes':[{'key':'service.name','value':{'stringValue':'%s'}}]},"
             "'scopeLogs':[{'logRecords':[%s]}]}]}",
             service, record);
    for (char *p = text; *p; p++)
        if (*p == '\'') *p = '"';
    otlp_logs_watched(slice_str(text), OTLP_JSON, clock_now(), f->batch, &outcome, taps_watch(f->taps));
    if (!outcome.ok || outcome.accepted != 1) fail_msg("%s: %s", outcome.message, text);
}

static struct tap_view look(struct fixture *f, uint64_t after, size_t count)
{
    struct tap_view v;
    assert_true(taps_view(f->taps, f->id, "uid:1", after, count, &v));
    return v;
}

static struct tap_counts counts(struct fixture *f)
{
    struct tap_status s;
    assert_true(taps_find(f->taps, f->id, &s));
    return s.counts;
}

/* All of a record as one line: "path=before>after ..." */
static const char *line_of(const struct tap_record *r)
{
    static char line[16384];
    size_t n = 0;
    for (uint32_t i = 0; i < r->field_count; i++) {
        const struct tap_field *f = &r->fields[i];
        struct slice path = tap_text(r, f->path), before = tap_text(r, f->before), after = tap_text(r, f->after);
        for (size_t c = 0; c < path.len; c++) line[n++] = path.ptr[c] ? path.ptr[c] : c + 1 < path.len ? '/' : '=';
        n += (size_t)snprintf(line + n, sizeof line - n, "%.*s>%.*s;", (int)before.len, before.ptr ? before.ptr : "", (int)after.len,
                              after.ptr ? after.ptr : "");
    }
    line[n] = '\0';
    return line;
}

static void expect(struct fixture *f, const char *wanted)
{
    struct tap_view v = look(f, 0, 200);
    assert_true(v.count > 0);
    assert_string_equal(line_of(v.records[v.count - 1]), wanted);
    tap_view_free(&v);
}

#define DROP "id: d\nname: d\nlog: {match: [{log_field: body, contains: drop}], keep: none}\n"
#define REDACT                                                                                                                             \
    "id: r\nname: r\nlog: {match: [{log_field: body, exists: true}], transform: {remove: [{log_attribute: gone}], redact: ["               \
    "{log_field: body, regex: '[0-9]{12,}', replacement: '[CARD]'}, {log_attribute: mail, replacement: '***'}],"                           \
    " rename: [{from_log_attribute: old, to: new}], add: [{log_attribute: put, value: here}]}}\n"
#define ATTRIBUTES                                                                                                                         \
    "'attributes':[{'key':'gone','value':{'stringValue':'hunter2'}},{'key':'mail','value':{'stringValue':'ann@example.org'}},"             \
    "{'key':'old','value':{'intValue':5}},{'key':'secretkey','value':{'stringValue':'some words here'}}]"
#define CARD "{'severityText':'INFO','body':{'stringValue':'pay by card 4111111111111111 accepted'}," ATTRIBUTES "}"

static void nothing_is_seen_before_it_begins(void **state)
{
    struct fixture *f = *state;
    struct tap_options o = options(DROP);
    f->id = (struct id128){7, 1};
    assert_null(taps_watch(f->taps));
    assert_int_equal(taps_prepare(f->taps, &o, f->id), TAP_READY);
    assert_null(taps_watch(f->taps));
    post(f, "a", "{'body':{'stringValue':'drop this'}}");
    assert_int_equal(counts(f).seen, 0);
    taps_begin(f->taps, f->id);
    assert_non_null(taps_watch(f->taps));
    post(f, "a", "{'body':{'stringValue':'drop this'}}");
    post(f, "a", "{'body':{'stringValue':'leave this'}}");
    assert_int_equal(counts(f).seen, 2);
    assert_int_equal(counts(f).outcomes[TAP_DROPPED], 1);
    taps_end(f->taps, f->id, TAP_STOPPED);
    assert_null(taps_watch(f->taps));
    struct tap_view v = look(f, 0, 200);
    assert_int_equal(v.count, 0);
    assert_int_equal(v.status.state, TAP_ENDED);
    assert_int_equal(v.status.end, TAP_STOPPED);
    assert_int_equal(v.status.counts.seen, 2);
    tap_view_free(&v);
}

static void one_that_never_began_never_sees(void **state)
{
    struct fixture *f = *state;
    struct tap_options o = options(DROP);
    f->id = (struct id128){7, 1};
    assert_int_equal(taps_prepare(f->taps, &o, f->id), TAP_READY);
    taps_end(f->taps, f->id, TAP_NEVER_BEGAN);
    taps_begin(f->taps, f->id);
    assert_null(taps_watch(f->taps));
}

static void masked(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 3; i++) post(f, "pay", CARD);
    start(f, options(REDACT));
    post(f, "pay", CARD);
    expect(f, "severity_text=INFO>INFO;body=pay by card <*> accepted>pay by card [CARD] accepted;attributes/gone=<word 7>>;"
              "attributes/mail=<email 15>>***;attributes/old=<int>><int>;attributes/secretkey=<text 15>><text 15>;attributes/put=>here;"
              "resource/service.name=pay>pay;");
    assert_int_equal(counts(f).redacted, 2);
    assert_int_equal(counts(f).removed, 1);
    assert_int_equal(counts(f).moved, 1);
    assert_int_equal(counts(f).added, 1);
    assert_int_equal(counts(f).changed, 1);
}

static void names_and_words_of_one_record_are_withheld(void **state)
{
    struct fixture *f = *state;
    start(f, options("id: r\nname: r\nlog: {match: [{log_field: body, exists: true}], transform: {remove: [{log_attribute: told}]}}\n"));
    post(f, "pay",
         "{'body':{'stringValue':'zebra crossing'},'attributes':[{'key':'told','value':{'intValue':1}},"
         "{'key':'untold','value':{'intValue':1}}]}");
    expect(f, "body=<?> <?>><?> <?>;attributes/told=<int>>;attributes/<?>=<int>><int>;resource/service.name=pay>pay;");
}

static void revealed_from_then_on(void **state)
{
    struct fixture *f = *state;
    start(f, options(REDACT));
    post(f, "pay", CARD);
    taps_reveal(f->taps, f->id);
    post(f, "pay", CARD);
    expect(f, "severity_text=INFO>INFO;body=pay by card 4111111111111111 accepted>pay by card [CARD] accepted;attributes/gone=hunter2>;"
              "attributes/mail=ann@example.org>***;attributes/old=5>5;attributes/secretkey=some words here>some words here;"
              "attributes/put=>here;resource/service.name=pay>pay;");
    struct tap_view v = look(f, 0, 1);
    assert_true(v.records[0]->masked);
    assert_null(strstr(line_of(v.records[0]), "hunter2"));
    tap_view_free(&v);
    taps_end_account(f->taps, 1, true);
    v = look(f, 0, 200);
    assert_int_equal(v.count, 0);
    assert_int_equal(v.status.end, TAP_FORBIDDEN);
    tap_view_free(&v);
}

static void the_oldest_give_way(void **state)
{
    struct fixture *f = *state;
    struct tap_options o = options(DROP);
    o.records = 5;
    start(f, o);
    for (int i = 0; i < 20; i++) post(f, "a", "{'body':{'stringValue':'drop this'}}");
    struct tap_view v = look(f, 0, 200);
    assert_int_equal(v.count, 5);
    assert_int_equal(v.records[0]->sequence, 16);
    tap_view_free(&v);
    v = look(f, 18, 1);
    assert_int_equal(v.count, 1);
    assert_int_equal(v.records[0]->sequence, 19);
    tap_view_free(&v);
}

static void too_many_are_counted_only(void **state)
{
    struct fixture *f = *state;
    struct tap_options o = options(DROP);
    o.records = 200;
    start(f, o);
    for (int i = 0; i < TAP_EXAMINED_SECOND * 3; i++) post(f, "a", "{'body':{'stringValue':'drop this'}}");
    struct tap_counts c = counts(f);
    assert_int_equal(c.seen, TAP_EXAMINED_SECOND * 3);
    assert_int_equal(c.matched + c.skipped, c.seen);
    struct tap_view v = look(f, 0, 0);
    assert_int_equal(v.status.last_sequence + c.unkept, c.matched);
    tap_view_free(&v);
    assert_true(c.unkept > 0);
}

static void large_records_are_cut(void **state)
{
    struct fixture *f = *state;
    struct buf json;
    struct otlp_outcome outcome;
    struct tap_options o = options(REDACT);
    o.reveal = true;
    start(f, o);
    buf_init(&json, 64 << 20);
    buf_str(&json, "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"");
    for (int i = 0; i < 20000; i++) buf_str(&json, "words ");
    buf_str(&json, "\"},\"attributes\":[");
    for (int i = 0; i < 900; i++)
        buf_printf(&json, "%s{\"key\":\"k%d\",\"value\":{\"stringValue\":\"some value of it\"}}", i ? "," : "", i);
    buf_str(&json, "]}]}]}]}");
    otlp_logs_watched(buf_view(&json), OTLP_JSON, 1, f->batch, &outcome, taps_watch(f->taps));
    assert_true(outcome.ok);
    buf_free(&json);
    struct tap_view v = look(f, 0, 200);
    assert_int_equal(v.count, 1);
    assert_true(v.records[0]->truncated);
    assert_in_range(v.records[0]->size, 1000, TAP_RECORD_BYTES);
    tap_view_free(&v);
}

static void huge_records_are_not_judged(void **state)
{
    struct fixture *f = *state;
    struct buf json;
    struct otlp_outcome outcome;
    start(f, options(REDACT));
    buf_init(&json, 64 << 20);
    buf_str(&json, "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"");
    for (int i = 0; i < 200000; i++) buf_str(&json, "words ");
    buf_str(&json, "\"}}]}]}]}");
    otlp_logs_watched(buf_view(&json), OTLP_JSON, 1, f->batch, &outcome, taps_watch(f->taps));
    assert_true(outcome.ok);
    buf_free(&json);
    assert_int_equal(counts(f).seen, 1);
    assert_int_equal(counts(f).skipped, 1);
    assert_int_equal(counts(f).matched, 0);
}

static void filters(void **state)
{
    struct fixture *f = *state;
    struct id128 service, event;
    post(f, "shop", "{'body':{'stringValue':'drop this'}}");
    batch_last(f->batch, &service, &event);
    struct tap_options o = options(DROP);
    o.service = service;
    start(f, o);
    post(f, "shop", "{'body':{'stringValue':'drop this'}}");
    post(f, "other", "{'body':{'stringValue':'drop this'}}");
    assert_int_equal(counts(f).seen, 1);
    o = options(DROP);
    o.event = event;
    start(f, o);
    post(f, "shop", "{'body':{'stringValue':'drop this'}}");
    post(f, "shop", "{'body':{'stringValue':'another drop happened'}}");
    assert_int_equal(counts(f).seen, 1);
}

static void several_and_no_more(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < TAPS_MOST; i++) start(f, options(DROP));
    struct tap_options o = options(DROP);
    assert_int_equal(taps_prepare(f->taps, &o, (struct id128){9, 9}), TAP_TOO_MANY);
    struct tap_status list[TAPS_MOST];
    assert_int_equal(taps_list(f->taps, 1, list), TAPS_MOST);
    assert_int_equal(taps_list(f->taps, 2, list), 0);
    taps_end(f->taps, f->id, TAP_STOPPED);
    o = options(DROP);
    assert_int_equal(taps_prepare(f->taps, &o, (struct id128){9, 9}), TAP_READY);
}

static void only_the_owner_looks(void **state)
{
    struct fixture *f = *state;
    struct tap_view v;
    start(f, options(DROP));
    assert_false(taps_view(f->taps, f->id, "uid:2", 0, 10, &v));
    assert_false(taps_view(f->taps, (struct id128){1, 1}, "uid:1", 0, 10, &v));
}

/* ---- the ring ---- */

static void the_ring_keeps_the_last(void **unused)
{
    enum { SIZE = 4096, MOST = 40 };
    static union {
        char bytes[SIZE];
        struct tap_record align;
    } memory;
    struct ring r;
    uint64_t state = 1;
    (void)unused;
    ring_init(&r, memory.bytes, SIZE, MOST);
    for (uint64_t n = 1; n < 20000; n++) {
        union {
            char bytes[1600];
            struct tap_record record;
        } block;
        state = state * UINT64_C(6364136223846793005) + 1;
        size_t len = sizeof(struct tap_record) + (state >> 40) % (n % 3 ? 100 : 1400);
        memset(block.bytes, (int)(n & 0x3F) + 1, sizeof block.bytes);
        block.record.sequence = n;
        block.record.size = len;
        assert_true(ring_add(&r, block.bytes, len));
        assert_in_range(r.count, 1, MOST);
        for (size_t i = 0; i < r.count; i++) {
            const struct tap_record *at = ring_at(&r, i);
            assert_int_equal(at->sequence, n - r.count + 1 + i);
            assert_int_equal(((const char *)at)[at->size - 1], (int)(at->sequence & 0x3F) + 1);
        }
    }
    assert_false(ring_add(&r, memory.bytes, SIZE + 1));
}

static void the_ring_wipes(void **unused)
{
    static union {
        char bytes[1024];
        struct tap_record align;
    } memory;
    struct ring r;
    char block[300];
    (void)unused;
    ring_init(&r, memory.bytes, sizeof memory.bytes, 1);
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 10; i++) assert_true(ring_add(&r, block, sizeof block));
    size_t left = 0;
    for (size_t i = 0; i < sizeof memory.bytes; i++) left += memory.bytes[i] == 'x';
    assert_int_equal(left, sizeof block);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(nothing_is_seen_before_it_begins),
                                       TEST(one_that_never_began_never_sees),
                                       TEST(masked),
                                       TEST(names_and_words_of_one_record_are_withheld),
                                       TEST(revealed_from_then_on),
                                       TEST(the_oldest_give_way),
                                       TEST(too_many_are_counted_only),
                                       TEST(large_records_are_cut),
                                       TEST(huge_records_are_not_judged),
                                       TEST(filters),
                                       TEST(several_and_no_more),
                                       TEST(only_the_owner_looks),
                                       cmocka_unit_test(the_ring_keeps_the_last),
                                       cmocka_unit_test(the_ring_wipes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
