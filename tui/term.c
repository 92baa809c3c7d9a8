#include "tui/term.h"

#include "base/clock.h"
#include "base/die.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/input.h"
#include "tui/screen.h"
#include "tui/send.h"
#include "tui/signals.h"
#include "tui/squeeze.h"
#include "tui/style.h"
#include "tui/tty.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    ESCAPE_MS = 40,
    ROWS_MAX = 1000,
    COLUMNS_MAX = 1000,
    SMALL_FRAME = 1024 /* one write, one read of the terminal */,
    FRAME_MAX = 65 << 20,
    NS_PER_MS = 1000000
};

static struct {
    bool open, plain, mouse, modern, colors, gone, said_quit, resumed;
    struct input input;
    int64_t last_byte;
    int cursor_y, cursor_x;
    struct buf frame;
    struct squeeze squeeze;
    char type[64];
} term;

static bool starts(const char *text, const char *prefix) { return !strncmp(text, prefix, strlen(prefix)); }

static bool set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

static const char *environment_type(void)
{
    const char *type = getenv("TERM");
    return type ? type : "";
}

static bool old_terminal(const char *type) { return starts(type, "linux") || starts(type, "vt"); }

static bool locale_utf8(void) { return !strcmp(nl_langinfo(CODESET), "UTF-8"); }

static void open_locale(bool ascii)
{
    setlocale(LC_CTYPE, "");
    bool chosen = set("LC_ALL") || set("LC_CTYPE") || set("LANG");
    if (!locale_utf8() && !chosen && !old_terminal(environment_type())) setlocale(LC_CTYPE, "C.UTF-8");
    canvas_utf8(locale_utf8());
    glyph_ascii(ascii || !locale_utf8());
}

static int clamp(int value, int otherwise, int max)
{
    if (value <= 0) value = otherwise;
    return value < 1 ? 1 : value > max ? max : value;
}

static int from_environment(const char *name, int otherwise)
{
    const char *value = getenv(name);
    int n = value ? atoi(value) : 0;
    return n > 0 ? n : otherwise;
}

static void measure(void)
{
    int rows, columns;
    tty_size(&rows, &columns);
    rows = clamp(rows, from_environment("LINES", 24), ROWS_MAX);
    columns = clamp(columns, from_environment("COLUMNS", 80), COLUMNS_MAX);
    canvas_resize(rows, columns);
}

static enum screen_opened try_type(const char *type, bool color)
{
    snprintf(term.type, sizeof term.type, "%s", type);
    return screen_open(type, canvas_rows(), canvas_columns(), color);
}

static bool open_screen(bool color, const char **problem)
{
    static const char *const others[] = {"xterm-256color", "xterm", "vt100"};
    static char text[160];
    enum screen_opened opened = try_type(environment_type(), color);
    for (size_t i = 0; opened == SCREEN_UNKNOWN && i < sizeof others / sizeof *others; i++) opened = try_type(others[i], color);
    if (opened == SCREEN_OPEN) return true;
    if (opened == SCREEN_UNABLE)
        snprintf(text, sizeof text, "the terminal type \"%.60s\" (TERM) cannot place the cursor", environment_type());
    else
        snprintf(text, sizeof text, "the terminal type \"%.60s\" (TERM) is unknown, and no terminal description is installed",
                 environment_type());
    *problem = text;
    return false;
}

static void add_capability(struct buf *out, const char *name)
{
    const char *value = screen_capability(name);
    if (value) buf_str(out, value);
}

static const char mouse_on[] = "\033[?1000h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1000l";

static bool has_mouse(void) { return term.mouse && term.modern; }

static void prepare_restore(void)
{
    struct buf out;
    buf_init(&out, 512);
    if (term.modern) buf_str(&out, "\033[?2026l\033[?2004l");
    if (has_mouse()) buf_str(&out, mouse_off);
    add_capability(&out, "sgr0");
    if (term.colors) add_capability(&out, "op");
    add_capability(&out, "cnorm");
    buf_str(&out, screen_scroll_all());
    if (screen_capability("rmcup")) {
        add_capability(&out, "rmcup");
    } else {
        buf_str(&out, screen_goto(canvas_rows() - 1, 0));
        add_capability(&out, "el");
    }
    tty_on_restore(buf_view(&out));
    buf_free(&out);
}

static void open_input(void)
{
    static const struct {
        const char *name;
        int key;
    } keys[] = {
        {"kcuu1", TERM_UP},     {"kcud1", TERM_DOWN},  {"kcub1", TERM_LEFT},    {"kcuf1", TERM_RIGHT},  {"khome", TERM_HOME},
        {"kend", TERM_END},     {"kpp", TERM_PAGE_UP}, {"knp", TERM_PAGE_DOWN}, {"kich1", TERM_INSERT}, {"kdch1", TERM_DELETE},
        {"kf1", TERM_F1},       {"kf2", TERM_F1 + 1},  {"kf3", TERM_F1 + 2},    {"kf4", TERM_F1 + 3},   {"kf5", TERM_F1 + 4},
        {"kf6", TERM_F1 + 5},   {"kf7", TERM_F1 + 6},  {"kf8", TERM_F1 + 7},    {"kf9", TERM_F1 + 8},   {"kf10", TERM_F1 + 9},
        {"kf11", TERM_F1 + 10}, {"kf12", TERM_F12},    {"kcbt", TERM_BACK_TAB},
    };
    input_init(&term.input, from_environment("ESCDELAY", ESCAPE_MS));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) input_extra(&term.input, screen_capability(keys[i].name), keys[i].key);
}

static bool stop_writing(void)
{
    signals_read();
    return signals.quit;
}

void term_send(struct slice bytes)
{
    if (!term.gone && !tty_write(bytes, signals_fd(), stop_writing)) term.gone = true;
}

static void enter(const char *log)
{
    tty_stderr_to(log);
    tty_taken();
    tty_raw(screen_flag("xon"));
    if (term.modern) term_send(SLICE("\033[?2004h"));
    if (has_mouse()) term_send(slice_str(mouse_on));
}

static void leave(void)
{
    if (term.open) tty_restore();
}

static void at_exit(void)
{
    static bool registered;
    if (registered) return;
    registered = true;
    atexit(leave);
    die_hook(leave);
}

bool term_open(const struct term_options *options, const char **problem)
{
    *problem = "standard input and output are not a terminal";
    if (term.open || !tty_open()) return term.open;
    open_locale(options->ascii);
    term.gone = term.said_quit = term.resumed = false;
    term.cursor_y = -1;
    term.squeeze = (struct squeeze){0};
    term.plain = options->plain;
    term.mouse = options->mouse;
    *problem = "signals cannot be read";
    bool ok = signals_open();
    measure();
    term.colors = !options->no_color && !set("NO_COLOR");
    if (ok) ok = open_screen(term.colors, problem);
    if (!ok) {
        signals_close();
        tty_close();
        return false;
    }
    term.modern = !old_terminal(term.type) && screen_capability("smcup");
    buf_init(&term.frame, FRAME_MAX);
    open_input();
    prepare_restore();
    at_exit();
    term.open = true;
    enter(options->log);
    return true;
}

void term_close(void)
{
    if (!term.open) return;
    leave();
    term.open = false;
    tty_stderr_back();
    screen_close();
    input_free(&term.input);
    buf_free(&term.frame);
    tty_close();
    signals_close();
}

void term_fds(int fds[2])
{
    fds[0] = STDIN_FILENO;
    fds[1] = signals_fd();
}

static bool expired(void)
{
    int waits = input_waits(&term.input);
    return waits >= 0 && clock_monotonic() - term.last_byte >= (int64_t)waits * NS_PER_MS;
}

int term_timeout(void)
{
    int waits = term.open ? input_waits(&term.input) : -1;
    if (waits < 0) return -1;
    int64_t left = term.last_byte + (int64_t)waits * NS_PER_MS - clock_monotonic();
    return left <= 0 ? 0 : (int)((left + NS_PER_MS - 1) / NS_PER_MS);
}

/* True: there may be keys now. */
static bool read_keys(void)
{
    char bytes[1024];
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    size_t room = input_room(&term.input);
    if (room == 0 || poll(&in, 1, 0) <= 0) return false;
    ssize_t n = read(STDIN_FILENO, bytes, room < sizeof bytes ? room : sizeof bytes);
    if (n > 0) {
        input_feed(&term.input, bytes, (size_t)n);
        term.last_byte = clock_monotonic();
        return true;
    }
    if (n == 0 || (errno != EINTR && errno != EAGAIN)) term.gone = true;
    return term.gone;
}

static void resize(void)
{
    int rows = canvas_rows(), columns = canvas_columns();
    measure();
    if (rows != canvas_rows() || columns != canvas_columns()) {
        screen_resize(canvas_rows(), canvas_columns());
        prepare_restore();
    }
    screen_repaint();
}

/* The line may have been used by others since. */
static void take_back(bool left)
{
    struct buf out;
    buf_init(&out, 512);
    tty_taken();
    tty_raw(screen_flag("xon"));
    if (left) add_capability(&out, "smcup");
    if (term.cursor_y < 0) add_capability(&out, "civis");
    if (term.modern) buf_str(&out, "\033[?2004h");
    if (has_mouse()) buf_str(&out, mouse_on);
    term_send(buf_view(&out));
    buf_free(&out);
    signals.resize = true;
    term.resumed = true;
    term_repaint();
}

void term_suspend(void)
{
    if (!term.open) return;
    tty_restore();
    signals_stop_self();
    signals_read();
    signals.resume = signals.stop = false;
    take_back(true);
}

void term_leave(void)
{
    if (term.open) tty_restore();
}

void term_return(void)
{
    if (!term.open) return;
    signals_read();
    signals.resume = signals.stop = signals.interrupt = false;
    take_back(true);
}

static bool say(struct term_event *event, enum term_what what)
{
    *event = (struct term_event){.what = what, .key = what == TERM_INTERRUPT ? 3 : 0};
    return true;
}

static bool next_signal(struct term_event *event)
{
    if ((signals.quit || term.gone) && !term.said_quit) {
        term.said_quit = true;
        return say(event, TERM_QUIT);
    }
    if (signals.stop) term_suspend();
    if (signals.resume) {
        signals.resume = false;
        take_back(false);
    }
    if (signals.resize) {
        signals.resize = false;
        resize();
        return say(event, TERM_RESIZE);
    }
    if (term.resumed) {
        term.resumed = false;
        return say(event, TERM_RESUMED);
    }
    if (signals.interrupt) {
        signals.interrupt = false;
        return say(event, TERM_INTERRUPT);
    }
    return false;
}

static bool next_key(struct term_event *event)
{
    struct input_event in;
    do {
        if (!input_next(&term.input, &in)) return false;
    } while (in.key == INPUT_MOUSE && !has_mouse());
    if (in.key == 3) return say(event, TERM_INTERRUPT);
    if (in.key == INPUT_MOUSE)
        *event = (struct term_event){.what = TERM_MOUSE, .button = (enum term_button)in.button, .y = in.y, .x = in.x};
    else if (in.key < 0) *event = (struct term_event){.what = TERM_PASTE, .text = in.paste};
    else *event = (struct term_event){.what = TERM_KEY, .key = in.key};
    return true;
}

bool term_next(struct term_event *event)
{
    while (term.open && !term.said_quit) {
        if (next_signal(event) || next_key(event)) return true;
        signals_read();
        bool more = read_keys();
        if (!more && expired()) {
            input_expire(&term.input);
            return next_key(event) || next_signal(event);
        }
        if (!more) return next_signal(event);
    }
    return false;
}

bool term_modern(void) { return term.open && term.modern; }

int term_rows(void) { return canvas_rows(); }
int term_columns(void) { return canvas_columns(); }
bool term_utf8(void) { return canvas_is_utf8(); }
bool term_plain(void) { return term.plain; }

void term_frame_begin(void)
{
    canvas_blank();
    uint16_t style = theme_style(ROLE_TEXT);
    for (int y = 0; style && y < canvas_rows(); y++) canvas_fill(y, 0, canvas_columns(), style);
}

void term_frame_end(void)
{
    if (!term.open || term.gone) return;
    screen_draw(term.cursor_y, term.cursor_x);
    struct slice bytes = screen_take();
    if (bytes.len == 0) return;
    bool together = term.modern && !term.plain && bytes.len > SMALL_FRAME;
    buf_clear(&term.frame);
    if (together) buf_str(&term.frame, "\033[?2026h");
    squeeze_add(&term.squeeze, bytes, &term.frame);
    if (together) buf_str(&term.frame, "\033[?2026l");
    term_send(buf_view(&term.frame));
}

void term_repaint(void)
{
    term.squeeze = (struct squeeze){0};
    if (term.open) screen_repaint();
}

void term_cursor(int y, int x)
{
    term.cursor_y = y;
    term.cursor_x = x;
}

void term_idle(void)
{
    static int fd = -2;
    if (fd == -2) fd = from_environment("TERO_IDLE_FD", -1);
    if (fd >= 0 && write(fd, "i", 1) != 1) fd = -1;
}
