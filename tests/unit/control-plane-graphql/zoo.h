/* A small schema with every kind of type, resolvers over plain numbers, and helpers that run a document. */
#ifndef TESTS_ZOO_H
#define TESTS_ZOO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "control-plane/graphql/graphql.h"

#include <stdio.h>

static const char zoo_sdl[] =
    "\"\"\"\n  A zoo.\n    For tests.\n\"\"\"\n"
    "schema { query: Query mutation: Mutation }\n"
    "directive @log(level: Int! = 1, tag: String) repeatable on FIELD | QUERY | FRAGMENT_SPREAD | INLINE_FRAGMENT | VARIABLE_DEFINITION\n"
    "interface Animal { id: ID! name(upper: Boolean = false): String friends(first: Int): [Animal!] }\n"
    "type Dog implements Animal { id: ID! name(upper: Boolean = false): String friends(first: Int): [Animal!] barks: Boolean size: Int\n"
    "  knows(command: Command!): Boolean }\n"
    "type Cat implements Animal { id: ID! name(upper: Boolean = false): String friends(first: Int): [Animal!] meows: Boolean size: Float "
    "}\n"
    "type Rock { weight: Float }\n"
    "union Any = Cat | Dog\n"
    "enum Command { SIT ROLL @deprecated(reason: \"tired\") }\n"
    "scalar Date @specifiedBy(url: \"https://example.org/date\")\n"
    "scalar JSON\n"
    "input Box { n: Int! = 3 name: String inner: Box list: [Box!] kind: Command = SIT must: Boolean = true }\n"
    "input Strict { need: Int! extra: Float }\n"
    "type Query {\n"
    "  dog: Dog\n"
    "  animal: Animal\n"
    "  animals: [Animal!]!\n"
    "  any(which: Int): Any\n"
    "  rock: Rock\n"
    "  \"Answers with its arguments.\"\n"
    "  echo(i: Int, f: Float, s: String, b: Boolean, id: ID, e: Command, l: [Int!], m: [[Int]], o: Box, x: Strict, j: JSON, d: Date,\n"
    "       fall: Int = 5, box: Box = {name: \"b\"}): JSON\n"
    "  required(n: Int!, with: Int! = 4): JSON\n"
    "  node: Node\n"
    "  sure: Node!\n"
    "  nodes(first: Int, last: Int): [Node!]!\n"
    "  holes: [Node]\n"
    "  tags: [String!]\n"
    "  commands: [Command!]\n"
    "  unbound: String @deprecated\n"
    "  big: [String!]\n"
    "  silent: String\n"
    "  selects(path: String!): Node\n"
    "}\n"
    "type Node { id: ID! index: Int! bad: String must: String! nothing: Int! child: Node self: Node! kids(first: Int): [Node!] holes: "
    "[Node]\n"
    "  at: Date ratio: Float ok: Boolean kind: Command wrong: Int text: String odd: Command sees: Boolean }\n"
    "type Mutation { add(n: Int!): Node }\n";

enum { DOG, CAT, NODES = 4 };
static int zoo_numbers[NODES] = {0, 1, 2, 3};

static inline int number_of(struct gql_call *call) { return *(int *)gql_parent(call); }
static inline void *number_at(void *list, size_t i) { return &((int *)list)[i]; }
static inline void *hole_at(void *list, size_t i) { return i == 1 ? NULL : &((int *)list)[i]; }

static inline void echo_value(struct buf *out, const struct gql_value *v)
{
    switch (v->kind) {
    case GQL_V_NULL: buf_str(out, "null"); break;
    case GQL_V_BOOL: buf_str(out, v->boolean ? "true" : "false"); break;
    case GQL_V_INT: buf_i64(out, v->integer); break;
    case GQL_V_FLOAT: buf_printf(out, "{\"float\":%g}", v->real); break;
    case GQL_V_STRING: json_write_string(out, v->text); break;
    case GQL_V_ENUM: buf_printf(out, "{\"enum\":\"%.*s\"}", (int)v->text.len, v->text.ptr); break;
    case GQL_V_JSON: buf_printf(out, "{\"json\":%.*s}", (int)v->text.len, v->text.ptr); break;
    case GQL_V_LIST:
        buf_char(out, '[');
        for (size_t i = 0; i < v->list.count; i++) {
            if (i) buf_char(out, ',');
            echo_value(out, &v->list.items[i]);
        }
        buf_char(out, ']');
        break;
    case GQL_V_OBJECT:
        buf_char(out, '{');
        for (size_t i = 0; i < v->object.count; i++) {
            const struct gql_entry *e = &v->object.entries[i];
            buf_printf(out, "%s\"%.*s\":", i ? "," : "", (int)e->name.len, e->name.ptr);
            echo_value(out, &e->value);
        }
        buf_char(out, '}');
        break;
    }
}

static inline void echo(struct gql_call *call)
{
    static const char *const names[] = {"i", "f", "s", "b", "id", "e", "l", "m", "o", "x", "j", "d", "fall", "box", "n", "with"};
    struct buf out;
    buf_init(&out, 1 << 16);
    buf_char(&out, '{');
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct gql_value *v = gql_arg(call, names[i]);
        if (!v) continue;
        buf_printf(&out, "%s\"%s\":", out.len > 1 ? "," : "", names[i]);
        echo_value(&out, v);
    }
    buf_char(&out, '}');
    gql_json(call, buf_view(&out));
    buf_free(&out);
}

static inline void give_dog(struct gql_call *call) { gql_object(call, &zoo_numbers[DOG]); }
static inline void give_cat(struct gql_call *call) { gql_object(call, &zoo_numbers[CAT]); }
static inline void give_any(struct gql_call *call)
{
    const struct gql_value *which = gql_arg(call, "which");
    gql_object(call, &zoo_numbers[which ? which->integer : 0]);
}
static inline void give_animals(struct gql_call *call) { gql_list(call, 2, number_at, zoo_numbers); }
static inline void animal_type(struct gql_call *call)
{
    static const char *const names[] = {"Dog", "Cat", "Rock", ""};
    gql_string(call, slice_str(names[number_of(call)]));
}
static inline void give_id(struct gql_call *call) { gql_int(call, number_of(call)); }
static inline void give_name(struct gql_call *call)
{
    bool upper = gql_arg(call, "upper")->boolean, cat = number_of(call) == CAT;
    gql_string(call, slice_str(cat ? (upper ? "TOM" : "Tom") : (upper ? "REX" : "Rex")));
}
static inline void give_true(struct gql_call *call) { gql_bool(call, true); }
static inline void give_index(struct gql_call *call) { gql_int(call, number_of(call)); }
static inline void give_ratio(struct gql_call *call) { gql_float(call, number_of(call) + 0.5); }
static inline void give_nodes(struct gql_call *call) { gql_list(call, NODES, number_at, zoo_numbers); }
static inline void give_holes(struct gql_call *call) { gql_list(call, NODES, hole_at, zoo_numbers); }
static inline void give_node(struct gql_call *call) { gql_object(call, &zoo_numbers[1]); }
static inline void give_self(struct gql_call *call) { gql_object(call, gql_parent(call)); }
static inline void give_bad(struct gql_call *call) { gql_fail(call, "NOT_FOUND", "no %s for %d", "\"luck\"", number_of(call)); }
static inline void give_must(struct gql_call *call)
{
    if (number_of(call) == 1) gql_fail(call, "FORBIDDEN", "not this one");
    else gql_string(call, SLICE("must"));
}
static inline void give_nothing(struct gql_call *call) { gql_null(call); }
static inline void give_time(struct gql_call *call) { gql_time(call, 1500000000); }
static inline void give_kind(struct gql_call *call) { gql_string(call, SLICE("ROLL")); }
static inline void give_odd(struct gql_call *call) { gql_string(call, SLICE("FLY")); }
static inline void give_wrong(struct gql_call *call) { gql_string(call, SLICE("not a number")); }
static inline void give_text(struct gql_call *call) { gql_string(call, SLICE("a \"q\"\n\xC3\xA9\xFF")); }
static inline void give_tags(struct gql_call *call) { gql_strings(call, 2, (struct slice[]){SLICE("a"), SLICE("b\"")}); }
static inline void give_commands(struct gql_call *call) { gql_strings(call, 1, (struct slice[]){SLICE("SIT")}); }
static inline void give_big(struct gql_call *call)
{
    struct slice same[512];
    for (size_t i = 0; i < 512; i++) same[i] = SLICE("0123456789012345678901234567890123456789");
    gql_strings(call, 512, same);
}
static inline void give_silence(struct gql_call *call) { (void)call; }
static bool zoo_selected;
static inline void give_selects(struct gql_call *call)
{
    char path[64];
    const struct gql_value *v = gql_arg(call, "path");
    snprintf(path, sizeof path, "%.*s", (int)v->text.len, v->text.ptr);
    zoo_selected = gql_selects(call, path);
    gql_object(call, &zoo_numbers[0]);
}
static inline void give_user(struct gql_call *call)
{
    *(int *)gql_user(call) += (int)gql_arg(call, "n")->integer;
    gql_object(call, &zoo_numbers[2]);
}

static const struct gql_binding zoo_bindings[] = {
    {"Query", "dog", give_dog},
    {"Query", "animal", give_cat},
    {"Query", "animals", give_animals},
    {"Query", "any", give_any},
    {"Query", "echo", echo},
    {"Query", "required", echo},
    {"Query", "node", give_node},
    {"Query", "sure", give_node},
    {"Query", "nodes", give_nodes},
    {"Query", "holes", give_holes},
    {"Query", "tags", give_tags},
    {"Query", "commands", give_commands},
    {"Query", "big", give_big},
    {"Query", "silent", give_silence},
    {"Query", "selects", give_selects},
    {"Animal", "__typename", animal_type},
    {"Any", "__typename", animal_type},
    {"Dog", "id", give_id},
    {"Dog", "name", give_name},
    {"Dog", "friends", give_animals},
    {"Dog", "barks", give_true},
    {"Dog", "size", give_index},
    {"Dog", "knows", give_true},
    {"Cat", "id", give_id},
    {"Cat", "name", give_name},
    {"Cat", "friends", give_animals},
    {"Cat", "meows", give_true},
    {"Cat", "size", give_ratio},
    {"Node", "id", give_id},
    {"Node", "index", give_index},
    {"Node", "bad", give_bad},
    {"Node", "must", give_must},
    {"Node", "nothing", give_nothing},
    {"Node", "child", give_self},
    {"Node", "self", give_self},
    {"Node", "kids", give_nodes},
    {"Node", "holes", give_holes},
    {"Node", "at", give_time},
    {"Node", "ratio", give_ratio},
    {"Node", "ok", give_true},
    {"Node", "kind", give_kind},
    {"Node", "wrong", give_wrong},
    {"Node", "text", give_text},
    {"Node", "odd", give_odd},
    {"Mutation", "add", give_user},
};

struct zoo {
    struct gql_schema *schema;
    struct gql_cache *cache;
    struct arena *arena;
    struct buf out;
    enum gql_outcome outcome;
    int user;
};

static inline void zoo_limits(struct zoo *zoo, const struct gql_limits *limits)
{
    gql_cache_free(zoo->cache);
    zoo->cache = gql_cache_new(zoo->schema, limits, 8);
}

static inline void zoo_open(struct zoo *zoo)
{
    const char *problem = NULL;
    *zoo = (struct zoo){0};
    zoo->schema = gql_schema_new(slice_of(zoo_sdl, sizeof zoo_sdl - 1), zoo_bindings, sizeof zoo_bindings / sizeof *zoo_bindings, &problem);
    if (!zoo->schema) fail_msg("%s", problem);
    zoo_limits(zoo, &gql_default_limits);
    zoo->arena = arena_new(1 << 20);
    buf_init(&zoo->out, 1 << 20);
}

static inline void zoo_close(struct zoo *zoo)
{
    gql_cache_free(zoo->cache);
    gql_schema_free(zoo->schema);
    arena_free(zoo->arena);
    buf_free(&zoo->out);
}

/* The whole answer; always checked to be JSON. */
static inline const char *zoo_run(struct zoo *zoo, struct slice text, const char *variables, const char *operation)
{
    struct json_reader r;
    buf_clear(&zoo->out);
    arena_reset(zoo->arena);
    struct gql_document *doc = gql_cache_get(zoo->cache, text, &zoo->out);
    zoo->outcome = GQL_REFUSED;
    if (doc) {
        struct gql_request request = {doc, slice_str(operation), slice_str(variables), &zoo->user, zoo->arena};
        zoo->outcome = gql_execute(&request, &zoo->out);
    }
    gql_document_release(doc);
    json_begin(&r, buf_view(&zoo->out));
    while (json_next(&r) != JSON_END)
        if (r.token == JSON_ERROR) fail_msg("not JSON (%s): %s", r.error, zoo->out.data);
    return zoo->out.data;
}

static inline const char *zoo_ask(struct zoo *zoo, const char *text) { return zoo_run(zoo, slice_str(text), "", ""); }

static inline void zoo_expect(struct zoo *zoo, const char *text, const char *variables, const char *answer)
{
    assert_string_equal(zoo_run(zoo, slice_str(text), variables, ""), answer);
}

/* The answer must hold this. */
static inline void zoo_expect_part(struct zoo *zoo, const char *text, const char *variables, const char *part)
{
    const char *answer = zoo_run(zoo, slice_str(text), variables, "");
    if (!strstr(answer, part)) fail_msg("%s\n  gave %s\n  without %s", text, answer, part);
}

#endif
