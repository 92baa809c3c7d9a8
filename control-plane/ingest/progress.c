#include "control-plane/ingest/progress.h"

#include "base/buf.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BAR_MIN = 10, BAR_MAX = 40, COLUMNS_DEFAULT = 80 };

void progress_begin(struct progress *p, bool json)
{
    const char *term = getenv("TERM");
    *p = (struct progress){.json = json, .start_ns = clock_monotonic()};
    p->bar = !json && isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

static void json_line(const struct progress_counts *c, bool done)
{
    char fraction[32] = "null";
    if (done) snprintf(fraction, sizeof fraction, "1");
    else if (c->fraction >= 0) snprintf(fraction, sizeof fraction, "%.4f", c->fraction > 1 ? 1 : c->fraction);
    printf("{\"records\":%llu,\"bytes\":%llu,\"patterns\":%llu,\"rejected\":%llu,\"fraction\":%s,\"done\":%s}\n",
           (unsigned long long)c->records, (unsigned long long)c->bytes, (unsigned long long)c->patterns, (unsigned long long)c->rejected,
           fraction, done ? "true" : "false");
    fflush(stdout);
}

static int columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : COLUMNS_DEFAULT;
}

static void bar_line(const struct progress *p, const struct progress_counts *c)
{
    char text[160], bar[BAR_MAX + 1] = "";
    double seconds = (double)(clock_monotonic() - p->start_ns) / 1e9;
    int n = snprintf(text, sizeof text, " %llu records  %llu patterns  %.0f/s", (unsigned long long)c->records,
                     (unsigned long long)c->patterns, seconds > 0 ? (double)c->records / seconds : 0);
    int room = columns() - n - 8, width = room > BAR_MAX ? BAR_MAX : room;
    if (c->fraction >= 0 && width >= BAR_MIN) {
        double fraction = c->fraction > 1 ? 1 : c->fraction;
        memset(bar, '.', (size_t)width);
        memset(bar, '#', (size_t)(fraction * width));
        bar[width] = '\0';
        fprintf(stderr, "\r[%s] %3.0f%%%s\033[K", bar, fraction * 100, text);
    } else {
        fprintf(stderr, "\r%.*s\033[K", columns() - 1, text + 1);
    }
    fflush(stderr);
}

static void show(struct progress *p, const struct progress_counts *c)
{
    p->last_ns = clock_monotonic();
    p->shown = c->records + c->rejected;
    if (p->json) json_line(c, false);
    else if (p->bar) bar_line(p, c);
}

void progress_show(struct progress *p, const struct progress_counts *c)
{
    if (!p->last_ns || clock_monotonic() - p->last_ns >= NS_PER_SECOND / 10) show(p, c);
}

void progress_rest(struct progress *p, const struct progress_counts *c)
{
    if (p->shown != c->records + c->rejected) show(p, c);
}

double progress_end(struct progress *p, const struct progress_counts *c)
{
    if (p->json) json_line(c, true);
    if (p->bar) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    return (double)(clock_monotonic() - p->start_ns) / 1e9;
}
