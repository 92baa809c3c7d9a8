#include "policy/node.h"

#include "base/die.h"

#include <ctype.h>
#include <yaml.h>

enum { ANCHORS_MAX = 1000 };

struct anchor {
    struct slice name;
    const struct node *node; /* NULL: not complete yet */
};

struct yaml_tree {
    struct arena *arena;
    yaml_parser_t parser;
    yaml_event_t event;
    bool held;
    size_t nodes;
    struct anchor anchors[ANCHORS_MAX];
    size_t anchor_count;
    struct node_error *error;
};

static struct node *fail(struct yaml_tree *t, const char *message)
{
    if (!t->error->message) *t->error = (struct node_error){(unsigned)t->event.start_mark.line + 1, message};
    return NULL;
}

static bool next_event(struct yaml_tree *t)
{
    if (t->held) yaml_event_delete(&t->event);
    t->held = yaml_parser_parse(&t->parser, &t->event) != 0;
    if (t->held) return true;
    const char *problem = t->parser.problem ? t->parser.problem : "not YAML";
    size_t line = t->parser.problem_mark.line;
    *t->error = (struct node_error){(unsigned)line + 1, arena_copy(t->arena, slice_str(problem))};
    return false;
}

static bool word_in(struct slice s, const char *const *words)
{
    for (; *words; words++)
        if (slice_is(s, *words)) return true;
    return false;
}

static bool number_form(struct slice s)
{
    size_t i = 0, digits = 0;
    if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
    for (; i < s.len && isdigit((unsigned char)s.ptr[i]); i++) digits++;
    if (i < s.len && s.ptr[i] == '.')
        for (i++; i < s.len && isdigit((unsigned char)s.ptr[i]); i++) digits++;
    if (!digits) return false;
    if (i == s.len) return true;
    if (s.ptr[i] != 'e' && s.ptr[i] != 'E') return false;
    i++;
    if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+')) i++;
    size_t from = i;
    while (i < s.len && isdigit((unsigned char)s.ptr[i])) i++;
    return i == s.len && i > from;
}

/* YAML 1.2's core schema. */
static enum node_kind plain_kind(struct slice s, bool *boolean)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const yes[] = {"true", "True", "TRUE", NULL}, *const no[] = {"false", "False", "FALSE", NULL};
    *boolean = word_in(s, yes);
    if (*boolean || word_in(s, no)) return NODE_BOOL;
    if (word_in(s, nulls)) return NODE_NULL;
    return number_form(s) ? NODE_NUMBER : NODE_STRING;
}

static struct node *scalar(struct yaml_tree *t)
{
    struct slice text = slice_of((const char *)t->event.data.scalar.value, t->event.data.scalar.length);
    const char *tag = (const char *)t->event.data.scalar.tag;
    bool boolean = false, plain = t->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !tag;
    enum node_kind kind = plain ? plain_kind(text, &boolean) : NODE_STRING;
    if (kind == NODE_NUMBER && *text.ptr == '+') text = slice_of(text.ptr + 1, text.len - 1);
    struct node *n = node_new(t->arena, kind, node_copy_text(t->arena, text));
    n->boolean = boolean;
    return n;
}

static size_t add_anchor(struct yaml_tree *t, const yaml_char_t *name)
{
    if (!name) return ANCHORS_MAX;
    if (t->anchor_count == ANCHORS_MAX) {
        fail(t, "too many anchors");
        return ANCHORS_MAX;
    }
    t->anchors[t->anchor_count] = (struct anchor){node_copy_text(t->arena, slice_str((const char *)name)), NULL};
    return t->anchor_count++;
}

static struct node *alias(struct yaml_tree *t)
{
    struct slice name = slice_str((const char *)t->event.data.alias.anchor);
    for (size_t i = t->anchor_count; i-- > 0;) {
        if (!slice_eq(t->anchors[i].name, name)) continue;
        if (!t->anchors[i].node) return fail(t, "an alias inside its own anchor");
        struct node *n = node_new(t->arena, NODE_NULL, (struct slice){0});
        *n = *t->anchors[i].node;
        n->next = NULL;
        t->nodes += n->size;
        return t->nodes > NODES_MAX ? fail(t, "too many values") : n;
    }
    return fail(t, "an alias without an anchor");
}

static struct node *yaml_value(struct yaml_tree *t, unsigned depth);

static bool yaml_members(struct yaml_tree *t, struct node *map, unsigned depth)
{
    while (next_event(t) && t->event.type != YAML_MAPPING_END_EVENT) {
        if (t->event.type != YAML_SCALAR_EVENT) return fail(t, "a key that is no word"), false;
        struct slice key = node_copy_text(t->arena, slice_of((const char *)t->event.data.scalar.value, t->event.data.scalar.length));
        if (!next_event(t)) return false;
        struct node *value = yaml_value(t, depth);
        if (!value) return false;
        value->key = key;
        node_append(map, value);
    }
    return t->held;
}

static bool yaml_elements(struct yaml_tree *t, struct node *list, unsigned depth)
{
    while (next_event(t) && t->event.type != YAML_SEQUENCE_END_EVENT) {
        struct node *value = yaml_value(t, depth);
        if (!value) return false;
        node_append(list, value);
    }
    return t->held;
}

static struct node *collection(struct yaml_tree *t, bool map, unsigned depth)
{
    struct node *n = node_new(t->arena, map ? NODE_MAP : NODE_LIST, (struct slice){0});
    n->line = (unsigned)t->event.start_mark.line + 1;
    if (depth == NODE_DEPTH) return fail(t, "nested too deeply");
    return (map ? yaml_members(t, n, depth + 1) : yaml_elements(t, n, depth + 1)) ? n : NULL;
}

/* Of the event that is held. */
static struct node *yaml_value(struct yaml_tree *t, unsigned depth)
{
    unsigned line = (unsigned)t->event.start_mark.line + 1;
    if (++t->nodes > NODES_MAX) return fail(t, "too many values");
    size_t anchor;
    struct node *n;
    switch (t->event.type) {
    case YAML_ALIAS_EVENT: return alias(t);
    case YAML_SCALAR_EVENT:
        anchor = add_anchor(t, t->event.data.scalar.anchor);
        n = scalar(t);
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = add_anchor(t, t->event.data.sequence_start.anchor);
        n = collection(t, false, depth);
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = add_anchor(t, t->event.data.mapping_start.anchor);
        n = collection(t, true, depth);
        break;
    default: return fail(t, "not a value");
    }
    if (!n || t->error->message) return NULL;
    n->line = line;
    if (anchor < ANCHORS_MAX) t->anchors[anchor].node = n;
    return n;
}

static struct node *documents(struct yaml_tree *t)
{
    struct node *list = node_new(t->arena, NODE_LIST, (struct slice){0});
    while (next_event(t) && t->event.type != YAML_STREAM_END_EVENT) {
        if (t->event.type != YAML_DOCUMENT_START_EVENT) continue;
        t->anchor_count = 0;
        struct node *n = next_event(t) ? yaml_value(t, 0) : NULL;
        if (!n) return NULL;
        if (n->kind != NODE_NULL) node_append(list, n);
    }
    return t->held ? list : NULL;
}

struct node *node_read_yaml(struct arena *a, struct slice text, bool *several, struct node_error *error)
{
    struct yaml_tree *t = xcalloc(1, sizeof *t);
    t->arena = a;
    t->error = error;
    *error = (struct node_error){0};
    if (!yaml_parser_initialize(&t->parser)) die("no memory for YAML");
    yaml_parser_set_encoding(&t->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&t->parser, (const unsigned char *)text.ptr, text.len);
    struct node *n = documents(t);
    if (t->held) yaml_event_delete(&t->event);
    yaml_parser_delete(&t->parser);
    free(t);
    if (!n && !error->message) *error = (struct node_error){1, "not YAML"};
    if (!n) return NULL;
    *several = n->first != n->last;
    if (!n->first) *error = (struct node_error){1, "empty"};
    return *several ? n : n->first;
}
