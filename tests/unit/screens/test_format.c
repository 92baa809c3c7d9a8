#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "screens/format.h"

#include <math.h>
#include <string.h>

struct number_case {
    double value;
    const char *text;
};

static void check(void (*format)(char[FORMAT_SIZE], double), const struct number_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[FORMAT_SIZE];
        format(text, cases[i].value);
        assert_string_equal(text, cases[i].text);
    }
}
#define CHECK(format, cases) check(format, cases, sizeof(cases) / sizeof *(cases))

static void counts(void **state)
{
    (void)state;
    static const struct number_case cases[] = {
        {0, "0"},          {0.01, "< 0.1"}, {0.3, "0.3"}, {9.94, "9.9"},   {9.96, "10"},        {42.7, "43"},       {999, "999"},
        {999.4, "999"},    {999.96, "1K"},  {1000, "1K"}, {5000, "5K"},    {31449, "31.4K"},    {999949, "999.9K"}, {999950, "1M"},
        {2100000, "2.1M"}, {1.6e9, "1.6B"}, {2e12, "2T"}, {5e15, "5000T"}, {-2100000, "-2.1M"}, {NAN, "?"},         {INFINITY, "?"},
    };
    CHECK(format_count, cases);
}

static void sizes(void **state)
{
    (void)state;
    static const struct number_case cases[] = {
        {0, "0 B"},       {0.4, "0 B"},         {900, "900 B"},   {999.4, "999 B"}, {1000, "1 KB"},
        {1500, "1.5 KB"}, {3.619e12, "3.6 TB"}, {9e11, "900 GB"}, {2e18, "2 EB"},
    };
    CHECK(format_bytes, cases);
}

static void money(void **state)
{
    (void)state;
    static const struct number_case cases[] = {
        {0, "$0"},      {0.004, "< $1"},   {0.99, "< $1"},      {1, "$1"},         {920.4, "$920"},
        {999.6, "$1K"}, {31400, "$31.4K"}, {963200, "$963.2K"}, {1.25e6, "$1.3M"}, {-5, "-$5"},
    };
    CHECK(format_money, cases);
}

static void ages(void **state)
{
    (void)state;
    int64_t now = 0;
    assert_true(clock_parse_rfc3339(SLICE("2026-11-23T14:05:06Z"), &now));
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {
        {0, "just now"},           {59, "just now"},      {-59, "just now"},       {60, "1m ago"},
        {12 * 60 + 59, "12m ago"}, {3599, "59m ago"},     {3600, "1h ago"},        {86400, "1d ago"},
        {6 * 86400, "6d ago"},     {14 * 86400, "Nov 9"}, {300 * 86400, "Jan 27"}, {400 * 86400, "2025-10-19"},
        {-300, "in 5m"},           {-90000, "in 1d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[FORMAT_SIZE];
        format_age(text, now - cases[i].seconds * NS_PER_SECOND, now);
        assert_string_equal(text, cases[i].text);
    }
}

static void numbers_are_read(void **state)
{
    (void)state;
    static const struct number_case good[] = {{100, "100"}, {2500, "2.5K"}, {1e9, "1G"}, {3e6, "$3M"}, {1e9, "1b"}, {0, "0"}, {4e12, "4t"}};
    static const char *const bad[] = {
        "", "$", "x", "1KK", "1X", "-1", "1..2", "0x10", "nan", "inf", "1e999", "12345678901234567890123456789012345", " 1"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(format_parse_number(good[i].text, strlen(good[i].text), &value));
        assert_true(value == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(format_parse_number(bad[i], strlen(bad[i]), &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts),           cmocka_unit_test(sizes), cmocka_unit_test(money), cmocka_unit_test(ages),
        cmocka_unit_test(numbers_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
