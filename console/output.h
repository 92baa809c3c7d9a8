/* Rows to a stream as an aligned table, JSON or CSV; memory for one page at most. */
#ifndef CONSOLE_OUTPUT_H
#define CONSOLE_OUTPUT_H

#include "console/options.h"
#include "screens/resource.h"

struct writer {
    FILE *out;
    enum output format;
    const struct column **columns;
    size_t column_count;
    int width; /* of the table */
    bool utf8; /* of the table: an ellipsis */
    bool one;  /* a single object, no array */
    size_t rows;
    int *widths; /* of the table; 0: dropped */
};

/* Picks what to show: `keys` "a,b", "all", or NULL (table: what the screen shows; json, csv: everything without series). False: *problem
 * (static). */
bool writer_columns(struct writer *w, const struct resource *r, const char *keys, const char **problem);
void writer_free(struct writer *w);

/* The edges of one page: [{"node": {...}}, ...]. The first page decides the widths of the table. */
void writer_page(struct writer *w, const json_t *edges, int64_t now_ns);
void writer_end(struct writer *w);
/* One object as "title  value" lines (table), or as JSON or CSV. */
void writer_object(struct writer *w, const json_t *node, int64_t now_ns);

#endif
