/* ncurses: from the canvas to bytes. It writes into memory, not to the terminal, so that a frame leaves in one piece
 * and an unchanged one costs nothing. Private to tui/ and its tests. */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "base/slice.h"

enum screen_opened { SCREEN_OPEN, SCREEN_UNKNOWN /* no such terminal type */, SCREEN_UNABLE /* it cannot place the cursor */ };
enum screen_opened screen_open(const char *type, int rows, int columns, bool color);
/* Sends nothing: whoever opened the terminal line puts it back. */
void screen_close(void);
void screen_resize(int rows, int columns);
/* Paints everything anew at the next draw. */
void screen_repaint(void);
/* Canvas to curses to bytes; the cursor rests at y, x, hidden where y < 0. */
void screen_draw(int y, int x);
/* The bytes written since the last call; borrowed until the next draw. */
struct slice screen_take(void);
/* A string capability of the open terminal type, without padding; NULL: none. Static, until the next call. */
const char *screen_capability(const char *name);
bool screen_flag(const char *name);
/* The capability that moves to the row and column; static. */
const char *screen_goto(int y, int x);
/* The one that scrolls all rows again, "" where there is none; moves the cursor home; static. */
const char *screen_scroll_all(void);

#endif
