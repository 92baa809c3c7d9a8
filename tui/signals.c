#include "tui/signals.h"

#include "tui/tty.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct signals signals;

static const int waited[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT, SIGTSTP, SIGCHLD};
static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGXCPU};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static struct {
    int fd;
    sigset_t former;
    struct sigaction actions[LENGTH(fatal)];
    struct sigaction pipe, waited[LENGTH(waited)];
    char stack[16 * 1024];
} state = {.fd = -1};

/* Async-signal-safe. A fault happens again on return, now with the former action; a raised signal is raised again. */
static void on_fatal(int number, siginfo_t *info, void *context)
{
    static const char text[] = "\r\nA fatal error ended the program; the terminal was restored.\r\n";
    (void)context;
    tty_forget_input();
    tty_restore();
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    for (size_t i = 0; i < LENGTH(fatal); i++) sigaction(fatal[i], &state.actions[i], NULL);
    if (info->si_code <= 0) raise(number);
}

static void catch_fatal(void)
{
    stack_t stack = {.ss_sp = state.stack, .ss_size = sizeof state.stack};
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&stack, NULL);
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < LENGTH(fatal); i++) sigaction(fatal[i], &action, &state.actions[i]);
}

static sigset_t waited_set(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < LENGTH(waited); i++) sigaddset(&set, waited[i]);
    return set;
}

bool signals_open(void)
{
    sigset_t set = waited_set();
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    memset(&signals, 0, sizeof signals);
    if (sigprocmask(SIG_BLOCK, &set, &state.former)) return false;
    for (size_t i = 0; i < LENGTH(waited); i++) sigaction(waited[i], NULL, &state.waited[i]);
    state.fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    sigaction(SIGPIPE, &ignore, &state.pipe);
    catch_fatal();
    return state.fd >= 0;
}

void signals_close(void)
{
    if (state.fd < 0) return;
    close(state.fd);
    state.fd = -1;
    for (size_t i = 0; i < LENGTH(fatal); i++) sigaction(fatal[i], &state.actions[i], NULL);
    sigaction(SIGPIPE, &state.pipe, NULL);
    for (size_t i = 0; i < LENGTH(waited); i++) sigaction(waited[i], &state.waited[i], NULL);
    sigprocmask(SIG_SETMASK, &state.former, NULL);
}

int signals_fd(void) { return state.fd; }

static void note(unsigned number)
{
    switch (number) {
    case SIGWINCH: signals.resize = true; break;
    case SIGTERM:
    case SIGHUP:
    case SIGQUIT: signals.quit = true; break;
    case SIGINT: signals.interrupt = true; break;
    case SIGTSTP: signals.stop = true; break;
    case SIGCONT: signals.resume = true; break;
    default: break;
    }
}

void signals_read(void)
{
    struct signalfd_siginfo info;
    while (state.fd >= 0 && read(state.fd, &info, sizeof info) == sizeof info) note(info.ssi_signo);
}

void signals_stop_self(void)
{
    sigset_t stop, before;
    struct sigaction action = {.sa_handler = SIG_DFL}, former;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &action, &former);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    sigaction(SIGTSTP, &former, NULL);
}
