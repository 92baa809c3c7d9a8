#include "control-plane/graphql/problems.h"

#include "base/json_write.h"
#include "control-plane/graphql/graphql.h"

#include <stdarg.h>
#include <stdio.h>

enum { JSON_MAX = 64 * 1024 };

void gql_problems_begin(struct gql_problems *p, struct slice source)
{
    p->source = source;
    p->count = 0;
    p->first[0] = '\0';
    p->first_at = 0;
    buf_init(&p->json, JSON_MAX);
}

void gql_problems_end(struct gql_problems *p) { buf_free(&p->json); }

struct gql_place gql_place_of(struct slice source, size_t at)
{
    struct gql_place place = {1, 1};
    if (at > source.len) at = source.len;
    for (size_t i = 0; i < at; i++) {
        char c = source.ptr[i];
        if (c == '\n' || (c == '\r' && !(i + 1 < source.len && source.ptr[i + 1] == '\n'))) place = (struct gql_place){place.line + 1, 1};
        else if (((unsigned char)c & 0xC0) != 0x80) place.column++;
    }
    return place;
}

void gql_error_open(struct buf *out, struct slice message, struct slice source, const size_t *at, size_t n)
{
    buf_str(out, "{\"message\":");
    json_write_string(out, message);
    buf_str(out, n ? ",\"locations\":[" : ",");
    for (size_t i = 0; i < n; i++) {
        struct gql_place place = gql_place_of(source, at[i]);
        buf_printf(out, "%s{\"line\":%u,\"column\":%u}", i ? "," : "", place.line, place.column);
    }
    if (n) buf_str(out, "],");
}

void gql_error_close(struct buf *out, const char *code)
{
    buf_str(out, "\"extensions\":{\"code\":");
    json_write_string(out, slice_str(code));
    buf_str(out, "}}");
}

static void add(struct gql_problems *p, const char *code, const size_t *at, size_t n, const char *format, va_list args)
{
    if (p->count++ >= PROBLEMS_MAX) return;
    char message[sizeof p->first];
    int length = vsnprintf(message, sizeof message, format, args);
    size_t len = length < 0 ? 0 : (size_t)length < sizeof message ? (size_t)length : sizeof message - 1;
    if (p->count == 1) {
        memcpy(p->first, message, len + 1);
        p->first_at = at[0];
    }
    if (p->json.len) buf_char(&p->json, ',');
    gql_error_open(&p->json, slice_of(message, len), p->source, at, n);
    gql_error_close(&p->json, code);
}

void gql_problem(struct gql_problems *p, const char *code, size_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(p, code, &at, 1, format, args);
    va_end(args);
}

void gql_problem_both(struct gql_problems *p, const char *code, size_t at, size_t other, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(p, code, (size_t[]){at, other}, 2, format, args);
    va_end(args);
}

void gql_problems_answer(const struct gql_problems *p, struct buf *out)
{
    buf_str(out, "{\"errors\":[");
    buf_slice(out, buf_view(&p->json));
    buf_str(out, "]}");
}

void gql_error_answer(struct buf *out, const char *code, struct slice message)
{
    buf_str(out, "{\"errors\":[");
    gql_error_open(out, message, (struct slice){0}, NULL, 0);
    gql_error_close(out, code);
    buf_str(out, "]}");
}
