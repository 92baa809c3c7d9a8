/* The type system in memory, made once by gql_schema_new() and never changed after. */
#ifndef CONTROL_PLANE_GRAPHQL_SCHEMA_H
#define CONTROL_PLANE_GRAPHQL_SCHEMA_H

#include "control-plane/graphql/ast.h"
#include "control-plane/graphql/graphql.h"
#include "control-plane/graphql/names.h"
#include "control-plane/graphql/problems.h"

enum gql_kind { KIND_NONE, KIND_SCALAR, KIND_OBJECT, KIND_INTERFACE, KIND_UNION, KIND_ENUM, KIND_INPUT };
enum gql_scalar { SCALAR_NONE, SCALAR_INT, SCALAR_FLOAT, SCALAR_STRING, SCALAR_BOOLEAN, SCALAR_ID, SCALAR_JSON, SCALAR_CUSTOM };
enum gql_wrap { WRAP_NONE, WRAP_LIST, WRAP_NON_NULL };

/* A type as it is written at a place: a name, a list of something, something non-null. */
struct gql_ref {
    enum gql_wrap wrap;
    const struct gql_ref *of;
    struct gql_type *type; /* the named type inside */
};

struct gql_deprecation {
    bool deprecated;
    struct slice reason;
};

/* An argument or an input field. */
struct gql_input {
    struct slice name, description;
    const struct gql_ref *ref;
    struct ast_value *literal; /* of its default, or NULL */
    struct slice literal_text;
    const struct gql_value *fallback;
    bool resolving; /* while its default is made */
    struct gql_deprecation deprecation;
    uint32_t at;
};

struct gql_field {
    struct slice name, description;
    const struct gql_ref *ref;
    struct gql_input *args;
    size_t arg_count;
    struct gql_deprecation deprecation;
    gql_resolver *resolve;
    struct gql_type *owner;
    int first_arg, last_arg; /* index of the Int arguments first and last, or -1 */
    uint32_t at;
};

struct gql_enum_value {
    struct slice name, description;
    struct gql_deprecation deprecation;
};

struct gql_type {
    enum gql_kind kind;
    enum gql_scalar scalar;
    struct slice name, description, specified_by;
    struct gql_ref self; /* the type by its name */
    struct gql_ref non_null;
    struct gql_field *fields; /* OBJECT, INTERFACE */
    size_t field_count;
    struct gql_input *inputs; /* INPUT */
    size_t input_count;
    struct gql_enum_value *values; /* ENUM */
    size_t value_count;
    struct gql_type **interfaces; /* that it implements */
    size_t interface_count;
    struct gql_type **possible; /* INTERFACE, UNION: object types; OBJECT: itself */
    size_t possible_count;
    gql_resolver *type_name; /* INTERFACE, UNION: binding "__typename" */
    bool introspection;      /* __Schema and the like */
    uint32_t at;             /* first mention */
    struct gql_type *next;
    unsigned char colour; /* of a walk while linking */
};

enum gql_location {
    AT_QUERY = 1 << 0,
    AT_MUTATION = 1 << 1,
    AT_SUBSCRIPTION = 1 << 2,
    AT_FIELD = 1 << 3,
    AT_FRAGMENT_DEFINITION = 1 << 4,
    AT_FRAGMENT_SPREAD = 1 << 5,
    AT_INLINE_FRAGMENT = 1 << 6,
    AT_VARIABLE_DEFINITION = 1 << 7,
};
enum { LOCATIONS = 19 };
extern const char *const gql_location_names[LOCATIONS]; /* bit i is the i-th; the specification's order */

struct gql_directive {
    struct slice name, description;
    struct gql_input *args;
    size_t arg_count;
    unsigned locations;
    bool repeatable;
    struct gql_directive *next;
};

struct gql_schema {
    struct arena *arena;
    struct gql_names names; /* (schema, name): types; (type, name): fields, input fields, enum values; (directives, name) */
    struct gql_type *types; /* chained */
    struct gql_type **all;  /* the same by number */
    size_t type_count;
    struct gql_directive *directives;
    struct gql_directive **all_directives;
    size_t directive_count;
    struct slice description;
    bool roots_named;                         /* by a schema definition */
    struct gql_type *query, *mutation, *meta; /* meta holds __schema, __type and __typename; it is in no list */
};

struct gql_type *gql_schema_type(const struct gql_schema *s, struct slice name);
/* With the meta fields where they belong. */
struct gql_field *gql_type_field(const struct gql_schema *s, const struct gql_type *type, struct slice name);
struct gql_input *gql_type_input(const struct gql_schema *s, const struct gql_type *type, struct slice name);
struct gql_enum_value *gql_type_value(const struct gql_schema *s, const struct gql_type *type, struct slice name);
struct gql_directive *gql_schema_directive(const struct gql_schema *s, struct slice name);

static inline bool gql_is_composite(const struct gql_type *t)
{
    return t->kind == KIND_OBJECT || t->kind == KIND_INTERFACE || t->kind == KIND_UNION;
}
static inline bool gql_is_input(const struct gql_type *t)
{
    return t->kind == KIND_SCALAR || t->kind == KIND_ENUM || t->kind == KIND_INPUT;
}
static inline bool gql_is_leaf(const struct gql_type *t) { return t->kind == KIND_SCALAR || t->kind == KIND_ENUM; }
static inline bool gql_is_required(const struct gql_input *input) { return input->ref->wrap == WRAP_NON_NULL && !input->literal; }
/* True where an object of `concrete` may stand for `type`. */
bool gql_is_possible(const struct gql_type *type, const struct gql_type *concrete);
bool gql_overlap(const struct gql_type *a, const struct gql_type *b);
/* "[Int!]!" */
void gql_ref_text(struct buf *out, const struct gql_ref *ref);

/* ---- between the files that make a schema ---- */

/* Reads definitions into the schema. In the prelude, what the schema already defines is passed over. */
void gql_sdl_read(struct gql_schema *s, struct slice text, bool prelude, struct gql_problems *problems);
/* Checks that the definitions fit together; fills in what depends on others. */
void gql_sdl_link(struct gql_schema *s, struct gql_problems *problems);
/* Puts the resolvers in place; a binding that fits nowhere, or one that is missing, is a problem. */
void gql_schema_bind(struct gql_schema *s, const struct gql_binding *bindings, size_t count, struct gql_problems *problems);

extern const char gql_prelude[];
extern const struct gql_binding gql_introspection_bindings[];
extern const size_t gql_introspection_binding_count;

#endif
