/* What a batch gives out: counters, words that became known, and never a value. */
#include "tests/unit/control-plane-catalog/lib.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static struct catalog *catalog;
static struct batch *batch;

static int begin(void **state)
{
    (void)state;
    catalog = catalog_new(&(struct catalog_options){.key = 3});
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

static const struct delta *only_delta(void)
{
    const struct delta *deltas;
    assert_int_equal(batch_deltas(batch, &deltas), 1);
    return deltas;
}

static void counts_by_hour_and_severity(void **state)
{
    (void)state;
    const struct delta *d;
    add(batch, "shop", "ERROR cart 1 lost", 5 * NS_PER_HOUR);
    add(batch, "shop", "ERROR cart 2 lost", 5 * NS_PER_HOUR + 9);
    add(batch, "shop", "ERROR cart 3 lost", 7 * NS_PER_HOUR);
    add(batch, "till", "ERROR cart 3 lost", 7 * NS_PER_HOUR);
    assert_int_equal(batch_records(batch), 4);
    assert_int_equal(batch_bytes(batch), 4 * 17);
    assert_int_equal(batch_deltas(batch, &d), 3);
    assert_int_equal(d[0].events, 2);
    assert_int_equal(d[0].hour, 5);
    assert_int_equal(d[0].by_severity[SEVERITY_ERROR], 2);
    assert_int_equal(d[0].last_ns - d[0].first_ns, 9);
    assert_memory_equal(&d[0].event_id, &d[1].event_id, sizeof d[0].event_id);
    assert_memory_not_equal(&d[1].event_id, &d[2].event_id, sizeof d[0].event_id);
    assert_memory_not_equal(&d[1].service_id, &d[2].service_id, sizeof d[0].service_id);
    batch_clear(batch);
    assert_int_equal(batch_deltas(batch, &d), 0);
}

static void words_become_known(void **state)
{
    (void)state;
    for (int i = 1; i <= 3; i++) {
        add(batch, "shop", "cart cart 7 lost", i);
        const struct delta *d = only_delta();
        assert_int_equal(d->words_withheld, i < 3);
        assert_int_equal(d->template.len, strlen(i < 3 ? "<?> <?> <*> <?>" : "cart cart <*> lost"));
        assert_true(slice_is(d->name, i < 3 ? "event" : "cart_cart_lost"));
    }
    batch_clear(batch);
    add(batch, "shop", "cart 8 found", 9);
    const struct delta *d = only_delta();
    assert_true(slice_is(d->template, "cart <*> <?>"));
    assert_true(slice_is(d->name, "cart"));
}

static void severity_is_no_identity(void **state)
{
    (void)state;
    struct log_record r = {.body = SLICE("connection reset by peer"), .service = SLICE("x")};
    for (int n = 9; n <= 17; n += 4) {
        r.severity_number = n;
        batch_add(batch, &r);
    }
    const struct delta *d = only_delta();
    assert_int_equal(d->by_severity[SEVERITY_INFO], 1);
    assert_int_equal(d->by_severity[SEVERITY_WARN], 1);
    assert_int_equal(d->by_severity[SEVERITY_ERROR], 1);
}

static void event_name_is_identity(void **state)
{
    (void)state;
    const struct delta *d;
    struct log_record r = {.event_name = SLICE("shop.cart.abandoned"), .service = SLICE("x"), .body = SLICE("cart 7 of ann")};
    for (int i = 0; i < 3; i++) batch_add(batch, &r);
    r.body = SLICE("something else");
    batch_add(batch, &r);
    assert_true(slice_is(only_delta()->template, "shop.cart.abandoned"));
    assert_true(slice_is(only_delta()->name, "shop_cart_abandoned"));
    r.event_name = SLICE("free text of any kind, ann's");
    batch_add(batch, &r);
    r.event_name = SLICE("order-88213-AKIAIOSFODNN7EXAMPLE");
    for (int i = 0; i < 9; i++) batch_add(batch, &r);
    size_t n = batch_deltas(batch, &d);
    assert_int_equal(n, 3);
    assert_null(memmem(d[2].template.ptr, d[2].template.len, "88213", 5));
}

static void fragments_are_told(void **state)
{
    (void)state;
    const struct delta *d;
    add(batch, "x", "\tat org.example.Thing.run(Thing.java:12)", 1);
    add(batch, "x", "thing ran well", 1);
    assert_int_equal(batch_deltas(batch, &d), 2);
    assert_true(d[0].fragment);
    assert_false(d[1].fragment);
}

static void maps_are_their_message_or_their_keys(void **state)
{
    (void)state;
    const struct delta *d;
    struct field with[] = {{SLICE("user"), VALUE_STRING, SLICE("ann")},
                           {SLICE("message"), VALUE_STRING, SLICE("cart 7 lost")},
                           {SLICE("level"), VALUE_STRING, SLICE("warn")}};
    struct field without[] = {
        {SLICE("b[]"), VALUE_STRING, SLICE("ann")}, {SLICE("b[]"), VALUE_STRING, SLICE("bob")}, {SLICE("a.c"), VALUE_INT, SLICE("4")}};
    struct log_record r = {.service = SLICE("x"), .body_fields = with, .body_field_count = 3};
    for (int i = 0; i < 3; i++) batch_add(batch, &r);
    r.body_fields = without;
    for (int i = 0; i < 3; i++) batch_add(batch, &r);
    assert_int_equal(batch_deltas(batch, &d), 2);
    assert_true(slice_is(d[0].template, "cart <*> lost"));
    assert_int_equal(d[0].by_severity[SEVERITY_WARN], 3);
    assert_true(slice_is(d[1].template, "a.c=<*> b[]=<*>"));
}

/* Each holds a secret; told as often as one likes, none may come out. */
static const char *const carriers[] = {
    "password: %s",
    "password = %s now",
    "login failed, password=%s for ann",
    "db_password: \"%s\"",
    "the token is %s",
    "the password was %s today",
    "password %s rejected",
    "Authorization: Bearer %s",
    "Authorization: Basic %s",
    "authorization=%s",
    "Cookie: sid=%s; theme=%s",
    "x-api-key: %s",
    "apiKey => %s",
    "secretKey=%s,next=1",
    "passwd='%s and more' done",
    "fetch https://ann:%s@example.org/x ok",
    "jdbc:pg://h/db?user=ann&password=%s",
    "run tool --password %s --host here",
    "run tool --token=%s",
    "{\"msg\":\"login\",\"password\":\"%s\"}",
    "{\"password\":\"%s\",\"nested\":{\"token\":\"%s\"}}",
    "{\"msg\":\"login with password %s went on\"}",
    "{\"msg\":\"saw password=%s\",\"list\":[\"%s\"]}",
    "level=info msg=\"password: %s\" token=%s",
    "user=ann pw=%s",
    "Failed: bad password %s\n\tat a.b.C.d(C.java:1)\n\tat %s",
    "Traceback (most recent call last):\n  File \"/x/%s.py\", line 1\nAuthError: token=%s",
    "the note said \"%s\" again",
    "credentials: %s, kept",
    "mail from %s@example.org came",
    "Invalid user %s from 10.0.0.1",
    "session opened for user %s by (uid=0)",
    "config: {\"secret\":\"%s\"} read",
    "passphrase:%s",
    "PASSWORD=%s",
    "set password to: %s",
};
static const char *const secrets[] = {"swordfishlagoon", "Tr0ub4dor&3xyz", "hunterhunter", "qWzRtPlKjHgFdSaMnBvC"};
/* Alone in a text: their own shape tells. */
static const char *const shapes[] = {
    "AKIAIOSFODNN7EXAMPLE",
    "wJalrXUtnFEMIKMDENGbPxRfiCYEXAMPLEKEY",
    "ghp_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ",
    "xoxb-abcdefghijkl-abcdefghijklmnop",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdef",
    "4111111111111111",
    "4111-1111-1111-1111",
    "GB82WEST12345698765432",
    "078-05-1120",
    "ann.smith@example.org",
    "postgres://ann:lagoon@db/prod",
    "qWzRtPlKjHgFdSaMnBvC",
    "zxkqwvjhgfpd",
    "d41d8cd98f00b204e9800998ecf8427e",
    "deadbeefcafebabe",
    "-----BEGIN PRIVATE KEY-----MIIEvQ",
    "+4915112345678",
};

static void assert_kept_out(const char *secret)
{
    const struct delta *d;
    size_t n = batch_deltas(batch, &d), len = strlen(secret);
    for (size_t i = 0; i < n; i++) {
        bool told = memmem(d[i].template.ptr, d[i].template.len, secret, len) || memmem(d[i].name.ptr, d[i].name.len, secret, len) ||
                    strcasestr(d[i].name.ptr, secret);
        if (told) fail_msg("\"%s\" came out: %.*s (%s)", secret, (int)d[i].template.len, d[i].template.ptr, d[i].name.ptr);
    }
}

static void secrets_stay_out(void **state)
{
    (void)state;
    char line[512];
    for (size_t s = 0; s < sizeof secrets / sizeof *secrets; s++) {
        for (size_t c = 0; c < sizeof carriers / sizeof *carriers; c++) {
            snprintf(line, sizeof line, carriers[c], secrets[s], secrets[s]);
            for (int i = 0; i < 50; i++) add(batch, "shop", line, i);
            assert_kept_out(secrets[s]);
        }
    }
}

static void secrets_are_known_by_their_shape(void **state)
{
    (void)state;
    static const char *const texts[] = {"%s",       "got %s here", "value %s, next",        "(%s)",
                                        "%s: seen", "{\"%s\":1}",  "{\"k\":{\"%s\":true}}", "a:%s:b"};
    char line[512];
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        for (size_t c = 0; c < sizeof texts / sizeof *texts; c++) {
            snprintf(line, sizeof line, texts[c], shapes[s]);
            for (int i = 0; i < 50; i++) add(batch, "shop", line, i);
            assert_kept_out(shapes[s]);
        }
    }
}

static void event_names_hide_secrets(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        struct log_record r = {.event_name = slice_str(shapes[s]), .service = SLICE("x"), .body = slice_str(shapes[s])};
        for (int i = 0; i < 50; i++) batch_add(batch, &r);
        assert_kept_out(shapes[s]);
    }
}

static void a_text_said_once_is_withheld(void **state)
{
    (void)state;
    static const char *const once[] = {"lagoon", "swordfish", "marmalade", "umbrella", "pineapple"};
    char line[100];
    for (int i = 0; i < 2000; i++) {
        snprintf(line, sizeof line, "plain message number %d with constant words", i);
        add(batch, "shop", line, i);
    }
    for (size_t i = 0; i < 5; i++) {
        snprintf(line, sizeof line, "my dear %s and the other thing %s", once[i], once[i]);
        add(batch, "shop", line, 1);
    }
    for (size_t i = 0; i < 5; i++) assert_kept_out(once[i]);
}

static void rare_words_stay_rare_in_a_flood(void **state)
{
    (void)state;
    struct words *words = words_new(3, (size_t)1 << 20);
    size_t wrong = 0;
    for (uint64_t i = 0; i < 400000; i++) wrong += words_seen(words, hash64(&i, sizeof i, 9));
    assert_in_range(wrong, 0, 4);
    uint64_t often = 77;
    words_seen(words, often);
    words_seen(words, often);
    assert_true(words_seen(words, often));
    assert_true(words_known(words, often));
    words_free(words);
}

static void ids_differ_between_workspaces(void **state)
{
    (void)state;
    struct catalog *other = catalog_new(&(struct catalog_options){.key = 4});
    struct batch *b = batch_new(other);
    const struct delta *d;
    add(batch, "shop", "cart 1 lost", 1);
    add(b, "shop", "cart 1 lost", 1);
    assert_int_equal(batch_deltas(b, &d), 1);
    assert_memory_not_equal(&d->event_id, &only_delta()->event_id, sizeof d->event_id);
    batch_free(b);
    catalog_free(other);
}

static void *fill(void *context)
{
    struct batch *b = context;
    char line[100];
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 2000; i++) {
            snprintf(line, sizeof line, "%s moved thing %d of %d", i % 2 ? "left arm" : "right arm", i, round);
            add(b, i % 3 ? "shop" : "till", line, i);
        }
        const struct delta *d;
        if (batch_deltas(b, &d) != 4) return context;
        if (round < 4) batch_clear(b);
    }
    return NULL;
}

static void threads_share_a_catalog(void **state)
{
    (void)state;
    struct batch *batches[3] = {batch, batch_new(catalog), batch_new(catalog)};
    pthread_t threads[3];
    const struct delta *d[3];
    for (int i = 0; i < 3; i++) assert_int_equal(pthread_create(&threads[i], NULL, fill, batches[i]), 0);
    for (int i = 0; i < 3; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
        batch_deltas(batches[i], &d[i]);
    }
    for (int k = 0; k < 4; k++) assert_memory_equal(&d[0][k].event_id, &d[1][k].event_id, sizeof d[0][k].event_id);
    batch_free(batches[1]);
    batch_free(batches[2]);
}

static void wrong_input_gives_clean_output(void **state)
{
    (void)state;
    const struct delta *d;
    struct log_record r = {.service = SLICE("sh\xFFop\n\x1b[31m"), .body = SLICE("caf\xC3 \xF0\x9F bad")};
    for (int i = 0; i < 3; i++) batch_add(batch, &r);
    r = (struct log_record){0};
    batch_add(batch, &r);
    size_t n = batch_deltas(batch, &d);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_true(utf8_valid(d[i].template) && utf8_valid(d[i].service));
        assert_null(memchr(d[i].service.ptr, '\n', d[i].service.len));
    }
    assert_true(slice_is(d[1].service, "unknown_service"));
}

static void many_services_and_patterns(void **state)
{
    (void)state;
    const struct delta *d;
    char service[32], line[64];
    for (int i = 0; i < 3000; i++) {
        snprintf(service, sizeof service, "svc-%d\xFF", i % 1500);
        snprintf(line, sizeof line, "part %s is here", i < 1500 ? "one" : "two");
        add(batch, service, line, 1);
    }
    assert_int_equal(batch_deltas(batch, &d), 3000);
    batch_clear(batch);
    for (int i = 0; i < 3000; i++) add(batch, "svc-\xFF", "part one is here", 1);
    assert_int_equal(only_delta()->events, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counts_by_hour_and_severity, begin, end),
        cmocka_unit_test_setup_teardown(words_become_known, begin, end),
        cmocka_unit_test_setup_teardown(severity_is_no_identity, begin, end),
        cmocka_unit_test_setup_teardown(event_name_is_identity, begin, end),
        cmocka_unit_test_setup_teardown(fragments_are_told, begin, end),
        cmocka_unit_test_setup_teardown(maps_are_their_message_or_their_keys, begin, end),
        cmocka_unit_test_setup_teardown(secrets_stay_out, begin, end),
        cmocka_unit_test_setup_teardown(secrets_are_known_by_their_shape, begin, end),
        cmocka_unit_test_setup_teardown(event_names_hide_secrets, begin, end),
        cmocka_unit_test_setup_teardown(a_text_said_once_is_withheld, begin, end),
        cmocka_unit_test(rare_words_stay_rare_in_a_flood),
        cmocka_unit_test_setup_teardown(ids_differ_between_workspaces, begin, end),
        cmocka_unit_test_setup_teardown(threads_share_a_catalog, begin, end),
        cmocka_unit_test_setup_teardown(many_services_and_patterns, begin, end),
        cmocka_unit_test_setup_teardown(wrong_input_gives_clean_output, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
