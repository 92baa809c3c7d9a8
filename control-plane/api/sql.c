#include "control-plane/api/sql.h"

#include "base/die.h"

#include <stdlib.h>

void sql_init(struct sql *q)
{
    *q = (struct sql){.full = false};
    buf_init(&q->text, SQL_TEXT_MAX);
}

void sql_free(struct sql *q)
{
    buf_free(&q->text);
    free(q->values);
}

void sql_text(struct sql *q, const char *text)
{
    buf_str(&q->text, text);
    if (q->text.full) q->full = true;
}

void sql_value(struct sql *q, struct sql_value value)
{
    if (q->count == q->capacity) {
        if (q->capacity >= SQL_VALUES) {
            q->full = true;
            return;
        }
        q->capacity = q->capacity ? q->capacity * 2 : 16;
        q->values = xreallocarray(q->values, q->capacity, sizeof *q->values);
    }
    q->values[q->count++] = value;
    sql_text(q, "?");
}

void sql_int(struct sql *q, int64_t value) { sql_value(q, (struct sql_value){.type = SQL_INT, .integer = value}); }

bool sql_keep(const struct sql *q, struct arena *arena, struct sql_part *part)
{
    struct sql_value *values = arena_alloc(arena, q->count * sizeof *values);
    char *text = arena_copy(arena, buf_view(&q->text));
    if (!values || !text) return false;
    if (q->count) memcpy(values, q->values, q->count * sizeof *values);
    *part = (struct sql_part){slice_of(text, q->text.len), values, q->count};
    return true;
}

void sql_append(struct sql *q, const struct sql_part *part)
{
    size_t at = q->text.len;
    for (size_t i = 0; i < part->count; i++) sql_value(q, part->values[i]);
    buf_cut(&q->text, at);
    buf_slice(&q->text, part->text);
    if (q->text.full) q->full = true;
}

static void bind(sqlite3_stmt *st, int at, const struct sql_value *v)
{
    unsigned char bytes[16];
    switch (v->type) {
    case SQL_INT: sqlite3_bind_int64(st, at, v->integer); break;
    case SQL_DOUBLE: sqlite3_bind_double(st, at, v->real); break;
    case SQL_TEXT: sqlite3_bind_text(st, at, v->text.len ? v->text.ptr : "", (int)v->text.len, SQLITE_STATIC); break;
    case SQL_ID:
        for (size_t i = 0; i < 8; i++) {
            bytes[i] = (unsigned char)(v->id.hi >> (56 - 8 * i));
            bytes[i + 8] = (unsigned char)(v->id.lo >> (56 - 8 * i));
        }
        sqlite3_bind_blob(st, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
        break;
    }
}

sqlite3_stmt *sql_prepare(struct db *db, const struct sql *q)
{
    sqlite3_stmt *st = db_prepare_text(db, buf_view(&q->text));
    for (size_t i = 0; i < q->count; i++) bind(st, (int)i + 1, &q->values[i]);
    return st;
}

void sql_mark(struct sql *q, bool walk)
{
    for (size_t i = 0; i < q->text.len; i++)
        if (q->text.data[i] == *SQL_MARK) q->text.data[i] = walk ? '+' : ' ';
}
