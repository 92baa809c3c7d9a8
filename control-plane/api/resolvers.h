/* The bindings of each file; a list ends with type NULL. */
#ifndef CONTROL_PLANE_API_RESOLVERS_H
#define CONTROL_PLANE_API_RESOLVERS_H

#include "control-plane/api/rows.h"

extern const struct gql_binding query_bindings[], account_bindings[], team_bindings[], service_bindings[], log_event_bindings[],
    measure_bindings[], volume_bindings[], mutation_bindings[], field_bindings[], field_fact_bindings[], audit_bindings[];

/* ---- measures: what rates, totals and windows hang on ---- */

/* The parent of StatusMeasurementTotals, StatusServiceTotals, StatusSeverityTotals and CountWindows. */
struct measures {
    const struct measured *measured;
    const int64_t *week_severity; /* NULL where unknown */
    int64_t hours;                /* that divide week_severity */
    double severity_rates[7];     /* where week_severity is NULL: an hour */
};
/* In the arena; answers LIMIT_EXCEEDED itself. */
void measures_answer(struct gql_call *call, struct measures measures);
void windows_answer(struct gql_call *call, const struct measured *m);

/* ---- volumes ---- */

/* The parent of TimeRange: hours since 1970. */
struct hour_range {
    int64_t start, end;
};

enum volume_of { VOLUME_EVENT, VOLUME_SERVICE, VOLUME_ACCOUNT };
void volume_answer(struct gql_call *call, enum volume_of of, int64_t row, int64_t first_seen_ns);

/* ---- health ---- */
void health_answer(struct gql_call *call, bool enabled, bool active);

#endif
