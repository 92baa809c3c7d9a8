/* Lists under a name: a text of screens/list_state.h each, in $XDG_STATE_HOME/tero/views (0600, the folder 0700). A change is made
 * under a lock and written whole beside the file, then renamed: two consoles lose nothing of each other. */
#ifndef SCREENS_SAVED_VIEWS_H
#define SCREENS_SAVED_VIEWS_H

#include <stdbool.h>
#include <stddef.h>

enum { SAVED_VIEWS_MAX = 200, SAVED_NAME_MAX = 40 };

struct saved_views {
    struct saved_view {
        char *name, *text;
    } * items;
    size_t count, broken; /* lines of the file that are no view */
};

/* What is there now; no file is no view. saved_views_free(). */
struct saved_views saved_views_read(void);
void saved_views_free(struct saved_views *v);
/* Of the file's text, which is taken apart; adds to *v. */
void saved_views_parse(struct saved_views *v, char *text);
/* NULL: none of that name. */
const char *saved_views_find(const struct saved_views *v, const char *name);
/* text NULL: deletes it. False: *problem (static). */
bool saved_views_put(const char *name, const char *text, const char **problem);
bool saved_views_rename(const char *name, const char *other, const char **problem);

#endif
