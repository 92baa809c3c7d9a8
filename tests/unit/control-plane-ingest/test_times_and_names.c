#include "base/clock.h"
#include "control-plane/ingest/service_name.h"
#include "control-plane/ingest/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static struct timestamps times;

static void expect_time(const char *text, const char *wanted, size_t used_wanted)
{
    int64_t ns;
    size_t used;
    struct buf out;
    if (!timestamp_read(&times, slice_str(text), &ns, &used)) fail_msg("not read: %s", text);
    buf_init(&out, 100);
    clock_rfc3339(&out, ns);
    assert_string_equal(out.data, wanted);
    assert_int_equal(used, used_wanted ? used_wanted : strlen(text));
    buf_free(&out);
}

static void times_in_all_their_forms(void **state)
{
    (void)state;
    const char *const at = "2026-11-23T14:05:06Z", *const fine = "2026-11-23T14:05:06.123Z";
    expect_time("2026-11-23T14:05:06.123Z", fine, 0);
    expect_time("2026-11-23 14:05:06,123 next", fine, 23);
    expect_time("2026-11-23T15:05:06.123+01:00", fine, 0);
    expect_time("2026-11-23 12:05:06 -0200", at, 0);
    expect_time("2026/11/23 14:05:06 [notice]", at, 19);
    expect_time("2026-11-23-14.05.06.123", fine, 0);
    expect_time("20261123-14:05:06:123|x", fine, 21);
    expect_time("20261123T140506Z", at, 0);
    expect_time("261123 140506 148 INFO", at, 13);
    expect_time("26/11/23 14:05:06 INFO", at, 17);
    expect_time("Nov 23 14:05:06 host", at, 15);
    expect_time("Nov  3 14:05:06 host", "2026-11-03T14:05:06Z", 15);
    expect_time("Nov 23 2026 14:05:06", at, 0);
    expect_time("Mon Nov 23 14:05:06.123 2026", fine, 0);
    expect_time("Sun Dec 04 04:47:44 2005] [notice]", "2005-12-04T04:47:44Z", 24);
    expect_time("Mon, 23 Nov 2026 14:05:06 GMT", at, 0);
    expect_time("23/Nov/2026:14:05:06 +0000] \"GET", at, 26);
    expect_time("23-Nov-2026 14:05:06.123 INFO", fine, 24);
    expect_time("I1123 14:05:06.123456 7 a.go:1] x", "2026-11-23T14:05:06.123456Z", 21);
    expect_time("1795442706 x", at, 10);
    expect_time("1795442706.123", fine, 0);
    expect_time("1795442706123", fine, 0);
    expect_time("1795442706123000", fine, 0);
    expect_time("1795442706123000000", fine, 0);
}

static void a_date_without_year_is_in_the_past(void **state)
{
    (void)state;
    expect_time("Nov 24 00:00:00", "2026-11-24T00:00:00Z", 0); /* less than a day ahead */
    expect_time("Nov 25 14:05:06", "2025-11-25T14:05:06Z", 0);
    expect_time("Jan  1 00:00:00", "2026-01-01T00:00:00Z", 0);
    int64_t now = times.now_ns;
    assert_true(clock_parse_rfc3339(SLICE("2026-12-31T23:59:00Z"), &times.now_ns));
    expect_time("Jan  1 00:00:30", "2027-01-01T00:00:30Z", 0);
    times.now_ns = now;
}

static void what_is_no_time(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",           "2026-11-23",  "2026-13-23 14:05:06", "2026-11-23 25:05:06", "Nov 23 14:05",         "12345678901",
        "0123456789", "1795442706x", "Monday morning",      "I am a line",         "23/Foo/2026:14:05:06", "99999999999999999999"};
    int64_t ns;
    size_t used;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (timestamp_read(&times, slice_str(texts[i]), &ns, &used)) fail_msg("read: %s", texts[i]);
}

static void local_times_use_the_zone_of_their_day(void **state)
{
    (void)state;
    struct timestamps here = {.now_ns = times.now_ns};
    int64_t ns, winter, summer;
    size_t used;
    setenv("TZ", "XST-1XDT,M3.5.0,M10.5.0/3", 1);
    tzset();
    assert_true(timestamp_read(&here, SLICE("2026-01-15 12:00:00"), &winter, &used));
    assert_true(timestamp_read(&here, SLICE("2026-07-15 12:00:00"), &summer, &used));
    setenv("TZ", "UTC", 1);
    tzset();
    assert_true(clock_parse_rfc3339(SLICE("2026-01-15T11:00:00Z"), &ns));
    assert_int_equal(winter, ns);
    assert_true(clock_parse_rfc3339(SLICE("2026-07-15T10:00:00Z"), &ns));
    assert_int_equal(summer, ns);
}

static void services_of_files(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"/var/log/nginx/access.log", "nginx"},
        {"/var/log/kern.log", "kern"},
        {"/var/log/kern.log.2.gz", "kern"},
        {"/var/log/syslog", "syslog"},
        {"/var/log/syslog-20261123.gz", "syslog"},
        {"/var/log/app.log.2026-11-23", "app"},
        {"/srv/shop/logs/server.log", "server"},
        {"/srv/shop/logs/cart/0.log", "cart"},
        {"/home/me/output.json", "output"},
        {"/home/me/web-2.jsonl", "web"},
        {"/home/me/run/1.log", "run"},
        {"/var/log/pods/shop_cart-7f_1b2c/cart/0.log", "cart"},
        {"/var/log/containers/cart-7f_shop_cart-9a8b7c.log", "cart"},
        {"/var/log/postgresql/postgresql-15-main.log", "postgresql"},
        {"x", "x"},
        {"/", "unknown_service"},
        {"/9", "unknown_service"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;
        buf_init(&out, 300);
        service_of_path(&out, cases[i][0]);
        assert_string_equal(out.data, cases[i][1]);
        buf_free(&out);
    }
}

static void services_of_units(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"ssh.service", "ssh"},    {"getty@tty1.service", "getty"},
                                           {"session-3.scope", ""},   {"user@1000.service", ""},
                                           {"init.scope", ""},        {"", ""},
                                           {"a.b-c.service", "a.b-c"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) assert_true(slice_is(service_of_unit(slice_str(cases[i][0])), cases[i][1]));
}

static int begin(void **state)
{
    (void)state;
    setenv("TZ", "UTC", 1);
    return clock_parse_rfc3339(SLICE("2026-11-23T14:05:07Z"), &times.now_ns) ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_in_all_their_forms), cmocka_unit_test(a_date_without_year_is_in_the_past),
        cmocka_unit_test(what_is_no_time),          cmocka_unit_test(local_times_use_the_zone_of_their_day),
        cmocka_unit_test(services_of_files),        cmocka_unit_test(services_of_units),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
