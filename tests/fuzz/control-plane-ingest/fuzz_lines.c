/* Any bytes as log lines, in each format and cut into chunks of each size; what they give, written as OTLP, must be
 * taken by the decoder whole. */
#include "control-plane/ingest/export.h"
#include "control-plane/ingest/lines.h"
#include "tests/fuzz/control-plane-ingest/check_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void deliver(struct export *e)
{
    struct batch b = {0};
    struct otlp_outcome o;
    size_t records = e->records;
    otlp_logs(export_bytes(e), OTLP_PROTOBUF, 1, &b, &o);
    check_outcome(&o, &b);
    must(o.ok && o.rejected == 0 && o.accepted == records);
    export_clear(e);
}

static void on_record(void *context, const struct log_record *r)
{
    struct export *e = context;
    export_add(e, r);
    if (export_full(e)) deliver(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct export e;
    if (size < 2) return 0;
    export_init(&e);
    struct lines_options options = {
        .format = (enum line_format)(data[0] % 4), .fallback = SLICE("file"), .record = on_record, .context = &e};
    struct lines *l = lines_new(&options);
    size_t chunk = data[1] ? data[1] : 100000;
    for (size_t at = 2; at < size; at += chunk) {
        size_t n = size - at < chunk ? size - at : chunk;
        lines_feed(l, slice_of((const char *)data + at, n), INT64_C(1795442706000000000));
        if (data[0] & 0x80) lines_flush(l);
    }
    lines_end(l);
    deliver(&e);
    must(lines_count(l)->records + lines_count(l)->rejected <= lines_count(l)->lines);
    lines_free(l);
    export_free(&e);
    return 0;
}
