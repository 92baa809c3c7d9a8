/* Who looks at records as they pass: nobody most of the time.
 *
 * record() is called in the decoding thread for each record that was taken, after batch_add; everything it is given is valid
 * during the call only. */
#ifndef CONTROL_PLANE_INGEST_WATCH_H
#define CONTROL_PLANE_INGEST_WATCH_H

#include "control-plane/catalog/catalog.h"

/* Bytes of protobuf messages as they came; ptr NULL: there was none. */
struct otlp_sight {
    struct slice resource, resource_url, scope, scope_url, record;
    const struct log_record *decoded;
    struct batch *batch;
};

struct otlp_watch {
    void (*record)(void *context, const struct otlp_sight *sight);
    void *context;
};

#endif
