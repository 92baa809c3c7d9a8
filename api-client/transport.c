#include "api-client/transport.h"

#include <stdio.h>
#include <sys/random.h>

void exchange_start(struct exchange *x)
{
    unsigned char raw[16] = {0};
    buf_init(&x->answer, ANSWER_MAX);
    if (getrandom(raw, sizeof raw, GRND_NONBLOCK) < 0) return;
    for (size_t i = 0; i < sizeof raw; i++) snprintf(x->request_id + 2 * i, 3, "%02x", raw[i]);
}

void exchange_request_id(struct exchange *x, struct slice value)
{
    size_t n = 0;
    while (n < value.len && n + 1 < sizeof x->request_id && value.ptr[n] > ' ' && value.ptr[n] < 0x7f) n++;
    if (n == 0) return;
    memcpy(x->request_id, value.ptr, n);
    x->request_id[n] = '\0';
}

void exchange_retry_after(struct exchange *x, int64_t seconds)
{
    if (seconds <= 0) return;
    x->wait_ms = seconds > RETRY_AFTER_MAX_MS / 1000 ? RETRY_AFTER_MAX_MS : seconds * 1000;
}
