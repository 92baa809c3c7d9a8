#include "control-plane/store/counters.h"

#include "base/clock.h"

enum { YEAR_HOURS = 8766 };

const int64_t window_hours[WINDOWS] = {24, WEEK_HOURS, 720};

void tally_add(struct tally *to, const struct tally *from)
{
    to->events += from->events;
    to->bytes += from->bytes;
    for (size_t i = 0; i < SEVERITIES; i++) to->severity[i] += from->severity[i];
}

struct tally tally_of(const struct delta *d)
{
    struct tally t = {.events = (int64_t)d->events, .bytes = (int64_t)d->bytes};
    for (size_t i = 0; i < SEVERITIES; i++) t.severity[i] = (int64_t)d->by_severity[i];
    return t;
}

int tally_severity(const struct tally *t)
{
    const int64_t *s = t->severity;
    const int64_t by_api[] = {s[SEVERITY_UNSPECIFIED], s[SEVERITY_TRACE] + s[SEVERITY_DEBUG], s[SEVERITY_INFO], s[SEVERITY_WARN],
                              s[SEVERITY_ERROR] + s[SEVERITY_FATAL]};
    int best = 0;
    for (int i = 1; i < (int)(sizeof by_api / sizeof *by_api); i++)
        if (by_api[i] > 0 && by_api[i] >= by_api[best]) best = i;
    return best;
}

int hour_stage(int64_t hour, int64_t now_hour)
{
    int stage = 0;
    while (stage < WINDOWS && hour <= now_hour - window_hours[stage]) stage++;
    return stage;
}

void windows_add(struct window windows[WINDOWS], const struct tally *t, int stage, int sign)
{
    for (int i = stage; i < WINDOWS; i++) {
        windows[i].events += sign * t->events;
        windows[i].bytes += sign * t->bytes;
    }
}

int64_t rate_hours(int64_t first_seen_ns, int64_t now_hour)
{
    int64_t hours = now_hour - clock_hour(first_seen_ns);
    return hours < 1 ? 1 : hours > WEEK_HOURS ? WEEK_HOURS : hours;
}

__extension__ typedef __int128 wide;

static int64_t saturated(wide value) { return value > INT64_MAX ? INT64_MAX : value < 0 ? 0 : (int64_t)value; }

struct rates rates_of(const struct window *week, int64_t hours, const struct prices *prices)
{
    wide millionths = (wide)week->events * prices->million + (wide)week->bytes * prices->gb / 1000;
    return (struct rates){
        .events = saturated((wide)week->events * 1000000 / hours),
        .bytes = saturated((wide)week->bytes * 1000 / hours),
        .cost = saturated(millionths * YEAR_HOURS / hours / 1000000),
    };
}
