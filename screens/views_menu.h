/* `:views`: the saved views in a menu; Enter opens one, n renames it, d deletes it. */
#ifndef SCREENS_VIEWS_MENU_H
#define SCREENS_VIEWS_MENU_H

struct app;
void views_menu_open(struct app *app);

#endif
