/* Canonical proto JSON by the tables of schema.c. */
#include "policy/schema.h"

#include "base/json_write.h"

static void write_key(struct buf *out, const char *name, bool *first)
{
    if (!*first) buf_char(out, ',');
    *first = false;
    buf_char(out, '"');
    key_camel(out, name);
    buf_str(out, "\":");
}

static void write_default(struct buf *out, const struct proto_field *f)
{
    if (f->flags & PROTO_REPEATED) buf_str(out, "[]");
    else if (f->type == PROTO_STRING || f->type == PROTO_BYTES) buf_str(out, "\"\"");
    else if (f->type == PROTO_BOOL) buf_str(out, "false");
    else buf_str(out, f->type == PROTO_INT64 || f->type == PROTO_FIXED64 ? "\"0\"" : "0");
}

static void write_value(struct buf *out, const struct proto_field *f, const struct node *n)
{
    if (f->type == PROTO_MESSAGE) proto_write_json(out, f->message, n);
    else if (f->type == PROTO_BOOL) buf_str(out, n->boolean ? "true" : "false");
    else if (n->kind == NODE_NUMBER && f->type != PROTO_INT64 && f->type != PROTO_FIXED64) buf_slice(out, n->text);
    else json_write_string(out, n->text);
}

static void write_list(struct buf *out, const struct proto_field *f, const struct node *list)
{
    buf_char(out, '[');
    for (const struct node *c = list->first; c; c = c->next) {
        write_value(out, f, c);
        if (c->next) buf_char(out, ',');
    }
    buf_char(out, ']');
}

void proto_write_json(struct buf *out, const struct proto_message *m, const struct node *map)
{
    bool first = true;
    buf_char(out, '{');
    for (size_t i = 0; i < m->count; i++) {
        const struct proto_field *f = &m->fields[i];
        const struct node *n = node_get(map, f->name);
        if (!n && f->flags & (PROTO_PRESENT | PROTO_HIDDEN)) continue;
        write_key(out, f->name, &first);
        if (!n) write_default(out, f);
        else if (f->flags & PROTO_REPEATED) write_list(out, f, n);
        else write_value(out, f, n);
    }
    buf_char(out, '}');
}
