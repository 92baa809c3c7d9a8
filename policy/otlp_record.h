/* Where the evaluator stands in an OTLP document. Private to the module. */
#ifndef POLICY_OTLP_RECORD_H
#define POLICY_OTLP_RECORD_H

#include "policy/otlp.h"

struct otlp {
    enum policy_signal signal;
    json_t *in_resource, *in_scope, *record; /* borrowed */
    struct arena *arena;                     /* decoded bytes, lower-cased ids; of one record */
};

#endif
