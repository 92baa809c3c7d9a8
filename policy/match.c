#include "policy/match.h"

#include "policy/node.h"
#include "policy/regex.h"
#include "policy/words.h"

#include <strings.h>

struct datum selector_read(const struct record_ops *ops, void *record, const struct policy_selector *s)
{
    if (s->kind == POLICY_SELECT_FIELD) return ops->field(record, s->field);
    if (s->kind == POLICY_SELECT_ATTRIBUTE && s->scope != POLICY_EVENT) return ops->attribute(record, s->scope, s->path, s->path_count);
    return (struct datum){0};
}

bool selector_repeats(const struct policy_selector *s)
{
    return s->kind == POLICY_SELECT_EVENT || s->kind == POLICY_SELECT_LINK ||
           (s->kind == POLICY_SELECT_ATTRIBUTE && s->scope == POLICY_EVENT);
}

bool selector_equal(const struct policy_selector *a, const struct policy_selector *b)
{
    if (a->kind != b->kind || a->field != b->field || a->scope != b->scope || a->path_count != b->path_count) return false;
    for (size_t i = 0; i < a->path_count; i++)
        if (!slice_eq(a->path[i], b->path[i])) return false;
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t hex_bytes(struct slice text, unsigned char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < text.len && n < room; i += 2) {
        int high = hex_digit(text.ptr[i]), low = hex_digit(text.ptr[i + 1]);
        if (high < 0 || low < 0) return 0;
        out[n++] = (unsigned char)(high << 4 | low);
    }
    return n;
}

static bool text_matches(const struct policy_matcher *m, struct slice text)
{
    struct slice wanted = m->text;
    if (m->regex) return regex_search(m->regex, text);
    switch (m->condition) {
    case POLICY_EXACT: return slice_eq(text, wanted);
    case POLICY_STARTS_WITH: return text.len >= wanted.len && (!wanted.len || memcmp(text.ptr, wanted.ptr, wanted.len) == 0);
    case POLICY_ENDS_WITH:
        return text.len >= wanted.len && (!wanted.len || memcmp(text.ptr + text.len - wanted.len, wanted.ptr, wanted.len) == 0);
    case POLICY_CONTAINS: return !wanted.len || memmem(text.ptr, text.len, wanted.ptr, wanted.len) != NULL;
    default: return false;
    }
}

static bool same_bytes(struct slice hex, struct slice bytes)
{
    if (hex.len != bytes.len * 2) return false;
    for (size_t i = 0; i < bytes.len; i++) {
        int high = hex_digit(hex.ptr[2 * i]), low = hex_digit(hex.ptr[2 * i + 1]);
        if (high < 0 || low < 0 || (high << 4 | low) != (unsigned char)bytes.ptr[i]) return false;
    }
    return true;
}

static bool is_id(const struct policy_selector *s)
{
    return s->kind == POLICY_SELECT_FIELD &&
           (s->field == POLICY_TRACE_ID || s->field == POLICY_SPAN_ID || s->field == POLICY_PARENT_SPAN_ID);
}

static bool bytes_match(const struct policy_matcher *m, const struct datum *d)
{
    struct slice wanted = m->value.text;
    bool hex = m->value.type == POLICY_VALUE_HEX;
    if (d->type == DATUM_BYTES) return hex ? same_bytes(wanted, d->text) : slice_eq(wanted, d->text);
    if (d->type != DATUM_STRING || !is_id(&m->selector)) return false;
    return hex ? wanted.len == d->text.len && strncasecmp(wanted.ptr, d->text.ptr, wanted.len) == 0 : same_bytes(d->text, wanted);
}

/* -1, 0, 1; 2: cannot be compared. Two ints are compared as ints. */
static int compare(const struct policy_value *v, const struct datum *d)
{
    bool numbers = (d->type == DATUM_INT || d->type == DATUM_DOUBLE) && (v->type == POLICY_VALUE_INT || v->type == POLICY_VALUE_DOUBLE);
    if (!numbers) return 2;
    if (d->type == DATUM_INT && v->type == POLICY_VALUE_INT) return (d->integer > v->integer) - (d->integer < v->integer);
    double a = d->type == DATUM_INT ? (double)d->integer : d->real, b = v->type == POLICY_VALUE_INT ? (double)v->integer : v->real;
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
}

static bool typed_matches(const struct policy_matcher *m, const struct datum *d)
{
    int order = compare(&m->value, d);
    switch (m->condition) {
    case POLICY_GT: return order == 1;
    case POLICY_GTE: return order == 1 || order == 0;
    case POLICY_LT: return order == -1;
    case POLICY_LTE: return order == -1 || order == 0;
    default: break;
    }
    if (m->value.type == POLICY_VALUE_BOOL) return d->type == DATUM_BOOL && d->boolean == m->value.boolean;
    if (m->value.type == POLICY_VALUE_BYTES || m->value.type == POLICY_VALUE_HEX) return bytes_match(m, d);
    return order == 0;
}

bool match_datum(const struct policy_matcher *m, const struct datum *d)
{
    if (m->condition == POLICY_EXISTS) return (d->type != DATUM_ABSENT) != m->negate;
    if (m->condition >= POLICY_EQUALS) {
        if (d->type == DATUM_ABSENT && field_values(m->selector.field)) return false;
        return typed_matches(m, d) != m->negate;
    }
    if (d->type != DATUM_STRING || !d->text.len) return false;
    return text_matches(m, d->text) != m->negate;
}

/* The i-th of the repeated values; false: there are not so many. */
static bool next_value(const struct policy_selector *s, const struct record_ops *ops, void *record, size_t i, struct datum *d)
{
    *d = (struct datum){.type = DATUM_STRING};
    if (s->kind == POLICY_SELECT_EVENT) return ops->event_name && ops->event_name(record, i, &d->text);
    if (s->kind == POLICY_SELECT_LINK) return ops->link_trace_id && ops->link_trace_id(record, i, &d->text);
    return ops->event_attribute && ops->event_attribute(record, i, s->path, s->path_count, d);
}

/* Any of them counts. A negated text condition wants at least one text, as it does with a single value. */
bool match_repeated(const struct policy_matcher *m, const struct record_ops *ops, void *record)
{
    struct policy_matcher plain = *m;
    bool any = false, text = false;
    struct datum d;
    plain.negate = false;
    for (size_t i = 0; next_value(&m->selector, ops, record, i, &d); i++) {
        any |= match_datum(&plain, &d);
        text |= d.type == DATUM_STRING && d.text.len > 0;
    }
    if (!m->negate) return any;
    bool needs_text = m->condition < POLICY_EQUALS && m->condition != POLICY_EXISTS;
    return !any && (text || !needs_text);
}
