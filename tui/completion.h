/* Candidates for the word before the cursor of a line, and the line of the screen that shows them. Bounded. */
#ifndef TUI_COMPLETION_H
#define TUI_COMPLETION_H

#include <stdbool.h>
#include <stddef.h>

enum { COMPLETIONS_MAX = 200 };

struct completion {
    char *text, *note; /* note: one line about it, "" for none */
    bool open;         /* the word may go on: no blank is put behind it */
};

struct completions {
    char *line;   /* up to the cursor */
    size_t start; /* of the word, in bytes */
    size_t skip;  /* bytes at the beginning of each candidate that are not shown: those before a value */
    struct completion *items;
    size_t count;
};

/* Begins anew: the line up to `cursor`, the word after its last blank. */
void completions_begin(struct completions *c, const char *line, size_t cursor);
void completions_free(struct completions *c);
/* The word begins here instead: before the first completions_add(). */
void completions_word(struct completions *c, size_t start);
const char *completions_prefix(const struct completions *c);
/* Takes the candidate where it begins with the word (letter case does not matter) and is not there yet; `note` may be NULL. False: there
 * is no room for more. */
bool completions_add(struct completions *c, const char *text, const char *note, bool open);
/* Bytes that all candidates have in common. */
size_t completions_common(const struct completions *c);
/* One line: the candidates, `chosen` (-1: none) highlighted and in sight, what is noted about it at the right. */
void completions_paint(const struct completions *c, long chosen, int y);

#endif
