/* The JSON reader gives valid text only; written strings read back as they were; cleaned text is valid. */
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice in = {(const char *)data, size};
    struct json_reader r;
    struct buf scratch, out;
    buf_init(&scratch, 1 << 20);
    buf_init(&out, 1 << 22);
    json_begin(&r, in);
    enum json_token t;
    while ((t = json_next(&r)) != JSON_END && t != JSON_ERROR) {
        if (t != JSON_STRING && t != JSON_KEY) continue;
        struct slice text = json_text(&r, &scratch);
        if (!utf8_valid(text)) abort();
    }
    json_write_string(&out, in);
    struct json_reader again;
    json_begin(&again, buf_view(&out));
    if (json_next(&again) != JSON_STRING) abort();
    if (utf8_valid(in) && !slice_eq(json_text(&again, &scratch), in)) abort();
    if (json_next(&again) != JSON_END) abort();
    buf_clear(&out);
    utf8_clean(&out, in);
    if (!utf8_valid(buf_view(&out))) abort();
    buf_free(&scratch);
    buf_free(&out);
    return 0;
}
