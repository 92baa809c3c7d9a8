/* The one file pair that owns the terminal: start, restore, input, signals, frames. Nobody else calls curses'
 * initialisation or teardown. See design notes in docs/source-tour.md.
 *
 * term_open -> loop { wait for term_fds; while (term_next(&event)) handle; paint; } -> term_close */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include <stddef.h>

struct term_options {
    bool no_color;   /* also set by NO_COLOR */
    bool ascii;      /* also where the locale is not UTF-8 */
    bool plain;      /* screen readers, serial lines: no lines, cursor visible on the selected row, no synchronized output */
    bool mouse;      /* clicks and the wheel arrive as TERM_MOUSE; selecting text then needs Shift */
    const char *log; /* stderr is appended there while the terminal is ours; NULL: dropped */
};

/* False: *problem (static) says why in one line; the terminal is as it was. Tries $TERM, then xterm-256color, xterm,
 * vt100. Blocks SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGCONT, SIGTSTP, SIGCHLD (read through a signalfd), installs the
 * fatal-signal restore and the die_hook. */
bool term_open(const struct term_options *options, const char **problem);
void term_close(void);

/* Keys: a Unicode character, a control character (1-31), or one of these. Return, tab, ^H, DEL and ESC arrive as
 * TERM_ENTER, TERM_TAB, TERM_BACKSPACE and TERM_ESCAPE only. */
enum {
    KEY_BASE = 0x110000,
    TERM_UP,
    TERM_DOWN,
    TERM_LEFT,
    TERM_RIGHT,
    TERM_HOME,
    TERM_END,
    TERM_PAGE_UP,
    TERM_PAGE_DOWN,
    TERM_INSERT,
    TERM_DELETE,
    TERM_BACKSPACE,
    TERM_ENTER,
    TERM_TAB,
    TERM_BACK_TAB,
    TERM_ESCAPE,
    TERM_F1,
    TERM_F12 = TERM_F1 + 11,
    TERM_ALT = 0x200000,   /* added to a character or one of the above */
    TERM_SHIFT = 0x400000, /* added to one of the above */
    TERM_CTRL = 0x800000   /* added to one of the above, or to what has no control character */
};

enum term_what {
    TERM_KEY,
    TERM_PASTE /* text: bracketed paste, cleaned; borrowed until the next call */,
    TERM_MOUSE /* button, y, x */,
    TERM_RESIZE,
    TERM_RESUMED,
    TERM_QUIT /* hang-up, SIGTERM */,
    TERM_INTERRUPT /* ^C; key is 3, for prompt_key */
};
enum term_button { TERM_CLICK, TERM_WHEEL_UP, TERM_WHEEL_DOWN };
struct term_event {
    enum term_what what;
    int key;
    enum term_button button;
    int y, x; /* from 0 */
    const char *text;
};

/* The descriptors to wait for; then term_next until false. Never blocks. `ready` of either may be spurious. */
void term_fds(int fds[2]);
bool term_next(struct term_event *event);
/* Milliseconds until a pending ESC is decided; -1: none pending. The loop's timeout must not be longer. */
int term_timeout(void);

int term_rows(void);
int term_columns(void);
bool term_utf8(void);
bool term_plain(void);

/* A frame: between them the whole screen is painted, from blank; end sends what looks different from the last frame as
 * one synchronized update, nothing where nothing does. */
void term_frame_begin(void);
void term_frame_end(void);
/* Everything is painted anew at the next frame (^L, resume). */
void term_repaint(void);
void term_cursor(int y, int x); /* where the cursor rests after the frame; -1: hidden */

/* Restores the terminal, stops the program, comes back. ^Z arrives as the key 26 and is the program's to answer; SIGTSTP
 * from elsewhere is answered here. Then TERM_RESUMED. */
void term_suspend(void);
/* For a program that needs the terminal for a while: term_leave() restores it and paints nothing until term_return(). Keys
 * and ^C in between are the program's. */
void term_leave(void);
void term_return(void);
/* OSC 52. What to tell the person: "sent to the terminal's clipboard" or why it can't be. Static. */
const char *term_copy(const char *text);

/* Tests wait on this: one byte to the descriptor named by TERO_IDLE_FD, if any. Call when nothing is left to do:
 * painted, no input, no transfer, no timer due. */
void term_idle(void);

#endif
