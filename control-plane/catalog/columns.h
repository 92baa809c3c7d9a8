/* A line's columns, as header inference sees them: runs of non-blanks; "|" parts columns too; what brackets hold is
 * one column even where it has blanks. Private to the catalog. */
#ifndef CONTROL_PLANE_COLUMNS_H
#define CONTROL_PLANE_COLUMNS_H

#include "control-plane/catalog/record.h"

enum { COLUMNS_MAX = 20 };

enum column_kind {
    COLUMN_WORD,
    COLUMN_MIXED,
    COLUMN_NUMBER,
    COLUMN_TIME,
    COLUMN_CALENDAR,
    COLUMN_LEVEL,
    COLUMN_SIGN,
    COLUMN_BRACKET,
    COLUMN_NAME
};
enum { COLUMN_KINDS = COLUMN_NAME + 1 };

struct column {
    struct slice text;
    const char *next; /* where the column after it begins, or the end of the line */
    enum column_kind kind;
    bool clock;   /* holds a time of day or a count of seconds since 1970 */
    bool date;    /* reads as a date */
    bool quoted;  /* begins with a quote: part of the message */
    bool level;   /* names a level, in brackets or not */
    bool named;   /* "name:" and its like, whatever else it is */
    bool process; /* with a process number: "sshd[12]:" */
};

size_t columns_of(struct slice line, struct column *columns, size_t max);

#endif
