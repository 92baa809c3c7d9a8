/* Errors of one request before it executes: each is written as a JSON object, comma between them.
 * Beyond PROBLEMS_MAX further ones are counted only. Also the writer that execution shares. */
#ifndef CONTROL_PLANE_GRAPHQL_PROBLEMS_H
#define CONTROL_PLANE_GRAPHQL_PROBLEMS_H

#include "base/buf.h"

enum { PROBLEMS_MAX = 10 };

struct gql_problems {
    struct slice source; /* of the locations */
    struct buf json;
    unsigned count;
    char first[512]; /* the message of the first one */
    size_t first_at;
};

#define PARSE_FAILED      "GRAPHQL_PARSE_FAILED"
#define VALIDATION_FAILED "GRAPHQL_VALIDATION_FAILED"
#define BAD_USER_INPUT    "BAD_USER_INPUT"
#define LIMIT_EXCEEDED    "LIMIT_EXCEEDED"
#define INTERNAL          "INTERNAL"

void gql_problems_begin(struct gql_problems *p, struct slice source);
void gql_problems_end(struct gql_problems *p);
static inline bool gql_problems_full(const struct gql_problems *p) { return p->count >= PROBLEMS_MAX; }

void gql_problem(struct gql_problems *p, const char *code, size_t at, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* With two places. */
void gql_problem_both(struct gql_problems *p, const char *code, size_t at, size_t other, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* {"errors":[...]} */
void gql_problems_answer(const struct gql_problems *p, struct buf *out);

/* `{"message":...,"locations":[...],` without the rest; n may be 0. */
void gql_error_open(struct buf *out, struct slice message, struct slice source, const size_t *at, size_t n);
/* `"extensions":{"code":...}}` */
void gql_error_close(struct buf *out, const char *code);

struct gql_place {
    unsigned line, column; /* from 1; columns are characters */
};
struct gql_place gql_place_of(struct slice source, size_t at);

/* For "%.*s": names in messages are cut at 80 bytes. */
#define NAME(s) ((int)((s).len < 80 ? (s).len : 80)), (s).ptr

#endif
