/* Time: integer nanoseconds since 1970 UTC inside, RFC 3339 at the edges. Years 1678 to 2262. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/buf.h"

#include <stdint.h>

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_HOUR   (3600 * NS_PER_SECOND)

int64_t clock_now(void);       /* wall clock, or where it was stopped */
int64_t clock_real(void);      /* wall clock */
int64_t clock_monotonic(void); /* for intervals */

/* From now on clock_now() gives this moment: what is shown is of then. Before there are threads. */
void clock_stop(int64_t ns);

/* Hour number since 1970, floor. */
static inline int64_t clock_hour(int64_t ns) { return ns >= 0 ? ns / NS_PER_HOUR : -((-ns + NS_PER_HOUR - 1) / NS_PER_HOUR); }

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1-12, day 1-31 are not checked. */
int64_t clock_days(int64_t year, unsigned month, unsigned day);

/* Appends "2026-11-23T14:05:06Z", with a fraction only where there is one (up to nanoseconds, no trailing zeros). */
void clock_rfc3339(struct buf *out, int64_t ns);

/* Reads RFC 3339 (also a blank instead of T, a comma for the dot, offsets with or without colon). False: not one. */
bool clock_parse_rfc3339(struct slice text, int64_t *ns);

#endif
