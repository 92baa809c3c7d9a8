/* The end of the program for reasons that no user can mend: no memory, a broken invariant.
 * Everything else is an error value. The x-functions never return NULL; free() what they give. */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include <stddef.h>

/* Prints one line to stderr and exits with 70, after the hook (which restores the terminal). */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
void die_hook(void (*hook)(void));

/* Readline's archive has a function of this name too. */
#define xmalloc base_xmalloc
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
/* Grows to count * size bytes; dies where the product overflows. */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t len);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
