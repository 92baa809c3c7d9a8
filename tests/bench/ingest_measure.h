/* The decoders timed over 64 sample requests of 512 records, by CPU seconds of the thread; the best of several rounds.
 * Header only: used by ingest_decode (nothing behind the decoder) and ingest_mine (the catalog behind it). */
#ifndef TESTS_BENCH_INGEST_MEASURE_H
#define TESTS_BENCH_INGEST_MEASURE_H

#include "base/clock.h"
#include "control-plane/ingest/otlp.h"
#include "tests/bench/otlp_sample.h"

#include <stdlib.h>
#include <time.h>

enum { REQUESTS = 64, ROUNDS = 7, SAMPLE_MAX = 16 << 20 };

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void make_requests(struct buf requests[REQUESTS], enum otlp_encoding e)
{
    for (unsigned i = 0; i < REQUESTS; i++) {
        buf_init(&requests[i], SAMPLE_MAX);
        (e == OTLP_JSON ? sample_json : sample_protobuf)(&requests[i], SAMPLE_PER_REQUEST, i + 1);
    }
}

static void free_requests(struct buf requests[REQUESTS])
{
    for (unsigned i = 0; i < REQUESTS; i++) buf_free(&requests[i]);
}

/* Records a CPU second of `each` called with every request. */
static double records_a_second(struct buf requests[REQUESTS], void each(struct slice request, void *context), void *context)
{
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = cpu_seconds();
        for (unsigned i = 0; i < REQUESTS; i++) each(buf_view(&requests[i]), context);
        double took = cpu_seconds() - start;
        if (took < best) best = took;
    }
    return REQUESTS * SAMPLE_PER_REQUEST / best;
}

static void decode_whole(struct slice request, enum otlp_encoding e, struct batch *b)
{
    struct otlp_outcome o;
    otlp_logs(request, e, clock_now(), b, &o);
    if (o.ok && o.accepted == SAMPLE_PER_REQUEST) return;
    fprintf(stderr, "ingest bench: %s\n", o.message);
    exit(1);
}

static void print_figure(const char *name, double ours, double floor_)
{
    printf("%s, records/s/core, %.0f, %.0f, %.2fx\n", name, ours, floor_, ours / floor_);
}

#endif
