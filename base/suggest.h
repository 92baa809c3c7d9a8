/* "Did you mean": the candidate nearest to a mistyped word. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/slice.h"

struct suggest {
    struct slice word;
    const char *best; /* NULL: nothing is near enough */
    unsigned distance;
};

struct suggest suggest_for(struct slice word);
/* Offers one candidate; it must stay valid as long as `best` is used. */
void suggest_try(struct suggest *s, const char *candidate);

#endif
