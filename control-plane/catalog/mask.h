/* Values and texts as they may be shown to a person who may not see them: no more than the catalog itself would write down.
 *
 * A body keeps the words that were seen on several records; values are "<*>", other words "<?>". A value is its shape:
 * "<email>", "<uuid>", "<digits 16>", "<text 24>", "<int>". A key keeps its name where it is one of a field that was seen on
 * several records, else it is "<?>" (or "*" where it looks like a value). The output is fit for a terminal. */
#ifndef CONTROL_PLANE_CATALOG_MASK_H
#define CONTROL_PLANE_CATALOG_MASK_H

#include "base/buf.h"
#include "control-plane/catalog/record.h"
#include "control-plane/catalog/words.h"

void mask_text(struct buf *out, const struct words *words, struct slice text);
/* path: the whole name of the field; what it says tells kinds of values that have no shape. */
void mask_value(struct buf *out, struct slice path, enum value_type type, struct slice text);
void mask_path(struct buf *out, const struct words *words, struct slice path);

#endif
