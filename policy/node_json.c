#include "policy/node.h"

#include "base/json_read.h"
#include "base/json_write.h"

struct json_tree {
    struct arena *arena;
    struct json_reader reader;
    struct buf scratch;
    size_t counted; /* bytes of which the lines are counted */
    unsigned line;
    size_t nodes;
    const char *error;
};

static unsigned line_here(struct json_tree *t)
{
    const char *from = t->reader.in.ptr + t->counted, *end = t->reader.in.ptr + t->reader.at;
    for (const char *p; (p = memchr(from, '\n', (size_t)(end - from))); from = p + 1) t->line++;
    t->counted = t->reader.at;
    return t->line;
}

static struct slice text_here(struct json_tree *t) { return node_copy_text(t->arena, json_text(&t->reader, &t->scratch)); }

static struct node *tree_value(struct json_tree *t);

static bool tree_members(struct json_tree *t, struct node *map)
{
    while (json_next(&t->reader) == JSON_KEY) {
        struct slice key = text_here(t);
        (void)json_next(&t->reader);
        struct node *value = tree_value(t);
        if (!value) return false;
        value->key = key;
        node_append(map, value);
    }
    return t->reader.token == JSON_OBJECT_END;
}

static bool tree_elements(struct json_tree *t, struct node *list)
{
    while (json_next(&t->reader) != JSON_ARRAY_END) {
        struct node *value = tree_value(t);
        if (!value) return false;
        node_append(list, value);
    }
    return true;
}

/* Of the token that the reader is at. */
static struct node *tree_value(struct json_tree *t)
{
    static const enum node_kind kinds[] = {
        [JSON_OBJECT] = NODE_MAP, [JSON_ARRAY] = NODE_LIST, [JSON_STRING] = NODE_STRING, [JSON_NUMBER] = NODE_NUMBER,
        [JSON_TRUE] = NODE_BOOL,  [JSON_FALSE] = NODE_BOOL, [JSON_NULL] = NODE_NULL,
    };
    enum json_token token = t->reader.token;
    if (token == JSON_ERROR || token == JSON_END || token == JSON_OBJECT_END || token == JSON_ARRAY_END) return NULL;
    if (++t->nodes > NODES_MAX) {
        t->error = "too many values";
        return NULL;
    }
    bool scalar = token == JSON_STRING || token == JSON_NUMBER;
    struct node *n = node_new(t->arena, kinds[token], scalar ? text_here(t) : (struct slice){0});
    n->line = line_here(t);
    n->boolean = token == JSON_TRUE;
    if (token == JSON_OBJECT && !tree_members(t, n)) return NULL;
    if (token == JSON_ARRAY && !tree_elements(t, n)) return NULL;
    return n;
}

struct node *node_read_json(struct arena *a, struct slice text, struct node_error *error)
{
    struct json_tree t = {.arena = a, .line = 1};
    buf_init(&t.scratch, text.len * 3 + 64);
    json_begin(&t.reader, text);
    (void)json_next(&t.reader);
    struct node *n = tree_value(&t);
    if (n && json_next(&t.reader) != JSON_END) n = NULL;
    if (!n) {
        const char *why = t.error ? t.error : t.reader.error ? t.reader.error : "not JSON";
        *error = (struct node_error){line_here(&t), arena_copy(a, slice_str(why))};
    }
    buf_free(&t.scratch);
    return n;
}

static void line_break(struct buf *out, unsigned indent, unsigned depth)
{
    if (!indent) return;
    buf_char(out, '\n');
    for (unsigned i = 0; i < indent * depth; i++) buf_char(out, ' ');
}

static bool flat(const struct node *n)
{
    unsigned count = 0;
    for (const struct node *c = n->first; c; c = c->next)
        if (c->first || ++count > 4) return false;
    return true;
}

static void write_node(struct buf *out, const struct node *n, unsigned indent, unsigned depth)
{
    bool map = n->kind == NODE_MAP, inline_list = flat(n);
    switch (n->kind) {
    case NODE_NULL: buf_str(out, "null"); return;
    case NODE_BOOL: buf_str(out, n->boolean ? "true" : "false"); return;
    case NODE_NUMBER: buf_slice(out, n->text); return;
    case NODE_STRING: json_write_string(out, n->text); return;
    case NODE_LIST:
    case NODE_MAP: break;
    }
    buf_char(out, map ? '{' : '[');
    for (const struct node *c = n->first; c; c = c->next) {
        if (!inline_list) line_break(out, indent, depth + 1);
        if (map) {
            json_write_string(out, c->key);
            buf_str(out, indent ? ": " : ":");
        }
        write_node(out, c, indent, depth + 1);
        if (c->next) buf_str(out, indent && inline_list ? ", " : ",");
    }
    if (n->first && !inline_list) line_break(out, indent, depth);
    buf_char(out, map ? '}' : ']');
}

void node_write_json(struct buf *out, const struct node *n, unsigned indent) { write_node(out, n, indent, 0); }
