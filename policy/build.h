/* From the model to trees: as the messages have it, and as people write it. Private to the module. */
#ifndef POLICY_BUILD_H
#define POLICY_BUILD_H

#include "policy/node.h"
#include "policy/policy.h"

enum build_form { BUILD_MESSAGE, BUILD_AUTHORING };

struct building {
    struct arena *arena;
    enum build_form form;
    enum policy_signal signal;
    bool string_value, extensions, hide_times;
};

struct node *build_policy(struct building *b, const struct policy *p);
struct node *build_matcher(struct building *b, const struct policy_matcher *m);
struct node *build_step(struct building *b, const struct policy_step *s);

#endif
