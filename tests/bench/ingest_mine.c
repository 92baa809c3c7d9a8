/* Records a second and core of decoding and cataloguing, without HTTP and store. The floor beside it: memory bandwidth
 * is far away, so it is one hash over the same bytes again. */
#include "tests/bench/ingest_measure.h"

struct mining {
    enum otlp_encoding encoding;
    struct batch *batch;
};

static uint64_t hashes;

static void mine(struct slice request, void *context)
{
    struct mining *m = context;
    batch_clear(m->batch);
    decode_whole(request, m->encoding, m->batch);
    const struct delta *deltas;
    hashes += batch_deltas(m->batch, &deltas);
}

static void hash_bytes(struct slice request, void *context)
{
    (void)context;
    hashes ^= hash64(request.ptr, request.len, 1);
}

static void measure(const char *name, enum otlp_encoding e)
{
    struct buf requests[REQUESTS];
    struct catalog *catalog = catalog_new(&(struct catalog_options){.key = 1});
    struct mining m = {e, batch_new(catalog)};
    make_requests(requests, e);
    print_figure(name, records_a_second(requests, mine, &m), records_a_second(requests, hash_bytes, NULL));
    free_requests(requests);
    batch_free(m.batch);
    catalog_free(catalog);
}

int main(void)
{
    measure("OTLP protobuf decode and catalog (floor: hash of the bytes)", OTLP_PROTOBUF);
    measure("OTLP JSON decode and catalog (floor: hash of the bytes)", OTLP_JSON);
    return hashes ? 0 : 1;
}
