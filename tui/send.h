/* Bytes past curses, between frames. Private to tui/. */
#ifndef TUI_SEND_H
#define TUI_SEND_H

#include "base/slice.h"

void term_send(struct slice bytes);
/* The terminal is open and of a kind that ignores what it does not know. */
bool term_modern(void);

#endif
