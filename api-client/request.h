/* One request from api_send to its callback: waits (its turn, or the next try), runs, is decided, is finished. */
#ifndef API_CLIENT_REQUEST_H
#define API_CLIENT_REQUEST_H

#include "api-client/internal.h"

enum request_state {
    REQUEST_WAITS,   /* begins at `due` */
    REQUEST_RUNS,    /* the transport has it */
    REQUEST_LEARNS,  /* another request asks first what the server offers */
    REQUEST_DECIDED, /* the verdict stands; the callback comes from api_poll */
};

struct request {
    struct request *next;
    uint64_t ticket;
    enum request_state state;
    const struct embedded *document;
    json_t *variables;
    char *body;
    size_t body_len;
    bool query, learner /* asks for api->offers */, filtered /* its document was made to fit */, held /* by Retry-After */;
    api_done *done;
    void *context;
    int64_t started, due; /* monotonic */
    unsigned attempts;
    struct exchange exchange;
    struct verdict verdict;
};

struct filtered {
    const struct embedded *document;
    char *text; /* NULL: the server lacks it */
};

struct api {
    struct origin origin;
    enum api_kind kind;
    bool sticky, read_only, locked, learned /* asked already, offers may be NULL all the same */;
    int64_t patience_ns, last_answer, next_try /* of what failed; 0: all is well */;
    unsigned failures; /* one after the other */
    uint64_t tickets;
    const struct transport_ops *ops;
    void *transport;       /* NULL until the first request */
    struct request *first; /* in the order of api_send */
    json_t *offers;
    struct filtered *filtered;
    size_t filtered_count;
    char trouble[200];
    struct journal journal;
};

/* Appends a request; one that may not leave is decided at once. Takes the variables over. */
struct request *request_new(struct api *api, const char *operation, json_t *variables);
struct request *request_find(const struct api *api, uint64_t ticket);
void request_begin(struct api *api, struct request *r);
/* Takes it from the transport: a query waits to begin anew, a mutation is decided. */
void request_hold(struct api *api, struct request *r);
/* The transport is done with it: decided, or waits for the next try. */
void request_exchanged(struct api *api, struct request *r);
/* Unlinks it, calls the callback, frees it. */
void request_finish(struct api *api, struct request *r);
/* Unlinks and frees without a callback. */
void request_free(struct api *api, struct request *r);

#endif
