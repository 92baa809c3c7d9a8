/* `:open ISS-12|POL-3|ID|NAME`: finds the object wherever it is and opens it; a menu where several answer to the name. */
#ifndef SCREENS_OPEN_H
#define SCREENS_OPEN_H

struct app;
struct opener;

void open_anything(struct app *app, const char *text);
/* Cancels what is under way; NULL is fine. */
void opener_free(struct opener *o);

#endif
