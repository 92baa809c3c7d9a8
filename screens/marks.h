/* Marked rows, by id, so that they stay marked while the list is sorted, filtered and scrolled. */
#ifndef SCREENS_MARKS_H
#define SCREENS_MARKS_H

#include <stdbool.h>
#include <stddef.h>

enum { MARKS_MAX = 10000 };

struct mark {
    char *id;
    unsigned long turn; /* which one it was */
};

struct marks {
    struct mark *all; /* by id */
    size_t count, room;
    unsigned long turns;
};

void marks_free(struct marks *m);
bool marks_has(const struct marks *m, const char *id);
/* Marks it or takes the mark off. False: there are MARKS_MAX already. */
bool marks_turn(struct marks *m, const char *id);
/* `count` ids in the order in which they were marked; the caller frees each and the array. */
char **marks_ids(const struct marks *m);
/* The same, one a line; xmalloc'd. */
char *marks_text(const struct marks *m);

#endif
