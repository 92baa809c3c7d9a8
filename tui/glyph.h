/* Which form of the glyphs is in use. Private to tui/. */
#ifndef TUI_GLYPH_H
#define TUI_GLYPH_H

#include <stdbool.h>

void glyph_ascii(bool on);
bool glyph_is_ascii(void);

#endif
