#include "base/die.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*hook_before)(void);

void die_hook(void (*hook)(void)) { hook_before = hook; }

void die(const char *format, ...)
{
    if (hook_before) hook_before();
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(70);
}

static void *checked(void *memory)
{
    if (!memory) die("out of memory");
    return memory;
}

void *xmalloc(size_t size) { return checked(malloc(size ? size : 1)); }

void *xcalloc(size_t count, size_t size) { return checked(calloc(count ? count : 1, size ? size : 1)); }

void *xreallocarray(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) die("out of memory: %zu x %zu bytes", count, size);
    size_t total = count * size;
    return checked(realloc(old, total ? total : 1));
}

char *xstrdup(const char *text) { return xstrndup(text, strlen(text)); }

char *xstrndup(const char *text, size_t len)
{
    char *copy = xmalloc(len + 1);
    memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *xasprintf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0) die("out of memory");
    va_end(args);
    return text;
}
