/* Columns of text on a terminal that no curses drives. Text is UTF-8 that was cleaned. */
#ifndef SCREENS_CELLS_H
#define SCREENS_CELLS_H

#include <stdbool.h>
#include <stdio.h>

/* Call first: makes character widths known whatever the locale is. True where the locale is UTF-8. */
bool cells_begin(void);
int cell_width(const char *text);
/* Exactly `width` columns, cut with an ellipsis; no blanks at the end where it is the line's last. */
void cell_write(FILE *out, const char *text, int width, bool right, bool last, bool utf8);
/* Of the terminal behind stdout, else of $COLUMNS, else 80. */
int cells_line(void);

#endif
