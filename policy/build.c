#include "policy/build.h"

#include "base/json_write.h"
#include "policy/schema.h"
#include "policy/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static struct slice format_text(struct building *b, struct buf *text)
{
    struct slice s = node_copy_text(b->arena, buf_view(text));
    buf_free(text);
    return s;
}

static void put_word(struct building *b, struct node *map, const char *key, const struct vocabulary *words, unsigned number)
{
    if (b->form == BUILD_AUTHORING) node_put_string(b->arena, map, key, slice_str(word_text(words, number)));
    else node_put_int(b->arena, map, key, number);
}

static void put_path(struct building *b, struct node *map, const char *key, const struct policy_selector *s)
{
    if (b->form == BUILD_AUTHORING && s->path_count == 1) {
        node_put_string(b->arena, map, key, s->path[0]);
        return;
    }
    struct node *list = b->form == BUILD_AUTHORING ? node_put(b->arena, map, key, NODE_LIST, (struct slice){0}) : NULL;
    if (!list) list = node_put(b->arena, node_put(b->arena, map, key, NODE_MAP, (struct slice){0}), "path", NODE_LIST, (struct slice){0});
    for (size_t i = 0; i < s->path_count; i++) node_append(list, node_new(b->arena, NODE_STRING, s->path[i]));
}

/* Keys are static or in the arena. */
static void put_selector(struct building *b, struct node *map, const char *prefix, const struct policy_selector *s)
{
    struct buf key;
    buf_init(&key, 64);
    buf_str(&key, prefix);
    buf_str(&key, selector_key(b->signal, s));
    const char *name = arena_copy(b->arena, buf_view(&key));
    buf_free(&key);
    if (s->kind == POLICY_SELECT_ATTRIBUTE) put_path(b, map, name, s);
    else if (s->kind == POLICY_SELECT_FIELD) put_word(b, map, name, field_words(b->signal), field_number(b->signal, s->field));
}

static void put_bytes(struct building *b, struct node *map, const char *key, struct slice bytes)
{
    struct buf text;
    buf_init(&text, bytes.len * 2 + 8);
    base64_write(&text, bytes);
    node_put_string(b->arena, map, key, format_text(b, &text));
}

static void put_value_member(struct building *b, struct node *map, const struct policy_value *v)
{
    switch (v->type) {
    case POLICY_VALUE_BOOL: node_put_bool(b->arena, map, "bool_value", v->boolean); break;
    case POLICY_VALUE_INT: node_put_int(b->arena, map, "int_value", v->integer); break;
    case POLICY_VALUE_DOUBLE: node_put_double(b->arena, map, "double_value", v->real); break;
    case POLICY_VALUE_BYTES: put_bytes(b, map, "bytes_value", v->text); break;
    case POLICY_VALUE_HEX: node_put_string(b->arena, map, "hex_value", v->text); break;
    case POLICY_VALUE_STRING: node_put_string(b->arena, map, "string_value", v->text); break;
    case POLICY_VALUE_TREE:
    case POLICY_VALUE_NONE: break;
    }
}

static void put_value(struct building *b, struct node *map, const char *key, const struct policy_value *v)
{
    bool literal = b->form == BUILD_AUTHORING;
    if (literal && v->type == POLICY_VALUE_BOOL) node_put_bool(b->arena, map, key, v->boolean);
    else if (literal && v->type == POLICY_VALUE_INT) node_put_int(b->arena, map, key, v->integer);
    else if (literal && v->type == POLICY_VALUE_DOUBLE) node_put_double(b->arena, map, key, v->real);
    else put_value_member(b, node_put(b->arena, map, key, NODE_MAP, (struct slice){0}), v);
}

static bool own_condition(const struct policy_selector *s)
{
    return s->kind == POLICY_SELECT_EVENT || s->kind == POLICY_SELECT_LINK || field_values(s->field);
}

static void put_condition(struct building *b, struct node *map, const struct policy_matcher *m)
{
    const char *key = policy_condition_name(m->condition);
    struct policy_value text = {.type = POLICY_VALUE_STRING, .text = m->text};
    if (m->condition == POLICY_EXISTS) node_put_bool(b->arena, map, key, true);
    else if (m->condition >= POLICY_EQUALS) put_value(b, map, key, &m->value);
    else if (m->condition == POLICY_EXACT && b->string_value) put_value(b, map, "equals", &text);
    else if (m->condition != POLICY_NO_CONDITION) node_put_string(b->arena, map, key, m->text);
}

static void put_own(struct building *b, struct node *map, const struct policy_matcher *m)
{
    const char *key = selector_key(b->signal, &m->selector);
    const struct vocabulary *words = field_values(m->selector.field);
    if (words) put_word(b, map, key, words, (unsigned)m->value.integer);
    else node_put_string(b->arena, map, key, m->text);
}

struct node *build_matcher(struct building *b, const struct policy_matcher *m)
{
    struct node *map = node_new(b->arena, NODE_MAP, (struct slice){0});
    if (own_condition(&m->selector)) put_own(b, map, m);
    else {
        if (m->selector.kind) put_selector(b, map, "", &m->selector);
        put_condition(b, map, m);
    }
    if (m->negate) node_put_bool(b->arena, map, "negate", true);
    if (m->case_insensitive) node_put_bool(b->arena, map, "case_insensitive", true);
    return map;
}

static void put_matchers(struct building *b, struct node *target, const struct policy *p)
{
    struct node *list = node_put(b->arena, target, "match", NODE_LIST, (struct slice){0});
    for (size_t i = 0; i < p->match_count; i++) node_append(list, build_matcher(b, &p->match[i]));
}

struct node *build_step(struct building *b, const struct policy_step *s)
{
    static const char *const texts[] = {NULL, "replacement", "to", "value"};
    struct node *map = node_new(b->arena, NODE_MAP, (struct slice){0});
    if (s->selector.kind) put_selector(b, map, s->stage == POLICY_RENAME ? "from_" : "", &s->selector);
    if (s->has_regex) node_put_string(b->arena, map, "regex", s->pattern);
    if (texts[s->stage]) node_put_string(b->arena, map, texts[s->stage], s->text);
    if (s->upsert) node_put_bool(b->arena, map, "upsert", true);
    return map;
}

static void put_transform(struct building *b, struct node *target, const struct policy *p)
{
    struct node *map = p->step_count ? node_put(b->arena, target, "transform", NODE_MAP, (struct slice){0}) : NULL, *list = NULL;
    for (size_t i = 0; i < p->step_count; i++) {
        const struct policy_step *s = &p->steps[i];
        if (!i || s->stage != p->steps[i - 1].stage)
            list = node_put(b->arena, map, policy_stage_name(s->stage), NODE_LIST, (struct slice){0});
        node_append(list, build_step(b, s));
    }
}

void policy_keep_text(struct buf *out, const struct policy *p)
{
    const struct policy_log_keep *k = &p->keep;
    if (p->signal == POLICY_METRIC) buf_str(out, p->metric_keep ? "keep" : "drop");
    else if (p->signal == POLICY_TRACE) buf_printf(out, "%.9g%%", (double)p->sampling.percent);
    else if (k->kind == POLICY_KEEP_ALL) buf_str(out, "all");
    else if (k->kind == POLICY_KEEP_NONE) buf_str(out, "none");
    else if (k->kind == POLICY_KEEP_PERCENT) {
        char text[40];
        int precision = 1;
        do snprintf(text, sizeof text, "%.*f", precision - 1, k->percent);
        while (strtod(text, NULL) != k->percent && ++precision < 20);
        buf_printf(out, "%s%%", text);
    } else {
        buf_printf(out, "%" PRIu32 "/", k->count);
        if (k->window != 1) buf_printf(out, "%" PRIu32, k->window);
        buf_char(out, k->unit_seconds == 60 ? 'm' : 's');
    }
}

static void put_log(struct building *b, struct node *target, const struct policy *p)
{
    struct buf text;
    buf_init(&text, 100);
    policy_keep_text(&text, p);
    node_put_string(b->arena, target, "keep", format_text(b, &text));
    if (p->keep.sample_key.kind)
        put_selector(b, node_put(b->arena, target, "sample_key", NODE_MAP, (struct slice){0}), "", &p->keep.sample_key);
    put_transform(b, target, p);
}

/* The shortest text that is the same float. */
static void put_float(struct building *b, struct node *map, const char *key, float value)
{
    char text[40];
    for (int digits = 1; digits < 10; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, (double)value);
        if (strtof(text, NULL) == value) break;
    }
    node_put(b->arena, map, key, NODE_NUMBER, node_copy_text(b->arena, slice_str(text)));
}

static void put_sampling(struct building *b, struct node *target, const struct policy_sampling *s)
{
    struct node *map = node_put(b->arena, target, "keep", NODE_MAP, (struct slice){0});
    put_float(b, map, "percentage", s->percent);
    if (s->has_mode) put_word(b, map, "mode", &words_sampling_modes, s->mode);
    if (s->has_precision) node_put_u64(b->arena, map, "sampling_precision", s->precision);
    if (s->has_seed) node_put_u64(b->arena, map, "hash_seed", s->seed);
    if (s->has_fail_closed) node_put_bool(b->arena, map, "fail_closed", s->fail_closed);
}

static void put_target(struct building *b, struct node *map, const struct policy *p)
{
    if (p->signal == POLICY_NO_SIGNAL) return;
    struct node *target = node_put(b->arena, map, policy_signal_name(p->signal), NODE_MAP, (struct slice){0});
    b->signal = p->signal;
    put_matchers(b, target, p);
    if (p->signal == POLICY_LOG) put_log(b, target, p);
    else if (p->signal == POLICY_METRIC) node_put_bool(b->arena, target, "keep", p->metric_keep);
    else put_sampling(b, target, &p->sampling);
}

static void put_labels(struct building *b, struct node *map, const struct policy *p)
{
    struct node *list = p->label_count ? node_put(b->arena, map, "labels", NODE_LIST, (struct slice){0}) : NULL;
    for (size_t i = 0; i < p->label_count; i++) {
        const struct policy_label *l = &p->labels[i];
        struct node *pair = node_new(b->arena, NODE_MAP, (struct slice){0}), *value = NULL;
        node_append(list, pair);
        node_put_string(b->arena, pair, "key", l->key);
        if (l->value.type == POLICY_VALUE_TREE) {
            value = node_copy(b->arena, l->value.tree);
            value->key = SLICE("value");
            node_append(pair, value);
        } else if (l->value.type == POLICY_VALUE_STRING && b->form == BUILD_AUTHORING)
            node_put_string(b->arena, pair, "value", l->value.text);
        else if (l->value.type) put_value(b, pair, "value", &l->value);
    }
}

static void put_extensions(struct building *b, struct node *map, const struct policy *p)
{
    if (!p->extension_count || !b->extensions) return;
    struct node *list = node_put(b->arena, map, "extensions", NODE_LIST, (struct slice){0});
    for (size_t i = 0; i < p->extension_count; i++) {
        const struct policy_extension *e = &p->extensions[i];
        struct node *item = node_new(b->arena, NODE_MAP, (struct slice){0});
        node_append(list, item);
        node_put_string(b->arena, item, "type", e->type);
        if (e->version.len) node_put_string(b->arena, item, "version", e->version);
        if (e->config.len) put_bytes(b, item, "config", e->config);
        if (e->mode) put_word(b, item, "mode", &words_extension_modes, e->mode);
    }
}

struct node *build_policy(struct building *b, const struct policy *p)
{
    bool all = b->form == BUILD_MESSAGE;
    struct node *map = node_new(b->arena, NODE_MAP, (struct slice){0});
    node_put_string(b->arena, map, "id", p->id);
    if (all || p->name.len) node_put_string(b->arena, map, "name", p->name);
    if (all || p->description.len) node_put_string(b->arena, map, "description", p->description);
    if (all || !p->enabled) node_put_bool(b->arena, map, "enabled", p->enabled);
    if (!b->hide_times && (all || p->created_ns)) node_put_u64(b->arena, map, "created_at_unix_nano", p->created_ns);
    if (!b->hide_times && (all || p->modified_ns)) node_put_u64(b->arena, map, "modified_at_unix_nano", p->modified_ns);
    put_labels(b, map, p);
    put_target(b, map, p);
    put_extensions(b, map, p);
    return map;
}
