/* Which columns of a list are shown, where and how wide. Private to tui/ and its tests. */
#ifndef TUI_LIST_LAYOUT_H
#define TUI_LIST_LAYOUT_H

#include "tui/list.h"

enum { LIST_COLUMNS_MAX = 64 };

struct list_place {
    int column, x, width;
};

/* From x on, `width` columns of the terminal with LIST_GAP between; gives the number of places. What is too wide for
 * the line goes by priority; the rest shares what is left over. */
enum { LIST_GAP = 2 };
int list_layout(const struct list_column *columns, int count, int x, int width, struct list_place *places);

#endif
