/* Live previews in the API: what mutations ask for is done after COMMIT, so that no preview is without its audit row. */
#ifndef CONTROL_PLANE_API_TAP_ROWS_H
#define CONTROL_PLANE_API_TAP_ROWS_H

#include "control-plane/api/rows.h"
#include "control-plane/tap/tap.h"

/* In the order of the column and of the API's PolicyTapPermission. */
enum tap_permission { TAP_OFF, TAP_MASKED, TAP_REVEAL };
enum tap_permission tap_permission_of(struct request_context *x);
struct slice tap_permission_name(enum tap_permission p);

/* NULL: this control plane has none; the call was answered. */
struct taps *tap_registry(struct gql_call *call);

/* After COMMIT, or after it failed. */
void tap_settle(struct taps *taps, const struct request_context *x, bool committed);
/* Answers the call with the tap of the caller's, as it will be after COMMIT. */
void tap_answer(struct gql_call *call, struct id128 id);
/* Wipes the records that were read for a request; at its end. */
void tap_forget(struct request_context *x);

extern const struct gql_binding tap_bindings[], tap_mutation_bindings[];

#endif
