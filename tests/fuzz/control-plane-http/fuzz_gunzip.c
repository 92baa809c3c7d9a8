#include "control-plane/http/body.h"

#include <stdint.h>
#include <stdlib.h>

enum { LIMIT = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_budget budget = {.max = 4 * LIMIT};
    struct http_body b = {0};
    if (http_body_add(&b, &budget, (const char *)data, size, LIMIT) == BODY_OK && http_body_gunzip(&b, &budget, LIMIT) == BODY_OK &&
        (b.len > LIMIT || b.len > b.cap))
        abort();
    http_body_free(&b, &budget);
    if (atomic_load(&budget.used)) abort();
    return 0;
}
