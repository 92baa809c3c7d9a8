#include "screens/fetch.h"

#include "base/clock.h"
#include "base/die.h"

#include <stdlib.h>

void fetch_init(struct fetch *f, struct api *api, const char *operation, void (*done)(void *context), void *context)
{
    *f = (struct fetch){.api = api, .operation = operation, .done = done, .context = context};
}

static void answered(void *context, const struct api_answer *answer)
{
    struct fetch *f = context;
    f->ticket = 0;
    f->status = answer->status;
    free(f->message);
    f->message = xstrdup(answer->message ? answer->message : "");
    if (answer->status == API_OK) {
        json_decref(f->data);
        f->data = json_incref((json_t *)(uintptr_t)answer->data);
        f->answered_at = clock_monotonic();
    }
    f->done(f->context);
}

void fetch_send(struct fetch *f, json_t *variables)
{
    if (f->ticket) api_cancel(f->api, f->ticket);
    f->sent_at = clock_monotonic();
    f->ticket = api_send(f->api, f->operation, variables, answered, f);
}

void fetch_free(struct fetch *f)
{
    if (f->ticket) api_cancel(f->api, f->ticket);
    json_decref(f->data);
    free(f->message);
    *f = (struct fetch){0};
}

int64_t fetch_busy(const struct fetch *f) { return f->ticket ? f->sent_at : 0; }
bool fetch_failed(const struct fetch *f) { return !f->ticket && f->message && *f->message; }
