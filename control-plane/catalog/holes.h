/* The index of one-word differences: for every pattern and every word of it, which other patterns differ there only.
 *
 * A place is open (its word is a value) once HOLE_WORDS patterns with different words met there, or one with a value
 * and one with a word, or two with words that were values elsewhere or read as random. Never open: words that say what happened, and
 * places in patterns with fewer than two other words. All of that only grows: order does not matter. */
#ifndef CONTROL_PLANE_HOLES_H
#define CONTROL_PLANE_HOLES_H

#include "control-plane/catalog/pattern.h"

enum { HOLE_WORDS = 5, HOLE_PLACES = 32, HOLE_CONSTANTS = 2 };

struct holes;

/* What a place says about a pattern that was added to it. */
struct hole_open {
    struct pattern *members[HOLE_WORDS + 2]; /* to be merged */
    size_t count;
    struct pattern *merged; /* into this; NULL: the place was closed till now */
    size_t place;
};

struct holes *holes_new(void);
void holes_free(struct holes *h);
void holes_clear(struct holes *h);
size_t holes_bytes(const struct holes *h);

bool hole_candidate(const struct body *b, size_t place);
/* Adds the pattern at one place; true: it is open, see *open. */
bool holes_add(struct holes *h, struct pattern *p, size_t place, struct hole_open *open);
/* The merged pattern of the place, told once. */
void holes_set_merged(struct holes *h, const struct pattern *member, size_t place, struct pattern *merged);
/* The next place with two words that were values elsewhere and that is not open yet; *cursor starts at 0. */
bool holes_next_ripe(struct holes *h, size_t *cursor, struct hole_open *open);

#endif
