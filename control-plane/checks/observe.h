/* One service as the checks see it, and the findings they add. All of it lives in the observation's arena. Inside the
 * module only. */
#ifndef CONTROL_PLANE_CHECKS_OBSERVE_H
#define CONTROL_PLANE_CHECKS_OBSERVE_H

#include "base/arena.h"
#include "control-plane/catalog/fields.h"
#include "control-plane/checks/checks.h"

enum { OBSERVED_EVENTS = 20000, FINDING_EVENTS = 64, FINDING_FIELDS = 64, FINDING_EVIDENCE = 12 };
enum { QUIET_HOURS = 24 };

/* Counts of event_shapes (store/field_rows.h). records 0: nothing is known. */
struct shape {
    int64_t records, severity_given, body_text, body_structured, body_bytes, body_p50, body_p95, binary, truncated, unparsable;
    int64_t bots, bots_seen, probes, health_paths, health_ok, placeholder, active_minutes, peak_minute, median_minute;
};

struct observed_event {
    int64_t row;
    struct id128 id;
    struct slice name, template;
    struct slice words; /* the template in lower case, signs as blanks, values as "*", a blank at both ends */
    int severity;       /* 0 other, 1 debug, 2 info, 3 warn, 4 error */
    bool fragment, withheld;
    int64_t events, bytes, week_events, week_bytes, day_events;
    int64_t by_severity[7];
    int64_t rate_events, rate_bytes, cost, last_seen;
    struct shape shape;
    const struct check *claimed; /* the check that would remove it */
};

struct found_field {
    const struct observed_event *event;
    int scope;
    struct slice path, element; /* element: detector, other path or role, as the check has it */
    int64_t records;
    double share; /* of the event's records */
    bool spoken;  /* told by the words around it */
};

struct found_evidence {
    const char *kind, *label, *provenance;
    struct slice value;
};

struct finding {
    struct finding *next;
    const struct check *check;
    struct slice subject;
    struct observed_event *events[FINDING_EVENTS];
    size_t event_count, kinds; /* kinds: of events, also those beyond the array */
    struct found_field fields[FINDING_FIELDS];
    size_t field_count;
    struct found_evidence evidence[FINDING_EVIDENCE];
    size_t evidence_count;
    int64_t records;                       /* of the week, that show it */
    int64_t rate_events, rate_bytes, cost; /* of its events */
    double save_events, save_bytes;        /* in the same units */
    double keep_share;                     /* of events that the proposal keeps */
    int64_t cap_per_minute;                /* where the proposal is a rate */
    double share;                          /* for texts: {share} */
};

struct observation {
    struct db *db;
    struct arena *arena;
    int64_t account, now_ns, now_hour;
    int64_t price_gb, price_million; /* micro-dollars */
    int64_t row, hours, week_events, rate_events, rate_bytes, last_seen, first_seen;
    struct slice name;
    struct observed_event *events; /* largest cost first; those of the last week that are not silent */
    size_t count, silent;
    struct finding *findings;
    bool failed;
};

/* Reads the service; false: it is gone or the store could not be read. End with observation_free in both cases. */
bool observation_load(struct observation *o, struct db *db, int64_t service, int64_t now_ns);
void observation_free(struct observation *o);

void *observe_memory(struct observation *o, size_t size);
struct slice observe_copy(struct observation *o, struct slice text);
struct slice observe_text(struct observation *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
double observe_setting(struct observation *o, const struct check *c, const char *name);

/* Hours of the last week. */
struct hours_profile {
    int64_t peak, median, active, span; /* records; hours with records; hours from the first with records to now */
    int64_t surge;                      /* records of the busiest outbreak, also where it lies across a full hour */
    int64_t above_cap;                  /* records beyond cap, hour by hour */
};
bool observe_hours(struct observation *o, const struct observed_event *e, int64_t cap_an_hour, struct hours_profile *p);

/* The finding of a check about a subject; made where there is none. */
struct finding *finding_of(struct observation *o, const struct check *c, struct slice subject);
/* Adds an event of which the proposal would drop the given share. claim: other checks leave it alone. */
void finding_event(struct finding *f, struct observed_event *e, double drop_share, bool claim);
void finding_field(struct finding *f, const struct found_field *field);
void finding_evidence(struct finding *f, const char *kind, const char *provenance, const char *label, struct slice value);
double yearly_cost(const struct observation *o, double rate_events, double rate_bytes); /* micro-dollars */

#endif
