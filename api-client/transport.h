/* What carries a request to the control plane and its answer back. Two there are, behind one table, so that request.c and
 * answer.c know of neither:
 *
 *   transport_local   a Unix socket of this machine: HTTP/1.1, kept connections, poll(2)
 *   transport_curl    http and https endpoints: libcurl, loaded when the first request is made
 *
 * Why the first exists: the console that most people start talks to its own control plane over a socket, which needs no
 * TLS, no proxy, no name service. libcurl brings some thirty libraries along; measured on this console at 80x24 with
 * a list of a million rows, it took 8 of its 13 MB of resident memory and 5 of the 8 ms to its first row, while the
 * answer itself took less than one.
 *
 * open() -> begin(exchange) ... -> perform() gives finished exchanges back one at a time -> end(exchange) -> close().
 * end() may come at any time: it cancels what is under way. */
#ifndef API_CLIENT_TRANSPORT_H
#define API_CLIENT_TRANSPORT_H

#include "base/buf.h"

#include <stdint.h>

enum {
    ANSWER_MAX = 16 << 20, /* bytes of an answer, after decompression */
    HEADERS_MAX = 64 << 10,
    CONNECT_MS = 10000,
    TRANSFER_MS = 60000,
    RETRY_AFTER_MAX_MS = 300000,
    CONNECTIONS = 6,
    WAIT_FDS = 16, /* the most descriptors of a caller */
};

struct origin { /* where and how; made once from the profile */
    char *url, *socket, *bearer /* locked: "Authorization: Bearer ..." */, *account /* header */, *ca;
    bool https, loopback;
    unsigned transfer_ms;
};

enum outcome {
    OUTCOME_ANSWERED,
    OUTCOME_NOT_SENT,  /* no connection was made */
    OUTCOME_LOST,      /* the connection broke, or took too long */
    OUTCOME_BROKEN,    /* not HTTP */
    OUTCOME_TOO_LARGE, /* the answer passes ANSWER_MAX or HEADERS_MAX */
    OUTCOME_UNTRUSTED, /* the certificate is not accepted */
};

/* One request and its answer. Zeroed, `owner` set, then begin(). */
struct exchange {
    void *owner;   /* the caller's */
    void *carrier; /* the transport's; NULL: begin() was not called, or end() was */
    enum outcome outcome;
    long http;           /* status */
    int64_t wait_ms;     /* Retry-After, bounded; 0: none */
    char request_id[33]; /* ours, then the server's */
    char problem[256];   /* raw, "" where answered */
    struct buf answer;   /* the body, or what came of it; until end() */
};

struct transport_ops {
    void *(*open)(const struct origin *o); /* the origin is borrowed until close() */
    void (*close)(void *transport);
    /* `body` is borrowed until end(). `once`: on a connection of its own, so that nothing is sent twice. */
    void (*begin)(void *transport, struct exchange *x, struct slice body, bool once);
    void (*end)(void *transport, struct exchange *x);
    /* Moves bytes without waiting. A finished exchange, to be ended by the caller; NULL: no more of them. */
    struct exchange *(*perform)(void *transport);
    /* Waits for the exchanges or one of the caller's descriptors. */
    void (*wait)(void *transport, const int *fds, bool *ready, size_t count, int timeout_ms);
};

extern const struct transport_ops transport_local, transport_curl;

/* ---- for the transports ---- */
void exchange_start(struct exchange *x); /* a new request id, an empty answer */
/* The value of X-Request-Id, where it has a shape to show. */
void exchange_request_id(struct exchange *x, struct slice value);
void exchange_retry_after(struct exchange *x, int64_t seconds);

#define TRANSPORT_TYPE   "Content-Type: application/json"
#define TRANSPORT_ACCEPT "Accept: application/graphql-response+json, application/json;q=0.9"

#endif
