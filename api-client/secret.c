#include "api-client/internal.h"
#include "base/die.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* The length stands before the text, so that all of it can be wiped. */
char *secret_new(const char *prefix, const char *text)
{
    if (sodium_init() < 0) die("libsodium does not start");
    size_t len = strlen(prefix) + strlen(text) + 1;
    char *block = xmalloc(sizeof len + len);
    (void)sodium_mlock(block, sizeof len + len);
    memcpy(block, &len, sizeof len);
    snprintf(block + sizeof len, len, "%s%s", prefix, text);
    return block + sizeof len;
}

void secret_free(char *secret)
{
    if (!secret) return;
    size_t len;
    char *block = secret - sizeof len;
    memcpy(&len, block, sizeof len);
    sodium_munlock(block, sizeof len + len);
    free(block);
}
