/* Verdicts from templates: cases, and that a proof holds for every record that is made from the template. */
#include "control-plane/policies/verdict.h"

#include "base/hash.h"
#include "policy/regex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- cases ---- */

static enum match_verdict judged(const char *match, struct event_facts facts, struct buf *reasons)
{
    char text[2000];
    snprintf(text, sizeof text, "{\"id\":\"p\",\"name\":\"p\",\"log\":{\"match\":[%s],\"keep\":\"none\"}}", match);
    struct policy_set *set = policy_set_new();
    assert_true(policy_set_read(set, slice_str(text), POLICY_JSON, "test"));
    if (!policy_valid(set->policies[0]))
        fail_msg("%s: %.*s", text, (int)set->policies[0]->errors[0].message.len, set->policies[0]->errors[0].message.ptr);
    struct judge *j = judge_new(set->policies[0]);
    struct event_verdict v = judge_event(j, &facts, reasons);
    judge_free(j);
    policy_set_free(set);
    return v.match;
}

static struct event_facts event(const char *template)
{
    return (struct event_facts){.service = SLICE("shop"),
                                .template = slice_str(template),
                                .records = 100,
                                .severities = {[SEVERITY_INFO] = 75, [SEVERITY_DEBUG] = 25}};
}

static enum match_verdict body(const char *condition, const char *template)
{
    char match[1000];
    snprintf(match, sizeof match, "{\"log_field\":\"body\",%s}", condition);
    return judged(match, event(template), NULL);
}

static void conditions_on_the_body(void **state)
{
    (void)state;
    static const struct {
        const char *condition, *template;
        enum match_verdict match;
    } cases[] = {
        {"\"starts_with\":\"GET /health\"", "GET /health <*>", MATCH_POSSIBLE},
        {"\"starts_with\":\"GET /health\"", "GET <*>", MATCH_POSSIBLE},
        {"\"starts_with\":\"GET /health\"", "POST <*>", MATCH_NO},
        {"\"exact\":\"got here\"", "got here", MATCH_POSSIBLE},
        {"\"exact\":\"got here\"", "got <*>", MATCH_POSSIBLE},
        {"\"exact\":\"got here\"", "got there", MATCH_NO},
        {"\"exact\":\"got\"", "got <*>", MATCH_NO},
        {"\"ends_with\":\"done\"", "<*> done", MATCH_CERTAIN},
        {"\"ends_with\":\"done\"", "<*> failed", MATCH_NO},
        {"\"contains\":\"took\"", "request <*> took <*>", MATCH_CERTAIN},
        {"\"contains\":\"slow\"", "request <*> took <*>", MATCH_POSSIBLE},
        {"\"contains\":\"slow\"", "request took long", MATCH_NO},
        {"\"contains\":\"TOOK\",\"case_insensitive\":true", "request <*> took <*>", MATCH_CERTAIN},
        {"\"contains\":\"took\",\"negate\":true", "request <*> took <*>", MATCH_NO},
        {"\"contains\":\"slow\",\"negate\":true", "request took long", MATCH_CERTAIN},
        {"\"regex\":\"^GET /health\"", "GET /health <*>", MATCH_POSSIBLE},
        {"\"regex\":\"^request .* took .*$\"", "request <*> took <*>", MATCH_POSSIBLE},
        {"\"regex\":\"^request .+ took .+$\"", "request <*> took <*>", MATCH_POSSIBLE},
        {"\"regex\":\"^request [0-9]+ took\"", "request <*> took <*>", MATCH_POSSIBLE},
        {"\"regex\":\"^request [0-9]+ failed$\"", "request <*> took 5", MATCH_NO},
        {"\"regex\":\"t[o0]{2}k\"", "request <*> took <*>", MATCH_CERTAIN},
        {"\"regex\":\"a|took\"", "request <*> took <*>", MATCH_CERTAIN},
        {"\"regex\":\"(?i)TOOK\"", "request <*> took <*>", MATCH_CERTAIN},
        {"\"regex\":\"took$\"", "request <*> took", MATCH_CERTAIN},
        {"\"regex\":\"took$\"", "request took <*>", MATCH_POSSIBLE},
        {"\"regex\":\"^a\\\\.b\"", "a.b <*>", MATCH_CERTAIN},
        {"\"regex\":\"^a\\\\.b\"", "axb <*>", MATCH_NO},
        {"\"regex\":\"^request\\\\s+.*\\\\s+took\\\\s+.*\"", "request <*> took <*>", MATCH_CERTAIN},
        {"\"regex\":\"^got\\\\s+here\\\\s*(?:\\\\n|$)\"", "got here", MATCH_CERTAIN},
        {"\"regex\":\"^cache\\\\s+miss\\\\s+.*for|^request\\\\s+.*took\\\\s*(?:\\\\n|$)\"", "request <*> took", MATCH_CERTAIN},
        {"\"regex\":\"^(?:GET|HEAD) /(health|ready)z? \"", "HEAD /ready <*>", MATCH_POSSIBLE},
        {"\"regex\":\"^(?:GET|HEAD) /(health|ready)z? \"", "POST /ready <*>", MATCH_NO},
        {"\"regex\":\"^(?:GET|HEAD) /(health|ready)z? \"", "GET <*>", MATCH_POSSIBLE},
        {"\"regex\":\"\\\\btook\\\\b\"", "request <*> took <*>", MATCH_POSSIBLE},
        {"\"regex\":\"[^ ]+ took\"", "request <*> took <*>", MATCH_POSSIBLE},
        {"\"regex\":\"^(?:GET|HEAD)\\\\s+/(health|ready)z?\\\\s\"", "HEAD /ready <*>", MATCH_CERTAIN},
        {"\"regex\":\"uid=.*tty=\"", "uid=<*> tty=<*>", MATCH_CERTAIN},
        {"\"regex\":\"uid=.+tty=\"", "uid=<*>tty=<*>", MATCH_POSSIBLE},
        {"\"regex\":\"[*]{3}\"", "** NEW", MATCH_POSSIBLE},
        {"\"regex\":\"[*]+\\\\s+NEW\"", "** NEW", MATCH_CERTAIN},
        {"\"contains\":\"**\"", "** NEW", MATCH_CERTAIN},
        {"\"exact\":\"done\"", "done", MATCH_CERTAIN},
        {"\"exists\":true", "anything", MATCH_CERTAIN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum match_verdict m = body(cases[i].condition, cases[i].template);
        if (m != cases[i].match) fail_msg("%s on \"%s\": %d, expected %d", cases[i].condition, cases[i].template, m, cases[i].match);
    }
}

static void conditions_on_the_rest(void **state)
{
    (void)state;
    struct buf reasons;
    buf_init(&reasons, 4096);
    assert_int_equal(judged("{\"resource_attribute\":\"service.name\",\"exact\":\"shop\"}", event("x"), NULL), MATCH_CERTAIN);
    assert_int_equal(judged("{\"resource_attribute\":\"service.name\",\"exact\":\"cart\"}", event("x"), NULL), MATCH_NO);
    assert_int_equal(judged("{\"resource_attribute\":\"service.name\",\"regex\":\"^sh\"}", event("x"), NULL), MATCH_CERTAIN);
    assert_int_equal(judged("{\"log_field\":\"severity_text\",\"exact\":\"DEBUG\"}", event("x"), &reasons), MATCH_POSSIBLE);
    assert_non_null(strstr(reasons.data, "severities are counted"));
    assert_int_equal(judged("{\"log_field\":\"severity_text\",\"exact\":\"ERROR\"}", event("x"), NULL), MATCH_NO);
    buf_clear(&reasons);
    assert_int_equal(judged("{\"log_attribute\":\"http.path\",\"exact\":\"/\"}", event("x"), &reasons), MATCH_POSSIBLE);
    assert_non_null(strstr(reasons.data, "not known"));
    assert_non_null(strstr(reasons.data, "http.path"));
    buf_free(&reasons);
}

static enum presence only_path(void *context, enum policy_scope scope, struct slice path)
{
    (void)context;
    return scope == POLICY_RECORD && slice_is(path, "path") ? PRESENCE_ALWAYS : PRESENCE_NEVER;
}

static void fields_that_are_known(void **state)
{
    (void)state;
    struct event_facts e = event("x");
    e.field = only_path;
    assert_int_equal(judged("{\"log_attribute\":\"path\",\"exists\":true}", e, NULL), MATCH_CERTAIN);
    assert_int_equal(judged("{\"log_attribute\":\"path\",\"exact\":\"/\"}", e, NULL), MATCH_POSSIBLE);
    assert_int_equal(judged("{\"log_attribute\":\"other\",\"exact\":\"/\"}", e, NULL), MATCH_NO);
    assert_int_equal(judged("{\"log_attribute\":\"other\",\"exists\":false}", e, NULL), MATCH_CERTAIN);
    e.structured_body = true;
    assert_int_equal(judged("{\"log_field\":\"body\",\"exact\":\"x\"}", e, NULL), MATCH_POSSIBLE);
}

/* ---- property ---- */

static uint64_t random_state = 1;
static unsigned pick(unsigned n)
{
    random_state = hash_mix(random_state, 0x9E3779B97F4A7C15u);
    return (unsigned)((random_state >> 20) % n);
}

static const char *const words[] = {"a", "b", "ab", "B", " ", "get", "x.y", "(", "1"};

static void any_template(char *out)
{
    *out = '\0';
    for (unsigned n = 1 + pick(5); n; n--) strcat(out, pick(3) ? words[pick(9)] : "<*>");
}

static void any_pattern(char *out, bool regex)
{
    static const char *const pieces[] = {"a",    "b",         "ab",  "get", "x\\.y",     ".*",   ".+",          "[ab]",  "a?",
                                         "b*",   "(a|b)",     "\\(", "\\d", ".",         " ",    "$",           "a{2}",  "[^a]",
                                         "\\s+", "(?:a.*|b)", "\\S", "\\b", "(ab){1,2}", "\\W*", "[[:alpha:]]", ".{1,}", "(?:x|$)"};
    *out = '\0';
    if (regex && pick(2)) strcat(out, "^");
    for (unsigned n = 1 + pick(4); n; n--) strcat(out, regex ? pieces[pick(sizeof pieces / sizeof *pieces)] : words[pick(9)]);
    if (regex && pick(3) == 0) strcat(out, "$");
}

static void any_record(char *out, const char *template)
{
    *out = '\0';
    for (const char *t = template; *t; t++) {
        char one[2] = {*t, '\0'};
        if (strncmp(t, "<*>", 3) == 0) {
            for (unsigned n = pick(4); n; n--) strcat(out, words[pick(9)]);
            t += 2;
            continue;
        }
        strcat(out, one);
        if (*t == ' ' && pick(3) == 0) strcat(out, pick(2) ? " " : "\t");
        if (*t == '(' && t > template && t[-1] == '(') strcat(out, pick(2) ? "((" : "");
    }
}

static bool really(const struct policy_matcher *m, const struct regex *plain, struct slice record)
{
    size_t n = m->text.len;
    if (plain) return regex_search(plain, record);
    switch (m->condition) {
    case POLICY_EXACT: return slice_eq(record, m->text);
    case POLICY_STARTS_WITH: return record.len >= n && !memcmp(record.ptr, m->text.ptr, n);
    case POLICY_ENDS_WITH: return record.len >= n && !memcmp(record.ptr + record.len - n, m->text.ptr, n);
    default: return memmem(record.ptr, record.len, m->text.ptr, n) != NULL;
    }
}

static void proofs_hold_for_every_record(void **state)
{
    (void)state;
    static const enum policy_condition kinds[] = {POLICY_EXACT,    POLICY_STARTS_WITH, POLICY_ENDS_WITH,
                                                  POLICY_CONTAINS, POLICY_REGEX,       POLICY_REGEX};
    size_t certain = 0, never = 0;
    for (int round = 0; round < 40000; round++) {
        char template[200], pattern[200], record[400], error[100];
        struct policy_matcher m = {
            .condition = kinds[pick(6)], .case_insensitive = pick(5) == 0, .selector = {.kind = POLICY_SELECT_FIELD, .field = POLICY_BODY}};
        bool is_regex = m.condition == POLICY_REGEX;
        any_template(template);
        any_pattern(pattern, is_regex);
        m.text = slice_str(pattern);
        struct regex *re = NULL;
        if (is_regex) re = regex_new(m.text, m.case_insensitive, error, sizeof error);
        else if (m.case_insensitive)
            re = regex_new_literal(m.text, true, m.condition == POLICY_EXACT || m.condition == POLICY_STARTS_WITH,
                                   m.condition == POLICY_EXACT || m.condition == POLICY_ENDS_WITH);
        if (is_regex && !re) continue;
        m.regex = re;
        struct policy p = {.signal = POLICY_LOG, .match = &m, .match_count = 1};
        struct event_facts f = event(template);
        struct judge *j = judge_new(&p);
        enum match_verdict v = judge_event(j, &f, NULL).match;
        certain += v == MATCH_CERTAIN;
        never += v == MATCH_NO;
        for (int k = 0; k < 6 && v != MATCH_POSSIBLE; k++) {
            any_record(record, template);
            bool matches = really(&m, re, slice_str(record));
            if (matches != (v == MATCH_CERTAIN))
                fail_msg("condition %d /%s/ template \"%s\" record \"%s\": %d", m.condition, pattern, template, record, v);
        }
        judge_free(j);
        regex_free(re);
    }
    assert_true(certain > 2000 && never > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_on_the_body),
        cmocka_unit_test(conditions_on_the_rest),
        cmocka_unit_test(fields_that_are_known),
        cmocka_unit_test(proofs_hold_for_every_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
