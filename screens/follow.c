#include "screens/follow.h"

#include "base/clock.h"
#include "screens/overview.h"
#include "screens/view.h"

int64_t follow_delay(unsigned step)
{
    static const int seconds[] = {1, 1, 1, 2, 3, 5, 8};
    return step < sizeof seconds / sizeof *seconds ? seconds[step] * NS_PER_SECOND : 0;
}

bool follow_differs(const json_t *counts, const json_t *home)
{
    static const char *const paths[] = {"issues.totalCount",        "waiting.totalCount",  "logEventPolicies.totalCount",
                                        "edgeInstances.totalCount", "services.totalCount", "logEvents.totalCount"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (api_integer(counts, paths[i], -1) != api_integer(home, paths[i], -1)) return true;
    return false;
}

static void next(struct follow *f)
{
    int64_t delay = follow_delay(f->step++);
    f->wake = delay ? clock_monotonic() + delay : 0;
}

void follow_begin(struct follow *f)
{
    f->step = 0;
    next(f);
}

static void answered(void *context)
{
    struct follow *f = context;
    const json_t *home = overview_home(app_overview(f->app));
    if (f->counts.status != API_OK || !home) return;
    if (!follow_differs(f->counts.data, home)) {
        next(f);
        return;
    }
    app_refresh_shown(f->app);
    follow_begin(f);
}

void follow_tick(struct follow *f)
{
    f->wake = 0;
    fetch_send(&f->counts, NULL);
}

void follow_open(struct follow *f, struct app *app, struct api *api)
{
    *f = (struct follow){.app = app};
    fetch_init(&f->counts, api, "Counts", answered, f);
}

void follow_close(struct follow *f) { fetch_free(&f->counts); }
