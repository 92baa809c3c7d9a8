/* What the files of the bulk panel share. */
#ifndef SCREENS_BULK_PAINT_H
#define SCREENS_BULK_PAINT_H

#include "screens/bulk.h"

/* ---- bulk.c ---- */
size_t bulk_counted(const struct bulk *b, enum bulk_state state);
bool bulk_loading(const struct bulk *b);
/* Nothing is under way and nothing more is sent. */
bool bulk_finished(const struct bulk *b);

/* ---- bulk_paint.c ---- */
void bulk_row_of(const struct bulk *b, const struct bulk_item *i, struct bulk_row *row);
/* The key, else the name. */
const char *bulk_name(const struct bulk_row *row);
int bulk_height(const struct bulk *b, int body);
void bulk_paint(struct bulk *b, int y, int rows);

#endif
