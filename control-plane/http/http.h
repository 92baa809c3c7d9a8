/* The HTTP side on libmicrohttpd: sockets, limits, request ids; knows nothing of GraphQL, SQL or OTLP.
 *
 * A handler gets the whole body (bounded, decoded from gzip where sent so) and either fills the reply and returns
 * HTTP_DONE, or returns HTTP_LATER and calls http_answer() once, from any thread; the connection is suspended
 * meanwhile and the request stays valid until then. */
#ifndef CONTROL_PLANE_HTTP_H
#define CONTROL_PLANE_HTTP_H

#include "base/buf.h"

#include <stdint.h>
#include <sys/types.h>

struct http_server;

struct http_peer {
    bool local;     /* a Unix socket: uid, pid from SO_PEERCRED */
    uid_t uid;
    pid_t pid;
    char address[64]; /* "127.0.0.1:53412", "unix" */
};

struct http_request {
    const char *method, *path; /* path without the query */
    struct slice body;         /* decoded */
    size_t wire_bytes;         /* of the body as sent */
    struct http_peer peer;
    char id[33]; /* request id: the caller's X-Request-Id where it is fit ([A-Za-z0-9._-]{1,32}), else a new one */
    struct http_connection *connection; /* the server's */
};

struct http_reply {
    int status;
    const char *content_type; /* literal */
    struct buf body;          /* taken over by the server */
    int retry_after;          /* seconds; 0 = no such header */
    const char *allow;        /* for 405; literal */
};

enum http_then { HTTP_DONE, HTTP_LATER };
typedef enum http_then http_handler(void *context, struct http_request *request, struct http_reply *reply);

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
    const char *unix_path;  /* NULL: none. Mode 0600 */
    const char *tcp;        /* "127.0.0.1:4318", "[::1]:0", NULL: none */
    unsigned threads;       /* 0 = as many as cores, at most 4 */
    unsigned max_connections, timeout_seconds; /* 0 = 512, 30 */
    const struct http_route *routes;
    size_t route_count;
    void *context;
};
/* NULL: *problem (caller frees) says why in one line. */
struct http_server *http_start(const struct http_options *options, char **problem);
/* The real port of a TCP listener opened with port 0. */
uint16_t http_port(const struct http_server *s);
unsigned http_open_connections(const struct http_server *s);
/* Stops accepting, lets what runs end (at most grace_ms), closes. */
void http_stop(struct http_server *s, int grace_ms);

#endif
