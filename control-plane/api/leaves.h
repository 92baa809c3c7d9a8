/* Small answers that several types share. */
#ifndef CONTROL_PLANE_API_LEAVES_H
#define CONTROL_PLANE_API_LEAVES_H

#include "control-plane/api/rows.h"

void leaf_id(struct gql_call *call, struct id128 id);
void leaf_severity(struct gql_call *call, int severity);
void leaf_optional(struct gql_call *call, struct slice text); /* ptr NULL: null */
void leaf_rate(struct gql_call *call, int64_t value, double unit);
double usd_per_hour(int64_t cost);
/* The id argument; false: not a UUID (nothing was answered). */
bool arg_id(const struct gql_call *call, const char *name, struct id128 *id);

static inline struct request_context *context_of(const struct gql_call *call) { return gql_user(call); }

#endif
