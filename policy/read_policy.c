/* One policy: the parts that all signals share, the transform of a log target. */
#include "policy/reading.h"

#include <stdio.h>

static void read_step(struct reading *r, const struct node *n, enum policy_stage stage, struct policy_step *s)
{
    *s = (struct policy_step){.stage = stage};
    if (n->kind != NODE_MAP) {
        wrong(r, n, "not a map");
        return;
    }
    read_selector(r, n, stage == POLICY_RENAME ? "from_" : "", &s->selector);
    s->upsert = read_bool(r, node_get(n, "upsert"), "upsert", false);
    const struct node *pattern = node_get(n, "regex");
    if (stage == POLICY_REDACT) {
        s->text = read_text(r, node_get(n, "replacement"), "replacement");
        if (!s->text.len) s->text = SLICE("[REDACTED]");
        s->has_regex = given(pattern);
        s->pattern = read_text(r, pattern, "regex");
        if (s->has_regex) s->regex = read_regex(r, pattern, s->pattern, false);
    } else if (stage == POLICY_RENAME) {
        s->text = read_text(r, node_get(n, "to"), "to");
        if (!s->text.len) wrong(r, n, "to is empty");
    } else if (stage == POLICY_ADD) s->text = read_text(r, node_get(n, "value"), "value");
}

static void check_step_keys(struct reading *r, const struct node *map, enum policy_stage stage)
{
    static const char *const own[POLICY_STAGES][2] = {{"", ""}, {"replacement", "regex"}, {"to", "upsert"}, {"value", "upsert"}};
    const char *prefix = stage == POLICY_RENAME ? "from_" : "";
    for (const struct node *n = map->first; n; n = n->next) {
        if (key_is(n->key, own[stage][0]) || key_is(n->key, own[stage][1])) continue;
        bool selector = false;
        static const char *const all[] = {"log_field", "log_attribute", "resource_attribute", "scope_attribute"};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", prefix, all[i]);
            selector |= key_is(n->key, name);
        }
        if (!selector) doubtful(r, n, "unknown key \"%.*s\" is ignored", (int)n->key.len, n->key.ptr);
    }
}

static void read_stage(struct reading *r, const struct node *list, enum policy_stage stage, struct list *steps)
{
    size_t index = 0;
    if (given(list) && list->kind != NODE_LIST) wrong(r, list, "%s is not a list", policy_stage_name(stage));
    for (const struct node *n = given(list) && list->kind == NODE_LIST ? list->first : NULL; n; n = n->next) {
        size_t mark = enter_item(r, policy_stage_name(stage), index++);
        read_step(r, n, stage, list_add(r->arena, steps, sizeof(struct policy_step)));
        check_step_keys(r, n, stage);
        leave(r, mark);
    }
}

void read_transform(struct reading *r, const struct node *transform, struct policy *p)
{
    static const char *const known[] = {"remove", "redact", "rename", "add", NULL};
    struct list steps = {0};
    if (!given(transform)) return;
    size_t mark = enter(r, "transform");
    if (transform->kind != NODE_MAP) wrong(r, transform, "not a map");
    else check_keys(r, transform, known);
    for (enum policy_stage s = POLICY_REMOVE; s < POLICY_STAGES; s++) read_stage(r, node_get(transform, policy_stage_name(s)), s, &steps);
    p->steps = steps.items;
    p->step_count = steps.count;
    leave(r, mark);
}

static void read_target(struct reading *r, const struct node *target, struct policy *p)
{
    static const char *const known[][5] = {
        {NULL}, {"match", "keep", "transform", "sample_key", NULL}, {"match", "keep", NULL}, {"match", "keep", NULL}};
    size_t mark = enter(r, policy_signal_name(p->signal));
    r->signal = p->signal;
    if (target->kind != NODE_MAP) wrong(r, target, "not a map");
    else {
        check_keys(r, target, known[p->signal]);
        read_matchers(r, node_get(target, "match"), p);
        if (p->signal == POLICY_LOG) {
            read_log_keep(r, target, p);
            read_transform(r, node_get(target, "transform"), p);
        } else if (p->signal == POLICY_METRIC) read_metric_keep(r, target, p);
        else read_sampling(r, target, p);
    }
    leave(r, mark);
}

static void find_target(struct reading *r, const struct node *n, struct policy *p)
{
    const struct node *found = NULL;
    for (enum policy_signal s = POLICY_LOG; s <= POLICY_TRACE; s++) {
        const struct node *target = node_get(n, policy_signal_name(s));
        if (!given(target)) continue;
        if (found) {
            wrong(r, target, "more than one target: %s and %s", policy_signal_name(p->signal), policy_signal_name(s));
            return;
        }
        found = target;
        p->signal = s;
    }
    if (found) read_target(r, found, p);
    else wrong(r, n, "no target: log, metric or trace");
}

static void read_labels(struct reading *r, const struct node *n, struct policy *p)
{
    struct list labels = {0};
    if (given(n) && n->kind != NODE_LIST && n->kind != NODE_MAP) wrong(r, n, "labels are neither a list nor a map");
    for (const struct node *c = given(n) ? n->first : NULL; c; c = c->next) {
        struct policy_label *l = list_add(r->arena, &labels, sizeof *l);
        bool pair = n->kind == NODE_LIST;
        size_t mark = enter_item(r, "labels", labels.count - 1);
        if (pair && c->kind != NODE_MAP) wrong(r, c, "a label has a key and a value");
        l->key = pair ? read_text(r, node_get(c, "key"), "key") : node_copy_text(r->arena, c->key);
        const struct node *value = pair ? node_get(c, "value") : c;
        if (value) read_any_value(r, value, &l->value);
        leave(r, mark);
    }
    p->labels = labels.items;
    p->label_count = labels.count;
}

static void read_extensions(struct reading *r, const struct node *n, struct policy *p)
{
    struct list extensions = {0};
    if (given(n) && n->kind != NODE_LIST) wrong(r, n, "extensions is not a list");
    for (const struct node *c = given(n) && n->kind == NODE_LIST ? n->first : NULL; c; c = c->next) {
        struct policy_extension *e = list_add(r->arena, &extensions, sizeof *e);
        size_t mark = enter_item(r, "extensions", extensions.count - 1);
        const struct node *config = node_get(c, "config"), *mode = node_get(c, "mode");
        unsigned number = 0;
        e->type = read_text(r, node_get(c, "type"), "type");
        e->version = read_text(r, node_get(c, "version"), "version");
        if (given(config) && (config->kind != NODE_STRING || !read_base64(r->arena, config->text, &e->config)))
            wrong(r, config, "config is not base64");
        if (given(mode) && !word_parse(&words_extension_modes, mode, &number)) wrong(r, mode, "unknown mode");
        e->mode = number <= POLICY_EXTENSION_ALL ? (enum policy_extension_mode)number : POLICY_EXTENSION_UNSPECIFIED;
        leave(r, mark);
    }
    p->extensions = extensions.items;
    p->extension_count = extensions.count;
}

static uint64_t read_time(struct reading *r, const struct node *n, const char *what)
{
    uint64_t value = 0;
    if (given(n) && !node_u64(n, &value)) wrong(r, n, "invalid %s", what);
    return value;
}

static void read_head(struct reading *r, const struct node *n, struct policy *p)
{
    static const char *const known[] = {"id",     "name", "description", "enabled", "created_at_unix_nano", "modified_at_unix_nano",
                                        "labels", "log",  "metric",      "trace",   "extensions",           NULL};
    p->id = read_text(r, node_get(n, "id"), "id");
    p->name = read_text(r, node_get(n, "name"), "name");
    p->description = read_text(r, node_get(n, "description"), "description");
    p->enabled = read_bool(r, node_get(n, "enabled"), "enabled", true);
    p->created_ns = read_time(r, node_get(n, "created_at_unix_nano"), "created_at_unix_nano");
    p->modified_ns = read_time(r, node_get(n, "modified_at_unix_nano"), "modified_at_unix_nano");
    if (!p->id.len) wrong(r, n, "id is missing");
    if (!p->name.len) doubtful(r, n, "name is missing");
    check_keys(r, n, known);
}

struct policy *read_policy(struct policy_set *set, const struct node *n, struct slice source)
{
    struct reading r = {.set = set, .arena = set->arena, .line = n->line};
    struct policy *p = node_memory(set->arena, sizeof *p);
    p->enabled = true;
    p->source = source;
    p->line = n->line;
    p->id = p->name = p->description = SLICE("");
    if (n->kind == NODE_MAP) {
        read_head(&r, n, p);
        find_target(&r, n, p);
        read_labels(&r, node_get(n, "labels"), p);
        read_extensions(&r, node_get(n, "extensions"), p);
    } else wrong(&r, n, "a policy is a map");
    const struct policy *first = p->id.len ? policy_set_find(set, p->id) : NULL;
    if (first) wrong(&r, n, "the id is used before, in line %u of %.*s", first->line, (int)first->source.len, first->source.ptr);
    p->errors = r.errors.items;
    p->error_count = r.errors.count;
    p->warnings = r.warnings.items;
    p->warning_count = r.warnings.count;
    buf_free(&r.place);
    return p;
}
