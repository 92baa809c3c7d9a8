#include "lib.h"

#include "base/die.h"
#include "tui/paint.h"
#include "tui/prompt.h"
#include "tui/term.h"

#include <stdio.h>
#include <sys/stat.h>

static char text[256], folder[] = "/tmp/prompt-XXXXXX";
static int changes, dones;
static bool given_up;

static void on_changed(void *context, const char *now)
{
    (void)context;
    changes++;
    snprintf(text, sizeof text, "%s", now);
}

static void on_done(void *context, const char *line)
{
    (void)context;
    dones++;
    given_up = line == NULL;
    assert_false(prompt_is_open());
    snprintf(text, sizeof text, "%s", line ? line : "");
}

static char *on_complete(void *context, const char *line, const char *word, int n)
{
    static const char *const words[] = {"services", "severity:debug", "sort", NULL};
    (void)context;
    (void)line;
    for (int i = 0; words[i]; i++)
        if (!strncmp(words[i], word, strlen(word)) && n-- == 0) return xstrdup(words[i]);
    return NULL;
}

static struct prompt_options options = {.label = ":", .complete = on_complete, .changed = on_changed, .done = on_done};

static void type(const char *ascii)
{
    for (; *ascii; ascii++) prompt_key(*ascii);
}

static int setup(void **state)
{
    (void)state;
    canvas_for_test(2, 20);
    text[0] = '\0';
    changes = dones = 0;
    given_up = false;
    options.history = NULL;
    options.initial = NULL;
    prompt_open(&options);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    prompt_close();
    return 0;
}

static void shows(const char *expected)
{
    prompt_paint(1);
    assert_row(1, expected);
}

static void typing_and_enter(void **state)
{
    (void)state;
    type("abc");
    assert_string_equal(text, "abc");
    assert_int_equal(changes, 3);
    shows(":abc");
    prompt_key(TERM_ENTER);
    assert_int_equal(dones, 1);
    assert_string_equal(text, "abc");
    prompt_key('x');
    assert_int_equal(dones, 1);
}

static void characters_of_several_bytes(void **state)
{
    (void)state;
    prompt_key(0xE9);
    prompt_key(0x65E5);
    prompt_key(0x1F600);
    assert_string_equal(text, "é日😀");
    shows(":é日😀");
    prompt_key(TERM_BACKSPACE);
    assert_string_equal(text, "é日");
    prompt_key(TERM_LEFT);
    prompt_key('x');
    assert_string_equal(text, "éx日");
    prompt_key(TERM_HOME);
    prompt_key(TERM_DELETE);
    assert_string_equal(text, "x日");
}

static void moving_by_words(void **state)
{
    (void)state;
    type("one two");
    prompt_key(TERM_LEFT | TERM_CTRL);
    type("x ");
    assert_string_equal(text, "one x two");
    prompt_key('b' | TERM_ALT);
    prompt_key(TERM_BACKSPACE | TERM_ALT);
    assert_string_equal(text, "x two");
    prompt_key(5);
    prompt_key(23);
    assert_string_equal(text, "x ");
    prompt_key(21);
    assert_string_equal(text, "");
}

static void escape_and_interrupt_give_up(void **state)
{
    (void)state;
    const int keys[] = {TERM_ESCAPE, 3, 7};
    for (size_t i = 0; i < 3; i++) {
        if (!prompt_is_open()) prompt_open(&options);
        given_up = false;
        type("abc");
        prompt_key(keys[i]);
        assert_true(given_up);
        assert_false(prompt_is_open());
    }
    prompt_open(&options);
    given_up = false;
    prompt_key('x');
    prompt_key(4);
    assert_true(prompt_is_open());
    prompt_key(TERM_BACKSPACE);
    prompt_key(4);
    assert_true(given_up);
}

static void keys_without_meaning_do_nothing(void **state)
{
    (void)state;
    type("ab");
    prompt_key(TERM_F1);
    prompt_key(TERM_PAGE_UP);
    prompt_key(TERM_UP | TERM_SHIFT);
    prompt_key(TERM_INSERT);
    assert_string_equal(text, "ab");
    type("c");
    assert_string_equal(text, "abc");
}

static void candidates(const char *expected)
{
    assert_true(prompt_has_candidates());
    prompt_paint_candidates(0);
    assert_row(0, expected);
}

static void completion(void **state)
{
    (void)state;
    canvas_resize(2, 60);
    type("so");
    candidates(" sort");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "sort");
    type(" se");
    candidates(" services  severity:debug");
    type("v");
    shows(":sort sev");
    candidates(" severity:debug");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "sort severity:debug");
    type("x");
    assert_false(prompt_has_candidates());
    prompt_key(TERM_TAB);
    assert_string_equal(text, "sort severity:debugx");
}

static void on_offer(void *context, struct completions *c)
{
    (void)context;
    completions_add(c, "alpha one", "first", false);
    completions_add(c, "Alpine", "second", true);
    completions_add(c, "beta", NULL, false);
}

static void offered(const char *typed)
{
    prompt_close();
    text[0] = '\0';
    prompt_open(&(struct prompt_options){.label = ":", .offer = on_offer, .changed = on_changed, .done = on_done});
    canvas_resize(2, 40);
    type(typed);
}

static void tab_completes_then_cycles(void **state)
{
    (void)state;
    offered("ab a");
    candidates(" alpha one  Alpine");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "ab alpha one");
    candidates(" alpha one  Alpine               first");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "ab Alpine");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "ab alpha one");
    prompt_key(TERM_BACK_TAB);
    assert_string_equal(text, "ab Alpine");
    type("x");
    assert_string_equal(text, "ab Alpinex");
    assert_false(prompt_has_candidates());
}

static void the_only_candidate_ends_the_word(void **state)
{
    (void)state;
    offered("b");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "beta ");
    offered("alpi");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "Alpine");
}

static void candidates_are_of_the_word_before_the_cursor(void **state)
{
    (void)state;
    offered("be tail");
    prompt_key(TERM_HOME);
    prompt_key(TERM_RIGHT);
    candidates(" beta");
    prompt_key(TERM_TAB);
    assert_string_equal(text, "beta e tail");
}

static void a_pasted_newline_executes_nothing(void **state)
{
    (void)state;
    type("ab");
    prompt_key(TERM_LEFT);
    prompt_paste("one\ntwo\033[3~é\n\n");
    assert_int_equal(dones, 0);
    assert_string_equal(text, "aone two\xEF\xBF\xBD[3~éb");
}

static void a_huge_paste_is_cut(void **state)
{
    (void)state;
    char *huge = xmalloc(100001);
    memset(huge, 'x', 100000);
    huge[100000] = '\0';
    prompt_paste(huge);
    prompt_paste(huge);
    for (int i = 0; i < 100; i++) prompt_key('y');
    free(huge);
    shows(":xxxxxxxxxxxxxxxxxx");
    prompt_key(TERM_ENTER);
    assert_int_equal(dones, 1);
}

static void a_long_line_scrolls(void **state)
{
    (void)state;
    type("0123456789abcdefghijklmnopqrstuvwxyz");
    shows(":ijklmnopqrstuvwxyz");
    prompt_key(TERM_HOME);
    shows(":0123456789abcdefghi");
    prompt_key(TERM_END);
    shows(":ijklmnopqrstuvwxyz");
    canvas_resize(2, 1);
    shows(":");
}

static void initial_text_can_be_edited(void **state)
{
    (void)state;
    prompt_close();
    options.initial = "abc";
    prompt_open(&options);
    shows(":abc");
    prompt_key(TERM_BACKSPACE);
    assert_string_equal(text, "ab");
}

static void enter_line(const char *line)
{
    options.history = "test";
    if (prompt_is_open()) prompt_close();
    prompt_open(&options);
    type(line);
    prompt_key(TERM_ENTER);
}

static void history_is_kept_without_doubles(void **state)
{
    (void)state;
    char path[128], content[128] = "";
    snprintf(path, sizeof path, "%s/state/tero/history-test", folder);
    enter_line("one");
    enter_line("two");
    enter_line("one");
    enter_line("");
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t n = fread(content, 1, sizeof content - 1, f);
    fclose(f);
    content[n] = '\0';
    assert_string_equal(content, "two\none\n");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    prompt_open(&options);
    prompt_key(TERM_UP);
    assert_string_equal(text, "one");
    prompt_key(TERM_UP);
    assert_string_equal(text, "two");
    prompt_key(TERM_DOWN);
    assert_string_equal(text, "one");
    prompt_key(TERM_ESCAPE);
    options.history = "other";
    prompt_open(&options);
    prompt_key(TERM_UP);
    shows(":");
}

static void reverse_search_finds_umlauts(void **state)
{
    (void)state;
    options.history = "search";
    prompt_close();
    prompt_open(&options);
    prompt_paste("caf\xC3\xA9 one");
    prompt_key(TERM_ENTER);
    enter_line("other");
    options.history = "search";
    prompt_open(&options);
    prompt_key(18);
    prompt_key(0xE9);
    prompt_key(TERM_ENTER);
    assert_string_equal(text, "caf\xC3\xA9 one");
}

static void escape_in_a_search_stays_in_the_line(void **state)
{
    (void)state;
    enter_line("first line");
    prompt_open(&options);
    prompt_key(18);
    type("irs");
    prompt_paint(1);
    assert_true(prompt_is_open());
    prompt_key(TERM_ESCAPE);
    assert_true(prompt_is_open());
    type("x");
    assert_string_equal(text, "fxirst line");
    prompt_key(18);
    type("zz");
    prompt_key(3);
    assert_true(prompt_is_open());
    assert_false(given_up);
    prompt_key(3);
    assert_true(given_up);
}

static int home(void **state)
{
    (void)state;
    char path[64];
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/state", folder);
    setenv("XDG_STATE_HOME", path, 1);
    setenv("INPUTRC", "/dev/null", 1);
    return 0;
}

static int home_again(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(typing_and_enter),
        T(characters_of_several_bytes),
        T(moving_by_words),
        T(escape_and_interrupt_give_up),
        T(keys_without_meaning_do_nothing),
        T(completion),
        T(tab_completes_then_cycles),
        T(the_only_candidate_ends_the_word),
        T(candidates_are_of_the_word_before_the_cursor),
        T(a_pasted_newline_executes_nothing),
        T(a_huge_paste_is_cut),
        T(a_long_line_scrolls),
        T(initial_text_can_be_edited),
        T(history_is_kept_without_doubles),
        T(reverse_search_finds_umlauts),
        T(escape_in_a_search_stays_in_the_line),
    };
    return cmocka_run_group_tests(tests, home, home_again);
}
