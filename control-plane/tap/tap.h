/* Live previews: for a few minutes, one person sees what a policy does to the records that come in. In memory only.
 *
 *     taps = taps_new(catalog)                                  off: nothing is looked at, nothing is kept
 *     taps_prepare(taps, &options, &id)                         within the mutation's transaction, after its audit row
 *     taps_begin(taps, id) or taps_end(taps, id, ...)           after COMMIT, or when it failed: no row, no tap
 *     otlp_logs_watched(..., taps_watch(taps))                  records on their way in
 *     taps_view(taps, id, owner, after, count, &view)           what was seen; keeps the tap alive
 *
 * A tap ends by itself: at its time limit, when nobody has asked for TAP_LEASE_SECONDS, when it is stopped. Then its records are
 * wiped at once; for a while only its counts can still be asked for. Unless `reveal` is set, what is kept is masked already
 * (catalog/mask.h): values never stay beyond the record's own processing.
 *
 * What masks cannot hide is what a policy can ask: whether its conditions hold, and how often.
 *
 * Bounded: TAPS_MOST at once, TAP_RECORDS_MOST records of TAP_RECORD_BYTES each and TAP_BYTES in all (the oldest give way),
 * records of up to TAP_JUDGED_BYTES, TAP_EXAMINED_SECOND records looked at and TAP_KEPT_SECOND kept a second; what is beyond is only
 * counted. A record is judged by itself: what a policy does to a resource is not seen by the next record. Thread-safe. */
#ifndef CONTROL_PLANE_TAP_H
#define CONTROL_PLANE_TAP_H

#include "base/hash.h"
#include "control-plane/ingest/watch.h"
#include "policy/policy.h"

#include <stdatomic.h>
#include <stdint.h>

enum { TAPS_MOST = 4, TAP_SECONDS_LEAST = 5, TAP_SECONDS_MOST = 300, TAP_RECORDS_MOST = 200 };
enum { TAP_RECORD_BYTES = 64 * 1024, TAP_BYTES = 4 * 1024 * 1024, TAP_JUDGED_BYTES = 256 * 1024 };
enum { TAP_EXAMINED_SECOND = 2000, TAP_KEPT_SECOND = 50, TAP_LEASE_SECONDS = 8, TAP_REMEMBERED_SECONDS = 60, TAP_OWNER = 64 };

enum tap_outcome {
    TAP_UNMATCHED,
    TAP_KEPT,
    TAP_DROPPED,
    TAP_SAMPLED_OUT,
    TAP_RATE_LIMITED,
    TAP_UNDECIDED /* a share is kept; no key decides */
};
enum { TAP_OUTCOMES = 6 };
enum tap_change { TAP_SAME, TAP_CHANGED, TAP_REMOVED, TAP_ADDED, TAP_MOVED };

/* Where in the block; at 0: there is none. */
struct tap_text {
    uint32_t at, len;
};

struct tap_field {
    struct tap_text path, moved_to, before, after;
    enum value_type type;
    enum tap_change change;
};

/* One record; its fields stand behind it, then the texts. */
struct tap_record {
    size_t size; /* of the block */
    uint64_t sequence;
    int64_t received_ns, time_ns;
    enum severity severity;
    enum tap_outcome outcome;
    bool masked, truncated; /* truncated: not all fields, or not all of their text */
    double fraction;        /* of such records, kept on the long run */
    uint64_t bytes;
    struct tap_text service, decided_by; /* the policy's id on the wire */
    uint32_t matched;                    /* policies */
    uint32_t field_count;
    struct tap_field fields[];
};

static inline struct slice tap_text(const struct tap_record *r, struct tap_text t)
{
    return t.at ? slice_of((const char *)r + t.at, t.len) : (struct slice){0};
}

enum tap_state { TAP_PREPARED, TAP_RUNNING, TAP_ENDED };
enum tap_end { TAP_NOT_ENDED, TAP_STOPPED, TAP_EXPIRED, TAP_ABANDONED, TAP_FORBIDDEN, TAP_NEVER_BEGAN };

struct tap_options {
    char owner[TAP_OWNER]; /* "uid:1000" */
    int64_t account;
    struct policy_set *set;      /* of log policies, all enabled; the tap's from taps_prepare on, whatever it gives */
    bool single;                 /* one policy is previewed; else those in force */
    struct id128 service, event; /* only these; zero: any */
    int64_t seconds;
    size_t records;
    bool reveal;
};

struct tap_counts {
    uint64_t seen;                            /* records that passed the filter, or came while too many did */
    uint64_t skipped;                         /* of these: not judged, because more than TAP_EXAMINED_SECOND came, or it is too large */
    uint64_t matched;                         /* by at least one policy */
    uint64_t changed;                         /* kept with other fields than before */
    uint64_t removed, redacted, moved, added; /* fields, over all records */
    uint64_t unkept;                          /* judged and to be shown, but more than TAP_KEPT_SECOND came, or it is too large */
    uint64_t outcomes[TAP_OUTCOMES];
};

struct tap_status {
    struct id128 id;
    char owner[TAP_OWNER];
    int64_t account;
    enum tap_state state;
    enum tap_end end;
    bool revealed;
    int64_t started_ns, expires_ns; /* wall clock */
    uint64_t last_sequence;
    size_t records_most;
    struct tap_counts counts;
};

struct taps;

struct taps *taps_new(struct catalog *catalog);
/* Ends and wipes all. After the last call of anything else. */
void taps_free(struct taps *t);

/* NULL while none is on. */
const struct otlp_watch *taps_watch(struct taps *t);

enum tap_prepared { TAP_READY, TAP_TOO_MANY, TAP_NO_MEMORY };
enum tap_prepared taps_prepare(struct taps *t, const struct tap_options *o, struct id128 id);
void taps_begin(struct taps *t, struct id128 id);
/* Values are shown from the next record on. */
void taps_reveal(struct taps *t, struct id128 id);
void taps_end(struct taps *t, struct id128 id, enum tap_end why);
/* All of the account; only those that are revealed. */
void taps_end_account(struct taps *t, int64_t account, bool only_revealed);

/* A copy in memory of its own kind; tap_view_free. */
struct tap_view {
    struct tap_status status;
    size_t count;
    const struct tap_record **records; /* oldest first */
    void *memory;
};

/* False: no such tap of this owner, or no memory. Records after the sequence `after`, the oldest `count` of them. */
bool taps_view(struct taps *t, struct id128 id, const char *owner, uint64_t after, size_t count, struct tap_view *view);
void tap_view_free(struct tap_view *view);
/* Those of the account that began or failed to; does not keep them alive. Gives their number. */
size_t taps_list(struct taps *t, int64_t account, struct tap_status list[TAPS_MOST]);
bool taps_find(struct taps *t, struct id128 id, struct tap_status *status);

#endif
