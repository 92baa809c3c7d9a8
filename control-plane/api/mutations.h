/* Resolvers of the fields of Mutation; the list that binds them is mutation_bindings. */
#ifndef CONTROL_PLANE_API_MUTATIONS_H
#define CONTROL_PLANE_API_MUTATIONS_H

#include "control-plane/api/resolvers.h"

gql_resolver mutate_create_team, mutate_update_team, mutate_delete_team, mutate_add_member, mutate_remove_member;

#endif
