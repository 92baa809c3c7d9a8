/* Records a second of the OTLP decoders alone: what they give is counted and dropped.
 * Prints "NAME RECORDS_PER_SECOND MB_PER_SECOND" for protobuf and JSON. */
#include "base/clock.h"
#include "control-plane/ingest/otlp.h"
#include "tests/bench/otlp_sample.h"

#include <stdlib.h>
#include <time.h>

enum { REQUESTS = 64, ROUNDS = 7 };

static size_t fields, text;

void batch_add(struct batch *b, const struct log_record *r)
{
    (void)b;
    fields += r->attribute_count + r->body_field_count;
    text += r->body.len;
}

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void measure(const char *name, enum otlp_encoding e)
{
    struct buf requests[REQUESTS];
    size_t bytes = 0;
    double best = 1e9;
    for (unsigned i = 0; i < REQUESTS; i++) {
        buf_init(&requests[i], 16 << 20);
        (e == OTLP_JSON ? sample_json : sample_protobuf)(&requests[i], SAMPLE_PER_REQUEST, i + 1);
        bytes += requests[i].len;
    }
    for (int round = 0; round < ROUNDS; round++) {
        double start = cpu_seconds();
        for (unsigned i = 0; i < REQUESTS; i++) {
            struct otlp_outcome o;
            otlp_logs(buf_view(&requests[i]), e, clock_now(), NULL, &o);
            if (!o.ok || o.accepted != SAMPLE_PER_REQUEST) {
                fprintf(stderr, "ingest_decode: %s: %s\n", name, o.message);
                exit(1);
            }
        }
        double took = cpu_seconds() - start;
        if (took < best) best = took;
    }
    double records = REQUESTS * SAMPLE_PER_REQUEST;
    printf("%s %.0f %.0f %.0f\n", name, records / best, (double)bytes / best / 1e6, (double)bytes / records);
    for (unsigned i = 0; i < REQUESTS; i++) buf_free(&requests[i]);
}

int main(void)
{
    measure("protobuf", OTLP_PROTOBUF);
    measure("json", OTLP_JSON);
    return fields && text ? 0 : 1;
}
