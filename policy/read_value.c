#include "policy/reading.h"

#include <ctype.h>

bool read_path(struct reading *r, const struct node *n, struct policy_selector *s)
{
    struct list path = {0};
    const struct node *whole = n;
    if (n->kind == NODE_MAP) {
        static const char *const known[] = {"path", NULL};
        check_keys(r, n, known);
        n = node_get(n, "path");
    }
    if (given(n) && n->kind == NODE_STRING)
        *(struct slice *)list_add(r->arena, &path, sizeof(struct slice)) = node_copy_text(r->arena, n->text);
    else if (given(n) && n->kind != NODE_LIST) return wrong(r, n, "attribute is neither a key nor a list of keys"), false;
    for (const struct node *c = n && n->kind == NODE_LIST ? n->first : NULL; c; c = c->next) {
        if (c->kind != NODE_STRING) return wrong(r, c, "attribute path holds something that is no string"), false;
        *(struct slice *)list_add(r->arena, &path, sizeof(struct slice)) = node_copy_text(r->arena, c->text);
    }
    s->path = path.items;
    s->path_count = path.count;
    bool empty = path.count == 0;
    for (size_t i = 0; i < path.count; i++) empty |= s->path[i].len == 0;
    if (empty) wrong(r, whole, "attribute has empty path");
    return !empty;
}

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

bool read_base64(struct arena *a, struct slice text, struct slice *bytes)
{
    while (text.len && text.ptr[text.len - 1] == '=') text.len--;
    unsigned char *out = node_memory(a, text.len + 1);
    size_t n = 0;
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = base64_digit(text.ptr[i]);
        if (digit < 0) return false;
        bits = (bits << 6 | (unsigned)digit) & 0xffff;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out[n++] = (unsigned char)(bits >> have);
    }
    *bytes = slice_of((const char *)out, n);
    return text.len % 4 != 1;
}

static bool hex_text(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!isxdigit((unsigned char)s.ptr[i])) return false;
    return s.len % 2 == 0;
}

static bool integer_literal(struct slice s)
{
    return s.len && !memchr(s.ptr, '.', s.len) && !memchr(s.ptr, 'e', s.len) && !memchr(s.ptr, 'E', s.len);
}

static void number_literal(struct reading *r, const struct node *n, struct policy_value *v)
{
    if (integer_literal(n->text)) {
        v->type = POLICY_VALUE_INT;
        if (!node_int(n, &v->integer)) wrong(r, n, "%.*s does not fit 64 bits", (int)n->text.len, n->text.ptr);
        return;
    }
    v->type = POLICY_VALUE_DOUBLE;
    if (!node_double(n, &v->real)) wrong(r, n, "%.*s is out of range", (int)n->text.len, n->text.ptr);
}

static const struct value_key {
    const char *key;
    enum policy_value_type type;
} value_keys[] = {
    {"bool_value", POLICY_VALUE_BOOL},   {"int_value", POLICY_VALUE_INT}, {"double_value", POLICY_VALUE_DOUBLE},
    {"bytes_value", POLICY_VALUE_BYTES}, {"hex_value", POLICY_VALUE_HEX}, {"string_value", POLICY_VALUE_STRING},
};

static void read_member(struct reading *r, const struct node *n, enum policy_value_type type, struct policy_value *v)
{
    v->type = type;
    bool text = n->kind == NODE_STRING, good = text;
    if (text || n->kind == NODE_NUMBER) v->text = node_copy_text(r->arena, n->text);
    switch (type) {
    case POLICY_VALUE_BOOL:
        good = n->kind == NODE_BOOL;
        v->boolean = n->boolean;
        break;
    case POLICY_VALUE_INT: good = node_int(n, &v->integer); break;
    case POLICY_VALUE_DOUBLE: good = node_double(n, &v->real); break;
    case POLICY_VALUE_BYTES: good = text && read_base64(r->arena, n->text, &v->text); break;
    case POLICY_VALUE_HEX: good = v->text.len && hex_text(v->text); break;
    default: break;
    }
    if (!good && type == POLICY_VALUE_HEX) wrong(r, n, "invalid hex value");
    else if (!good) wrong(r, n, "invalid %.*s", (int)n->key.len, n->key.ptr);
}

static void read_message(struct reading *r, const struct node *map, struct policy_value *v)
{
    size_t found = 0;
    for (const struct node *n = map->first; n; n = n->next) {
        bool known = false;
        for (size_t i = 0; i < sizeof value_keys / sizeof *value_keys; i++) {
            if (!key_is(n->key, value_keys[i].key)) continue;
            known = true;
            if (!given(n)) continue;
            if (found++ == 0) read_member(r, n, value_keys[i].type, v);
        }
        if (!known) doubtful(r, n, "unknown key \"%.*s\" is ignored", (int)n->key.len, n->key.ptr);
    }
    if (found != 1) wrong(r, map, found ? "more than one value set" : "no value set");
}

void read_value(struct reading *r, const struct node *n, struct policy_value *v)
{
    *v = (struct policy_value){0};
    switch (n->kind) {
    case NODE_BOOL:
        v->type = POLICY_VALUE_BOOL;
        v->boolean = n->boolean;
        break;
    case NODE_NUMBER: number_literal(r, n, v); break;
    case NODE_STRING:
        v->type = POLICY_VALUE_STRING;
        v->text = node_copy_text(r->arena, n->text);
        break;
    case NODE_MAP: read_message(r, n, v); break;
    default: wrong(r, n, "a value is true, false, a number, a string or a message"); break;
    }
}

void read_number(struct reading *r, const struct node *n, struct policy_value *v)
{
    *v = (struct policy_value){0};
    if (n->kind == NODE_NUMBER) number_literal(r, n, v);
    else if (n->kind == NODE_MAP) read_message(r, n, v);
    else wrong(r, n, "compares with a number only");
    if (v->type != POLICY_VALUE_NONE && v->type != POLICY_VALUE_INT && v->type != POLICY_VALUE_DOUBLE)
        wrong(r, n, "compares with a number only");
}

void read_any_value(struct reading *r, const struct node *n, struct policy_value *v)
{
    *v = (struct policy_value){0};
    if (!given(n)) return;
    const struct node *member = n->kind == NODE_MAP && n->first && !n->first->next ? n->first : NULL;
    bool composed = member && (key_is(member->key, "array_value") || key_is(member->key, "kvlist_value"));
    bool message = false;
    for (size_t i = 0; member && i < sizeof value_keys / sizeof *value_keys; i++) message |= key_is(member->key, value_keys[i].key);
    if (composed) *v = (struct policy_value){.type = POLICY_VALUE_TREE, .tree = node_copy(r->arena, n)};
    else if (message || (n->kind != NODE_MAP && n->kind != NODE_LIST)) read_value(r, n, v);
    else if (n->first) doubtful(r, n, "a value that is no OpenTelemetry value is ignored");
}
