/* OTLP/JSON as protobuf bytes. Private to the module.
 *
 * One pass, keys in any order, unknown keys passed over, null as absent. False: o->ok is false and o->message says
 * what and where; out then holds garbage. Records with values of the wrong type are left out and counted in
 * o->rejected. out never needs more bytes than the JSON text has, plus a little. */
#ifndef CONTROL_PLANE_OTLP_JSON_H
#define CONTROL_PLANE_OTLP_JSON_H

#include "control-plane/ingest/otlp.h"

bool otlp_from_json(struct slice json, struct buf *out, struct otlp_outcome *o);

#endif
