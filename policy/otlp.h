/* OTLP in proto JSON under policies: the document after them takes the place of the one before.
 *
 *   struct otlp *o = otlp_new();
 *   otlp_filter(o, document, evaluation, POLICY_LOG, now_ns);   changes the document in place
 *   otlp_free(o);
 *
 * Dropped records go, then scopes and resources with nothing in them. A metric is judged by its first data point. */
#ifndef POLICY_OTLP_H
#define POLICY_OTLP_H

#include "policy/evaluate.h"

#include <jansson.h>

struct otlp;

struct otlp *otlp_new(void);
void otlp_free(struct otlp *o);

struct otlp_counts {
    uint64_t records, dropped, matched; /* matched: by at least one policy */
};

/* `visit`, where given, is called for each record with its verdict, before it is dropped and after it was transformed. */
struct otlp_counts otlp_filter(struct otlp *o, json_t *document, struct evaluation *v, enum policy_signal signal, int64_t now_ns,
                               void (*visit)(void *context, const json_t *record, const struct verdict *d), void *context);

/* The record at hand, for other evaluations: ops over a struct otlp that stands at one record. Any of the three may be NULL. */
extern const struct record_ops otlp_ops;
void otlp_at(struct otlp *o, enum policy_signal signal, json_t *in_resource, json_t *in_scope, json_t *record);

#endif
