#include "policy/reading.h"

#include <ctype.h>
#include <stdio.h>

static const struct selector_row {
    enum policy_signal signal; /* POLICY_NO_SIGNAL: all */
    const char *key;
    enum policy_selector_kind kind;
    enum policy_scope scope;
    enum policy_field field;
} selectors[] = {
    {POLICY_LOG, "log_field", POLICY_SELECT_FIELD, 0, 0},
    {POLICY_LOG, "log_attribute", POLICY_SELECT_ATTRIBUTE, POLICY_RECORD, 0},
    {POLICY_METRIC, "metric_field", POLICY_SELECT_FIELD, 0, 0},
    {POLICY_METRIC, "datapoint_attribute", POLICY_SELECT_ATTRIBUTE, POLICY_RECORD, 0},
    {POLICY_METRIC, "metric_type", POLICY_SELECT_FIELD, 0, POLICY_METRIC_TYPE},
    {POLICY_METRIC, "aggregation_temporality", POLICY_SELECT_FIELD, 0, POLICY_TEMPORALITY},
    {POLICY_TRACE, "trace_field", POLICY_SELECT_FIELD, 0, 0},
    {POLICY_TRACE, "span_attribute", POLICY_SELECT_ATTRIBUTE, POLICY_RECORD, 0},
    {POLICY_TRACE, "span_kind", POLICY_SELECT_FIELD, 0, POLICY_SPAN_KIND},
    {POLICY_TRACE, "span_status", POLICY_SELECT_FIELD, 0, POLICY_SPAN_STATUS},
    {POLICY_TRACE, "event_name", POLICY_SELECT_EVENT, 0, 0},
    {POLICY_TRACE, "event_attribute", POLICY_SELECT_ATTRIBUTE, POLICY_EVENT, 0},
    {POLICY_TRACE, "link_trace_id", POLICY_SELECT_LINK, 0, 0},
    {POLICY_NO_SIGNAL, "resource_attribute", POLICY_SELECT_ATTRIBUTE, POLICY_RESOURCE, 0},
    {POLICY_NO_SIGNAL, "scope_attribute", POLICY_SELECT_ATTRIBUTE, POLICY_SCOPE, 0},
};

enum { SELECTOR_ROWS = sizeof selectors / sizeof *selectors };

static const struct selector_row *selector_row(enum policy_signal signal, const char *prefix, struct slice key)
{
    char name[64];
    for (size_t i = 0; i < SELECTOR_ROWS; i++) {
        const struct selector_row *row = &selectors[i];
        snprintf(name, sizeof name, "%s%s", prefix, row->key);
        if ((row->signal == signal || row->signal == POLICY_NO_SIGNAL) && key_is(key, name)) return row;
    }
    return NULL;
}

bool is_selector_key(enum policy_signal signal, struct slice key) { return selector_row(signal, "", key) != NULL; }

static bool read_field(struct reading *r, const struct node *n, struct policy_selector *s)
{
    unsigned number;
    s->field = POLICY_FIELD_NONE;
    if (!word_parse(field_words(r->signal), n, &number)) wrong(r, n, "unknown field \"%.*s\"", (int)n->text.len, n->text.ptr);
    else if (number == 0) wrong(r, n, "field is unspecified");
    else if ((s->field = field_of(r->signal, number)) == POLICY_FIELD_NONE) wrong(r, n, "unknown field %u", number);
    return s->field != POLICY_FIELD_NONE;
}

static bool read_chosen(struct reading *r, const struct selector_row *row, const struct node *n, struct policy_selector *s)
{
    *s = (struct policy_selector){.kind = row->kind, .scope = row->scope, .field = row->field};
    if (row->kind == POLICY_SELECT_ATTRIBUTE) return read_path(r, n, s);
    return row->kind != POLICY_SELECT_FIELD || row->field || read_field(r, n, s);
}

/* The only member of the map that is a selector. */
static const struct node *find_selector(struct reading *r, const struct node *map, const char *prefix, const struct selector_row **row)
{
    const struct node *found = NULL;
    for (const struct node *n = map->first; n; n = n->next) {
        const struct selector_row *here = given(n) ? selector_row(r->signal, prefix, n->key) : NULL;
        if (!here) continue;
        if (found) return wrong(r, n, "more than one field set"), NULL;
        found = n;
        *row = here;
    }
    if (!found) wrong(r, map, "no field set");
    return found;
}

bool read_selector(struct reading *r, const struct node *map, const char *prefix, struct policy_selector *s)
{
    const struct selector_row *row = NULL;
    const struct node *n = find_selector(r, map, prefix, &row);
    return n && read_chosen(r, row, n, s);
}

/* The conditions among the members; the first is given. */
static const struct node *find_condition(struct reading *r, const struct node *map, enum policy_condition *condition)
{
    const struct node *found = NULL;
    for (const struct node *n = map->first; n; n = n->next) {
        for (enum policy_condition c = POLICY_EXACT; given(n) && c <= POLICY_LTE; c++) {
            if (!key_is(n->key, policy_condition_name(c))) continue;
            if (found) return wrong(r, n, "more than one match condition set"), found;
            found = n;
            *condition = c;
        }
    }
    return found;
}

static void read_text_condition(struct reading *r, const struct node *n, struct policy_matcher *m)
{
    m->text = read_text(r, n, policy_condition_name(m->condition));
    if (n->kind != NODE_STRING) return;
    if (m->condition == POLICY_REGEX) m->regex = read_regex(r, n, m->text, m->case_insensitive);
    else if (m->case_insensitive)
        m->regex = literal_regex(r, m->text, m->condition == POLICY_EXACT || m->condition == POLICY_STARTS_WITH,
                                 m->condition == POLICY_EXACT || m->condition == POLICY_ENDS_WITH);
}

static void read_condition(struct reading *r, const struct node *n, struct policy_matcher *m)
{
    switch (m->condition) {
    case POLICY_EXISTS: m->negate ^= !read_bool(r, n, "exists", true); break;
    case POLICY_EQUALS:
        read_value(r, n, &m->value);
        if (m->value.type != POLICY_VALUE_STRING) break;
        m->condition = POLICY_EXACT;
        m->text = m->value.text;
        m->value = (struct policy_value){0};
        if (m->case_insensitive) m->regex = literal_regex(r, m->text, true, true);
        break;
    case POLICY_GT:
    case POLICY_GTE:
    case POLICY_LT:
    case POLICY_LTE: read_number(r, n, &m->value); break;
    default: read_text_condition(r, n, m); break;
    }
}

static struct slice lower_case(struct arena *a, struct slice s)
{
    char *text = node_memory(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) text[i] = (char)tolower((unsigned char)s.ptr[i]);
    return slice_of(text, s.len);
}

/* Selectors that say what they must equal: the condition is theirs; exists may stand beside it. */
static void read_own_condition(struct reading *r, const struct node *selector, const struct node *condition, struct policy_matcher *m)
{
    if (condition && m->condition != POLICY_EXISTS)
        wrong(r, condition, "%.*s takes no match condition", (int)selector->key.len, selector->key.ptr);
    else if (condition) m->negate ^= !read_bool(r, condition, "exists", true);
    const struct vocabulary *words = field_values(m->selector.field);
    unsigned number = 0;
    if (!words) {
        m->condition = POLICY_EXACT;
        m->text = read_text(r, selector, policy_condition_name(POLICY_EXACT));
        if (m->selector.kind == POLICY_SELECT_LINK) m->text = lower_case(r->arena, m->text);
        if (selector->kind == NODE_STRING && !m->text.len) wrong(r, selector, "%.*s is empty", (int)selector->key.len, selector->key.ptr);
        if (m->case_insensitive) m->regex = literal_regex(r, m->text, true, true);
        return;
    }
    if (!word_parse(words, selector, &number) || !strcmp(word_text(words, number), "unspecified")) {
        bool named = word_parse(words, selector, &number) && number == 0;
        if (named) wrong(r, selector, "field is unspecified");
        else wrong(r, selector, "unknown %s \"%.*s\"", policy_field_name(m->selector.field), (int)selector->text.len, selector->text.ptr);
    }
    m->condition = POLICY_EQUALS;
    m->value = (struct policy_value){.type = POLICY_VALUE_INT, .integer = (int64_t)number};
}

static void check_matcher_keys(struct reading *r, const struct node *map)
{
    for (const struct node *n = map->first; n; n = n->next) {
        bool known = key_is(n->key, "negate") || key_is(n->key, "case_insensitive") || is_selector_key(r->signal, n->key);
        for (enum policy_condition c = POLICY_EXACT; c <= POLICY_LTE; c++) known |= key_is(n->key, policy_condition_name(c));
        if (!known) doubtful(r, n, "unknown key \"%.*s\" is ignored", (int)n->key.len, n->key.ptr);
    }
}

static void read_matcher(struct reading *r, const struct node *map, struct policy_matcher *m)
{
    if (map->kind != NODE_MAP) {
        wrong(r, map, "a matcher is a map");
        return;
    }
    const struct selector_row *row = NULL;
    const struct node *selector = find_selector(r, map, "", &row), *condition = find_condition(r, map, &m->condition);
    m->negate = read_bool(r, node_get(map, "negate"), "negate", false);
    m->case_insensitive = read_bool(r, node_get(map, "case_insensitive"), "case_insensitive", false);
    if (selector) read_chosen(r, row, selector, &m->selector);
    bool own = selector && (row->kind == POLICY_SELECT_EVENT || row->kind == POLICY_SELECT_LINK || field_values(row->field));
    if (own) read_own_condition(r, selector, condition, m);
    else if (condition) read_condition(r, condition, m);
    else wrong(r, map, "no match condition set");
    check_matcher_keys(r, map);
}

void read_matchers(struct reading *r, const struct node *list, struct policy *p)
{
    struct list matchers = {0};
    if (given(list) && list->kind != NODE_LIST) {
        wrong(r, list, "match is not a list");
        return;
    }
    for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
        size_t mark = enter_item(r, "match", matchers.count);
        read_matcher(r, n, list_add(r->arena, &matchers, sizeof(struct policy_matcher)));
        leave(r, mark);
    }
    p->match = matchers.items;
    p->match_count = matchers.count;
    if (!matchers.count) wrong(r, list, "match is empty");
}
