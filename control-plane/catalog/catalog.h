/* The catalog's pure half: records in, counted patterns out. No files, no SQL, no clock.
 *
 * catalog_new -> batch_new -> batch_add for every record (any thread, one batch a thread) -> the store applies the
 * batch's deltas in one transaction -> batch_free. Raw text ends in batch_add: a delta holds the masked template
 * and counters, never a value.
 *
 * Template identity: mask, fold, split, hash (see template.h). Ids are content hashes: the same records give the
 * same ids on any node, in any order. Variable parts are "<*>". A word appears in a delta's template only once it was
 * seen on several records; until then it is withheld and shown as "<?>": a text that was said once may be a secret. */
#ifndef CONTROL_PLANE_CATALOG_H
#define CONTROL_PLANE_CATALOG_H

#include "base/hash.h"
#include "control-plane/catalog/fields.h"
#include "control-plane/catalog/record.h"

struct catalog;
struct batch;
struct words;

struct catalog_options {
    uint64_t key;         /* of the workspace: seeds the ids */
    size_t memory;        /* greatest bytes for known patterns and words; 0 = 4 MiB */
    unsigned words_after; /* records on which a word must have been seen before it may persist; 0 = 3 */
};

struct catalog *catalog_new(const struct catalog_options *options);
void catalog_free(struct catalog *c);
/* The words that were seen often enough to be written down (words.h); any thread. */
const struct words *catalog_words(const struct catalog *c);

/* Counters of one event in one hour. */
struct delta {
    struct slice service;
    struct id128 service_id, event_id;
    struct slice template; /* display form, words withheld as above; changes as words become known */
    struct slice name;     /* snake_case, from the constant words; unique only together with the service and id */
    bool fragment;         /* a piece of a multi-line event (stack frame, continuation) */
    bool words_withheld;   /* the template holds a <?>: a later one without replaces it */
    int64_t hour;          /* since 1970 */
    uint64_t events, bytes;
    uint64_t by_severity[SEVERITIES];
    int64_t first_ns, last_ns;
    const uint32_t *minutes;             /* records of each of the hour's MINUTES */
    const struct profile_delta *profile; /* of the event in this batch, with its first delta only; else NULL */
};

/* An event that was found to be the same as another (one position of the template varies): counters of `from` are
 * to be added to `to`, and `from` resolves to `to` for ever. */
struct merge {
    struct id128 from, to;
};

struct batch *batch_new(struct catalog *c);
void batch_free(struct batch *b);
void batch_clear(struct batch *b);
void batch_add(struct batch *b, const struct log_record *record);
/* What the last record was counted as, under the ids that hold now. After a batch_add. */
void batch_last(struct batch *b, struct id128 *service, struct id128 *event);
size_t batch_records(const struct batch *b);
uint64_t batch_bytes(const struct batch *b);
/* Valid until the next batch_add, batch_clear or batch_free; one delta for an event and hour, in order of first
 * appearance. Apply the merges as well: an event may have been counted under its former id before, here or elsewhere. A merge whose
 * `from` was never stored may be dropped. */
size_t batch_deltas(struct batch *b, const struct delta **deltas);
size_t batch_merges(struct batch *b, const struct merge **merges);

#endif
