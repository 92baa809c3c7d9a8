/* Rows of the store as the resolvers see them. They live in the request's arena, texts too. */
#ifndef CONTROL_PLANE_API_ROWS_H
#define CONTROL_PLANE_API_ROWS_H

#include "control-plane/api/api.h"

struct organization {
    int64_t row;
    struct id128 id;
    struct slice name;
    int64_t created, updated;
};

struct counted {
    int64_t events, bytes;
};
struct measured {
    struct counted total, day, week, month;
    int64_t rate_events, rate_bytes, cost; /* millionths an hour, thousandths an hour, micro-dollars a year */
};

struct account {
    int64_t row, organization;
    struct id128 id, organization_id;
    struct slice name, display_key; /* display_key.ptr NULL: none */
    int64_t created, updated;
    int64_t price_gb, price_million; /* micro-dollars */
    struct measured measured;
    bool seen;
    int64_t first_seen, last_seen;
};

struct team {
    int64_t row, organization;
    struct id128 id, organization_id;
    struct slice name, description; /* description.ptr NULL: none */
    int64_t created, updated;
};

struct service {
    int64_t row;
    struct id128 id;
    struct slice name;
    bool complete; /* else only the three above; service_complete() */
    int64_t account, team;
    bool enabled;
    int64_t created, updated, log_events;
    struct measured measured;
    int64_t week_severity[7];
    int64_t first_seen, last_seen, hours;
};

struct log_event {
    int64_t row, account, service_row;
    struct id128 id, service_id;
    int severity; /* 0 other ... 4 error */
    bool fragment, withheld;
    struct measured measured;
    int64_t first_seen, last_seen, created, updated;
    struct slice name, service_name, template;
    struct service *service; /* NULL until asked for */
};

/* Column lists, and readers of a row that holds them from `column` on. NULL: the arena is full. */
#define ORGANIZATION_COLUMNS "o.row, o.id, o.created_at, o.updated_at, o.name"
#define ACCOUNT_COLUMNS                                                                                                                    \
    "a.row, a.id, a.organization, o.id, a.name, a.display_key, a.created_at, a.updated_at, a.price_gb, a.price_million, a.events,"         \
    " a.bytes, a.day_events, a.day_bytes, a.week_events, a.week_bytes, a.month_events, a.month_bytes, a.rate_events, a.rate_bytes,"        \
    " a.cost, a.first_seen, a.last_seen"
#define TEAM_COLUMNS "t.row, t.id, t.organization, o.id, t.name, t.description, t.created_at, t.updated_at"
#define SERVICE_COLUMNS                                                                                                                    \
    "s.row, s.id, s.account, s.team, s.enabled, s.created_at, s.updated_at, s.log_events, s.events, s.bytes, s.day_events,"                \
    " s.day_bytes, s.week_events, s.week_bytes, s.month_events, s.month_bytes, s.rate_events, s.rate_bytes, s.cost, s.first_seen,"         \
    " s.last_seen, s.hours, s.w0, s.w1, s.w2, s.w3, s.w4, s.w5, s.w6, s.name"
#define LOG_EVENT_COLUMNS                                                                                                                  \
    "e.row, e.account, e.service, e.severity, e.fragment, e.withheld, e.events, e.bytes, e.day_events, e.day_bytes, e.week_events,"        \
    " e.week_bytes, e.month_events, e.month_bytes, e.rate_events, e.rate_bytes, e.cost, e.first_seen, e.last_seen, e.created_at,"          \
    " e.updated_at, e.id, e.service_id, e.name, e.service_name, e.template"
enum { ORGANIZATION_COUNT = 5, ACCOUNT_COUNT = 23, TEAM_COUNT = 8, SERVICE_COUNT = 30, LOG_EVENT_COUNT = 26 };
void *organization_read(struct request_context *x, sqlite3_stmt *st, int column);
void *account_read(struct request_context *x, sqlite3_stmt *st, int column);
void *team_read(struct request_context *x, sqlite3_stmt *st, int column);
void *service_read(struct request_context *x, sqlite3_stmt *st, int column);
void *log_event_read(struct request_context *x, sqlite3_stmt *st, int column);

/* One row, or NULL: none, or not of this account. */
struct organization *organization_by_row(struct request_context *x, int64_t row);
struct organization *organization_by_id(struct request_context *x, struct id128 id);
struct account *account_by_row(struct request_context *x, int64_t row);
struct account *account_by_id(struct request_context *x, struct id128 id);
struct team *team_by_row(struct request_context *x, int64_t row);
struct team *team_by_id(struct request_context *x, struct id128 id);
struct service *service_by_row(struct request_context *x, int64_t row);
struct service *service_by_id(struct request_context *x, struct id128 id);
/* Follows merges. */
struct log_event *log_event_by_id(struct request_context *x, struct id128 id);
/* Fills the rest of a service; false where it is gone. */
bool service_complete(struct request_context *x, struct service *s);
/* The request's account, read once. */
struct account *request_account(struct request_context *x);

/* ---- services of this request, each read once ---- */
struct service *service_cached(const struct request_context *x, int64_t row);
void service_cache(struct request_context *x, struct service *s);

#endif
