#include "control-plane/api/body.h"

#include "base/json_read.h"

enum { BODY_TEXT_MAX = 4 * 1024 * 1024 };

static bool read_text(struct json_reader *r, struct arena *arena, struct slice *out, const char **problem)
{
    enum json_token token = json_next(r);
    if (token == JSON_NULL) return true;
    if (token != JSON_STRING) return *problem = "query and operationName are strings", false;
    if (!r->escaped) return (*out = r->text), true;
    struct buf scratch;
    buf_init(&scratch, BODY_TEXT_MAX);
    struct slice plain = json_text(r, &scratch);
    char *copy = scratch.full ? NULL : arena_copy(arena, plain);
    if (copy) *out = slice_of(copy, plain.len);
    buf_free(&scratch);
    if (!copy) *problem = "the query is too large";
    return copy != NULL;
}

static bool read_variables(struct json_reader *r, struct slice *out, const char **problem)
{
    enum json_token token = json_next(r);
    if (token == JSON_NULL) return true;
    if (token != JSON_OBJECT) return *problem = "variables is an object", false;
    size_t start = r->at - 1;
    if (!json_skip(r)) return *problem = "the body is not JSON", false;
    *out = slice_of(r->in.ptr + start, r->at - start);
    return true;
}

static bool read_member(struct json_reader *r, struct arena *arena, struct graphql_body *body, const char **problem)
{
    if (slice_is(r->text, "query")) return read_text(r, arena, &body->query, problem);
    if (slice_is(r->text, "operationName")) return read_text(r, arena, &body->operation, problem);
    if (slice_is(r->text, "variables")) return read_variables(r, &body->variables, problem);
    return json_skip(r);
}

bool graphql_body_read(struct slice text, struct arena *arena, struct graphql_body *body, const char **problem)
{
    struct json_reader r;
    enum json_token token;
    *body = (struct graphql_body){.query = SLICE("")};
    *problem = NULL;
    json_begin(&r, text);
    if (json_next(&r) != JSON_OBJECT) return *problem = "the body is a JSON object with a query", false;
    while ((token = json_next(&r)) == JSON_KEY)
        if (!read_member(&r, arena, body, problem)) break;
    if (!*problem && (token != JSON_OBJECT_END || json_next(&r) != JSON_END)) *problem = "the body is not JSON";
    if (!*problem && body->query.len == 0) *problem = "the body holds no query";
    return *problem == NULL;
}
