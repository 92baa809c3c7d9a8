#include "console/passphrase.h"

#include "secrets/latch.h"
#include "secrets/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
enum { ENDING = sizeof ending / sizeof *ending, LINE_MOST = 16384 };

static volatile sig_atomic_t came;

static void note(int number) { came = number; }

static int terminal(void) { return open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY); }

bool passphrase_can_ask(void)
{
    int fd = terminal();
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static void put(int fd, const char *text)
{
    ssize_t ignored = write(fd, text, strlen(text));
    (void)ignored;
}

/* Up to the end of the line, byte by byte: what follows is another's. -1: nothing, or more than `most`. */
static ssize_t read_line(int fd, char *to, size_t most)
{
    size_t len = 0;
    char byte;
    for (;;) {
        ssize_t n = read(fd, &byte, 1);
        if (n < 0 && errno == EINTR && !came) continue;
        if (n < 0 || (n == 0 && len == 0)) return -1;
        if (n == 0 || byte == '\n') return (ssize_t)len;
        if (len == most) return -1;
        to[len++] = byte;
    }
}

static char *read_secret(int fd, size_t most)
{
    char *text = secret_alloc(most + 1);
    ssize_t len = read_line(fd, text, most);
    if (len > 0 && text[len - 1] == '\r') text[--len] = '\0';
    if (len > 0) return text;
    secret_wipe(text);
    return NULL;
}

static char *read_hidden(int fd, const char *prompt)
{
    struct termios shown, hidden;
    struct sigaction action = {.sa_handler = note}, former[ENDING];
    if (tcgetattr(fd, &shown) != 0) return NULL;
    came = 0;
    for (int i = 0; i < ENDING; i++) sigaction(ending[i], &action, &former[i]);
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHONL);
    tcsetattr(fd, TCSAFLUSH, &hidden);
    put(fd, prompt);
    char *text = read_secret(fd, LINE_MOST);
    tcsetattr(fd, TCSAFLUSH, &shown);
    put(fd, "\n");
    for (int i = 0; i < ENDING; i++) sigaction(ending[i], &former[i], NULL);
    if (came) raise(came);
    return text;
}

char *passphrase_ask(const char *prompt, const char **problem)
{
    int fd = terminal();
    *problem = "there is no terminal to ask on";
    if (fd < 0) return NULL;
    *problem = "";
    char *text = read_hidden(fd, prompt);
    close(fd);
    return text;
}

char *passphrase_from_input(unsigned most, const char **problem)
{
    came = 0;
    *problem = "no line on standard input, or one that is too long";
    return read_secret(STDIN_FILENO, most);
}

static bool fits(const char *text, const char **problem)
{
    size_t len = strlen(text);
    *problem = len < PASSPHRASE_LEAST ? "a passphrase has at least 8 characters" : "a passphrase has at most 1024 bytes";
    return len >= PASSPHRASE_LEAST && len <= PASSPHRASE_MAX;
}

static char *asked_twice(const char *what, const char **problem)
{
    char prompt[300];
    snprintf(prompt, sizeof prompt, "New passphrase for %.200s: ", what);
    char *first = passphrase_ask(prompt, problem), *second = NULL;
    bool good = first && fits(first, problem);
    if (good) second = passphrase_ask("Once more: ", problem);
    if (good && second && strcmp(first, second) != 0) *problem = "the two differ";
    good = good && second && !strcmp(first, second);
    secret_wipe(second);
    if (good) return first;
    secret_wipe(first);
    if (!**problem) *problem = "given up";
    return NULL;
}

char *passphrase_new(const char *what, const char **problem)
{
    if (isatty(STDIN_FILENO) || passphrase_can_ask()) return asked_twice(what, problem);
    char *text = passphrase_from_input(PASSPHRASE_MAX, problem);
    if (!text || fits(text, problem)) return text;
    secret_wipe(text);
    return NULL;
}
