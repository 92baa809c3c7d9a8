/* Files that the build turns into constants of the program (base/embed.sh). A list ends with name == NULL. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/slice.h"

struct embedded {
    const char *name; /* file name without its folder */
    const char *text; /* NUL-terminated */
    size_t len;
};

extern const struct embedded embedded_schema[];     /* control-plane/schema.graphql */
extern const struct embedded embedded_migrations[]; /* control-plane/store/migrations/NNNN-name.sql, in order */
extern const struct embedded embedded_operations[]; /* api-client/operations/ *.graphql */
extern const struct embedded embedded_themes[];     /* themes/ *.theme */

#endif
