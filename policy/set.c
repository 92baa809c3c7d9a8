#include "policy/policy.h"

#include "base/die.h"
#include "base/hash.h"
#include "policy/node.h"
#include "policy/reading.h"
#include "policy/regex.h"
#include "policy/schema.h"

#include <stdlib.h>

struct id_table {
    struct policy **slots; /* a power of two, at most half full */
    size_t room, count;
};

struct policy_set *policy_set_new(void)
{
    struct policy_set *s = xcalloc(1, sizeof *s);
    s->arena = arena_new((size_t)1 << 40);
    s->ids = xcalloc(1, sizeof *s->ids);
    return s;
}

void policy_set_free(struct policy_set *s)
{
    if (!s) return;
    for (size_t i = 0; i < s->regex_count; i++) regex_free(s->regexes[i]);
    free(s->regexes);
    free(s->policies);
    free(s->errors);
    free(s->ids->slots);
    free(s->ids);
    arena_free(s->arena);
    free(s);
}

static struct policy **id_slot(const struct id_table *t, struct slice id)
{
    size_t at = hash64(id.ptr, id.len, 0) & (t->room - 1);
    while (t->slots[at] && !slice_eq(t->slots[at]->id, id)) at = (at + 1) & (t->room - 1);
    return &t->slots[at];
}

static void id_grow(struct id_table *t)
{
    struct id_table bigger = {xcalloc(t->room ? t->room * 2 : 64, sizeof(struct policy *)), t->room ? t->room * 2 : 64, t->count};
    for (size_t i = 0; i < t->room; i++)
        if (t->slots[i]) *id_slot(&bigger, t->slots[i]->id) = t->slots[i];
    free(t->slots);
    *t = bigger;
}

const struct policy *policy_set_find(const struct policy_set *s, struct slice id) { return s->ids->room ? *id_slot(s->ids, id) : NULL; }

static struct policy *add_policy(struct policy_set *s, struct policy *p)
{
    if (s->count == s->room) {
        s->room = s->room ? s->room * 2 : 16;
        s->policies = xreallocarray(s->policies, s->room, sizeof(struct policy *));
    }
    s->policies[s->count++] = p;
    if (s->ids->count * 2 >= s->ids->room) id_grow(s->ids);
    struct policy **slot = id_slot(s->ids, p->id);
    if (p->id.len && !*slot) {
        *slot = p;
        s->ids->count++;
    }
    return p;
}

static bool fail(struct policy_set *s, struct slice source, unsigned line, const char *message)
{
    if (s->error_count == s->error_room) {
        s->error_room = s->error_room ? s->error_room * 2 : 4;
        s->errors = xreallocarray(s->errors, s->error_room, sizeof *s->errors);
    }
    s->errors[s->error_count++] = (struct policy_set_error){source, line, node_copy_text(s->arena, slice_str(message))};
    return false;
}

static const struct policy *read_bytes(struct policy_set *s, struct slice bytes, struct slice source)
{
    const char *error = NULL;
    struct arena *a = arena_new((size_t)1 << 40);
    struct node *n = proto_read(a, &proto_policy, bytes, &error);
    struct policy *p = n ? add_policy(s, read_policy(s, n, source)) : NULL;
    if (!p) fail(s, source, 0, error);
    arena_free(a);
    return p;
}

const struct policy *policy_set_read_message(struct policy_set *s, struct slice bytes, const char *source)
{
    return read_bytes(s, bytes, node_copy_text(s->arena, slice_str(source)));
}

static bool read_protobuf(struct policy_set *s, struct slice bytes, struct slice source)
{
    struct proto_item item;
    const char *error = NULL;
    while (wire_item_next(&bytes, &item, &error))
        if (item.number == 1 && item.wire == 2) (void)read_bytes(s, item.bytes, source);
    return error ? fail(s, source, 0, error) : true;
}

static bool read_document(struct policy_set *s, const struct node *n, struct slice source)
{
    const struct node *list = node_get(n, "policies");
    if (!list && n->kind == NODE_MAP && (node_get(n, "id") || node_get(n, "log") || node_get(n, "metric") || node_get(n, "trace"))) {
        add_policy(s, read_policy(s, n, source));
        return true;
    }
    if (!list && n->kind == NODE_LIST) list = n;
    if (!list || (list->kind != NODE_LIST && list->kind != NODE_NULL))
        return fail(s, source, n->line, "no policies: a map with id, a list, or {\"policies\": [...]} is wanted");
    for (const struct node *c = list->first; c; c = c->next) add_policy(s, read_policy(s, c, source));
    return true;
}

static bool read_tree(struct policy_set *s, const struct node *n, bool several, struct slice source)
{
    bool good = true;
    if (!several) return read_document(s, n, source);
    for (const struct node *c = n->first; c; c = c->next) good &= read_document(s, c, source);
    return good;
}

static bool looks_like_json(struct slice text)
{
    size_t i = 0;
    while (i < text.len && strchr(" \t\r\n", text.ptr[i]) && text.ptr[i]) i++;
    return i < text.len && (text.ptr[i] == '{' || text.ptr[i] == '[');
}

bool policy_set_read(struct policy_set *s, struct slice text, enum policy_format format, const char *source)
{
    struct slice from = node_copy_text(s->arena, slice_str(source));
    if (text.len > POLICY_TEXT_MAX) return fail(s, from, 0, "the text is larger than 32 MiB");
    if (format == POLICY_PROTOBUF) return read_protobuf(s, text, from);
    if (slice_starts(text, "\xEF\xBB\xBF")) text = slice_of(text.ptr + 3, text.len - 3);
    struct arena *a = arena_new((size_t)1 << 40);
    struct node_error error = {0};
    bool several = false, json = format == POLICY_JSON || (format == POLICY_ANY && looks_like_json(text));
    struct node *n = json ? node_read_json(a, text, &error) : NULL;
    if (!n && format != POLICY_JSON) {
        struct node_error yaml_error = {0};
        n = node_read_yaml(a, text, &several, &yaml_error);
        if (!json) error = yaml_error;
    }
    bool good = n ? read_tree(s, n, several, from) : fail(s, from, error.line, error.message);
    arena_free(a);
    return good;
}
