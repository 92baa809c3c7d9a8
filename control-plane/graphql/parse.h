/* Documents to trees. The pieces that schemas share (values, types, directives) are in parse_parts.c. */
#ifndef CONTROL_PLANE_GRAPHQL_PARSE_H
#define CONTROL_PLANE_GRAPHQL_PARSE_H

#include "control-plane/graphql/ast.h"
#include "control-plane/graphql/lex.h"
#include "control-plane/graphql/problems.h"

struct gql_parser {
    struct gql_lexer lex;
    struct arena *arena;
    struct gql_problems *problems;
    unsigned depth;
    bool failed; /* one problem was reported; every further token is TOK_ERROR */
};

/* The text must outlive the tree. The arena must not run full. False: a problem was reported. */
bool gql_parse(struct slice text, size_t max_tokens, struct arena *arena, struct gql_problems *problems, struct ast_document *doc);

void gql_parser_begin(struct gql_parser *p, struct slice text, size_t max_tokens, struct arena *arena, struct gql_problems *problems);
/* Reports what was expected here, once. */
void gql_parse_fail(struct gql_parser *p, const char *expected);
void gql_parse_advance(struct gql_parser *p);
bool gql_parse_skip(struct gql_parser *p, int kind);
bool gql_parse_expect(struct gql_parser *p, int kind, const char *what);
static inline bool gql_parse_at(const struct gql_parser *p, int kind) { return p->lex.kind == kind; }
bool gql_parse_at_word(const struct gql_parser *p, const char *word);
/* A name, moved past; empty after a failure. */
struct slice gql_parse_name(struct gql_parser *p, const char *what);
/* Nesting is bounded: false (and a problem) when it is too deep, else call leave at the end. */
bool gql_parse_enter(struct gql_parser *p);
void gql_parse_leave(struct gql_parser *p);

struct ast_value *gql_parse_value(struct gql_parser *p, bool constant);
struct ast_type *gql_parse_type(struct gql_parser *p);
struct ast_directive *gql_parse_directives(struct gql_parser *p, bool constant);
struct ast_argument *gql_parse_arguments(struct gql_parser *p, bool constant);

#endif
