/* Cursors: a row's place in an order, opaque to clients (base64url of order, value and row number; of several orders, each with its value).
 */
#ifndef CONTROL_PLANE_API_CURSOR_H
#define CONTROL_PLANE_API_CURSOR_H

#include "control-plane/api/entity.h"

/* What decides where the order before it finds rows equal, in turn. */
enum { THEN_MAX = 2 };
struct then_by {
    size_t count;
    struct then_key {
        const struct order *order;
        bool descending;
    } keys[THEN_MAX];
};

struct place {
    struct sql_value value;
    int64_t row;
    struct sql_value then[THEN_MAX]; /* of as many as the order has */
};

/* In the arena. `then`: NULL or empty for a single order. */
struct slice cursor_write(struct arena *arena, const struct entity *entity, const struct order *order, const struct then_by *then,
                          const struct place *place);
/* False: not a cursor of this order. Texts are in the arena. */
bool cursor_read(struct arena *arena, const struct entity *entity, const struct order *order, const struct then_by *then, struct slice text,
                 struct place *place);

#endif
