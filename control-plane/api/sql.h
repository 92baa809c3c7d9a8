/* A statement in the making: text with values, no value ever within the text. */
#ifndef CONTROL_PLANE_API_SQL_H
#define CONTROL_PLANE_API_SQL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "control-plane/store/store.h"

enum sql_type { SQL_INT, SQL_DOUBLE, SQL_TEXT, SQL_ID };
struct sql_value {
    enum sql_type type;
    union {
        int64_t integer;
        double real;
        struct slice text; /* borrowed until the statement was run */
        struct id128 id;
    };
};

enum { SQL_VALUES = 1000, SQL_TEXT_MAX = 32 * 1024 };

struct sql {
    struct buf text;
    struct sql_value *values;
    size_t count, capacity;
    bool full; /* too many values or too much text */
};

void sql_init(struct sql *q);
void sql_free(struct sql *q);
void sql_text(struct sql *q, const char *text);
/* "?" and its value. */
void sql_value(struct sql *q, struct sql_value value);
void sql_int(struct sql *q, int64_t value);
/* A finished piece, to be used several times; in an arena. */
struct sql_part {
    struct slice text;
    const struct sql_value *values;
    size_t count;
};
/* False: the arena is full. */
bool sql_keep(const struct sql *q, struct arena *arena, struct sql_part *part);
void sql_append(struct sql *q, const struct sql_part *part);
/* Prepared and bound; not full. */
sqlite3_stmt *sql_prepare(struct db *db, const struct sql *q);

/* Predicates name columns by this mark, so that one text serves two ways of finding rows: sql_mark(q, true) makes it
 * a unary plus, which keeps an index from being chosen for the predicate (the page walks the index of its order);
 * sql_mark(q, false) makes it a blank (the planner chooses). */
#define SQL_MARK "\1"
void sql_mark(struct sql *q, bool walk);

#endif
