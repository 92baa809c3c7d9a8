#include "control-plane/graphql/parse.h"

enum { NESTING = 200 };

void gql_parser_begin(struct gql_parser *p, struct slice text, size_t max_tokens, struct arena *arena, struct gql_problems *problems)
{
    *p = (struct gql_parser){.arena = arena, .problems = problems};
    gql_lex_begin(&p->lex, text, max_tokens);
    gql_parse_advance(p);
}

static void stop(struct gql_parser *p)
{
    p->failed = true;
    p->lex.kind = TOK_ERROR;
}

void gql_parse_advance(struct gql_parser *p)
{
    if (p->failed || gql_lex_next(&p->lex) != TOK_ERROR) return;
    gql_problem(p->problems, p->lex.too_many ? LIMIT_EXCEEDED : PARSE_FAILED, p->lex.at, "%s", p->lex.error);
    stop(p);
}

void gql_parse_fail(struct gql_parser *p, const char *expected)
{
    if (p->failed) return;
    if (p->lex.kind == TOK_END) gql_problem(p->problems, PARSE_FAILED, p->lex.at, "Expected %s, found the end of the document.", expected);
    else gql_problem(p->problems, PARSE_FAILED, p->lex.at, "Expected %s, found \"%.*s\".", expected, NAME(p->lex.token));
    stop(p);
}

bool gql_parse_skip(struct gql_parser *p, int kind)
{
    if (p->lex.kind != kind) return false;
    gql_parse_advance(p);
    return true;
}

bool gql_parse_expect(struct gql_parser *p, int kind, const char *what)
{
    if (gql_parse_skip(p, kind)) return true;
    gql_parse_fail(p, what);
    return false;
}

bool gql_parse_at_word(const struct gql_parser *p, const char *word) { return p->lex.kind == TOK_NAME && slice_is(p->lex.token, word); }

struct slice gql_parse_name(struct gql_parser *p, const char *what)
{
    struct slice name = p->lex.token;
    return gql_parse_expect(p, TOK_NAME, what) ? name : SLICE("");
}

bool gql_parse_enter(struct gql_parser *p)
{
    if (p->failed) return false;
    if (p->depth++ < NESTING) return true;
    gql_problem(p->problems, LIMIT_EXCEEDED, p->lex.at, "The document is nested more than %d levels deep.", NESTING);
    stop(p);
    return false;
}

void gql_parse_leave(struct gql_parser *p) { p->depth--; }

static struct ast_value *value_new(struct gql_parser *p, enum ast_value_kind kind)
{
    struct ast_value *value = arena_zero(p->arena, sizeof *value);
    value->kind = kind;
    value->at = (uint32_t)p->lex.at;
    value->text = p->lex.token;
    return value;
}

static struct ast_value *scalar(struct gql_parser *p, enum ast_value_kind kind)
{
    struct ast_value *value = value_new(p, kind);
    if (kind == AST_STRING) value->text = gql_lex_string(p->lex.kind, p->lex.token, p->arena);
    value->end = (uint32_t)p->lex.next;
    gql_parse_advance(p);
    return value;
}

static struct ast_value *variable(struct gql_parser *p, bool constant)
{
    struct ast_value *value = value_new(p, AST_VARIABLE);
    if (constant) gql_parse_fail(p, "a constant value");
    gql_parse_advance(p);
    value->end = (uint32_t)p->lex.next;
    value->text = gql_parse_name(p, "the name of a variable");
    value->variables = true;
    return value;
}

static struct ast_value *item(struct gql_parser *p, bool constant, bool object)
{
    if (!object) return gql_parse_value(p, constant);
    uint32_t at = (uint32_t)p->lex.at;
    struct slice name = gql_parse_name(p, "the name of an input field");
    gql_parse_expect(p, ':', "':'");
    struct ast_value *value = gql_parse_value(p, constant);
    value->name = name;
    value->name_at = at;
    return value;
}

static struct ast_value *compound(struct gql_parser *p, bool constant, bool object)
{
    struct ast_value *value = value_new(p, object ? AST_OBJECT : AST_LIST), **tail = &value->items;
    int close = object ? '}' : ']';
    if (!gql_parse_enter(p)) return value;
    gql_parse_advance(p);
    while (!p->failed && !gql_parse_at(p, close)) {
        *tail = item(p, constant, object);
        value->variables |= (*tail)->variables;
        value->count++;
        tail = &(*tail)->next;
    }
    value->end = (uint32_t)p->lex.next;
    gql_parse_advance(p);
    gql_parse_leave(p);
    return value;
}

struct ast_value *gql_parse_value(struct gql_parser *p, bool constant)
{
    switch (p->lex.kind) {
    case TOK_INT: return scalar(p, AST_INT);
    case TOK_FLOAT: return scalar(p, AST_FLOAT);
    case TOK_STRING:
    case TOK_BLOCK: return scalar(p, AST_STRING);
    case '[': return compound(p, constant, false);
    case '{': return compound(p, constant, true);
    case '$': return variable(p, constant);
    default: break;
    }
    if (gql_parse_at_word(p, "true") || gql_parse_at_word(p, "false")) return scalar(p, AST_BOOL);
    if (gql_parse_at_word(p, "null")) return scalar(p, AST_NULL);
    if (!gql_parse_at(p, TOK_NAME)) gql_parse_fail(p, "a value");
    return scalar(p, AST_ENUM);
}

struct ast_type *gql_parse_type(struct gql_parser *p)
{
    struct ast_type *type = arena_zero(p->arena, sizeof *type);
    type->at = (uint32_t)p->lex.at;
    if (gql_parse_at(p, '[')) {
        if (!gql_parse_enter(p)) return type;
        gql_parse_advance(p);
        type->of = gql_parse_type(p);
        gql_parse_expect(p, ']', "']'");
        gql_parse_leave(p);
    } else {
        type->name = gql_parse_name(p, "a type");
    }
    type->non_null = gql_parse_skip(p, '!');
    return type;
}

struct ast_argument *gql_parse_arguments(struct gql_parser *p, bool constant)
{
    struct ast_argument *first = NULL, **tail = &first;
    if (!gql_parse_skip(p, '(')) return NULL;
    do {
        struct ast_argument *argument = arena_zero(p->arena, sizeof *argument);
        argument->at = (uint32_t)p->lex.at;
        argument->name = gql_parse_name(p, "the name of an argument");
        gql_parse_expect(p, ':', "':'");
        argument->value = gql_parse_value(p, constant);
        *tail = argument;
        tail = &argument->next;
    } while (!p->failed && !gql_parse_at(p, ')'));
    gql_parse_advance(p);
    return first;
}

struct ast_directive *gql_parse_directives(struct gql_parser *p, bool constant)
{
    struct ast_directive *first = NULL, **tail = &first;
    while (gql_parse_at(p, '@')) {
        struct ast_directive *directive = arena_zero(p->arena, sizeof *directive);
        directive->at = (uint32_t)p->lex.at;
        gql_parse_advance(p);
        directive->name = gql_parse_name(p, "the name of a directive");
        directive->arguments = gql_parse_arguments(p, constant);
        *tail = directive;
        tail = &directive->next;
    }
    return first;
}
