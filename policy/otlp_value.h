/* OTLP's AnyValue and attribute lists in JSON. Private to the module. */
#ifndef POLICY_OTLP_VALUE_H
#define POLICY_OTLP_VALUE_H

#include "policy/record.h"

#include <jansson.h>

/* Texts borrow from `value`; bytes are decoded into the arena. */
struct datum any_value(const json_t *value, struct arena *a);
json_t *any_string(struct slice text);

/* The i-th pair of a list with that key, or SIZE_MAX. */
size_t pair_find(const json_t *list, struct slice key);
json_t *pair_value(const json_t *list, struct slice key);
/* Walks maps by the path; NULL: not there. */
json_t *path_value(const json_t *list, const struct slice *path, size_t count);
/* Sets or removes by the path; set makes maps on the way. Both give whether it was there. */
bool path_set(json_t *list, const struct slice *path, size_t count, json_t *value);
bool path_remove(json_t *list, const struct slice *path, size_t count);

#endif
