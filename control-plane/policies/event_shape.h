/* What the store knows of the fields of an event's records, for verdict.h. Inside the module only.
 *
 * A field that was seen on no record, or on too few to be known by its name, counts as never there. */
#ifndef CONTROL_PLANE_POLICIES_EVENT_SHAPE_H
#define CONTROL_PLANE_POLICIES_EVENT_SHAPE_H

#include "control-plane/policies/verdict.h"
#include "control-plane/store/store.h"

struct event_shape {
    struct db *db;
    int64_t event; /* its row */
    int64_t records;
    int64_t examined, dropped; /* of these records the fields were looked at; had more fields than are kept */
};

/* Both stay where they are while the facts are in use. */
void event_shape_attach(struct event_shape *s, struct event_facts *f);

#endif
