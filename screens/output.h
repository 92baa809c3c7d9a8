/* Rows to a stream as an aligned table, JSON, CSV, YAML or Markdown, for headless answers and for exports; memory for one page at most. */
#ifndef SCREENS_OUTPUT_H
#define SCREENS_OUTPUT_H

#include "screens/resource.h"

#include <stdio.h>

enum output { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_CSV, OUTPUT_YAML, OUTPUT_MARKDOWN, OUTPUTS };
/* "table", "json", "csv", "yaml", "markdown"; NULL beyond the last. */
const char *output_name(int format);
/* By its name, or as a file's name ends (".md", ".yml", too); -1: none. */
int output_named(const char *name);

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

/* Picks what to show: `keys` "a,b", "all", or NULL (table: what the screen shows; else everything without series). False: *problem
 * (static). */
bool writer_columns(struct writer *w, const struct resource *r, const char *keys, const char **problem);
void writer_free(struct writer *w);

/* The edges of one page: [{"node": {...}}, ...]. The first page decides the widths of the table. */
void writer_page(struct writer *w, const json_t *edges, int64_t now_ns);
void writer_end(struct writer *w);
/* One object as "title  value" lines (table), or as JSON or CSV. */
void writer_object(struct writer *w, const json_t *node, int64_t now_ns);

#endif
