/* The app goes on where it was left. */
#ifndef SCREENS_RESUME_APP_H
#define SCREENS_RESUME_APP_H

#include "screens/view.h"

/* The tab to begin with. What is wrong with the file is said on the message line. */
enum tab resume_open(struct app *app);
/* Writes what resume_note() took; after the views are closed. */
void resume_close(struct app *app);
/* Of a list view that was just made, and of one that is about to be closed. */
void resume_apply(struct view *list);
void resume_note(struct view *list);

#endif
