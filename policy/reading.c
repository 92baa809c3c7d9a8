#include "policy/reading.h"

#include "base/die.h"

#include <stdarg.h>
#include <stdio.h>

enum { PLACE_MAX = 400, MESSAGE_MAX = 600, ERRORS_MAX = 200 };

void *list_add(struct arena *a, struct list *l, size_t size)
{
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : 4;
        void *items = node_memory(a, room * size);
        if (l->count) memcpy(items, l->items, l->count * size);
        l->items = items;
        l->room = room;
    }
    return (char *)l->items + size * l->count++;
}

size_t enter(struct reading *r, const char *name)
{
    size_t mark = r->place.len;
    if (!r->place.max) buf_init(&r->place, PLACE_MAX);
    buf_printf(&r->place, "%s: ", name);
    return mark;
}

size_t enter_item(struct reading *r, const char *name, size_t index)
{
    char text[80];
    snprintf(text, sizeof text, "%s[%zu]", name, index);
    return enter(r, text);
}

void leave(struct reading *r, size_t mark) { buf_cut(&r->place, mark); }

static void note(struct reading *r, struct list *l, const struct node *at, const char *format, va_list args)
{
    char text[MESSAGE_MAX];
    if (l->count == ERRORS_MAX) return;
    vsnprintf(text, sizeof text, format, args);
    struct policy_error *e = list_add(r->arena, l, sizeof *e);
    struct buf b;
    buf_init(&b, PLACE_MAX + MESSAGE_MAX);
    buf_slice(&b, buf_view(&r->place));
    buf_str(&b, text);
    *e = (struct policy_error){node_copy_text(r->arena, buf_view(&b)), at && at->line ? at->line : r->line};
    buf_free(&b);
}

void wrong(struct reading *r, const struct node *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(r, &r->errors, at, format, args);
    va_end(args);
}

void doubtful(struct reading *r, const struct node *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(r, &r->warnings, at, format, args);
    va_end(args);
}

bool given(const struct node *n) { return n && n->kind != NODE_NULL; }

struct slice read_text(struct reading *r, const struct node *n, const char *what)
{
    if (!given(n)) return SLICE("");
    if (n->kind == NODE_STRING) return node_copy_text(r->arena, n->text);
    wrong(r, n, "%s is not a string%s", what, n->kind == NODE_NUMBER || n->kind == NODE_BOOL ? " (put it in quotes)" : "");
    return SLICE("");
}

bool read_bool(struct reading *r, const struct node *n, const char *what, bool otherwise)
{
    if (!given(n)) return otherwise;
    if (n->kind == NODE_BOOL) return n->boolean;
    wrong(r, n, "%s is neither true nor false", what);
    return otherwise;
}

void check_keys(struct reading *r, const struct node *map, const char *const *known)
{
    for (const struct node *n = map->first; n; n = n->next) {
        const char *const *k = known;
        while (*k && !key_is(n->key, *k)) k++;
        if (!*k) doubtful(r, n, "unknown key \"%.*s\" is ignored", (int)n->key.len, n->key.ptr);
        else if (node_get(map, *k) != n) wrong(r, n, "%s is given twice", *k);
    }
}

static const struct regex *keep_regex(struct reading *r, struct regex *regex)
{
    struct policy_set *s = r->set;
    if (s->regex_count == s->regex_room) {
        s->regex_room = s->regex_room ? s->regex_room * 2 : 16;
        s->regexes = xreallocarray(s->regexes, s->regex_room, sizeof(struct regex *));
    }
    return s->regexes[s->regex_count++] = regex;
}

const struct regex *read_regex(struct reading *r, const struct node *at, struct slice pattern, bool case_insensitive)
{
    char error[300];
    struct regex *regex = regex_new(pattern, case_insensitive, error, sizeof error);
    if (regex) return keep_regex(r, regex);
    wrong(r, at, "invalid regex \"%.*s\": %s", (int)(pattern.len < 200 ? pattern.len : 200), pattern.ptr, error);
    return NULL;
}

const struct regex *literal_regex(struct reading *r, struct slice text, bool at_start, bool at_end)
{
    struct regex *regex = regex_new_literal(text, true, at_start, at_end);
    if (regex) return keep_regex(r, regex);
    wrong(r, NULL, "the text is too long to be compared without case");
    return NULL;
}
