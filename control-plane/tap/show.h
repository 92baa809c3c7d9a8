/* Values and keys as they are written into a block: masked, or as they are. Private to the module. */
#ifndef CONTROL_PLANE_TAP_SHOW_H
#define CONTROL_PLANE_TAP_SHOW_H

#include "base/buf.h"
#include "control-plane/tap/rows.h"

/* What a value is the value of. */
struct show_place {
    enum policy_scope scope;      /* where field is NONE */
    enum policy_field field;      /* BODY also for what is in a body that is a map */
    const struct tree_pair *pair; /* NULL: the field itself */
    bool written;                 /* the policy wrote it: its texts are shown as they are */
};

/* Segments, a NUL after each. */
void show_path(struct buf *out, const struct rows_mask *m, const struct show_place *place);
/* At most ROW_TEXT_MOST bytes; false: cut. */
bool show_value(struct buf *out, const struct rows_mask *m, const struct show_place *place, const struct tree_value *v);

#endif
