#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const names[] = {"off", "error", "warn", "info", "debug"};
static enum log_level threshold = LOG_INFO;
static bool known;

void log_threshold(enum log_level level)
{
    threshold = level;
    known = true;
}

static void read_environment(void)
{
    const char *wanted = getenv("TERO_LOG");
    known = true;
    for (enum log_level l = LOG_OFF; wanted && l <= LOG_DEBUG; l++)
        if (!strcmp(wanted, names[l])) threshold = l;
}

void log_write(enum log_level level, const char *format, ...)
{
    if (!known) read_environment();
    if (level > threshold) return;
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    struct buf line;
    buf_init(&line, 2 * sizeof message + 128);
    buf_str(&line, "time=");
    clock_rfc3339(&line, clock_now() / 1000000 * 1000000);
    buf_printf(&line, " level=%s msg=\"", names[level]);
    for (const char *c = message; *c; c++) {
        if (*c == '"' || *c == '\\') buf_char(&line, '\\');
        buf_char(&line, (unsigned char)*c < 0x20 || *c == 0x7f ? ' ' : *c);
    }
    buf_str(&line, "\"\n");
    ssize_t ignored = write(STDERR_FILENO, line.data, line.len);
    (void)ignored;
    buf_free(&line);
}
