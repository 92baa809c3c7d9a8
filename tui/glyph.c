#include "tui/glyph.h"

#include "tui/paint.h"

static bool ascii;

/* One column each, in both forms; no emoji, nothing of ambiguous width that a layout hangs on. */
static const char *const forms[GLYPHS][2] = {
    [GLYPH_ELLIPSIS] = {"…", "~"}, [GLYPH_SORT_UP] = {"▴", "^"}, [GLYPH_SORT_DOWN] = {"▾", "v"}, [GLYPH_CHECK] = {"✓", "+"},
    [GLYPH_CROSS] = {"✗", "x"},    [GLYPH_DOT] = {"·", "."},     [GLYPH_CIRCLE] = {"●", "o"},    [GLYPH_MARK] = {"▌", "*"},
    [GLYPH_ARROW] = {"→", ">"},    [GLYPH_RULE] = {"─", "-"},    [GLYPH_UP] = {"↑", "^"},        [GLYPH_DOWN] = {"↓", "v"},
};

void glyph_ascii(bool on) { ascii = on; }
bool glyph_is_ascii(void) { return ascii; }
const char *glyph(enum glyph g) { return forms[g][ascii]; }
