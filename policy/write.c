/* The printers of the public face, and a person's one line for a matcher or a step. */
#include "policy/build.h"
#include "policy/schema.h"
#include "policy/words.h"

#include "base/json_write.h"

enum { TREE_MAX = 1 << 30 };

static struct building for_message(struct arena *a, const struct policy_print *how)
{
    struct building b = {.arena = a, .form = BUILD_MESSAGE};
    if (!how) return b;
    b.string_value = how->string_value;
    b.extensions = how->extensions;
    b.hide_times = how->hide_times;
    return b;
}

void policy_write_json(struct buf *out, const struct policy *p, const struct policy_print *how)
{
    struct arena *a = arena_new(TREE_MAX);
    struct building b = for_message(a, how);
    proto_write_json(out, &proto_policy, build_policy(&b, p));
    arena_free(a);
}

void policy_write_protobuf(struct buf *out, const struct policy *p, const struct policy_print *how)
{
    struct arena *a = arena_new(TREE_MAX);
    struct building b = for_message(a, how);
    proto_write(out, &proto_policy, build_policy(&b, p));
    arena_free(a);
}

static struct node *authoring_list(struct arena *a, const struct policy *const *policies, size_t count)
{
    struct node *map = node_new(a, NODE_MAP, (struct slice){0}), *list = node_put(a, map, "policies", NODE_LIST, (struct slice){0});
    for (size_t i = 0; i < count; i++) {
        struct building b = {.arena = a, .form = BUILD_AUTHORING, .extensions = true};
        node_append(list, build_policy(&b, policies[i]));
    }
    return map;
}

void policy_write_authoring_json(struct buf *out, const struct policy *const *policies, size_t count)
{
    struct arena *a = arena_new(TREE_MAX);
    node_write_json(out, authoring_list(a, policies, count), 2);
    buf_char(out, '\n');
    arena_free(a);
}

void policy_write_yaml(struct buf *out, const struct policy *const *policies, size_t count)
{
    struct arena *a = arena_new(TREE_MAX);
    node_write_yaml(out, authoring_list(a, policies, count));
    arena_free(a);
}

void policy_write_yaml_one(struct buf *out, const struct policy *p)
{
    struct arena *a = arena_new(TREE_MAX);
    struct building b = {.arena = a, .form = BUILD_AUTHORING, .extensions = true};
    node_write_yaml(out, build_policy(&b, p));
    arena_free(a);
}

void policy_selector_text(struct buf *out, enum policy_signal signal, const struct policy_selector *s)
{
    if (s->kind == POLICY_SELECT_NONE) buf_str(out, "nothing");
    else if (s->kind == POLICY_SELECT_FIELD) buf_str(out, policy_field_name(s->field));
    else if (s->kind != POLICY_SELECT_ATTRIBUTE) buf_str(out, selector_key(signal, s));
    else {
        buf_str(out, scope_key(signal, s->scope));
        for (size_t i = 0; i < s->path_count; i++) {
            buf_str(out, i ? " > " : " ");
            buf_slice(out, s->path[i]);
        }
    }
}

static void value_text(struct buf *out, const struct policy_value *v, const struct vocabulary *words)
{
    if (words) buf_str(out, word_text(words, (unsigned)v->integer));
    else if (v->type == POLICY_VALUE_BOOL) buf_str(out, v->boolean ? "true" : "false");
    else if (v->type == POLICY_VALUE_INT) buf_i64(out, v->integer);
    else if (v->type == POLICY_VALUE_DOUBLE) json_write_double(out, v->real);
    else if (v->type == POLICY_VALUE_BYTES) base64_write(out, v->text);
    else json_write_string(out, v->text);
}

void policy_matcher_text(struct buf *out, enum policy_signal signal, const struct policy_matcher *m)
{
    static const char *const said[] = {"?", "is", "matches", "exists", "starts with", "ends with", "contains", "=", ">", ">=", "<", "<="};
    policy_selector_text(out, signal, &m->selector);
    buf_str(out, m->negate ? " not " : " ");
    buf_str(out, said[m->condition]);
    if (m->condition == POLICY_EXISTS || m->condition == POLICY_NO_CONDITION) return;
    buf_char(out, ' ');
    if (m->condition >= POLICY_EQUALS) value_text(out, &m->value, field_values(m->selector.field));
    else if (m->condition == POLICY_REGEX) buf_printf(out, "/%.*s/", (int)m->text.len, m->text.ptr);
    else json_write_string(out, m->text);
    if (m->case_insensitive) buf_str(out, " (any case)");
}

void policy_step_text(struct buf *out, const struct policy_step *s)
{
    buf_str(out, policy_stage_name(s->stage));
    buf_char(out, ' ');
    policy_selector_text(out, POLICY_LOG, &s->selector);
    if (s->has_regex) buf_printf(out, " /%.*s/", (int)s->pattern.len, s->pattern.ptr);
    if (s->stage != POLICY_REMOVE) {
        buf_str(out, s->stage == POLICY_ADD ? " = " : s->stage == POLICY_RENAME ? " to " : " with ");
        json_write_string(out, s->text);
    }
    if (s->upsert) buf_str(out, " (overwrites)");
}
