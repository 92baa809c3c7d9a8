/* Timestamps as log lines write them. Forms, at the start of a text:
 *   2026-11-23T14:05:06.123Z, 2026-11-23 14:05:06,123 +01:00, 2026/11/23 14:05:06   (no zone: local time)
 *   Nov 23 14:05:06, Nov 23 2026 14:05:06, Mon Nov 23 14:05:06.123 2026, Mon, 23 Nov 2026 14:05:06 GMT
 *   23/Nov/2026:14:05:06 +0000, 23-Nov-2026 14:05:06
 *   20261123-14:05:06:123, 20261123T140506Z, 2026-11-23-14.05.06.123, 261123 140506, 26/11/23 14:05:06
 *   1795442706, 1795442706.123, and with 13, 16 or 19 digits: ms, us, ns since 1970 (2001 to 2261)
 *   I1123 14:05:06.123456 (glog; its letter is a severity)
 * A date without a year is of the latest year that does not put it more than a day ahead of now. */
#ifndef CONTROL_PLANE_TIMESTAMP_H
#define CONTROL_PLANE_TIMESTAMP_H

#include "base/slice.h"

#include <stdint.h>

/* Zeroed at first; set now_ns before use and as time goes on. Not shared between threads. */
struct timestamps {
    int64_t now_ns;
    int64_t local_hour, local_offset; /* the last zone offset looked up, in seconds */
    bool local_known;
};

/* On true *used is how many bytes the timestamp takes. */
bool timestamp_read(struct timestamps *t, struct slice text, int64_t *ns, size_t *used);
/* A count since 1970 in s, ms, us or ns, told apart by size. False: not between 2001 and 2261. */
bool timestamp_epoch(double value, int64_t *ns);

#endif
