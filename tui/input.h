/* Bytes from the terminal to keys and pastes. Pure: no descriptors, no clock, no curses.
 *
 * input_feed(bytes) -> while (input_next(&event)) -> when input_waits() says so and no byte has come for that long:
 * input_expire(), and input_next again.
 * Knows CSI and SS3 keys in both cursor modes, modifiers, the linux console's and rxvt's ways, CSI u, bracketed paste,
 * UTF-8; the mouse in SGR form; other sequences (focus, answers to queries) are swallowed whole. */
#ifndef TUI_INPUT_H
#define TUI_INPUT_H

#include "base/buf.h"

enum { INPUT_MOUSE = -3, INPUT_PENDING = 4096, INPUT_PASTE_MAX = 64 * 1024, INPUT_EXTRAS = 32 };

struct input {
    unsigned char pending[INPUT_PENDING];
    size_t len;
    bool expired;     /* what is pending is all that will come */
    bool late_escape; /* the last key was an ESC that nothing followed in time */
    bool pasting;
    struct buf paste;
    struct {
        char sequence[12];
        int key;
    } extras[INPUT_EXTRAS];
    size_t extra_count;
    int escape_ms;
};

enum input_button { INPUT_LEFT, INPUT_WHEEL_UP, INPUT_WHEEL_DOWN };

struct input_event {
    int key; /* as in term.h; -1: a paste, INPUT_MOUSE: the mouse */
    enum input_button button;
    int y, x;          /* where it was pressed or turned, from 0 */
    const char *paste; /* cleaned; lines are separated by \n; until the next call */
};

void input_init(struct input *in, int escape_ms);
void input_free(struct input *in);
/* A sequence that this terminal sends for a key, from its description. NULL and such without ESC are ignored. */
void input_extra(struct input *in, const char *sequence, int key);
/* Room for bytes to feed at once: take keys out before feeding more. */
size_t input_room(const struct input *in);
void input_feed(struct input *in, const void *bytes, size_t n);
bool input_next(struct input *in, struct input_event *event);
/* Milliseconds after the last byte at which what is pending is decided; -1: nothing is pending. */
int input_waits(const struct input *in);
void input_expire(struct input *in);

#endif
