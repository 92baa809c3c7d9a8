/* One tap: its policies, what it counted, what it keeps. Not thread-safe. Private to the module. */
#ifndef CONTROL_PLANE_TAP_SESSION_H
#define CONTROL_PLANE_TAP_SESSION_H

#include "control-plane/tap/ring.h"
#include "control-plane/tap/rows.h"
#include "policy/evaluate.h"

enum { SESSION_LITERALS = 16 };

/* What may still happen in the second at hand. */
struct session_budget {
    int64_t second;
    unsigned examined, kept;
};

struct session {
    struct tap_options options;
    const struct words *words;
    struct evaluator *evaluator;
    struct evaluation *evaluation;
    struct vault scratch, kept;
    struct ring ring;
    struct session_budget budget;
    struct tap_counts counts;
    uint64_t sequence;
    struct slice literals[SESSION_LITERALS]; /* within the set */
    size_t literal_count;
};

/* Takes the options' set, whatever it gives. NULL: no memory. */
struct session *session_new(const struct tap_options *o, const struct words *words);
/* Wipes all. */
void session_free(struct session *s);
void session_see(struct session *s, const struct otlp_sight *sight, int64_t now_ns);

#endif
