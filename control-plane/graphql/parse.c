#include "control-plane/graphql/parse.h"

static struct ast_selection *selection_set(struct gql_parser *p);

static void parse_field(struct gql_parser *p, struct ast_selection *s)
{
    s->kind = AST_FIELD;
    s->key = s->name = gql_parse_name(p, "a field");
    s->name_at = s->at;
    if (gql_parse_skip(p, ':')) {
        s->name_at = (uint32_t)p->lex.at;
        s->name = gql_parse_name(p, "a field");
    }
    s->arguments = gql_parse_arguments(p, false);
    s->directives = gql_parse_directives(p, false);
    s->braces = gql_parse_at(p, '{');
    if (s->braces) s->selections = selection_set(p);
}

static void parse_fragment_use(struct gql_parser *p, struct ast_selection *s)
{
    gql_parse_advance(p);
    bool on = gql_parse_at_word(p, "on");
    if (gql_parse_at(p, TOK_NAME) && !on) {
        s->kind = AST_SPREAD;
        s->name_at = (uint32_t)p->lex.at;
        s->name = gql_parse_name(p, "the name of a fragment");
        s->directives = gql_parse_directives(p, false);
        return;
    }
    s->kind = AST_INLINE;
    if (on) {
        gql_parse_advance(p);
        s->name_at = (uint32_t)p->lex.at;
        s->name = gql_parse_name(p, "a type");
    }
    s->directives = gql_parse_directives(p, false);
    s->braces = true;
    s->selections = selection_set(p);
}

static struct ast_selection *selection_set(struct gql_parser *p)
{
    struct ast_selection *first = NULL, **tail = &first;
    if (!gql_parse_expect(p, '{', "'{'") || !gql_parse_enter(p)) return NULL;
    do {
        struct ast_selection *s = arena_zero(p->arena, sizeof *s);
        s->at = (uint32_t)p->lex.at;
        if (gql_parse_at(p, TOK_SPREAD)) parse_fragment_use(p, s);
        else parse_field(p, s);
        *tail = s;
        tail = &s->next;
    } while (!p->failed && !gql_parse_at(p, '}'));
    gql_parse_advance(p);
    gql_parse_leave(p);
    return first;
}

static void parse_variables(struct gql_parser *p, struct ast_operation *operation)
{
    struct ast_variable **tail = &operation->variables;
    if (!gql_parse_skip(p, '(')) return;
    do {
        struct ast_variable *variable = arena_zero(p->arena, sizeof *variable);
        variable->at = (uint32_t)p->lex.at;
        gql_parse_expect(p, '$', "'$'");
        variable->name = gql_parse_name(p, "the name of a variable");
        gql_parse_expect(p, ':', "':'");
        variable->type = gql_parse_type(p);
        if (gql_parse_skip(p, '=')) variable->fallback = gql_parse_value(p, true);
        variable->directives = gql_parse_directives(p, true);
        variable->index = operation->variable_count++;
        *tail = variable;
        tail = &variable->next;
    } while (!p->failed && !gql_parse_at(p, ')'));
    gql_parse_advance(p);
}

static struct ast_operation *parse_operation(struct gql_parser *p)
{
    struct ast_operation *operation = arena_zero(p->arena, sizeof *operation);
    operation->body.at = (uint32_t)p->lex.at;
    if (!gql_parse_at(p, '{')) {
        operation->kind = gql_parse_at_word(p, "mutation") ? AST_MUTATION : gql_parse_at_word(p, "query") ? AST_QUERY : AST_SUBSCRIPTION;
        gql_parse_advance(p);
        if (gql_parse_at(p, TOK_NAME)) operation->body.name = gql_parse_name(p, "a name");
        parse_variables(p, operation);
        operation->body.directives = gql_parse_directives(p, false);
    }
    operation->body.selections = selection_set(p);
    return operation;
}

static struct ast_fragment *parse_fragment(struct gql_parser *p)
{
    struct ast_fragment *fragment = arena_zero(p->arena, sizeof *fragment);
    fragment->body.at = (uint32_t)p->lex.at;
    gql_parse_advance(p);
    if (gql_parse_at_word(p, "on")) gql_parse_fail(p, "the name of a fragment");
    fragment->body.name = gql_parse_name(p, "the name of a fragment");
    if (!gql_parse_at_word(p, "on")) gql_parse_fail(p, "\"on\"");
    gql_parse_advance(p);
    fragment->condition_at = (uint32_t)p->lex.at;
    fragment->condition = gql_parse_name(p, "a type");
    fragment->body.directives = gql_parse_directives(p, false);
    fragment->body.selections = selection_set(p);
    return fragment;
}

static bool at_operation(const struct gql_parser *p)
{
    return gql_parse_at(p, '{') || gql_parse_at_word(p, "query") || gql_parse_at_word(p, "mutation") ||
           gql_parse_at_word(p, "subscription");
}

static bool at_type_system(const struct gql_parser *p)
{
    static const char *const words[] = {"schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"};
    if (gql_parse_at(p, TOK_STRING) || gql_parse_at(p, TOK_BLOCK)) return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (gql_parse_at_word(p, words[i])) return true;
    return false;
}

static void refuse_type_system(struct gql_parser *p)
{
    gql_problem(p->problems, VALIDATION_FAILED, p->lex.at, "Only operations and fragments can be executed, not definitions of types.");
    p->failed = true;
}

bool gql_parse(struct slice text, size_t max_tokens, struct arena *arena, struct gql_problems *problems, struct ast_document *doc)
{
    struct gql_parser p;
    struct ast_operation **operations = &doc->operations;
    struct ast_fragment **fragments = &doc->fragments;
    *doc = (struct ast_document){0};
    gql_parser_begin(&p, text, max_tokens, arena, problems);
    do {
        if (at_operation(&p)) {
            *operations = parse_operation(&p);
            operations = &(*operations)->next;
            doc->operation_count++;
        } else if (gql_parse_at_word(&p, "fragment")) {
            *fragments = parse_fragment(&p);
            fragments = &(*fragments)->next;
        } else if (at_type_system(&p)) {
            refuse_type_system(&p);
        } else {
            gql_parse_fail(&p, "an operation or a fragment");
        }
    } while (!p.failed && !gql_parse_at(&p, TOK_END));
    return !p.failed;
}
