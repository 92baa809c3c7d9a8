#include "secrets/memory.h"

#include "base/die.h"

#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void close_process(void)
{
    struct rlimit none = {0, 0};
    if (sodium_init() < 0) die("libsodium does not start");
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

void *secret_alloc(size_t size)
{
    close_process();
    void *memory = sodium_malloc(size);
    if (memory) return memset(memory, 0, size);
    die("no memory can be locked for a secret");
}

char *secret_copy(struct slice text)
{
    char *copy = secret_alloc(text.len + 1);
    if (text.len) memcpy(copy, text.ptr, text.len);
    return copy;
}

void secret_wipe(void *secret) { sodium_free(secret); }
