/* Records that are fields: JSON objects, logfmt lines, maps. Their template is that of the field that holds the
 * message; without one, that of the field that names the event; without either, the sorted field names. */
#ifndef CONTROL_PLANE_STRUCTURE_H
#define CONTROL_PLANE_STRUCTURE_H

#include "control-plane/catalog/record.h"
#include "control-plane/catalog/template.h"

enum { STRUCTURE_KEYS = 48, STRUCTURE_LEAVES = 128 };

struct structure {
    struct slice keys[STRUCTURE_KEYS];
    size_t key_count;
    struct slice message, event, event_key, level; /* empty: none */
    unsigned message_rank, event_rank;             /* 0: none; greater is better */
    struct field leaves[STRUCTURE_LEAVES];         /* of a text; an array is one leaf, as it stands */
    size_t leaf_count;
    bool leaves_lost;
    struct buf text; /* paths and unescaped values, kept by offset in the slices' stead */
};

void structure_init(struct structure *s);
void structure_free(struct structure *s);

/* What the text is: false for plain text. The slices borrow from the text and from s. */
bool structure_of_text(struct structure *s, struct slice text);
void structure_of_fields(struct structure *s, const struct field *fields, size_t count);
void structure_template(struct structure *s, struct template *t);

/* The template of an event's name as its author gave it; false where it does not read as an identifier. */
bool structure_event_name(struct template *t, struct slice name);

#endif
