#include "tui/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { RESTORE_MAX = 512, RESTORE_WAIT_MS = 500 };

static struct {
    struct termios saved;
    int out;    /* an open file description of our own where possible: only it is non-blocking */
    bool owned; /* close it */
    int err;    /* the former stderr, -1: not redirected */
    char restore[RESTORE_MAX];
    size_t restore_len;
    volatile sig_atomic_t taken;
} tty = {.out = -1, .err = -1};

static void open_output(void)
{
    char name[128];
    tty.out = ttyname_r(STDOUT_FILENO, name, sizeof name) ? -1 : open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    tty.owned = tty.out >= 0;
    if (!tty.owned) tty.out = STDOUT_FILENO;
}

bool tty_open(void)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &tty.saved)) return false;
    open_output();
    tty.restore_len = 0;
    return true;
}

void tty_close(void)
{
    if (tty.owned) close(tty.out);
    tty.owned = false;
    tty.out = -1;
}

void tty_raw(bool flow)
{
    struct termios t = tty.saved;
    t.c_iflag &= ~(tcflag_t)(BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | (flow ? 0 : IXON));
    t.c_oflag &= ~(tcflag_t)OPOST;
    t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

void tty_size(int *rows, int *columns)
{
    struct winsize size = {0};
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    *rows = known ? size.ws_row : 0;
    *columns = known ? size.ws_col : 0;
}

/* Waits until the line takes more; false: it never will. */
static bool wait_writable(int stop_fd, bool (*stop)(void))
{
    struct pollfd fds[2] = {{.fd = tty.out, .events = POLLOUT}, {.fd = stop_fd, .events = POLLIN}};
    if (poll(fds, 2, -1) < 0) return errno == EINTR;
    if (fds[1].revents && stop()) return false;
    return !(fds[0].revents & (POLLERR | POLLHUP | POLLNVAL));
}

bool tty_write(struct slice bytes, int stop_fd, bool (*stop)(void))
{
    while (bytes.len) {
        ssize_t n = write(tty.out, bytes.ptr, bytes.len);
        if (n > 0) bytes = slice_of(bytes.ptr + n, bytes.len - (size_t)n);
        bool full = n < 0 && errno == EAGAIN, interrupted = n < 0 && errno == EINTR;
        if (n <= 0 && !interrupted && !(full && wait_writable(stop_fd, stop))) return false;
    }
    return true;
}

void tty_on_restore(struct slice bytes)
{
    tty.restore_len = 0;
    if (bytes.len > RESTORE_MAX) return;
    memcpy(tty.restore, bytes.ptr, bytes.len);
    tty.restore_len = bytes.len;
}

void tty_taken(void) { tty.taken = 1; }

void tty_restore(void)
{
    if (!tty.taken) return;
    tty.taken = 0;
    int saved_errno = errno;
    const char *at = tty.restore;
    for (size_t left = tty.restore_len; left;) {
        struct pollfd room = {.fd = tty.out, .events = POLLOUT};
        ssize_t n = write(tty.out, at, left);
        if (n < 0 && errno == EAGAIN && poll(&room, 1, RESTORE_WAIT_MS) > 0) continue;
        if (n <= 0) break;
        at += n;
        left -= (size_t)n;
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &tty.saved);
    if (tty.err >= 0) dup2(tty.err, STDERR_FILENO);
    errno = saved_errno;
}

void tty_forget_input(void) { tcflush(STDIN_FILENO, TCIFLUSH); }

void tty_stderr_to(const char *path)
{
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (fd < 0) fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    if (tty.err < 0 && isatty(STDERR_FILENO)) tty.err = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (tty.err >= 0) dup2(fd, STDERR_FILENO);
    close(fd);
}

void tty_stderr_back(void)
{
    if (tty.err < 0) return;
    dup2(tty.err, STDERR_FILENO);
    close(tty.err);
    tty.err = -1;
}
