/* Each detector: what it must find in any carrier, and the near misses that it must leave alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/hash.h"
#include "control-plane/catalog/sensitive.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* "%": the value. */
static const char *const carriers[] = {
    "%",
    "value % end",
    "k=%",
    "key: % and more",
    "{\"a\":\"%\"}",
    "{\"a\":{\"b\":[\"%\",1]}}",
    "{\\\"a\\\":\\\"%\\\"}",
    "GET /x?q=%&r=1 HTTP/1.1",
    "X-Header: %",
    "\tat com.acme.Shop(%)",
    "'%'",
    "one,%,three",
    "\xE8\xAE\xA2\xE5\x8D\x95%\xE6\x94\xAF\xE4\xBB\x98",
    "[%]",
    "<a>%</a>",
    "a very long beginning of the text, so that the value stands across the border of two windows: % .",
    "first line\nsecond line %\nthird",
};
enum { CARRIERS = sizeof carriers / sizeof *carriers };

static struct buf line;

static uint64_t hits_in(const char *carrier, const char *value, size_t shift)
{
    buf_clear(&line);
    for (size_t i = 0; i < shift; i++) buf_char(&line, i % 7 == 6 ? ' ' : 'x');
    if (shift) buf_char(&line, ' ');
    for (; *carrier; carrier++) {
        if (*carrier == '%') buf_str(&line, value);
        else buf_char(&line, *carrier);
    }
    /* A copy that ends where the text ends: reading beyond is seen by the sanitizer. */
    char *exact = malloc(line.len ? line.len : 1);
    memcpy(exact, line.data, line.len);
    uint64_t hits = sensitive_scan(slice_of(exact, line.len));
    free(exact);
    return hits;
}

static bool holds(uint64_t hits, const char *detector)
{
    int d = sensitive_find(slice_str(detector));
    assert_true(d >= 0);
    return hits >> d & 1;
}

static void found(const char *detector, const char *value)
{
    for (size_t c = 0; c < CARRIERS; c++) {
        for (size_t shift = 0; shift < 130; shift += c ? 13 : 1) {
            if (!holds(hits_in(carriers[c], value, shift), detector)) fail_msg("%s not found: %s", detector, line.data);
        }
    }
}

static void missed(const char *detector, const char *value)
{
    for (size_t c = 0; c < CARRIERS; c++)
        if (holds(hits_in(carriers[c], value, 0), detector)) fail_msg("%s found: %s", detector, line.data);
}

static int begin(void **state)
{
    (void)state;
    buf_init(&line, 1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_free(&line);
    return 0;
}

static void cards(void **state)
{
    (void)state;
    static const char *const good[] = {"4111111111111111",    "5555555555554444",    "2223003122003222", "378282246310005",
                                       "6011111111111117",    "30569309025904",      "3530111333300000", "6200000000000005",
                                       "4111 1111 1111 1111", "4111-1111-1111-1111", "3782 822463 10005"};
    static const char *const bad[] = {
        "4111111111111112",      "411111111111111",     "41111111111111111",  "1111111111111111",
        "0000000000000000",      "9999999999999995",    "1700000000000",      "1700000000000000000",
        "x4111111111111111",     "4111111111111111a",   "4111111111111111_",  "blk_4111111111111111",
        "blk_-4111111111111111", "/4111111111111111/a", "4111111111111111.5", "3f2a5b6c-1234-5678-9abc-def012345678",
        "4111 1111 1111 1112",   "4111 1111-1111 1111", "4111 11111111 1111", "4bf92f3577b34da6a3ce929d0e0e4736"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) found("card_number", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) missed("card_number", bad[i]);
}

/* Every one-digit change of a card fails its checksum. */
static void cards_with_one_digit_changed(void **state)
{
    (void)state;
    char card[] = "4111111111111111";
    for (size_t i = 0; i < sizeof card - 1; i++) {
        for (char c = '0'; c <= '9'; c++) {
            char was = card[i];
            if (c == was) continue;
            card[i] = c;
            assert_false(holds(hits_in("pay % now", card, 0), "card_number"));
            card[i] = was;
        }
    }
}

static void ibans(void **state)
{
    (void)state;
    static const char *const good[] = {"DE89370400440532013000", "GB82WEST12345698765432",      "FR1420041010050500013M02606",
                                       "NO9386011117947",        "DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32"};
    static const char *const bad[] = {"DE89370400440532013001",  "DE8937040044053201300",   "XX89370400440532013000",
                                      "DE893704004405320130000", "ADE89370400440532013000", "DE88370400440532013000"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) found("iban", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) missed("iban", bad[i]);
}

static void social_security_numbers(void **state)
{
    (void)state;
    static const char *const bad[] = {"000-12-3456",  "666-12-3456",  "923-12-3456",  "123-00-4567", "123-45-0000",
                                      "1123-45-6789", "123-45-67890", "2024-01-1234", "123456789",   "078-05-1120",
                                      "555-123-4567", "a123-45-6789", "123-45-6789-1"};
    found("us_ssn", "123-45-6789");
    found("us_ssn", "536-90-4399");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) missed("us_ssn", bad[i]);
}

static void mails(void **state)
{
    (void)state;
    static const char *const good[] = {"ann@example.org", "ann.b+tag@mail.example.co.uk", "A_B-c@x-y.io", "1@a.de"};
    static const char *const bad[] = {
        "icon@2x.png",      "git@github.com:org/repo.git", "lodash@4.17.21",  "@scope/pkg",   "ann@localhost", "ann@", "a@b",
        "image@sha256:abc", "getty@tty1.service",          "Object@1b2c3d4e", "ann@example.c"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) found("email", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) missed("email", bad[i]);
    missed("email", "postgres://ann:pw@db.example.org/x");
}

static void phones(void **state)
{
    (void)state;
    static const char *const good[] = {"+14155552671",  "+1 415 555 2671", "+1 (415) 555-2671",
                                       "+49 30 901820", "+442071838750",   "+4915123456789"};
    static const char *const bad[] = {
        "+0200",        "+12",           "+123456",    "1+14155552671", "+1415555267", "+1234567890123456", "2024-01-02T10:00:00+02:00",
        "+10000000000", "+14155552671x", "14155552671"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) found("phone", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) missed("phone", bad[i]);
}

static void addresses(void **state)
{
    (void)state;
    static const char *const public[] = {"8.8.8.8", "203.0.113.77", "1.1.1.1"};
    static const char *const private[] = {"10.0.0.1", "192.168.178.20", "172.16.0.9", "127.0.0.1", "100.64.1.2"};
    static const char *const bad[] = {"v1.2.3.4",    "1.2.3",       "1.2.3.4.5",       "256.1.1.1",        "1.2.3.04",
                                      "ip-10-0-0-1", "1.2.3.4-rc1", "version 1.2.3.4", "Chrome/120.0.0.0", "5.36.59.76.dyn.example",
                                      "a1.2.3.4"};
    for (size_t i = 0; i < sizeof public / sizeof *public; i++) found("ipv4_public", public[i]);
    for (size_t i = 0; i < sizeof private / sizeof *private; i++) found("ipv4_private", private[i]);
    found("ipv4_public", "8.8.8.8:443");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        missed("ipv4_public", bad[i]);
        missed("ipv4_private", bad[i]);
    }
    found("ipv6", "2001:db8::8a2e:370:7334");
    found("ipv6", "2001:0db8:85a3:0000:0000:8a2e:0370:7334");
    found("ipv6", "fe80::1ff:fe23:4567:890a");
    found("mac_address", "00:1B:44:11:3A:B7");
    found("mac_address", "00-1b-44-11-3a-b7");
    static const char *const neither[] = {"std::string",
                                          "12:34:56",
                                          "a::b",
                                          "::1",
                                          "00:00:00:00:00:00",
                                          "00:1B:44:11:3A",
                                          "00:1B:44:11:3A:B7:01",
                                          "3f2a5b6c-1234-5678-9abc-def012345678",
                                          "2024-01-02T03:04:05.678Z",
                                          "00:1B-44:11:3A:B7"};
    for (size_t i = 0; i < sizeof neither / sizeof *neither; i++) {
        missed("ipv6", neither[i]);
        missed("mac_address", neither[i]);
    }
}

#define A36 "abcdefghijABCDEFGHIJ0123456789abcdef"
#define JWT "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"

static void tokens(void **state)
{
    (void)state;
    found("jwt", JWT);
    missed("jwt", "eyJmb28iOiJiYXIifQ.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N");
    missed("jwt", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9");
    missed("jwt", "x" JWT);
    found("aws_access_key", "AKIAIOSFODNN7EXAMPLE");
    found("aws_access_key", "ASIAY34FZKBOKMUTVV7A");
    missed("aws_access_key", "AKIAIOSFODNN7EXAMPL");
    missed("aws_access_key", "AKIAIOSFODNN7EXAMPLEA");
    missed("aws_access_key", "AKIAIOSFODNN7EXAMPL1");
    missed("aws_access_key", "XAKIAIOSFODNN7EXAMPLE");
    found("gcp_api_key", "AIzaSyA1234567890abcdefghijklmnopqrstuv");
    missed("gcp_api_key", "AIzaSyA1234567890abcdefghijklmnopqrstu");
    found("github_token", "ghp_" A36);
    found("github_token", "ghs_" A36);
    missed("github_token", "ghp_"
                           "abcdefghijABCDEFGHIJ0123456789abcde");
    missed("github_token", "ghx_" A36);
    missed("github_token", "aghp_" A36);
    found("github_token", "github_pat_11ABCDEFG0abcdefghijkl_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456");
    found("gitlab_token", "glpat-abcdefghij0123456789");
    missed("gitlab_token", "glpat-short");
    found("slack_token", "xoxb-123456789012-abcdefGHIJ");
    missed("slack_token", "xoxq-123456789012-abcdefGHIJ");
    found("stripe_key", "sk_live_"
                        "4eC39HqLyjWDarjtT1zdp7dc");
    missed("stripe_key", "sk_dead_4eC39HqLyjWDarjtT1zdp7dc");
    missed("stripe_key", "task_live_4eC39HqLyjWDarjtT1zdp7dc");
    found("npm_token", "npm_" A36);
    missed("npm_token", "npm_" A36 "0");
    found("pypi_token", "pypi-AgEIcHlwaS5vcmcCJDU3ZTk0ZDk2LTFlZjItNGYzZi1hZTBkLTk2ZjM5ZTU1MDM0ZQACKlszLCJh");
    missed("pypi_token", "pypi-server-is-up");
    found("private_key", "-----BEGIN RSA PRIVATE KEY-----");
    found("private_key", "-----BEGIN OPENSSH PRIVATE KEY-----");
    missed("private_key", "-----BEGIN CERTIFICATE-----");
    missed("private_key", "----BEGIN RSA PRIVATE KEY-----");
    found("url_password", "postgres://ann:hunter2hunter2@db.example.org:5432/x");
    found("url_password", "redis://:s3cr3tpw@cache:6379/0");
    missed("url_password", "https://example.org/@ann:x");
    missed("url_password", "ssh://git@example.org/x");
    missed("url_password", "postgres://ann:****@db/x");
}

static void named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *detector;
    } good[] = {{"login failed password=Tr0ub4dor", "password"},
                {"password: swordfish-lagoon", "password"},
                {"{\"db_password\":\"hunter2hunter2\"}", "password"},
                {"userPassword='correct horse'", "password"},
                {"PGPASSWORD=abcd1234", "password"},
                {"api_key=0123456789abcdef", "api_key"},
                {"X-Api-Key: 9f8e7d6c5b4a3210", "api_key"},
                {"Authorization: Bearer abcDEF123456", "authorization"},
                {"Authorization: Basic dXNlcjpwYXNzd29yZA==", "authorization"},
                {"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "secret_access_key"},
                {"client_secret=abc123def456", "client_secret"},
                {"access_token=abcdef0123456789", "access_token"},
                {"card cvv=123 given", "card_code"},
                {"pin: 4711", "pin"},
                {"ssn=123456789", "government_id"},
                {"dob: 1980-02-29", "date_of_birth"},
                {"patient_id=77812", "patient"},
                {"mrn=AB778", "patient"},
                {"diagnosis=influenza", "diagnosis"}};
    static const char *const bad[] = {"password reset requested",
                                      "password: incorrect",
                                      "password=****",
                                      "password=[REDACTED]",
                                      "password=null",
                                      "token count: 5123",
                                      "tokens=123456789",
                                      "token: expired",
                                      "api key missing",
                                      "password: ${DB_PASSWORD}",
                                      "secret=",
                                      "monkey=bananas12345",
                                      "keyboard: qwerty12345",
                                      "spinning=4711",
                                      "panic: 4711",
                                      "passenger=Ann1234567"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!holds(sensitive_scan(slice_str(good[i].text)), good[i].detector)) fail_msg("%s not found: %s", good[i].detector, good[i].text);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (sensitive_scan(slice_str(bad[i]))) fail_msg("found something: %s", bad[i]);
}

static void names_of_fields(void **state)
{
    (void)state;
    static const struct {
        const char *path, *detector;
    } names[] = {{"user.email", "email"},
                 {"first_name", "person_name"},
                 {"customer.firstName", "person_name"},
                 {"patientId", "patient"},
                 {"card.number", "card_number"},
                 {"db.password", "password"},
                 {"http.request.header.authorization", "authorization"},
                 {"labResults", "lab_result"},
                 {"billing_address", "billing_address"},
                 {"session_token", "session_token"}};
    static const char *const plain[] = {"http.status_code",  "url.path",     "duration", "user.id", "token_count",
                                        "max_tokens",        "k8s.pod.name", "keyboard", "spanner", "email_sent_count",
                                        "password_reset_at", "pinned",       "company",  ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!holds(sensitive_field(slice_str(names[i].path)), names[i].detector)) fail_msg("%s is no %s", names[i].path, names[i].detector);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (sensitive_field(slice_str(plain[i]))) fail_msg("%s says something", plain[i]);
    assert_true(sensitive_masked(SLICE("****")) && sensitive_masked(SLICE("[REDACTED]")) && sensitive_masked(SLICE("")));
    assert_false(sensitive_masked(SLICE("hunter2")));
}

static void one_table(void **state)
{
    (void)state;
    size_t n = 0;
    for (; sensitive_detectors[n].name; n++) {
        assert_int_equal(sensitive_find(slice_str(sensitive_detectors[n].name)), n);
        assert_true(sensitive_detectors[n].element && sensitive_detectors[n].family <= FAMILY_PHI);
    }
    assert_in_range(n, 40, 64);
    assert_int_equal(sensitive_find(SLICE("nothing")), -1);
}

/* ---- made values: none may be missed, and numbers that are none may not be found ---- */

static uint64_t seed = 1;
static unsigned below(unsigned n) { return (unsigned)((seed = hash_mix(seed, 0x51)) % n); }

static unsigned luhn_sum(const char *digits, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned d = (unsigned)(digits[n - 1 - i] - '0') * (i & 1 ? 2 : 1);
        sum += d / 10 + d % 10;
    }
    return sum % 10;
}

static void made_cards(void **state)
{
    (void)state;
    static const char *const starts[] = {"4", "51", "55", "2221", "34", "37", "6011", "65", "36", "3528", "62"};
    static const size_t lengths[] = {16, 16, 16, 16, 15, 15, 16, 16, 14, 16, 16};
    for (unsigned i = 0; i < 3000; i++) {
        char card[20] = {0}, wrong[20];
        size_t kind = below(11), n = lengths[kind], at = strlen(starts[kind]);
        memcpy(card, starts[kind], at);
        for (; at < n; at++) card[at] = (char)('0' + below(10));
        card[n - 1] = '0';
        card[n - 1] = (char)('0' + (10 - luhn_sum(card, n)) % 10);
        const char *carrier = carriers[below(CARRIERS)];
        size_t shift = below(200);
        if (!holds(hits_in(carrier, card, shift), "card_number")) fail_msg("missed: %s", line.data);
        memcpy(wrong, card, sizeof wrong);
        size_t place = below((unsigned)n);
        wrong[place] = (char)('0' + (wrong[place] - '0' + 1 + (int)below(9)) % 10);
        if (holds(hits_in(carrier, wrong, shift), "card_number")) fail_msg("found: %s", line.data);
    }
}

static void made_accounts(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        char digits[19] = {0}, iban[32], wrong[32];
        unsigned rest = 0;
        for (size_t k = 0; k < 18; k++) digits[k] = (char)('0' + below(10));
        for (size_t k = 0; k < 18; k++) rest = (rest * 10 + (unsigned)(digits[k] - '0')) % 97;
        static const char country[] = "131400"; /* DE00 */
        for (size_t k = 0; k < 6; k++) rest = (rest * 10 + (unsigned)(country[k] - '0')) % 97;
        snprintf(iban, sizeof iban, "DE%02u%s", 98 - rest, digits);
        const char *carrier = carriers[below(CARRIERS)];
        size_t shift = below(200);
        if (!holds(hits_in(carrier, iban, shift), "iban")) fail_msg("missed: %s", line.data);
        memcpy(wrong, iban, sizeof wrong);
        size_t place = 4 + below(18);
        wrong[place] = (char)('0' + (wrong[place] - '0' + 1 + (int)below(9)) % 10);
        if (holds(hits_in(carrier, wrong, shift), "iban")) fail_msg("found: %s", line.data);
    }
}

static void numbers_that_are_none(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        char text[128];
        uint64_t a = hash_mix(i, 3), b = hash_mix(i, 4);
        snprintf(text, sizeof text, "blk_-%llu %016llx%016llx %08x-%04x-4%03x-a%03x-%012llx 17%011llu 17%017llu", (unsigned long long)a,
                 (unsigned long long)a, (unsigned long long)b, (unsigned)a, (unsigned)(a >> 48), (unsigned)b & 0xFFF,
                 (unsigned)(b >> 20) & 0xFFF, (unsigned long long)(b >> 16), (unsigned long long)(a % 100000000000),
                 (unsigned long long)(b % 100000000000000000));
        if (sensitive_scan(slice_str(text))) fail_msg("found something: %s", text);
    }
}

/* ---- real logs: none of them holds a card, an account, a key ---- */

static void scan_file(const char *path, size_t *lines, size_t *wrong)
{
    static const char *const never[] = {"card_number", "iban",         "us_ssn",       "jwt",         "aws_access_key",
                                        "gcp_api_key", "github_token", "gitlab_token", "slack_token", "stripe_key",
                                        "npm_token",   "pypi_token",   "private_key",  "ai_api_key"};
    FILE *f = fopen(path, "r");
    if (!f) return;
    char *text = NULL;
    size_t room = 0;
    for (ssize_t n; (n = getline(&text, &room, f)) > 0; (*lines)++) {
        uint64_t hits = sensitive_scan(slice_of(text, (size_t)n));
        for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
            if (!holds(hits, never[i])) continue;
            print_message("%s: %s", never[i], text);
            ++*wrong;
        }
        if (hits & ~(UINT64_C(1) << sensitive_find(SLICE("ipv4_public")) | UINT64_C(1) << sensitive_find(SLICE("ipv4_private")) |
                     UINT64_C(1) << sensitive_find(SLICE("email")) | UINT64_C(1) << sensitive_find(SLICE("ipv6")) |
                     UINT64_C(1) << sensitive_find(SLICE("mac_address")) | UINT64_C(1) << sensitive_find(SLICE("person_name"))) &&
            getenv("TERO_SHOW"))
            print_message("%llx %s", (unsigned long long)hits, text);
    }
    free(text);
    fclose(f);
}

static void nothing_in_real_logs(void **state)
{
    (void)state;
    char path[4096];
    const char *shared = getenv("TERO_SHARED");
    snprintf(path, sizeof path, "%s/data/loghub", shared ? shared : "../shared");
    DIR *d = opendir(path);
    if (!d) skip();
    size_t lines = 0, wrong = 0;
    for (struct dirent *e; (e = readdir(d));) {
        char file[8192];
        snprintf(file, sizeof file, "%s/%s/%s_2k.log", path, e->d_name, e->d_name);
        scan_file(file, &lines, &wrong);
    }
    closedir(d);
    print_message("# %zu lines, %zu wrong hits\n", lines, wrong);
    assert_true(lines > 10000);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards),
        cmocka_unit_test(cards_with_one_digit_changed),
        cmocka_unit_test(ibans),
        cmocka_unit_test(social_security_numbers),
        cmocka_unit_test(mails),
        cmocka_unit_test(phones),
        cmocka_unit_test(addresses),
        cmocka_unit_test(tokens),
        cmocka_unit_test(named),
        cmocka_unit_test(names_of_fields),
        cmocka_unit_test(one_table),
        cmocka_unit_test(made_cards),
        cmocka_unit_test(made_accounts),
        cmocka_unit_test(numbers_that_are_none),
        cmocka_unit_test(nothing_in_real_logs),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
