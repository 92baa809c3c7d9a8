/* What can be typed on the command line of a program, as data: the man page and the completions of shells are made from it. The
 * texts are borrowed. */
#ifndef BASE_USAGE_H
#define BASE_USAGE_H

#include "base/buf.h"

#include <stdbool.h>

struct usage_option {
    const char *name;                          /* long, without dashes */
    char letter;                               /* 0: none */
    const char *argument, *environment, *help; /* argument NULL: a flag */
    const char *words;                         /* values, with blanks between; NULL: files where the argument is one, else none */
};

struct usage_command {
    const char *name, *arguments, *help;
    const char *words;                  /* of its arguments; NULL: none are known */
    bool files;                         /* its arguments are files */
    const struct usage_option *options; /* its own; they win over the program's */
    size_t option_count;
};

struct usage_section {
    const char *title, *text; /* paragraphs between empty lines; lines that begin with a blank are kept as they are */
};

struct usage {
    const char *program;
    int manual; /* section of the manual: 1, 8 */
    const char *summary, *synopsis, *description;
    const struct usage_option *options;
    size_t option_count;
    const struct usage_command *commands;
    size_t command_count;
    const struct usage_section *sections;
    size_t section_count;
};

void usage_man(const struct usage *u, struct buf *out);
/* "bash", "zsh" or "fish"; false: no such shell. */
bool usage_completion(const struct usage *u, const char *shell, struct buf *out);
/* Whether the option takes a file or a directory. */
bool usage_takes_file(const struct usage_option *o);
/* `generate`'s work: "man" or a shell, printed to stdout. The exit code; wrong use is told on stderr. */
int usage_generate(const struct usage *u, const char *what);

#endif
