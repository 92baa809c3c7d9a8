/* Any bytes give the values that jansson's own reader gives, or none where it gives none or they are nested too deeply. */
#include "api-client/json_values.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 64 };

static unsigned depth_of(json_t *value)
{
    unsigned deepest = 0, depth;
    if (!json_is_object(value) && !json_is_array(value)) return 0;
    for (size_t i = 0; i < json_array_size(value); i++)
        if ((depth = depth_of(json_array_get(value, i))) > deepest) deepest = depth;
    for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
        if ((depth = depth_of(json_object_iter_value(at))) > deepest) deepest = depth;
    return deepest + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_error_t error;
    json_t *ours = json_values(slice_of((const char *)data, size));
    json_t *theirs = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (ours && !json_equal(ours, theirs)) abort();
    /* Jansson passes over a NUL after a number. */
    if (!ours && theirs && depth_of(theirs) <= DEPTH && !memchr(data, '\0', size)) abort();
    json_decref(ours);
    json_decref(theirs);
    return 0;
}
