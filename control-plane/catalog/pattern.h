/* A pattern inside the miner. Private to the catalog. */
#ifndef CONTROL_PLANE_PATTERN_H
#define CONTROL_PLANE_PATTERN_H

#include "control-plane/catalog/miner.h"

enum part_flags { PART_SPACE = 1, PART_SUSPICIOUS = 2, PART_FIXED = 4 /* a word that is never taken for a value */, PART_RUN = 8 };

/* A token, kept: its text stands in the pattern's. */
struct part {
    uint64_t hash;
    uint16_t at, len;
    uint8_t kind;
    char sign;
    uint8_t flags;
};

struct body {
    uint16_t n, words, values; /* parts in all, and of either kind */
    uint32_t text_len;
    struct part part[]; /* then the text */
};

struct pattern {
    struct pattern *next;   /* of the same slot of the table */
    struct pattern *parent; /* NULL: a root */
    struct body *body;      /* NULL once it was merged */
    uint64_t hash, scope;
    struct id128 id;
    uint32_t pins, used;
    bool fragment;
};

static inline const char *body_text(const struct body *b) { return (const char *)&b->part[b->n]; }
struct body *body_of(const struct template *t, size_t *bytes);
size_t body_size(const struct body *b);
/* The template again, borrowed from the body, with the word at `hole` as a value (SIZE_MAX: as it is). */
void body_template(const struct body *b, size_t hole, struct template *t);

#endif
