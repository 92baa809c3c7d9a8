/* `!`: what was sent to the control plane, newest first. */
#include "base/clock.h"
#include "screens/format.h"
#include "screens/text_view.h"
#include "screens/views.h"

#include <stdio.h>
#include <time.h>

static const char *outcome(const struct api_log_entry *e)
{
    static const char *const names[] = {"ok", "unreachable", "denied", "refused", "broken", "not offered"};
    return e->elapsed_ns < 0 ? "waiting" : names[e->status];
}

static enum role role_of(const struct api_log_entry *e)
{
    return e->elapsed_ns < 0 ? ROLE_INFO : e->status == API_OK ? ROLE_TEXT : ROLE_BAD;
}

static void add(struct pane *pane, const struct api_log_entry *e)
{
    char line[400], clock[16] = "", took[24] = "-", received[FORMAT_SIZE];
    time_t seconds = (time_t)(e->started_ns / NS_PER_SECOND);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    strftime(clock, sizeof clock, "%H:%M:%S", &tm);
    if (e->elapsed_ns >= 0) snprintf(took, sizeof took, "%.1f ms", (double)e->elapsed_ns / 1e6);
    format_bytes(received, (double)e->received);
    snprintf(line, sizeof line, "  %-8s  %-20s %-11s %9s %9s  %-.8s  %s", clock, e->operation, outcome(e), took, received, e->request_id,
             e->message);
    pane_add(pane, role_of(e), line);
}

static void build(struct app *app, struct pane *pane, unsigned context, const char *filter)
{
    const struct api_log_entry *entries;
    size_t count = api_log(app_api(app), &entries);
    (void)context;
    (void)filter;
    pane_add(pane, ROLE_HEADING, "  UTC       OPERATION            RESULT           TIME  RECEIVED  REQUEST");
    for (size_t i = 0; i < count; i++) add(pane, &entries[i]);
}

struct view *requests_new(struct app *app) { return text_view_new(app, &(struct text_view_options){.title = "Requests", .build = build}); }
