/* Any bytes as an OTLP request (json): no access outside, records are sound, the counts agree. */
#include "tests/fuzz/control-plane-ingest/check_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct batch b = {0};
    struct otlp_outcome o;
    struct buf answer;
    otlp_logs(slice_of((const char *)data, size), OTLP_JSON, 1, &b, &o);
    check_outcome(&o, &b);
    buf_init(&answer, 4096);
    otlp_response(&answer, OTLP_JSON, &o);
    must(!answer.full);
    buf_free(&answer);
    return 0;
}
