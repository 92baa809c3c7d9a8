/* Records a second and core of the OTLP decoders alone: what they give is counted and dropped. The floor beside it:
 * for protobuf one hash over the same bytes, for JSON the tokens of the same text. */
#include "base/json_read.h"
#include "tests/bench/ingest_measure.h"

static size_t fields, text;
static uint64_t hashes;

void batch_add(struct batch *b, const struct log_record *r)
{
    (void)b;
    fields += r->attribute_count + r->body_field_count;
    text += r->body.len;
}

static void decode_protobuf(struct slice request, void *context)
{
    (void)context;
    decode_whole(request, OTLP_PROTOBUF, NULL);
}

static void decode_json(struct slice request, void *context)
{
    (void)context;
    decode_whole(request, OTLP_JSON, NULL);
}

static void hash_bytes(struct slice request, void *context)
{
    (void)context;
    hashes ^= hash64(request.ptr, request.len, 1);
}

static void read_tokens(struct slice request, void *context)
{
    struct json_reader r;
    (void)context;
    json_begin(&r, request);
    while (json_next(&r) > JSON_END) hashes += r.text.len;
}

int main(void)
{
    struct buf requests[REQUESTS];
    make_requests(requests, OTLP_PROTOBUF);
    print_figure("OTLP protobuf decode (floor: hash of the bytes)", records_a_second(requests, decode_protobuf, NULL),
                 records_a_second(requests, hash_bytes, NULL));
    free_requests(requests);
    make_requests(requests, OTLP_JSON);
    print_figure("OTLP JSON decode (floor: its tokens)", records_a_second(requests, decode_json, NULL),
                 records_a_second(requests, read_tokens, NULL));
    free_requests(requests);
    return fields && text && hashes ? 0 : 1;
}
