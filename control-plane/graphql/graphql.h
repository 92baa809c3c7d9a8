/* The GraphQL engine: knows the language (October 2021 specification), nothing of Tero, HTTP or SQL.
 *
 * At start:   schema = gql_schema_new(sdl, bindings, n, &problem)
 * A request:  doc = gql_cache_get(cache, text, operation_name, errors)  parse, validate and plan, once per text
 *             gql_execute(doc, ...)                            writes {"data":...,"errors":[...]} straight to bytes
 *
 * A resolver is called once for each selected field of an object and answers through the call, once:
 * a leaf (gql_string, gql_int, ...), gql_null, gql_object (the engine goes on with the selection set), gql_list,
 * or gql_fail. A field without a binding answers null; binding every non-null field is checked at start.
 * Nothing a resolver gives is copied beyond the answer's bytes: objects live in the request's arena. */
#ifndef CONTROL_PLANE_GRAPHQL_H
#define CONTROL_PLANE_GRAPHQL_H

#include "base/arena.h"
#include "base/buf.h"

#include <stdint.h>

struct gql_schema;
struct gql_document; /* parsed, validated, planned; immutable; shared by threads */
struct gql_cache;
struct gql_call; /* one field being resolved */

/* ---- schema ---- */

typedef void gql_resolver(struct gql_call *call);

struct gql_binding {
    const char *type, *field;
    gql_resolver *resolve;
};

/* NULL on a wrong SDL, a binding to an unknown field or a non-null field without a binding; *problem (static
 * storage of the thread) then says what, with the line. The SDL text must outlive the schema. An interface or union
 * that a bound field answers with needs a binding of its field "__typename": asked with the object as parent, it
 * answers the name of the object's type by gql_string. Lists of lists are for arguments, and for gql_json. */
struct gql_schema *gql_schema_new(struct slice sdl, const struct gql_binding *bindings, size_t count, const char **problem);
void gql_schema_free(struct gql_schema *schema);

/* ---- documents ---- */

struct gql_limits {
    size_t tokens;  /* of a document */
    unsigned depth; /* of selections; introspection is measured apart */
    uint64_t cost;  /* fields times page sizes (first, last; 50 without) with the real variables */
    unsigned page;  /* the greatest first: and last: */
};
extern const struct gql_limits gql_default_limits;

/* Keeps the last `entries` documents, by text. Thread-safe. */
struct gql_cache *gql_cache_new(const struct gql_schema *schema, const struct gql_limits *limits, size_t entries);
void gql_cache_free(struct gql_cache *cache);
/* The document, one reference for the caller (gql_document_release), or NULL: then a whole error answer
 * ({"errors":[...]}) was written to out. */
struct gql_document *gql_cache_get(struct gql_cache *cache, struct slice text, struct buf *out);
void gql_document_release(struct gql_document *doc);

enum gql_operation { GQL_UNKNOWN, GQL_QUERY, GQL_MUTATION };
/* name may be empty where the document holds one operation. */
enum gql_operation gql_document_operation(const struct gql_document *doc, struct slice name);

/* ---- execution ---- */

struct gql_request {
    const struct gql_document *doc;
    struct slice operation; /* name, or empty */
    struct slice variables; /* a JSON object, or empty */
    void *user;             /* for the resolvers: gql_user() */
    struct arena *arena;    /* reset by the caller after the answer was sent */
};

enum gql_outcome {
    GQL_DONE,    /* data, perhaps with errors of single fields */
    GQL_REFUSED, /* a request error: nothing was executed, no "data" in the answer */
};
/* Appends one JSON object to out. Where out is full the answer is replaced by an error RESPONSE_TOO_LARGE. */
enum gql_outcome gql_execute(const struct gql_request *request, struct buf *out);

/* Appends an answer that holds one error and no data; for errors outside the engine (HTTP, authentication). */
void gql_error_answer(struct buf *out, const char *code, struct slice message);

/* ---- for resolvers ---- */

void *gql_user(const struct gql_call *call);
void *gql_parent(const struct gql_call *call); /* what gql_object/gql_list gave; NULL at the root */
struct arena *gql_arena(const struct gql_call *call);

void gql_null(struct gql_call *call);
void gql_bool(struct gql_call *call, bool value);
void gql_int(struct gql_call *call, int64_t value); /* beyond Int's 32 bits: written as the number all the same */
void gql_float(struct gql_call *call, double value);
void gql_string(struct gql_call *call, struct slice value); /* also ID, enum values, custom scalars with text form */
void gql_time(struct gql_call *call, int64_t ns);
void gql_json(struct gql_call *call, struct slice value); /* already JSON, for scalars JSON and Map; trusted */
void gql_object(struct gql_call *call, void *object);     /* NULL: null */
/* n objects; at(list, i) gives each. */
void gql_list(struct gql_call *call, size_t n, void *(*at)(void *list, size_t i), void *list);
void gql_strings(struct gql_call *call, size_t n, const struct slice *values);
/* Codes are UPPER_SNAKE: NOT_FOUND, BAD_USER_INPUT, FORBIDDEN, CONFLICT, LIMIT_EXCEEDED, INTERNAL. */
void gql_fail(struct gql_call *call, const char *code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* True where the field's selection holds the path ("edges.node.service"), skip and include applied. */
bool gql_selects(const struct gql_call *call, const char *path);

/* Argument values after coercion, variables and defaults applied. */
enum gql_value_kind { GQL_V_NULL, GQL_V_BOOL, GQL_V_INT, GQL_V_FLOAT, GQL_V_STRING, GQL_V_ENUM, GQL_V_LIST, GQL_V_OBJECT, GQL_V_JSON };

struct gql_value {
    enum gql_value_kind kind;
    union {
        bool boolean;
        int64_t integer;
        double real;       /* an Int literal for a Float arrives here too */
        struct slice text; /* STRING (also ID and custom scalars), ENUM; JSON: its text */
        struct {
            size_t count;
            const struct gql_value *items; /* LIST */
        } list;
        struct {
            size_t count;
            const struct gql_entry *entries; /* OBJECT: only what was given or has a default */
        } object;
    };
};
struct gql_entry {
    struct slice name;
    struct gql_value value;
};

/* NULL where the argument is absent; GQL_V_NULL where it is an explicit null. */
const struct gql_value *gql_arg(const struct gql_call *call, const char *name);
const struct gql_value *gql_entry(const struct gql_value *object, const char *name);

#endif
