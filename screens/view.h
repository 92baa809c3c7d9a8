/* A view is a const table of operations over its own state; the loop knows nothing of views. Views change their model
 * and call app_dirty(); only paint draws. The part of the app that views may use stands below. */
#ifndef SCREENS_VIEW_H
#define SCREENS_VIEW_H

#include "api-client/api.h"
#include "base/buf.h"
#include "screens/actions.h"
#include "tui/paint.h"
#include "tui/term.h"

#include <stdbool.h>

struct app;
struct view;

struct view_ops {
    /* The context bits for the key map. */
    unsigned (*context)(const struct view *v);
    /* Lines at the bottom of the body; the view below is painted above them. NULL: the whole body. */
    int (*height)(const struct view *v, int body);
    void (*paint)(struct view *v, int y, int height);
    /* False: not this view's, the app goes on. */
    bool (*action)(struct view *v, int action);
    /* Before the key map; NULL: not wanted. */
    bool (*key)(struct view *v, int key);
    /* Asks the control plane again, old content stays; NULL: nothing to ask. */
    void (*refresh)(struct view *v);
    /* v->wake (monotonic) has passed and is 0 again. NULL where wake is never set. */
    void (*tick)(struct view *v);
    /* A descriptor to wait for, or -1, and what to do when it is readable. NULL: none. */
    int (*fd)(const struct view *v);
    void (*readable)(struct view *v);
    /* A click at y, x of the screen, within what paint was given; false: nothing there. NULL: clicks do nothing. */
    bool (*click)(struct view *v, int y, int x);
    /* One word or name for the breadcrumbs. */
    void (*title)(const struct view *v, struct buf *out);
    /* The counter line: what is shown and how. NULL: empty. */
    void (*status)(const struct view *v, struct buf *out);
    /* Why the action cannot be had now, or NULL; static or the view's. NULL: everything can. */
    const char *(*disabled)(const struct view *v, int action);
    /* Monotonic time since when it waits for an answer, 0: not. NULL: never. */
    int64_t (*busy)(const struct view *v);
    /* Monotonic time of what it shows, 0: nothing yet. NULL: does not come from the control plane. */
    int64_t (*synced)(const struct view *v);
    /* For a file: all that it shows as lines, xmalloc'd, and the object that it is about, borrowed (NULL: not there). NULL: has none. */
    char *(*text)(struct view *v);
    const json_t *(*object)(const struct view *v);
    /* Cancels its requests and frees it. */
    void (*close)(struct view *v);
};

/* First member of every view's own struct. */
struct view {
    const struct view_ops *ops;
    struct app *app;
    struct view *below;
    int64_t wake; /* monotonic; 0: no timer */
    bool repeats; /* the timer goes on for as long as it is open: no work that will be done */
};

enum tab { TAB_HOME, TAB_ISSUES, TAB_POLICIES, TAB_SERVICES, TAB_EVENTS, TAB_EDGE, TABS };

/* ---- what a view may ask of the app ---- */
void app_dirty(struct app *app);
/* Opens the view on top of the current one; takes it over. */
void app_push(struct app *app, struct view *v);
/* Closes the top view, unless it is the root of its tab. */
void app_back(struct app *app);
void app_tab(struct app *app, enum tab tab);
/* Whether it is what the person sees on top now. */
bool app_is_top(const struct app *app, const struct view *v);
/* The list that a detail was opened from: the view below, or NULL. */
struct view *app_below(const struct view *v);

/* The message line; stays until the next key. `role` says how it is meant. */
void app_message(struct app *app, enum role role, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Asks "question y/N" on the message line; `yes` is called for y alone. The context must outlive the question or be
 * withdrawn with app_confirm(app, NULL, NULL, NULL). */
void app_confirm(struct app *app, const char *question, void (*yes)(void *context), void *context);
void app_copy(struct app *app, const char *text, const char *what);
/* Performs an action as if its key was pressed. */
void app_action(struct app *app, int action);

struct api *app_api(struct app *app);
/* NULL where changes are allowed, else why not. */
const char *app_no_changes(const struct app *app);
const struct screens_options *app_options(const struct app *app);
const struct overview *app_overview(const struct app *app);
struct keymap *app_keymap(struct app *app);
/* The context of the topmost view that is no help or pane: for `?`. */
unsigned app_context(const struct app *app);
/* Something was changed: what was loaded before is asked for anew when it is shown again. */
void app_changed(struct app *app);
/* Something was changed: the totals alone are asked for anew. */
void app_refresh_totals(struct app *app);
/* The control plane changed something by itself: totals and the lists on top of their tabs. */
void app_refresh_shown(struct app *app);
/* Something was changed: totals and the open views are asked for anew. Both go on asking for some seconds: screens/follow.h. */
void app_refresh_all(struct app *app);

#endif
