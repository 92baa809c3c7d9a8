#include "control-plane/edges/sync_parts.h"

#include "base/hash.h"
#include "base/json_write.h"
#include "control-plane/policies/published.h"

enum { SCRATCH_MAX = 64 * 1024, STAGE_NUMBERS = 5 };

void sync_reading_begin(struct sync_reading *s, struct arena *arena, const struct sync_sink *sink, struct sync_request *request)
{
    *request = (struct sync_request){.last_hash = SLICE("")};
    s->arena = arena;
    s->sink = sink;
    s->request = request;
    s->client = (struct sync_client){.stages = 0};
    s->client_given = s->stages_seen = false;
    s->run_count = 0;
    s->error_count = 0;
    buf_init(&s->scratch, SCRATCH_MAX);
    buf_init(&s->errors, SYNC_ERRORS_MAX);
}

static void hand_on(struct sync_reading *s)
{
    if (s->run_count) s->sink->statuses(s->sink->context, s->run, s->run_count);
    s->run_count = 0;
}

bool sync_reading_end(struct sync_reading *s)
{
    if (!s->request->problem) sync_client_done(s);
    hand_on(s);
    buf_free(&s->scratch);
    buf_free(&s->errors);
    return s->request->problem == NULL;
}

void sync_stage(struct sync_reading *s, int64_t number)
{
    static const unsigned bits[STAGE_NUMBERS] = {0, STAGE_LOG_FILTER, STAGE_LOG_TRANSFORM, STAGE_METRIC_FILTER, STAGE_TRACE_SAMPLING};
    s->stages_seen = true;
    if (number > 0 && number < STAGE_NUMBERS) s->client.stages |= bits[number];
}

struct sync_attribute *sync_attribute_add(struct sync_reading *s, struct sync_attributes *list)
{
    if (!list->items) list->items = arena_alloc(s->arena, SYNC_ATTRIBUTES * sizeof *list->items);
    if (!list->items || list->count == SYNC_ATTRIBUTES) return NULL;
    struct sync_attribute *a = &list->items[list->count++];
    *a = (struct sync_attribute){.key = SLICE(""), .value = SLICE(""), .text = true};
    return a;
}

void sync_client_done(struct sync_reading *s)
{
    if (s->client_given) return;
    s->client_given = true;
    if (!s->stages_seen) s->client.stages = STAGES_ALL;
    s->sink->client(s->sink->context, &s->client);
}

struct sync_status *sync_status_begin(struct sync_reading *s)
{
    if (s->run_count == SYNC_RUN) hand_on(s);
    struct sync_status *status = &s->run[s->run_count];
    *status = (struct sync_status){.id = SLICE(""), .errors = SLICE("")};
    s->error_count = 0;
    return status;
}

void sync_status_error(struct sync_reading *s, struct slice text)
{
    if (s->error_count++ == 0) buf_clear(&s->errors);
    size_t mark = s->errors.len;
    buf_char(&s->errors, mark ? ',' : '[');
    json_write_string(&s->errors, text);
    buf_char(&s->errors, ']');
    if (s->errors.full) buf_cut(&s->errors, mark);
    else s->errors.len--;
}

static struct slice kept_errors(struct sync_reading *s)
{
    if (s->errors.len == 0) return SLICE("[]");
    buf_char(&s->errors, ']');
    char *copy = arena_copy(s->arena, buf_view(&s->errors));
    return copy ? slice_of(copy, s->errors.len) : SLICE("[]");
}

void sync_status_done(struct sync_reading *s)
{
    struct sync_status *status = &s->run[s->run_count];
    if (status->id.len == 0) return;
    status->error_count = s->error_count;
    if (s->error_count) status->errors = kept_errors(s);
    status->id_hash = hash64(status->id.ptr, status->id.len, 0);
    s->run_count++;
}
