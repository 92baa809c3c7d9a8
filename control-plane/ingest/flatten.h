/* Attribute values of one record as a flat list of leaves. Private to the module.
 *
 * flat_clear() before a record; then any number of flat_pair/flat_value. Fields borrow from the input and from the
 * flat list's own text. What passes a limit of otlp.h is left out; `limit` (<= OTLP_FIELDS) may be moved in between. */
#ifndef CONTROL_PLANE_FLATTEN_H
#define CONTROL_PLANE_FLATTEN_H

#include "control-plane/ingest/otlp.h"

struct flat {
    size_t count, limit, text_used;
    size_t text_most; /* the greatest text_used of all records: how much to wipe */
    bool bad_text;    /* a key or a string was no UTF-8 */
    struct field fields[OTLP_FIELDS];
    char text[OTLP_RECORD_TEXT];
};

void flat_clear(struct flat *f);
/* The bytes of a KeyValue below `prefix` (empty at the top). */
void flat_pair(struct flat *f, struct slice prefix, struct slice key_value, unsigned depth);
/* The bytes of an AnyValue named `path`. */
void flat_value(struct flat *f, struct slice path, struct slice any, unsigned depth);

/* For other decoders: one leaf; prefix + "." + key, or prefix + "[]" where key.ptr is NULL (false: no room). */
void flat_add(struct flat *f, struct slice path, enum value_type type, struct slice text);
bool flat_join(struct flat *f, struct slice prefix, struct slice key, struct slice *path);

/* Fast where the text is ASCII. */
bool text_is_utf8(struct slice s);

#endif
