/* What must hold of whatever the console writes and of every frame that it leaves standing. A problem is told once: the text
 * names it and stays valid until the next call. */
#ifndef TESTS_PTY_FRAME_H
#define TESTS_PTY_FRAME_H

#include "tests/pty/lib/vt.h"

/* What came of the bytes so far. Zeroed at the start of a program. */
struct stream {
    size_t seen; /* bytes of vt_all() */
    int state;
    char string[16]; /* beginning of an OSC or DCS */
    size_t string_len;
    unsigned code; /* of a UTF-8 sequence under way */
    int rest;
};

struct frame_rules {
    bool ascii; /* nothing beyond ASCII, neither in the bytes nor on the screen */
    bool mono;  /* no sequence that sets a colour */
    bool plain; /* the cursor stands on the row that is reversed */
};

/* The bytes since the last call: control characters, sequences that no frame needs, C1, bidirectional and invisible characters,
 * invalid UTF-8. NULL: nothing is wrong. */
const char *stream_problem(struct stream *s, const struct vt *vt, const struct frame_rules *rules);
/* The screen as it stands: top line, bottom line, the header's columns over those of the rows. NULL: nothing is wrong. */
const char *frame_problem(const struct vt *vt, const struct frame_rules *rules);

#endif
