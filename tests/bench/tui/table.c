/* A list of 100,000 rows with seven columns painted by the toolkit: what tests/bench compares with a bare ncurses table
 * that shows the same. usage: table [plain|color] */
#include "tui/list.h"
#include "tui/term.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { ROWS = 100000 };

static const char *const words[] = {"drop-debug-logs", "sample-health-checks", "redact-card-numbers",
                                    "keep-errors",     "rate-limit-noisy-pod", "trim-user-agent"};

static bool cell(void *context, long i, int column, struct list_cell *out)
{
    static char text[7][32];
    bool color = *(const bool *)context;
    char *t = text[column];
    switch (column) {
    case 0: snprintf(t, sizeof text[0], "%06ld", i); break;
    case 1:
        out->text = words[(i * 7) % 6];
        if (color) out->role = (enum role[]){ROLE_BAD, ROLE_GOOD, ROLE_WARN, ROLE_VARIABLE, ROLE_INFO}[i % 5];
        return true;
    case 2: snprintf(t, sizeof text[0], "%ld", (i * 7919) % 100000); break;
    case 3: snprintf(t, sizeof text[0], "%ld", (i * 104729) % 100000); break;
    case 4: snprintf(t, sizeof text[0], "%.1f%%", (double)((i * 31) % 1000) / 10); break;
    case 5: out->text = (i % 5) ? "active" : "shadow"; return true;
    default: out->text = ""; return true;
    }
    out->text = t;
    return true;
}

static struct list_column columns[] = {
    {.title = "id", .min = 6, .max = 6},
    {.title = "policy", .min = 24, .max = 24},
    {.title = "seen", .min = 8, .max = 8, .align = ALIGN_RIGHT},
    {.title = "dropped", .min = 8, .max = 8, .align = ALIGN_RIGHT},
    {.title = "rate", .min = 6, .max = 6, .align = ALIGN_RIGHT},
    {.title = "state", .min = 6, .max = 6},
    {.title = "", .min = 0},
};

static void paint(struct list *l)
{
    term_frame_begin();
    l->y = 1;
    l->height = term_rows() - 2;
    list_paint(l);
    paint_cell(term_rows() - 1, 0, term_columns(), ROLE_TEXT, ALIGN_LEFT, "j/k move  ^F/^B page  g/G ends  q quit");
    term_frame_end();
    term_idle();
}

static bool answer(struct list *l, const struct term_event *event)
{
    if (event->what == TERM_QUIT || event->what == TERM_INTERRUPT) return false;
    if (event->what != TERM_KEY) return true;
    switch (event->key) {
    case 'q': return false;
    case 'j':
    case TERM_DOWN: list_move(l, 1); break;
    case 'k':
    case TERM_UP: list_move(l, -1); break;
    case 6:
    case TERM_PAGE_DOWN: list_page(l, 1); break;
    case 2:
    case TERM_PAGE_UP: list_page(l, -1); break;
    case 'g': list_go(l, 0); break;
    case 'G': list_go(l, l->count - 1); break;
    case 26: term_suspend(); break;
    default: break;
    }
    return true;
}

int main(int argc, char **argv)
{
    bool color = argc > 1 && !strcmp(argv[1], "color");
    const char *problem;
    if (!term_open(&(struct term_options){0}, &problem)) {
        fprintf(stderr, "table: %s\n", problem);
        return 1;
    }
    struct list list = {.columns = columns, .column_count = 7, .model = {&color, cell, NULL}, .count = ROWS};
    for (bool on = true; on;) {
        struct term_event event;
        int fds[2];
        paint(&list);
        term_fds(fds);
        struct pollfd wait[2] = {{.fd = fds[0], .events = POLLIN}, {.fd = fds[1], .events = POLLIN}};
        poll(wait, 2, term_timeout());
        while (on && term_next(&event)) on = answer(&list, &event);
    }
    term_close();
    return 0;
}
