/* The body of one request: grows to a limit, counted against a budget for all, wiped before its memory is freed. */
#ifndef CONTROL_PLANE_HTTP_BODY_H
#define CONTROL_PLANE_HTTP_BODY_H

#include "base/slice.h"

#include <stdatomic.h>

struct http_budget {
    atomic_size_t used;
    size_t max;
};

struct http_body {
    char *data;
    size_t len, cap;
};

enum body_result { BODY_OK, BODY_TOO_LARGE, BODY_NO_MEMORY /* of the budget */, BODY_BAD /* no gzip */ };

/* Room for `expect` bytes at once (0: not known), as far as limit and budget allow. */
void http_body_expect(struct http_body *b, struct http_budget *budget, size_t expect, size_t limit);
enum body_result http_body_add(struct http_body *b, struct http_budget *budget, const char *bytes, size_t n, size_t limit);
/* Replaces gzip (one or more members) by what it decodes to. */
enum body_result http_body_gunzip(struct http_body *b, struct http_budget *budget, size_t limit);
void http_body_free(struct http_body *b, struct http_budget *budget);

#endif
