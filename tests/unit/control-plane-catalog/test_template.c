/* What becomes a value, what folds, what stays within bounds. */
#include "tests/unit/control-plane-catalog/lib.h"

#include "base/utf8.h"

#include <stdlib.h>

struct expected {
    const char *line, *template;
};

static void check(const struct expected *cases)
{
    for (; cases->line; cases++) assert_string_equal(shown(cases->line), cases->template);
}

static void masks_values_by_shape(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"took 35 units", "took <*> units"},
        {"offset -3.5e-07 seen", "offset <*> seen"},
        {"node n17 joined", "node <*> joined"},
        {"mail to ann@example.org sent", "mail to <*> sent"},
        {"open /var/lib/x/y.db now", "open <*> now"},
        {"open ./rel/name: denied", "open <*>: denied"},
        {"open C:\\Users\\Ann\\a.ini: denied", "open <*>: denied"},
        {"fetch https://ann:pw@h.example.org/a?b=c done", "fetch <*> done"},
        {"peer fe80::1%eth0 lost", "peer <*> lost"},
        {"peer [2001:db8::1]:443 lost", "peer <*> lost"},
        {"peer 00:1b:44:11:3a:b7 lost", "peer <*> lost"},
        {"host db.internal.example.org lost", "host <*> lost"},
        {"id 550e8400-e29b-41d4-a716-446655440000 seen", "id <*> seen"},
        {"id deadbeef seen", "id <*> seen"},
        {"id 0xCAFE seen", "id <*> seen"},
        {"ticket #12 closed", "ticket <*> closed"},
        {"waits for lock=held here", "waits for lock=<*> here"},
        {"asks for lock = held here", "asks for lock = <*> here"},
        {"begs for lock= here", "begs for lock=<*> here"},
        {"said \"any words at all\" twice", "said <*> twice"},
        {"said 'any words at all' twice", "said <*> twice"},
        {"can't read it", "can't read it"},
        {"\"GET /a/b?c=d HTTP/1.1\" 200", "\"GET <*>\" <*>"},
        {"payload {\"a\":[1,{\"b\":2}]} kept", "payload <*> kept"},
        {"progress [===>    ] shown", "progress [<*>] shown"},
        {"state......enabled", "state..enabled"},
        {"flag is true", "flag is <*>"},
        {"try three of 5", "try <*> of <*>"},
        {"CPU(3) is slow", "<*> is slow"},
        {"lifetime <1 sec", "lifetime <*>"},
        {"switch<0> on", "switch<<*>> on"},
        {"record=Thing{a1 b=c (d e)} drawn", "record=<*> drawn"},
        {"\xE8\xAE\xA2\xE5\x8D\x95"
         "12345\xE6\x88\x90\xE5\x8A\x9F",
         "\xE8\xAE\xA2\xE5\x8D\x95<*>\xE6\x88\x90\xE5\x8A\x9F"},
        {NULL, NULL},
    };
    check(cases);
}

static void keeps_what_is_constant(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"started re-sync of the tree/torus link", "started re-sync of the tree/torus link"},
        {"init() failed: no such file", "init() failed: no such file"},
        {"Kafka.java says so.", "Kafka.java says so."},
        {"got android.intent.action.SCREEN_ON now", "got android.intent.action.SCREEN_ON now"},
        {"May the force be with it", "May the force be with it"},
        {"a [main] thing", "a [main] thing"},
        {NULL, NULL},
    };
    check(cases);
}

static void folds_neighbours(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"freed 1.2 GB in 35 ms", "freed <*> in <*>"},
        {"freed 12MB in 2m3s", "freed <*> in <*>"},
        {"freed 900\xC2\xB5s", "freed <*>"},
        {"list [1, 2, 3] kept", "list [<*>] kept"},
        {"list [] kept", "list [<*>] kept"},
        {"sent 18846 bytes (18.4 KB) now", "sent <*> now"},
        {"at 2026-11-23 14:18:10,123 sharp", "at <*> sharp"},
        {"at Mon Nov 23 14:18:10 UTC 2026 sharp", "at <*> sharp"},
        {"dump 1 2 3 4 5", "dump <*>"},
        {"[main] INFO ready now", "[<*>] INFO ready now"},
        {"\x1b[32mINFO\x1b[0m ready now", "INFO ready now"},
        {NULL, NULL},
    };
    check(cases);
}

static void masks_people(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"Invalid user mary ann smith from 10.0.0.2", "Invalid user <*> from <*>"},
        {"session closed for user root", "session closed for user <*>"},
        {"refused password for root from 10.0.0.2", "refused password for <*> from <*>"},
        {"check pass; user unknown", "check pass; user unknown"},
        {"\xE7\x94\xA8\xE6\x88\xB7 \xE5\xBC\xA0\xE4\xB8\x89 ok", "\xE7\x94\xA8\xE6\x88\xB7 <*> ok"},
        {NULL, NULL},
    };
    check(cases);
}

static void several_lines_have_one_head(void **state)
{
    (void)state;
    static const struct expected cases[] = {
        {"BadThing: order 7 lost\n\tat a.B.c(B.java:1)\n\tat a.C.d(C.java:2)", "BadThing: order <*> lost"},
        {"BadThing: order 7 lost\\n\\tat a.B.c(B.java:1)", "BadThing: order <*> lost"},
        {"Traceback (most recent call last):\n  File \"/a.py\", line 3, in f\nKeyError: 'x'", "KeyError: <*>"},
        {"\r\n  \nready\r\n", "ready"},
        {NULL, NULL},
    };
    check(cases);
}

static char *repeated(const char *text, size_t times)
{
    size_t n = strlen(text);
    char *all = malloc(n * times + 1);
    for (size_t i = 0; i < times; i++) memcpy(all + i * n, text, n);
    all[n * times] = '\0';
    return all;
}

static void long_input_is_bounded(void **state)
{
    (void)state;
    char *words = repeated("plain words here ", 60000), *block = repeated("x", 1 << 20), *numbers = repeated("12 ", 400);
    struct pattern *p = mined(slice_str(words));
    struct buf out;
    buf_init(&out, 1 << 20);
    pattern_display(p, NULL, &out);
    assert_in_range(out.len, 100, SCAN_BYTES);
    assert_string_equal(shown(block), "<*>");
    assert_string_equal(shown(numbers), "<*>");
    buf_free(&out);
    free(words);
    free(block);
    free(numbers);
}

static void wrong_bytes_are_cleaned(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 4096);
    pattern_display(mined(SLICE("bad \xFF\xC0 bytes \0 and nul\x01 here")), NULL, &out);
    assert_true(utf8_valid(buf_view(&out)));
    assert_null(memchr(out.data, 0, out.len));
    assert_null(memchr(out.data, 1, out.len));
    buf_free(&out);
    assert_string_equal(shown(""), "");
    assert_string_equal(shown(" \t "), "");
}

static void structured_bodies(void **state)
{
    (void)state;
    assert_true(same("{\"msg\":\"job done\",\"id\":1}", "{\"id\":2,\"ok\":true,\"msg\":\"job done\"}"));
    assert_true(same("level=info msg=\"job done\" took=3s", "msg=\"job done\" level=warn"));
    assert_true(same("user=ann action=login ip=::1", "ip=10.0.0.1 user=eve action=logout"));
    assert_true(same("evt=pay amount=3", "evt=pay amount=4 coupon=none"));
    assert_false(same("evt=pay amount=3", "evt=refund amount=3"));
    assert_false(same("{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}"));
    assert_true(same("{\"a\":{\"b\":[1,2]}}", "{\"a\":{\"b\":[]}}"));
    assert_string_equal(shown("{\"fields\":{\"message\":\"node 7 up\"},\"target\":\"x\"}"), "node <*> up");
    assert_string_equal(shown("{\"b\":1,\"a\":{\"c\":null}}"), "a.c=<*> b=<*>");
    assert_string_equal(shown("{\"ann@example.org\":1,\"8842\":2}"), "<*>=<*>");
    assert_string_equal(shown("{\"broken\":"), "{<*>:");
}

static void severities(void **state)
{
    (void)state;
    assert_int_equal(severity_of(9, SLICE("ERROR")), SEVERITY_INFO);
    assert_int_equal(severity_of(24, SLICE("")), SEVERITY_FATAL);
    assert_int_equal(severity_of(25, SLICE("")), SEVERITY_UNSPECIFIED);
    assert_int_equal(severity_of(0, SLICE("Warning")), SEVERITY_WARN);
    assert_int_equal(severity_of(0, SLICE("WARN2")), SEVERITY_WARN);
    assert_int_equal(severity_of(0, SLICE("crit")), SEVERITY_FATAL);
    assert_int_equal(severity_of(0, SLICE("E")), SEVERITY_ERROR);
    assert_int_equal(severity_of(0, SLICE("3")), SEVERITY_ERROR);
    assert_int_equal(severity_of(0, SLICE("30")), SEVERITY_INFO);
    assert_int_equal(severity_of(0, SLICE("apple")), SEVERITY_UNSPECIFIED);
    assert_int_equal(severity_of(0, (struct slice){0}), SEVERITY_UNSPECIFIED);
    assert_string_equal(severity_name(SEVERITY_WARN), "WARN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(masks_values_by_shape, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(keeps_what_is_constant, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(folds_neighbours, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(masks_people, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(several_lines_have_one_head, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(long_input_is_bounded, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(wrong_bytes_are_cleaned, miner_begin, miner_end),
        cmocka_unit_test_setup_teardown(structured_bodies, miner_begin, miner_end),
        cmocka_unit_test(severities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
