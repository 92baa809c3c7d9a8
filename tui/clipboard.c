/* The clipboard of whatever terminal shows us, by OSC 52: nothing tells whether it listened. */
#include "base/buf.h"
#include "tui/send.h"
#include "tui/term.h"

#include <stdlib.h>

enum { ENCODED_MAX = 74 * 1024 };

static void base64(struct buf *out, const char *text, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *b = (const unsigned char *)text;
    for (; n >= 3; n -= 3, b += 3) {
        unsigned v = (unsigned)b[0] << 16 | (unsigned)b[1] << 8 | b[2];
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], digits[v >> 6 & 63], digits[v & 63]};
        buf_add(out, four, 4);
    }
    if (n == 0) return;
    unsigned v = (unsigned)b[0] << 16 | (n > 1 ? (unsigned)b[1] << 8 : 0);
    char four[4] = {digits[v >> 18], digits[v >> 12 & 63], n > 1 ? digits[v >> 6 & 63] : '=', '='};
    buf_add(out, four, 4);
}

const char *term_copy(const char *text)
{
    struct buf out;
    if (!term_modern()) return "this terminal has no clipboard";
    buf_init(&out, ENCODED_MAX);
    buf_str(&out, "\033]52;c;");
    base64(&out, text, strlen(text));
    buf_char(&out, '\a');
    bool full = out.full;
    if (!full) term_send(buf_view(&out));
    buf_free(&out);
    if (full) return "too much for the terminal's clipboard (54 kB)";
    const char *tmux = getenv("TMUX");
    if (tmux && *tmux) return "sent to tmux; it passes it on where \"set -g set-clipboard on\"";
    return "sent to the terminal's clipboard";
}
