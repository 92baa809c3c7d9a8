#include "policy/node.h"

#include "base/die.h"
#include "base/json_write.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void *node_memory(struct arena *a, size_t size)
{
    void *p = arena_zero(a, size);
    if (!p) die("no memory for policies");
    return p;
}

struct slice node_copy_text(struct arena *a, struct slice s)
{
    char *p = node_memory(a, s.len + 1);
    if (s.len) memcpy(p, s.ptr, s.len);
    return slice_of(p, s.len);
}

struct node *node_new(struct arena *a, enum node_kind kind, struct slice text)
{
    struct node *n = node_memory(a, sizeof *n);
    *n = (struct node){.kind = kind, .text = text, .size = 1};
    return n;
}

void node_append(struct node *list, struct node *child)
{
    if (list->last) list->last->next = child;
    else list->first = child;
    list->last = child;
    list->size += child->size;
}

struct node *node_put(struct arena *a, struct node *map, const char *key, enum node_kind kind, struct slice text)
{
    struct node *n = node_new(a, kind, text);
    n->key = slice_str(key);
    node_append(map, n);
    return n;
}

void node_put_string(struct arena *a, struct node *map, const char *key, struct slice text) { node_put(a, map, key, NODE_STRING, text); }

void node_put_bool(struct arena *a, struct node *map, const char *key, bool value)
{
    node_put(a, map, key, NODE_BOOL, (struct slice){0})->boolean = value;
}

void node_put_int(struct arena *a, struct node *map, const char *key, int64_t value)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%" PRId64, value);
    node_put(a, map, key, NODE_NUMBER, node_copy_text(a, slice_of(text, (size_t)n)));
}

void node_put_u64(struct arena *a, struct node *map, const char *key, uint64_t value)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%" PRIu64, value);
    node_put(a, map, key, NODE_NUMBER, node_copy_text(a, slice_of(text, (size_t)n)));
}

void node_put_double(struct arena *a, struct node *map, const char *key, double value)
{
    struct buf b;
    buf_init(&b, 64);
    if (isfinite(value)) json_write_double(&b, value);
    else buf_str(&b, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    if (isfinite(value) && !memchr(b.data, '.', b.len) && !memchr(b.data, 'e', b.len)) buf_str(&b, ".0");
    node_put(a, map, key, isfinite(value) ? NODE_NUMBER : NODE_STRING, node_copy_text(a, buf_view(&b)));
    buf_free(&b);
}

struct node *node_copy(struct arena *a, const struct node *n)
{
    struct node *copy = node_new(a, n->kind, node_copy_text(a, n->text));
    copy->key = node_copy_text(a, n->key);
    copy->boolean = n->boolean;
    copy->line = n->line;
    for (const struct node *c = n->first; c; c = c->next) node_append(copy, node_copy(a, c));
    return copy;
}

bool key_is(struct slice key, const char *snake)
{
    size_t i = 0;
    for (const char *s = snake; *s; s++, i++) {
        if (i >= key.len) return false;
        if (key.ptr[i] == *s) continue;
        if (*s != '_' || key.ptr[i] != toupper((unsigned char)s[1])) return false;
        s++;
    }
    return i == key.len;
}

void key_camel(struct buf *out, const char *snake)
{
    for (const char *s = snake; *s; s++) {
        if (*s == '_' && s[1]) buf_char(out, (char)toupper((unsigned char)*++s));
        else buf_char(out, *s);
    }
}

const struct node *node_get(const struct node *map, const char *snake)
{
    if (!map || map->kind != NODE_MAP) return NULL;
    for (const struct node *n = map->first; n; n = n->next)
        if (key_is(n->key, snake)) return n;
    return NULL;
}

enum { NUMBER_TEXT = 64 };

static bool number_text(const struct node *n, char text[NUMBER_TEXT])
{
    if (!n || (n->kind != NODE_NUMBER && n->kind != NODE_STRING) || !n->text.len || n->text.len >= NUMBER_TEXT) return false;
    memcpy(text, n->text.ptr, n->text.len);
    text[n->text.len] = '\0';
    return !isspace((unsigned char)*text) && strlen(text) == n->text.len;
}

/* "1e3" and "5.0" are integers too, as proto JSON has it. */
static bool whole(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return !*end && end != text && *value == floor(*value) && fabs(*value) < 9007199254740992.0 && !strpbrk(text, "xXnN");
}

bool node_int(const struct node *n, int64_t *value)
{
    char text[NUMBER_TEXT], *end;
    double real;
    if (!number_text(n, text)) return false;
    errno = 0;
    *value = strtoll(text, &end, 10);
    if (!errno && !*end) return true;
    if (errno || !whole(text, &real)) return false;
    *value = (int64_t)real;
    return true;
}

bool node_u64(const struct node *n, uint64_t *value)
{
    char text[NUMBER_TEXT], *end;
    double real;
    if (!number_text(n, text) || *text == '-') return false;
    errno = 0;
    *value = strtoull(text, &end, 10);
    if (!errno && !*end) return true;
    if (errno || !whole(text, &real)) return false;
    *value = (uint64_t)real;
    return true;
}

bool node_double(const struct node *n, double *value)
{
    char text[NUMBER_TEXT], *end;
    if (!number_text(n, text)) return false;
    *value = strtod(text, &end);
    if (*end || end == text || strpbrk(text, "xXpP")) return false;
    return isfinite(*value) || isalpha((unsigned char)text[*text == '-']);
}
