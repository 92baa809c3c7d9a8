/* JSON text as jansson's values, like json_loadb(JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL) but in a third of the time: an
 * answer's bytes are most of what a page of a list costs. */
#ifndef API_CLIENT_JSON_VALUES_H
#define API_CLIENT_JSON_VALUES_H

#include "base/slice.h"

#include <jansson.h>

/* NULL: no JSON, neither an object nor an array, a key twice in one object, a NUL in a key, a number that is neither 64 bits nor finite,
 * nested deeper than JSON_DEPTH. The caller owns what it gives. */
json_t *json_values(struct slice text);

#endif
