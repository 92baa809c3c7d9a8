/* The console's only way to a control plane. One event loop, no threads: poll over whatever the caller waits for.
 * Over a Unix socket it speaks HTTP by itself; https goes through libcurl (api-client/transport.h says why).
 *
 * api = api_open(profile); api_send(...) returns at once; api_poll() runs the transfers and the callbacks.
 * All texts that come out of an answer through api_text() are cleaned (base/utf8.h) and safe for a terminal. */
#ifndef API_CLIENT_API_H
#define API_CLIENT_API_H

#include "base/arena.h"
#include "base/buf.h"

#include <jansson.h>
#include <stdint.h>

enum api_kind { API_EMBEDDED, API_SELF_HOSTED, API_HOSTED };

struct api_profile {
    const char *name; /* "local" */
    enum api_kind kind;
    const char *endpoint; /* "https://host" (origin, without /graphql), or NULL for the embedded one */
    const char *socket;   /* Unix socket of the embedded one */
    const char *token;    /* bearer token, NULL for none; borrowed */
    const char *account;  /* X-Account-ID, NULL for none */
    const char *ca;       /* PEM file of the authorities to trust for https, NULL: the system's */
    bool read_only;       /* no mutation leaves */
    unsigned answer_ms;   /* an exchange that takes longer is given up; 0: a minute */
    unsigned patience_ms; /* a query that finds no control plane for so long is answered API_UNREACHABLE; 0: retried until cancelled */
};

struct api;
/* Copies what it needs of the profile; the token goes to locked memory. Connects to nothing yet. NULL: *problem (caller
 * frees) says why: an endpoint that is neither https nor loopback, a socket path that is too long. */
struct api *api_open(const struct api_profile *profile, char **problem);
/* Cancels what runs; no callback is called. Not from a callback. NULL is fine. */
void api_close(struct api *api);

enum api_status {
    API_OK,
    /* No connection, a broken one, or a busy server. A query is asked again first (patience_ms): after half a second, then ever later,
     * up to 30 s, all that wait at the same moment; Retry-After is obeyed. A mutation is never sent twice. */
    API_UNREACHABLE,
    API_DENIED,      /* 401, 403, FORBIDDEN, UNAUTHENTICATED */
    API_REFUSED,     /* a GraphQL error or read-only */
    API_BROKEN,      /* not GraphQL, too large, wrong shape */
    API_NOT_OFFERED, /* this control plane has no such field */
};

struct api_answer {
    enum api_status status;
    const json_t *data;  /* the "data" object; borrowed during the callback (json_incref keeps it); NULL unless API_OK */
    const char *message; /* one cleaned line for a person; "" when all is well; API_OK with a message: partial data */
    const char *code;    /* extensions.code, or "" */
    int64_t elapsed_ns;
};

typedef void api_done(void *context, const struct api_answer *answer);

/* Sends the embedded document `operation` ("ListLogEvents": api-client/operations/ListLogEvents.graphql) with the
 * variables (a reference is taken over; NULL for none). Returns a ticket > 0 for api_cancel; done is called from
 * api_poll, once, unless cancelled. Callbacks may send and cancel. Fields that the control plane is known not to offer
 * are left out of the document; they are absent from the answer. */
uint64_t api_send(struct api *api, const char *operation, json_t *variables, api_done *done, void *context);
void api_cancel(struct api *api, uint64_t ticket);

/* Sends what waits to be sent, without waiting and without a callback; api_poll does so too. */
void api_flush(struct api *api);
/* Waits for a transfer or one of the caller's descriptors, at most timeout_ms (-1: for ever), runs what is ready.
 * ready[i] is set where fds[i] is readable or hung up. */
void api_poll(struct api *api, const int *fds, bool *ready, size_t count, int timeout_ms);
/* Headless: runs until the ticket is answered. */
void api_wait(struct api *api, uint64_t ticket);

unsigned api_in_flight(const struct api *api);
/* Monotonic time of the last good answer; 0 = none yet. */
int64_t api_last_answer(const struct api *api);
/* Why the control plane cannot be reached at this moment, one cleaned line; "" where the last attempt went well or
 * none was made. Borrowed until the next call of api_poll. */
const char *api_trouble(const struct api *api);
/* Monotonic time of the next try of what failed, 0: nothing waits for one. */
int64_t api_next_try(const struct api *api);
/* What waits for its next try is tried with the next api_poll, whatever Retry-After said. */
void api_try_now(struct api *api);
/* Nothing leaves any more: connections are closed, the token is wiped. A query that is under way is sent anew after
 * api_unlock(), a mutation is answered API_UNREACHABLE; what is sent meanwhile waits. Not from a callback. */
void api_lock(struct api *api);
/* The token is copied as by api_open; NULL: none. */
void api_unlock(struct api *api, const char *token);
/* Borrowed until api_lock or api_close; NULL: there is none, or it is locked away. */
const char *api_token(const struct api *api);

/* Read-only for the moment; cannot be lifted where the profile says read_only. */
void api_set_read_only(struct api *api, bool read_only);
bool api_read_only(const struct api *api);
/* False where this control plane is known to lack the field ("LogEvent", "eventCount"), the input field or the enum
 * value ("LogEventOrderField", "EVENT_COUNT"). Known only once a document was refused: true until then. */
bool api_offers(const struct api *api, const char *type, const char *field);

/* The request log ("!"): the last 200 requests, newest first. Borrowed until the next api_send or api_poll. */
enum { API_LOG_ENTRIES = 200 };
struct api_log_entry {
    uint64_t ticket;
    char operation[48];
    int64_t started_ns, elapsed_ns; /* wall clock; elapsed -1 while it runs */
    size_t sent, received;          /* bytes of the body */
    unsigned attempts;
    bool query;             /* else it may change something */
    int http;               /* status of the last answer; 0: none came */
    enum api_status status; /* once it is answered */
    char request_id[33];
    char message[96];
    char *variables; /* as JSON, what is secret masked, its beginning where it is long; NULL: none */
};
size_t api_log(const struct api *api, const struct api_log_entry **entries);

/* ---- reading an answer ---- */
/* The value at a path ("edges", "node.service.name", "edges.0.node"); NULL where absent or null. */
const json_t *api_at(const json_t *value, const char *path);
/* Cleaned text of a string, number or boolean; "" where absent. Lives in the arena. */
const char *api_text(struct arena *arena, const json_t *value, const char *path);
double api_number(const json_t *value, const char *path, double absent);
int64_t api_integer(const json_t *value, const char *path, int64_t absent);
bool api_bool(const json_t *value, const char *path, bool absent);
/* RFC 3339 to nanoseconds; 0 where absent. */
int64_t api_time(const json_t *value, const char *path);

/* ---- the embedded control plane ---- */
/* Finds a running control plane of the data directory, or starts `tero-control-plane serve --embedded` (beside this
 * program, else on PATH); its stderr goes to DIRECTORY/log. Holds a shared lock on DIRECTORY/consoles while the process
 * lives: the embedded one ends when the last lock is gone. Does not wait until it is ready: an api of kind
 * API_EMBEDDED asks every few milliseconds at first, and starts it anew where it ended. One directory a process.
 * False: *problem (caller frees). */
bool embedded_start(const char *directory, char **problem);
/* Before embedded_start: what it starts serves a snapshot of that time (RFC 3339). Copied. */
void embedded_freeze(const char *time);
/* Where tero-control-plane is: beside this program, else on PATH; NULL: nowhere. Caller frees. */
char *embedded_program(void);
/* Called while no connection can be made: starts the control plane again where it ended, at most five times in a
 * minute. False: it does not start; *problem (caller frees) says why, with the last line of the log. True too where
 * embedded_start was never called. */
bool embedded_tend(char **problem);
/* Lets go of the directory: the embedded control plane ends where nobody else uses it. Waits for the end of one that this
 * process started, ten seconds at most. Nothing is started any more. */
void embedded_leave(void);
/* DIRECTORY/control-plane.sock; caller frees. */
char *embedded_socket(const char *directory);
/* $TERO_DATA, else $XDG_DATA_HOME/tero, else ~/.local/share/tero; caller frees. */
char *embedded_directory(void);

#endif
