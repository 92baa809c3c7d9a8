/* A full-width list over a model of any length. The model is asked for the rows in view only. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include "tui/paint.h"

#include <stdbool.h>

struct list_column {
    const char *title;
    int min, max; /* columns of text; max 0: takes what is left over (weight 1) */
    int priority; /* the highest number is dropped first when the line is too narrow; 0 is never dropped */
    enum align align;
    bool hidden; /* by the column picker */
    int sort;    /* 0, 1 ascending, -1 descending: shown beside the title */
    int rank;    /* of several that it is sorted by, from 1: shown behind the mark; 0: the only one */
};

struct list_cell {
    const char *text; /* "" or NULL: empty; valid until the next call */
    enum role role;
    const double *series; /* a sparkline instead of text */
    size_t series_count;
};

struct list_model {
    void *context;
    /* False: the row is not loaded yet (painted as a placeholder). */
    bool (*cell)(void *context, long row, int column, struct list_cell *cell);
    bool (*marked)(void *context, long row);
};

struct list {
    struct list_column *columns;
    int column_count;
    struct list_model model;
    long count; /* rows; grows and shrinks at will: list_clamp */
    long top, cursor;
    int y, height; /* of the rows, the heading is at y - 1 */
    bool stale;    /* rows are old: shown with "~" in the heading */
};

/* Paints heading and rows; rows that look as before cost no bytes. */
void list_paint(struct list *l);
/* Moves the cursor by rows, pages (list height) or to an end; keeps it in view. True where anything changed. */
bool list_move(struct list *l, long rows);
bool list_page(struct list *l, int pages);
bool list_go(struct list *l, long row);
void list_clamp(struct list *l);
/* What is painted at y, x; -1 where there is none. *column: of `columns`; *row only below the heading. False: not the list. */
bool list_at(const struct list *l, int y, int x, int *column, long *row);

#endif
