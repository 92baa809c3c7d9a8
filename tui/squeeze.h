/* Takes out of curses' output what changes nothing, so that a key costs fewer bytes on a slow line. Pure. Private to tui/
 * and its tests. */
#ifndef TUI_SQUEEZE_H
#define TUI_SQUEEZE_H

#include "base/buf.h"

struct squeeze {
    bool ascii; /* the terminal's first character set is known to be ASCII */
};

/* Appends `bytes` without: choosing ASCII where it is chosen already (ESC ( B, part of sgr0 on many terminals); attributes
 * (CSI ... m) that the next sequence resets at once. Start with a zeroed `s`, and again where others used the terminal. */
void squeeze_add(struct squeeze *s, struct slice bytes, struct buf *out);

#endif
