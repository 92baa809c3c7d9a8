#include "api-client/internal.h"
#include "base/die.h"

#include <stdio.h>
#include <stdlib.h>

/* The documents are ours: October 2021 GraphQL without block strings and fragments. */

struct lexer {
    const char *at;
    struct slice token; /* empty at the end */
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '+';
}

static void skip_blanks(struct lexer *l)
{
    for (;;) {
        l->at += strspn(l->at, " \t\r\n,");
        if (*l->at != '#') return;
        l->at += strcspn(l->at, "\n");
    }
}

static size_t string_length(const char *at)
{
    size_t n = 1;
    while (at[n] && at[n] != '"') n += at[n] == '\\' && at[n + 1] ? 2 : 1;
    return n + (at[n] == '"');
}

static void next(struct lexer *l)
{
    size_t n = 0;
    skip_blanks(l);
    if (*l->at == '"') n = string_length(l->at);
    else if (is_word(*l->at))
        while (is_word(l->at[n])) n++;
    else if (*l->at) n = 1;
    l->token = slice_of(l->at, n);
    l->at += n;
}

static bool at_char(const struct lexer *l, char c) { return l->token.len == 1 && *l->token.ptr == c; }

const struct embedded *document_find(const char *operation)
{
    size_t n = strlen(operation);
    for (const struct embedded *e = embedded_operations; e->name; e++)
        if (!strncmp(e->name, operation, n) && !strcmp(e->name + n, ".graphql")) return e;
    return NULL;
}

bool document_is_query(const char *text)
{
    struct lexer l = {.at = text};
    next(&l);
    return at_char(&l, '{') || slice_is(l.token, "query");
}

struct filter {
    struct lexer l;
    const json_t *offers;
    struct buf out;
    unsigned root_fields;
};

static void copy_token(struct filter *f)
{
    if (f->out.len && is_word(f->out.data[f->out.len - 1]) && (is_word(*f->l.token.ptr) || *f->l.token.ptr == '$')) buf_char(&f->out, ' ');
    buf_slice(&f->out, f->l.token);
    next(&f->l);
}

/* Copies from the bracket at the token to the one that closes it. */
static void copy_brackets(struct filter *f)
{
    int depth = 0;
    do {
        if (at_char(&f->l, '(') || at_char(&f->l, '[') || at_char(&f->l, '{')) depth++;
        if (at_char(&f->l, ')') || at_char(&f->l, ']') || at_char(&f->l, '}')) depth--;
        copy_token(f);
        if (depth > 0) buf_char(&f->out, ' ');
    } while (depth > 0 && f->l.token.len);
}

static const json_t *fields_of(const json_t *offers, const char *type) { return json_object_get(json_object_get(offers, type), "fields"); }

/* Goes past the value at the token. False where it holds an input field or an enum value that is not offered. */
static bool knows_value(struct lexer *l, const json_t *offers, const char *type)
{
    const json_t *fields = fields_of(offers, type);
    bool list = at_char(l, '['), known = true;
    if (at_char(l, '$')) next(l);
    else if (!list && !at_char(l, '{') && json_object_size(fields) > 0)
        known = slice_is(l->token, "null") || json_object_getn(fields, l->token.ptr, l->token.len) != NULL;
    if (!list && !at_char(l, '{')) {
        next(l);
        return known;
    }
    for (next(l); l->token.len && !at_char(l, ']') && !at_char(l, '}');) {
        const char *inner = type;
        if (!list) {
            const json_t *field = json_object_getn(fields, l->token.ptr, l->token.len);
            if (!field) known = false;
            inner = json_string_value(json_object_get(field, "type"));
            next(l);
            next(l);
        }
        if (!knows_value(l, offers, inner ? inner : "")) known = false;
    }
    next(l);
    return known;
}

/* True where every argument, and what stands in its value, is in args: from the bracket on. */
static bool knows_arguments(struct lexer l, const json_t *offers, const json_t *args)
{
    for (next(&l); l.token.len && !at_char(&l, ')');) {
        const json_t *type = json_object_getn(args, l.token.ptr, l.token.len);
        if (!type) return false;
        next(&l);
        next(&l);
        if (!knows_value(&l, offers, json_is_string(type) ? json_string_value(type) : "")) return false;
    }
    return true;
}

static const json_t *field_of(const struct filter *f, const char *type, struct slice name)
{
    return json_object_getn(fields_of(f->offers, type), name.ptr, name.len);
}

static void copy_set(struct filter *f, const char *type, bool root);

static void copy_field(struct filter *f, const char *type, bool root)
{
    size_t mark = f->out.len;
    struct slice name = f->l.token;
    copy_token(f);
    if (at_char(&f->l, ':')) {
        copy_token(f);
        name = f->l.token;
        copy_token(f);
    }
    const json_t *field = field_of(f, type, name);
    bool known = field || slice_is(name, "__typename") || slice_is(name, "__schema");
    if (at_char(&f->l, '(')) {
        known = known && knows_arguments(f->l, f->offers, json_object_get(field, "args"));
        copy_brackets(f);
    }
    while (at_char(&f->l, '@')) {
        copy_token(f);
        copy_token(f);
        if (at_char(&f->l, '(')) copy_brackets(f);
    }
    if (at_char(&f->l, '{')) {
        const char *inner = json_string_value(json_object_get(field, "type"));
        copy_set(f, inner ? inner : "", false);
    }
    if (known) f->root_fields += root;
    else buf_cut(&f->out, mark);
}

static void copy_set(struct filter *f, const char *type, bool root)
{
    copy_token(f);
    size_t mark = f->out.len;
    while (f->l.token.len && !at_char(&f->l, '}')) copy_field(f, type, root);
    if (f->out.len == mark) buf_str(&f->out, "__typename");
    copy_token(f);
}

static bool uses(struct slice text, struct slice variable)
{
    struct lexer l = {.at = text.ptr};
    for (next(&l); l.token.len; next(&l)) {
        if (!at_char(&l, '$')) continue;
        next(&l);
        if (slice_eq(l.token, variable)) return true;
    }
    return false;
}

/* "$name: Type! = default": copies it where the body has a use for it. */
static void copy_variable(struct filter *f, struct slice body)
{
    size_t mark = f->out.len;
    copy_token(f);
    struct slice name = f->l.token;
    while (f->l.token.len && !at_char(&f->l, '$') && !at_char(&f->l, ')')) {
        if (at_char(&f->l, '{')) copy_brackets(f);
        else copy_token(f);
    }
    if (uses(body, name)) buf_char(&f->out, ' ');
    else buf_cut(&f->out, mark);
}

static void copy_variables(struct filter *f, struct slice body)
{
    size_t mark = f->out.len;
    copy_token(f);
    size_t empty = f->out.len;
    while (at_char(&f->l, '$')) copy_variable(f, body);
    bool any = f->out.len > empty;
    copy_token(f);
    if (!any) buf_cut(&f->out, mark);
}

static struct lexer body_start(struct lexer l)
{
    int depth = 0;
    while (l.token.len && !(depth == 0 && at_char(&l, '{'))) {
        depth += at_char(&l, '(') - at_char(&l, ')');
        next(&l);
    }
    return l;
}

char *document_filter(const char *text, const json_t *offers)
{
    struct filter body = {.l = {.at = text}, .offers = offers}, head;
    bool query = document_is_query(text);
    const char *root = json_string_value(json_object_get(offers, query ? "query" : "mutation"));
    next(&body.l);
    head = body;
    buf_init(&body.out, 1 << 16);
    buf_init(&head.out, 1 << 16);
    body.l = body_start(body.l);
    copy_set(&body, root ? root : "", true);
    while (head.l.token.len && !at_char(&head.l, '{')) {
        if (at_char(&head.l, '(')) copy_variables(&head, buf_view(&body.out));
        else copy_token(&head);
    }
    buf_slice(&head.out, buf_view(&body.out));
    char *made = !body.root_fields || head.out.full || body.out.full ? NULL : xstrdup(head.out.data);
    buf_free(&body.out);
    buf_free(&head.out);
    return made;
}

const char *document_lacks(const char *text, const json_t *variables, const json_t *offers)
{
    struct lexer l = {.at = text};
    const char *found = NULL;
    char type[80];
    for (next(&l); l.token.len && !found && !at_char(&l, '{'); next(&l)) {
        if (!at_char(&l, '$')) continue;
        next(&l);
        const json_t *value = json_object_getn(variables, l.token.ptr, l.token.len);
        do next(&l);
        while (at_char(&l, ':') || at_char(&l, '['));
        snprintf(type, sizeof type, "%.*s", (int)l.token.len, l.token.ptr);
        if (value) found = offered_lacks(offers, type, value);
    }
    return found;
}
