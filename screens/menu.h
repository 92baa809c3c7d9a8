/* A menu at the bottom of the body; the view below stays in sight. */
#ifndef SCREENS_MENU_H
#define SCREENS_MENU_H

#include "screens/view.h"

struct menu_item {
    char *text; /* xmalloc'd; the menu frees it */
    bool on;    /* checklist: switched on; else: the present choice */
};

struct menu_options {
    const char *title;
    struct menu_item *items; /* xmalloc'd; the menu frees it */
    int count;
    bool checklist; /* Space and Enter switch an item and the menu stays; else Enter picks one and the menu closes */
    /* Checklist: gives what the item is now. */
    bool (*pick)(void *context, int item);
    void *context; /* outlives the menu: the view below */
};

struct view *menu_new(struct app *app, const struct menu_options *options);

#endif
