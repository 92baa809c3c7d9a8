/* The terminal from the inside: standard input and output are a pseudo terminal while a test runs. */
#include "lib.h"

#include "tui/paint.h"
#include "tui/term.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int master = -1, kept_in = -1, kept_out = -1;
static struct termios before;

static void take_pty(void)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int slave;
    if (openpty(&master, &slave, NULL, NULL, &size)) abort();
    kept_in = dup(0);
    kept_out = dup(1);
    fflush(stdout);
    dup2(slave, 0);
    dup2(slave, 1);
    close(slave);
    tcgetattr(0, &before);
}

static void give_back(void)
{
    if (kept_in < 0) return;
    dup2(kept_in, 0);
    dup2(kept_out, 1);
    close(kept_in);
    close(kept_out);
    kept_in = -1;
    if (master >= 0) close(master);
    master = -1;
}

static int setup(void **state)
{
    (void)state;
    const char *problem;
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    setenv("ESCDELAY", "300", 1);
    unsetenv("TMUX");
    take_pty();
    return term_open(&(struct term_options){0}, &problem) ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    term_close();
    give_back();
    return 0;
}

/* Everything that was written to the terminal so far. */
static size_t output(char *into, size_t room)
{
    size_t n = 0;
    struct pollfd p = {.fd = master, .events = POLLIN};
    while (n + 1 < room && poll(&p, 1, 0) > 0 && (p.revents & POLLIN)) {
        ssize_t got = read(master, into + n, room - 1 - n);
        if (got <= 0) break;
        n += (size_t)got;
    }
    into[n] = '\0';
    return n;
}

static void type(const char *bytes) { assert_int_equal(write(master, bytes, strlen(bytes)), strlen(bytes)); }

/* The next event, waiting for it as a loop would; false: nothing came for two seconds. */
static bool wait_event(struct term_event *event)
{
    for (int i = 0; i < 200; i++) {
        int fds[2], timeout = term_timeout();
        if (term_next(event)) return true;
        term_fds(fds);
        struct pollfd p[2] = {{.fd = fds[0], .events = POLLIN}, {.fd = fds[1], .events = POLLIN}};
        poll(p, 2, timeout < 0 || timeout > 10 ? 10 : timeout);
    }
    return false;
}

static void expect_key(int key)
{
    struct term_event e;
    assert_true(wait_event(&e));
    assert_int_equal(e.what, TERM_KEY);
    assert_int_equal(e.key, key);
}

static void expect(enum term_what what)
{
    struct term_event e;
    assert_true(wait_event(&e));
    assert_int_equal(e.what, what);
}

static void frame(const char *text)
{
    term_frame_begin();
    paint_text(0, 0, 80, ROLE_TEXT, text);
    term_frame_end();
}

static void keys_arrive(void **state)
{
    (void)state;
    struct term_event e;
    assert_false(term_next(&e));
    assert_int_equal(term_timeout(), -1);
    type("j\033[A\033OB\303\251\r\032");
    expect_key('j');
    expect_key(TERM_UP);
    expect_key(TERM_DOWN);
    expect_key(0xE9);
    expect_key(TERM_ENTER);
    expect_key(26);
    type("\003");
    assert_true(wait_event(&e));
    assert_int_equal(e.what, TERM_INTERRUPT);
    assert_int_equal(e.key, 3);
}

static void a_burst_loses_nothing(void **state)
{
    (void)state;
    char keys[2001];
    memset(keys, 'j', 2000);
    keys[2000] = '\0';
    type(keys);
    for (int i = 0; i < 2000; i++) expect_key('j');
    struct term_event e;
    assert_false(term_next(&e));
}

static void escape_waits_for_its_rest(void **state)
{
    (void)state;
    struct term_event e;
    type("\033");
    while (!term_next(&e) && term_timeout() < 0) {}
    assert_in_range(term_timeout(), 0, 300);
    expect_key(TERM_ESCAPE);
    assert_int_equal(term_timeout(), -1);
    type("\033[");
    while (!term_next(&e) && term_timeout() < 0) {}
    type("5~");
    expect_key(TERM_PAGE_UP);
}

static void pastes_arrive_cleaned(void **state)
{
    (void)state;
    struct term_event e;
    type("\033[200~rm\033 -rf\r/\033[201~");
    assert_true(wait_event(&e));
    assert_int_equal(e.what, TERM_PASTE);
    assert_string_equal(e.text, "rm\xEF\xBF\xBD -rf\n/");
}

static void the_mouse_is_taken_and_given_back(void **state)
{
    (void)state;
    char out[65536];
    const char *problem;
    struct term_event e;
    output(out, sizeof out);
    term_close();
    assert_null(strstr(out, "\033[?1006h"));
    assert_true(term_open(&(struct term_options){.mouse = true}, &problem));
    output(out, sizeof out);
    assert_non_null(strstr(out, "\033[?1000h\033[?1006h"));
    type("\033[<0;7;3M");
    assert_true(wait_event(&e));
    assert_int_equal(e.what, TERM_MOUSE);
    assert_int_equal(e.button, TERM_CLICK);
    assert_int_equal(e.y, 2);
    assert_int_equal(e.x, 6);
    term_close();
    output(out, sizeof out);
    assert_non_null(strstr(out, "\033[?1006l\033[?1000l"));
}

static void large_frames_are_sent_in_one_piece(void **state)
{
    (void)state;
    char out[65536];
    frame("x");
    output(out, sizeof out);
    term_frame_begin();
    for (int y = 0; y < term_rows(); y++)
        paint_text(y, 0, 80, ROLE_TEXT, "a line that is long enough to make one update large, 24 of them");
    term_frame_end();
    size_t n = output(out, sizeof out);
    const char *begin = strstr(out, "\033[?2026h"), *end = strstr(out, "\033[?2026l");
    assert_ptr_equal(begin, out);
    assert_true(end > begin && end + 8 == out + n);
}

static void frames_are_sent_once_and_whole(void **state)
{
    (void)state;
    char out[65536];
    frame("a line that is long enough to be worth an update in one piece, so it is");
    size_t n = output(out, sizeof out);
    assert_true(n > 0);
    assert_non_null(strstr(out, "\033[?2004h"));
    assert_non_null(strstr(out, "a line that is long"));
    assert_null(strstr(out, "\033[?2026h"));
    frame("a line that is long enough to be worth an update in one piece, so it is");
    assert_int_equal(output(out, sizeof out), 0);
    frame("another");
    assert_true(output(out, sizeof out) > 0);
    term_repaint();
    frame("another");
    assert_true(output(out, sizeof out) > 0);
}

static void the_cursor_is_shown_where_asked(void **state)
{
    (void)state;
    char out[65536];
    frame("text");
    output(out, sizeof out);
    term_cursor(4, 9);
    frame("text");
    output(out, sizeof out);
    assert_non_null(strstr(out, "\033[5;10H"));
    assert_non_null(strstr(out, "\033[?12l\033[?25h"));
    term_cursor(-1, 0);
    frame("text");
    output(out, sizeof out);
    assert_non_null(strstr(out, "\033[?25l"));
}

static void resizes_are_one_event(void **state)
{
    (void)state;
    const int sizes[][2] = {{1, 1}, {5, 20}, {50, 132}};
    frame("text");
    for (size_t i = 0; i < 3; i++) {
        struct winsize size = {.ws_row = (unsigned short)sizes[i][0], .ws_col = (unsigned short)sizes[i][1]};
        ioctl(master, TIOCSWINSZ, &size);
        raise(SIGWINCH);
    }
    expect(TERM_RESIZE);
    assert_int_equal(term_rows(), 50);
    assert_int_equal(term_columns(), 132);
    struct term_event e;
    assert_false(term_next(&e));
    frame("text");
}

static void signals_become_events(void **state)
{
    (void)state;
    raise(SIGCHLD);
    raise(SIGINT);
    expect(TERM_INTERRUPT);
    raise(SIGCONT);
    expect(TERM_RESIZE);
    expect(TERM_RESUMED);
    raise(SIGTERM);
    expect(TERM_QUIT);
    struct term_event e;
    assert_false(term_next(&e));
}

static void a_hang_up_ends_it(void **state)
{
    (void)state;
    close(master);
    master = -1;
    expect(TERM_QUIT);
    frame("nobody sees this");
}

static void the_modes_come_back(void **state)
{
    (void)state;
    struct termios now;
    char out[65536];
    frame("text");
    tcgetattr(0, &now);
    assert_false(now.c_lflag & (ICANON | ECHO | ISIG));
    output(out, sizeof out);
    term_close();
    size_t n = output(out, sizeof out);
    tcgetattr(0, &now);
    assert_int_equal(now.c_lflag, before.c_lflag);
    assert_int_equal(now.c_iflag, before.c_iflag);
    assert_int_equal(now.c_oflag, before.c_oflag);
    assert_non_null(strstr(out, "\033[?2004l"));
    assert_non_null(strstr(out, "\033[?25h"));
    assert_non_null(strstr(out, "\033[?1049l"));
    assert_true(n < 200);
}

static void the_clipboard_is_sent(void **state)
{
    (void)state;
    char out[65536];
    output(out, sizeof out);
    assert_string_equal(term_copy("hello"), "sent to the terminal's clipboard");
    output(out, sizeof out);
    assert_string_equal(out, "\033]52;c;aGVsbG8=\a");
    term_copy("hell");
    output(out, sizeof out);
    assert_string_equal(out, "\033]52;c;aGVsbA==\a");
    char *huge = malloc(60001);
    memset(huge, 'x', 60000);
    huge[60000] = '\0';
    assert_non_null(strstr(term_copy(huge), "too much"));
    free(huge);
    assert_int_equal(output(out, sizeof out), 0);
}

static int setup_pty(void **state)
{
    (void)state;
    take_pty();
    return 0;
}

static void open_as(const char *type_name, const char *locale, bool *opened, const char **problem)
{
    setenv("TERM", type_name, 1);
    setenv("LC_ALL", locale, 1);
    *opened = term_open(&(struct term_options){0}, problem);
}

static void crash(void)
{
    const char *problem;
    dup2(STDOUT_FILENO, STDERR_FILENO);
    signal(SIGBUS, SIG_DFL);
    if (!term_open(&(struct term_options){0}, &problem)) _exit(3);
    frame("text");
    raise(SIGBUS);
    _exit(4);
}

static void a_fatal_signal_restores_first(void **state)
{
    (void)state;
    char out[65536];
    pid_t child = fork();
    if (child == 0) crash();
    int status;
    waitpid(child, &status, 0);
    output(out, sizeof out);
    assert_non_null(strstr(out, "\033[?1049h"));
    assert_non_null(strstr(out, "\033[?1049l"));
    struct termios now;
    tcgetattr(0, &now);
    assert_int_equal(now.c_lflag, before.c_lflag);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS);
}

static void old_terminals_get_nothing_new(void **state)
{
    (void)state;
    const char *const types[] = {"vt100", "linux", "vt220"};
    for (size_t i = 0; i < 3; i++) {
        const char *problem;
        char out[65536];
        bool opened;
        open_as(types[i], "C.UTF-8", &opened, &problem);
        assert_true(opened);
        frame("a line that is long enough to be worth an update in one piece, so it is");
        term_close();
        output(out, sizeof out);
        assert_null(strstr(out, "\033[?2026"));
        assert_null(strstr(out, "\033[?2004"));
        assert_null(strstr(out, "$<"));
        assert_string_equal(term_copy("x"), "this terminal has no clipboard");
    }
}

static void dumb_is_refused_in_words(void **state)
{
    (void)state;
    const char *problem = NULL;
    char out[1024];
    bool opened;
    open_as("dumb", "C.UTF-8", &opened, &problem);
    assert_false(opened);
    assert_string_equal(problem, "the terminal type \"dumb\" (TERM) cannot place the cursor");
    assert_int_equal(output(out, sizeof out), 0);
    struct termios now;
    tcgetattr(0, &now);
    assert_int_equal(now.c_lflag, before.c_lflag);
    open_as("no-such-terminal", "C.UTF-8", &opened, &problem);
    assert_true(opened);
    term_close();
}

static void without_utf8_ascii(void **state)
{
    (void)state;
    const char *problem;
    bool opened;
    open_as("xterm-256color", "C", &opened, &problem);
    assert_true(opened);
    assert_false(term_utf8());
    assert_string_equal(glyph(GLYPH_ELLIPSIS), "~");
    term_close();
    unsetenv("LC_ALL");
    unsetenv("LC_CTYPE");
    unsetenv("LANG");
    assert_true(term_open(&(struct term_options){0}, &problem));
    assert_true(term_utf8());
    term_close();
}

static void no_terminal_is_said(void **state)
{
    (void)state;
    const char *problem = NULL;
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    close(null);
    assert_false(term_open(&(struct term_options){0}, &problem));
    assert_string_equal(problem, "standard input and output are not a terminal");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define P(name) cmocka_unit_test_setup_teardown(name, setup_pty, teardown)
    const struct CMUnitTest tests[] = {
        T(keys_arrive),
        T(a_burst_loses_nothing),
        T(escape_waits_for_its_rest),
        T(pastes_arrive_cleaned),
        T(frames_are_sent_once_and_whole),
        T(large_frames_are_sent_in_one_piece),
        T(the_mouse_is_taken_and_given_back),
        T(the_cursor_is_shown_where_asked),
        T(resizes_are_one_event),
        T(signals_become_events),
        T(a_hang_up_ends_it),
        T(the_modes_come_back),
        T(the_clipboard_is_sent),
        P(a_fatal_signal_restores_first),
        P(old_terminals_get_nothing_new),
        P(dumb_is_refused_in_words),
        P(without_utf8_ascii),
        P(no_terminal_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
