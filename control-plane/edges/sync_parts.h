/* What the readers of both encodings share. Inside the module only. */
#ifndef CONTROL_PLANE_SYNC_PARTS_H
#define CONTROL_PLANE_SYNC_PARTS_H

#include "base/buf.h"
#include "control-plane/edges/sync_request.h"

struct sync_reading {
    struct arena *arena;
    const struct sync_sink *sink;
    struct sync_request *request;
    struct sync_client client;
    bool client_given; /* to the sink */
    bool stages_seen;
    struct sync_status run[SYNC_RUN];
    size_t run_count;
    struct buf scratch, errors;
    unsigned error_count;
};

void sync_reading_begin(struct sync_reading *s, struct arena *arena, const struct sync_sink *sink, struct sync_request *request);
/* Hands on what is left; gives whether there was no problem. */
bool sync_reading_end(struct sync_reading *s);

/* A PolicyStage by its number. */
void sync_stage(struct sync_reading *s, int64_t number);
/* One more attribute; NULL: too many. */
struct sync_attribute *sync_attribute_add(struct sync_reading *s, struct sync_attributes *list);
/* The client is complete: to the sink, once. */
void sync_client_done(struct sync_reading *s);

/* One status: begin, fill, done. */
struct sync_status *sync_status_begin(struct sync_reading *s);
void sync_status_error(struct sync_reading *s, struct slice text);
void sync_status_done(struct sync_reading *s);

/* Never negative: a delta below zero is none. */
static inline int64_t sync_delta(int64_t value) { return value > 0 ? value : 0; }

#endif
