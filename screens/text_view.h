/* A view of plain lines: help, one request. */
#ifndef SCREENS_TEXT_VIEW_H
#define SCREENS_TEXT_VIEW_H

#include "screens/view.h"
#include "tui/pane.h"

struct text_view_options {
    const char *title;
    /* Fills the pane; `filter` is "" or what was typed. Called anew by r, and after each key of the filter. */
    void (*build)(struct app *app, struct pane *pane, unsigned context, const char *filter);
    /* Instead of build: what is shown is about one thing, by its number. */
    void (*build_about)(struct app *app, struct pane *pane, uint64_t about);
    uint64_t about;
    bool filters; /* `/` narrows the lines; else it searches */
};

struct view *text_view_new(struct app *app, const struct text_view_options *options);

#endif
