/* The terminal line: its modes, size, output, and how it is put back, also from a signal handler. Private to tui/. */
#ifndef TUI_TTY_H
#define TUI_TTY_H

#include "base/slice.h"

/* Saves the modes. False: standard input or output is no terminal. */
bool tty_open(void);
void tty_close(void);
/* `flow`: the terminal needs XON/XOFF, so that ^S and ^Q stay the line's. */
void tty_raw(bool flow);
/* 0 where it is not known. */
void tty_size(int *rows, int *columns);

/* Writes everything, waiting for a slow line; gives up (false) when the terminal is gone or `stop` says so, which is
 * asked whenever its descriptor becomes readable. */
bool tty_write(struct slice bytes, int stop_fd, bool (*stop)(void));

/* What tty_restore() sends; copied, bounded. */
void tty_on_restore(struct slice bytes);
/* Async-signal-safe: sends that and sets the saved modes; nothing where it was done or there is no terminal. */
void tty_restore(void);
/* Async-signal-safe: what was typed and not read must not reach the shell. */
void tty_forget_input(void);
/* The terminal is ours (again): tty_restore() has work to do. */
void tty_taken(void);

/* stderr to a file while the screen is up. */
void tty_stderr_to(const char *path);
void tty_stderr_back(void);

#endif
