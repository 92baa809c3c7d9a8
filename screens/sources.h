/* The logs of this machine that this person may read. */
#ifndef SCREENS_SOURCES_H
#define SCREENS_SOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOURCES_MAX = 200 };

struct source {
    char *path; /* NULL: the journal */
    int64_t bytes;
    bool readable; /* the journal: this user may read some of it */
    bool chosen;
};

struct sources {
    struct source *list;
    size_t count;
    bool more; /* there are more files than SOURCES_MAX */
};

/* The journal where there is a journalctl, then text files below the directory: regular, not empty, readable, not
 * compressed; the largest first. All that can be read are chosen. */
void sources_find(struct sources *s, const char *directory);
/* One file by its path. False: *problem (static) says why it cannot be read. */
bool sources_add(struct sources *s, const char *path, const char **problem);
void sources_free(struct sources *s);
/* The n-th path that completes `word`; directories end with "/". xmalloc'd, NULL: no more. */
char *sources_complete(const char *word, int n);

#endif
