#include "api-client/curl_load.h"

#include "base/die.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

struct curl_functions curl;

static void wiping_free(void *memory)
{
    if (memory) explicit_bzero(memory, malloc_usable_size(memory));
    free(memory);
}

static void *wiping_realloc(void *memory, size_t size)
{
    size_t had = memory ? malloc_usable_size(memory) : 0;
    if (memory && size <= had && size >= had / 2) return memory;
    void *other = malloc(size);
    if (other && memory) memcpy(other, memory, had < size ? had : size);
    if (other) wiping_free(memory);
    return other;
}

static void find(void *library, const char *name, void *at)
{
    void *function = dlsym(library, name);
    if (!function) die("libcurl is too old: it has no %s", name);
    memcpy(at, &function, sizeof function);
}

void curl_load(int tls)
{
    if (curl.global_init_mem) return;
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) die("libcurl.so.4 cannot be loaded: %s", dlerror());
#define X(name) find(library, "curl_" #name, &curl.name);
    CURL_FUNCTIONS(X)
#undef X
    long what = tls ? CURL_GLOBAL_SSL : CURL_GLOBAL_NOTHING;
    if (curl.global_init_mem(what, malloc, wiping_free, wiping_realloc, strdup, calloc) != CURLE_OK) die("libcurl does not start");
}
