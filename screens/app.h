/* What the files of the app share: loop, stack of views, frame. Views include screens/view.h instead. */
#ifndef SCREENS_APP_H
#define SCREENS_APP_H

#include "screens/screens.h"
#include "screens/follow.h"
#include "screens/offline.h"
#include "screens/overview.h"
#include "screens/resume.h"
#include "screens/view.h"

enum { MESSAGE_MAX = 400, MIN_COLUMNS = 60, MIN_ROWS = 15, CHROME_TOP = 3, CHROME_BOTTOM = 2, DEPTH_MAX = 24 };

struct app {
    struct api *api;
    struct watch *watch; /* files that the console follows */
    const struct screens_options *options;
    struct keymap *keymap;
    struct known *known;   /* for the prompt */
    struct lock *lock;     /* NULL: there is none */
    struct opener *opener; /* `:open` is looking; NULL: it is not */
    struct overview overview;
    struct follow follow;
    bool idle;                   /* it was told that nothing is left to do, and nothing was pressed or shown since */
    struct resume_place *resume; /* NULL: nothing is remembered */
    struct view *tops[TABS];     /* each tab has its own stack; NULL: never opened */
    enum tab tab;
    int tab_ends[TABS];    /* columns after the tabs as they were painted last */
    int top_y, top_height; /* where the top view was painted last */
    bool dirty, quit, interrupted;
    int before; /* the first key of two was pressed; 0: none waits */
    char message[MESSAGE_MAX];
    enum role message_role;
    char question[MESSAGE_MAX]; /* "" : none */
    void (*yes)(void *context);
    void *yes_context;
    struct offline offline;
    bool silent;     /* it is told that no answer comes */
    int64_t changed; /* monotonic time of the last change made here; 0: none was */
    int64_t redraw;  /* monotonic time when the frame's own text changes by itself; 0: never */
};

/* ---- stack.c ---- */
struct view *app_top(const struct app *app);
void stack_close_all(struct app *app);
void stack_each(struct app *app, void (*visit)(struct view *v, void *context), void *context);

/* ---- mouse.c ---- */
void mouse_event(struct app *app, const struct term_event *event);

/* ---- input.c ---- */
void input_event(struct app *app, const struct term_event *event);

/* Why the action cannot be had on this view now, or NULL. */
const char *app_why_not(const struct app *app, const struct view *v, const struct action *a);
/* The same for the view on top, where the action may not belong; borrowed until the next call. */
const char *app_why_not_here(const struct app *app, const struct action *a);

/* ---- frame.c ---- */
/* Paints everything; sets app->redraw. */
void frame_paint(struct app *app);
/* Where the list of a view's body stands now. */
bool frame_too_small(void);

/* ---- command.c ---- */
void command_open(struct app *app, const char *initial);
void command_run(struct app *app, const char *line);

#endif
