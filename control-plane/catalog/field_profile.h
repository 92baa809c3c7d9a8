/* Collects what a batch learns of the records of one pattern (fields.h). Private to the catalog; one thread.
 *
 * profiler_new -> profile_open for a pattern -> profile_add for each of its records -> profile_gather into deltas. All
 * that is collected lies in the batch's arena and ends with it. Bounded: PROFILES_MOST patterns, PROFILED_FIELDS fields a
 * batch; what is beyond is counted as records without a profile. */
#ifndef CONTROL_PLANE_CATALOG_FIELD_PROFILE_H
#define CONTROL_PLANE_CATALOG_FIELD_PROFILE_H

#include "base/arena.h"
#include "base/buf.h"
#include "control-plane/catalog/field_names.h"
#include "control-plane/catalog/record.h"
#include "control-plane/catalog/structure.h"
#include "control-plane/catalog/words.h"

enum {
    PROFILES_MOST = 8192,
    PROFILED_FIELDS = 32768,
    FIELD_SLOTS = 256,
    FIELD_HASHED = 256,
    FIELD_SCANNED = 256 * 1024,
    NAMES_CACHED = 512
};

/* What a path says, kept over batches by the path's hash. */
struct cached_name {
    uint64_t key, named;
    struct field_name name;
    bool plain; /* may be written down as it is */
};

/* One field of one pattern. */
struct entry {
    struct field_delta sum; /* sum.path: tidied */
    struct field_name name;
    uint64_t key, named; /* of the path as it came; sensitive_field() */
    uint64_t record;     /* the last one that had it */
    uint32_t last_length;
    uint8_t next;  /* the field that followed in the last record, + 1 */
    bool tidied;   /* sum.path is not what came */
    bool scanned;  /* values are looked at for sensitive data */
    bool writable; /* the path was seen on so many records that it may be written down */
};

struct pair {
    struct entry *a, *b;
    uint64_t records, equal;
};

struct exposure {
    struct entry *entry; /* NULL: the text of the body */
    enum field_scope scope;
    unsigned detector;
    uint64_t records, record;
    bool of_resource; /* of the resource at hand */
    int64_t first_ns, last_ns;
};

struct profile {
    struct profile_delta sum; /* without its lists */
    struct entry **entries;
    size_t count, room;
    uint8_t slots[FIELD_SLOTS]; /* index + 1, by scope and path */
    uint8_t first[FIELD_SCOPES];
    struct pair pairs[PAIRS_MOST];
    size_t pair_count;
    struct exposure exposures[EXPOSURES_MOST];
    size_t exposure_count;
    uint64_t resource, resource_records; /* serial of the resource at hand; its records after the first */
    struct entry *resource_of[FIELD_GROUPS];
    bool gathered;
};

/* A value of the record at hand, by the group of its name. */
struct spoken {
    struct entry *entry;
    struct slice value;
    uint64_t record;
};

struct profiler {
    struct arena *arena;
    struct words *words;
    uint64_t seed;
    size_t profiles, fields;
    struct buf path;
    struct cached_name names[NAMES_CACHED];
    uint64_t record;   /* serial of the record at hand */
    struct slice body; /* its text */
    struct spoken spoken[FIELD_GROUPS], of_resource[FIELD_GROUPS];
    uint64_t resource; /* serial that of_resource is of */
    int64_t now_ns;
};

void profiler_init(struct profiler *x, struct arena *arena, struct words *words, uint64_t seed);
void profiler_free(struct profiler *x);
/* After the arena was reset. */
void profiler_clear(struct profiler *x);

/* NULL: there are too many. */
struct profile *profile_open(struct profiler *x);
/* `s`: the fields of a structured text body, NULL where the body is plain text or a map. */
void profile_add(struct profiler *x, struct profile *p, const struct log_record *r, const struct structure *s);
/* Ends a run of records of one resource; before reading. */
void profile_settle(struct profiler *x, struct profile *p);

/* One more record has the field: once there were several its name may be written down. */
void entry_seen(struct profiler *x, struct entry *e);
bool entry_writable(struct profiler *x, struct entry *e);
/* The field's value in this record; e was found by field_entry. Gives what sensitive data it holds. */
uint64_t entry_observe(struct profiler *x, struct entry *e, const struct field *f);
/* Adds a profile to a delta, whose lists lie in the arena. False: it is full. */
bool profile_gather(struct profiler *x, struct profile *p, struct profile_delta *d);
/* What is wrong with a text body. */
enum body_fault { BODY_FINE, BODY_BINARY, BODY_TRUNCATED, BODY_UNPARSABLE };
enum body_fault body_fault_of(struct slice body, bool structured);

#endif
