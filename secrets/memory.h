/* Memory for what must not leave this process: locked, not in core files, between guard pages, wiped when freed. The first piece of it
 * also turns core files off and closes the process to debuggers of the same user. */
#ifndef SECRETS_MEMORY_H
#define SECRETS_MEMORY_H

#include "base/slice.h"

#include <stddef.h>

/* Zeroed. Ends the program where no memory can be had. */
void *secret_alloc(size_t size);
/* A copy with a NUL at its end. */
char *secret_copy(struct slice text);
/* NULL is fine. */
void secret_wipe(void *secret);

#endif
