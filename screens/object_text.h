/* An object as a person reads it in a file: JSON and YAML, a member a line; what could be read as a terminal's command is escaped. */
#ifndef SCREENS_OBJECT_TEXT_H
#define SCREENS_OBJECT_TEXT_H

#include "base/buf.h"

#include <jansson.h>

/* Without a newline at the end; `indent`: columns of what is inside. */
void object_json(struct buf *out, const json_t *value, int indent);
/* As a block, every line ended. */
void object_yaml(struct buf *out, const json_t *value, int indent);

#endif
