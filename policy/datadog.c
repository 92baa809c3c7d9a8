#include "policy/datadog.h"

#include "base/utf8.h"
#include "policy/datadog_query.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

/* Reserved names, and tags that OpenTelemetry names otherwise. */
static const struct place {
    const char *name, *key, *attribute;
} places[] = {
    {"service", "resource_attribute", "service.name"},
    {"host", "resource_attribute", "host.name"},
    {"env", "resource_attribute", "deployment.environment"},
    {"version", "resource_attribute", "service.version"},
    {"source", "log_attribute", "ddsource"},
    {"status", "log_field", "severity_text"},
    {"trace_id", "log_field", "trace_id"},
    {"span_id", "log_field", "span_id"},
    {"message", "log_field", "body"},
    {"pod_name", "resource_attribute", "k8s.pod.name"},
    {"kube_namespace", "resource_attribute", "k8s.namespace.name"},
    {"container_name", "resource_attribute", "container.name"},
};

static bool about_message(struct slice key) { return !key.len || slice_is(key, "message"); }

static void put_place(struct dd_query *q, struct node *m, struct slice key)
{
    if (!key.len) {
        node_put_string(q->arena, m, "log_field", SLICE("body"));
        return;
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (slice_is(key, places[i].name)) {
            node_put_string(q->arena, m, places[i].key, slice_str(places[i].attribute));
            return;
        }
    bool attribute = *key.ptr == '@';
    node_put_string(q->arena, m, attribute ? "log_attribute" : "resource_attribute", attribute ? slice_of(key.ptr + 1, key.len - 1) : key);
}

static bool number_like(struct slice s)
{
    char text[40];
    if (!s.len || s.len >= sizeof text) return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    const char *digits = text + (*text == '-');
    char *end;
    bool leading_zero = *digits == '0' && isdigit((unsigned char)digits[1]);
    (void)strtod(text, &end);
    return !*end && isdigit((unsigned char)*digits) && !leading_zero && isdigit((unsigned char)end[-1]) && !strpbrk(text, "xX");
}

/* The value without its escapes; whether * or ? stand in it unescaped, and whether only * at the ends. */
struct wild {
    struct slice text;
    bool any, inner, front, back;
};

static struct wild read_wild(struct dd_query *q, const struct dd_atom *a)
{
    struct wild w = {0};
    char *text = node_memory(q->arena, a->value.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < a->value.len; i++) {
        char c = a->value.ptr[i];
        bool star = !a->quoted && c == '*', edge = star && (i == 0 || i + 1 == a->value.len);
        if (!a->quoted && c == '\\' && i + 1 < a->value.len) c = a->value.ptr[++i];
        else if (edge) {
            w.front |= i == 0;
            w.back |= i != 0 || a->value.len == 1;
            continue;
        } else if (star || (!a->quoted && c == '?')) w.inner = true;
        text[n++] = c;
    }
    w.any = w.inner || w.front || w.back;
    w.text = slice_of(text, n);
    return w;
}

/* The value as a pattern: * and ? (within a word of the message) stand for anything. */
static void put_pattern(struct buf *out, const struct dd_atom *a)
{
    const char *one = about_message(a->key) ? "\\w" : ".";
    for (size_t i = 0; i < a->value.len; i++) {
        char c = a->value.ptr[i];
        bool escaped = !a->quoted && c == '\\' && i + 1 < a->value.len;
        if (escaped) c = a->value.ptr[++i];
        if (!escaped && !a->quoted && (c == '*' || c == '?')) buf_printf(out, "%s%s", one, c == '*' ? "*" : "");
        else {
            if (strchr("\\.+*?()|[]{}^$-/\"'", c) && c) buf_char(out, '\\');
            buf_char(out, c);
        }
    }
}

static void put_regex(struct dd_query *q, struct node *m, const struct dd_clause *c)
{
    const struct dd_atom *atoms = c->atoms.items;
    bool message = about_message(atoms->key);
    struct buf pattern;
    buf_init(&pattern, q->in.len * 8 + 100);
    if (!message) buf_str(&pattern, "^(?:");
    for (size_t i = 0; i < c->atoms.count; i++) {
        struct slice v = atoms[i].value;
        if (i) buf_char(&pattern, '|');
        if (message && v.len && isalnum((unsigned char)*v.ptr)) buf_str(&pattern, "\\b");
        put_pattern(&pattern, &atoms[i]);
        if (message && v.len && isalnum((unsigned char)v.ptr[v.len - 1])) buf_str(&pattern, "\\b");
    }
    if (!message) buf_str(&pattern, ")$");
    node_put_string(q->arena, m, "regex", node_copy_text(q->arena, buf_view(&pattern)));
    buf_free(&pattern);
}

static void put_wild(struct dd_query *q, struct node *m, const struct dd_clause *c, const struct wild *w)
{
    if (w->inner) put_regex(q, m, c);
    else if (!w->any) node_put_string(q->arena, m, "exact", w->text);
    else if (!w->text.len) node_put_bool(q->arena, m, "exists", true);
    else node_put_string(q->arena, m, w->front && w->back ? "contains" : w->back ? "starts_with" : "ends_with", w->text);
}

static struct node *matcher(struct dd_query *q, struct node *list, const struct dd_clause *c)
{
    struct node *m = node_new(q->arena, NODE_MAP, (struct slice){0});
    put_place(q, m, ((const struct dd_atom *)c->atoms.items)->key);
    if (c->negate) node_put_bool(q->arena, m, "negate", true);
    node_append(list, m);
    return m;
}

static bool put_bound(struct dd_query *q, struct node *list, const struct dd_clause *c, enum policy_condition condition,
                      struct slice number)
{
    if (slice_is(number, "*")) return true;
    if (!number_like(number)) return dd_refuse(q, "%.*s is no number", (int)number.len, number.ptr);
    node_put(q->arena, matcher(q, list, c), policy_condition_name(condition), NODE_NUMBER, node_copy_text(q->arena, number));
    return true;
}

static bool put_range(struct dd_query *q, struct node *list, const struct dd_clause *c, const struct dd_atom *a)
{
    if (c->negate && a->upper.len) return dd_refuse(q, "NOT of a range");
    return put_bound(q, list, c, a->compare, a->value) && (!a->upper.len || put_bound(q, list, c, a->upper_compare, a->upper));
}

static void put_message(struct dd_query *q, struct node *list, const struct dd_clause *c, const struct dd_atom *a, const struct wild *w)
{
    struct node *m = matcher(q, list, c);
    if (a->quoted) node_put_string(q->arena, m, "contains", a->value);
    else if (!w->text.len) node_put_bool(q->arena, m, "exists", true);
    else put_regex(q, m, c);
    if (w->text.len) node_put_bool(q->arena, m, "case_insensitive", true);
}

static bool put_one(struct dd_query *q, struct node *list, const struct dd_clause *c)
{
    const struct dd_atom *a = c->atoms.items;
    if (a->compare) return put_range(q, list, c, a);
    struct wild w = read_wild(q, a);
    if (about_message(a->key)) return put_message(q, list, c, a, &w), true;
    struct node *m = matcher(q, list, c);
    if (!a->quoted && *a->key.ptr == '@' && number_like(a->value)) node_put(q->arena, m, "equals", NODE_NUMBER, a->value);
    else put_wild(q, m, c, &w);
    if (slice_is(a->key, "status") && w.text.len) node_put_bool(q->arena, m, "case_insensitive", true);
    return true;
}

static bool put_clause(struct dd_query *q, struct node *list, const struct dd_clause *c)
{
    const struct dd_atom *atoms = c->atoms.items;
    if (c->atoms.count == 1) return put_one(q, list, c);
    for (size_t i = 0; i < c->atoms.count; i++) {
        if (atoms[i].compare) return dd_refuse(q, "OR of comparisons needs a policy for each");
        if (atoms[i].key.len && *atoms[i].key.ptr == '@' && !atoms[i].quoted && number_like(atoms[i].value))
            return dd_refuse(q, "OR of numbers needs a policy for each, or a range");
    }
    struct node *m = matcher(q, list, c);
    put_regex(q, m, c);
    if (about_message(atoms->key) || slice_is(atoms->key, "status")) node_put_bool(q->arena, m, "case_insensitive", true);
    return true;
}

static bool put_matchers(struct dd_query *q, struct node *log)
{
    struct node *list = node_put(q->arena, log, "match", NODE_LIST, (struct slice){0}), *m;
    const struct dd_clause *clauses = q->clauses.items;
    for (size_t i = 0; i < q->clauses.count; i++)
        if (!put_clause(q, list, &clauses[i])) return false;
    if (list->first) return true;
    m = node_new(q->arena, NODE_MAP, (struct slice){0});
    node_put_string(q->arena, m, "log_field", SLICE("body"));
    node_put_bool(q->arena, m, "exists", true);
    node_append(list, m);
    return true;
}

static void put_keep(struct dd_query *q, struct node *log, double excluded)
{
    char text[40];
    if (excluded >= 1) {
        node_put_string(q->arena, log, "keep", SLICE("none"));
        return;
    }
    int n = snprintf(text, sizeof text, "%.6g%%", (double)(long)((1 - excluded) * 1e6 + 0.5) / 1e4);
    node_put_string(q->arena, log, "keep", node_copy_text(q->arena, slice_of(text, (size_t)n)));
    struct node *key = node_put(q->arena, log, "sample_key", NODE_MAP, (struct slice){0});
    node_put_string(q->arena, key, "log_field", SLICE("trace_id"));
}

static bool convert(struct dd_query *q, struct buf *out, const struct datadog_filter *f)
{
    struct node *map = node_new(q->arena, NODE_MAP, (struct slice){0});
    if (!(f->sample_rate >= 0 && f->sample_rate <= 1)) return dd_refuse(q, "a sample rate is between 0 and 1");
    if (!dd_parse(q)) return false;
    node_put_string(q->arena, map, "id", f->id);
    node_put_string(q->arena, map, "name", f->name);
    struct buf description;
    buf_init(&description, q->in.len + 400);
    buf_str(&description, "From the Datadog exclusion filter: ");
    buf_slice(&description, q->in);
    if (f->sample_rate < 1) buf_str(&description, "\nSampled by trace id: records without one are kept.");
    node_put_string(q->arena, map, "description", node_copy_text(q->arena, buf_view(&description)));
    buf_free(&description);
    if (!f->enabled) node_put_bool(q->arena, map, "enabled", false);
    struct node *log = node_put(q->arena, map, "log", NODE_MAP, (struct slice){0});
    if (!put_matchers(q, log)) return false;
    put_keep(q, log, f->sample_rate);
    node_write_json(out, map, 2);
    buf_char(out, '\n');
    return true;
}

bool datadog_import(struct buf *out, const struct datadog_filter *filter, char *error, size_t error_size)
{
    struct dd_query q = {.in = filter->query, .arena = arena_new((size_t)1 << 40), .error = error, .error_size = error_size};
    *error = '\0';
    bool good = filter->query.len > 65536    ? dd_refuse(&q, "the query is longer than 64 KiB")
                : !utf8_valid(filter->query) ? dd_refuse(&q, "the query is not UTF-8")
                                             : convert(&q, out, filter);
    arena_free(q.arena);
    return good;
}
