/* Arithmetic of the catalog's counters: no SQL. Inside the store only.
 *
 * An hour belongs to the windows that hold it: of 24 hours, 7 and 30 days up to and with the present hour. Its stage
 * is how many of them it has left. */
#ifndef CONTROL_PLANE_STORE_COUNTERS_H
#define CONTROL_PLANE_STORE_COUNTERS_H

#include "control-plane/catalog/catalog.h"

enum { DAY, WEEK, MONTH, WINDOWS };
enum { STAGE_GONE = WINDOWS };
enum { WEEK_HOURS = 168 };
extern const int64_t window_hours[WINDOWS];

struct tally {
    int64_t events, bytes, severity[SEVERITIES];
};

struct window {
    int64_t events, bytes;
};

void tally_add(struct tally *to, const struct tally *from);
struct tally tally_of(const struct delta *d);
/* The commonest one as the API has them: 0 other, 1 debug, 2 info, 3 warn, 4 error; of equals the gravest. */
int tally_severity(const struct tally *t);

int hour_stage(int64_t hour, int64_t now_hour);
/* Adds (sign 1) or takes away (-1) an hour's counters from the windows that it is in at `stage`. */
void windows_add(struct window windows[WINDOWS], const struct tally *t, int stage, int sign);

struct prices {
    int64_t gb, million; /* micro-dollars */
};
struct rates {
    int64_t events; /* millionths of an event an hour */
    int64_t bytes;  /* thousandths of a byte an hour */
    int64_t cost;   /* micro-dollars a year */
};
/* Hours that divide the week's window of a service first seen then. */
int64_t rate_hours(int64_t first_seen_ns, int64_t now_hour);
/* Saturating. */
struct rates rates_of(const struct window *week, int64_t hours, const struct prices *prices);
static inline bool rates_equal(const struct rates *a, const struct rates *b)
{
    return a->events == b->events && a->bytes == b->bytes && a->cost == b->cost;
}

#endif
