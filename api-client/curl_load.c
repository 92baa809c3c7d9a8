#include "api-client/curl_load.h"

#include "base/die.h"

#include <dlfcn.h>
#include <string.h>

struct curl_functions curl;

static void find(void *library, const char *name, void *at)
{
    void *function = dlsym(library, name);
    if (!function) die("libcurl is too old: it has no %s", name);
    memcpy(at, &function, sizeof function);
}

void curl_load(int tls)
{
    if (curl.global_init) return;
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) die("libcurl.so.4 cannot be loaded: %s", dlerror());
#define X(name) find(library, "curl_" #name, &curl.name);
    CURL_FUNCTIONS(X)
#undef X
    if (curl.global_init(tls ? CURL_GLOBAL_SSL : CURL_GLOBAL_NOTHING) != CURLE_OK) die("libcurl does not start");
}
