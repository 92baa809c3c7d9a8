/* What a page shows to a file: its lines as text or Markdown, the object that it is about as JSON or YAML, with where it comes from on
 * top. What is withheld or masked on the screen is so in the file: both come from the same answer. */
#ifndef SCREENS_EXPORT_PAGE_H
#define SCREENS_EXPORT_PAGE_H

#include "screens/view.h"

/* "[text|markdown|json|yaml] FILE"; without a format the name's ending says it. `v`: anything but a list. */
void export_page(struct app *app, struct view *v, const char *arguments);
/* Asks for the name of the file. */
void export_page_prompt(struct app *app, struct view *v);

#endif
