/* A program on a pseudo terminal, seen through libvterm. One at a time.
 *
 * vt_start -> vt_settle / vt_keys / vt_text ... -> vt_end. The program writes one byte to the descriptor named by
 * TERO_IDLE_FD when it has nothing left to do; vt_settle waits for that and never sleeps. Everything has a deadline. */
#ifndef TESTS_PTY_VT_H
#define TESTS_PTY_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct vt;

struct vt_options {
    int rows, columns;
    const char *const *argv; /* argv[0] is a path */
    const char *const *env;  /* the whole environment */
    bool no_idle;            /* the program does not tell when it is idle: settle = no output for 100 ms */
};

struct vt *vt_start(const struct vt_options *options);
/* Waits until the program is idle after what was sent last. False: the deadline passed or the program ended. */
bool vt_settle(struct vt *vt, int deadline_ms);
/* Waits for a further idle byte although nothing was sent (an answer arrives, a child ends). */
bool vt_wait_more(struct vt *vt, int deadline_ms);
void vt_send(struct vt *vt, const char *bytes, size_t n);
void vt_resize(struct vt *vt, int rows, int columns);
void vt_signal(struct vt *vt, int signal);
/* Closes the terminal, as a lost connection does. */
void vt_hang_up(struct vt *vt);
/* Waits for the end; the exit status, 128 + signal, or -1 at the deadline (then it is killed). */
int vt_end(struct vt *vt, int deadline_ms);
bool vt_ended(struct vt *vt);
void vt_free(struct vt *vt);

pid_t vt_pid(const struct vt *vt);
/* Row as UTF-8 without trailing blanks; static buffer of four. */
const char *vt_row(const struct vt *vt, int row);
int vt_rows(const struct vt *vt);
int vt_columns(const struct vt *vt);
enum { VT_RIGHT_HALF = 0x110000 };
/* The cell's first code point; 0: blank; VT_RIGHT_HALF: of a wide character. */
unsigned vt_char(const struct vt *vt, int row, int column);
bool vt_contains(const struct vt *vt, const char *text);
/* 'r' reverse, 'b' bold, 'u' underline, 'c' coloured; any of them at the cell. */
bool vt_attribute(const struct vt *vt, int row, int column, char attribute);
void vt_cursor(const struct vt *vt, int *row, int *column, bool *visible);
bool vt_alternate(const struct vt *vt);

/* Bytes since the last vt_send, vt_resize or vt_start; everything since the start. */
size_t vt_bytes(const struct vt *vt);
const char *vt_all(const struct vt *vt, size_t *n);
/* SGR sequences that set a colour, since the start. */
size_t vt_colours(const struct vt *vt);
/* Reads what comes for `ms`; gives the bytes. For tests of silence. */
size_t vt_listen(struct vt *vt, int ms);
/* True where the terminal's modes are as they were at the start, and all of its rows scroll. */
bool vt_modes_restored(const struct vt *vt);

#endif
