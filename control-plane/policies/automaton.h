/* A condition as an automaton. Inside the module only. */
#ifndef CONTROL_PLANE_POLICIES_AUTOMATON_H
#define CONTROL_PLANE_POLICIES_AUTOMATON_H

#include "policy/policy.h"

enum { NODES_MAX = 8192, RANGES_MAX = 2048 };

enum node_kind {
    NODE_CHAR,    /* `value` */
    NODE_ANY,     /* any character of a line */
    NODE_CLASS,   /* one of ranges[value ... value + count), or none of them */
    NODE_UNKNOWN, /* one character; which ones is not known */
    NODE_SPLIT,   /* next, or other */
    NODE_BEGIN,   /* at the text's beginning */
    NODE_END,
    NODE_ASSERT, /* holds or not: not known */
    NODE_MATCH,
};

struct automaton_node {
    enum node_kind kind;
    bool loop;    /* a character that is repeated without end */
    bool negated; /* CLASS */
    uint32_t value, count;
    int next, other;
};

struct range {
    uint32_t from, to;
};

struct automaton {
    struct automaton_node *nodes;
    int count, start;
    struct range *ranges;
    uint32_t range_count;
    bool fold; /* ASCII letters match their other case */
    bool failed;
};

/* automaton_free in both cases. False: not understood or too large. */
bool automaton_build(struct automaton *a, const struct policy_matcher *m);
void automaton_free(struct automaton *a);

#endif
