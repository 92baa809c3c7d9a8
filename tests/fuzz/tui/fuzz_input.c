/* Any bytes in any pieces: the decoder ends, stays in bounds, and gives only keys that have a name, or clean text. */
#include "base/utf8.h"
#include "tui/input.h"
#include "tui/keys.h"
#include "tui/term.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_paste(const char *text)
{
    struct slice s = slice_str(text);
    for (size_t at = 0; at < s.len;) {
        uint32_t code = utf8_next(s, &at);
        if (code != '\n' && utf8_unsafe(code)) abort();
    }
}

static void drain(struct input *in)
{
    struct input_event e;
    while (input_next(in, &e)) {
        if (e.key == INPUT_MOUSE && (e.y < 0 || e.x < 0 || e.button > INPUT_WHEEL_DOWN)) abort();
        if (e.key == -1) check_paste(e.paste);
        else if (!*key_name(e.key)) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input *in = malloc(sizeof *in);
    if (!in) return 0;
    input_init(in, 40);
    input_extra(in, "\033[214z", TERM_HOME);
    while (size) {
        size_t n = *data++ % 64;
        size--;
        if (n > size) n = size;
        if (n > input_room(in)) n = input_room(in);
        input_feed(in, data, n);
        data += n;
        size -= n;
        drain(in);
        if (n % 5 == 0) {
            input_expire(in);
            drain(in);
        }
    }
    for (int i = 0; i < 4; i++) {
        input_expire(in);
        drain(in);
    }
    if (input_waits(in) >= 0) abort();
    input_free(in);
    free(in);
    return 0;
}
