/* Any bytes are a sealed token, a lock or neither; what is taken is written back byte for byte. */
#include "secrets/lockfile.h"
#include "secrets/sealed.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(struct buf *again, struct slice text)
{
    if (again->full || !slice_eq(buf_view(again), text)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sealed s;
    struct lockfile l;
    struct buf again;
    const char *problem = NULL;
    struct slice text = slice_of((const char *)data, size);
    if (size > SEALED_FILE_MAX) return 0;
    buf_init(&again, SEALED_FILE_MAX * 2);
    bool sealed = sealed_parse(&s, text, &problem);
    if (sealed) sealed_write(&s, &again);
    else if (!problem) abort();
    if (sealed) same(&again, text);
    buf_clear(&again);
    if (lockfile_parse(&l, text, &problem)) {
        lockfile_write(&l, &again);
        same(&again, text);
        if (sealed) abort();
    }
    buf_free(&again);
    return 0;
}
