#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/die.h"
#include "console/config_check.h"
#include "console/config_text.h"
#include "console/effective.h"
#include "console/tree.h"
#include "screens/keymaps.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define FILE_NAME "/home/x/tero/config.yaml"

static struct config parse(const char *text)
{
    struct config c;
    config_parse(&c, FILE_NAME, slice_str(text));
    return c;
}

static void assert_problems(struct config *c, const char *expected)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    for (size_t i = 0; i < c->problems.count; i++) {
        struct buf line;
        buf_init(&line, 8192);
        problems_line(&c->problems, i, &line);
        buf_printf(&out, "%s%s", i ? "\n" : "", line.data + strlen(FILE_NAME) + 1);
        buf_free(&line);
    }
    assert_string_equal(buf_view(&out).ptr, expected);
    buf_free(&out);
    config_close(c);
}

static void every_type(void **state)
{
    (void)state;
    setenv("HOME", "/home/x", 1);
    struct config c = parse("profile: a\n"
                            "theme: \"night.theme\"\n"
                            "color: No\n"
                            "ascii: on\n"
                            "patience: 1500ms\n"
                            "history: 0\n"
                            "account: 0042\n"
                            "endpoint: ~\n"
                            "plain:\n"
                            "data: ~/d\n"
                            "ca: /etc/ca.pem\n"
                            "token_file: secrets/token\n"
                            "read_only: yes\n"
                            "keys: {keymap: vim, bind: {sort: '% F6', mark: , suspend: ~}}\n"
                            "profiles: {a: {read_only: soft, theme: light, data: ../other}, b: }\n"
                            "mouse: on\n"
                            "lock: {after: 5m}\n"
                            "stale_after: 2m\n");
    static const struct {
        enum setting_id id;
        const char *text;
    } wanted[] = {{SET_PROFILE, "a"},       {SET_THEME, "/home/x/tero/night.theme"},
                  {SET_COLOR, "false"},     {SET_ASCII, "true"},
                  {SET_PATIENCE, "1500ms"}, {SET_HISTORY, "0"},
                  {SET_ACCOUNT, "0042"},    {SET_ENDPOINT, NULL},
                  {SET_PLAIN, NULL},        {SET_DATA, "/home/x/d"},
                  {SET_CA, "/etc/ca.pem"},  {SET_TOKEN_FILE, "/home/x/tero/secrets/token"},
                  {SET_READ_ONLY, "true"},  {SET_KEYMAP, "vim"},
                  {SET_MOUSE, "true"},      {SET_BIND, ""},
                  {SET_LOCK_AFTER, "5m"},   {SET_STALE_AFTER, "2m"},
                  {SET_TRUST, NULL},        {SET_SESSION, NULL}};
    assert_int_equal(COUNT(wanted), SETTINGS);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        const char *text = c.values[wanted[i].id].text;
        if (wanted[i].text) assert_string_equal(text, wanted[i].text);
        else assert_null(text);
    }
    assert_int_equal(c.values[SET_PATIENCE].at.line, 5);
    assert_int_equal(c.values[SET_PATIENCE].at.column, 11);
    assert_int_equal(c.binding_count, 3);
    assert_string_equal(c.bindings[0].keys, "% F6");
    assert_string_equal(c.bindings[1].keys, "");
    assert_string_equal(c.bindings[2].keys, "~");
    assert_int_equal(c.profile_count, 2);
    assert_string_equal(config_profile(&c, "a")->values[SET_READ_ONLY].text, "soft");
    assert_string_equal(config_profile(&c, "a")->values[SET_DATA].text, "/home/x/tero/../other");
    assert_null(config_profile(&c, "b")->values[SET_THEME].text);
    assert_null(config_profile(&c, "c"));
    assert_problems(&c, "");
}

static void every_error_has_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *problems;
    } cases[] = {
        {"", ""},
        {"# only a comment\n", ""},
        {"~", ""},
        {"--- {}\n...\n", ""},
        {"them: x\n", "1:1: no setting them; did you mean theme?"},
        {"qqqqqqqqq: x\n", "1:1: no setting qqqqqqqqq; tero-console config schema --markdown lists them"},
        {"token: x\n", "1:1: no token in this file: token_file names a file that holds it"},
        {"keys:\n  bindd: {}\n", "2:3: no setting keys.bindd; did you mean bind?"},
        {"lock:\n  after: 5\n", "2:10: lock.after: 5 is not a duration such as 1500ms, 15s or 5m, from 1s to 24h, or off"},
        {"lock:\n  afer: 5m\n", "2:3: no setting lock.afer; did you mean after?"},
        {"profiles:\n  a:\n    lock: {after: 2x}\n",
         "3:19: lock.after: 2x is not a duration such as 1500ms, 15s or 5m, from 1s to 24h, or off"},
        {"ascii: maybe", "1:8: ascii: maybe is not true or false"},
        {"ascii: \"true\"", "1:8: ascii: true is not true or false"},
        {"ascii: [true]", "1:8: ascii is true or false"},
        {"read_only: hard", "1:12: read_only: hard is not one of false, soft, true"},
        {"patience: 15", "1:11: patience: 15 is not a duration such as 1500ms, 15s or 5m, from 100ms to 1h"},
        {"patience: 2h", "1:11: patience: 2h is not a duration such as 1500ms, 15s or 5m, from 100ms to 1h"},
        {"patience: 99999999999h", "1:11: patience: 99999999999h is not a duration such as 1500ms, 15s or 5m, from 100ms to 1h"},
        {"history: -1", "1:10: history: -1 is not a number from 0 to 10000"},
        {"history: 1e3", "1:10: history: 1e3 is not a number from 0 to 10000"},
        {"history: 99999999999999999999", "1:10: history: 99999999999999999999 is not a number from 0 to 10000"},
        {"account: \"a\\nb\"", "1:10: account: a b is not a text of one line"},
        {"data: ''", "1:7: data: \"\" is not the path of a file or directory"},
        {"keys: [a]", "1:7: keys is a map: names, colons, values"},
        {"keys: {bind: x}", "1:14: bind is a map of action names to keys: {sort: \"%\"}"},
        {"keys: {bind: {sort: [o]}}", "1:21: the keys of sort are a text: \"% F6\", or \"\" for none"},
        {"keys: {keymap: vi}", "1:16: keys.keymap: vi is not one of default, vim, emacs"},
        {"- a\n", "1:1: a settings file is a map: names, colons, values"},
        {"theme: a\nascii: on\ntheme: b\n", "3:1: theme stands here twice: first in line 1"},
        {"profiles: {a: {}, a: {}}", "1:19: a stands here twice: first in line 1"},
        {"profiles: {a b: {}}", "1:12: the name of a profile: letters, digits, _ . -, at most 64"},
        {"profiles: {a: {history: 1}}", "1:16: history is for all profiles: not in one"},
        {"profiles: {a: {keys: 1}}", "1:16: keys is for all profiles: not in one"},
        {"profiles: {a: {profile: a}}", "1:16: profile is for all profiles: not in one"},
        {"profiles: {a: {thme: a}}", "1:16: no setting thme; did you mean theme?"},
        {"profiles: {a: {endpoint: 'https://a', data: b}}", "1:45: data is of the embedded control plane: not beside endpoint"},
        {"profile: b\nprofiles: {prod: {}}", "1:10: no profile b"},
        {"profile: prd\nprofiles: {prod: {}}", "1:10: no profile prd; did you mean prod?"},
        {"theme: &a x\nca: *a\n",
         "1:8: anchors (&a) are not taken here: write the value out\n2:5: aliases (*name) are not taken here: write the value out"},
        {"*a : 1\n", "1:1: aliases (*name) are not taken here"},
        {"theme: !!str x\n", "1:8: tags (tag:yaml.org,2002:str) are not taken here"},
        {"<<: {theme: x}\n", "1:1: no setting <<; tero-console config schema --markdown lists them"},
        {"? [a]\n: b\n", "1:3: a key must be a word"},
        {"theme: x\n---\ntheme: y\n", "2:1: a second document: one file holds one"},
        {"theme: x\nascii: maybe\nhistory: [1\n", "2:8: ascii: maybe is not true or false\n3:10: history is a number from 0 to 10000\n"
                                                  "4:1: did not find expected ',' or ']' while parsing a flow sequence"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config c = parse(cases[i].text);
        assert_problems(&c, cases[i].problems);
    }
}

static void keys_themes_and_endpoints_are_looked_at(void **state)
{
    (void)state;
    struct config c = parse("theme: nosuch\n"
                            "endpoint: http://example.com\n"
                            "keys: {bind: {srot: x, up: Foo, down: 'j', sort: 'c'}}\n"
                            "profiles: {a: {endpoint: 'ftp://x', theme: nosuch}}\n");
    config_check(&c);
    assert_int_equal(c.problems.count, 7);
    static const unsigned places[][2] = {{1, 8}, {2, 11}, {3, 15}, {3, 28}, {3, 50}, {4, 26}, {4, 44}};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(c.problems.list[i].at.line, places[i][0]);
        assert_int_equal(c.problems.list[i].at.column, places[i][1]);
    }
    assert_non_null(strstr(c.problems.list[2].text, "no action \"srot\"; did you mean \"sort\"?"));
    assert_non_null(strstr(c.problems.list[3].text, "no key \"Foo\""));
    char *line = problems_summary(&c.problems);
    assert_non_null(strstr(line, "(and 6 more: tero-console config check)"));
    free(line);
    config_close(&c);
    c = parse("keys: {bind: {sort: c, columns: s}}\n"); /* exchanged */
    config_check(&c);
    assert_problems(&c, "");
}

static void bounds(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 20; i++) buf_str(&text, "{a: ");
    struct config c = parse(text.data);
    assert_true(c.problems.count > 0 && strstr(c.problems.list[c.problems.count - 1].text, "nested too deeply"));
    config_close(&c);
    buf_clear(&text);
    for (int i = 0; i < TREE_NODES; i++) buf_printf(&text, "a%d: 1\n", i);
    c = parse(text.data);
    assert_int_equal(c.problems.count, PROBLEMS_MAX);
    assert_true(c.problems.dropped > 0);
    config_close(&c);
    while (text.len <= TREE_TEXT_MAX) buf_str(&text, "# comment\n");
    c = parse(text.data);
    assert_problems(&c, " larger than 256 KiB");
    buf_free(&text);
}

static void problems_cannot_drive_a_terminal(void **state)
{
    (void)state;
    struct config c = parse("\"\\e[31mx\": 1\n");
    assert_int_equal(c.problems.count, 1);
    assert_null(strchr(c.problems.list[0].text, 27));
    config_close(&c);
}

/* ---- what wins ---- */

static const char rules[] = "theme: of-file\n"
                            "endpoint: https://file\n"
                            "token_file: /file/token\n"
                            "read_only: true\n"
                            "profile: one\n"
                            "profiles:\n"
                            "  one: {theme: of-one, endpoint: 'https://one', token_file: /one/token, read_only: soft}\n"
                            "  here: {data: /here, read_only: false}\n"
                            "  bare: {token_file: /bare/token}\n";

struct variables {
    const char *profile, *endpoint, *theme, *data;
};

static void set_variables(const struct variables *v)
{
    const char *const names[] = {"TERO_PROFILE", "TERO_API_ENDPOINT", "TERO_THEME", "TERO_DATA"};
    const char *const values[] = {v->profile, v->endpoint, v->theme, v->data};
    for (size_t i = 0; i < COUNT(names); i++) setenv(names[i], values[i] ? values[i] : "", 1);
}

static bool same(const char *a, const char *b) { return a == b || (a && b && !strcmp(a, b)); }

static void what_wins(void **state)
{
    (void)state;
    static const struct {
        struct options typed;
        struct variables variables;
        const char *profile, *theme, *endpoint, *token, *data, *name, *read_only;
    } cases[] = {
        {.profile = "one", .theme = "of-one", .endpoint = "https://one", .token = "/one/token", .name = "one", .read_only = "soft"},
        {.typed = {.profile = "here"}, .profile = "here", .theme = "of-file", .data = "/here", .name = "here", .read_only = "false"},
        {.typed = {.profile = "bare"},
         .profile = "bare",
         .theme = "of-file",
         .endpoint = "https://file",
         .token = "/bare/token",
         .name = "bare",
         .read_only = "true"},
        {.variables = {.profile = "here"}, .profile = "here", .theme = "of-file", .data = "/here", .name = "here", .read_only = "false"},
        {.typed = {.profile = "one"},
         .variables = {.profile = "here"},
         .profile = "one",
         .theme = "of-one",
         .endpoint = "https://one",
         .token = "/one/token",
         .name = "one",
         .read_only = "soft"},
        /* a token of the profile goes to no endpoint of an option or the environment; read-only stays */
        {.typed = {.endpoint = "https://typed"}, .profile = "one", .theme = "of-one", .endpoint = "https://typed", .read_only = "soft"},
        {.variables = {.endpoint = "https://variable"},
         .profile = "one",
         .theme = "of-one",
         .endpoint = "https://variable",
         .read_only = "soft"},
        {.typed = {.endpoint = "https://typed"},
         .variables = {.endpoint = "https://variable"},
         .profile = "one",
         .theme = "of-one",
         .endpoint = "https://typed",
         .read_only = "soft"},
        /* --data means the embedded one */
        {.typed = {.data = "/typed"},
         .variables = {.endpoint = "https://variable"},
         .profile = "one",
         .theme = "of-one",
         .data = "/typed",
         .read_only = "soft"},
        {.typed = {.profile = "here"},
         .variables = {.data = "/variable"},
         .profile = "here",
         .theme = "of-file",
         .data = "/variable",
         .read_only = "false"},
        {.typed = {.theme = "typed"},
         .variables = {.theme = "variable"},
         .profile = "one",
         .theme = "typed",
         .endpoint = "https://one",
         .token = "/one/token",
         .name = "one",
         .read_only = "soft"},
        {.variables = {.theme = "variable"},
         .profile = "one",
         .theme = "variable",
         .endpoint = "https://one",
         .token = "/one/token",
         .name = "one",
         .read_only = "soft"},
        {.typed = {.read_only = true, .profile = "here"},
         .profile = "here",
         .theme = "of-file",
         .data = "/here",
         .name = "here",
         .read_only = "true"},
        {.typed = {.read_write = true},
         .profile = "one",
         .theme = "of-one",
         .endpoint = "https://one",
         .token = "/one/token",
         .name = "one",
         .read_only = "false"},
        {.typed = {.demo = true},
         .variables = {.endpoint = "https://variable", .data = "/variable"},
         .theme = "of-file",
         .read_only = "false"},
    };
    struct config c = parse(rules);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct effective e;
        struct options o = cases[i].typed;
        char *problem = NULL;
        set_variables(&cases[i].variables);
        assert_true(effective_make(&e, &c, &o, &problem));
        effective_apply(&e, &o);
        bool good = same(o.profile, cases[i].profile) && same(o.theme, cases[i].theme) && same(o.endpoint, cases[i].endpoint) &&
                    same(o.token_file, cases[i].token) && same(o.data, cases[i].data) && same(o.name, cases[i].name) &&
                    same(e.values[SET_READ_ONLY].text, cases[i].read_only);
        if (!good) print_error("case %zu: %s %s %s %s %s\n", i, o.theme, o.endpoint, o.token_file, o.data, o.name);
        assert_true(good);
    }
    set_variables(&(struct variables){0});
    assert_problems(&c, "");
}

static void origins(void **state)
{
    (void)state;
    static const struct {
        enum setting_id id;
        const char *from;
    } cases[] = {{SET_THEME, "TERO_THEME"},       {SET_ENDPOINT, "profile one, " FILE_NAME ":7"},
                 {SET_READ_ONLY, "--read-write"}, {SET_PROFILE, FILE_NAME ":5"},
                 {SET_ASCII, "--ascii"},          {SET_PATIENCE, "default"}};
    struct config c = parse(rules);
    struct effective e;
    char *problem = NULL;
    set_variables(&(struct variables){.theme = "x"});
    assert_true(effective_make(&e, &c, &(struct options){.read_write = true, .ascii = true}, &problem));
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf from;
        buf_init(&from, 1000);
        effective_origin(&e, cases[i].id, false, &from);
        assert_string_equal(from.data, cases[i].from);
        buf_free(&from);
    }
    set_variables(&(struct variables){0});
    assert_false(effective_make(&e, &c, &(struct options){.profile = "ohne"}, &problem));
    assert_string_equal(problem, "no profile ohne; did you mean one? (" FILE_NAME ")");
    free(problem);
    config_close(&c);
}

/* ---- texts made from the table ---- */

static void the_table_is_whole(void **state)
{
    (void)state;
    char out[SETTING_TEXT_MAX];
    const char *problem;
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = setting_of((enum setting_id)i);
        assert_non_null(s->name);
        assert_int_equal(setting_named(s->name), i);
        assert_true(*s->help && (s->fallback || s->sample));
        if (s->fallback) assert_true(setting_read(s, s->fallback, false, out, &problem));
    }
    const char *maps = setting_of(SET_KEYMAP)->choices;
    for (int i = 0; keymaps_name(i); i++) {
        size_t n = strlen(keymaps_name(i));
        assert_memory_equal(maps, keymaps_name(i), n);
        maps += n + (maps[n] == ' ');
    }
    assert_string_equal(maps, "");
}

static void the_sample_is_a_settings_file(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, CONFIG_TEXT_MAX);
    config_sample(&text);
    struct config c = parse(text.data);
    assert_false(c.profile_count || c.values[SET_THEME].text);
    assert_problems(&c, "");
    struct buf used;
    buf_init(&used, CONFIG_TEXT_MAX);
    for (const char *at = text.data, *end; (end = strchr(at, '\n')); at = end + 1)
        if (at[0] == '#' && at[1] != ' ') buf_add(&used, at + 1, (size_t)(end - at)); /* a setting: without its # */
        else if (at[0] == '#' && at[1] == ' ' && at[2] == ' ') buf_add(&used, at + 1, (size_t)(end - at));
    c = parse(used.data);
    assert_int_equal(c.profile_count, 1);
    assert_int_equal(c.binding_count, 2);
    for (int i = 0; i < SETTINGS; i++) assert_non_null(c.values[i].text);
    config_check_keys(&c);
    assert_problems(&c, "");
    buf_free(&used);
    buf_free(&text);
}

static void the_schema_knows_every_setting(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text, CONFIG_TEXT_MAX);
    config_schema(&text);
    json_t *schema = json_loads(text.data, JSON_REJECT_DUPLICATES, NULL), *all = json_object_get(schema, "properties");
    json_t *keys = json_object_get(json_object_get(all, "keys"), "properties");
    json_t *lock = json_object_get(json_object_get(all, "lock"), "properties");
    json_t *profile = json_object_get(json_object_get(json_object_get(all, "profiles"), "additionalProperties"), "properties");
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = setting_of((enum setting_id)i);
        const char *dot = strchr(s->name, '.');
        bool of_lock = !strncmp(s->name, "lock.", 5);
        json_t *inner = json_object_get(json_object_get(profile, "lock"), "properties");
        assert_non_null(json_object_get(of_lock ? lock : dot ? keys : all, dot ? dot + 1 : s->name));
        assert_int_equal(json_object_get(of_lock ? inner : profile, dot ? dot + 1 : s->name) != NULL, s->per_profile);
    }
    assert_true(json_is_true(json_array_get(json_object_get(json_object_get(all, "read_only"), "enum"), 2)));
    json_decref(schema);
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type),
        cmocka_unit_test(every_error_has_its_place),
        cmocka_unit_test(keys_themes_and_endpoints_are_looked_at),
        cmocka_unit_test(bounds),
        cmocka_unit_test(problems_cannot_drive_a_terminal),
        cmocka_unit_test(what_wins),
        cmocka_unit_test(origins),
        cmocka_unit_test(the_table_is_whole),
        cmocka_unit_test(the_sample_is_a_settings_file),
        cmocka_unit_test(the_schema_knows_every_setting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
