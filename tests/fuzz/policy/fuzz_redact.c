/* A pattern, a template and a text, divided by NUL: the replacement ends, and is no longer than its parts can make it. */
#include "policy/regex.h"
#include "policy/transform.h"

#include <stdlib.h>

static struct slice part(struct slice *rest)
{
    const char *end = rest->len ? memchr(rest->ptr, '\0', rest->len) : NULL;
    struct slice p = slice_of(rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len);
    *rest = end ? slice_of(end + 1, rest->len - p.len - 1) : (struct slice){"", 0};
    return p;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 2048) return 0;
    struct slice rest = slice_of((const char *)data, size), pattern = part(&rest), template = part(&rest);
    char error[200];
    struct regex *r = regex_new(pattern, false, error, sizeof error);
    if (!r) return 0;
    struct buf out;
    buf_init(&out, 64 << 20);
    bool any = transform_replace(&out, r, rest, template);
    if (any != regex_search(r, rest)) abort();
    if (!any && !slice_eq(buf_view(&out), rest)) abort();
    if (out.len > (rest.len + 1) * (template.len + 1) * (rest.len + 1)) abort();
    buf_free(&out);
    regex_free(r);
    return 0;
}
