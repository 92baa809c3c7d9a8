#include "control-plane/lifecycle.h"

#include "base/clock.h"
#include "base/die.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { ARENAS = 2, AFTER_THE_HOUR_SECONDS = 2, WATCHER_STACK = 64 * 1024 };

void lifecycle_harden(void)
{
    struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
    umask(077);
    mallopt(M_ARENA_MAX, ARENAS);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of that write, as a full disk is */
}

static sigset_t ending_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

static void arm(const struct lifecycle *l)
{
    int64_t hour = clock_hour(clock_real()) + 1;
    struct itimerspec at = {.it_value.tv_sec = hour * 3600 + AFTER_THE_HOUR_SECONDS};
    if (timerfd_settime(l->clock, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL) != 0) die("timerfd: %s", strerror(errno));
}

void lifecycle_begin(struct lifecycle *l, void (*tick)(void *context), void *context)
{
    sigset_t set = ending_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    *l = (struct lifecycle){.tick = tick, .context = context, .terminal = isatty(STDIN_FILENO) == 1};
    l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    l->clock = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (l->signals < 0 || l->clock < 0) die("signalfd, timerfd: %s", strerror(errno));
    arm(l);
}

/* True: the server is to end. */
static bool read_signal(const struct lifecycle *l)
{
    struct signalfd_siginfo info;
    if (read(l->signals, &info, sizeof info) != sizeof info) return false;
    if (info.ssi_signo == SIGHUP && !l->terminal) {
        log_info("hang-up: there is nothing to read again");
        return false;
    }
    log_info("%s: ending", info.ssi_signo == SIGTERM ? "asked to end" : info.ssi_signo == SIGINT ? "interrupted" : "terminal gone");
    return true;
}

static void read_clock(const struct lifecycle *l)
{
    uint64_t times;
    ssize_t got = read(l->clock, &times, sizeof times);
    if (got < 0 && errno == EAGAIN) return;
    arm(l);
    l->tick(l->context);
}

void lifecycle_wait(struct lifecycle *l)
{
    for (;;) {
        struct pollfd p[] = {{.fd = l->signals, .events = POLLIN}, {.fd = l->clock, .events = POLLIN}};
        if (poll(p, 2, -1) < 0 && errno != EINTR) die("poll: %s", strerror(errno));
        if (p[0].revents && read_signal(l)) return;
        if (p[1].revents) read_clock(l);
    }
}

void lifecycle_end_within(struct lifecycle *l, unsigned seconds)
{
    sigset_t set = ending_signals();
    close(l->signals);
    close(l->clock);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    alarm(seconds);
}

static void *follow(void *descriptor)
{
    int fd = (int)(intptr_t)descriptor;
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR) return NULL;
    log_info("the last console ended");
    kill(getpid(), SIGTERM);
    return NULL; /* the lock is kept: a console that starts now waits until this process has ended */
}

bool lifecycle_follow_consoles(const char *path, char **problem)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    pthread_attr_t small;
    pthread_t thread;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, WATCHER_STACK);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    int error = fd < 0 ? errno : pthread_create(&thread, &small, follow, (void *)(intptr_t)fd);
    pthread_attr_destroy(&small);
    if (!error) return true;
    *problem = xasprintf("cannot watch %s: %s", path, strerror(error));
    if (fd >= 0) close(fd);
    return false;
}
