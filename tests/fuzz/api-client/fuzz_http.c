/* Any bytes of a server, in any cut: the same answer comes of them as in one piece, within the bounds. */
#include "api-client/http_read.h"

#include <stdlib.h>

enum { BODY = 4096, HEADERS = 1024 };

static struct http_read read_in(struct buf *body, const uint8_t *data, size_t size, size_t each)
{
    struct http_read h;
    buf_init(body, BODY);
    http_read_start(&h, body, HEADERS);
    for (size_t at = 0; at < size && h.state == HTTP_MORE; at += each) {
        size_t n = size - at < each ? size - at : each, used = http_read(&h, slice_of((const char *)data + at, n));
        if (used > n || (used < n && h.state == HTTP_MORE)) abort();
    }
    http_read_end(&h);
    http_read_free(&h);
    return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole, parts;
    if (size == 0) return 0;
    struct http_read a = read_in(&whole, data + 1, size - 1, size), b = read_in(&parts, data + 1, size - 1, 1 + data[0] % 7);
    if (a.state != b.state || a.status != b.status || a.keep != b.keep) abort();
    if (a.state == HTTP_DONE && !slice_eq(buf_view(&whole), buf_view(&parts))) abort();
    if (whole.len > BODY || (a.state == HTTP_BROKEN) != (a.problem != NULL)) abort();
    buf_free(&whole);
    buf_free(&parts);
    return 0;
}
