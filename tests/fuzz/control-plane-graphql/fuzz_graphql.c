/* A document and its variables: the text up to the first NUL, then JSON. Whatever is answered must be JSON. */
#include "base/die.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "control-plane/graphql/graphql.h"

#include <stdlib.h>

static const char sdl[] =
    "interface I { id: ID! name(u: Boolean = false): String! i(first: Int): [I!] }\n"
    "type A implements I { id: ID! name(u: Boolean = false): String! i(first: Int): [I!] n: Int a: A sure: A! }\n"
    "type B implements I { id: ID! name(u: Boolean = false): String! i(first: Int): [I!] f: Float b: [B] e: E }\n"
    "union U = A | B\n"
    "enum E { X Y @deprecated }\n"
    "scalar Date\n"
    "scalar JSON\n"
    "input In { n: Int! = 1 s: String in: In l: [In!] e: E = X f: Float }\n"
    "directive @d(x: Int! = 1) repeatable on FIELD | QUERY | INLINE_FRAGMENT | FRAGMENT_SPREAD\n"
    "type Query { i(first: Int): I u: U a: A bs(first: Int, last: Int): [B!]\n"
    "  g(n: Int, f: Float, s: String, id: ID, b: Boolean, e: E, in: In, l: [Int!], m: [[Int]], j: JSON, d: Date = 5, r: Int! = 3): JSON }\n"
    "type Mutation { g(in: In!): A }\n";

static int objects[2];

static bool is_b(const struct gql_call *call) { return gql_parent(call) == &objects[1]; }
static void type_name(struct gql_call *call) { gql_string(call, is_b(call) ? SLICE("B") : SLICE("A")); }
static void give_a(struct gql_call *call) { gql_object(call, &objects[0]); }
static void give_b(struct gql_call *call) { gql_object(call, &objects[1]); }
static void *at(void *list, size_t i)
{
    (void)list;
    return i == 2 ? NULL : &objects[i];
}
static void *second(void *list, size_t i)
{
    (void)list;
    (void)i;
    return &objects[1];
}
static void give_both(struct gql_call *call) { gql_list(call, 2, at, NULL); }
static void give_holes(struct gql_call *call) { gql_list(call, 3, second, NULL); }
static void give_id(struct gql_call *call) { gql_int(call, is_b(call)); }
static void give_name(struct gql_call *call)
{
    const struct gql_value *upper = gql_arg(call, "u");
    if (upper && upper->kind == GQL_V_BOOL && upper->boolean) gql_fail(call, "NOT_FOUND", "no upper case");
    else gql_string(call, SLICE("n"));
}
static void give_null(struct gql_call *call) { gql_null(call); }
static void give_number(struct gql_call *call) { gql_int(call, 4); }

static void walk(struct buf *out, const struct gql_value *v)
{
    if (v->kind == GQL_V_STRING || v->kind == GQL_V_ENUM || v->kind == GQL_V_JSON) json_write_string(out, v->text);
    else if (v->kind == GQL_V_LIST)
        for (size_t i = 0; i < v->list.count; i++) walk(out, &v->list.items[i]);
    else if (v->kind == GQL_V_OBJECT)
        for (size_t i = 0; i < v->object.count; i++) walk(out, &v->object.entries[i].value);
}

static void give_echo(struct gql_call *call)
{
    static const char *const names[] = {"n", "f", "s", "id", "b", "e", "in", "l", "m", "j", "d", "r"};
    struct buf out;
    buf_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (gql_arg(call, names[i])) walk(&out, gql_arg(call, names[i]));
    buf_free(&out);
    const struct gql_value *json = gql_arg(call, "j");
    if (json && json->kind == GQL_V_JSON) gql_json(call, json->text);
    else gql_json(call, gql_selects(call, "a.b") ? SLICE("1") : SLICE("{}"));
}

static const struct gql_binding bindings[] = {
    {"I", "__typename", type_name},
    {"U", "__typename", type_name},
    {"Query", "i", give_b},
    {"Query", "u", give_a},
    {"Query", "a", give_a},
    {"Query", "bs", give_holes},
    {"Query", "g", give_echo},
    {"Mutation", "g", give_a},
    {"A", "id", give_id},
    {"A", "name", give_name},
    {"A", "i", give_both},
    {"A", "n", give_number},
    {"A", "a", give_a},
    {"A", "sure", give_null},
    {"B", "id", give_id},
    {"B", "name", give_name},
    {"B", "i", give_both},
    {"B", "b", give_holes},
    {"B", "f", give_number},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gql_schema *schema;
    static struct gql_cache *cache;
    const struct gql_limits limits = {.tokens = 2000, .depth = 12, .cost = 20000, .page = 100};
    const char *problem;
    if (!schema) {
        schema = gql_schema_new(SLICE(sdl), bindings, sizeof bindings / sizeof *bindings, &problem);
        if (!schema) die("%s", problem);
        cache = gql_cache_new(schema, &limits, 4);
    }
    const char *nul = size ? memchr(data, 0, size) : NULL;
    size_t length = nul ? (size_t)(nul - (const char *)data) : size;
    struct slice variables = nul ? slice_of(nul + 1, size - length - 1) : slice_of("", 0);
    struct arena *arena = arena_new(1 << 20);
    struct buf out;
    struct json_reader r;
    buf_init(&out, 1 << 20);
    struct gql_document *doc = gql_cache_get(cache, slice_of((const char *)data, length), &out);
    if (doc) {
        struct gql_request request = {.doc = doc, .variables = variables, .arena = arena};
        gql_execute(&request, &out);
    }
    gql_document_release(doc);
    json_begin(&r, buf_view(&out));
    while (json_next(&r) != JSON_END)
        if (r.token == JSON_ERROR && strcmp(r.error, "nested too deeply") != 0) die("not JSON: %s", out.data);
        else if (r.token == JSON_ERROR) break;
    buf_free(&out);
    arena_free(arena);
    return 0;
}
