/* The HTTP side on libmicrohttpd: sockets, limits, request ids; knows nothing of GraphQL, SQL or OTLP.
 *
 * A handler gets the whole body (bounded, decoded from gzip where sent so) and either fills the reply and returns
 * HTTP_DONE, or returns HTTP_LATER and calls http_answer() once, from any thread; the connection is suspended
 * meanwhile and the request stays valid until then. A HEAD request runs the GET route; its reply's body is not sent.
 *
 * Refused before a handler runs: unknown path (404), other method (405 with Allow), body too large before or after
 * decoding (413), unknown Content-Encoding (415), bad gzip (400), too many bytes of bodies in memory (503). Such an
 * answer waits until the body was read and dropped, so that the peer can read it, up to a bound.
 *
 * A peer has `timeout_seconds` for each of: the head of a request (also the idle time between two), its body, taking
 * the answer; the last two get more for what is large (256 KiB a second). Who is slower is cut off. When all
 * connections are in use, the one idle for longest gives way; TCP peers may use at most 7/8 of them.
 *
 * Bodies and headers are never logged, and memory that held a body is wiped before it is freed. An idle server
 * has no wake-ups. */
#ifndef CONTROL_PLANE_HTTP_H
#define CONTROL_PLANE_HTTP_H

#include "base/buf.h"

#include <stdint.h>
#include <sys/types.h>

struct http_server;

struct http_peer {
    bool local;       /* a Unix socket: uid, pid from SO_PEERCRED */
    uid_t uid;        /* (uid_t)-1 for a TCP peer */
    pid_t pid;        /* 0 for a TCP peer */
    char address[64]; /* "127.0.0.1:53412", "unix" */
};

struct http_request {
    const char *method, *path; /* path without the query, percent-decoded */
    struct slice body;         /* decoded; the handler's to change */
    size_t wire_bytes;         /* of the body as sent */
    struct http_peer peer;
    char id[33];                        /* request id: the caller's X-Request-Id where it is fit ([A-Za-z0-9._-]{1,32}), else a new one */
    struct http_connection *connection; /* the server's */
};

/* A body that several answers share: sent from where it is, not copied. */
struct http_shared {
    struct slice bytes;
    void (*release)(void *owner); /* once, when they were sent or cannot be; from any thread */
    void *owner;
};

struct http_reply {
    int status;
    const char *content_type;  /* literal */
    struct buf body;           /* taken over by the server */
    struct http_shared shared; /* instead of body; release NULL: none. Only in answers given at once (HTTP_DONE) */
    int retry_after;           /* seconds; 0 = no such header */
    const char *allow;         /* for 405; literal */
};

enum http_then { HTTP_DONE, HTTP_LATER };
typedef enum http_then http_handler(void *context, struct http_request *request, struct http_reply *reply);
/* Gives the body and content type of an answer that the server makes by itself; status and headers are set. */
typedef void http_error_writer(void *context, const struct http_request *request, const char *message, struct http_reply *reply);

struct http_route {
    const char *method, *path; /* "*" as last path part matches the rest */
    http_handler *handle;
    size_t max_body; /* after decoding; more is answered 413 */
};

/* NULL when absent. Borrowed until the answer. */
const char *http_header(const struct http_request *request, const char *name);
const char *http_query(const struct http_request *request, const char *name);
/* For HTTP_LATER. */
void http_answer(struct http_request *request, struct http_reply *reply);

struct http_options {
    const char *unix_path;                     /* NULL: none. Mode 0600; a socket file that nobody listens on is replaced */
    const char *tcp;                           /* "127.0.0.1:4318", "[::1]:0", NULL: none */
    bool tcp_optional;                         /* where the address cannot be had, go on without: http_port is 0 */
    unsigned threads;                          /* 0 = as many as cores, at most 4 */
    unsigned max_connections, timeout_seconds; /* 0 = 512, 30 */
    size_t body_memory;                        /* bytes that the bodies of all requests may hold together; 0 = 128 MiB */
    const struct http_route *routes;
    size_t route_count;
    http_error_writer *error; /* NULL: {"error":"message"} */
    void *context;
};
/* NULL: *problem (caller frees) says why in one line. `options` and its strings must outlive the server. */
struct http_server *http_start(const struct http_options *options, char **problem);
/* The real port of a TCP listener opened with port 0. */
uint16_t http_port(const struct http_server *s);
unsigned http_open_connections(const struct http_server *s);
/* Stops accepting, lets what runs end (at most grace_ms; answers then carry Connection: close), begins nothing more,
 * waits for the answers that handlers owe (at most owed_ms more), closes. False: handlers still owe an http_answer(),
 * so the server runs on as it is; the program should end. */
bool http_stop(struct http_server *s, int grace_ms, int owed_ms);

#endif
