/* Choosing a theme while looking at it, and following a theme's files while the console runs. */
#ifndef SCREENS_THEME_PICK_H
#define SCREENS_THEME_PICK_H

struct app;

/* Opens the list of themes: each is put on as the cursor reaches it, Enter keeps it, Esc goes back to what was. */
void theme_pick(struct app *app);
/* By name or file; says what came of it. */
void theme_take(struct app *app, const char *name);
/* From now on the theme follows its files: after the start, and after each change of theme. */
void theme_follow(struct app *app);

#endif
