/* One line of input at the bottom on readline's callback interface: its editing and history (^R searches); ESC, ^C, Tab and
 * the screen are ours. Tab completes what all candidates have in common, then goes through them; Shift-Tab goes back. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "tui/completion.h"

#include <stdbool.h>

struct prompt_options {
    const char *label;   /* "/" or ":" */
    const char *initial; /* text to start with, NULL: empty */
    const char *history; /* name of the history file part, NULL: none kept */
    /* After each edit: adds the candidates for the word before the cursor. NULL: see `complete`. */
    void (*offer)(void *context, struct completions *c);
    /* The simple form: gives the n-th candidate for `word` (NULL: no more); xmalloc'd. NULL: none. */
    char *(*complete)(void *context, const char *line, const char *word, int n);
    /* One line about what is being typed, "" for none; borrowed until the next call. NULL: none. */
    const char *(*help)(void *context, const char *line);
    void (*changed)(void *context, const char *text); /* after each edit; NULL: not wanted */
    void (*done)(void *context, const char *text);    /* Enter: the text; ESC, ^C: NULL. The prompt is closed already */
    void *context;
};

/* How many lines of each history are kept on disk; 0: none is read or written. Before the first prompt_open. */
void prompt_remember(unsigned lines);
void prompt_open(const struct prompt_options *options);
bool prompt_is_open(void);
void prompt_close(void);
/* Keys and pasted text go here while it is open; a pasted newline becomes a blank. */
void prompt_key(int key);
void prompt_paste(const char *text);
void prompt_paint(int y);
/* Candidates came late: they are asked for anew, unless one is being chosen. */
void prompt_refresh(void);
/* Whether there are candidates to show, in one line wherever the program wants it. */
bool prompt_has_candidates(void);
void prompt_paint_candidates(int y);
/* What `help` says now; "" where it says nothing or nothing is open. */
const char *prompt_help(void);

#endif
