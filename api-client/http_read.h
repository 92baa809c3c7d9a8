/* Reads one HTTP/1.x answer as its bytes come in; pure, bounded by what it is given.
 *
 * http_read_start(&h, &body, headers_max); http_read(&h, bytes) with every run of bytes until the state is not
 * HTTP_MORE; http_read_end(&h) where the connection ended. `body` is the caller's and its maximum is obeyed. */
#ifndef API_CLIENT_HTTP_READ_H
#define API_CLIENT_HTTP_READ_H

#include "base/buf.h"

enum http_state {
    HTTP_MORE,
    HTTP_DONE,
    HTTP_BROKEN,    /* `problem` says why */
    HTTP_TOO_LARGE, /* headers or body */
};

struct http_read {
    struct buf *body;
    struct buf line; /* the line that is not complete yet */
    enum http_state state;
    enum { HTTP_STATUS, HTTP_HEADERS, HTTP_LENGTH, HTTP_CLOSE, HTTP_CHUNK, HTTP_CHUNK_DATA, HTTP_CHUNK_END, HTTP_TRAILERS } part;
    size_t left, head_left; /* bytes of the body or chunk; of headers that may still come */
    bool has_length, chunked;
    bool keep; /* the connection may be used again */
    int status;
    int64_t retry_after; /* seconds, 0: none */
    char request_id[33]; /* "" where none came */
    const char *problem;
};

void http_read_start(struct http_read *h, struct buf *body, size_t headers_max);
/* Gives the number of bytes taken: less than all of them only where the answer ended before. */
size_t http_read(struct http_read *h, struct slice bytes);
void http_read_end(struct http_read *h);
void http_read_free(struct http_read *h);

#endif
