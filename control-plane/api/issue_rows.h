/* Issues and findings as the resolvers see them. */
#ifndef CONTROL_PLANE_API_ISSUE_ROWS_H
#define CONTROL_PLANE_API_ISSUE_ROWS_H

#include "control-plane/api/entity.h"
#include "control-plane/checks/checks.h"

struct issue {
    int64_t row, number, finding, service, team; /* team 0: none */
    struct id128 id, finding_id, service_id;
    const struct check *check;                                                              /* NULL: of a check that is no more */
    int priority;                                                                           /* 1 low, 2 medium, 3 high */
    struct slice title, summary, cause, resolution, note, subject, status, stage, check_id; /* resolution, note: ptr NULL: none */
    bool actionable;
    int64_t created, updated, closed, ignored; /* closed, ignored 0: not */
    int64_t check_version, finding_created, finding_updated, finding_closed, observed;
    struct measured now, saved;
};

#define ISSUE_FROM "issues i JOIN findings f ON f.row = i.finding JOIN services s ON s.row = i.service"
void *issue_read(struct request_context *x, sqlite3_stmt *st, int column);
/* By the argument, a UUID or "ISS-12"; NULL: none, nothing was answered. */
struct issue *issue_argument(struct gql_call *call, const char *name);
struct issue *issue_by_id(struct request_context *x, struct id128 id);
struct issue *issue_by_row(struct request_context *x, int64_t row);

/* A policy that was made for an issue, as an action. */
struct issue_action {
    int64_t row, number;
    struct id128 id, issue;
    struct slice status, error; /* error.ptr NULL: none */
    int64_t created, updated;
};

extern const struct entity entity_issue, entity_issue_action, entity_check;
extern const struct gql_binding issue_bindings[], issue_action_bindings[], issue_trend_bindings[], issue_impact_bindings[],
    issue_part_bindings[], issue_facet_bindings[], issue_mutation_bindings[], check_bindings[];

#endif
