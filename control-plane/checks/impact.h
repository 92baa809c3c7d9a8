/* Whether a policy does what it promised. Approval proves nothing, and neither does a smaller volume: it may have fallen
 * for any reason. So three things are looked at:
 *
 *   edges     those that can carry the policy out (its stages), have polled after its content was published, and reported
 *             the hash that they were sent. The first such report is the moment it is carried.
 *   matches   what edges reported of it since that moment.
 *   volume    of the log events that it is about (its own, else those of its issue): the records an hour of the last 24
 *             whole hours, against those of the 7 days before the policy came into force.
 *
 * States, the first that fits:
 *   WAITING_FOR_EDGE  it is not carried yet
 *   TOO_EARLY         it is carried for less than 24 whole hours
 *   VERIFIED          it matched, and: where it removes records, the volume fell by at least four fifths of the share that
 *                     was promised; where it rewrites them, edges rewrote some, within the last day unless nothing came
 *   REGRESSED         in its first day the above held, and it does no more
 *   NOT_SEEN          else
 *
 * The share promised is all for a policy that drops, else what the issue's proposal saves; unknown without an issue: then the
 * volume is not judged, nor where none was counted before. */
#ifndef CONTROL_PLANE_IMPACT_H
#define CONTROL_PLANE_IMPACT_H

#include "control-plane/store/store.h"

enum { IMPACT_DAY = 24, IMPACT_BEFORE = 7 * 24 }; /* hours */

enum impact_state { IMPACT_WAITING_FOR_EDGE, IMPACT_TOO_EARLY, IMPACT_VERIFIED, IMPACT_NOT_SEEN, IMPACT_REGRESSED, IMPACT_STATES };

struct impact {
    enum impact_state state;
    char reason[200]; /* the state in a sentence */
    int64_t policy;   /* its row */
    int64_t in_force_ns;
    int64_t from, to;     /* whole hours since 1970 observed, to excluded; equal: none yet */
    int64_t edges;        /* that carry it now, as they say */
    int64_t capable;      /* that could, seen within a day */
    int64_t hits;         /* records that it matched since it is carried */
    double before, after; /* records an hour; below 0: not known */
    double promised;      /* 0 to 1; below 0: it removes no records, or the share is not known */
};

/* Any connection. False: the policy is not in force (or the store cannot be read). */
bool impact_of_policy(struct db *db, int64_t policy, int64_t now_ns, struct impact *out);
/* Of the newest policy in force that was made for the issue. */
bool impact_of_issue(struct db *db, int64_t issue, int64_t now_ns, struct impact *out);

#endif
