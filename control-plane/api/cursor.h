/* Cursors: a row's place in an order, opaque to clients (base64url of order, value and row number). */
#ifndef CONTROL_PLANE_API_CURSOR_H
#define CONTROL_PLANE_API_CURSOR_H

#include "control-plane/api/entity.h"

struct place {
    struct sql_value value;
    int64_t row;
};

/* In the arena. */
struct slice cursor_write(struct arena *arena, const struct entity *entity, const struct order *order, const struct place *place);
/* False: not a cursor of this order. Texts are in the arena. */
bool cursor_read(struct arena *arena, const struct entity *entity, const struct order *order, struct slice text, struct place *place);

#endif
