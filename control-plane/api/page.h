/* One page of a connection. */
#ifndef CONTROL_PLANE_API_PAGE_H
#define CONTROL_PLANE_API_PAGE_H

#include "control-plane/api/connection.h"

struct page_args {
    size_t size;
    bool backward; /* last, before: from the end */
    bool descending;
    const struct place *after, *before;
    bool with_service; /* log events: read the services along */
    int tie_steps;     /* instead of TIE_STEPS, where not 0 */
};

/* Fills rows, places, count, has_next and has_previous. False: error of the store or the arena is full.
 *
 * Without a filter the page walks the index of its order from the cursor on: it costs the same at any depth. With one
 * it walks as well, up to WALK_STEPS steps of SQLite's machine; where matches are too rare for that, or an index finds
 * them at once, it finds all matches first, counts and sorts them.
 *
 * With further orders (connection.then) it walks the same index and sorts the rows that are equal in the first order, up to TIE_STEPS
 * steps; where that is not enough it gives false with too_many. */
bool page_read(struct connection *c, const struct page_args *args);

/* A page that walks from a cursor is read in two parts, so that an index serves both: rows of the cursor's own value,
 * then rows of the values beyond. */
enum page_part {
    PAGE_WALK,  /* no cursor to start from */
    PAGE_TIES,  /* equal value, row beyond */
    PAGE_REST,  /* value beyond */
    PAGE_FOUND, /* all matches found first */
};
/* A statement as page_read runs it; for tests of its plan. */
void page_sql(const struct connection *c, const struct page_args *args, enum page_part part, size_t limit, struct sql *q);

enum { WALK_STEPS = 200000, TIE_STEPS = 8000000 /* near a second */ };

#endif
