/* Any bytes are an answer of an ssh-agent or are refused; nothing is read beyond them. */
#include "secrets/agent_wire.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool look(void *context, const unsigned char key[AGENT_KEY], struct slice comment)
{
    size_t *sum = context;
    for (size_t i = 0; i < AGENT_KEY; i++) *sum += key[i];
    for (size_t i = 0; i < comment.len; i++) *sum += (unsigned char)comment.ptr[i];
    return *sum % 5 != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t sum = 0;
    unsigned char signature[AGENT_SIGNATURE];
    struct slice answer = slice_of((const char *)data, size);
    bool list = agent_read_list(answer, look, &sum), signed_ = agent_read_signature(answer, signature);
    if (list && signed_) abort();
    if ((list || signed_) && (size < 5 || agent_length(data) != size)) abort();
    return 0;
}
