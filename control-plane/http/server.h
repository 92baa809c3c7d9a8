/* What the files of the HTTP server share. Not for other modules. */
#ifndef CONTROL_PLANE_HTTP_SERVER_H
#define CONTROL_PLANE_HTTP_SERVER_H

#include "control-plane/http/body.h"
#include "control-plane/http/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

enum { HTTP_LISTENERS = 2 };
/* A peer that sends or takes less than this is too slow. */
enum { HTTP_BYTES_PER_MS = 262 };

/* One accepted socket. Listed in the server from the moment libmicrohttpd took it until just before it is closed. */
struct http_connection {
    struct http_connection *next, *previous;
    struct http_server *server;
    struct http_peer peer;
    int fd;
    atomic_int_fast64_t deadline; /* monotonic ms; INT64_MAX while a handler works */
    atomic_bool waiting;          /* for the head of a request */
};

/* DRAINING: answers carry Connection: close. CLOSED: no request begins. OVER: no handler begins. */
enum server_phase { PHASE_SERVING, PHASE_DRAINING, PHASE_CLOSED, PHASE_OVER };

enum exchange_state { EXCHANGE_RUNNING, EXCHANGE_SUSPENDED, EXCHANGE_ANSWERED };

/* One request and its answer. */
struct exchange {
    struct http_request request;
    struct MHD_Connection *mhd;
    const struct http_route *route; /* NULL: refused */
    struct http_body body;
    size_t dropped; /* bytes of a refused body */
    int refusal;    /* status, or 0 */
    const char *reason;
    char allow[64];
    bool gzip;
    atomic_int state;
    struct http_reply reply;
};

struct http_server {
    struct http_options options;
    struct MHD_Daemon *daemon;
    int listener[HTTP_LISTENERS]; /* Unix, TCP; -1: none */
    int wake;                     /* eventfd: ends the accepting thread */
    uint16_t port;
    pthread_t acceptor;
    int64_t timeout_ms;

    pthread_mutex_t lock; /* list, counts */
    pthread_cond_t quiet; /* signalled while draining when a request ended */
    struct http_connection *connections;
    unsigned open, open_tcp;

    struct http_budget budget;
    atomic_uint in_flight; /* requests whose head was read */
    atomic_uint later;     /* of these: suspended or about to be */
    atomic_int phase;      /* read after in_flight or later was raised */
    char id_prefix[17];
    atomic_uint_fast64_t next_id;
};

/* connections.c */
int64_t http_now_ms(void);
void http_connection_event(void *server, struct MHD_Connection *mhd, void **socket_context, enum MHD_ConnectionNotificationCode what);
/* Until when the peer must have done the next thing, which is `bytes` long. */
void http_deadline(struct http_connection *c, size_t bytes);
/* Cuts peers that are past their deadline; gives the ms until to look again, -1: nothing to look at. */
int http_cut_late(struct http_server *s);
/* False: no connection for this kind of peer can be had. May cut the one that waits for longest. */
bool http_make_room(struct http_server *s, bool local);
/* Ends connections between two requests; what already arrived is still answered. */
void http_end_waiting(struct http_server *s);

/* acceptor.c */
void *http_accept_loop(void *server);

/* exchange.c */
enum MHD_Result http_on_request(void *server, struct MHD_Connection *mhd, const char *url, const char *method, const char *version,
                                const char *upload, size_t *upload_size, void **exchange);
void http_on_completed(void *server, struct MHD_Connection *mhd, void **exchange, enum MHD_RequestTerminationCode how);

/* reply.c: takes the exchange's reply. */
enum MHD_Result http_queue_reply(struct http_server *s, struct exchange *x);
/* Fills the exchange's reply for its refusal. */
void http_refusal_reply(struct http_server *s, struct exchange *x);

/* routes.c: sets route, or refusal with reason and allow. */
void http_find_route(const struct http_options *o, struct exchange *x);

/* listen.c: a listening socket (non-blocking, close-on-exec), or -1 and *problem. */
int http_listen_unix(const char *path, char **problem);
int http_listen_tcp(const char *address, uint16_t *port, char **problem);

#endif
