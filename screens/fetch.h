/* One kind of request of a view: the newest wins, the last good data stay while a new answer is under way. */
#ifndef SCREENS_FETCH_H
#define SCREENS_FETCH_H

#include "api-client/api.h"

struct fetch {
    struct api *api;
    const char *operation;
    void (*done)(void *context); /* after each answer, good or not */
    void *context;

    uint64_t ticket;
    int64_t sent_at, answered_at; /* monotonic; 0: not under way, none yet */
    json_t *data;                 /* of the last good answer; NULL: none yet */
    enum api_status status;       /* of the last answer */
    char *message;                /* "" or NULL: all is well */
};

void fetch_init(struct fetch *f, struct api *api, const char *operation, void (*done)(void *context), void *context);
/* Cancels one that is under way. The reference to `variables` is taken over. */
void fetch_send(struct fetch *f, json_t *variables);
void fetch_free(struct fetch *f);
/* 0, or the monotonic time since when it waits. */
int64_t fetch_busy(const struct fetch *f);
bool fetch_failed(const struct fetch *f);

#endif
