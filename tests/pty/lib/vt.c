#include "tests/pty/lib/vt.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/die.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

enum { IDLE_FD = 9 };

struct vt {
    pid_t pid;
    int master, slave, idle;
    int rows, columns;
    VTerm *term;
    VTermScreen *screen;
    struct buf all;
    size_t mark;
    bool alternate, cursor_visible, no_idle, ended;
    int status;
    struct termios modes;
    char held[8]; /* the beginning of what may be a REP */
    size_t held_len;
    char last;
};

static int on_property(VTermProp property, VTermValue *value, void *context)
{
    struct vt *vt = context;
    if (property == VTERM_PROP_ALTSCREEN) vt->alternate = value->boolean;
    if (property == VTERM_PROP_CURSORVISIBLE) vt->cursor_visible = value->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void run_child(const struct vt_options *o, int slave, int idle)
{
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    dup2(slave, 0);
    dup2(slave, 1);
    dup2(slave, 2);
    if (idle != IDLE_FD) dup2(idle, IDLE_FD);
    fcntl(IDLE_FD, F_SETFD, 0);
    for (int fd = 3; fd < 64; fd++)
        if (fd != IDLE_FD) close(fd);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(o->argv[0], (char *const *)o->argv, (char *const *)o->env);
    fprintf(stderr, "%s: %s\n", o->argv[0], strerror(errno));
    _exit(127);
}

struct vt *vt_start(const struct vt_options *o)
{
    struct vt *vt = xcalloc(1, sizeof *vt);
    *vt = (struct vt){.rows = o->rows, .columns = o->columns, .no_idle = o->no_idle, .cursor_visible = true};
    buf_init(&vt->all, 64 << 20);
    vt->term = vterm_new(o->rows, o->columns);
    vterm_set_utf8(vt->term, 1);
    vt->screen = vterm_obtain_screen(vt->term);
    vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
    vterm_screen_enable_altscreen(vt->screen, 1);
    vterm_screen_reset(vt->screen, 1);
    struct winsize size = {.ws_row = (unsigned short)o->rows, .ws_col = (unsigned short)o->columns};
    if (openpty(&vt->master, &vt->slave, NULL, NULL, &size) < 0) die("openpty: %s", strerror(errno));
    tcgetattr(vt->slave, &vt->modes);
    int idle[2];
    if (pipe2(idle, O_CLOEXEC | O_NONBLOCK) < 0) die("pipe: %s", strerror(errno));
    vt->idle = idle[0];
    vt->pid = fork();
    if (vt->pid < 0) die("fork: %s", strerror(errno));
    if (vt->pid == 0) run_child(o, vt->slave, idle[1]);
    close(idle[1]);
    fcntl(vt->master, F_SETFL, O_NONBLOCK);
    fcntl(vt->master, F_SETFD, FD_CLOEXEC);
    fcntl(vt->slave, F_SETFD, FD_CLOEXEC);
    return vt;
}

/* libvterm wraps too early after REP (CSI n b); the character is written out n times instead. */
static void feed_byte(struct vt *vt, char c)
{
    char *held = vt->held;
    bool fits = vt->held_len == 0   ? c == '\033'
                : vt->held_len == 1 ? c == '['
                                    : vt->held_len < sizeof vt->held - 1 && ((c >= '0' && c <= '9') || (c == 'b' && vt->held_len > 2));
    if (fits) held[vt->held_len++] = c;
    if (fits && c != 'b') return;
    if (fits) {
        for (int n = atoi(held + 2); n > 0; n--) vterm_input_write(vt->term, &vt->last, 1);
    } else {
        vterm_input_write(vt->term, held, vt->held_len);
        vterm_input_write(vt->term, &c, 1);
        vt->last = c;
    }
    vt->held_len = 0;
    memset(held, 0, sizeof vt->held);
}

static bool read_output(struct vt *vt)
{
    char bytes[16384];
    bool any = false;
    ssize_t n;
    while (vt->master >= 0 && (n = read(vt->master, bytes, sizeof bytes)) > 0) {
        buf_add(&vt->all, bytes, (size_t)n);
        for (ssize_t i = 0; i < n; i++) feed_byte(vt, bytes[i]);
        any = true;
    }
    return any;
}

static bool read_idle(struct vt *vt)
{
    char bytes[64];
    bool any = false;
    while (read(vt->idle, bytes, sizeof bytes) > 0) any = true;
    return any;
}

static bool reap(struct vt *vt)
{
    int status;
    if (!vt->ended && waitpid(vt->pid, &status, WNOHANG) == vt->pid) {
        vt->ended = true;
        vt->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return vt->ended;
}

/* Waits for output, an idle byte or the end of the program; true where output came. */
static bool pump(struct vt *vt, int ms, bool *idle)
{
    struct pollfd fds[2] = {{vt->master, POLLIN, 0}, {vt->idle, POLLIN, 0}};
    poll(fds, 2, ms);
    if (read_idle(vt)) *idle = true;
    return read_output(vt);
}

static int remaining(int64_t until)
{
    int64_t left = (until - clock_monotonic()) / 1000000;
    return left < 0 ? 0 : left > 50 ? 50 : (int)left;
}

/* What the program wrote before its idle byte may still be on its way through the kernel's terminal. */
static void drain(struct vt *vt)
{
    bool ignored = false;
    while (pump(vt, 4, &ignored)) continue;
}

static bool wait_idle(struct vt *vt, int deadline_ms)
{
    int64_t until = clock_monotonic() + (int64_t)deadline_ms * 1000000, quiet = clock_monotonic();
    bool idle = false;
    while (clock_monotonic() < until) {
        if (pump(vt, remaining(until), &idle)) quiet = clock_monotonic();
        if (vt->no_idle && clock_monotonic() - quiet > 100 * INT64_C(1000000)) return true;
        if (idle) {
            drain(vt);
            return true;
        }
        if (reap(vt)) {
            drain(vt);
            return false;
        }
    }
    return false;
}

bool vt_settle(struct vt *vt, int deadline_ms) { return wait_idle(vt, deadline_ms); }
bool vt_wait_more(struct vt *vt, int deadline_ms) { return wait_idle(vt, deadline_ms); }

void vt_send(struct vt *vt, const char *bytes, size_t n)
{
    drain(vt);
    read_idle(vt);
    vt->mark = vt->all.len;
    while (n && vt->master >= 0) {
        ssize_t sent = write(vt->master, bytes, n);
        if (sent < 0 && errno != EAGAIN && errno != EINTR) return;
        if (sent > 0) {
            bytes += sent;
            n -= (size_t)sent;
        } else {
            bool ignored;
            pump(vt, 10, &ignored);
        }
    }
}

void vt_resize(struct vt *vt, int rows, int columns)
{
    drain(vt);
    read_idle(vt);
    vt->mark = vt->all.len;
    vt->rows = rows;
    vt->columns = columns;
    vterm_set_size(vt->term, rows, columns);
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    ioctl(vt->master, TIOCSWINSZ, &size);
}

void vt_signal(struct vt *vt, int signal)
{
    drain(vt);
    read_idle(vt);
    vt->mark = vt->all.len;
    if (!reap(vt)) kill(vt->pid, signal);
}

void vt_hang_up(struct vt *vt)
{
    close(vt->slave);
    close(vt->master);
    vt->slave = vt->master = -1;
}

int vt_end(struct vt *vt, int deadline_ms)
{
    int64_t until = clock_monotonic() + (int64_t)deadline_ms * 1000000;
    bool ignored = false;
    while (!reap(vt) && clock_monotonic() < until) {
        if (vt->master >= 0) pump(vt, 5, &ignored);
        else poll(NULL, 0, 5);
    }
    if (vt->ended) {
        drain(vt);
        return vt->status;
    }
    kill(vt->pid, SIGKILL);
    waitpid(vt->pid, NULL, 0);
    vt->ended = true;
    return -1;
}

bool vt_ended(struct vt *vt) { return reap(vt); }

void vt_free(struct vt *vt)
{
    if (!vt->ended) {
        kill(vt->pid, SIGKILL);
        waitpid(vt->pid, NULL, 0);
    }
    if (vt->master >= 0) vt_hang_up(vt);
    close(vt->idle);
    vterm_free(vt->term);
    buf_free(&vt->all);
    free(vt);
}

pid_t vt_pid(const struct vt *vt) { return vt->pid; }
int vt_rows(const struct vt *vt) { return vt->rows; }
int vt_columns(const struct vt *vt) { return vt->columns; }

unsigned vt_char(const struct vt *vt, int row, int column)
{
    VTermScreenCell cell;
    if (!vterm_screen_get_cell(vt->screen, (VTermPos){row, column}, &cell)) return 0;
    return cell.chars[0] == UINT32_MAX ? VT_RIGHT_HALF : cell.chars[0];
}

static void add_cell(struct buf *out, const VTermScreenCell *cell)
{
    if (!cell->chars[0]) {
        buf_char(out, ' ');
        return;
    }
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++) {
        uint32_t c = cell->chars[i];
        char text[5] = {0};
        if (c < 0x80) text[0] = (char)c;
        else if (c < 0x800) text[0] = (char)(0xC0 | c >> 6), text[1] = (char)(0x80 | (c & 63));
        else if (c < 0x10000) text[0] = (char)(0xE0 | c >> 12), text[1] = (char)(0x80 | (c >> 6 & 63)), text[2] = (char)(0x80 | (c & 63));
        else
            text[0] = (char)(0xF0 | c >> 18), text[1] = (char)(0x80 | (c >> 12 & 63)), text[2] = (char)(0x80 | (c >> 6 & 63)),
            text[3] = (char)(0x80 | (c & 63));
        buf_str(out, text);
    }
}

const char *vt_row(const struct vt *vt, int row)
{
    static char rows[4][8192];
    static int turn;
    struct buf out;
    buf_init(&out, sizeof rows[0] - 1);
    for (int x = 0; x < vt->columns; x++) {
        VTermScreenCell cell;
        if (!vterm_screen_get_cell(vt->screen, (VTermPos){row, x}, &cell)) break;
        add_cell(&out, &cell);
        x += cell.width > 1 ? cell.width - 1 : 0;
    }
    while (out.len && out.data[out.len - 1] == ' ') out.len--;
    char *text = rows[turn = (turn + 1) % 4];
    memcpy(text, out.data ? out.data : "", out.len);
    text[out.len] = '\0';
    buf_free(&out);
    return text;
}

bool vt_contains(const struct vt *vt, const char *text)
{
    for (int y = 0; y < vt->rows; y++)
        if (strstr(vt_row(vt, y), text)) return true;
    return false;
}

bool vt_attribute(const struct vt *vt, int row, int column, char attribute)
{
    VTermScreenCell cell;
    if (!vterm_screen_get_cell(vt->screen, (VTermPos){row, column}, &cell)) return false;
    switch (attribute) {
    case 'r': return cell.attrs.reverse;
    case 'b': return cell.attrs.bold;
    case 'u': return cell.attrs.underline != 0;
    case 'c': return !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
    default: return false;
    }
}

void vt_cursor(const struct vt *vt, int *row, int *column, bool *visible)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(vt->term), &at);
    *row = at.row;
    *column = at.col;
    *visible = vt->cursor_visible;
}

bool vt_alternate(const struct vt *vt) { return vt->alternate; }
size_t vt_bytes(const struct vt *vt) { return vt->all.len - vt->mark; }

const char *vt_all(const struct vt *vt, size_t *n)
{
    *n = vt->all.len;
    return vt->all.data ? vt->all.data : "";
}

/* True where a parameter of one SGR sequence sets a colour. */
static bool sets_colour(const char *from, const char *end)
{
    for (const char *p = from; p < end;) {
        char *next;
        long code = strtol(p, &next, 10);
        if ((code >= 30 && code <= 38) || (code >= 40 && code <= 48) || (code >= 90 && code <= 107)) return true;
        p = next < end ? next + 1 : end;
        if (next == p) p++;
    }
    return false;
}

size_t vt_colours(const struct vt *vt)
{
    size_t count = 0;
    const char *end = vt->all.data ? vt->all.data + vt->all.len : NULL;
    for (const char *p = vt->all.data; p && p + 2 < end; p++) {
        if (p[0] != '\033' || p[1] != '[') continue;
        const char *stop = p + 2;
        while (stop < end && ((*stop >= '0' && *stop <= '9') || *stop == ';' || *stop == ':')) stop++;
        if (stop < end && *stop == 'm' && stop > p + 2 && sets_colour(p + 2, stop)) count++;
    }
    return count;
}

size_t vt_listen(struct vt *vt, int ms)
{
    drain(vt);
    size_t before = vt->all.len;
    int64_t until = clock_monotonic() + (int64_t)ms * 1000000;
    bool ignored = false;
    while (clock_monotonic() < until) pump(vt, remaining(until), &ignored);
    return vt->all.len - before;
}

/* The last scrolling region that was set (CSI top ; bottom r) is the whole screen. */
static bool scrolls_all(const struct vt *vt)
{
    int top = 1, bottom = vt_rows(vt), n = 0, a, b;
    const char *end = vt->all.data ? vt->all.data + vt->all.len : NULL;
    for (const char *p = vt->all.data; p && p + 2 < end; p++)
        if (p[0] == '\033' && p[1] == '[' && sscanf(p, "\033[%d;%d%n", &a, &b, &n) == 2 && p[n] == 'r') top = a, bottom = b;
    return top == 1 && bottom == vt_rows(vt);
}

bool vt_modes_restored(const struct vt *vt)
{
    struct termios now;
    if (!scrolls_all(vt)) return false;
    if (vt->slave < 0 || tcgetattr(vt->slave, &now) < 0) return false;
    return now.c_lflag == vt->modes.c_lflag && now.c_iflag == vt->modes.c_iflag && now.c_oflag == vt->modes.c_oflag;
}
