/* The console on awkward terminals: sizes, TERM, LANG, signals, lost terminals. Prints TAP.
 * Each case gets a control plane of its own in an empty directory; the first run's screen is what is shown. */
#include "base/clock.h"
#include "base/die.h"
#include "tests/pty/lib/frame.h"
#include "tests/pty/lib/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE = 15000 };

static int number, failures;
static char console[PATH_MAX + 32], directory[PATH_MAX];

static void check(bool good, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void check(bool good, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("%sok %d - ", good ? "" : "not ", ++number);
    vprintf(format, args);
    putchar('\n');
    fflush(stdout);
    va_end(args);
    failures += !good;
}

struct world {
    char text[8][PATH_MAX + 64];
    const char *env[16];
};

/* `extra` replaces TERM=..., LANG=... or adds to them. */
static const char *const *environment(struct world *w, const char *term, const char *lang, const char *extra)
{
    size_t n = 0;
    const char *const formats[] = {"HOME=%s", "XDG_STATE_HOME=%s/state", "XDG_CONFIG_HOME=%s/config", "TERO_DATA=%s/data"};
    for (; n < 4; n++) snprintf(w->text[n], sizeof w->text[n], formats[n], directory);
    snprintf(w->text[4], sizeof w->text[4], "TERM=%s", term);
    snprintf(w->text[5], sizeof w->text[5], "LANG=%s", lang);
    snprintf(w->text[6], sizeof w->text[6], "PATH=%s", getenv("PATH"));
    for (n = 0; n < 7; n++) w->env[n] = w->text[n];
    w->env[n++] = "TZ=UTC";
    w->env[n++] = "TERO_IDLE_FD=9";
    w->env[n++] = "ESCDELAY=20";
    w->env[n++] = "LSAN_OPTIONS=detect_leaks=0";
    if (extra) w->env[n++] = extra;
    w->env[n] = NULL;
    return w->env;
}

static struct vt *start(int columns, int rows, const char *term, const char *lang, const char *extra)
{
    static struct world w;
    const char *argv[] = {console, NULL};
    struct vt_options o = {.rows = rows, .columns = columns, .argv = argv, .env = environment(&w, term, lang, extra)};
    return vt_start(&o);
}

/* Goes through the screens, a word each, and looks at every frame: what reached the terminal, top and bottom line, columns. */
static void walk(struct vt *vt, const struct frame_rules *rules, const char *what)
{
    static const char *const words[] = {"2",  "3",    "4",    "\r", "G",    "q", "5",    "j", " ", "s",    "\033", "c",    "\033",
                                        "\r", "q",    "6",    "K",  "q",    "?", "q",    "!", "q", ":",    "\t",   "\033", "/",
                                        "x",  "\033", "\033", "T",  "\033", "e", "\033", "R", "R", "\014", "1",    "G"};
    struct stream stream = {0};
    const char *wrong = NULL;
    int count = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words && !wrong; i++, count++) {
        vt_send(vt, words[i], strlen(words[i]));
        if (!vt_settle(vt, DEADLINE)) wrong = "it is not idle";
        if (!wrong) wrong = stream_problem(&stream, vt, rules);
        if (!wrong) wrong = frame_problem(vt, rules);
        if (wrong) vt_listen(vt, 100);
        if (wrong && vt_rows(vt) > 0) wrong = frame_problem(vt, rules);
    }
    check(!wrong, "%s: %d screens hold what every frame must%s%s", what, count, wrong ? ": " : "", wrong ? wrong : "");
}

static void quit_and_check(struct vt *vt, const char *what)
{
    vt_send(vt, "Q", 1);
    int status = vt_end(vt, DEADLINE);
    check(status == 0, "%s: Q quits (status %d)", what, status);
    check(vt_modes_restored(vt) && !vt_alternate(vt), "%s: the terminal is restored", what);
    vt_free(vt);
}

static void sizes(void)
{
    static const int all[][2] = {{1, 1}, {20, 5}, {60, 15}, {80, 24}, {300, 100}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char what[32];
        snprintf(what, sizeof what, "%dx%d", all[i][0], all[i][1]);
        struct vt *vt = start(all[i][0], all[i][1], "xterm-256color", "C.UTF-8", NULL);
        check(vt_settle(vt, DEADLINE), "%s: becomes idle", what);
        vt_send(vt, "jk5?q", 5);
        check(vt_settle(vt, DEADLINE), "%s: takes keys", what);
        walk(vt, &(struct frame_rules){0}, what);
        quit_and_check(vt, what);
    }
}

static void resize_storm(void)
{
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
    vt_settle(vt, DEADLINE);
    for (int i = 0; i < 40; i++) vt_resize(vt, 1 + i * 7 % 60, 1 + i * 13 % 200);
    for (int i = 0; i < 40; i++) {
        vt_resize(vt, 1 + i * 11 % 70, 1 + i * 17 % 220);
        vt_send(vt, &"12345?q6j:\033"[i % 12], 1);
    }
    vt_send(vt, "\033", 1);
    vt_resize(vt, 24, 80);
    check(vt_settle(vt, DEADLINE), "resize storm: becomes idle");
    walk(vt, &(struct frame_rules){0}, "resize storm");
    vt_send(vt, "1", 1);
    vt_settle(vt, DEADLINE);
    check(strstr(vt_row(vt, 0), "Tero") != NULL, "resize storm: the frame is whole: %s", vt_row(vt, 0));
    quit_and_check(vt, "resize storm");
}

static void terminals(void)
{
    static const char *const all[] = {"xterm-256color", "xterm", "screen", "tmux-256color", "linux", "vt100", "no-such-term"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct vt *vt = start(80, 24, all[i], "C.UTF-8", NULL);
        check(vt_settle(vt, DEADLINE) && vt_contains(vt, "Tero"), "TERM=%s: draws", all[i]);
        walk(vt, &(struct frame_rules){0}, all[i]);
        quit_and_check(vt, all[i]);
    }
    struct vt *vt = start(80, 24, "dumb", "C.UTF-8", NULL);
    int status = vt_end(vt, DEADLINE);
    size_t n;
    const char *all_output = vt_all(vt, &n);
    check(status >= 0 && status < 5 && n > 0 && !memchr(all_output, '\033', n), "TERM=dumb: plain text and status %d", status);
    vt_free(vt);
}

static void locales(void)
{
    static const char *const all[] = {"C", "C.UTF-8", ""};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char what[32];
        snprintf(what, sizeof what, "LANG=%s", all[i]);
        struct vt *vt = start(80, 24, "xterm-256color", all[i], "LC_ALL=");
        check(vt_settle(vt, DEADLINE) && vt_contains(vt, "Tero"), "%s: draws", what);
        if (!strcmp(all[i], "C")) {
            bool ascii = true;
            for (int y = 0; y < 24; y++)
                for (const char *c = vt_row(vt, y); *c; c++) ascii = ascii && (unsigned char)*c < 0x80;
            check(ascii, "%s: ASCII only", what);
        }
        walk(vt, &(struct frame_rules){.ascii = !strcmp(all[i], "C")}, what);
        quit_and_check(vt, what);
    }
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", "NO_COLOR=1");
    vt_settle(vt, DEADLINE);
    walk(vt, &(struct frame_rules){.mono = true}, "NO_COLOR");
    check(vt_colours(vt) == 0, "NO_COLOR: %zu colour sequences", vt_colours(vt));
    quit_and_check(vt, "NO_COLOR");
}

static void ending_signals(void)
{
    static const struct {
        int signal;
        const char *name;
    } all[] = {{SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
        vt_settle(vt, DEADLINE);
        vt_signal(vt, all[i].signal);
        int status = vt_end(vt, DEADLINE);
        check(status >= 0, "%s: ends (status %d)", all[i].name, status);
        check(vt_modes_restored(vt) && !vt_alternate(vt), "%s: the terminal is restored", all[i].name);
        vt_free(vt);
    }
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
    vt_settle(vt, DEADLINE);
    vt_signal(vt, SIGSEGV);
    int status = vt_end(vt, DEADLINE);
    check(status > 0, "SIGSEGV: ends with status %d", status);
    check(vt_modes_restored(vt) && !vt_alternate(vt), "SIGSEGV: the terminal is restored");
    vt_free(vt);
}

static void stop_and_continue(void)
{
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
    vt_settle(vt, DEADLINE);
    vt_signal(vt, SIGSTOP);
    vt_signal(vt, SIGCONT);
    check(vt_settle(vt, DEADLINE) && vt_contains(vt, "Tero"), "SIGSTOP, SIGCONT: draws again");
    vt_send(vt, "?", 1);
    check(vt_settle(vt, DEADLINE), "SIGSTOP, SIGCONT: takes keys");
    quit_and_check(vt, "SIGSTOP, SIGCONT");
}

/* The program is the leader of its session, so nobody would continue it after a real stop; that it asks for one and comes back
 * whole is what SIGTSTP and SIGCONT show. */
static void suspended(void)
{
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
    vt_settle(vt, DEADLINE);
    vt_send(vt, "5", 1);
    vt_settle(vt, DEADLINE);
    vt_send(vt, "\032", 1);
    vt_listen(vt, 100);
    vt_signal(vt, SIGCONT);
    check(vt_settle(vt, DEADLINE) && vt_alternate(vt) && vt_contains(vt, "LOG EVENT"), "^Z, fg: the screen is whole again");
    walk(vt, &(struct frame_rules){0}, "^Z, fg");
    quit_and_check(vt, "^Z, fg");
}

static void lost_terminal_while_busy(void)
{
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
    vt_send(vt, "5j:ev\t", 7);
    vt_hang_up(vt);
    int status = vt_end(vt, 3000);
    check(status >= 0, "lost terminal at the start, keys unread: the process ends (status %d)", status);
    vt_free(vt);
}

static void lost_terminal(void)
{
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
    vt_settle(vt, DEADLINE);
    vt_hang_up(vt);
    int status = vt_end(vt, 3000);
    check(status >= 0, "lost terminal: the process ends (status %d)", status);
    vt_free(vt);
}

static void no_terminal(void)
{
    static struct world w;
    const char *const *env = environment(&w, "xterm", "C.UTF-8", NULL);
    int out[2];
    if (pipe(out) < 0) die("pipe: %s", strerror(errno));
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        close(out[0]);
        close(out[1]);
        setsid();
        execle(console, console, (char *)NULL, env);
        _exit(127);
    }
    close(out[1]);
    char text[4096];
    size_t n = 0;
    ssize_t got;
    while (n < sizeof text - 1 && (got = read(out[0], text + n, sizeof text - 1 - n)) > 0) n += (size_t)got;
    text[n] = '\0';
    close(out[0]);
    int status;
    waitpid(pid, &status, 0);
    check(WIFEXITED(status) && WEXITSTATUS(status) < 5, "no terminal: ends by itself (status %d)",
          WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    check(strstr(text, "terminal") && !strchr(text, '\033'), "no terminal: says so and prints plain text");
}

static void silence(void)
{
    struct vt *vt = start(80, 24, "xterm-256color", "C.UTF-8", NULL);
    vt_settle(vt, DEADLINE);
    size_t bytes = vt_listen(vt, 3000);
    check(bytes == 0, "idle: %zu bytes in 3 s", bytes);
    quit_and_check(vt, "idle");
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

int main(void)
{
    const char *tmp = getenv("TMPDIR"), *build = getenv("BUILD");
    char base[PATH_MAX];
    if (!realpath(build ? build : "build", base)) die("no build folder");
    snprintf(console, sizeof console, "%s/tero-console", base);
    snprintf(directory, sizeof directory, "%s/tero-robust-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(directory)) die("mkdtemp: %s", strerror(errno));
    setvbuf(stdout, NULL, _IOLBF, 0);
    sizes();
    resize_storm();
    terminals();
    locales();
    ending_signals();
    stop_and_continue();
    suspended();
    lost_terminal();
    lost_terminal_while_busy();
    no_terminal();
    silence();
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    printf("1..%d\n", number);
    return failures ? 1 : 0;
}
