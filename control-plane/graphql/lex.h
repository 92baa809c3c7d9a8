/* The words of the GraphQL language, for documents and for schemas.
 *
 * gql_lex_begin(); then gql_lex_next() until TOK_END or TOK_ERROR. A token leaves `kind`, `at` (byte offset) and
 * `token`: the bytes as they stand; for strings those between the quotes, checked: gql_lex_string() decodes them.
 * Punctuation has its own character as kind. Blanks, commas, comments and byte order marks are passed over.
 * After TOK_ERROR `error` says what; `too_many` tells a passed token limit from a syntax error. */
#ifndef CONTROL_PLANE_GRAPHQL_LEX_H
#define CONTROL_PLANE_GRAPHQL_LEX_H

#include "base/arena.h"

enum { TOK_END, TOK_ERROR, TOK_NAME, TOK_INT, TOK_FLOAT, TOK_STRING, TOK_BLOCK, TOK_SPREAD };

struct gql_lexer {
    struct slice text;
    size_t next; /* where the next token is looked for */
    size_t left; /* tokens that may still come */
    int kind;
    size_t at;
    struct slice token;
    const char *error;
    bool too_many;
};

void gql_lex_begin(struct gql_lexer *lex, struct slice text, size_t max_tokens);
int gql_lex_next(struct gql_lexer *lex);
/* The real text of a TOK_STRING or TOK_BLOCK: a part of the source, or decoded into the arena. */
struct slice gql_lex_string(int kind, struct slice token, struct arena *arena);

#endif
