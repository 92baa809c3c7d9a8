#include "screens/offline.h"

#include "base/clock.h"
#include "screens/age.h"
#include "screens/app.h"
#include "screens/text.h"

#include <stdio.h>
#include <time.h>

/* An embedded control plane that is on its way, or is started again, is no trouble yet. */
#define PATIENCE (NS_PER_SECOND)

bool offline_shown(const struct app *app) { return app->offline.shown; }

static void refresh_one(struct view *v, void *context)
{
    (void)context;
    if (v->ops->refresh) v->ops->refresh(v);
}

static void came_back(struct app *app)
{
    struct buf passed;
    bool told = app->offline.shown;
    buf_init(&passed, 40);
    age_span(&passed, clock_monotonic() - app->offline.since);
    app->offline = (struct offline){0};
    app_dirty(app);
    if (told) {
        app_message(app, ROLE_GOOD, "the control plane answers again after %s: everything is asked anew", passed.data);
        overview_refresh(&app->overview);
        stack_each(app, refresh_one, NULL);
    }
    buf_free(&passed);
}

/* Something has to ask, or nobody would notice that it is back. */
static void keep_asking(struct app *app)
{
    if (!api_in_flight(app->api)) overview_refresh(&app->overview);
}

static bool patient(const struct app *app, int64_t now)
{
    return app->options->kind == API_EMBEDDED && now - app->offline.since < PATIENCE;
}

void offline_note(struct app *app)
{
    struct offline *o = &app->offline;
    const char *trouble = api_trouble(app->api);
    int64_t now = clock_monotonic(), next = api_next_try(app->api);
    if (!*trouble) {
        if (o->since) came_back(app);
        return;
    }
    if (!o->since) o->since = now;
    keep_asking(app);
    if (patient(app, now)) {
        if (!app->redraw || app->redraw > o->since + PATIENCE) app->redraw = o->since + PATIENCE;
        return;
    }
    if (o->shown && next == o->next_try && !strncmp(o->trouble, trouble, sizeof o->trouble - 1)) return;
    o->shown = true;
    o->next_try = next;
    snprintf(o->trouble, sizeof o->trouble, "%s", trouble);
    app_dirty(app);
}

void offline_try_now(struct app *app)
{
    if (!app->offline.since) return;
    api_try_now(app->api);
    app_dirty(app);
}

void offline_clock(struct buf *out, int64_t when, bool seconds)
{
    char text[16];
    struct tm tm;
    time_t at = (time_t)((clock_real() + when - clock_monotonic()) / NS_PER_SECOND);
    if (strftime(text, sizeof text, seconds ? "%H:%M:%S" : "%H:%M", localtime_r(&at, &tm))) buf_str(out, text);
}

int64_t offline_top(const struct app *app, struct buf *out, int64_t loaded, int brief)
{
    const int64_t minute = 60 * NS_PER_SECOND;
    int64_t passed = clock_monotonic() - app->offline.since;
    buf_str(out, "OFFLINE");
    if (passed >= minute) {
        buf_char(out, ' ');
        age_span(out, passed);
    }
    if (loaded && brief < 2) {
        buf_printf(out, "%s%s ", text_dot(), brief ? "loaded" : "showing what was loaded");
        offline_clock(out, loaded, false);
    }
    return app->offline.since + (passed / minute + 1) * minute;
}

void offline_line(const struct app *app, struct buf *out)
{
    int64_t next = app->offline.next_try;
    if (next) {
        buf_str(out, "next try ");
        offline_clock(out, next, true);
        buf_printf(out, ", r tries now%s", text_dot());
    } else {
        buf_printf(out, "trying%s", text_dot());
    }
    buf_str(out, api_trouble(app->api));
}

void offline_bundle(const struct app *app, struct buf *out, int brief)
{
    const int64_t hour = 3600 * NS_PER_SECOND;
    long long hours = (clock_real() - clock_now()) / hour;
    buf_printf(out, "OFFLINE bundle of %.10s", app->options->bundle);
    if (brief) return;
    if (hours >= 24) buf_printf(out, " (%lld d old)", hours / 24);
    else if (hours > 0) buf_printf(out, " (%lld h old)", hours);
    else buf_str(out, " (new)");
}
