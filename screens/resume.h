/* What the console showed when it ended, to go on from: the tab, each list's state (screens/list_state.h) and the row under its cursor.
 * One file for all control planes, "session" in the state folder, a part a place (profile and endpoint), the latest first. No curses
 * here. */
#ifndef SCREENS_RESUME_H
#define SCREENS_RESUME_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum { RESUME_PLACES = 20, RESUME_LISTS = 12, RESUME_MAX = 2 << 20, RESUME_ROW_MAX = 200, RESUME_PLACE_MAX = 1000 };

struct resume_list {
    char *state, *row; /* NULL: not known */
};

struct resume_place {
    char *name;
    int tab;                                /* enum tab; -1: not known */
    struct resume_list lists[RESUME_LISTS]; /* by their place in resources_all() */
};

struct resume_file {
    struct resume_place places[RESUME_PLACES];
    size_t count;
};

/* Takes the text apart. False: *problem (static) with the line; *f is empty then. */
bool resume_parse(struct resume_file *f, char *text, const char **problem);
void resume_print(const struct resume_file *f, struct buf *out);
void resume_free(struct resume_file *f);
void resume_place_free(struct resume_place *p);

/* The place as it was left, *problem NULL; without one, an empty place. A file that is broken is said to be so and left out. */
struct resume_place resume_read(const char *name, const char **problem);
/* Puts the place in front of the others of the file; a broken file is replaced. False: errno. */
bool resume_write(const struct resume_place *p);

void resume_set(struct resume_place *p, const char *resource, const char *state, const char *row);
/* NULL: nothing is known of the list. */
const struct resume_list *resume_list(const struct resume_place *p, const char *resource);

#endif
