/* What a policy would do, told from the catalog: which log events it matches for certain, possibly or not at all, what that
 * removes in a year at the rates of the trailing 7 days, and which policies in force it meets there.
 *
 * Events are looked at from the most expensive on, PREVIEW_EVENTS at most. Removed amounts are net: what a policy in
 * force certainly removes already does not count again. */
#ifndef CONTROL_PLANE_POLICIES_PREVIEW_H
#define CONTROL_PLANE_POLICIES_PREVIEW_H

#include "control-plane/policies/verdict.h"
#include "control-plane/store/store.h"

enum { PREVIEW_EVENTS = 200000, PREVIEW_PAIRS = 500000, PREVIEW_LISTED = 200, PREVIEW_REASONS = 4096 };

struct preview_amount {
    double records, bytes, usd; /* a year */
};

struct preview_side {
    int64_t events;
    struct preview_amount volume; /* all records of these events, removed or not */
};

struct preview_event {
    struct id128 id;
    enum match_verdict match;
    struct preview_amount volume, removed; /* removed: at most */
    struct slice reasons;                  /* lines; empty: certain */
};

enum preview_relation {
    RELATION_REDUNDANT, /* the other one decides already: nothing changes there */
    RELATION_DECIDES,   /* this one is stricter */
    RELATION_COMBINED,  /* both transform, in the order of their ids */
};

struct preview_overlap {
    struct id128 policy;
    enum preview_relation relation;
    int64_t certain, possible; /* events that both match */
    struct preview_amount volume;
};

struct preview {
    int64_t scanned;
    bool complete;          /* all events were looked at */
    bool overlaps_complete; /* as were all pairs with policies in force */
    int64_t unmatched;
    struct preview_side certain, possible;
    struct preview_amount least, most; /* removed */
    struct preview_event *events;      /* those that lose most first */
    size_t event_count;
    struct preview_overlap *overlaps;
    size_t overlap_count;
};

struct preview_request {
    struct db *db;
    struct arena *arena; /* of the answer */
    int64_t account;
    const struct policy *policy;   /* of logs */
    struct id128 self, supersedes; /* policies that do not count as met; zero: none */
    size_t list;                   /* at most PREVIEW_LISTED events are told one by one */
};

/* False: the store could not be read, or the arena is full. */
bool preview_make(const struct preview_request *request, struct preview *out);

#endif
