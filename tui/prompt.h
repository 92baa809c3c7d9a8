/* One line of input at the bottom on readline's callback interface: its editing, history and completion; ESC, ^C
 * and the screen are ours. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>

struct prompt_options {
    const char *label;   /* "/" or ":" */
    const char *initial; /* text to start with, NULL: empty */
    const char *history; /* name of the history file part, NULL: none kept */
    /* Called with each completion attempt: gives the n-th candidate for `word` (NULL: no more); xmalloc'd. NULL: none. */
    char *(*complete)(void *context, const char *line, const char *word, int n);
    void (*changed)(void *context, const char *text); /* after each edit; NULL: not wanted */
    void (*done)(void *context, const char *text);    /* Enter: the text; ESC, ^C: NULL. The prompt is closed already */
    void *context;
};

void prompt_open(const struct prompt_options *options);
bool prompt_is_open(void);
void prompt_close(void);
/* Keys and pasted text go here while it is open; a pasted newline becomes a blank. */
void prompt_key(int key);
void prompt_paste(const char *text);
void prompt_paint(int y);

#endif
