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
    /* Checklist: gives what the item is now. Else the menu is closed already: a view may be opened. */
    bool (*pick)(void *context, int item);
    /* The cursor is on another item now. NULL: nothing to do. */
    void (*moved)(void *context, int item);
    /* The menu is gone, after `pick` where an item was picked: the context may be freed. NULL: nothing to do. */
    void (*closed)(void *context);
    /* Actions of the menu's own, beside CONTEXT_MENU by these bits; false: not its. NULL: none. */
    unsigned context_bits;
    bool (*other)(void *context, struct view *menu, int action, int item);
    void *context; /* outlives the menu: the view below */
};

struct view *menu_new(struct app *app, const struct menu_options *options);
/* Other items, where they come later than the menu; taken over. */
void menu_fill(struct view *menu, struct menu_item *items, int count);
/* Puts the cursor on the item. */
void menu_go(struct view *menu, int item);

#endif
