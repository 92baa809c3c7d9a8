/* What the files of the list screen share. */
#ifndef SCREENS_LIST_VIEW_H
#define SCREENS_LIST_VIEW_H

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
    struct list_column *columns;
    int sort; /* index of the column, -1: the server's order */
    bool descending;
    char *filter;  /* in force */
    char *initial; /* what the list was opened with: Esc goes back to it */
    char *pending; /* typed, asked for when the timer rings; NULL: none */
    char *before;  /* in force when the prompt was opened */
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
/* After a column was shown that was not. */
void list_cells_forget(struct list_view *l);
void list_cells_open(struct list_view *l);
/* Sets the widths of a column, as it is sorted by or not. */
void list_cells_width(struct list_view *l, int column);

/* ---- list_order.c ---- */
void list_order_default(struct list_view *l);
void list_order_show(struct list_view *l);
/* Turns the order around where the column is the one in force. */
void list_order_by(struct list_view *l, int column);
void list_order_menu(struct list_view *l);
void list_columns_menu(struct list_view *l);

/* ---- list_filter.c ---- */
void list_filter_prompt(struct list_view *l);
bool list_filter_set(struct list_view *l, const char *text, const char **problem);
void list_filter_due(struct list_view *l);

#endif
