/* What the files of the list screen share. */
#ifndef SCREENS_LIST_VIEW_H
#define SCREENS_LIST_VIEW_H

#include "screens/list_state.h"
#include "screens/marks.h"
#include "screens/pager.h"
#include "screens/views.h"
#include "tui/list.h"

enum { SERIES_MAX = 96, CACHED_ROWS = 256, SERIES_COLUMNS = 100 /* of a terminal that shows them */ };

/* A row as it was formatted last; what does not change is not formatted again. */
struct cached_row {
    long row;
    struct list_cell *cells; /* NULL: none; a cell without text: not formatted */
};

struct list_view {
    struct view v;
    const struct resource *resource;
    struct pager *pager;
    struct list list;
    struct list_column *columns; /* as they stand on the screen */
    int *at;                     /* which column of the resource each of them is */
    bool chosen;                 /* the columns are a person's choice, not the default that grows with the terminal */
    int fitted;                  /* width that the default columns were chosen for; 0: not yet */
    struct list_order order[LIST_ORDERS];
    size_t order_count; /* 0: the server's order */
    char *wanted;       /* id of the row that the cursor shall be on when the rows are there; NULL: none */
    char *filter;       /* in force */
    char *initial;      /* what the list was opened with: Esc goes back to it */
    char *pending;      /* typed, asked for when the timer rings; NULL: none */
    char *before;       /* in force when the prompt was opened */
    char *sought;       /* looked for last in the loaded rows; NULL: nothing yet */
    struct marks marks;
    struct arena *texts; /* of the action under way */
    struct arena *cells;
    struct cached_row rows[CACHED_ROWS]; /* by the row's number modulo CACHED_ROWS */
    unsigned generation;                 /* of the pager, that `rows` are of */
    bool series;                         /* asked for: costs the control plane a query a row */
    bool series_missing;                 /* a sparkline was painted that was not asked for */
    int64_t now;                         /* wall clock, in whole minutes, that `rows` are of */
};

/* ---- list_view.c ---- */
void list_view_ask(struct list_view *l, bool keep);
void list_view_moved(struct list_view *l);
const char *list_view_id(const struct list_view *l);

/* ---- list_mouse.c ---- */
bool list_view_click(struct view *v, int y, int x);

/* ---- list_cells.c ---- */
/* Before each frame: forgets what is not true any more. */
void list_cells_frame(struct list_view *l);
/* After a column was shown that was not, or moved. */
void list_cells_forget(struct list_view *l);
void list_cells_open(struct list_view *l);

/* ---- list_order.c ---- */
void list_order_default(struct list_view *l);
/* The headings after the order or the columns changed. */
void list_order_show(struct list_view *l);
/* Turns the column around where it is in force already. */
void list_order_by(struct list_view *l, const struct column *column);
void list_order_set(struct list_view *l, const struct list_order *order, size_t count);
/* The whole order the other way round. */
void list_order_turn(struct list_view *l);
void list_order_menu(struct list_view *l);
/* "sorted by cost, then name", or nothing. */
void list_order_status(const struct list_view *l, struct buf *out);

/* ---- list_columns.c ---- */
void list_columns_open(struct list_view *l);
/* NULL: the default ones. */
void list_columns_set(struct list_view *l, const struct column *const *columns, size_t count);
/* Before each frame: on a wide terminal more of the default columns. */
void list_columns_fit(struct list_view *l, int width);
void list_columns_menu(struct list_view *l);

/* ---- list_filter.c ---- */
void list_filter_prompt(struct list_view *l);
bool list_filter_set(struct list_view *l, const char *text, const char **problem);
void list_filter_due(struct list_view *l);
/* What was typed and not asked for yet. */
void list_filter_forget(struct list_view *l);
/* Takes off the last term. False: nothing was typed. */
bool list_filter_pop(struct list_view *l);
/* Lines of the chips: 1 while a filter is in force, else 0. */
int list_filter_height(const struct list_view *l);
void list_filter_paint(const struct list_view *l, int y);

/* ---- list_find.c ---- */
void list_find_prompt(struct list_view *l);

/* ---- list_restore.c ---- */
/* Asks for the name of the file. */
void list_export_prompt(struct list_view *l);
/* The state as it is now; list_state_free(). */
struct list_state list_state_of(const struct list_view *l);
void list_state_apply(struct list_view *l, const struct list_state *s);

#endif
