/* A file that a person asked for: 0600, there when it is whole and not before, never over another one without a question. */
#ifndef SCREENS_EXPORT_FILE_H
#define SCREENS_EXPORT_FILE_H

#include "screens/view.h"

#include <stdio.h>

struct export_file {
    FILE *out;
    char *path, *part; /* part: what it is called until it is whole; NULL: nothing to remove */
    bool replace;
    int error; /* errno of the first write that failed, 0: none */
};

/* "~/" stands for the home directory. */
void export_file_name(struct export_file *f, const char *typed);
/* Asks where a file is there, else calls `go` at once. `drop` instead, where the answer is no, another export is begun, or there is
 * something that is no plain file. */
void export_file_ask(struct app *app, struct export_file *f, void (*go)(void *context), void (*drop)(void *context), void *context);
/* False: errno. */
bool export_file_open(struct export_file *f);
/* After a piece was written: keeps why it failed. */
void export_file_note(struct export_file *f);
/* Gives the file its name. NULL, or what went wrong (static). */
const char *export_file_finish(struct export_file *f);
/* Leaves nothing behind that is not whole. */
void export_file_close(struct export_file *f);

#endif
