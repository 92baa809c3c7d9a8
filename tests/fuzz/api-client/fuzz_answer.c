/* Any answer of a server becomes a verdict with one clean line; what a schema says of itself is believed or not, never fatal. */
#include "api-client/internal.h"
#include "base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 200, 400, 401, 302, 503};
    struct verdict v;
    answer_read(&v, statuses[size % 6], slice_of((const char *)data, size));
    struct slice message = slice_str(v.message);
    if (!utf8_valid(message) || (v.status == API_OK) != (v.data != NULL)) abort();
    for (size_t at = 0; at < message.len;)
        if (utf8_unsafe(utf8_next(message, &at))) abort();
    json_t *offers = v.data ? offered_learn(v.data) : NULL;
    for (const struct embedded *e = embedded_operations; offers && e->name; e++) free(document_filter(e->text, offers));
    json_decref(offers);
    json_decref(v.root);
    return 0;
}
