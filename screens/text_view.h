/* A view of plain lines: help and the request log. */
#ifndef SCREENS_TEXT_VIEW_H
#define SCREENS_TEXT_VIEW_H

#include "screens/view.h"
#include "tui/pane.h"

struct text_view_options {
    const char *title;
    /* Fills the pane; `filter` is "" or what was typed. Called anew by r, and after each key of the filter. */
    void (*build)(struct app *app, struct pane *pane, unsigned context, const char *filter);
    bool filters; /* `/` narrows the lines; else it searches */
};

struct view *text_view_new(struct app *app, const struct text_view_options *options);

#endif
