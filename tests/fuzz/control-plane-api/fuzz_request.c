/* Whole requests against a small store: bodies, cursors and filters as a client may send them. The answer must be
 * JSON that has data or errors, whatever came in. */
#include "base/json_read.h"
#include "base/log.h"
#include "control-plane/api/api.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct api *open_api(void)
{
    char directory[] = "/tmp/tero-fuzz-XXXXXX", *problem = NULL;
    log_threshold(LOG_OFF);
    if (!mkdtemp(directory)) abort();
    struct store *store = store_open(directory, &problem);
    struct api *api = store ? api_new(&(struct api_options){.store = store, .version = "fuzz"}, &problem) : NULL;
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", directory);
    if (!api || system(command) != 0) abort();
    return api;
}

static void check(struct slice answer)
{
    struct json_reader r;
    bool told = false;
    json_begin(&r, answer);
    if (json_next(&r) != JSON_OBJECT) abort();
    enum json_token token;
    while ((token = json_next(&r)) == JSON_KEY) {
        told = told || slice_is(r.text, "data") || slice_is(r.text, "errors");
        if (!json_skip(&r)) abort();
    }
    if (token != JSON_OBJECT_END || json_next(&r) != JSON_END || !told) abort();
}

static void answered(void *context, struct api_reply *reply)
{
    check(buf_view(&reply->body));
    buf_free(&reply->body);
    atomic_store((atomic_bool *)context, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct api *api;
    if (!api) api = open_api();
    const struct api_caller caller = {.viewer = "fuzz"};
    struct api_reply reply;
    atomic_bool over = false;
    if (api_handle(api, slice_of((const char *)data, size), &caller, &reply, answered, &over) == API_LATER) {
        while (!atomic_load(&over)) sched_yield();
        return 0;
    }
    check(buf_view(&reply.body));
    buf_free(&reply.body);
    return 0;
}
