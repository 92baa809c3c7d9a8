/* Every row of a list to a file, in the background. What is withheld or masked on the screen is so in the file: both come from
 * the same answers and the same columns. */
#ifndef SCREENS_EXPORT_H
#define SCREENS_EXPORT_H

#include "screens/list_state.h"
#include "screens/pager.h"
#include "screens/view.h"

/* "[csv|json|yaml|markdown] FILE"; without a format the name's ending says it. A file that is there is replaced only after a
 * question. The file is made as 0600 beside its final name and renamed when it is whole. `s` is borrowed. */
void export_start(struct app *app, const struct list_state *s, const char *arguments);
/* The same with the rows that are loaded, for while the control plane cannot be reached; the file says of when they are. */
void export_loaded(struct app *app, const struct list_state *s, const char *arguments, const struct pager *rows);
/* A name for the prompt: "events-20260102-1504.csv"; xmalloc'd. */
char *export_name(const struct resource *r);

#endif
