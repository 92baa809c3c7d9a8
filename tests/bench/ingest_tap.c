/* What a live preview costs: decode and catalog while none is on, beside the decoder without the question; and while one runs, per
 * record that is judged and kept. */
#include "control-plane/tap/session.h"
#include "tests/bench/ingest_measure.h"

struct tapping {
    struct batch *batch;
    struct taps *taps;
    bool ask;
};

static void mine(struct slice request, void *context)
{
    struct tapping *m = context;
    struct otlp_outcome o;
    batch_clear(m->batch);
    if (m->ask) otlp_logs_watched(request, OTLP_PROTOBUF, clock_now(), m->batch, &o, taps_watch(m->taps));
    else decode_whole(request, OTLP_PROTOBUF, m->batch);
}

static struct tap_options options(void)
{
    static const char policy[] = "id: a\nname: a\nlog: {match: [{log_field: body, contains: order}], transform: {redact: [{log_field: body,"
                                 " regex: '[0-9]+', replacement: '#'}]}}\n";
    struct tap_options o = {.owner = "bench", .account = 1, .single = true, .seconds = 300, .records = 200, .set = policy_set_new()};
    policy_set_read(o.set, slice_str(policy), POLICY_ANY, "bench");
    return o;
}

static struct session *session;
static int64_t second;

static void judge(void *context, const struct otlp_sight *sight)
{
    (void)context;
    session_see(session, sight, second++ * NS_PER_SECOND);
}

static void judged(struct slice request, void *context)
{
    static const struct otlp_watch watch = {judge, NULL};
    struct tapping *m = context;
    struct otlp_outcome o;
    batch_clear(m->batch);
    otlp_logs_watched(request, OTLP_PROTOBUF, clock_now(), m->batch, &o, &watch);
}

int main(void)
{
    struct buf requests[REQUESTS];
    struct catalog *catalog = catalog_new(&(struct catalog_options){.key = 1});
    struct tapping m = {.batch = batch_new(catalog), .taps = taps_new(catalog)};
    make_requests(requests, OTLP_PROTOBUF);
    records_a_second(requests, mine, &m);
    double without = records_a_second(requests, mine, &m);
    m.ask = true;
    print_figure("decode and catalog, live previews permitted, none on (floor: never asked)", records_a_second(requests, mine, &m),
                 without);
    struct tap_options o = options();
    struct id128 id = {1, 1};
    taps_prepare(m.taps, &o, id);
    taps_begin(m.taps, id);
    print_figure("the same while one runs (at most 2,000 records a second are judged)", records_a_second(requests, mine, &m), without);
    o = options();
    session = session_new(&o, catalog_words(catalog));
    double all = records_a_second(requests, judged, &m);
    printf("a record judged, compared, masked and kept, us, %.2f, %.2f, %.2fx\n", 1e6 / all - 1e6 / without, 1e6 / without,
           without / all - 1);
    session_free(session);
    free_requests(requests);
    taps_free(m.taps);
    batch_free(m.batch);
    catalog_free(catalog);
    return 0;
}
