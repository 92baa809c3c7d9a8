#include "control-plane/graphql/schema.h"

/* What every schema holds: the built-in scalars, directives and the introspection types. */
const char gql_prelude[] = "\"A whole number of 32 bits.\" scalar Int\n"
                           "\"A number in double precision.\" scalar Float\n"
                           "\"Text.\" scalar String\n"
                           "\"True or false.\" scalar Boolean\n"
                           "\"An opaque identifier, written as a string.\" scalar ID\n"
                           "\"Leaves the field or fragment out when true.\"\n"
                           "directive @skip(\"Leave it out?\" if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT\n"
                           "\"Keeps the field or fragment only when true.\"\n"
                           "directive @include(\"Keep it?\" if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT\n"
                           "\"Marks what should not be used any more.\"\n"
                           "directive @deprecated(\"Why, and what to use.\" reason: String = \"No longer supported\")\n"
                           "  on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE\n"
                           "\"Names the document that describes a scalar.\"\n"
                           "directive @specifiedBy(\"Its address.\" url: String!) on SCALAR\n"
                           "\"What this server offers.\"\n"
                           "type __Schema {\n"
                           "  description: String\n"
                           "  types: [__Type!]!\n"
                           "  queryType: __Type!\n"
                           "  mutationType: __Type\n"
                           "  subscriptionType: __Type\n"
                           "  directives: [__Directive!]!\n"
                           "}\n"
                           "\"A type; lists and non-null types hold another one in ofType.\"\n"
                           "type __Type {\n"
                           "  kind: __TypeKind!\n"
                           "  name: String\n"
                           "  description: String\n"
                           "  specifiedByURL: String\n"
                           "  fields(includeDeprecated: Boolean = false): [__Field!]\n"
                           "  interfaces: [__Type!]\n"
                           "  possibleTypes: [__Type!]\n"
                           "  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]\n"
                           "  inputFields(includeDeprecated: Boolean = false): [__InputValue!]\n"
                           "  ofType: __Type\n"
                           "}\n"
                           "\"The kinds of types.\"\n"
                           "enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }\n"
                           "\"A field of an object or interface.\"\n"
                           "type __Field {\n"
                           "  name: String!\n"
                           "  description: String\n"
                           "  args(includeDeprecated: Boolean = false): [__InputValue!]!\n"
                           "  type: __Type!\n"
                           "  isDeprecated: Boolean!\n"
                           "  deprecationReason: String\n"
                           "}\n"
                           "\"An argument or a field of an input object.\"\n"
                           "type __InputValue {\n"
                           "  name: String!\n"
                           "  description: String\n"
                           "  type: __Type!\n"
                           "  \"As it would be written in a document.\" defaultValue: String\n"
                           "  isDeprecated: Boolean!\n"
                           "  deprecationReason: String\n"
                           "}\n"
                           "\"A word of an enum.\"\n"
                           "type __EnumValue {\n"
                           "  name: String!\n"
                           "  description: String\n"
                           "  isDeprecated: Boolean!\n"
                           "  deprecationReason: String\n"
                           "}\n"
                           "\"A directive and where it may stand.\"\n"
                           "type __Directive {\n"
                           "  name: String!\n"
                           "  description: String\n"
                           "  isRepeatable: Boolean!\n"
                           "  locations: [__DirectiveLocation!]!\n"
                           "  args(includeDeprecated: Boolean = false): [__InputValue!]!\n"
                           "}\n"
                           "\"The places of directives.\"\n"
                           "enum __DirectiveLocation {\n"
                           "  QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION\n"
                           "  SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT\n"
                           "  INPUT_FIELD_DEFINITION\n"
                           "}\n"
                           "type __Meta { __schema: __Schema! __type(name: String!): __Type __typename: String! }\n";

const char *const gql_location_names[LOCATIONS] = {
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
};
