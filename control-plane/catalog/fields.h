/* What a batch learns of an event's records besides their number: shapes, fields, pairs of equal fields, sensitive
 * data. Part of catalog.h. Never a value: names, types, lengths, counts, and sketches seeded by the workspace's key. */
#ifndef CONTROL_PLANE_CATALOG_FIELDS_H
#define CONTROL_PLANE_CATALOG_FIELDS_H

#include "base/hash.h"
#include "base/buf.h"
#include "base/slice.h"

#include <stdint.h>

enum { FIELDS_MOST = 128, EXPOSURES_MOST = 32, PAIRS_MOST = 32, MINUTES = 60 };

enum field_scope { FIELD_BODY, FIELD_ATTRIBUTE, FIELD_RESOURCE, FIELD_RECORD };
enum { FIELD_SCOPES = 4 };

/* What a field is by its name. */
enum field_role {
    ROLE_NONE,
    ROLE_USER_AGENT,
    ROLE_URL_PATH, /* a path or URL that was asked for */
    ROLE_STATUS,   /* of HTTP */
    ROLE_METHOD,
    ROLE_TRACE_ID,
    ROLE_REQUEST_ID,
    ROLE_SEVERITY,
    ROLE_TIME,
    ROLE_PAYLOAD,    /* request or response body */
    ROLE_STACKTRACE, /* of an exception */
    ROLE_SDK,        /* what an instrumentation library says of itself: telemetry.sdk.*, otel.library.* */
    ROLE_K8S_UID,    /* k8s.*.uid */
    ROLE_K8S_NAME,   /* k8s.*.name */
    ROLE_SERVICE,    /* service.*: needed to route, never noise */
    FIELD_ROLES
};

/* Characters seen. */
enum field_class {
    CLASS_LOWER = 1 << 0,
    CLASS_UPPER = 1 << 1,
    CLASS_HEX_LETTER = 1 << 2, /* a to f, in either case */
    CLASS_OTHER_LETTER = 1 << 3,
    CLASS_DIGIT = 1 << 4,
    CLASS_BLANK = 1 << 5,
    CLASS_PUNCTUATION = 1 << 6,
    CLASS_CONTROL = 1 << 7,
    CLASS_BEYOND_ASCII = 1 << 8,
};

/* Counts of lengths: 0, 1, 2-3, 4-5, 6-7, 8-11, ... two buckets an octave. And of sizes, eight an octave. */
enum { LENGTH_BUCKETS = 40, SIZE_BUCKETS = 160 };
/* Registers of an estimate of how many different values there were. */
enum { SKETCH_REGISTERS = 128 };

struct field_delta {
    enum field_scope scope;
    enum field_role role;
    struct slice path; /* keys joined with "."; a key that looks like a value is "*" */
    unsigned types;    /* bit i: enum value_type i */
    unsigned classes, magnitudes;
    uint64_t records, json, bytes;
    uint64_t length_min, length_max, length_sum;
    int64_t first_ns, last_ns;
    uint32_t lengths[LENGTH_BUCKETS];
    unsigned char sketch[SKETCH_REGISTERS];
};

struct pair_delta {
    enum field_scope scope, other_scope;
    struct slice path, other_path; /* path: the more standard name */
    uint64_t records, equal;
};

struct exposure_delta {
    enum field_scope scope;
    struct slice path; /* empty: the text of the body, or a field whose name may not be written down yet */
    unsigned detector; /* index into sensitive_detectors */
    uint64_t records;
    int64_t first_ns, last_ns;
};

/* Of one event; all that it points to lives as long as the delta it hangs on. */
struct profile_delta {
    uint64_t records, fields_dropped, severity_given;
    uint64_t body_text, body_structured, body_bytes, body_max;
    uint64_t binary_bodies, truncated_bodies, unparsable_bodies;
    uint64_t bots, bots_seen, probes, health_paths, health_ok; /* bots_seen: bit i = bot_name(i) */
    bool placeholder;
    uint32_t body_sizes[SIZE_BUCKETS];
    struct field_delta *fields;
    size_t field_count;
    struct pair_delta *pairs;
    size_t pair_count;
    struct exposure_delta *exposures;
    size_t exposure_count;
};

/* The n-th known bot, NULL beyond the last. */
const char *bot_name(unsigned n);
/* What the catalog takes for a health check, as a regular expression of RE2: of a path's field, or (in_text) of a text that
 * has the path and, as its first number behind it or called so, a status of 2xx. */
void health_path_regex(struct buf *out, bool in_text);
/* People's agents begin so; what they ask for is no probe. */
#define BROWSER "Mozilla/"
/* The same of the agents of health checkers. */
void probe_agent_regex(struct buf *out);

/* ---- sketches: what they say, and how they add up ---- */

unsigned length_bucket(uint64_t length);
unsigned size_bucket(uint64_t size);
/* The greatest length of a bucket. */
uint64_t length_bucket_most(unsigned bucket);
uint64_t size_bucket_most(unsigned bucket);
/* Buckets up to the one that holds the given share (in percent) of all. */
unsigned buckets_percentile(const uint64_t *counts, unsigned buckets, unsigned percent);
void sketch_add(unsigned char sketch[SKETCH_REGISTERS], uint64_t hash);
void sketch_merge(unsigned char to[SKETCH_REGISTERS], const unsigned char from[SKETCH_REGISTERS]);
uint64_t sketch_estimate(const unsigned char sketch[SKETCH_REGISTERS]);

#endif
