/* Where `ingest` brings its records: to the control plane that runs on the data directory, over its Unix socket, or
 * into the store of the directory itself when none runs. */
#ifndef CONTROL_PLANE_INGEST_DELIVERY_H
#define CONTROL_PLANE_INGEST_DELIVERY_H

#include "control-plane/ingest/otlp.h"

struct delivery;

/* NULL: *problem (caller frees) says why in one line. */
struct delivery *delivery_open(const char *data_dir, char **problem);
/* Writes what is under way. */
void delivery_close(struct delivery *d);

/* One ExportLogsServiceRequest in protobuf. Returns when its records are committed. A control plane that is busy or
 * restarts is tried again for a while. False: *problem (caller frees) says why; nothing of it is known to be counted. */
bool delivery_send(struct delivery *d, struct slice request, struct otlp_outcome *outcome, char **problem);
/* Different events so far. */
size_t delivery_patterns(const struct delivery *d);

#endif
